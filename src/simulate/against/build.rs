//! A case: rows, their truth, what the bank books, what is said against them.

use crate::simulate::against::booking::Booking;
use crate::simulate::against::booking::money_back;
use crate::simulate::against::booking::told;
use crate::simulate::against::kinds::Against;
use crate::simulate::against::kinds::Way;
use crate::simulate::against::messages::Kind as MessageKind;
use crate::simulate::against::messages::Message;
use crate::simulate::against::shapes::Shape;
use crate::simulate::case::Case;
use crate::simulate::case::Plan;
use crate::simulate::case::Row;
use crate::simulate::case::entry;
use crate::simulate::case::give_back;
use crate::simulate::case::run_name;
use crate::simulate::case::short_text;
use crate::simulate::case::text;
use crate::simulate::entry::Entry;
use crate::simulate::entry::Kind;
use crate::simulate::faults::Fault;
use crate::simulate::people;
use crate::simulate::people::Person;
use crate::simulate::random::Random;
use crate::simulate::timetable::Day;
use crate::simulate::timetable::Timetable;

/// A case.
#[derive(Clone, Debug, Default)]
pub struct Built {
    /// Rows of lists, with their truth.
    pub rows: Vec<Row>,
    /// Transfers of the order.
    pub ordered: Vec<Row>,
    /// Bookings.
    pub bookings: Vec<Booking>,
    /// Messages.
    pub messages: Vec<Message>,
}

/// What a case is built from.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The days.
    pub timetable: &'a Timetable,
    /// Number of the case.
    pub number: u64,
    /// How it is proven.
    pub way: Way,
    /// What is said.
    pub against: Against,
}

/// Builds the case; nothing if its payment lacks what the file would have to say.
pub fn build(wanted: &Wanted<'_>, random: &mut Random) -> Option<Built> {
    let (way, against, timetable) = (wanted.way, wanted.against, wanted.timetable);
    let (fault, size) = match (way, against) {
        (Way::Twins, _) => (Fault::TwinsBoth, 2),
        (Way::Merged, _) => (Fault::HomeMerged, 3),
        (_, Against::ReturnCollective) => (Fault::None, 2),
        _ => (Fault::None, 1),
    };
    let plan = Plan {
        timetable,
        number: wanted.number,
        fault,
        size,
        batches: false,
        last_month: None,
        run: 0,
    };
    let case = Case::new(&plan, random);
    let mut built = Built { rows: case.rows, ..Built::default() };
    for mut debit in case.entries {
        if way == Way::Twins {
            debit.text = short_text(timetable.month);
        }
        built.bookings.push(told(debit));
    }
    let due = timetable.due;
    for row in &mut built.rows {
        row.proof = Some(due);
        row.about = format!("{}/{}", against.name(), way.name());
    }
    // What the bank knows the spoken-of payment by.
    let mut id = built.rows.first()?.end_to_end_id.clone();
    if matches!(way, Way::CaseNumber | Way::Account | Way::Twins) {
        id.clear();
    }
    if way.has_id() && id.is_empty() && needs_id(against) {
        return None;
    }
    if !matches!(way, Way::Twins | Way::Merged) {
        for number in 0..built.rows.len() {
            pay(&mut built, number, wanted);
        }
    }
    if way == Way::Twins {
        built.ordered.clone_from(&built.rows);
    }
    speak(&mut built, &id, wanted, random);
    Some(built)
}

const fn needs_id(against: Against) -> bool {
    matches!(
        against,
        Against::ReturnOwnId
            | Against::ReturnOwnIdFee
            | Against::ReturnClearing
            | Against::ReturnUnmarked
            | Against::ReversalDebit
            | Against::RejectId
            | Against::Recall056
            | Against::Recall055
            | Against::RecallRefused
    )
}

