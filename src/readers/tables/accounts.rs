//! Whose account a column of a bank's export holds, where its name alone does not say it.

use std::collections::BTreeSet;

use crate::model::iban::Iban;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::field::Field;
use crate::readers::tables::record::Record;

/// Settles the columns that may hold the own account or that of the other side: the own one is the
/// same in every row. `stated` is the account that the lines above the header name.
pub(crate) fn settle(columns: &mut Columns, rows: &[Record], stated: Option<&Iban>) {
    let open: Vec<usize> = columns.all(Field::AnyAccount).collect();
    let kinds: Vec<(usize, Kind)> = open
        .iter()
        .map(|column| (*column, Kind::of(rows.iter().map(|row| row.text(*column)), stated)))
        .collect();
    let other_side =
        columns.has(Field::Iban) || kinds.iter().any(|(_, kind)| *kind == Kind::Differing);
    let both_ways = both_ways(columns, rows);
    for (column, kind) in kinds {
        let field = match kind {
            Kind::Own => Field::OwnAccount,
            Kind::Constant if other_side || both_ways => Field::OwnAccount,
            Kind::Constant | Kind::Differing | Kind::Empty => Field::Iban,
            Kind::NoAccount => Field::Aside,
        };
        if let Some(slot) = columns.fields.get_mut(column) {
            *slot = Some(field);
        }
    }
    settle_bank_codes(columns, rows);
}

/// A bank code belongs to the own account if no account of the other side needs it.
fn settle_bank_codes(columns: &mut Columns, rows: &[Record]) {
    if !columns.has(Field::OwnAccount) || columns.has(Field::OwnBankCode) {
        return;
    }
    let codes: Vec<usize> = columns.all(Field::BankCode).collect();
    let [code] = codes.as_slice() else { return };
    let before_own = columns.position(Field::OwnAccount).is_some_and(|own| code.abs_diff(own) == 1);
    let values = distinct(rows.iter().map(|row| row.text(*code)));
    if values.len() == 1 && before_own {
        columns.turn(Field::BankCode, Field::OwnBankCode);
    }
}

fn distinct<'a>(values: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    values.filter(|value| !value.is_empty()).take(1000).collect()
}

/// What the cells of such a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The account that the head of the file names.
    Own,
    /// One account in all rows.
    Constant,
    /// Several accounts, or gaps between them.
    Differing,
    Empty,
    /// Names, numbers that are no account.
    NoAccount,
}

impl Kind {
    fn of<'a>(values: impl Iterator<Item = &'a str> + Clone, stated: Option<&Iban>) -> Self {
        let filled = distinct(values.clone());
        let Some(first) = filled.first() else { return Self::Empty };
        if !filled.iter().any(|value| is_account(value)) {
            return Self::NoAccount;
        }
        if filled.len() > 1 {
            return Self::Differing;
        }
        let own = Iban::read(first);
        if own.zip(stated).is_some_and(|(own, stated)| ends_with(stated, &own)) {
            return Self::Own;
        }
        let gaps = values.clone().filter(|value| value.is_empty()).count();
        let all = values.count();
        // Footers name no account; bookings without one on the other side do not either.
        if gaps.saturating_mul(2) > all || all < 2 { Self::Differing } else { Self::Constant }
    }
}

/// Whether an account number or IBAN is that account.
fn ends_with(account: &Iban, number: &Iban) -> bool {
    let number = number.reveal().trim_start_matches('0');
    account.reveal() == number || (number.len() >= 4 && account.reveal().ends_with(number))
}

/// Digits as an account number has them, or an IBAN.
fn is_account(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let others = value.bytes().filter(|byte| !byte.is_ascii_digit() && *byte != b' ').count();
    digits >= 4 && (others == 0 || Iban::read(value).is_some_and(|iban| iban.has_iban_form()))
}

/// Whether money both left and came in: then one account in all rows is not that of one payee.
fn both_ways(columns: &Columns, rows: &[Record]) -> bool {
    let any = |field: Field, test: fn(&str) -> bool| {
        columns.all(field).any(|column| rows.iter().any(|row| test(row.text(column))))
    };
    let is_debit = |value: &str| value.starts_with('-') || value.ends_with('-');
    let is_credit = |value: &str| {
        value.starts_with(|c: char| c.is_ascii_digit() || c == '+') && !value.ends_with('-')
    };
    let has_sum = |value: &str| value.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
    if columns.has(Field::Mark) {
        let marks = |test: fn(&str) -> bool| any(Field::Mark, test);
        return marks(|mark| mark.starts_with(['S', 's', 'D', 'd']))
            && marks(|mark| mark.starts_with(['H', 'h', 'C', 'c']));
    }
    (any(Field::Amount, is_debit) && any(Field::Amount, is_credit))
        || (any(Field::Debit, has_sum) && any(Field::Credit, has_sum))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::place::FileId;
    use crate::readers::tables::columns::of_bank;
    use crate::readers::tables::record::split;

    #[test]
    fn the_own_account_is_the_same_in_every_row() {
        let others = "Kontonummer;Gegenkonto;Betrag\n4711;12345;-1\n4711;22345;-2\n";
        let alone = "Kontonummer;Betrag\n4711001;-1,00\n4711001;2,00\n";
        let one_payee = "Kontonummer;Betrag\n4711001;-1,00\n4711001;-2,00\n";
        let differing = "Kontonummer;Betrag\n4711001;-1,00\n4711002;2,00\n";
        let empty = "Kontonummer;IBAN;Betrag\n;DE1;-1,00\n;DE2;2,00\n";
        let name = "Konto;IBAN;Betrag\nGiro;DE02120300000000202051;-1,00\n";
        for (text, expected) in [
            (others, Field::OwnAccount),
            (alone, Field::OwnAccount),
            (one_payee, Field::Iban),
            (differing, Field::Iban),
            (empty, Field::Iban),
            (name, Field::Aside),
        ] {
            let records = split(FileId(0), text, b';').unwrap();
            let (header, rows) = records.split_first().unwrap();
            let mut columns = of_bank(header.cells().map(|cell| cell.text), None);
            settle(&mut columns, rows, None);
            assert_eq!(columns.fields[0], Some(expected), "{text}");
        }
        let records = split(FileId(0), one_payee, b';').unwrap();
        let (header, rows) = records.split_first().unwrap();
        let mut columns = of_bank(header.cells().map(|cell| cell.text), None);
        let stated = Iban::from_german_account("12030000", "4711001");
        settle(&mut columns, rows, stated.as_ref());
        assert_eq!(columns.fields[0], Some(Field::OwnAccount));
    }
}
