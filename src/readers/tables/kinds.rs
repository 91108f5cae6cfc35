//! What a table is, by its header and by what its columns hold: a payment list, a bank's export, the
//! tool's own output.

use crate::facts::own_outputs;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::reading::Reading;
use crate::model::reading::Role;
use crate::readers::options::ReadOptions;
use crate::readers::tables::bank;
use crate::readers::tables::columns;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::columns::fold;
use crate::readers::tables::field::Field;
use crate::readers::tables::list;
use crate::readers::tables::record::Record;
use crate::readers::tables::values::ColumnMark;
use crate::readers::tables::values::day;

/// How many rows are looked at.
const ROWS: usize = 50;

/// What a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A payment list, or a confirmation.
    List,
    /// A bank's export.
    Bank,
    /// A bank's export that is not understood: no list, and no evidence.
    UnknownExport,
    /// A report of this tool, or the truth of a simulated month: no evidence.
    Own,
}

/// What a header may make of a table.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) columns: Columns,
    pub(super) kind: Kind,
    pub(super) mark: Option<ColumnMark>,
    pub(super) benefit: Option<String>,
}

impl Found {
    fn plain(columns: Columns, kind: Kind) -> Self {
        Self { columns, kind, mark: None, benefit: None }
    }
}

/// What this record would make of the table below it, if it is the header. The role that the command
/// line forces decides; else what the columns are called and what they hold.
pub(super) fn of(record: &Record, rows: &[Record], options: &ReadOptions) -> Vec<Found> {
    let names = || record.cells().map(|cell| cell.text);
    let forced_list = options.forced_role == Some(Role::List);
    let forced_bank = options.forced_role == Some(Role::Bank);
    if !forced_list && own_outputs::is_header(names()) {
        let mut columns = columns::of_list(names(), None);
        columns.fields.iter_mut().for_each(|field| *field = Some(Field::Unused));
        return vec![Found::plain(columns, Kind::Own)];
    }
    let mut list = columns::of_list(names(), None);
    if forced_list {
        // A list that the person says is one plans its credits.
        list.turn(Field::CreditedOn, Field::Unused);
    }
    let bank = columns::of_bank(names(), None);
    let is_list = list::is_list(&list);
    let is_export = bank::is_export(&bank);
    let mut found = Vec::new();
    let prefers_list = is_list && !forced_bank && is_export && speaks_for_list(&list, &bank, rows);
    let mut mapped =
        options.column_maps.iter().filter(|map| columns::fits(names(), map)).peekable();
    if mapped.peek().is_none() && is_export && !prefers_list && !forced_list {
        found.push(Found::plain(bank.clone(), Kind::Bank));
    }
    for map in mapped.filter(|_| !forced_list) {
        let bank = columns::of_bank(names(), Some(map));
        if bank::is_export(&bank) {
            found.push(Found::plain(bank, Kind::Bank));
        }
    }
    // What a map says besides is meant for its own tables.
    let named = options.column_maps.iter().filter(|map| columns::names_some(names(), map));
    for map in named.filter(|_| !forced_bank) {
        let columns = columns::of_list(names(), Some(map));
        if list::is_list(&columns) {
            let mark = map.decimal_mark().map(ColumnMark::Settled);
            let benefit = map.benefit.clone();
            found.push(Found { columns, kind: Kind::List, mark, benefit });
        }
    }
    if is_list && found.is_empty() {
        let is_foreign = !forced_list && !prefers_list && speaks_for_bank(&list, &bank, rows);
        let kind = if is_foreign { Kind::UnknownExport } else { Kind::List };
        found.push(Found::plain(list, kind));
    }
    found
}

/// Columns that only lists have: whose case it is, what for, by when, from which run.
const OF_LISTS: [Field; 8] = [
    Field::CaseId,
    Field::Benefit,
    Field::Run,
    Field::Facility,
    Field::Channel,
    Field::Office,
    Field::Block,
    Field::Due,
];

