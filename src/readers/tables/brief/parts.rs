//! What the columns of an export are to rows in brief.

use std::collections::BTreeSet;

use crate::readers::tables::columns::Columns;
use crate::readers::tables::field::Field;

/// What a column of an export is to rows in brief.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Read in every row; there may be one such column.
    OfTheRow,
    /// Most rows share its cells, and they decide what a row means.
    OfTheShape,
    /// Only the general reader understands it.
    General,
    /// Irrelevant as long as it is as short as a bank's identifier.
    Short,
}

/// Every meaning a column of an export can have has its part here.
const fn part(field: Field) -> Part {
    match field {
        Field::BookingDate
        | Field::ValueDate
        | Field::Amount
        | Field::Iban
        | Field::EndToEndId
        | Field::Remittance
        | Field::Counterparty
        | Field::Counterparty2
        | Field::Payee
        | Field::Payer => Part::OfTheRow,
        Field::OwnAccount
        | Field::BookingText
        | Field::TransactionCode
        | Field::Currency
        | Field::Status
        | Field::StatusIfAny
        | Field::Pending
        | Field::Booked
        | Field::Mandate
        | Field::CustomerReference
        | Field::Ultimate
        | Field::Count
        | Field::Aside
        | Field::Unused => Part::OfTheShape,
        Field::Debit
        | Field::Credit
        | Field::Mark
        | Field::BankCode
        | Field::OwnBankCode
        | Field::AnyAccount
        | Field::OwnName
        | Field::KindAndText
        | Field::Balance
        // Columns of lists.
        | Field::CaseId
        | Field::Benefit
        | Field::Beneficiary
        | Field::LastName
        | Field::FirstName
        | Field::Due
        | Field::Run
        | Field::Facility
        | Field::Channel
        | Field::Office
        | Field::Block
        | Field::Note
        | Field::CreditedOn => Part::General,
        Field::Bic => Part::Short,
    }
}

/// The columns of the shape, and those whose cells are short; `None` if the general reader is needed. A column that nobody knows is
/// one of them: a row that fills it is not plain.
pub(super) fn shape_of(columns: &Columns) -> Option<(Vec<usize>, Vec<usize>)> {
    let mut shape = Vec::new();
    let mut short = Vec::new();
    let mut read = BTreeSet::new();
    for (column, field) in columns.fields.iter().enumerate() {
        match field.map(|field| (field, part(field))) {
            None | Some((_, Part::OfTheShape)) => shape.push(column),
            Some((field, Part::OfTheRow)) if read.insert(field) => {}
            Some((_, Part::OfTheRow | Part::General)) => return None,
            Some((_, Part::Short)) => short.push(column),
        }
    }
    // A number at the end of the booking text counts with what follows it.
    let texts = columns.all(Field::BookingText).count();
    (texts <= 1 && !columns.rules.debits_above_zero).then_some((shape, short))
}
