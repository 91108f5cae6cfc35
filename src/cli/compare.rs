//! `gutschrift compare`: what changed from one month's lists to the next.

use std::collections::BTreeMap;
use std::io::Write;

use crate::cli::arguments::CompareArgs;
use crate::cli::config;
use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::gather;
use crate::cli::sources::Wanted;
use crate::cli::sources::unchanged;
use crate::matching::orders;
use crate::model::inputs::Inputs;
use crate::model::language::Language;
use crate::model::payment::Payment;
use crate::model::text::fold_name;
use crate::model::text::leaving;
use crate::model::text::reference_key;
use crate::reports::wording::Words;

/// Runs the command; gives the exit code: 0 nothing changed, 1 something did.
///
/// # Errors
///
/// Files that cannot be used.
pub fn run(args: &CompareArgs) -> Result<u8, Failure> {
    let config = config::load_for(args.config.as_deref(), [&args.old, &args.new], args.lang)?;
    let language = console::language(args.lang, config.language.as_deref());
    let read = |path: &std::path::PathBuf| {
        let wanted = Wanted {
            paths: vec![path.clone()],
            column_maps: config.column_maps.clone(),
            language,
            threads: console::threads(None),
            without_digests: true,
            ..Wanted::default()
        };
        let inputs = gather::inputs(&wanted)?;
        let read_again: Vec<_> = inputs.read_again().collect();
        let rows = rows(inputs);
        unchanged(&read_again, language).map(|()| rows)
    };
    let (old, new) = (read(&args.old)?, read(&args.new)?);
    let full = args.full_iban || config.full_iban;
    let changes = changes(&old, &new);
    console::print(|out| write(&changes, full, Words(language), out))?;
    Ok(u8::from(!changes.is_empty()))
}

fn rows(mut inputs: Inputs) -> Vec<Payment> {
    inputs.unfold();
    if inputs.payments.is_empty() { orders::payments(&inputs.orders) } else { inputs.payments }
}

/// What changed for one payee of one case.
enum Change<'a> {
    New(&'a Payment),
    Ended(&'a Payment),
    Amount(&'a Payment, &'a Payment),
    Account(&'a Payment, &'a Payment),
    /// A remark or benefit that speaks of a single payment, in both months.
    RepeatedOneOff(&'a Payment),
}

/// Case and benefit, or the holder's name where there is no case number; several rows of one key
/// are told apart by their holders.
fn key(row: &Payment) -> (String, String, String) {
    let case = row.case_id.as_deref().map(reference_key).unwrap_or_default();
    let holder = row.account_holder().map(fold_name).unwrap_or_default();
    (case, row.benefit.name().to_owned(), holder)
}

fn changes<'a>(old: &'a [Payment], new: &'a [Payment]) -> Vec<Change<'a>> {
    let index = |rows: &'a [Payment]| {
        let mut map: BTreeMap<_, Vec<&'a Payment>> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.unreadable.is_none()) {
            map.entry(key(row)).or_default().push(row);
        }
        for rows in map.values_mut() {
            rows.sort_by_key(|row| (row.amount, row.place));
        }
        map
    };
    let (before, after) = (index(old), index(new));
    let mut found = Vec::new();
    for (key, rows) in &after {
        let empty = Vec::new();
        let olds = before.get(key).unwrap_or(&empty);
        for (number, row) in rows.iter().enumerate() {
            let Some(old) = olds.get(number) else {
                found.push(Change::New(row));
                continue;
            };
            if old.amount != row.amount {
                found.push(Change::Amount(old, row));
            }
            if old.iban != row.iban {
                found.push(Change::Account(old, row));
            }
            if is_one_off(old) && is_one_off(row) {
                found.push(Change::RepeatedOneOff(row));
            }
        }
    }
    for (key, rows) in &before {
        let kept = after.get(key).map_or(0, Vec::len);
        found.extend(rows.iter().skip(kept).map(|row| Change::Ended(row)));
    }
    found
}

fn is_one_off(row: &Payment) -> bool {
    [row.remittance.as_deref(), row.note.as_deref(), Some(row.benefit.name())]
        .into_iter()
        .flatten()
        .map(str::to_lowercase)
        .any(|text| {
            ["einmalig", "nachzahlung", "erstausstattung", "one-off", "vorschuss"]
                .iter()
                .any(|word| text.contains(word))
        })
}

fn write(
    changes: &[Change<'_>],
    full: bool,
    words: Words,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    if changes.is_empty() {
        return writeln!(out, "{}", words.pick("Keine Änderungen.", "No changes."));
    }
    let who = |row: &Payment| {
        let case = row.case_id.as_deref().unwrap_or("-");
        let name = row.beneficiary.as_deref().or(row.account_holder()).unwrap_or("");
        leaving(&format!("{case} {name}"), full)
    };
    let amount = |row: &Payment| words.amount(row.amount_or_zero());
    let iban = |row: &Payment| {
        let iban = row.iban.as_ref();
        iban.map_or_else(
            || "-".to_owned(),
            |iban| leaving(&if full { iban.reveal().to_owned() } else { iban.masked() }, full),
        )
    };
    for change in changes {
        match change {
            Change::New(row) => {
                writeln!(out, "{}: {} {} €", words.pick("neu", "new"), who(row), amount(row))?;
            }
            Change::Ended(row) => {
                writeln!(
                    out,
                    "{}: {} {} €",
                    words.pick("beendet", "ended"),
                    who(row),
                    amount(row)
                )?;
            }
            Change::Amount(old, new) => writeln!(
                out,
                "{}: {} {} € → {} €",
                words.pick("Betrag", "amount"),
                who(new),
                amount(old),
                amount(new)
            )?,
            Change::Account(old, new) => writeln!(
                out,
                "{}: {} {} → {}",
                words.pick("Konto", "account"),
                who(new),
                iban(old),
                iban(new)
            )?,
            Change::RepeatedOneOff(row) => writeln!(
                out,
                "{}: {} {} €",
                words.pick("einmalige Leistung wiederholt", "one-off repeated"),
                who(row),
                amount(row)
            )?,
        }
    }
    let count = |wanted: fn(&Change<'_>) -> bool| changes.iter().filter(|c| wanted(c)).count();
    let (new, ended) =
        (count(|c| matches!(c, Change::New(_))), count(|c| matches!(c, Change::Ended(_))));
    match words.0 {
        Language::De => writeln!(out, "{} Änderungen: {new} neu, {ended} beendet", changes.len()),
        Language::En => writeln!(out, "{} changes: {new} new, {ended} ended", changes.len()),
    }
}
