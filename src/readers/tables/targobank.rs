//! Targobank's export, which has no header: it is known by what stands in its columns.

use crate::model::iban::Iban;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::columns::of_bank;
use crate::readers::tables::record::Record;
use crate::readers::tables::values::day;

/// Day, text, debit, credit, twice nothing, the own account in single quotation marks.
const NAMES: [&str; 7] = ["Buchungstag", "Text", "Soll", "Haben", "", "", "Auftragskonto"];

/// The columns of such an export; `None` if one of the rows says that it is another table.
pub(crate) fn columns(records: &[Record]) -> Option<Columns> {
    let mut rows = records.iter().filter(|record| !record.is_blank()).peekable();
    let account = rows.peek()?.text(6);
    let is_own = |record: &Record| {
        let is_sum = |column: usize| record.text(column).bytes().any(|byte| byte.is_ascii_digit());
        record.width() == NAMES.len()
            && day(record.text(0)).is_some()
            && !record.text(1).is_empty()
            && is_sum(2) != is_sum(3)
            && record.text(4).is_empty()
            && record.text(5).is_empty()
            && record.text(6) == account
    };
    let number = account.strip_prefix('\'')?.strip_suffix('\'')?;
    let is_account = Iban::read(number).is_some_and(|iban| iban.is_valid());
    (is_account && rows.all(is_own)).then(|| of_bank(NAMES.into_iter(), None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::place::FileId;
    use crate::readers::tables::record::split;

    #[test]
    fn every_row_must_look_like_it() {
        let row = "30.09.2025;Überweisung   Erika   Miete;-5,00;;;;'DE02120300000000202051'\n";
        let known = |text: &str| columns(&split(FileId(0), text, b';').unwrap()).is_some();
        assert!(known(&row.repeat(3)));
        for (from, to) in [
            ("30.09.2025", "Tag"),
            ("-5,00;;", "-5,00;5,00;"),
            ("-5,00;;", ";;"),
            ("02051", "02052"),
            (";;;", ";;x;"),
            ("'", ""),
        ] {
            assert!(!known(&format!("{row}{}", row.replacen(from, to, 1))), "{from} {to}");
        }
        assert!(!known(""));
    }
}
