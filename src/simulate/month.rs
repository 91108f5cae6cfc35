//! A month from its settings: lists and truth in one pass, bank files in another.

use std::io;
use std::io::Write;

use crate::simulate::case::Case;
use crate::simulate::case::List;
use crate::simulate::case::Plan;
use crate::simulate::case::Row;
use crate::simulate::case::run_name;
use crate::simulate::entry::Entry;
use crate::simulate::entry::Kind;
use crate::simulate::faults::Fault;
use crate::simulate::faults::Mix;
use crate::simulate::faults::Rates;
use crate::simulate::lists;
use crate::simulate::lists::ListFile;
use crate::simulate::order;
use crate::simulate::order::Tally;
use crate::simulate::random::Random;
use crate::simulate::settings::Files;
use crate::simulate::settings::Settings;
use crate::simulate::single;
use crate::simulate::timetable::Day;
use crate::simulate::timetable::Timetable;

/// More than the largest case has payments.
const LARGEST_CASE: u64 = 16;

/// What a run adds up to.
#[derive(Clone, Copy, Debug, Default)]
struct Run {
    ordered: Tally,
    booked: Tally,
    last_month: Tally,
}

/// A month while it is written.
#[derive(Debug)]
pub struct Simulated<'a> {
    /// What it shall be like.
    pub settings: &'a Settings,
    /// Its days.
    pub timetable: Timetable,
    /// The day whose statement is missing.
    pub gap: Option<Day>,
    /// Money booked on each day, in cents.
    pub moved: Vec<i64>,
    /// Days with few bookings, with the cases that have them.
    pub scattered: Vec<(Day, u64)>,
    /// Number of cases.
    pub cases: u64,
    rates: Rates,
    /// From this case on nothing goes wrong, so that the number of payments comes out right.
    plain_from: u64,
    runs: Vec<Run>,
    short: Option<(u64, Option<u64>)>,
    refused: Vec<(String, Row)>,
}

impl<'a> Simulated<'a> {
    /// A month of which nothing is written yet.
    pub fn new(settings: &'a Settings) -> Self {
        let timetable = Timetable::new(settings.month, settings.withheld, settings.last_month);
        let rates = Rates::new(settings.mix, &settings.rates, settings.batches);
        let mut random = Random::new(settings.seed, u64::MAX);
        let gap = random.happens(rates.of(Fault::GapDay)).then(|| timetable.due.saturating_sub(5));
        let moved = vec![0; timetable.days.len()];
        Self {
            settings,
            gap: gap.filter(|_| settings.bank_format.has_statements()),
            moved,
            timetable,
            scattered: Vec::new(),
            cases: 0,
            rates,
            plain_from: u64::MAX,
            runs: Vec::new(),
            short: None,
            refused: Vec::new(),
        }
    }

    /// How often a fault of the month happens.
    pub fn rate(&self, fault: Fault) -> u64 {
        self.rates.of(fault)
    }

    /// The cases of a run: as many as a bank takes in one collective order of a small office.
    const fn run_of(&self, number: u64) -> u64 {
        number / if self.settings.batches { 100 } else { 100_000 }
    }

    /// Makes a case; the same number gives the same case.
    pub fn case(&mut self, number: u64) -> Case {
        let mut case = self.undisturbed(number);
        if self.settings.batches {
            let run = self.run_of(number);
            if let Some(victim) = self.left_out(run) {
                for row in case.rows.iter_mut().filter(|row| row.batched) {
                    // Who was also paid by hand has that debit as proof, if a doubtful one.
                    let also = matches!(row.fault, Some(Fault::PaidTwice | Fault::PaidTwiceManual));
                    row.proof = row.against.take().or(row.proof).filter(|_| also);
                    row.doubtful = also;
                    row.fault = Some(Fault::BatchShort);
                }
                if victim == number {
                    for row in &mut case.rows {
                        row.batched = false;
                    }
                }
            }
        }
        case
    }

