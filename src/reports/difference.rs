//! What differs, for a person who has to act: both amounts, both ends of the accounts, the other twin.

use std::collections::BTreeMap;

use crate::model::amount::Amount;
use crate::model::language::Language;
use crate::model::place::Place;
use crate::model::text::fold_name;
use crate::reports::rows::Rows;
use crate::reports::wording::Words;
use crate::verdict::outcome::JudgedPayment;
use crate::verdict::reason::Reason;
use crate::verdict::status::Status;
use crate::verdict::trace::Trace;
use crate::verdict::trace::TraceKind;

/// Most of equal payments are two; of many only so many are named.
const MOST_TWINS: usize = 3;

/// The payments that look alike, so that nobody could say who got which booking.
#[derive(Clone, Debug, Default)]
pub struct Twins(BTreeMap<(i64, String), Vec<(Place, String)>>);

/// What equal payments have in common: amount and account, else the name.
fn alike(judged: &JudgedPayment) -> (i64, String) {
    let row = &judged.payment;
    let account = row.iban.as_ref().map(|iban| iban.reveal().to_owned());
    let name = || fold_name(row.beneficiary.as_deref().or(row.payee.as_deref()).unwrap_or(""));
    (row.amount_or_zero().cents(), account.unwrap_or_else(name))
}

impl Twins {
    /// All of a run.
    pub fn of(rows: &Rows<'_>) -> Self {
        let mut all: BTreeMap<(i64, String), Vec<(Place, String)>> = BTreeMap::new();
        for judged in rows.outcome.payments_of(Status::FollowUp) {
            if judged.verdict.reason == Reason::Ambiguous {
                let place = judged.payment.place;
                let named = match judged.payment.case_id.as_deref() {
                    Some(case) => rows.text(case),
                    None => format!("{}:{}", rows.path(place), rows.line(place)),
                };
                all.entry(alike(&judged)).or_default().push((place, named));
            }
        }
        Self(all)
    }

    /// The others that look like a payment: their case numbers, or places in the lists.
    fn others(&self, judged: &JudgedPayment) -> Vec<&str> {
        let own = judged.payment.place;
        let group = self.0.get(&alike(judged)).into_iter().flatten();
        group.filter(|(place, _)| *place != own).map(|(_, named)| named.as_str()).collect()
    }
}

/// What differs between list and bank, in a few words; `None` where nothing is compared.
pub fn difference(rows: &Rows<'_>, judged: &JudgedPayment, twins: &Twins) -> Option<String> {
    if judged.verdict.status != Status::FollowUp {
        return None;
    }
    let words = Words(rows.options.language);
    let mut said: Vec<String> = Vec::new();
    for trace in judged.verdict.trail.iter() {
        let Some((text, is_more)) = told(&trace, words) else { continue };
        match said.last_mut().filter(|_| is_more) {
            Some(last) => last.extend([", ", &text]),
            None => said.push(text),
        }
        if trace.kind == TraceKind::Group {
            let others = twins.others(judged);
            let named = others.iter().take(MOST_TWINS).copied().collect::<Vec<_>>().join(", ");
            let more = if others.len() > MOST_TWINS { " …" } else { "" };
            if let Some(last) = said.last_mut().filter(|_| !named.is_empty()) {
                let alike = words.pick("gleich ist", "alike:");
                last.extend(["; ", alike, " ", &named, more]);
            }
        }
    }
    (!said.is_empty()).then(|| rows.text(&said.join("; ")))
}

