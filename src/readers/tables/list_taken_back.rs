//! Rows of a list that another place of the same file takes back: a row below zero, a row under a title
//! such as `Storniert`, a remark, a line of a sheet that is no list.

use std::collections::BTreeMap;

use crate::facts::block_marks;
use crate::facts::list_titles;
use crate::model::amount::Amount;
use crate::model::payment::Payment;
use crate::model::text::filled;
use crate::model::text::fold_words;
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;
use crate::readers::remarks;
use crate::readers::tables::list_sections;
use crate::readers::tables::record::Record;

/// What takes rows back.
#[derive(Clone, Debug, Default)]
pub(crate) struct TakenBack {
    /// By case number and by end-to-end id (folded): lines that say so, and the amount they name.
    named: BTreeMap<String, Vec<(u32, Option<Amount>)>>,
}

impl TakenBack {
    /// Whether nothing is taken back.
    pub(crate) fn is_empty(&self) -> bool {
        self.named.is_empty()
    }

    /// Ids (folded) of which it is said.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.named.keys().map(String::as_str)
    }

    /// A row that takes back what bears its ids and, where it states one, its amount.
    pub(super) fn by_row(&mut self, row: &Payment, amount: Option<Amount>) {
        let ids = [&row.end_to_end_id, &row.case_id].into_iter().filter_map(|id| id.as_deref());
        // The end-to-end id is of one payment, the case may have several.
        for id in ids.filter(|id| !is_placeholder(id)).take(1) {
            self.add(reference_key(id), row.place.line, amount);
        }
    }

    /// A line that is no row; what it says counts for the rows that it names. `stopped` is what the
    /// title above it says.
    pub(super) fn by_line(&mut self, line: &Record, stopped: bool) {
        let text = line.cells().map(|cell| cell.text).collect::<Vec<_>>().join(" ");
        let words = || fold_words(&text);
        if stopped || (may_say(&text) && block_marks::is_said(&words())) {
            self.add_names(&text, line);
        }
    }

    /// All lines of a sheet that is no list.
    pub(super) fn by_sheet(&mut self, name: &str, lines: &[Record]) {
        let mut stopped = list_titles::stops(name);
        for line in lines {
            let text = line.cells().map(|cell| cell.text).collect::<Vec<_>>().join(" ");
            if list_sections::alone(line).is_some_and(list_titles::stops) {
                stopped = true;
            }
            if stopped || (may_say(&text) && block_marks::ends(&fold_words(&text))) {
                self.add_names(&text, line);
            }
        }
    }

    fn add_names(&mut self, text: &str, line: &Record) {
        let cells = line.cells().map(|cell| reference_key(cell.text));
        let words = remarks::names(text);
        for name in cells.filter(|cell| cell.bytes().any(|byte| byte.is_ascii_digit())).chain(words)
        {
            self.add(name, line.line, None);
        }
    }

    fn add(&mut self, name: String, line: u32, amount: Option<Amount>) {
        let said = self.named.entry(name).or_default();
        if !said.contains(&(line, amount)) {
            said.push((line, amount));
        }
    }

    /// Adds what another place says.
    pub(super) fn append(&mut self, other: Self) {
        for (name, said) in other.named {
            for (line, amount) in said {
                self.add(name.clone(), line, amount);
            }
        }
    }

    /// Blocks the rows that are taken back.
    pub(super) fn apply(&self, payments: &mut [Payment]) {
        if self.is_empty() {
            return;
        }
        for payment in payments {
            let line = payment.place.line;
            let ids = [&payment.end_to_end_id, &payment.case_id];
            let named = ids.into_iter().flatten().any(|id| {
                let said = self.named.get(&reference_key(id));
                said.is_some_and(|said| {
                    said.iter().any(|(own, amount)| {
                        let fits = amount.is_none() || *amount == payment.amount;
                        *own != line && fits
                    })
                })
            });
            if named {
                let status = payment.list_status.take();
                payment.list_status = filled(&blocked(status.as_deref()));
            }
        }
    }
}

/// The state of a row that is blocked, whatever its list says.
pub(super) fn blocked(status: Option<&str>) -> String {
    match status {
        Some(status) if status.starts_with(BLOCKED) => status.to_owned(),
        Some(status) => format!("{BLOCKED}; {status}"),
        None => BLOCKED.to_owned(),
    }
}

const BLOCKED: &str = "gesperrt";

/// Whether a line may say that a row is not to be paid, or came back.
pub(super) fn may_say(text: &str) -> bool {
    block_marks::may_be_said(text.as_bytes())
        || crate::facts::signs::may_speak_against(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::place::FileId;
    use crate::model::place::Place;

    fn payment(line: u32, case: &str, id: &str) -> Payment {
        Payment {
            place: Place::line(FileId(0), line),
            case_id: filled(case),
            end_to_end_id: filled(id),
            amount: Some(Amount::from_cents(56_300)),
            ..Payment::default()
        }
    }

    fn line(cells: &[&str]) -> Record {
        let mut record = Record::new(9);
        for cell in cells {
            record.push(cell, false);
        }
        record
    }

    #[test]
    fn lines_and_rows_take_back_what_they_name() {
        let by_row = |cents: i64, case: &str, id: &str| {
            let mut taken = TakenBack::default();
            let row = payment(9, case, id);
            taken.by_row(&row, Some(Amount::from_cents(cents)));
            taken
        };
        let by_line = |cells: &[&str], stopped: bool| {
            let mut taken = TakenBack::default();
            taken.by_line(&line(cells), stopped);
            taken
        };
        let by_sheet = |name: &str, cells: &[&str]| {
            let mut taken = TakenBack::default();
            taken.by_sheet(name, &[line(cells)]);
            taken
        };
        for (number, (taken, expected)) in [
            (by_row(56_300, "50.12-0001", ""), true),
            (by_row(56_300, "50.12-0001", "E2E-1"), true),
            (by_row(56_300, "50.12-0001", "E2E-2"), false),
            (by_row(6_300, "50.12-0001", ""), false),
            (by_row(56_300, "50.12-0002", ""), false),
            (by_line(&["50.12-0001 wurde storniert"], false), true),
            (by_line(&["50.12-0001 geprüft"], false), false),
            (by_line(&["50.12-0001", "Zander"], true), true),
            (by_sheet("Sperrliste", &["50.12-0001", "Zander"]), true),
            (by_sheet("Gründe", &["50.12-0001", "verstorben"]), true),
            (by_sheet("Zimmer", &["50.12-0001", "12"]), false),
        ]
        .into_iter()
        .enumerate()
        {
            let mut payments = [payment(2, "50.12-0001", "E2E-1")];
            taken.apply(&mut payments);
            assert_eq!(payments[0].list_status.is_some(), expected, "{number}");
        }
    }
}
