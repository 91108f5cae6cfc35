//! The two tellings of the bookings.

use std::io;
use std::ops::RangeInclusive;

use crate::simulate::against::booking::Booking;
use crate::simulate::against::kinds::Carrier;
use crate::simulate::against::shapes::Shape;
use crate::simulate::against::shapes::shaped;
use crate::simulate::entry::Entry;
use crate::simulate::formats;
use crate::simulate::formats::BankFormat;
use crate::simulate::formats::statement::Statement;
use crate::simulate::settings::Files;
use crate::simulate::timetable::Day;
use crate::simulate::timetable::Timetable;

/// Balance before the first day, in cents.
const FIRST_BALANCE: i64 = 100_000_000_000;

/// The account's bookings by day.
#[derive(Clone, Debug, Default)]
pub struct Account {
    days: Vec<Vec<Booking>>,
}

/// How a file tells the account.
#[derive(Clone, Debug)]
pub struct Telling<'a> {
    /// Folder below the month's.
    pub folder: &'a str,
    /// Its format.
    pub carrier: Carrier,
    /// Its days.
    pub days: RangeInclusive<Day>,
    /// The further file, which tells more.
    pub rich: bool,
}

impl Account {
    /// Adds a booking.
    pub fn book(&mut self, booking: Booking) {
        let day = booking.rich.day;
        while self.days.len() <= day {
            self.days.push(Vec::new());
        }
        if let Some(bookings) = self.days.get_mut(day) {
            bookings.push(booking);
        }
    }

    fn of(&self, day: Day) -> &[Booking] {
        self.days.get(day).map_or(&[], Vec::as_slice)
    }

    fn moved(&self, day: Day) -> i64 {
        let booked = self.of(day).iter().filter(|booking| booking.booked);
        booked.map(|booking| booking.rich.cents).sum()
    }

    /// Writes a telling.
    ///
    /// # Errors
    ///
    /// What `files` says.
    pub fn write(
        &self,
        telling: &Telling<'_>,
        timetable: &Timetable,
        files: &mut dyn Files,
    ) -> io::Result<()> {
        let format = match telling.carrier {
            Carrier::Bank(format) => format,
            Carrier::Report | Carrier::Notification => BankFormat::Camt053,
        };
        let (first, last) = (*telling.days.start(), *telling.days.end());
        let mut whole = Vec::new();
        formats::begin_file(format, timetable.date(first), timetable.date(last), &mut whole);
        let mut balance = FIRST_BALANCE + (0..first).map(|day| self.moved(day)).sum::<i64>();
        for day in telling.days.clone() {
            let statement = Statement {
                day: timetable.date(day),
                number: 100 + u64::try_from(day).unwrap_or(0),
                opening: balance,
                closing: balance + self.moved(day),
                intraday: !telling.carrier.is_whole(),
            };
            balance = statement.closing;
            if !format.is_daily() {
                self.day(telling, format, &statement, day, &mut whole);
                continue;
            }
            let reports = format == BankFormat::Camt052And053;
            for intraday in if reports { &[true, false][..] } else { &[false] } {
                let statement =
                    Statement { intraday: statement.intraday || *intraday, ..statement };
                let mut page = Vec::new();
                let told = self.day(telling, format, &statement, day, &mut page);
                let kind = if statement.intraday { "052" } else { "053" };
                let path = format!("month/{}/{}-{kind}.xml", telling.folder, statement.day);
                if told > 0 || telling.carrier.is_whole() {
                    let page = notification(page, telling.carrier);
                    files.create(&path)?.write_all(&page)?;
                }
            }
        }
        if !format.is_daily() {
            let path = format!("month/{}/umsaetze.{}", telling.folder, format.ending());
            files.create(&path)?.write_all(&whole)?;
        }
        Ok(())
    }

    /// Tells a day; how many bookings it told.
    fn day(
        &self,
        telling: &Telling<'_>,
        format: BankFormat,
        statement: &Statement,
        day: Day,
        out: &mut Vec<u8>,
    ) -> usize {
        formats::begin_day(format, statement, out);
        let mut balance = statement.opening;
        let mut told = 0;
        for (number, booking) in self.of(day).iter().enumerate() {
            let entry = if telling.rich { &booking.rich } else { &booking.poor };
            if !tells(telling, format, statement, booking, entry) {
                continue;
            }
            told += 1;
            balance += if booking.booked { entry.cents } else { 0 };
            let mut line = Vec::new();
            let number = u64::try_from(number).unwrap_or(0) + 1;
            formats::entry(format, statement, entry, number, balance, &mut line);
            if telling.rich && telling.carrier.is_camt() && booking.shape != Shape::Usual {
                line = shaped(&String::from_utf8_lossy(&line), &booking.shape).into_bytes();
            }
            out.extend_from_slice(&line);
        }
        formats::end_day(format, statement, out);
        told
    }
}

/// Whether a telling holds a booking.
fn tells(
    telling: &Telling<'_>,
    format: BankFormat,
    statement: &Statement,
    booking: &Booking,
    entry: &Entry,
) -> bool {
    if !telling.rich {
        return booking.booked;
    }
    let complete = telling.carrier.is_whole();
    let shown = if entry.pending {
        statement.intraday || complete && format.shows_pending() && !format.has_statements()
    } else {
        booking.booked || booking.special
    };
    shown && (complete || booking.special)
}

/// A report made a notification.
fn notification(page: Vec<u8>, carrier: Carrier) -> Vec<u8> {
    if carrier != Carrier::Notification {
        return page;
    }
    String::from_utf8_lossy(&page)
        .replace("camt.052.001.08", "camt.054.001.08")
        .replace("BkToCstmrAcctRpt", "BkToCstmrDbtCdtNtfctn")
        .replace("<Rpt>", "<Ntfctn>")
        .replace("</Rpt>", "</Ntfctn>")
        .into_bytes()
}
