//! What else is booked on the payer's account: fees, other departments, money that comes in.

use crate::simulate::entry::Entry;
use crate::simulate::entry::Kind;
use crate::simulate::people;
use crate::simulate::people::Person;
use crate::simulate::random::Random;
use crate::simulate::timetable::Day;

/// Serial numbers from here on are strangers', never payments'.
const STRANGERS: u64 = 6_000_000_000;

/// The `number`-th unrelated booking of a day; the first of each day is money that comes in, so
/// that no day of an export is empty.
pub fn entry(seed: u64, day: Day, number: u64, clean: bool) -> Entry {
    let subject = u64::try_from(day).unwrap_or(0) * 1_000_000 + number;
    let mut random = Random::new(seed ^ 0x4E4F_4953_4500, subject);
    let person = Person::new(&mut random, STRANGERS + subject);
    let cents = people::amount(&mut random);
    let (kind, cents, text) = match random.below(4) {
        _ if number == 0 => (Kind::Incoming, cents, "Kassenzeichen 4711"),
        0 => (Kind::DirectDebit, -cents, "Abschlag Strom"),
        1 => (Kind::Fee, -i64::try_from(random.below(2_000)).unwrap_or(0) - 1, "Entgelt"),
        2 if !clean => (Kind::Transfer, -cents, "Rechnung Schulamt"),
        _ => (Kind::Incoming, cents, "Erstattung"),
    };
    let (name, iban) = if kind == Kind::Fee {
        (String::new(), String::new())
    } else {
        (person.name(), person.iban)
    };
    Entry { day, cents, kind, name, iban, text: text.to_owned(), ..Entry::default() }
}