/// A line of a trail as a person compares it, and whether it belongs to the one before.
fn told(trace: &Trace, words: Words) -> Option<(String, bool)> {
    let value = |slot: usize| trace.values.get(slot).map(String::as_str).unwrap_or_default();
    let money = |slot: usize| {
        Amount::from_iso(value(slot))
            .map_or_else(|_| value(slot).to_owned(), |amount| words.amount(amount.abs()))
    };
    let is_german = words.0 == Language::De;
    let text = match (trace.kind, value(0)) {
        (TraceKind::Differed, "amount") => {
            let (list, bank) = (money(1), money(2));
            if is_german {
                format!("Liste {list} €, Bank {bank} €")
            } else {
                format!("list {list} €, bank {bank} €")
            }
        }
        (TraceKind::Differed, "iban") => {
            let (list, bank) = (value(1), value(2));
            if is_german {
                format!("Liste {list}, Bank {bank}")
            } else {
                format!("list {list}, bank {bank}")
            }
        }
        (TraceKind::Factor, factor) => {
            let times = match factor {
                "10" => words.pick("das Zehnfache", "ten times as much"),
                "100" => words.pick("das Hundertfache", "a hundred times as much"),
                "1/10" => words.pick("ein Zehntel", "a tenth"),
                "1/100" => words.pick("ein Hundertstel", "a hundredth"),
                other => other,
            };
            return Some((times.to_owned(), true));
        }
        (TraceKind::DigitsSwapped, _) => {
            let swapped = words.pick("zwei Ziffern vertauscht", "two digits swapped");
            return Some((swapped.to_owned(), true));
        }
        (TraceKind::IbanTypo, _) => return Some((digits(value(1), words), true)),
        (TraceKind::Group, twins) => {
            let found = value(1);
            if is_german {
                format!("{found} von {twins} gleichen Zahlungen gebucht")
            } else {
                format!("{found} of {twins} equal payments booked")
            }
        }
        (TraceKind::Surplus, _) => {
            let (booked, owed) = (money(0), money(1));
            if is_german {
                format!("gebucht {booked} €, geschuldet {owed} €")
            } else {
                format!("booked {booked} €, owed {owed} €")
            }
        }
        (TraceKind::PartsShort, parts) => {
            let (sum, owed) = (money(1), money(2));
            if is_german {
                format!("{parts} Teile, zusammen {sum} € von {owed} €")
            } else {
                format!("{parts} parts, {sum} € of {owed} € together")
            }
        }
        (TraceKind::SumDiffers, _) => {
            let (booked, open) = (money(0), money(1));
            let count =
                words.counted(value(2).parse().unwrap_or(0), ["Zeile", "Zeilen"], ["row", "rows"]);
            if is_german {
                format!("gebucht {booked} €, fällig {open} € in {count}")
            } else {
                format!("booked {booked} €, due {open} € in {count}")
            }
        }
        (TraceKind::BatchShort, _) => {
            let (debit, expected) = (money(0), money(1));
            if is_german {
                format!("Sammelbuchung {debit} €, erwartet {expected} €")
            } else {
                format!("collective debit {debit} €, expected {expected} €")
            }
        }
        _ => return None,
    };
    Some((text, false))
}

/// `20: 8/3, 21: 3/8` as people read it.
fn digits(places: &str, words: Words) -> String {
    let told = places.split(", ").filter_map(|place| {
        let (number, (list, bank)) = place
            .split_once(": ")
            .map(|(n, d)| (n, d.split_once('/')))
            .and_then(|(number, digits)| Some((number, digits?)))?;
        Some(match words.0 {
            Language::De => format!("Stelle {number}: {list} statt {bank}"),
            Language::En => format!("character {number}: {list} instead of {bank}"),
        })
    });
    told.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_told_in_both_languages() {
        let trace = |kind, values: &[&str]| Trace {
            values: values.iter().map(|value| (*value).to_owned()).collect(),
            ..Trace::new(kind)
        };
        for (kind, values, german, english) in [
            (
                TraceKind::Differed,
                &["amount", "563.00", "-5630.00"][..],
                "Liste 563,00 €, Bank 5.630,00 €",
                "list 563.00 €, bank 5,630.00 €",
            ),
            (
                TraceKind::Differed,
                &["iban", "DE…7839", "DE…7389"],
                "Liste DE…7839, Bank DE…7389",
                "list DE…7839, bank DE…7389",
            ),
            (TraceKind::Factor, &["1/10"], "ein Zehntel", "a tenth"),
            (
                TraceKind::IbanTypo,
                &["2", "20: 8/3, 21: 3/8"],
                "Stelle 20: 8 statt 3, Stelle 21: 3 statt 8",
                "character 20: 8 instead of 3, character 21: 3 instead of 8",
            ),
            (
                TraceKind::Group,
                &["2", "1"],
                "1 von 2 gleichen Zahlungen gebucht",
                "1 of 2 equal payments booked",
            ),
            (
                TraceKind::SumDiffers,
                &["1000.00", "900.00", "1"],
                "gebucht 1.000,00 €, fällig 900,00 € in 1 Zeile",
                "booked 1,000.00 €, due 900.00 € in 1 row",
            ),
        ] {
            let trace = trace(kind, values);
            assert_eq!(told(&trace, Words(Language::De)).unwrap().0, german);
            assert_eq!(told(&trace, Words(Language::En)).unwrap().0, english);
        }
        assert_eq!(told(&trace(TraceKind::NoCandidate, &[]), Words(Language::De)), None);
    }
}
