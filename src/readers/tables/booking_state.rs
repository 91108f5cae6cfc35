//! What the columns of a bank's export say of the state of a booking.

use crate::facts::pending_marks;
use crate::facts::pending_marks::Mark;
use crate::model::statement::BookingStatus;

/// What a column of states says; `None` if it says nothing.
pub(crate) fn of_column(name: &str, value: &str) -> Option<BookingStatus> {
    pending_marks::of_column(name, value).map(|mark| match mark {
        Mark::Booked => BookingStatus::Booked,
        Mark::Pending => BookingStatus::Pending,
        Mark::Neither => BookingStatus::Information,
    })
}

/// What a column says that asks whether the booking is still announced, whatever its name.
pub(crate) fn of_pending_flag(value: &str) -> Option<BookingStatus> {
    of_column("vorgemerkt", value)
}

/// What a column says that asks whether it is booked, whatever its name; left empty it is not.
pub(crate) fn of_booked_flag(value: &str) -> BookingStatus {
    of_column("gebucht", value).unwrap_or(BookingStatus::Pending)
}

/// Whether a cell that has no day says that the booking is announced only.
pub(crate) fn announces(text: &str) -> bool {
    pending_marks::of_column("", text) == Some(Mark::Pending)
}

/// The one of two states that says less for a booking.
pub(crate) fn weaker(one: BookingStatus, other: BookingStatus) -> BookingStatus {
    match (one, other) {
        (BookingStatus::Pending, _) | (_, BookingStatus::Pending) => BookingStatus::Pending,
        (BookingStatus::Booked, other) => other,
        (one, _) => one,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_that_says_least_counts() {
        use BookingStatus::Booked;
        use BookingStatus::Information;
        use BookingStatus::Pending;
        for (one, other, expected) in [
            (Booked, Booked, Booked),
            (Booked, Pending, Pending),
            (Information, Pending, Pending),
            (Booked, Information, Information),
        ] {
            assert_eq!(weaker(one, other), expected);
            assert_eq!(weaker(other, one), expected);
        }
        assert_eq!(of_booked_flag(""), Pending);
        assert_eq!(of_booked_flag("ja"), Booked);
        assert_eq!(of_pending_flag("nein"), Some(Booked));
        assert_eq!(of_pending_flag("1"), Some(Pending));
        assert_eq!(of_column("Info", "Umsatz gebucht"), Some(Booked));
        assert_eq!(of_column("Info", "noch nicht gebucht"), Some(Pending));
        assert!(announces("offen") && !announces("Kontostand"));
    }
}