/// Books what pays a row on its own.
fn pay(built: &mut Built, number: usize, wanted: &Wanted<'_>) {
    let (month, due) = (wanted.timetable.month, wanted.timetable.due);
    let Some(row) = built.rows.get_mut(number) else { return };
    let mut ordered = row.clone();
    let mut debit = entry(row, row.cents);
    debit.day = due;
    debit.text = text(row, month);
    match wanted.way {
        Way::CaseNumber | Way::Account => {
            row.end_to_end_id.clear();
            ordered.end_to_end_id.clear();
            debit.end_to_end_id.clear();
            if wanted.way == Way::Account {
                debit.text = short_text(month);
            }
        }
        Way::Ordered => {
            row.end_to_end_id.clear();
            debit.text = short_text(month);
        }
        Way::Batch => {
            row.run = run_name(month, 1);
            ordered.batched = true;
            built.ordered.push(ordered);
            return;
        }
        Way::Split => {
            let part = row.cents / 2;
            let other = Entry { cents: -part, ..debit.clone() };
            debit.cents += part;
            built.bookings.extend([told(debit), told(other)]);
            return;
        }
        Way::Repaid => {
            let early = Entry { day: due - 2, ..debit.clone() };
            let back = give_back(&early, due - 1, "AC01");
            built.bookings.extend([told(early), told(back)]);
        }
        Way::Confirmed => {
            let day = wanted.timetable.date(due);
            let message = message(MessageKind::Confirmation, day, &row.end_to_end_id, row, wanted);
            built.messages.push(message);
        }
        _ => {}
    }
    built.ordered.push(ordered);
    built.bookings.push(told(debit));
}

fn message(
    kind: MessageKind,
    day: chrono::NaiveDate,
    id: &str,
    row: &Row,
    wanted: &Wanted<'_>,
) -> Message {
    let run = run_name(wanted.timetable.month, u64::from(wanted.way == Way::Batch));
    Message { kind, day, id: id.to_owned(), iban: row.iban.clone(), cents: row.cents, run }
}

/// Says what the further file says, and settles what is true then.
fn speak(built: &mut Built, id: &str, wanted: &Wanted<'_>, random: &mut Random) {
    let against = wanted.against;
    let Some(row) = built.rows.first().cloned() else { return };
    let timetable = wanted.timetable;
    let due = timetable.due;
    let stranger = people::iban(row.serial + 8);
    let mut day = due + 2 + usize::try_from(random.below(2)).unwrap_or(0);
    match against {
        Against::Nothing => return,
        Against::StrangersReturn => {
            let name = Person::new(random, row.serial + 8).name();
            let cents = -people::amount(random);
            let paid = Entry { cents, name, iban: stranger, ..Entry::default() };
            built.bookings.push(Booking { special: true, ..told(give_back(&paid, day, "AC04")) });
            return;
        }
        Against::PaysIn => {
            let paid = Entry {
                day,
                cents: 2_000,
                kind: Kind::Incoming,
                text: "Einzahlung".to_owned(),
                end_to_end_id: String::new(),
                ..entry(&row, row.cents)
            };
            built.bookings.push(Booking { special: true, ..told(paid) });
            return;
        }
        Against::AnnouncedDebit => {
            let debits = built.bookings.iter().filter(|one| one.rich.cents < 0);
            let announced: Vec<Booking> = debits
                .map(|one| Booking {
                    rich: Entry { pending: true, ..one.rich.clone() },
                    booked: false,
                    special: true,
                    ..one.clone()
                })
                .collect();
            built.bookings.extend(announced);
            return;
        }
        Against::RejectBefore => {
            let sent = timetable.date(due - 3);
            built.messages.push(message(MessageKind::Reject, sent, id, &row, wanted));
            return;
        }
        Against::StrangersRecall => {
            let mut recall = message(MessageKind::Recall056, timetable.date(day), "", &row, wanted);
            recall.id = format!("FREMD-{}", row.serial);
            recall.iban = stranger;
            built.messages.push(recall);
            return;
        }
        Against::RejectId | Against::RejectAccount => {
            let id = if against == Against::RejectId { id } else { "" };
            day = due + usize::try_from(random.below(2)).unwrap_or(0);
            built.messages.push(message(
                MessageKind::Reject,
                timetable.date(day),
                id,
                &row,
                wanted,
            ));
        }
        Against::Recall056
        | Against::Recall055
        | Against::RecallAccount
        | Against::RecallRefused => {
            let id = if against == Against::RecallAccount { "" } else { id };
            let kind = match against {
                Against::Recall055 | Against::RecallAccount => MessageKind::Recall055,
                _ => MessageKind::Recall056,
            };
            built.messages.push(message(kind, timetable.date(due + 1), id, &row, wanted));
            if against == Against::RecallRefused {
                let answer = timetable.date(due + 2);
                built.messages.push(message(MessageKind::Refusal, answer, id, &row, wanted));
            }
        }
        Against::Blocked => {
            if let Some(row) = built.rows.first_mut() {
                row.list_status = "gesperrt";
            }
        }
        Against::SecondDebit => second_debit(built, &row, id, day - 1, wanted),
        Against::OtherAccountOrdered
        | Against::RicherAccount
        | Against::ReportOnly
        | Against::OtherMonth
        | Against::ConfirmedEarly
        | Against::ConfirmedUnbooked
        | Against::ConfirmedOther => change(built, &stranger, wanted),
        _ => {
            let back = money_back(&row, id, &stranger, (timetable.month, day), against);
            built.bookings.push(back);
            if against == Against::ReturnCollective {
                collect(built);
            }
        }
    }
    settle(built, day, wanted);
}

