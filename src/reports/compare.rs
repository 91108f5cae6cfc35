//! What changed from one month's lists to the next, as a report.

use serde_json::Map;
use serde_json::json;

use crate::check::compare::Change;
use crate::check::compare::Compared;
use crate::check::compare::Kind;
use crate::check::finding::Spot;
use crate::model::iban::Iban;
use crate::model::language::Language;
use crate::model::payment::Payment;
use crate::model::text::leaving;
use crate::reports::document::Document;
use crate::reports::options::Options;
use crate::reports::rows::tally;
use crate::reports::sheet::Cell;
use crate::reports::sheet::Column;
use crate::reports::sheet::Sheet;
use crate::reports::wording::Words;

/// Name and version of the JSON.
const SCHEMA: &str = "gutschrift.compare/1";

const COLUMNS: [Column; 13] = [
    ("kind", "", ""),
    ("change", "Was", "what"),
    ("case_id", "Az.", "case"),
    ("name", "Name", "name"),
    ("benefit", "", ""),
    ("old_amount", "vorher €", "before €"),
    ("new_amount", "jetzt €", "now €"),
    ("old_iban", "Konto vorher", "account before"),
    ("new_iban", "Konto jetzt", "account now"),
    ("old_row", "", ""),
    ("new_row", "Zeile", "row"),
    ("returned", "zurück laut", "returned in"),
    ("action", "Was tun", "action"),
];

/// Where rows of the earlier and of the later month stand.
pub type Places<'a> = [&'a dyn Fn(&Payment) -> Option<Spot>; 2];

/// The report.
pub fn document(compared: &Compared<'_>, [before, now]: Places<'_>, options: &Options) -> Document {
    let words = Words(options.language);
    let rows = compared.changes.iter().map(|change| line(change, [before, now], options));
    let counts: Vec<(Kind, usize)> = Kind::ALL
        .into_iter()
        .map(|kind| (kind, compared.changes.iter().filter(|own| own.kind == kind).count()))
        .collect();
    let sheet = Sheet {
        schema: SCHEMA,
        name: "compare".to_owned(),
        lead: Vec::new(),
        title: words.pick("Änderungen", "Changes").to_owned(),
        columns: COLUMNS.to_vec(),
        rows: rows.collect(),
        struck_from: None,
        sums: sums(compared, &counts, words),
        facts: Map::from_iter([
            ("old".to_owned(), json!(tally(compared.old))),
            ("new".to_owned(), json!(tally(compared.new))),
            ("same".to_owned(), json!(compared.same)),
            ("unreadable".to_owned(), json!(compared.unreadable)),
            (
                "counts".to_owned(),
                counts.iter().map(|(kind, count)| (kind.name().to_owned(), json!(count))).collect(),
            ),
        ]),
    };
    sheet.document(options)
}

const fn label(kind: Kind, words: Words) -> &'static str {
    match kind {
        Kind::AccountReturned => words.pick(
            "noch das Konto, von dem das Geld zurückkam",
            "still the account that the money came back from",
        ),
        Kind::AccountTypo => words.pick("Konto, wie vertippt", "account, as by a typing error"),
        Kind::AmountTenTimes => {
            words.pick("Betrag mal oder durch 10 oder 100", "amount times or divided by 10 or 100")
        }
        Kind::AccountChanged => words.pick("neues Konto", "new account"),
        Kind::AmountChanged => words.pick("Betrag", "amount"),
        Kind::OneOffRepeated => words.pick("einmalige Leistung wiederholt", "one-off repeated"),
        Kind::New => words.pick("neu", "new"),
        Kind::Ended => words.pick("beendet", "ended"),
    }
}

const fn action(kind: Kind, words: Words) -> &'static str {
    match kind {
        Kind::AccountReturned => words.pick(
            "Vor der Ausführung die Bankverbindung klären.",
            "Settle the bank details before execution.",
        ),
        Kind::AccountTypo => words.pick(
            "Mit der Akte vergleichen, Ziffer für Ziffer.",
            "Compare with the case, digit by digit.",
        ),
        Kind::AmountTenTimes => words.pick(
            "Prüfen, ob das Komma an der richtigen Stelle steht.",
            "Check whether the decimal mark is in the right place.",
        ),
        Kind::AccountChanged => words.pick(
            "Zu zweit prüfen, woher die Änderung kommt.",
            "Have two people check where the change comes from.",
        ),
        Kind::OneOffRepeated => words.pick(
            "Prüfen, ob noch einmal gezahlt werden soll.",
            "Check whether it is to be paid once more.",
        ),
        Kind::AmountChanged | Kind::New | Kind::Ended => "",
    }
}

fn line(change: &Change<'_>, [before, now]: Places<'_>, options: &Options) -> Vec<Cell> {
    let words = Words(options.language);
    let text = |text: &str| leaving(text, options.full_iban);
    let iban = |row: Option<&Payment>| {
        let shown = |iban: &Iban| {
            text(&if options.full_iban { iban.reveal().to_owned() } else { iban.masked() })
        };
        Cell::some(row.and_then(|row| row.iban.as_ref()).map(shown))
    };
    let place = |spot: Option<Spot>| {
        let shown = |spot: Spot| match spot.line {
            0 => text(&spot.file),
            line => format!("{}:{line}", text(&spot.file)),
        };
        Cell::some(spot.map(shown))
    };
    let row = change.new.or(change.old);
    let name = row.and_then(|row| row.beneficiary.as_deref().or(row.account_holder()));
    let benefit = row.map(|row| row.benefit.name()).unwrap_or_default();
    vec![
        Cell::Text(change.kind.name().to_owned()),
        Cell::Text(label(change.kind, words).to_owned()),
        Cell::some(row.and_then(|row| row.case_id.as_deref()).map(text)),
        Cell::some(name.map(text)),
        Cell::Text(text(benefit)),
        Cell::Money(change.old.and_then(|row| row.amount)),
        Cell::Money(change.new.and_then(|row| row.amount)),
        iban(change.old),
        iban(change.new),
        place(change.old.and_then(before)),
        place(change.new.and_then(now)),
        place(change.returned.clone()),
        Cell::Text(action(change.kind, words).to_owned()),
    ]
}

fn sums(compared: &Compared<'_>, counts: &[(Kind, usize)], words: Words) -> Vec<String> {
    let Compared { old, new, same, unreadable, .. } = compared;
    let (before, now) = (words.amount(old.amount), words.amount(new.amount));
    let difference = words.amount(new.amount.minus(old.amount));
    let mut lines = vec![match words.0 {
        Language::De => format!(
            "Vorher {} / {before} €, jetzt {} / {now} €, Unterschied {difference} €; {same} unverändert",
            old.count, new.count
        ),
        Language::En => format!(
            "Before {} / {before} €, now {} / {now} €, difference {difference} €; {same} unchanged",
            old.count, new.count
        ),
    }];
    if *unreadable > 0 {
        lines.push(match words.0 {
            Language::De => {
                format!("{unreadable} Zeilen sind nicht lesbar und mit nichts verglichen")
            }
            Language::En => {
                format!("{unreadable} rows cannot be read and are compared with nothing")
            }
        });
    }
    let found: Vec<String> = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| format!("{count} × {}", label(*kind, words)))
        .collect();
    lines.push(if found.is_empty() {
        words.pick("Keine Änderungen.", "No changes.").to_owned()
    } else {
        found.join(", ")
    });
    lines
}
