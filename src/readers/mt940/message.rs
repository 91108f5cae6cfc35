//! A statement from the fields of its message.

use chrono::NaiveDate;

use crate::model::amount::Amount;
use crate::model::currency::Currency;
use crate::model::date::from_yymmdd;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::problem::Severity;
use crate::model::statement::Balance;
use crate::model::statement::BookingStatus;
use crate::model::statement::Direction;
use crate::model::statement::Numbering;
use crate::model::statement::Statement;
use crate::model::statement::StatementEntry;
use crate::model::statement::StatementKind;
use crate::model::text::filled;
use crate::readers::interpret;
use crate::readers::mt940::booking;
use crate::readers::mt940::entry_line;
use crate::readers::mt940::entry_line::EntryLine;
use crate::readers::mt940::entry_line::comma_amount;
use crate::readers::mt940::fields::Field;
use crate::readers::mt940::frame;
use crate::readers::mt940::subfields;
use crate::readers::remarks;
use crate::readers::remarks::Unnamed;
use crate::readers::runs::Run;

/// A finished statement.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) statement: Statement,
    /// It ends before its closing balance.
    pub(super) cut_off: bool,
    /// Bookings of it that were kept in brief may not be.
    pub(super) failed: bool,
}

/// A statement being read.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a field that was seen or not")]
pub(super) struct Message<'a> {
    file: FileId,
    statement: Statement,
    /// MT942: has floor limit, time stamp or counters, and no balances.
    interim: bool,
    opened: bool,
    /// The closing balance or the counters were seen: what follows may be a new statement.
    closed: bool,
    /// `:62F:` or `:62M:` was seen, readable or not.
    has_closing: bool,
    /// First or last page of several: `:60M:` or `:62M:`.
    paged: Option<bool>,
    number: Option<(String, Option<u32>)>,
    currency: Option<Currency>,
    /// The `:61:` whose text may follow.
    open: Option<Unread<'a>>,
    /// What the bookings kept in brief add up to, and how many they are.
    in_brief: (Amount, usize),
    /// Some of those are in another currency than the euro.
    foreign: bool,
    /// A dash stands before what comes next.
    dashed: bool,
    unreadable: u64,
    counters: Vec<(Direction, u64, Amount, u32)>,
    /// What `:86:` fields say that belong to no booking.
    remarks: Vec<&'a str>,
}

/// A booking whose text is still to be read.
#[derive(Debug)]
struct Unread<'a> {
    place: Place,
    line: EntryLine,
    currency: Currency,
    /// The lines of its `:86:`.
    text: Vec<&'a str>,
    /// The lines of fields that nobody knows.
    unknown: Vec<&'a str>,
}

impl Unread<'_> {
    fn read(&self) -> StatementEntry {
        let mut entry = booking::from_line(self.place, &self.line, self.currency);
        booking::add_text(&mut entry, &self.line.kind, &self.text);
        if !self.unknown.is_empty() {
            let known = entry.unread.take();
            let all = known.as_deref().into_iter().chain(self.unknown.iter().copied());
            entry.unread = filled(&all.collect::<Vec<_>>().join(" "));
        }
        entry
    }
}

impl<'a> Message<'a> {
    pub(super) fn new(file: FileId, line: u32) -> Self {
        let place = Place::line(file, line);
        Self {
            file,
            statement: Statement { place, numbering: Numbering::Swift, ..Statement::default() },
            interim: false,
            opened: false,
            closed: false,
            has_closing: false,
            paged: None,
            number: None,
            currency: None,
            open: None,
            in_brief: (Amount::ZERO, 0),
            foreign: false,
            dashed: false,
            unreadable: 0,
            counters: Vec::new(),
            remarks: Vec::new(),
        }
    }

    /// Whether a field begins a new statement, though no `:20:` stands before it.
    pub(super) fn is_over_at(&self, tag: &str) -> bool {
        self.closed && matches!(tag, "25" | "25P" | "28C" | "60F" | "60M" | "61" | "34F")
    }

    /// Records seen and not used.
    pub(super) fn unreadable(&self) -> u64 {
        self.unreadable
    }

    /// Whether its balances were told.
    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    /// A dash stands alone. Before the closing balance some banks write one that ends nothing.
    pub(super) fn dash(&mut self) {
        self.dashed = true;
    }

    /// Whether a dash ended it: its balances were told, or a new statement begins with this tag.
    pub(super) fn ended_at(&self, tag: &str) -> bool {
        let begins = matches!(tag, "25" | "25P" | "28C" | "28" | "60F" | "60M" | "34F");
        self.dashed && (self.closed || begins)
    }

    /// Whether it has anything of a statement.
    pub(super) fn is_statement(&self) -> bool {
        self.opened || self.has_closing || self.interim || self.open.is_some() || self.has_entries()
    }

    /// A field that nobody knows: inside of a booking it is searched like its text.
    pub(super) fn unknown(&mut self, field: &Field<'a>) {
        if let Some(open) = &mut self.open {
            open.unknown.extend(&field.lines);
        }
    }

