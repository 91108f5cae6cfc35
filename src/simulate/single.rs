//! What befalls a single payment.

use crate::simulate::case::Plan;
use crate::simulate::case::Row;
use crate::simulate::case::entry;
use crate::simulate::case::give_back;
use crate::simulate::case::short_text;
use crate::simulate::case::text;
use crate::simulate::entry::Entry;
use crate::simulate::entry::Kind;
use crate::simulate::faults::Fault;
use crate::simulate::people;
use crate::simulate::people::Person;
use crate::simulate::random::Random;
use crate::simulate::text::cut;
use crate::simulate::text::plain_letters;

const CODES: &[&str] = &["AC04", "AC01", "AC06", "MS03", "MD07"];

const HOSTILE: &[&str] = &[
    "=HYPERLINK(\"http://x\")",
    "\u{1b}[31mRot\u{1b}[0m",
    "<script>alert(1)</script>",
    "@SUM(A1:A9)",
    "+49 1234",
    "-2+3",
    "a;b;\"c\"",
    "\u{202e}txet",
    "&amp;<![CDATA[",
    "?20EREF+FALSCH",
    "Firma :61:FALSCH",
];

/// Lets the plan's fault befall the payment: changes its row and books what the bank books.
pub fn befall(row: &mut Row, entries: &mut Vec<Entry>, plan: &Plan<'_>, random: &mut Random) {
    let due = plan.timetable.due;
    let mut paid = entry(row, row.cents);
    paid.day = due;
    paid.text = text(row, plan.timetable.month);
    row.proof = Some(due);
    match plan.fault {
        Fault::ReturnedById
        | Fault::ReturnedByText
        | Fault::ReturnedByAccount
        | Fault::ReturnedUnmarked => {
            let day = due + 1 + usize::try_from(random.below(4)).unwrap_or(0);
            let code = random.text(CODES);
            let mut back = give_back(&paid, day, code);
            shape_return(&mut back, plan, &row.case_id);
            row.against = Some(day);
            if plan.batches {
                row.batched = true;
            } else {
                entries.push(paid);
            }
            entries.push(back);
        }
        Fault::PaidTwice | Fault::PaidTwiceManual => {
            let mut again = paid.clone();
            again.day = due + usize::try_from(random.below(2)).unwrap_or(0);
            if plan.fault == Fault::PaidTwiceManual {
                again.end_to_end_id.clear();
            }
            row.against = Some(again.day);
            if plan.batches {
                row.batched = true;
            } else {
                entries.push(paid);
            }
            entries.push(again);
        }
        Fault::Manual | Fault::ManualLate | Fault::ManualRetyped => {
            by_hand(row, &mut paid, plan, random);
            row.proof = Some(paid.day);
            entries.push(paid);
        }
        Fault::Repaid | Fault::RepaidLate => {
            let early = if plan.fault == Fault::Repaid { due - 3 } else { due - 1 };
            paid.day = early;
            let back = give_back(&paid, early + 1, "AC01");
            let mut again = paid.clone();
            again.day = if plan.fault == Fault::Repaid { due } else { due + 1 };
            row.proof = Some(again.day);
            row.proven_until = Some((early, early + 1));
            entries.extend([paid, back, again]);
        }
        Fault::Split | Fault::PartlyPaid => {
            let parts = if plan.fault == Fault::Split { 2 } else { 3 };
            let part = row.cents / parts;
            for number in 1..=2 {
                let rest = row.cents - part * (parts - 1);
                let cents = if number == 2 { rest } else { part };
                entries.push(Entry { cents: -cents, ..paid.clone() });
            }
            if plan.fault == Fault::PartlyPaid {
                row.proof = None;
            }
        }
        Fault::Rejected => {
            row.proof = None;
            row.rejected = Some(random.text(&["AC01", "AC04", "RC01", "AG01"]));
        }
        fault if changes_row(row, fault) => unpaid_or_as_is(row, paid, entries, fault),
        fault => one_booking(row, paid, entries, plan, fault, random),
    }
}

fn shape_return(back: &mut Entry, plan: &Plan<'_>, case_id: &str) {
    match plan.fault {
        Fault::ReturnedByText => {
            back.end_to_end_id.clear();
            back.iban.clear();
            back.name.clear();
            back.text = format!("RETOURE Az {case_id}");
        }
        Fault::ReturnedByAccount => {
            back.end_to_end_id.clear();
            back.text = String::from("RETOURE SEPA-UEBERWEISUNG");
        }
        Fault::ReturnedUnmarked => {
            back.kind = Kind::Incoming;
            back.text = short_text(plan.timetable.month);
        }
        _ => {}
    }
}

/// How a person enters a transfer under pressure.
fn by_hand(row: &mut Row, paid: &mut Entry, plan: &Plan<'_>, random: &mut Random) {
    row.ordered = false;
    paid.end_to_end_id.clear();
    paid.name = plain_letters(&paid.name);
    let case_id = &row.case_id;
    paid.text = match (plan.fault, random.below(4)) {
        (Fault::ManualRetyped, _) => short_text(plan.timetable.month),
        (_, 0) => format!("Az {case_id}"),
        (_, 1) => format!("Sozialleistung {}", case_id.replace(['.', '-'], " ")),
        (_, 2) => format!("AZ: {} Zahlung", case_id.replace('.', "")),
        _ => format!("manuell {case_id} {}", row.family),
    };
    if plan.fault == Fault::ManualLate {
        paid.day = plan.timetable.horizon();
    }
}

