//! The check sheet of a sample: what a second person looks at, and where it is written down.

use serde_json::Map;
use serde_json::json;

use crate::check::sample::Kind;
use crate::model::amount::Amount;
use crate::model::language::Language;
use crate::reports::document::Document;
use crate::reports::options::Options;
use crate::reports::rows::tally;
use crate::reports::sheet::Cell;
use crate::reports::sheet::Column;
use crate::reports::sheet::Sheet;
use crate::reports::wording::Words;
use crate::verdict::outcome::Tally;

/// Name and version of the JSON.
const SCHEMA: &str = "gutschrift.sample/1";

const COLUMNS: [Column; 12] = [
    ("number", "Nr.", "no."),
    ("kind", "", ""),
    ("why", "Art", "kind"),
    ("case_id", "Az.", "case"),
    ("name", "Name", "name"),
    ("benefit", "Leistung", "benefit"),
    ("amount", "Betrag €", "amount €"),
    ("iban", "Konto", "account"),
    ("row", "Liste", "list"),
    ("state", "Stand", "state"),
    ("checked_by", "geprüft von, am", "checked by, on"),
    ("finding", "Befund", "finding"),
];

/// A payment that was drawn; texts are harmless and masked already.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// Its kind.
    pub kind: Kind,
    /// Case number.
    pub case_id: String,
    /// The person.
    pub name: String,
    /// What it is for.
    pub benefit: String,
    /// How much.
    pub amount: Option<Amount>,
    /// To which account.
    pub iban: String,
    /// Where the row stands.
    pub row: String,
    /// What became of it, where that is known.
    pub state: String,
}

/// What was drawn from what.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The seed, as it was given.
    pub seed: String,
    /// The share, as it was given.
    pub share: String,
    /// How many there were of each kind, and how many were drawn.
    pub kinds: Vec<(Kind, usize, usize)>,
    /// All payments.
    pub all: Tally,
    /// Those drawn.
    pub drawn: Vec<Drawn>,
}

/// The report.
pub fn document(sample: &Sample, options: &Options) -> Document {
    let words = Words(options.language);
    let mut sum = Tally::default();
    for own in &sample.drawn {
        sum.add(own.amount.unwrap_or(Amount::ZERO));
    }
    let line = |(number, own): (usize, &Drawn)| {
        vec![
            Cell::Text(number.saturating_add(1).to_string()),
            Cell::Text(own.kind.name().to_owned()),
            Cell::Text(label(own.kind, words).to_owned()),
            Cell::Text(own.case_id.clone()),
            Cell::Text(own.name.clone()),
            Cell::Text(own.benefit.clone()),
            Cell::Money(own.amount),
            Cell::Text(own.iban.clone()),
            Cell::Text(own.row.clone()),
            Cell::Text(own.state.clone()),
            Cell::Text(String::new()),
            Cell::Text(String::new()),
        ]
    };
    let kinds: Map<_, _> = sample
        .kinds
        .iter()
        .map(|(kind, all, drawn)| {
            (kind.name().to_owned(), json!({"payments": all, "drawn": drawn}))
        })
        .collect();
    let sheet = Sheet {
        schema: SCHEMA,
        name: "sample".to_owned(),
        lead: lead(sample, sum, words),
        title: words.pick("Prüfbogen", "Check sheet").to_owned(),
        columns: COLUMNS.to_vec(),
        rows: sample.drawn.iter().enumerate().map(line).collect(),
        struck_from: None,
        sums: vec![signatures(words)],
        facts: Map::from_iter([
            ("seed".to_owned(), json!(sample.seed)),
            ("share".to_owned(), json!(sample.share)),
            ("payments".to_owned(), json!(tally(sample.all))),
            ("drawn".to_owned(), json!(tally(sum))),
            ("kinds".to_owned(), json!(kinds)),
        ]),
    };
    sheet.document(options)
}

const fn label(kind: Kind, words: Words) -> &'static str {
    match kind {
        Kind::AboveLimit => words.pick("über der Grenze", "above the limit"),
        Kind::Ended => words.pick("beendet", "ended"),
        Kind::New => words.pick("neu", "new"),
        Kind::Changed => words.pick("geändert", "changed"),
        Kind::OneOff => words.pick("einmalig", "one-off"),
        Kind::Usual => words.pick("laufend", "usual"),
    }
}

fn lead(sample: &Sample, drawn: Tally, words: Words) -> Vec<String> {
    let Sample { seed, share, all, .. } = sample;
    let sums = [words.amount(drawn.amount), words.amount(all.amount)];
    let first = match words.0 {
        Language::De => format!(
            "Stichprobe zur Prüfung im Vier-Augen-Prinzip: {} von {} Zahlungen, {} von {} €",
            drawn.count, all.count, sums[0], sums[1]
        ),
        Language::En => format!(
            "Sample for the check by a second person: {} of {} payments, {} of {} €",
            drawn.count, all.count, sums[0], sums[1]
        ),
    };
    let how = match words.0 {
        Language::De => format!(
            "Anteil {share} von jeder Art, mindestens eine; Startwert „{seed}“: dieselben Dateien ergeben dieselbe Stichprobe"
        ),
        Language::En => format!(
            "Share {share} of every kind, one at least; seed “{seed}”: the same files give the same sample"
        ),
    };
    let of = words.pick("von", "of");
    let kinds = sample.kinds.iter().filter(|(_, all, _)| *all > 0);
    let kinds =
        kinds.map(|(kind, all, drawn)| format!("{} {drawn} {of} {all}", label(*kind, words)));
    vec![first, how, kinds.collect::<Vec<_>>().join(", ")]
}

fn signatures(words: Words) -> String {
    words
        .pick(
            "Geprüft wird mit der Akte: Anspruch, Betrag, Empfänger, Konto. Datum, Unterschrift: ____________________",
            "Checked with the case: entitlement, amount, payee, account. Date, signature: ____________________",
        )
        .to_owned()
}
