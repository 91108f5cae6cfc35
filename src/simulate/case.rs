//! One case of a month: its list rows and what the bank books for them.

use crate::model::date::Month;
use crate::simulate::entry::Entry;
use crate::simulate::entry::Kind;
use crate::simulate::faults::Fault;
use crate::simulate::people;
use crate::simulate::people::Person;
use crate::simulate::random::Random;
use crate::simulate::text::push_number;
use crate::simulate::text::push_padded;
use crate::simulate::timetable::Day;
use crate::simulate::timetable::Timetable;

/// Which list a row stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum List {
    /// Social assistance.
    #[default]
    Social,
    /// Care assistance for persons.
    Care,
    /// Care homes.
    Homes,
}

impl List {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Social => "SOZ",
            Self::Care => "HZP",
            Self::Homes => "PFL",
        }
    }

    const fn department(self) -> &'static str {
        match self {
            Self::Social => "50.12-",
            Self::Care => "57.20-",
            Self::Homes => "57.31-",
        }
    }
}

/// A row of a list, and what is true about it.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each says one thing about the row")]
pub struct Row {
    /// The list.
    pub list: List,
    /// Number of the payment; unique.
    pub serial: u64,
    /// Given name of the beneficiary.
    pub given: String,
    /// Family name of the beneficiary.
    pub family: String,
    /// Account holder.
    pub payee: String,
    /// Account as the list gives it.
    pub iban: String,
    /// Cents.
    pub cents: i64,
    /// The amount cannot be read in the list.
    pub unreadable: bool,
    /// Case number.
    pub case_id: String,
    /// End-to-end id; may be empty or a placeholder.
    pub end_to_end_id: String,
    /// The run that pays it as one of many.
    pub run: String,
    /// Status in the list.
    pub list_status: &'static str,
    /// Way of payment.
    pub channel: &'static str,
    /// Note.
    pub note: &'static str,
    /// What happened to it.
    pub fault: Option<Fault>,
    /// What the truth file calls it instead of its fault; empty for none.
    pub about: String,
    /// It is a part of its run's collective debit.
    pub batched: bool,
    /// It stands in the order file.
    pub ordered: bool,
    /// The bank's refusal.
    pub rejected: Option<&'static str>,
    /// The day on which the last debit that proves it is booked.
    pub proof: Option<Day>,
    /// The day on which evidence against it is booked.
    pub against: Option<Day>,
    /// Proven from the first of these days until the second, on which it came back.
    pub proven_until: Option<(Day, Day)>,
    /// It may be called credited, but nobody has to find out.
    pub doubtful: bool,
    /// Credited without any booking: cash with a receipt, nothing due.
    pub settled: bool,
}

/// Rows that belong together, with their bookings.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// List rows.
    pub rows: Vec<Row>,
    /// Bookings of this month.
    pub entries: Vec<Entry>,
    /// Last month's bookings.
    pub last_month: Vec<Entry>,
}

/// What a case is built from.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// The days.
    pub timetable: &'a Timetable,
    /// Number of the case.
    pub number: u64,
    /// What happens to it.
    pub fault: Fault,
    /// How many payments it has.
    pub size: u64,
    /// Runs are booked as one sum.
    pub batches: bool,
    /// With last month's bookings, under the same end-to-end ids or not.
    pub last_month: Option<bool>,
    /// The run it is paid in.
    pub run: u64,
}

impl Case {
    /// The case of a plan.
    pub fn new(plan: &Plan<'_>, random: &mut Random) -> Self {
        let home = plan.fault.is_of_a_home();
        let list = match random.below(100) {
            _ if home => List::Homes,
            0..70 => List::Social,
            70..93 => List::Care,
            _ => List::Homes,
        };
        let mut case = Self::default();
        for member in 0..plan.size {
            case.rows.push(row(plan, list, member, random));
        }
        if plan.last_month.is_some() {
            case.pay_last_month(plan, home);
        }
        if plan.size > 1 {
            case.together(plan);
        }
        case
    }

    /// Settles which rows stand in the order file, and in which run.
    pub fn finish(&mut self, plan: &Plan<'_>) {
        for row in &mut self.rows {
            row.ordered = if plan.batches { row.batched } else { row.ordered && row.cents > 0 };
            if row.batched {
                row.run = run_name(plan.timetable.month, plan.run);
            }
            row.fault = Some(plan.fault);
        }
    }