    /// Takes the next field.
    pub(super) fn field(&mut self, field: &Field<'a>, problems: &mut Vec<Problem>) {
        if field.tag != "86" && field.tag != "NS" {
            self.close_entry();
        }
        self.dashed = false;
        let content = field.lines.first().copied().unwrap_or_default().trim();
        match field.tag {
            "25" | "25P" => self.account(content, field, problems),
            "28" | "28C" => self.number = Some(frame::statement_number(content)),
            "60F" | "60M" => {
                self.opened = true;
                self.statement.opening = self.balance(content, field, problems);
                if field.tag == "60M" {
                    self.paged = Some(false);
                }
            }
            "62F" | "62M" => {
                self.closed = true;
                self.has_closing = true;
                self.statement.closing = self.balance(content, field, problems);
                if field.tag == "62M" || self.paged.is_some() {
                    self.paged = Some(field.tag == "62F");
                }
            }
            // What some banks write for the closing balance.
            "65F" if !self.has_closing => {
                self.statement.closing = frame::balance(content);
                self.has_closing = self.statement.closing.is_some();
                self.closed |= self.has_closing;
            }
            "61" => self.entry(field, problems),
            // One behind the closing balance speaks of the statement, not of a booking.
            "86" => match &mut self.open {
                Some(open) => subfields::append(&mut open.text, &field.lines),
                None => self.remarks.extend(&field.lines),
            },
            "34F" => {
                self.interim = true;
                self.currency = self.currency.or_else(|| Currency::parse(content.get(..3)?));
            }
            "13" | "13D" => {
                self.interim = true;
                let day = content.get(..6).and_then(from_yymmdd);
                self.statement.period = self.statement.period.or(day.map(|day| (day, day)));
            }
            "90D" | "90C" => self.counter(content, field),
            _ => {}
        }
    }

    fn account(&mut self, content: &str, field: &Field<'_>, problems: &mut Vec<Problem>) {
        if self.statement.account.is_some() && (self.opened || self.has_entries()) {
            // Two accounts in one statement: whose bookings are these?
            problems.push(
                Problem::new(ProblemCode::EntryUnreadable, self.at(field)).field(":25:").value(
                    frame::account(content)
                        .map_or_else(|| "?".to_owned(), |account| account.masked()),
                ),
            );
            self.statement.covers_nothing = true;
            return;
        }
        self.statement.account = frame::account(content);
    }

    fn has_entries(&self) -> bool {
        !self.statement.entries.is_empty() || self.in_brief.1 > 0
    }

    fn at(&self, field: &Field<'_>) -> Place {
        Place::line(self.file, field.line)
    }

    fn balance(
        &mut self,
        content: &str,
        field: &Field<'_>,
        problems: &mut Vec<Problem>,
    ) -> Option<Balance> {
        let found = frame::balance(content);
        if let Some(balance) = &found {
            self.currency = Some(balance.currency);
        } else {
            self.statement.covers_nothing = true;
            problems.push(
                Problem::new(ProblemCode::EntryUnreadable, self.at(field))
                    .field(format!(":{}:", field.tag))
                    .value(content),
            );
        }
        found
    }

    fn entry(&mut self, field: &Field<'_>, problems: &mut Vec<Problem>) {
        match entry_line::read(&field.lines) {
            Ok(line) => {
                let currency = self.currency.unwrap_or_default();
                let place = self.at(field);
                self.open =
                    Some(Unread { place, line, currency, text: Vec::new(), unknown: Vec::new() });
            }
            Err(entry_line::Unreadable(value)) => {
                self.unreadable = self.unreadable.saturating_add(1);
                self.statement.covers_nothing = true;
                problems.push(
                    Problem::new(ProblemCode::EntryUnreadable, self.at(field))
                        .field(":61:")
                        .value(value),
                );
            }
        }
    }

    fn close_entry(&mut self) {
        self.statement.entries.extend(self.open.take().map(|open| open.read()));
    }

    /// How many bookings are in full.
    pub(super) fn entries(&self) -> usize {
        self.statement.entries.len()
    }

    /// Takes a run of bookings that are kept in brief.
    pub(super) fn run(&mut self, run: Option<Run>) {
        self.close_entry();
        self.dashed = false;
        let Some(run) = run else {
            self.foreign = true;
            return;
        };
        self.foreign |= self.currency.unwrap_or_default() != Currency::EUR;
        let (sum, count) = self.in_brief;
        self.in_brief = (sum.plus(run.sum), count.saturating_add(run.count));
        run.widen(&mut self.statement.brief_days);
    }

    fn counter(&mut self, content: &str, field: &Field<'_>) {
        self.interim = true;
        self.closed = true;
        let direction = if field.tag == "90D" { Direction::Debit } else { Direction::Credit };
        let end = content.find(|c: char| !c.is_ascii_digit()).unwrap_or(content.len());
        let count = content.get(..end).and_then(|count| count.parse().ok());
        let amount = content
            .get(end.saturating_add(3)..)
            .and_then(|digits| comma_amount(digits).or_else(|| Amount::from_iso(digits).ok()));
        if let (Some(count), Some(amount)) = (count, amount) {
            self.counters.push((direction, count, amount, field.line));
        }
    }

