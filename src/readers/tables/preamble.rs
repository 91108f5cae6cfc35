//! What the lines above the header of a bank's export say.

use chrono::NaiveDate;

use crate::model::iban::Iban;
use crate::model::text::filled;
use crate::readers::tables::columns::fold;
use crate::readers::tables::record::Record;
use crate::readers::tables::values::day;

/// What the lines above a header state.
#[derive(Clone, Debug, Default)]
pub(crate) struct About {
    /// The account of the export.
    pub(crate) account: Option<Iban>,
    /// Who holds it.
    pub(crate) holder: Option<String>,
    pub(crate) period: Option<(NaiveDate, NaiveDate)>,
}

/// Account, holder and period that the lines above the header state.
pub(crate) fn about(preamble: &[Record]) -> About {
    let mut account = None;
    let mut holder = None;
    let mut bank_code = None;
    let mut number = None;
    let mut from = None;
    let mut to = None;
    let mut period = None;
    for record in preamble {
        for (index, cell) in record.cells().enumerate() {
            let next = record.text(index.saturating_add(1));
            for word in cell.text.split(['/', ',']) {
                let iban = Iban::read(word)
                    .filter(|iban| iban.has_iban_form() && iban.reveal().len() == 22);
                if account.is_none() {
                    account = iban;
                }
            }
            match fold(cell.text).as_str() {
                "blz" | "bankleitzahl" => bank_code = filled(next),
                "konto" | "kontonummer" => number = number.or_else(|| filled(next)),
                "kontoinhaber" | "kunde" | "inhaber" => holder = holder.or_else(|| filled(next)),
                "von" => from = day(next).or(from),
                "bis" => to = day(next).or(to),
                _ => {}
            }
            if let Some(stretch) = stretch_of(cell.text) {
                period = Some(stretch);
            }
        }
    }
    let account = account.or_else(|| Iban::from_german_account(&bank_code?, &number?));
    About { account, holder, period: period.or(from.zip(to)) }
}

/// `01.09.2023 - 06.10.2023`
fn stretch_of(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let (left, right) = text.split_once(" - ").or_else(|| text.split_once(" bis "))?;
    let left = day(left.split_whitespace().last()?)?;
    let right = day(right.split_whitespace().next()?)?;
    (left <= right).then_some((left, right))
}
