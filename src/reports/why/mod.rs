//! Why a booking is, or is not, a payment: both sides field by field, and the sentence that decides.

mod words;

use serde_json::Value as Json;
use serde_json::json;

use crate::matching::findings::Failure;
use crate::matching::pair::kinds::Bar;
use crate::matching::pair::kinds::Bond;
use crate::matching::pair::kinds::Field;
use crate::matching::pair::kinds::Pair;
use crate::matching::pair::kinds::Standing;
use crate::matching::pair::kinds::Topic;
use crate::matching::pair::kinds::Value;
use crate::model::language::Language;
use crate::model::place::Place;
use crate::reports::document::Document;
use crate::reports::labels::label;
use crate::reports::rows::Rows;
use crate::reports::section::columns;
use crate::reports::section::shared_folder;
use crate::reports::sections::Section;
use crate::reports::wording::Words;
use crate::verdict::outcome::BankEntry;
use crate::verdict::outcome::JudgedPayment;

/// Name and version of the schema of the JSON.
pub const SCHEMA: &str = "gutschrift.why/1";

/// A pair, with what became of either side.
#[derive(Clone, Copy, Debug)]
pub struct Why<'a> {
    /// What was compared.
    pub pair: &'a Pair,
    /// The payment, with its verdict.
    pub judged: &'a JudgedPayment,
    /// The booking.
    pub entry: &'a BankEntry,
}

/// The sentence for what parts a payment and a booking, by its name in the JSON.
pub fn parted_by(name: &str, language: Language) -> Option<&'static str> {
    let (german, english) =
        Bar::ALL.iter().find(|bar| bar.name() == name).map(|bar| words::bar(*bar))?;
    Some(language.pick(german, english))
}

/// The report.
pub fn document(why: Why<'_>, rows: &Rows<'_>) -> Document {
    let folder = shared_folder(rows);
    let teller = Teller { rows, folder: &folder, words: Words(rows.options.language) };
    let verdict = teller.verdict(why);
    let record = |field: &Field| {
        let [list, bank, remark] = teller.sides(field, false);
        vec![field.topic.name().to_owned(), field.standing.name().to_owned(), list, bank, remark]
    };
    Document {
        lead: vec![teller.payment(why), teller.booking(why)],
        sections: vec![teller.section(why.pair)],
        columns: vec!["field", "standing", "list", "bank", "remark"],
        records: why.pair.fields.iter().map(record).collect(),
        json: teller.json(why, &verdict.join(" ")),
        sums: verdict,
    }
}

#[derive(Clone, Copy)]
struct Teller<'a> {
    rows: &'a Rows<'a>,
    /// The folder that all files lie in: people need not read it with every place.
    folder: &'a str,
    words: Words,
}