/// Who may not be called credited, and of whom nobody has to know.
fn settle(built: &mut Built, day: Day, wanted: &Wanted<'_>) {
    let by_account = matches!(
        wanted.against,
        Against::ReturnAccount
            | Against::ReturnOtherId
            | Against::ReturnSwapped
            | Against::ReturnEntryCode
            | Against::RejectAccount
            | Against::RecallAccount
            | Against::ReturnCollective
    );
    let fits_all = by_account && matches!(wanted.way, Way::Twins | Way::OwnId);
    for (number, row) in built.rows.iter_mut().enumerate() {
        if number == 0 || fits_all {
            row.against = Some(day.max(wanted.timetable.due));
            if wanted.against == Against::ConfirmedEarly {
                row.against = None;
                row.proof = Some(wanted.timetable.due + 1);
            }
        } else {
            row.doubtful = true;
        }
    }
}

fn second_debit(built: &mut Built, row: &Row, id: &str, day: Day, wanted: &Wanted<'_>) {
    let month = wanted.timetable.month;
    let again = Entry {
        day,
        end_to_end_id: id.to_owned(),
        text: if wanted.way == Way::Ordered { short_text(month) } else { text(row, month) },
        ..entry(row, row.cents)
    };
    built.bookings.push(Booking { special: true, ..told(again) });
}

/// Makes the last booking the return of all rows, without amounts of their own.
fn collect(built: &mut Built) {
    let ids: Vec<String> = built.rows.iter().map(|row| row.end_to_end_id.clone()).collect();
    let sum: i64 = built.rows.iter().map(|row| row.cents).sum();
    if let Some(back) = built.bookings.last_mut() {
        for entry in [&mut back.rich, &mut back.poor] {
            entry.cents = sum;
            entry.iban.clear();
            entry.name.clear();
        }
        back.shape = Shape::Details(ids);
    }
}

/// What is said by changing what is told.
fn change(built: &mut Built, stranger: &str, wanted: &Wanted<'_>) {
    let timetable = wanted.timetable;
    let due = timetable.due;
    let Built { rows, ordered, bookings, messages } = built;
    let (Some(row), Some(booking)) = (rows.first_mut(), bookings.last_mut()) else { return };
    match wanted.against {
        Against::OtherAccountOrdered => {
            stranger.clone_into(&mut row.iban);
            booking.rich.iban.clear();
            booking.poor.iban.clear();
            return;
        }
        Against::RicherAccount => {
            stranger.clone_into(&mut booking.rich.iban);
            booking.poor.iban.clear();
            booking.special = true;
        }
        Against::ReportOnly => {
            booking.booked = false;
            booking.special = true;
        }
        Against::OtherMonth => {
            row.end_to_end_id.clone_from(&row.case_id);
            for entry in [&mut booking.rich, &mut booking.poor] {
                entry.day = due - 2;
                entry.end_to_end_id.clone_from(&row.case_id);
                entry.text = short_text(timetable.month.previous());
            }
        }
        Against::ConfirmedEarly => {
            booking.rich.day = due + 1;
            booking.poor.day = due + 1;
            let day = timetable.date(due - 1);
            messages.push(message(MessageKind::Confirmation, day, &row.end_to_end_id, row, wanted));
        }
        _ => {
            let day = timetable.date(due);
            let mut other =
                message(MessageKind::Confirmation, day, &row.end_to_end_id, row, wanted);
            if wanted.against == Against::ConfirmedOther {
                other.cents -= 100;
            }
            messages.push(other);
            bookings.clear();
        }
    }
    ordered.clear();
}
