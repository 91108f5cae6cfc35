//! A booking as the two files of a case tell it, and the credit by which money comes back.

use crate::model::date::Month;
use crate::simulate::against::kinds::Against;
use crate::simulate::against::shapes::Shape;
use crate::simulate::case::Row;
use crate::simulate::case::entry;
use crate::simulate::case::give_back;
use crate::simulate::case::short_text;
use crate::simulate::case::text;
use crate::simulate::entry::Entry;
use crate::simulate::entry::Kind;
use crate::simulate::timetable::Day;

/// A booking as the two files tell it.
#[derive(Clone, Debug, Default)]
pub struct Booking {
    /// As the further file tells it.
    pub rich: Entry,
    /// As the bank files of the month tell it.
    pub poor: Entry,
    /// It took place; otherwise only a report or an announcement tells it.
    pub booked: bool,
    /// A further file that does not tell everything tells it.
    pub special: bool,
    /// What only camt can say.
    pub shape: Shape,
}
/// One that took place and that both files tell alike.
pub fn told(entry: Entry) -> Booking {
    Booking { rich: entry.clone(), poor: entry, booked: true, ..Booking::default() }
}
/// The credit by which the money comes back.
pub fn money_back(
    row: &Row,
    id: &str,
    stranger: &str,
    (month, day): (Month, Day),
    against: Against,
) -> Booking {
    let mut paid = entry(row, row.cents);
    paid.end_to_end_id = id.to_owned();
    paid.text = text(row, month);
    let mut back = give_back(&paid, day, "AC04");
    let mut shape = Shape::Usual;
    match against {
        Against::ReturnOwnIdFee => back.cents -= 500,
        Against::ReturnClearing => {
            stranger.clone_into(&mut back.iban);
            back.name = String::from("Verrechnung Beispielbank");
        }
        Against::ReturnOtherId => {
            back.end_to_end_id = format!("RB-{}", row.serial);
            back.text = String::from("RETOURE SEPA-UEBERWEISUNG");
        }
        Against::ReturnCase | Against::ReturnCaseFee => {
            for field in [&mut back.end_to_end_id, &mut back.iban, &mut back.name] {
                field.clear();
            }
            back.text = format!("RETOURE Az {}", row.case_id);
            if against == Against::ReturnCaseFee {
                back.cents -= 500;
            }
        }
        Against::ReturnAccount | Against::ReturnName | Against::ReturnSwapped => {
            back.end_to_end_id.clear();
            back.text = String::from("RETOURE SEPA-UEBERWEISUNG");
            if against == Against::ReturnName {
                back.iban.clear();
            }
            if against == Against::ReturnSwapped {
                shape = Shape::Swapped;
            }
        }
        Against::ReturnEntryCode => {
            back.end_to_end_id.clear();
            back.text = short_text(month);
            shape = Shape::EntryCode;
        }
        Against::ReturnUnmarked => {
            back.kind = Kind::Incoming;
            back.text = short_text(month);
        }
        Against::ReturnAnnounced => back.pending = true,
        Against::Reversal => {
            back.kind = Kind::Reversal;
            shape = Shape::Reversal;
        }
        Against::ReversalDebit => {
            back.kind = Kind::Reversal;
            shape = Shape::DebitReversal;
        }
        _ => {}
    }
    let poor = Entry {
        kind: Kind::Incoming,
        end_to_end_id: String::new(),
        text: String::from("Gutschrift"),
        ..back.clone()
    };
    let booked = !back.pending;
    Booking { rich: back, poor, booked, special: true, shape }
}