/// Columns that say which way money went.
const WAYS: [Field; 4] = [Field::Mark, Field::Debit, Field::Credit, Field::Balance];

/// Whether a list has a column of this meaning under a name that no bank uses.
fn has_own(list: &Columns, field: Field) -> bool {
    list.all(field).any(|column| !is_banks_word(list.name(column)))
}

fn has_list_columns(list: &Columns) -> bool {
    OF_LISTS.into_iter().any(|field| has_own(list, field))
}

/// Names that banks use, too.
fn is_banks_word(name: &str) -> bool {
    matches!(
        fold(name).as_str(),
        "valuta"
            | "vorgang"
            | "zahlungsart"
            | "zahlungsstatus"
            | "kundennummer"
            | "zahlart"
            | "stadt"
            | "storno"
            | "zahltag"
    )
}

/// Whether a table that could be either is a list: a case number or other columns that no bank has,
/// and nothing that says which way money went.
fn speaks_for_list(list: &Columns, bank: &Columns, rows: &[Record]) -> bool {
    let has_way = WAYS.iter().any(|field| bank.has(*field));
    let signs = [Field::OwnAccount, Field::BookingText];
    let has_sign = signs.iter().any(|field| bank.has(*field));
    !has_way
        && !has_negative(list, rows)
        && (has_own(list, Field::CaseId) || (has_list_columns(list) && !has_sign))
}

/// Whether a table that could be a list is a bank's export with columns that are not known: it says
/// on which day and which way money went, and nothing that only lists say.
fn speaks_for_bank(list: &Columns, bank: &Columns, rows: &[Record]) -> bool {
    if has_list_columns(list) || list.has(Field::CreditedOn) {
        return false;
    }
    let has_way = WAYS.iter().any(|field| bank.has(*field)) || has_negative(list, rows);
    let days = [Field::BookingDate, Field::ValueDate];
    has_way && (days.iter().any(|field| bank.has(*field)) || has_days(list, rows))
}

/// Whether an amount stands below zero.
fn has_negative(list: &Columns, rows: &[Record]) -> bool {
    let Some(column) = list.position(Field::Amount) else { return false };
    rows.iter().take(ROWS).any(|row| {
        let text = row.text(column);
        let sign = |sign: char| matches!(sign, '-' | '−' | '–');
        (text.starts_with(sign) || text.trim_end_matches("EUR").trim_end().ends_with(sign))
            && text.bytes().any(|byte| byte.is_ascii_digit())
    })
}

/// Whether a column other than that of due days holds days, row by row.
fn has_days(list: &Columns, rows: &[Record]) -> bool {
    let filled: Vec<&Record> = rows.iter().take(ROWS).filter(|row| row.width() > 1).collect();
    (0..list.names.len()).any(|column| {
        let days = filled.iter().filter(|row| day(row.text(column)).is_some()).count();
        days > 0 && days.saturating_mul(2) > filled.len()
    })
}

/// What becomes of a table that is no input: the tool's own output is named and left, a bank's export
/// that is not understood refuses the run.
pub(super) fn unusable(
    file: FileId,
    (kind, columns): (Kind, &Columns),
    place: Place,
    options: &ReadOptions,
) -> Option<Reading> {
    match kind {
        Kind::List | Kind::Bank => None,
        Kind::Own if options.forced_role.is_some() => {
            let problem = Problem::new(ProblemCode::WrongRole, Place::file(file));
            let expected = options.forced_role.map_or("", Role::name);
            let problem = problem.value("own-output").expected(expected);
            Some(Reading::refusal("own-output", problem))
        }
        Kind::Own => Some(Reading::own_output(file)),
        Kind::UnknownExport => {
            let names = columns.names.iter().filter(|name| !name.is_empty());
            let names: Vec<&str> = names.map(String::as_str).collect();
            let problem = Problem::new(ProblemCode::ExportUnknown, place).value(names.join(", "));
            Some(Reading { role: Role::Bank, ..Reading::refusal("bank-csv", problem) })
        }
    }
}
