//! CSV exports of the banks' online banking.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::facts::section_titles::Title;
use crate::facts::signs::may_speak_against;
use crate::model::amount::Amount;
use crate::model::currency::Currency;
use crate::model::iban::Iban;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::reading::Reading;
use crate::model::reading::Role;
use crate::model::statement::Balance;
use crate::model::statement::BookingStatus;
use crate::model::statement::Doubt;
use crate::model::statement::Statement;
use crate::model::statement::StatementEntry;
use crate::model::statement::StatementKind;
use crate::readers::interpret;
use crate::readers::remarks;
use crate::readers::remarks::Unnamed;
use crate::readers::tables::accounts;
use crate::readers::tables::booking_row::Export;
use crate::readers::tables::booking_state;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::columns::fold;
use crate::readers::tables::field::Field;
use crate::readers::tables::gaps::Line;
use crate::readers::tables::gaps::balance_breaks;
use crate::readers::tables::gaps::unreadable_days;
use crate::readers::tables::layouts;
use crate::readers::tables::preamble::About;
use crate::readers::tables::preamble::about;
use crate::readers::tables::record::Record;
use crate::readers::tables::row_shape::Heading;
use crate::readers::tables::row_shape::heading;
use crate::readers::tables::sections;
use crate::readers::tables::unread_columns;
use crate::readers::tables::unread_columns::Seen;
use crate::readers::tables::values::ColumnMark;
use crate::readers::tables::values::DayOrder;
use crate::readers::tables::values::column_mark;
use crate::readers::tables::values::day;
use crate::readers::tables::values::day_order;

/// Whether a header is that of a bank's export.
pub fn is_export(columns: &Columns) -> bool {
    columns.make_export()
}

/// The machine name of the layout.
pub fn layout_of(columns: &Columns) -> &'static str {
    let names: Vec<String> = columns.names.iter().map(|name| fold(name)).collect();
    layouts::of_names(&names).name
}

/// Reads an export: one statement for each account in it.
pub fn read(
    file: FileId,
    columns: &Columns,
    preamble: &[Record],
    rows: &[Record],
    header: Place,
    reading: &mut Reading,
) {
    layout_of(columns).clone_into(&mut reading.format);
    reading.role = Role::Bank;
    let mut section = Section { columns: Some(columns.clone()), preamble, rows: &[], header };
    let (mut start, mut number, mut has_period) = (0, 0_usize, false);
    loop {
        let (end, next) = next_heading(columns, rows, start);
        section.rows = rows.get(start..end).unwrap_or_default();
        let is_first = number == 0;
        has_period |= section.read(file, is_first, reading);
        let Some(heading) = next else { break };
        let line = rows.get(end).map_or(0, |row| row.line);
        section = Section {
            preamble: above(section.rows),
            columns: match heading {
                Heading::Known(columns) => Some(*columns),
                Heading::Unknown => None,
            },
            rows: &[],
            header: Place::line(file, line),
        };
        reading.skipped = reading.skipped.saturating_add(1);
        start = end.saturating_add(1);
        number = number.saturating_add(1);
    }
    let entries: usize = reading.statements.iter().map(|statement| statement.entries.len()).sum();
    if entries == 0 && !has_period {
        reading.problems.push(Problem::new(ProblemCode::NothingFound, header));
        reading.refused = true;
    }
}

/// The next row that is a header of its own, and what it makes of the rows behind it.
fn next_heading(columns: &Columns, rows: &[Record], start: usize) -> (usize, Option<Heading>) {
    let found = rows
        .iter()
        .enumerate()
        .skip(start)
        .find_map(|(number, row)| heading(columns, row).map(|heading| (number, Some(heading))));
    found.unwrap_or((rows.len(), None))
}

/// The lines above a header within the file: those behind the last dated row before it.
fn above(rows: &[Record]) -> &[Record] {
    let dated = |row: &Record| row.cells().take(2).any(|cell| day(cell.text).is_some());
    let from = rows.iter().rposition(dated).map_or(0, |last| last.saturating_add(1));
    rows.get(from..).unwrap_or_default()
}

/// A table within the file: exports of several accounts have several.
struct Section<'a> {
    /// `None` if nobody knows what its header means.
    columns: Option<Columns>,
    preamble: &'a [Record],
    rows: &'a [Record],
    header: Place,
}

