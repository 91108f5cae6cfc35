//! Headings and sentences of the reports, in both languages.

use chrono::NaiveDate;

use crate::model::amount::Amount;
use crate::model::language::Language;
use crate::reports::rows::shown;
use crate::verdict::status::Status;

/// The words of a language.
#[derive(Clone, Copy, Debug)]
pub struct Words(pub Language);

impl Words {
    /// The text in this language.
    pub const fn pick<'a>(self, german: &'a str, english: &'a str) -> &'a str {
        self.0.pick(german, english)
    }

    /// A count with the word for what is counted, each language's for one and for several.
    pub fn counted(self, count: u64, german: [&str; 2], english: [&str; 2]) -> String {
        let [one, several] = if self.0 == Language::De { german } else { english };
        format!("{count} {}", if count == 1 { one } else { several })
    }

    /// An amount as people read it.
    pub fn amount(self, amount: Amount) -> String {
        shown(amount, self.0 == Language::De)
    }

    /// A day as people read it.
    pub fn day(self, day: NaiveDate) -> String {
        match self.0 {
            Language::De => day.format("%d.%m.%Y").to_string(),
            Language::En => day.format("%-d %b %Y").to_string(),
        }
    }

    /// A stretch of days.
    pub fn stretch(self, (from, to): (NaiveDate, NaiveDate)) -> String {
        if from == to { self.day(from) } else { format!("{} – {}", self.day(from), self.day(to)) }
    }

    /// The name of a status.
    pub const fn status(self, status: Status) -> &'static str {
        match status {
            Status::Credited => self.0.pick("gutgeschrieben", "credited"),
            Status::Delayed => self.0.pick("verzögert", "delayed"),
            Status::FollowUp => self.0.pick("zu klären", "follow-up"),
        }
    }
}
