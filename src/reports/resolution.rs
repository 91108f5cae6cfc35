//! What people decided about payments: shown beside their verdicts, never inside them.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::Deserialize;
use serde::Serialize;

use crate::model::amount::Amount;
use crate::model::language::Language;
use crate::model::payment::Payment;
use crate::model::place::Place;

/// A kind of decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The bank confirmed the credit in another way than by its files.
    ConfirmedByBank,
    /// The money was paid once more.
    PaidAgain,
    /// A booking is this payment's.
    Assigned,
    /// The money was called back.
    Recalled,
    /// The money was handed over in cash.
    PaidInCash,
    /// Nothing needs to be done.
    NothingToDo,
    /// Nothing needs to be done before a day.
    Waiting,
    /// What was decided before is taken back.
    Open,
}

impl Kind {
    /// All kinds; the last takes back.
    pub const ALL: [Self; 8] = [
        Self::ConfirmedByBank,
        Self::PaidAgain,
        Self::Assigned,
        Self::Recalled,
        Self::PaidInCash,
        Self::NothingToDo,
        Self::Waiting,
        Self::Open,
    ];

    /// Its name for scripts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ConfirmedByBank => "confirmed-by-bank",
            Self::PaidAgain => "paid-again",
            Self::Assigned => "assigned",
            Self::Recalled => "recalled",
            Self::PaidInCash => "paid-in-cash",
            Self::NothingToDo => "nothing-to-do",
            Self::Waiting => "waiting",
            Self::Open => "open",
        }
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What people read.
    pub const fn label(self, language: Language) -> &'static str {
        match self {
            Self::ConfirmedByBank => language.pick("Bank bestätigt", "confirmed by the bank"),
            Self::PaidAgain => language.pick("neu gezahlt", "paid again"),
            Self::Assigned => language.pick("Buchung zugeordnet", "booking assigned"),
            Self::Recalled => language.pick("zurückgerufen", "recalled"),
            Self::PaidInCash => language.pick("bar ausgezahlt", "paid in cash"),
            Self::NothingToDo => language.pick("nichts zu tun", "nothing to do"),
            Self::Waiting => language.pick("abwarten", "waiting"),
            Self::Open => language.pick("wieder offen", "open again"),
        }
    }
}

/// A decision about a payment as reports show it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Resolution {
    /// What was decided.
    pub kind: Kind,
    /// Who decided: initials.
    pub by: Option<String>,
    /// On which day.
    pub on: NaiveDate,
    /// What the one who decided wrote.
    pub note: Option<String>,
    /// The booking that was assigned, as file and line.
    pub entry: Option<String>,
    /// It holds no longer: the payment has other evidence now, or the day it waited for has passed.
    pub lapsed: bool,
    /// The last day of waiting. The journal keeps it; results say whether it has passed.
    #[serde(skip)]
    pub until: Option<NaiveDate>,
}

impl Resolution {
    /// In one line: `geklärt am 4.12.: Bank bestätigt (AB)`.
    pub fn sentence(&self, language: Language) -> String {
        let day = match language {
            Language::De => self.on.format("%-d.%-m.%Y").to_string(),
            Language::En => self.on.format("%-d %b %Y").to_string(),
        };
        let head = match self.kind {
            Kind::Waiting => language.pick("zurückgestellt am", "put off on"),
            Kind::Open => language.pick("wieder geöffnet am", "opened again on"),
            _ => language.pick("geklärt am", "settled on"),
        };
        let mut text = format!("{head} {day}: {}", self.kind.label(language));
        if let Some(until) = self.until {
            let until = match language {
                Language::De => until.format("%-d.%-m.%Y").to_string(),
                Language::En => until.format("%-d %b %Y").to_string(),
            };
            text = format!("{text} {} {until}", language.pick("bis", "until"));
        }
        let more: Vec<&str> = [&self.by, &self.entry, &self.note]
            .into_iter()
            .filter_map(|part| part.as_deref())
            .collect();
        if !more.is_empty() {
            text = format!("{text} ({})", more.join("; "));
        }
        if self.lapsed {
            text.push_str(language.pick(
                " – GILT NICHT MEHR: andere Belege oder Frist vorbei",
                " – LAPSED: other evidence, or the day has passed",
            ));
        }
        text
    }
}

/// A decision, and the payment it is about.
#[derive(Clone, Debug)]
pub struct Decided {
    case_id: Option<String>,
    end_to_end_id: Option<String>,
    amount: Option<Amount>,
    /// The decision.
    pub resolution: Resolution,
}

impl Decided {
    /// A decision about this payment.
    pub fn new(payment: &Payment, resolution: Resolution) -> Self {
        Self {
            case_id: payment.case_id.clone(),
            end_to_end_id: payment.end_to_end_id.clone(),
            amount: payment.amount,
            resolution,
        }
    }

    /// Whether it is about this payment, of those that begin at one place.
    pub fn is_of(&self, payment: &Payment) -> bool {
        self.case_id == payment.case_id
            && self.end_to_end_id == payment.end_to_end_id
            && self.amount == payment.amount
    }
}

/// The decisions about the payments of a result, by the places of their rows.
#[derive(Clone, Debug, Default)]
pub struct Resolutions(Arc<BTreeMap<Place, Vec<Decided>>>);

impl Resolutions {
    /// Decisions by the places of the payments' rows.
    pub fn new(of_rows: BTreeMap<Place, Vec<Decided>>) -> Self {
        Self(Arc::new(of_rows))
    }

    /// Whether nothing was decided.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was decided about a payment.
    pub fn of(&self, payment: &Payment) -> Option<&Resolution> {
        let own = self.0.get(&payment.place)?.iter().find(|own| own.is_of(payment))?;
        Some(&own.resolution)
    }

    /// Whether a decision that holds relieves people of a payment.
    pub fn settle(&self, payment: &Payment) -> bool {
        self.of(payment).is_some_and(|resolution| !resolution.lapsed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_one_name_everywhere() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_name(kind.name()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
    }

    #[test]
    fn a_decision_is_told_in_one_sentence() {
        let resolution = Resolution {
            kind: Kind::ConfirmedByBank,
            by: Some("AB".to_owned()),
            on: NaiveDate::from_ymd_opt(2023, 12, 4).unwrap(),
            note: None,
            entry: None,
            lapsed: false,
            until: None,
        };
        assert_eq!(resolution.sentence(Language::De), "geklärt am 4.12.2023: Bank bestätigt (AB)");
        let keys: Vec<String> = serde_json::to_value(&resolution)
            .unwrap()
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        assert_eq!(keys, ["by", "entry", "kind", "lapsed", "note", "on"]);
    }
}
