//! Many at once: groups that are settled by counting, bookings that all cite.

use chrono::NaiveDate;

use crate::matching::cited::Several;
use crate::matching::counting::Content;
use crate::matching::counting::Count;
use crate::matching::counting::count;
use crate::matching::findings::Flag;
use crate::matching::findings::Link;
use crate::matching::findings::Note;
use crate::matching::groups::Fits;
use crate::matching::groups::Group;
use crate::matching::groups::groups;
use crate::matching::owed::Dates;
use crate::matching::owed::Timing;
use crate::matching::search::Search;
use crate::model::statement::Doubt;

impl Search<'_> {
    /// Lets payments cite all of these transfers, and takes them out of the search.
    pub fn cite_all(&mut self, payments: &[usize], transfers: &[usize]) {
        let entries = transfers.iter().map(|transfer| self.transfer(*transfer).entry).collect();
        let several = Several::new(entries, self.bank());
        for payment in payments {
            self.found(*payment).cited.add_all(&several);
        }
        for transfer in transfers {
            self.take(*transfer);
        }
    }

    /// Settles fitting pairs by counting: claims, surplus, or an ambiguous group.
    pub fn settle(&mut self, fits: Vec<Fits>, link: Link) {
        for group in groups(fits) {
            match count(&group, &Timings(self)) {
                Count::Paired(pairs) => {
                    for (payment, transfer) in pairs {
                        self.claim(payment, transfer, link);
                    }
                }
                Count::Surplus => self.surplus_group(&group, link),
                Count::Undecided => self.undecided(&group),
            }
        }
    }

    /// More bookings than payments: a single payment got them all; in a group nobody can say
    /// who was paid twice.
    fn surplus_group(&mut self, group: &Group, link: Link) {
        if let [payment] = group.payments.as_slice() {
            let mut transfers = group.transfers.clone();
            transfers.sort_by_cached_key(|transfer| self.transfer_order(*transfer));
            for transfer in transfers {
                self.claim(*payment, transfer, link);
            }
            return;
        }
        self.flag_group(group, Flag::PaidTwice);
    }

    fn undecided(&mut self, group: &Group) {
        self.flag_group(group, Flag::Ambiguous);
    }

    fn flag_group(&mut self, group: &Group, flag: Flag) {
        let note = Note::Group(group.payments.len(), group.transfers.len());
        for fits in &group.fits {
            self.cite_all(&fits.payments, &fits.transfers);
        }
        for payment in &group.payments {
            let found = self.found(*payment);
            found.flag(flag);
            found.notes.push(note.clone());
        }
    }
}

/// What the days and doubts of bookings mean for payments.
struct Timings<'s, 'a>(&'s Search<'a>);

impl Content for Timings<'_, '_> {
    type Payment = Dates;
    type Transfer = (NaiveDate, Option<Doubt>);
    type Answer = (Timing, Option<Doubt>);

    fn payment(&self, payment: usize) -> Dates {
        self.0.owed(payment).dates
    }

    fn transfer(&self, transfer: usize) -> Self::Transfer {
        let view = self.0.transfer(transfer);
        (view.booked_on, self.0.entry(view.entry).entry.doubt)
    }

    fn answer(&self, dates: &Dates, (day, doubt): &Self::Transfer) -> Self::Answer {
        (dates.timing(*day), *doubt)
    }

    fn payment_order(&self, payment: usize) -> impl Ord {
        self.0.payment_order(payment)
    }

    fn transfer_order(&self, transfer: usize) -> impl Ord {
        self.0.transfer_order(transfer)
    }
}