    fn pay_last_month(&mut self, plan: &Plan<'_>, home: bool) {
        let same_id = plan.last_month == Some(true) || plan.fault == Fault::LastMonthOnly;
        let month = plan.timetable.month.previous();
        let mut paid: Vec<Entry> = self.rows.iter().map(|row| entry(row, row.cents)).collect();
        for (entry, row) in paid.iter_mut().zip(&self.rows) {
            entry.day = plan.timetable.last_due;
            entry.text = text(row, month);
            if !same_id {
                entry.end_to_end_id = end_to_end_id(row.list, month, row.serial);
            }
        }
        if home {
            let sum = paid.iter().map(|entry| entry.cents).sum();
            paid.truncate(1);
            for entry in &mut paid {
                entry.cents = sum;
                entry.end_to_end_id = home_id(plan, month);
                entry.text = home_text(month);
            }
        }
        self.last_month = paid;
    }

    /// Cases of several payments.
    fn together(&mut self, plan: &Plan<'_>) {
        let due = plan.timetable.due;
        let fault = plan.fault;
        let month = plan.timetable.month;
        let mut entries: Vec<Entry> = self.rows.iter().map(|row| entry(row, row.cents)).collect();
        for entry in &mut entries {
            entry.day = due;
        }
        match fault {
            _ if fault.is_of_a_home() => self.pay_home(plan, &mut entries),
            Fault::IdsSwapped => {
                let ids: Vec<String> =
                    entries.iter().rev().map(|entry| entry.end_to_end_id.clone()).collect();
                for (entry, id) in entries.iter_mut().zip(ids) {
                    entry.end_to_end_id = id;
                    entry.text = short_text(month);
                }
            }
            Fault::TwinsOne => entries.truncate(1),
            Fault::TwinsOneLate => {
                if let Some(last) = entries.last_mut() {
                    last.day = due + 1;
                }
            }
            Fault::TwinsReturn => {
                let back = entries.first().map(|entry| give_back(entry, due + 2, "AC04"));
                entries.extend(back);
            }
            _ => {}
        }
        let proven = match fault {
            Fault::HomeMerged | Fault::TwinsBoth | Fault::HomeLastLate => Some(due),
            Fault::HomeLate => Some(due + 1),
            _ => None,
        };
        let last = self.rows.len().saturating_sub(1);
        for (number, row) in self.rows.iter_mut().enumerate() {
            row.proof = proven;
            if fault == Fault::HomeLastLate && number == last {
                row.proof = Some(due + 1);
            }
            // Where a return fits both twins, it speaks against both.
            if fault == Fault::TwinsReturn {
                row.proof = Some(due);
                row.against = Some(due + 2);
            }
        }
        self.entries.append(&mut entries);
    }

    /// What is booked for a home: one transfer for its residents, under an id of its own where the rows
    /// have ids.
    fn pay_home(&self, plan: &Plan<'_>, entries: &mut Vec<Entry>) {
        let (month, due) = (plan.timetable.month, plan.timetable.due);
        let last = entries.last().cloned();
        let missing = match plan.fault {
            Fault::HomeShort | Fault::HomeLastLate => last.as_ref().map_or(0, |last| last.cents),
            _ => 0,
        };
        let sum: i64 = entries.iter().map(|entry| entry.cents).sum();
        entries.truncate(1);
        for entry in &mut *entries {
            entry.cents = sum - missing;
            entry.end_to_end_id = home_id(plan, month);
            entry.text = home_text(month);
            match plan.fault {
                Fault::HomeLate => entry.day = due + 1,
                Fault::HomeOtherMonth => entry.text = home_text(month.previous()),
                Fault::HomeLastLate => {
                    let others = self.rows.len().saturating_sub(1);
                    for row in self.rows.iter().take(others) {
                        entry.text.push_str(" Az ");
                        entry.text.push_str(&row.case_id);
                    }
                }
                _ => {}
            }
        }
        if let Some(mut last) = last.filter(|_| plan.fault == Fault::HomeLastLate) {
            last.day = due + 1;
            last.text = home_text(month);
            if !last.end_to_end_id.is_empty() {
                last.end_to_end_id = format!("{}-N", home_id(plan, month));
            }
            entries.push(last);
        }
    }
}