    fn undisturbed(&self, number: u64) -> Case {
        let settings = self.settings;
        let mut random = Random::new(settings.seed, number);
        let drawn = random.below(10_000);
        let fault = if number < self.plain_from { self.rates.fault(drawn) } else { Fault::None };
        let many = fault.is_of_a_home() && fault != Fault::HomeLastLate;
        let size = if many { 3 + random.below(fault.size() - 2) } else { fault.size() };
        let same_id = match settings.mix {
            Mix::Emergency => true,
            Mix::Hostile => random.happens(5_000),
            Mix::Clean | Mix::Normal => random.happens(1_000),
        };
        let plan = Plan {
            timetable: &self.timetable,
            number,
            fault,
            size,
            batches: settings.batches,
            last_month: settings.last_month.then_some(same_id),
            run: self.run_of(number),
        };
        let mut case = Case::new(&plan, &mut random);
        if size == 1
            && let Some(row) = case.rows.first_mut()
        {
            single::befall(row, &mut case.entries, &plan, &mut random);
        }
        case.finish(&plan);
        if settings.batches && !settings.with_order {
            // Which collective debit holds the payment only the order file can say; the own debit
            // is proof of one payment all the same.
            for row in case.rows.iter_mut().filter(|row| row.batched) {
                if matches!(plan.fault, Fault::PaidTwice | Fault::PaidTwiceManual) {
                    row.proof = row.against.take();
                    row.doubtful = true;
                }
            }
        }
        let visible = self.settings.bank_format.shows_pending();
        case.entries.retain(|entry| visible || !entry.pending);
        if settings.batches {
            case.last_month.clear();
        }
        case
    }

    /// The case whose payment a run's collective debit leaves out.
    fn left_out(&mut self, run: u64) -> Option<u64> {
        if let Some((_, victim)) = self.short.filter(|(known, _)| *known == run) {
            return victim;
        }
        let mut random = Random::new(self.settings.seed ^ 0x5348_4F52_5400, run);
        let happens = random.happens(self.rates.of(Fault::BatchShort));
        let victim = run * 100 + random.below(100);
        let plain = |case: Case| case.rows.iter().all(|row| row.fault == Some(Fault::None));
        let victim = (happens && plain(self.undisturbed(victim))).then_some(victim);
        self.short = Some((run, victim));
        victim
    }

    /// Whether the bank data show this day.
    pub fn shows(&self, day: Day) -> bool {
        (self.timetable.start..=self.timetable.end).contains(&day) && self.gap != Some(day)
    }

    /// Whether every case may have a booking on this day.
    pub const fn is_busy(&self, day: Day) -> bool {
        day == self.timetable.due || (day == self.timetable.last_due && self.settings.last_month)
    }

    /// Writes lists and truth, and counts what the bank books.
    pub fn write_lists(&mut self, files: &mut dyn Files) -> io::Result<()> {
        let mut truth = files.create("truth.csv")?;
        let mut text = String::from(lists::TRUTH);
        let mut lists = Vec::new();
        for list in [List::Social, List::Care, List::Homes] {
            let path = format!("month/{}", lists::path(list));
            lists.push((list, ListFile::new(list, files.create(&path)?)));
        }
        let mut left = self.settings.payments;
        while left > 0 {
            if left < LARGEST_CASE && self.plain_from == u64::MAX {
                self.plain_from = self.cases;
                self.short = None;
            }
            let case = self.case(self.cases);
            for row in &case.rows {
                if let Some((_, file)) = lists.iter_mut().find(|(list, _)| *list == row.list) {
                    let line = file.add(row, &self.timetable)?;
                    lists::push_truth(&mut text, row, line, &self.timetable);
                }
            }
            self.count(&case);
            left = left.saturating_sub(u64::try_from(case.rows.len()).unwrap_or(1).max(1));
            self.cases += 1;
            if text.len() > 60_000 {
                truth.write_all(text.as_bytes())?;
                text.clear();
            }
        }
        truth.write_all(text.as_bytes())?;
        truth.flush()?;
        for (_, file) in &mut lists {
            file.flush()?;
        }
        Ok(())
    }