/// Faults that stand in the list's row.
fn changes_row(row: &mut Row, fault: Fault) -> bool {
    match fault {
        Fault::RowUnreadable => row.unreadable = true,
        Fault::IbanInvalid => row.iban = people::broken(&row.iban),
        Fault::Blocked | Fault::BlockedPaid => row.list_status = "gesperrt",
        Fault::CashReceipt => {
            row.channel = "bar";
            row.note = "Quittung 4711 vom Auszahlungstag";
            row.settled = true;
        }
        Fault::CashOpen => row.channel = "bar",
        Fault::Zero => {
            row.cents = 0;
            row.settled = true;
        }
        _ => return false,
    }
    true
}

fn unpaid_or_as_is(row: &mut Row, paid: Entry, entries: &mut Vec<Entry>, fault: Fault) {
    row.proof = None;
    let booked = matches!(fault, Fault::RowUnreadable | Fault::BlockedPaid);
    row.ordered = booked;
    if booked {
        entries.push(paid);
    }
}

/// Faults of the one booking, or of the booking that is not there.
fn one_booking(
    row: &mut Row,
    mut paid: Entry,
    entries: &mut Vec<Entry>,
    plan: &Plan<'_>,
    fault: Fault,
    random: &mut Random,
) {
    let due = plan.timetable.due;
    match fault {
        Fault::None if plan.batches => {
            row.batched = true;
            return;
        }
        Fault::Late => paid.day = due + 1,
        Fault::TooLate => paid.day = due + 2,
        Fault::Early => paid.day = due - 2,
        Fault::NameCut => {
            row.payee = format!(
                "Betreuungsverein Beispielkreis e.V. für die Angelegenheiten von {} {}",
                row.given, row.family
            );
            paid.name = cut(&row.payee, if random.happens(5_000) { 27 } else { 70 });
        }
        Fault::Placeholder => {
            row.end_to_end_id = String::from("NOTPROVIDED");
            paid.end_to_end_id.clone_from(&row.end_to_end_id);
            paid.text = short_text(plan.timetable.month);
        }
        Fault::HostileText => {
            random.text(HOSTILE).clone_into(&mut row.payee);
            row.payee.push_str(&row.family);
            paid.name.clone_from(&row.payee);
            paid.text.push(' ');
            paid.text.push_str(random.text(HOSTILE));
        }
        Fault::IbanSwapped => row.iban = people::swapped(&row.iban),
        _ => {}
    }
    row.proof = Some(paid.day);
    if wrong_booking(row, &mut paid, plan, fault, random) {
        row.proof = None;
    }
    if fault == Fault::IbanSwapped {
        row.proof = None;
    }
    if !matches!(fault, Fault::Missing | Fault::LastMonthOnly) {
        entries.push(paid);
    }
}

/// Makes the booking one that does not prove the payment.
fn wrong_booking(
    row: &Row,
    paid: &mut Entry,
    plan: &Plan<'_>,
    fault: Fault,
    random: &mut Random,
) -> bool {
    let stranger = row.serial + 8;
    match fault {
        Fault::AmountFactorTen if paid.cents % 10 == 0 && random.happens(5_000) => paid.cents /= 10,
        Fault::AmountFactorTen => paid.cents *= 10,
        Fault::AmountSwapped => paid.cents = -swapped_digits(-paid.cents),
        Fault::IbanTypo => paid.iban = people::near_miss(&paid.iban, random),
        Fault::WrongAccount => paid.iban = people::iban(stranger),
        Fault::OtherMonth => {
            paid.end_to_end_id.clear();
            paid.day = plan.timetable.due - 4;
            paid.text = short_text(plan.timetable.month.previous());
        }
        Fault::ForeignAmount | Fault::Namesake => {
            if fault == Fault::ForeignAmount {
                paid.name = Person::new(random, stranger).name();
            }
            paid.iban = people::iban(stranger);
            paid.end_to_end_id.clear();
            paid.text = String::from("Rechnung Bauamt");
        }
        Fault::NameOnly => {
            paid.iban.clear();
            paid.end_to_end_id.clear();
            paid.text = short_text(plan.timetable.month);
        }
        Fault::PendingOnly => paid.pending = true,
        Fault::Missing | Fault::LastMonthOnly => {}
        _ => return false,
    }
    true
}

/// The amount with two neighbouring digits swapped; ten euros more where all are equal.
fn swapped_digits(cents: i64) -> i64 {
    let mut digits: Vec<char> = cents.to_string().chars().collect();
    let place = (1..digits.len()).find(|place| digits.get(*place) != digits.get(place - 1));
    if let Some(place) = place {
        digits.swap(place, place - 1);
    }
    let swapped = digits.into_iter().collect::<String>().parse().unwrap_or(cents);
    if swapped == cents { cents + 1_000 } else { swapped }
}