impl Teller<'_> {
    fn pick(self, (german, english): (&'static str, &'static str)) -> &'static str {
        self.words.pick(german, english)
    }

    fn place(self, place: Place) -> String {
        let path = self.rows.path(place);
        format!("{}:{}", path.strip_prefix(self.folder).unwrap_or(&path), self.rows.line(place))
    }

    fn whole_place(self, place: Place) -> String {
        format!("{}:{}", self.rows.path(place), self.rows.line(place))
    }

    /// The payment in a line.
    fn payment(self, why: Why<'_>) -> String {
        let row = &why.judged.payment;
        let named = [row.case_id.as_deref(), row.beneficiary.as_deref().or(row.payee.as_deref())];
        let mut parts: Vec<String> =
            named.into_iter().flatten().map(|text| self.rows.text(text)).collect();
        parts.extend(row.amount.map(|amount| format!("{} €", self.words.amount(amount))));
        let word = self.words.pick("Zahlung", "payment");
        format!("{word}: {} ({})", parts.join(", "), self.place(row.place))
    }

    /// The booking in a line or two.
    fn booking(self, why: Why<'_>) -> String {
        let (pair, entry) = (why.pair, why.entry);
        let word = self.words.pick("Buchung", "booking");
        let mut parts: Vec<String> = Vec::new();
        parts.extend(entry.booking_date.map(|day| self.words.day(day)));
        parts.push(format!("{} {}", self.words.amount(entry.amount), entry.currency));
        parts.push(label(entry.disposition.name(), self.words.0).to_owned());
        let mut told = vec![format!("{word}: {} ({})", parts.join(", "), self.place(pair.place))];
        if let Some(transfer) = pair.transfer {
            let (own, count) = (self.place(transfer), pair.transfers);
            told.push(match self.words.0 {
                Language::De => {
                    format!("verglichen ist die Überweisung {own}, eine von {count} darin")
                }
                Language::En => format!("compared is the transfer {own}, one of {count} in it"),
            });
        }
        if let Some(again) = pair.told_at {
            let again = self.place(again);
            told.push(match self.words.0 {
                Language::De => {
                    format!("{again} nennt dieselbe Buchung noch einmal, gezählt ist sie einmal")
                }
                Language::En => {
                    format!("{again} tells the same booking once more, it is counted once")
                }
            });
        }
        told.join("; ")
    }

    fn section(self, pair: &Pair) -> Section {
        let header =
            [("Feld", "field"), ("Liste", "list"), ("Bank", "bank"), ("Vergleich", "comparison")];
        let row = |field: &Field| {
            let [list, bank, remark] = self.sides(field, true);
            let standing = self.pick(words::standing(field.standing));
            let standing = match remark.as_str() {
                "" => standing.to_owned(),
                remark => format!("{standing} ({remark})"),
            };
            vec![self.pick(words::topic(field.topic)).to_owned(), list, bank, standing]
        };
        Section {
            title: self.words.pick("Feld für Feld", "Field by field").to_owned(),
            header: columns(&header, self.words),
            rows: pair.fields.iter().map(row).collect(),
            ..Section::default()
        }
    }

    /// Both sides of a field and what else there is to say, for people or for machines.
    fn sides(self, field: &Field, prose: bool) -> [String; 3] {
        let side = |value: &Option<Value>| {
            value.as_ref().map(|value| self.value(value, prose)).unwrap_or_default()
        };
        let remark = field.remark.map(|own| words::remark(own, self.words)).unwrap_or_default();
        [side(&field.list), side(&field.bank), remark]
    }

    fn value(self, value: &Value, prose: bool) -> String {
        match value {
            Value::Text(text) => self.rows.text(text),
            Value::Account(iban) => self.rows.iban(iban),
            Value::Money(amount) if prose => self.words.amount(*amount),
            Value::Money(amount) => amount.to_string(),
            Value::Day(day) if prose => self.words.day(*day),
            Value::Day(day) => day.to_string(),
            Value::Days(from, until) => {
                let last = until.pred_opt().unwrap_or(*until);
                if prose { self.words.stretch((*from, last)) } else { format!("{from}/{last}") }
            }
            Value::Months(months) => {
                let one = |month: &crate::matching::months::NamedMonth| match month.year {
                    Some(year) if prose => format!("{:02}/{year}", month.number),
                    Some(year) => format!("{year}-{:02}", month.number),
                    None => format!("{:02}", month.number),
                };
                months.iter().map(one).collect::<Vec<_>>().join(", ")
            }
            Value::State(state) => self.pick(words::state(*state)).to_owned(),
            Value::Rows(places, count) => {
                let one = |own: &Place| {
                    if prose { self.place(*own) } else { self.whole_place(*own) }
                };
                let mut named: Vec<String> = places.iter().map(one).collect();
                if *count > places.len() {
                    let more = count.saturating_sub(places.len());
                    named.push(
                        self.words
                            .pick(&format!("und {more} weitere"), &format!("and {more} more"))
                            .to_owned(),
                    );
                }
                named.join(", ")
            }
        }
    }

    /// The sentences that decide.
    fn verdict(self, why: Why<'_>) -> Vec<String> {
        let pair = why.pair;
        let mut said = Vec::new();
        if let Some(bond) = pair.bond {
            let yes = self.words.pick("SIE GEHÖREN ZUSAMMEN.", "THEY BELONG TOGETHER.");
            said.push(format!("{yes} {}", self.pick(words::bond(bond))));
            let but: Vec<&str> = pair.fields.iter().filter_map(|own| self.but(own)).collect();
            if !but.is_empty() {
                let word = self.words.pick("Aber:", "But:");
                said.push(format!("{word} {}", but.join(" ")));
            }
        } else {
            let no = self.words.pick("SIE GEHÖREN NICHT ZUSAMMEN.", "THEY DO NOT BELONG TOGETHER.");
            let mut bars = pair.bars.iter().map(|bar| self.pick(words::bar(*bar)));
            said.push(format!("{no} {}", bars.next().unwrap_or_default()));
            let others: Vec<&str> = bars.collect();
            if !others.is_empty() {
                let besides = self.words.pick("Außerdem:", "Besides:");
                said.push(format!("{besides} {}", others.join(" ")));
            }
            let own: Vec<String> = pair.own.iter().take(3).map(|own| self.place(*own)).collect();
            if !own.is_empty() {
                let word = self.words.pick("Ihre eigene Buchung:", "Its own booking:");
                said.push(format!("{word} {}", own.join(", ")));
            }
            if let Some((place, failure)) = pair.nearest {
                said.push(self.nearest(pair, place, failure));
            }
        }
        let verdict = &why.judged.verdict;
        let status = self.words.status(verdict.status);
        let reason = verdict.reason.label(self.words.0);
        let evidence = verdict.evidence.name();
        said.push(match self.words.0 {
            Language::De => {
                format!("Die Zahlung: {status} ({reason}), Nachweis {evidence}.")
            }
            Language::En => {
                format!("The payment: {status} ({reason}), evidence {evidence}.")
            }
        });
        said
    }

    /// What differs although they belong together.
    fn but(self, field: &Field) -> Option<&'static str> {
        let bar = match (field.topic, field.standing) {
            (Topic::Amount, Standing::Differs) => Bar::Amount,
            (Topic::Account, Standing::Differs) => Bar::Account,
            _ => return None,
        };
        Some(self.pick(words::bar(bar)))
    }

    fn nearest(self, pair: &Pair, place: Place, failure: Failure) -> String {
        let failure = self.pick(words::failure(failure));
        if place == pair.place.whole_line() {
            return match self.words.0 {
                Language::De => {
                    format!(
                        "Unter den Buchungen ohne Zahlung kommt sie ihr am nächsten; sie scheitert an: {failure}."
                    )
                }
                Language::En => {
                    format!(
                        "Of the bookings without a payment it comes nearest; it fails at: {failure}."
                    )
                }
            };
        }
        let place = self.place(place);
        match self.words.0 {
            Language::De => {
                format!("Am nächsten kommt ihr die Buchung {place}; sie scheitert an: {failure}.")
            }
            Language::En => {
                format!("The booking that comes nearest is {place}; it fails at: {failure}.")
            }
        }
    }

    fn json(self, why: Why<'_>, message: &str) -> Json {
        let pair = why.pair;
        let place =
            |place: Place| json!({"file": self.rows.path(place), "line": self.rows.line(place)});
        let row = self.rows.payment_without_trail(why.judged);
        let entry = self.rows.entry(why.entry);
        let (relation, rule) = match pair.bond {
            Some(Bond::Own(link)) => (Some("own"), Some(link.name())),
            Some(Bond::Returned(link)) => (Some("returned"), Some(link.name())),
            Some(Bond::Announced) => (Some("announced"), None),
            None => (None, None),
        };
        let field = |field: &Field| {
            let side = |value: &Option<Value>| value.as_ref().map(|own| self.value(own, false));
            json!({
                "field": field.topic.name(),
                "standing": field.standing.name(),
                "list": side(&field.list),
                "bank": side(&field.bank),
                "remark": field.remark.map(|own| words::remark(own, self.words)),
            })
        };
        json!({
            "schema": SCHEMA,
            "tool": self.rows.options.tool,
            "tied": pair.bond.is_some(),
            "relation": relation,
            "rule": rule,
            "parted_by": pair.bars.iter().map(|bar| bar.name()).collect::<Vec<_>>(),
            "message": message,
            "payment": {
                "case_id": row.case_id, "end_to_end_id": row.end_to_end_id,
                "beneficiary": row.beneficiary, "payee": row.payee, "iban": row.iban,
                "amount": row.amount, "due": row.due, "source": row.source,
                "status": row.status, "reason": row.reason, "rule": row.rule, "evidence": row.evidence,
            },
            "entry": {
                "file": entry.file, "line": entry.line,
                "booking_date": entry.booking_date, "value_date": entry.value_date,
                "amount": entry.amount, "currency": entry.currency, "disposition": entry.disposition,
                "transfers": pair.transfers, "transfer": pair.transfer.map(place),
                "told_at": pair.told_at.map(place),
            },
            "fields": pair.fields.iter().map(field).collect::<Vec<_>>(),
            "own_entries": pair.own.iter().map(|own| place(*own)).collect::<Vec<_>>(),
            "nearest": pair.nearest.map(|(own, failure)| json!({
                "file": self.rows.path(own), "line": self.rows.line(own),
                "fails_at": match failure {
                    Failure::Amount => "amount",
                    Failure::Account => "account",
                    Failure::Month => "month",
                    Failure::Reference => "reference",
                },
            })),
        })
    }
}