    fn count(&mut self, case: &Case) {
        for entry in case.entries.iter().chain(&case.last_month) {
            if entry.pending || !self.shows(entry.day) {
                if entry.pending && self.shows(entry.day) && !self.is_busy(entry.day) {
                    self.scattered.push((entry.day, self.cases));
                }
                continue;
            }
            if let Some(moved) = self.moved.get_mut(entry.day) {
                *moved += entry.cents;
            }
            if !self.is_busy(entry.day) {
                self.scattered.push((entry.day, self.cases));
            }
        }
        let run = self.run_of(self.cases);
        let index = usize::try_from(run).unwrap_or(usize::MAX);
        while self.runs.len() <= index {
            self.runs.push(Run::default());
        }
        let Some(sums) = self.runs.get_mut(index) else { return };
        for row in &case.rows {
            let add = |tally: &mut Tally| {
                tally.count += 1;
                tally.cents += row.cents;
            };
            if row.ordered {
                add(&mut sums.ordered);
            }
            if row.batched {
                add(&mut sums.booked);
            }
            if self.settings.batches && self.settings.last_month && row.cents > 0 {
                add(&mut sums.last_month);
            }
            if row.rejected.is_some() && row.ordered {
                self.refused.push((run_name(self.timetable.month, run), row.clone()));
            }
        }
    }

    /// The collective debits of a day.
    pub fn collective_debits(&self, day: Day) -> Vec<Entry> {
        if !self.settings.batches {
            return Vec::new();
        }
        let of_day = |run: &Run| {
            if day == self.timetable.due {
                (run.booked, self.timetable.month)
            } else if day == self.timetable.last_due {
                (run.last_month, self.timetable.month.previous())
            } else {
                (Tally::default(), self.timetable.month)
            }
        };
        let debits = self.runs.iter().zip(0..).map(|(run, number)| {
            let (tally, month) = of_day(run);
            Entry {
                day,
                cents: -tally.cents,
                kind: Kind::Batch(tally.count),
                run: run_name(month, number),
                ..Entry::default()
            }
        });
        debits.filter(|entry| entry.cents < 0).collect()
    }

    /// Writes the order file and the bank's refusals, after the lists.
    pub fn write_order(&mut self, files: &mut dyn Files) -> io::Result<()> {
        let due = self.timetable.date(self.timetable.due);
        let all = self.runs.iter().fold(Tally::default(), |sum, run| Tally {
            count: sum.count + run.ordered.count,
            cents: sum.cents + run.ordered.cents,
        });
        let mut out = files.create("month/auftrag/auftrag.xml")?;
        let mut text = order::begin(due, all);
        let mut current = None;
        for number in 0..self.cases {
            let run = self.run_of(number);
            if current != Some(run) {
                if current.is_some() {
                    text.push_str(order::END_RUN);
                }
                current = Some(run);
                let tally = usize::try_from(run).ok().and_then(|run| self.runs.get(run));
                let tally = tally.map(|run| run.ordered).unwrap_or_default();
                let name = run_name(self.timetable.month, run);
                order::begin_run(&mut text, &name, self.settings.batches, due, tally);
            }
            for row in self.case(number).rows.iter().filter(|row| row.ordered) {
                order::push_transfer(&mut text, row, &self.timetable);
            }
            if text.len() > 60_000 {
                out.write_all(text.as_bytes())?;
                text.clear();
            }
        }
        if current.is_some() {
            text.push_str(order::END_RUN);
        }
        text.push_str(order::END);
        out.write_all(text.as_bytes())?;
        out.flush()?;
        if !self.refused.is_empty() {
            let mut out = files.create("month/auftrag/status.xml")?;
            out.write_all(order::refusals(due, &self.refused).as_bytes())?;
            out.flush()?;
        }
        Ok(())
    }
}
