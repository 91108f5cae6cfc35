//! The bank files of a month.

use std::io;
use std::io::Write;

use chrono::Datelike;

use crate::simulate::entry::Entry;
use crate::simulate::faults::Fault;
use crate::simulate::faults::Mix;
use crate::simulate::formats;
use crate::simulate::formats::BankFormat;
use crate::simulate::formats::statement::PAYER;
use crate::simulate::formats::statement::Statement;
use crate::simulate::month::Simulated;
use crate::simulate::noise;
use crate::simulate::random::Random;
use crate::simulate::settings::Files;
use crate::simulate::timetable::Day;

/// Balance before the first day, in cents: a county's account is never that empty.
const FIRST_BALANCE: i64 = 100_000_000;

/// Writes the bank files.
pub fn write(month: &mut Simulated<'_>, files: &mut dyn Files) -> io::Result<()> {
    let days: Vec<Day> = (month.timetable.start..=month.timetable.end).collect();
    month.scattered.sort_unstable();
    month.scattered.dedup();
    for day in days.iter().copied() {
        let extra: i64 = others(month, day).iter().map(|entry| entry.cents).sum();
        if let Some(moved) = month.moved.get_mut(day) {
            *moved += extra;
        }
    }
    let spent: i64 = month.moved.iter().map(|cents| (*cents).min(0)).sum();
    let mut balance = FIRST_BALANCE - spent;
    let format = month.settings.bank_format;
    let mut open: Option<(u32, Box<dyn Write>)> = None;
    for day in days {
        let statement = Statement {
            day: month.timetable.date(day),
            number: 100 + u64::try_from(day).unwrap_or(0),
            opening: balance,
            closing: balance + month.moved.get(day).copied().unwrap_or(0),
            intraday: false,
        };
        balance = statement.closing;
        if month.gap == Some(day) {
            continue;
        }
        if format.is_daily() {
            daily(month, day, &statement, files)?;
        } else {
            let number = statement.day.month();
            if open.as_ref().is_none_or(|(known, _)| *known != number) {
                open = Some((number, monthly(month, day, files)?));
            }
            if let Some((_, out)) = &mut open {
                write_day(month, format, day, &statement, out.as_mut())?;
            }
        }
        if day == month.timetable.due && repeats(month) {
            repeat(month, day, &statement, files)?;
        }
    }
    Ok(())
}

fn repeats(month: &Simulated<'_>) -> bool {
    let mut random = Random::new(month.settings.seed, u64::MAX - 1);
    random.happens(month.rate(Fault::DuplicateExport))
}

/// The due date once more in another format.
fn repeat(
    month: &mut Simulated<'_>,
    day: Day,
    statement: &Statement,
    files: &mut dyn Files,
) -> io::Result<()> {
    let other = if month.settings.bank_format.has_statements() {
        BankFormat::SparkasseCsv
    } else {
        BankFormat::Camt053
    };
    let path = format!("month/bank/nochmal-{}.{}", statement.day, other.ending());
    let mut out = files.create(&path)?;
    let mut head = Vec::new();
    formats::begin_file(other, statement.day, statement.day, &mut head);
    out.write_all(&head)?;
    write_day(month, other, day, statement, out.as_mut())
}

fn daily(
    month: &mut Simulated<'_>,
    day: Day,
    statement: &Statement,
    files: &mut dyn Files,
) -> io::Result<()> {
    let format = month.settings.bank_format;
    for (name, intraday) in [("C52", true), ("C53", false)] {
        if intraday && format != BankFormat::Camt052And053 {
            continue;
        }
        let path =
            format!("month/bank/{}_{name}_{PAYER}_EUR_{:06}.xml", statement.day, statement.number);
        let mut out = files.create(&path)?;
        write_day(month, format, day, &Statement { intraday, ..*statement }, out.as_mut())?;
    }
    Ok(())
}

/// Begins the file of a calendar month.
fn monthly(month: &Simulated<'_>, day: Day, files: &mut dyn Files) -> io::Result<Box<dyn Write>> {
    let format = month.settings.bank_format;
    let first = month.timetable.date(day);
    let same = |day: &Day| month.timetable.date(*day).month() == first.month();
    let last = (day..=month.timetable.end).take_while(same).last().unwrap_or(day);
    let path = format!("month/bank/umsaetze-{}.{}", first.format("%Y-%m"), format.ending());
    let mut out = files.create(&path)?;
    let mut head = Vec::new();
    formats::begin_file(format, first, month.timetable.date(last), &mut head);
    out.write_all(&head)?;
    Ok(out)
}

/// Unrelated bookings and collective debits of a day.
fn others(month: &Simulated<'_>, day: Day) -> Vec<Entry> {
    let settings = month.settings;
    let count = match settings.mix {
        Mix::Hostile => settings.payments / 200,
        _ => settings.payments / 2_000,
    };
    let clean = settings.mix == Mix::Clean;
    let mut entries: Vec<Entry> = (0..=count.min(5_000))
        .map(|number| noise::entry(settings.seed, day, number, clean))
        .collect();
    entries.extend(month.collective_debits(day));
    entries
}

/// Writes the entries of a day.
fn write_day(
    month: &mut Simulated<'_>,
    format: BankFormat,
    day: Day,
    statement: &Statement,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut page = Page {
        format,
        statement: *statement,
        balance: statement.opening,
        number: 0,
        pending: 0,
        buffer: Vec::with_capacity(70_000),
        out,
    };
    formats::begin_day(format, statement, &mut page.buffer);
    for entry in others(month, day) {
        page.add(&entry)?;
    }
    if month.is_busy(day) {
        // Banks do not book in the order of the lists: a prime step visits every case once.
        let step = 2_654_435_761_u128;
        let cases = u128::from(month.cases);
        for turn in 0..cases {
            let number = u64::try_from(turn * step % cases).unwrap_or(0);
            page.add_case(month, number, day)?;
        }
    } else {
        let numbers: Vec<u64> = month
            .scattered
            .iter()
            .filter(|(known, _)| *known == day)
            .map(|(_, number)| *number)
            .collect();
        for number in numbers {
            page.add_case(month, number, day)?;
        }
    }
    formats::end_day(format, statement, &mut page.buffer);
    page.flush()?;
    page.out.flush()
}

/// A day while it is written.
struct Page<'a> {
    format: BankFormat,
    statement: Statement,
    balance: i64,
    number: u64,
    pending: u64,
    buffer: Vec<u8>,
    out: &'a mut dyn Write,
}

impl Page<'_> {
    fn add_case(&mut self, month: &mut Simulated<'_>, number: u64, day: Day) -> io::Result<()> {
        let case = month.case(number);
        for entry in case.entries.iter().chain(&case.last_month).filter(|entry| entry.day == day) {
            self.add(entry)?;
        }
        Ok(())
    }

    fn add(&mut self, entry: &Entry) -> io::Result<()> {
        let previews = self.statement.intraday || !self.format.has_statements();
        if entry.pending && !(previews && self.format.shows_pending()) {
            return Ok(());
        }
        let number = if entry.pending {
            self.pending += 1;
            // Apart from the numbers of booked entries, which two reports of a day share.
            5_000_000_000 + self.pending
        } else {
            self.number += 1;
            self.balance += entry.cents;
            self.number
        };
        formats::entry(self.format, &self.statement, entry, number, self.balance, &mut self.buffer);
        if self.buffer.len() > 60_000 {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}
