//! Headings and sentences of the reports, in both languages.

use chrono::NaiveDate;

use crate::model::amount::Amount;
use crate::model::language::Language;
use crate::reports::amounts::shown;
use crate::verdict::status::Status;

fn digits_of_day(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

/// What people call a field that trails name for machines.
fn field(name: &str, language: Language) -> Option<&'static str> {
    let (german, english) = match name {
        "amount" => ("Betrag", "amount"),
        "iban" => ("IBAN", "IBAN"),
        "month" => ("Monat", "month"),
        "reference" => ("Kennzeichen", "reference"),
        "end_to_end_id" => ("End-to-End-Kennung", "end-to-end id"),
        "name" => ("Name", "name"),
        _ => return None,
    };
    Some(language.pick(german, english))
}

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

    /// A sentence of a trail as people read it: its days and amounts are written for machines.
    pub fn prose(self, sentence: &str) -> String {
        let written = |word: &str| -> Option<String> {
            let ahead = word.len().saturating_sub(word.trim_start_matches(['(', '[', '-']).len());
            let (ahead, rest) = word.split_at_checked(ahead)?;
            let core = rest.trim_end_matches([',', ';', ':', ')', ']']);
            let behind = rest.get(core.len()..)?;
            let digits = core.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            let shown = match core.rsplit_once('.') {
                Some((_, cents)) if digits && cents.len() == 2 => {
                    self.amount(Amount::from_iso(core).ok()?)
                }
                _ if core.len() == 10 && digits_of_day(core) => {
                    self.day(crate::model::date::from_iso(core)?)
                }
                _ => field(core, self.0)?.to_owned(),
            };
            Some(format!("{ahead}{shown}{behind}"))
        };
        let words: Vec<String> = sentence
            .split(' ')
            .map(|word| written(word).unwrap_or_else(|| word.to_owned()))
            .collect();
        words.join(" ")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trails_are_told_as_people_read_them() {
        let line =
            "weicht ab: amount, Liste 451.00, Bank 45100.00 (-1.00) am 2023-11-30; a/b.csv:3";
        let german =
            "weicht ab: Betrag, Liste 451,00, Bank 45.100,00 (-1,00) am 30.11.2023; a/b.csv:3";
        assert_eq!(Words(Language::De).prose(line), german);
        assert_eq!(
            Words(Language::En).prose("of 1234.50 on 2023-11-30"),
            "of 1,234.50 on 30 Nov 2023"
        );
        for same in ["", "  ", "1.2.3", "17-4080", "2023-13-45", "x.csv:12", "(…)"] {
            assert_eq!(Words(Language::De).prose(same), same);
        }
    }
}