impl Section<'_> {
    /// Reads the rows into statements; tells whether the head states a period.
    fn read(&self, file: FileId, is_first: bool, reading: &mut Reading) -> bool {
        let about = about(self.preamble);
        let Some(columns) = self.columns.as_ref() else {
            self.leave(&about, reading);
            return false;
        };
        let mut columns = columns.clone();
        accounts::settle(&mut columns, self.rows, about.account.as_ref());
        let export = Export::new(file, &columns, self.rows, about.holder.clone());
        let account = about.account.clone().or_else(|| columns.rules.own_account.clone());
        let read = self.lines(&export, reading);
        let remarks = self.remarks(&read);
        let mut statements: BTreeMap<Option<Iban>, Vec<Line>> = BTreeMap::new();
        let mut order: Vec<Option<Iban>> = Vec::new();
        let decisive = {
            let seen: Vec<Seen<'_>> = read
                .iter()
                .filter_map(|(row, own, line)| match line {
                    Line::Entry(entry, _) => {
                        Some(Seen { row, entry, own: own.as_ref().or(account.as_ref()) })
                    }
                    _ => None,
                })
                .collect();
            let values = (export.days, export.mark);
            unread_columns::tell(&columns, &seen, values, self.header, &mut reading.problems)
        };
        for (_, own, line) in read {
            let own = own.or_else(|| account.clone());
            if !order.contains(&own) {
                order.push(own.clone());
            }
            statements.entry(own).or_default().push(line);
        }
        if order.is_empty() {
            order.push(account.clone());
        }
        for own in order {
            let lines = statements.remove(&own).unwrap_or_default();
            // A further table without the name of its account may be that of any.
            let is_nameless = !is_first && own.is_none();
            let period = about.period;
            let problems = &mut reading.problems;
            let mut made = statement(own, period, lines, (self.header, &remarks), problems);
            made.covers_nothing |= decisive || is_nameless;
            if decisive {
                for entry in &mut made.entries {
                    entry.doubt = Some(Doubt::UnknownColumn);
                }
            }
            reading.statements.push(made);
        }
        about.period.is_some()
    }

    /// The rows with the accounts they are on. A row that is no booking by its shape may stand
    /// above or below the bookings only: between them it may have been one.
    fn lines<'a>(
        &'a self,
        export: &Export<'_>,
        reading: &mut Reading,
    ) -> Vec<(&'a Record, Option<Iban>, Line)> {
        let mut read: Vec<(&Record, Option<Iban>, Line)> = Vec::new();
        // Rows that are none, behind the last booking so far.
        let mut passed: Vec<(&Record, Option<Line>)> = Vec::new();
        let mut is_announced = sections::announced_above(self.preamble);
        for row in self.rows.iter().filter(|row| !row.is_blank()) {
            let title = sections::title(export.columns, row);
            if title == Some(Title::Announced) || (is_announced && title.is_some()) {
                is_announced = title == Some(Title::Announced);
                reading.skipped = reading.skipped.saturating_add(1);
                continue;
            }
            match export.line(row, reading) {
                None => passed.push((row, None)),
                Some(line @ Line::Balance { .. }) => passed.push((row, Some(line))),
                Some(mut line) => {
                    if let Line::Entry(entry, _) = &mut line {
                        if is_announced {
                            entry.status =
                                booking_state::weaker(entry.status, BookingStatus::Pending);
                        }
                    }
                    let is_inside = read.iter().any(|(_, _, line)| matches!(line, Line::Entry(..)));
                    for (row, line) in passed.drain(..) {
                        keep(export, row, line, is_inside, reading, &mut read);
                    }
                    read.push((row, export.own_account(row), line));
                }
            }
        }
        for (row, line) in passed {
            keep(export, row, line, false, reading, &mut read);
        }
        read
    }

    /// The texts of all lines that are no bookings and may speak against one.
    fn remarks(&self, read: &[(&Record, Option<Iban>, Line)]) -> Vec<String> {
        let is_booking = |row: &Record| {
            // Both are in the order of the lines.
            let at = read.binary_search_by_key(&row.line, |(other, _, _)| other.line);
            at.is_ok_and(|at| matches!(read.get(at), Some((_, _, Line::Entry(..)))))
        };
        let rows = self.preamble.iter().chain(self.rows.iter().filter(|row| !is_booking(row)));
        let text = |row: &Record| row.cells().map(|cell| cell.text).collect::<Vec<_>>().join(" ");
        rows.map(text).filter(|text| may_speak_against(text.as_bytes())).collect()
    }

    /// Rows below a header that means nothing: their days are not known.
    fn leave(&self, about: &About, reading: &mut Reading) {
        let rows = self.rows.iter().filter(|row| !row.is_blank());
        let lines: Vec<Line> = rows
            .filter_map(|row| {
                let first = row.cells().find_map(|cell| day(cell.text));
                reading.skipped = reading.skipped.saturating_add(1);
                first.map(|day| Line::Unreadable(Some(day)))
            })
            .collect();
        reading.problems.push(Problem::new(ProblemCode::SectionUnread, self.header));
        let account = about.account.clone();
        let place = (self.header, [].as_slice());
        let made = statement(account, None, lines, place, &mut reading.problems);
        reading.statements.push(Statement { covers_nothing: true, ..made });
    }
}

