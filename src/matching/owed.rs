//! Payments as the matcher sees them: with their dates, keys and orders.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::matching::few::Few;
use crate::model::amount::Amount;
use crate::model::calendar::Calendar;
use crate::model::date::Month;
use crate::model::iban::Iban;
use crate::model::payment::Payment;
use crate::model::text::has_numbers_of_case_only;
use crate::model::text::is_placeholder;
use crate::model::text::reference_text;

/// A payment with what the matcher needs to know of it.
#[derive(Clone, Debug)]
pub struct Owed<'a> {
    /// The list row.
    pub payment: &'a Payment,
    /// What is owed; unreadable rows take part in nothing.
    pub amount: Amount,
    /// Its dates.
    pub dates: Dates,
    /// End-to-end id as it is compared, if it is a real one that names this payment.
    pub end_to_end_key: Option<Cow<'a, str>>,
    /// Case number as it is compared.
    pub case_key: Option<Cow<'a, str>>,
    /// Its order, if an order file is there and holds it: numbers of file, batch, transfer.
    pub ordered: Option<OrderLink>,
    /// Further transfers that stand for it: ordered twice, or in parts.
    pub also_ordered: Few<OrderLink>,
    /// Ids of these, where the row has none of its own.
    pub more_keys: Few<Cow<'a, str>>,
    /// The group of equal rows it belongs to whose orders stand in several batches: who stands in
    /// which is not known.
    pub twins: Option<usize>,
    /// How it takes part in the search.
    pub part: Part,
}

/// The dates of one payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dates {
    /// Due date (L).
    pub due: NaiveDate,
    /// The last day that counts as delayed (N).
    pub horizon: NaiveDate,
    /// First day of the window: ten banking days before the due date.
    pub window_start: NaiveDate,
    /// Last day of booking that is credited by the due date, as the crediting policy has it.
    pub in_time_until: NaiveDate,
    /// Last day of booking that is credited by the horizon.
    pub late_until: NaiveDate,
    /// Middle between this and the next month's due date: later entries without an id of the
    /// payment belong to the next run.
    pub next_run_from: NaiveDate,
}

impl Dates {
    /// What a booking on this day means.
    pub fn timing(&self, day: NaiveDate) -> Timing {
        if day <= self.in_time_until {
            Timing::InTime
        } else if day <= self.late_until {
            Timing::Late
        } else {
            Timing::TooLate
        }
    }

    /// The dates that follow from a due date. `next_day` is the cautious crediting policy: a
    /// booking is credited on the banking day after it.
    pub fn new(
        due: NaiveDate,
        late_until: Option<NaiveDate>,
        next_day: bool,
        calendar: &Calendar,
    ) -> Self {
        let horizon = late_until.unwrap_or_else(|| calendar.next_after(due));
        let booked_until = |credit: NaiveDate| {
            if !next_day {
                return credit;
            }
            // The last day whose next banking day is not after the credit.
            let open = if calendar.is_open(credit) { credit } else { calendar.before(credit, 1) };
            open.pred_opt().unwrap_or(open)
        };
        let next_due = next_due(due, calendar);
        let half = next_due.signed_duration_since(due).num_days().max(0) / 2;
        let next_run_from = due
            .checked_add_days(chrono::Days::new(u64::try_from(half).unwrap_or(0)))
            .and_then(|middle| middle.succ_opt())
            .unwrap_or(NaiveDate::MAX)
            // Who waits longer takes what comes until then for this run.
            .max(horizon.succ_opt().unwrap_or(horizon));
        Self {
            due,
            horizon,
            in_time_until: booked_until(due),
            late_until: booked_until(horizon),
            window_start: calendar.before(due, 10),
            next_run_from,
        }
    }
}

/// When the next run is due: at the end of the next month after one at the end of a month, else on
/// the same day of the next month.
fn next_due(due: NaiveDate, calendar: &Calendar) -> NaiveDate {
    let (month, next) = (Month::of(due), Month::of(due).next());
    if due >= calendar.last_of(month) {
        return calendar.last_of(next);
    }
    due.checked_add_months(chrono::Months::new(1)).unwrap_or_else(|| calendar.last_of(next))
}

