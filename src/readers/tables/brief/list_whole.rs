//! What the rows of a list say of each other: those in brief, and the others.

use std::collections::BTreeSet;

use crate::facts::list_titles;
use crate::model::amount::Amount;
use crate::model::amount::DecimalMark;
use crate::model::brief::Blocks;
use crate::model::brief::BriefPayment;
use crate::model::brief::Key;
use crate::model::brief::Keys;
use crate::model::brief::ShortKey;
use crate::model::reading::Reading;
use crate::readers::tables::brief::Layout;
use crate::readers::tables::field::Field;
use crate::readers::tables::list_sections;
use crate::readers::tables::list_taken_back::TakenBack;
use crate::readers::tables::record::Record;
use crate::readers::tables::values::ColumnMark;
use crate::readers::tables::values::MarkCount;

/// Whether a title says that the rows below it are not to be paid.
pub(super) fn stops_rows(above: &[Record], others: &[Record]) -> bool {
    list_sections::stops_all(above)
        || others.iter().filter_map(list_sections::title_of).any(list_titles::stops)
}

/// Whether a row in brief may bear an id of which it is said that its row is taken back.
pub(super) fn touches(taken_back: &TakenBack, plain: &Blocks<BriefPayment>, keys: &Keys) -> bool {
    if taken_back.is_empty() {
        return false;
    }
    let named: BTreeSet<Key> = taken_back.names().map(|name| keys.reference(name)).collect();
    let cases: BTreeSet<ShortKey> = named.iter().map(|key| key.short()).collect();
    plain.iter().any(|row| {
        named.contains(&row.end_to_end_key())
            || row.case_key().is_some_and(|case| cases.contains(&case))
    })
}

/// The decimal mark of the column by all its values; `None` if plain rows were read by another.
pub(super) fn settle(plain: MarkCount, layout: &Layout, others: &[Record]) -> Option<ColumnMark> {
    let mut all = plain;
    let column = layout.columns.position(Field::Amount)?;
    for record in others {
        if let Some(cell) = record.cell(column) {
            all.add(cell.text);
        }
    }
    let mark = layout.mark.unwrap_or_else(|| all.settle());
    let fits = match mark {
        ColumnMark::Settled(DecimalMark::Comma) => plain.point == 0,
        ColumnMark::Settled(DecimalMark::Point) => plain.comma == 0,
        ColumnMark::Open => plain == MarkCount::default(),
    };
    fits.then_some(mark)
}

/// Totals rows were compared with the rows before them that are not plain; adds the plain ones.
pub(super) fn add_to_totals(reading: &mut Reading, plain: &Blocks<BriefPayment>) {
    let mut sum = Amount::ZERO;
    let mut rows = plain.iter().peekable();
    for total in &mut reading.totals {
        while let Some(row) = rows.next_if(|row| row.line() < total.place.line) {
            sum = sum.plus(row.amount());
        }
        total.found = total.found.plus(sum);
    }
}