/// Passes over a row that is no booking, or names it where it stands between bookings.
fn keep<'a>(
    export: &Export<'_>,
    row: &'a Record,
    line: Option<Line>,
    is_inside: bool,
    reading: &mut Reading,
    read: &mut Vec<(&'a Record, Option<Iban>, Line)>,
) {
    reading.skipped = reading.skipped.saturating_add(1);
    if !is_inside {
        if let Some(line) = line {
            read.push((row, export.own_account(row), line));
        }
        return;
    }
    let place = Place::line(export.file, row.line);
    let column = export.columns.position(Field::BookingDate).unwrap_or(0);
    let problem = Problem::new(ProblemCode::EntryUnreadable, place);
    reading.problems.push(problem.field(export.columns.name(column)).value(row.text(column)));
    let day = match line {
        Some(Line::Balance { day, .. }) => day,
        _ => None,
    };
    read.push((row, export.own_account(row), Line::Unreadable(day)));
}

impl<'a> Export<'a> {
    /// An export whose layout, or else whose cells say how it writes its values.
    pub(crate) fn new(
        file: FileId,
        columns: &'a Columns,
        rows: &[Record],
        holder: Option<String>,
    ) -> Self {
        let cells = |field: Field| {
            columns.all(field).flat_map(|column| rows.iter().map(move |row| row.text(column)))
        };
        let mark = columns.rules.decimal.map_or_else(
            || {
                let money = Field::MONEY.into_iter().chain([Field::Balance]);
                column_mark(money.flat_map(cells))
            },
            ColumnMark::Settled,
        );
        let shown = day_order(cells(Field::BookingDate).chain(cells(Field::ValueDate)));
        let days = match shown {
            DayOrder::Open => columns.rules.days,
            shown => shown,
        };
        Self { file, columns, mark, days, holder }
    }
}

/// The rows of one account as a statement.
pub(crate) fn statement(
    account: Option<Iban>,
    period: Option<(NaiveDate, NaiveDate)>,
    lines: Vec<Line>,
    (header, remarks): (Place, &[String]),
    problems: &mut Vec<Problem>,
) -> Statement {
    let mut statement = Statement {
        place: header,
        kind: StatementKind::Export,
        account,
        period,
        ..Statement::default()
    };
    statement.unreadable_days = unreadable_days(&lines);
    if lines.iter().any(|line| matches!(line, Line::Unreadable(_)))
        && statement.unreadable_days.is_empty()
    {
        statement.covers_nothing = true;
    }
    let chain: Vec<(&StatementEntry, Amount)> = lines
        .iter()
        .filter_map(|line| match line {
            Line::Entry(entry, Some(balance)) if entry.status == BookingStatus::Booked => {
                Some((&**entry, *balance))
            }
            _ => None,
        })
        .collect();
    for (place, expected, found, from, to) in balance_breaks(&chain) {
        problems.push(
            Problem::new(ProblemCode::RunningBalanceBroken, place)
                .value(found.to_string())
                .expected(expected.to_string()),
        );
        statement.unreadable_days.push((from, to));
    }
    for line in lines {
        match line {
            Line::Entry(entry, _) => statement.entries.push(*entry),
            Line::Unreadable(_) => {}
            Line::Balance { closing, day, amount } => {
                let balance = Some(Balance { day, amount, currency: Currency::EUR });
                if closing {
                    statement.closing = statement.closing.or(balance);
                } else {
                    statement.opening = statement.opening.or(balance);
                }
            }
        }
    }
    tie(&mut statement, problems);
    for text in remarks {
        remarks::add(text, &mut statement.entries, Unnamed::Nobody);
    }
    interpret::statement(&mut statement);
    statement
}

/// The balances that rows of the export state are tried against its bookings.
fn tie(statement: &mut Statement, problems: &mut Vec<Problem>) {
    let (Some(opening), Some(closing)) = (statement.opening, statement.closing) else { return };
    let booked = statement.entries.iter().filter(|e| e.status == BookingStatus::Booked);
    let expected = booked.clone().fold(opening.amount, |sum, entry| sum.plus(entry.signed()));
    if expected == closing.amount {
        return;
    }
    problems.push(
        Problem::new(ProblemCode::BalanceDiffers, statement.place)
            .value(closing.amount.to_string())
            .expected(expected.to_string()),
    );
    let days = booked.filter_map(|entry| entry.booking_date).chain(opening.day).chain(closing.day);
    if let (Some(first), Some(last)) = (days.clone().min(), days.max()) {
        statement.unreadable_days.push((first, last));
    }
}