/// What a booking's day means for a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timing {
    /// Credited by the due date.
    InTime,
    /// Credited by the horizon.
    Late,
    /// Later still.
    TooLate,
}

/// Where the order of a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OrderLink {
    /// Number of the order file.
    pub order: usize,
    /// Number of the batch in it.
    pub batch: usize,
    /// Number of the transfer in the batch.
    pub transfer: usize,
}

/// How a payment takes part in the search for its booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Owed by transfer.
    Full,
    /// Blocked by the list: a booking would be a finding against it; no member of a run's sum.
    Blocked,
    /// Cash, cheque, card or nothing due: only a booking under its own reference is its own.
    ReferenceOnly,
    /// Unreadable: takes part in nothing.
    None,
}

impl<'a> Owed<'a> {
    /// A payment that has no order yet.
    pub fn new(payment: &'a Payment, dates: Dates, part: Part) -> Self {
        let key = |text: &'a Option<String>| {
            text.as_deref().filter(|text| !is_placeholder(text)).map(reference_text)
        };
        Self {
            payment,
            amount: payment.amount_or_zero(),
            dates,
            end_to_end_key: key(&payment.end_to_end_id),
            case_key: key(&payment.case_id),
            ordered: None,
            also_ordered: Few::default(),
            more_keys: Few::default(),
            twins: None,
            part,
        }
    }

    /// Its ids as they are compared: its own, and those of its orders.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let more = self.more_keys.iter().map(AsRef::as_ref);
        self.end_to_end_key.as_deref().into_iter().chain(more)
    }

    /// The account of the payee.
    pub fn iban(&self) -> Option<&'a Iban> {
        self.payment.iban.as_ref()
    }

    /// Whether an account on the bank's side is not another one: equal, or absent on a side.
    pub fn account_allows(&self, other: Option<&Iban>) -> bool {
        match (self.iban(), other) {
            (Some(own), Some(other)) => own.same_account(other),
            _ => true,
        }
    }

    /// Whether both sides name an account and it is the same.
    pub fn account_agrees(&self, other: Option<&Iban>) -> bool {
        match (self.iban(), other) {
            (Some(own), Some(other)) => own.same_account(other),
            _ => false,
        }
    }

    /// Whether a booking on this day lies in the window.
    pub fn window_holds(&self, day: NaiveDate) -> bool {
        day >= self.dates.window_start
    }

    /// Whether a booking on this day, that carries no id of this payment, belongs to this run.
    pub fn run_holds(&self, day: NaiveDate) -> bool {
        self.window_holds(day) && day < self.dates.next_run_from
    }

    /// Whether the end-to-end id is the case number, perhaps with letters about it, so that every
    /// month's payment bears it: it names no month.
    pub fn id_is_constant(&self) -> bool {
        match (self.end_to_end_key.as_deref(), self.case_key.as_deref()) {
            (Some(id), Some(case)) => {
                let letters = |rest: &str| !rest.bytes().any(|byte| byte.is_ascii_digit());
                id.split_once(case).is_some_and(|(before, after)| letters(before) && letters(after))
            }
            _ => false,
        }
    }

    /// Whether the digits of the end-to-end id are those of the case number, or one group of them
    /// (`LF-5705` for `AZ-5705`, `SOZ4711` for `50.12-4711`, `E2E0000006520` for `AZ-6520`), or too few to
    /// name a month (`DAUER-1`).
    pub fn id_names_no_month(&self) -> bool {
        let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
        let (Some(id), Some(case)) =
            (self.end_to_end_key.as_deref(), self.payment.case_id.as_deref())
        else {
            return false;
        };
        let id = digits(id);
        let raw = self.payment.end_to_end_id.as_deref().unwrap_or_default();
        let groups = || case.split(|mark: char| !mark.is_ascii_digit());
        self.id_is_constant()
            || id.len() < 3
            || digits(case) == id
            || groups().any(|group| group == id)
            || has_numbers_of_case_only(raw.as_bytes(), case.as_bytes())
    }

    /// What a booking on this day means.
    pub fn timing(&self, day: NaiveDate) -> Timing {
        self.dates.timing(day)
    }
}