    /// Ends the statement: checks balances and counters.
    pub(super) fn finish(mut self, problems: &mut Vec<Problem>) -> Finished {
        self.close_entry();
        self.remark(problems);
        let interim = self.interim && !self.opened && !self.has_closing;
        let failed = self.foreign || (interim && self.in_brief.1 > 0);
        if let Some((number, page)) = self.number.take() {
            self.statement.number = filled(&number);
            self.statement.page = page.zip(self.paged);
        }
        let mut cut_off = false;
        if interim {
            self.statement.kind = StatementKind::Intraday;
            // The report tells of bookings to come, too, and does not say which ones those are.
            for entry in &mut self.statement.entries {
                entry.status = BookingStatus::Pending;
            }
            self.check_counters(problems);
        } else {
            cut_off = !self.has_closing;
            if cut_off {
                self.statement.covers_nothing = true;
                problems.push(
                    Problem::new(ProblemCode::ClosingBalanceMissing, self.statement.place)
                        .field(":62F:"),
                );
            } else {
                self.check_balances(problems);
            }
            self.date_bookings();
        }
        interpret::statement(&mut self.statement);
        Finished { statement: self.statement, cut_off, failed }
    }

    /// What texts about the statement say may be said of its bookings.
    fn remark(&mut self, problems: &mut Vec<Problem>) {
        let text = self.remarks.join(" ");
        // Bookings in brief may be meant too.
        self.foreign |= self.in_brief.1 > 0 && interpret::speaks_against(&text).is_some();
        if remarks::add(&text, &mut self.statement.entries, Unnamed::All) {
            let problem = Problem::new(ProblemCode::ElementUnread, self.statement.place);
            problems.push(problem.field(":86:"));
        }
    }

    /// A booking whose second date is left out was booked on the day of its statement; where that is
    /// several days, on its value date if it is one of them, else at the latest on the last.
    fn date_bookings(&mut self) {
        let day = |balance: Option<Balance>| balance.and_then(|balance| balance.day);
        let (opening, closing) = (day(self.statement.opening), day(self.statement.closing));
        let Some(closing) = closing else { return };
        let is_inside = |value: NaiveDate| {
            value <= closing
                && match opening {
                    // The opening balance is that of the day before.
                    Some(opening) if opening < closing => opening < value,
                    Some(_) => value == closing,
                    None => true,
                }
        };
        for entry in &mut self.statement.entries {
            if entry.booking_date.is_none() {
                entry.booking_date =
                    entry.value_date.filter(|day| is_inside(*day)).or(Some(closing));
            }
        }
    }

    fn check_balances(&mut self, problems: &mut Vec<Problem>) {
        let Some(opening) = self.statement.opening else {
            if !self.opened {
                self.statement.covers_nothing = true;
                problems.push(
                    Problem::new(ProblemCode::ElementMissing, self.statement.place)
                        .field(":60F:")
                        .severity(Severity::Warning),
                );
            }
            return;
        };
        let Some(closing) = self.statement.closing else { return };
        let booked = self.statement.entries.iter().filter(|e| e.status == BookingStatus::Booked);
        let end = booked
            .map(StatementEntry::signed)
            .try_fold(opening.amount, Amount::checked_add)
            .and_then(|end| end.checked_add(self.in_brief.0.negated()))
            .filter(|_| opening.currency == closing.currency);
        if end == Some(closing.amount) {
            return;
        }
        self.statement.covers_nothing = true;
        // An entry that could not be read has been reported and explains the difference.
        if self.unreadable == 0 {
            let end = end.map_or_else(|| "?".to_owned(), |amount| amount.to_string());
            problems.push(
                Problem::new(ProblemCode::BalanceDiffers, self.statement.place)
                    .value(end)
                    .expected(closing.amount.to_string()),
            );
        }
    }

    fn check_counters(&self, problems: &mut Vec<Problem>) {
        for (direction, count, amount, line) in &self.counters {
            let entries = self.statement.entries.iter().filter(|e| e.direction == *direction);
            let found = u64::try_from(entries.clone().count()).unwrap_or(u64::MAX);
            let sum: Amount = entries.map(|entry| entry.amount).sum();
            // A floor limit leaves small bookings out of the list, not out of the counters.
            let place = Place::line(self.file, *line);
            if found != *count {
                problems.push(
                    Problem::new(ProblemCode::CountDiffers, place)
                        .severity(Severity::Warning)
                        .value(found.to_string())
                        .expected(count.to_string()),
                );
            } else if sum != *amount {
                problems.push(
                    Problem::new(ProblemCode::ControlSumDiffers, place)
                        .severity(Severity::Warning)
                        .value(sum.to_string())
                        .expected(amount.to_string()),
                );
            }
        }
    }
}
