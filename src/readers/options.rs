//! What the caller knows about a file before it is read.

use std::sync::Arc;

use crate::model::amount::DecimalMark;
use crate::model::brief::Bytes;
use crate::model::brief::Keys;
use crate::model::iban::Iban;
use crate::model::reading::Role;
use crate::readers::tables::values::DayOrder;

/// What the caller knows about a file.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The role the command line forces (`--list`, `--order`, `--bank`).
    pub forced_role: Option<Role>,
    /// Named on the command line: it must be understood. Else it lay in a folder or archive and
    /// may be ignored.
    pub named: bool,
    /// Column maps of the configuration.
    pub column_maps: Vec<ColumnMap>,
    /// Makes keys of references and accounts; without it no row is kept in brief.
    pub keys: Option<Keys>,
    /// The file's bytes to share with rows kept in brief; without them none is.
    pub bytes: Option<Arc<dyn Bytes>>,
    /// How many threads may read one table.
    pub threads: usize,
    /// How many bytes of a table one thread takes at a time; 0 for what has proved good. Nothing
    /// that is read depends on it, but which rows are kept in brief may.
    pub part: u64,
}

/// Column names of a payment list or a bank's export that the reader does not know by itself.
#[derive(Clone, Debug, Default)]
pub struct ColumnMap {
    /// Name of the map, for messages.
    pub name: String,
    /// Pairs of the table's column name and the field it means (`case_id`, `amount` …).
    pub columns: Vec<(String, String)>,
    /// Decimal mark of amounts, `,` or `.`, if the map settles it.
    pub decimal: Option<char>,
    /// Benefit of all rows, if the list has no such column.
    pub benefit: Option<String>,
    /// How a bank's export writes days with slashes, if the map settles it.
    pub days: Option<DayOrder>,
    /// A bank's export writes debits above zero.
    pub debits_above_zero: bool,
    /// The account of a bank's export, if the table itself does not name it.
    pub own_account: Option<Iban>,
}

impl ColumnMap {
    /// The decimal mark of amounts, if the map settles it.
    pub fn decimal_mark(&self) -> Option<DecimalMark> {
        let mark = self.decimal?;
        Some(if mark == '.' { DecimalMark::Point } else { DecimalMark::Comma })
    }
}
