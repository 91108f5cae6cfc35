//! A month of contradictions.

use std::io;

use crate::model::date::Month;
use crate::simulate::against::bank::Account;
use crate::simulate::against::bank::Telling;
use crate::simulate::against::booking::Booking;
use crate::simulate::against::build::Built;
use crate::simulate::against::build::Wanted;
use crate::simulate::against::build::build;
use crate::simulate::against::kinds::Against;
use crate::simulate::against::kinds::Carrier;
use crate::simulate::against::kinds::Setting;
use crate::simulate::against::kinds::Way;
use crate::simulate::against::messages;
use crate::simulate::against::messages::Message;
use crate::simulate::case::List;
use crate::simulate::case::run_name;
use crate::simulate::entry::Entry;
use crate::simulate::entry::Kind;
use crate::simulate::lists;
use crate::simulate::lists::ListFile;
use crate::simulate::noise;
use crate::simulate::order;
use crate::simulate::order::Tally;
use crate::simulate::random::Random;
use crate::simulate::settings::Files;
use crate::simulate::timetable::Timetable;

/// What a month of contradictions shall be like.
#[derive(Clone, Copy, Debug)]
pub struct Contradicted {
    /// Number of payments; a case more where the last one has several.
    pub payments: usize,
    /// The same seed gives the same bytes.
    pub seed: u64,
    /// The month whose last banking day is the due date.
    pub month: Month,
    /// What surrounds the cases.
    pub setting: Setting,
}

/// Writes the month.
///
/// # Errors
///
/// What `files` says.
pub fn generate(wanted: &Contradicted, files: &mut dyn Files) -> io::Result<()> {
    let mut timetable = Timetable::new(wanted.month, 1, false);
    timetable.start = timetable.due.saturating_sub(12);
    let setting = wanted.setting;
    let cases = cases(wanted, &timetable);
    write_lists(&cases, &timetable, files)?;
    let mut account = Account::default();
    for day in timetable.start..=timetable.end {
        let entry = noise::entry(wanted.seed, day, 0, true);
        account.book(Booking {
            rich: entry.clone(),
            poor: entry,
            booked: true,
            ..Booking::default()
        });
    }
    if setting.with_order {
        write_order(&cases, &timetable, &mut account, files)?;
    }
    let mut messages: Vec<Message> = Vec::new();
    for case in cases {
        messages.extend(case.messages);
        case.bookings.into_iter().for_each(|booking| account.book(booking));
    }
    let last = if setting.early { timetable.due + 1 } else { timetable.end };
    let main = Telling {
        folder: "bank",
        carrier: Carrier::Bank(setting.main),
        days: timetable.start..=last,
        rich: false,
    };
    account.write(&main, &timetable, files)?;
    let further = Telling {
        folder: "weitere",
        carrier: setting.carrier,
        days: timetable.due..=timetable.end,
        rich: true,
    };
    account.write(&further, &timetable, files)?;
    let due = timetable.date(timetable.due);
    let is_confirmation = |one: &&Message| one.kind == messages::Kind::Confirmation;
    let confirmed: Vec<&Message> = messages.iter().filter(is_confirmation).collect();
    if !confirmed.is_empty() {
        let text = messages::confirmations(&confirmed);
        files.create("month/bestaetigt.csv")?.write_all(text.as_bytes())?;
    }
    for (number, message) in messages.iter().filter(|one| !is_confirmation(one)).enumerate() {
        let (path, text) = message.file(number, due);
        files.create(&format!("month/{path}"))?.write_all(text.as_bytes())?;
    }
    Ok(())
}

/// The cases: every kind of contradiction in turn against every way.
fn cases(wanted: &Contradicted, timetable: &Timetable) -> Vec<Built> {
    let kinds: Vec<(Way, Against)> = Way::ALL
        .iter()
        .flat_map(|way| Against::ALL.iter().map(move |against| (*way, *against)))
        .filter(|(way, against)| against.fits(*way, &wanted.setting))
        .collect();
    let mut cases = Vec::new();
    let (mut rows, mut number) = (0, 0);
    // Another seed begins elsewhere; a prime step meets every pair.
    let mut turn = usize::try_from(wanted.seed % 1_000_003).unwrap_or(0) * 31;
    while rows < wanted.payments && !kinds.is_empty() {
        turn += 7919;
        number += 1;
        let Some((way, against)) = kinds.get(turn % kinds.len()).copied() else { break };
        let mut random = Random::new(wanted.seed, number);
        if let Some(case) = build(&Wanted { timetable, number, way, against }, &mut random) {
            rows += case.rows.len();
            cases.push(case);
        }
    }
    cases
}

fn write_lists(cases: &[Built], timetable: &Timetable, files: &mut dyn Files) -> io::Result<()> {
    let mut truth = String::from(lists::TRUTH);
    for list in [List::Social, List::Care, List::Homes] {
        let rows = cases.iter().flat_map(|case| &case.rows).filter(|row| row.list == list);
        let mut rows = rows.peekable();
        if rows.peek().is_none() {
            continue;
        }
        let path = format!("month/{}", lists::path(list));
        let mut file = ListFile::new(list, files.create(&path)?);
        for row in rows {
            let line = file.add(row, timetable)?;
            lists::push_truth(&mut truth, row, line, timetable);
        }
        file.flush()?;
    }
    files.create("truth.csv")?.write_all(truth.as_bytes())
}

/// Writes the order: single transfers, and a run that is booked as one sum.
fn write_order(
    cases: &[Built],
    timetable: &Timetable,
    account: &mut Account,
    files: &mut dyn Files,
) -> io::Result<()> {
    let due = timetable.date(timetable.due);
    let of = |batch: bool| {
        let rows = cases.iter().flat_map(|case| &case.ordered);
        rows.filter(move |row| row.batched == batch)
    };
    let tally = |batch: bool| {
        of(batch).fold(Tally::default(), |sum, row| Tally {
            count: sum.count + 1,
            cents: sum.cents + row.cents,
        })
    };
    let (single, batch) = (tally(false), tally(true));
    let all = Tally { count: single.count + batch.count, cents: single.cents + batch.cents };
    let mut text = order::begin(due, all);
    for (number, tally) in [(0, single), (1, batch)] {
        if tally.count == 0 {
            continue;
        }
        let run = run_name(timetable.month, number);
        order::begin_run(&mut text, &run, number == 1, due, tally);
        for row in of(number == 1) {
            order::push_transfer(&mut text, row, timetable);
        }
        text.push_str(order::END_RUN);
    }
    text.push_str(order::END);
    files.create("month/auftrag/auftrag.xml")?.write_all(text.as_bytes())?;
    if batch.count > 0 {
        let entry = Entry {
            day: timetable.due,
            cents: -batch.cents,
            kind: Kind::Batch(batch.count),
            run: run_name(timetable.month, 1),
            ..Entry::default()
        };
        account.book(Booking {
            rich: entry.clone(),
            poor: entry,
            booked: true,
            ..Booking::default()
        });
    }
    Ok(())
}