/// Whether the rows of a home have ids; its transfer has one of its own then.
const fn home_has_ids(plan: &Plan<'_>) -> bool {
    plan.number.is_multiple_of(2)
}

/// The end-to-end id of a home's transfer.
fn home_id(plan: &Plan<'_>, month: Month) -> String {
    if !home_has_ids(plan) {
        return String::new();
    }
    // No row's id is a piece of it.
    end_to_end_id(List::Homes, month, plan.number * 16).replacen(List::Homes.prefix(), "HEIM", 1)
}

fn row(plan: &Plan<'_>, list: List, member: u64, random: &mut Random) -> Row {
    let serial = plan.number * 16 + member;
    let shared = plan.number * 16;
    let month = plan.timetable.month;
    let fault = plan.fault;
    let twins = matches!(
        fault,
        Fault::TwinsBoth | Fault::TwinsOne | Fault::TwinsOneLate | Fault::TwinsReturn
    );
    let merged = fault.is_of_a_home();
    let account = if twins || merged { shared } else { serial };
    let person = Person::new(random, account);
    let mut own = Random::new(shared, if twins { 0 } else { member });
    let cents =
        if list == List::Homes { people::home_amount(&mut own) } else { people::amount(&mut own) };
    let payee = if list == List::Homes {
        people::house(&mut Random::new(shared, 1)).to_owned()
    } else {
        person.name()
    };
    let mut case_id = String::with_capacity(16);
    case_id.push_str(list.department());
    push_padded(&mut case_id, serial, 9);
    let no_id = twins
        || (merged && !home_has_ids(plan))
        || matches!(fault, Fault::NameOnly | Fault::ManualRetyped);
    Row {
        list,
        serial,
        given: person.given.to_owned(),
        family: person.family.to_owned(),
        payee,
        iban: person.iban,
        cents,
        case_id,
        end_to_end_id: if no_id { String::new() } else { end_to_end_id(list, month, serial) },
        ordered: true,
        ..Row::default()
    }
}

/// The booking that pays a row as ordered, without its day.
pub fn entry(row: &Row, cents: i64) -> Entry {
    Entry {
        cents: -cents,
        name: row.payee.clone(),
        iban: row.iban.clone(),
        end_to_end_id: row.end_to_end_id.clone(),
        ..Entry::default()
    }
}

/// The credit by which a booking comes back.
pub fn give_back(paid: &Entry, day: Day, code: &'static str) -> Entry {
    Entry { day, cents: -paid.cents, kind: Kind::Return(code), ..paid.clone() }
}

/// An end-to-end id of a run.
pub fn end_to_end_id(list: List, month: Month, serial: u64) -> String {
    let mut id = String::with_capacity(20);
    id.push_str(list.prefix());
    push_padded(&mut id, u64::try_from(month.year() % 100).unwrap_or(0), 2);
    push_padded(&mut id, u64::from(month.number()), 2);
    id.push('-');
    push_padded(&mut id, serial, 9);
    id
}

/// The name of a run: `PmtInfId` in the order file.
pub fn run_name(month: Month, run: u64) -> String {
    let mut name = String::from("LAUF-");
    push_padded(&mut name, u64::try_from(month.year() % 100).unwrap_or(0), 2);
    push_padded(&mut name, u64::from(month.number()), 2);
    name.push('-');
    push_padded(&mut name, run, 5);
    name
}

/// The remittance text of a run.
pub fn text(row: &Row, month: Month) -> String {
    let mut text = String::with_capacity(40);
    text.push_str(match row.list {
        List::Social => "Leistung ",
        List::Care => "Pflege ",
        List::Homes => "Heimkosten ",
    });
    push_month(&mut text, month);
    text.push_str(" Az ");
    text.push_str(&row.case_id);
    text
}

/// A remittance text that names no case.
pub fn short_text(month: Month) -> String {
    let mut text = String::from("Leistung ");
    push_month(&mut text, month);
    text
}

fn home_text(month: Month) -> String {
    let mut text = String::from("Heimkosten ");
    push_month(&mut text, month);
    text.push_str(" Sammelzahlung");
    text
}

fn push_month(text: &mut String, month: Month) {
    push_padded(text, u64::from(month.number()), 2);
    text.push('/');
    push_number(text, u64::try_from(month.year()).unwrap_or(0));
}
