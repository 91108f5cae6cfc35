//! What the rules look at: what was booked, and what is owed.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::matching::bank::BankView;
use crate::matching::duplicates;
use crate::matching::duplicates::United;
use crate::matching::messages::Messages;
use crate::matching::messages::Sent;
use crate::matching::messages::statuses::Statuses;
use crate::matching::order_links::link_lists;
use crate::matching::orders;
use crate::matching::owed::Dates;
use crate::matching::owed::Owed;
use crate::matching::references::drop_repeated_ids;
use crate::model::inputs::Inputs;
use crate::model::payment::Payment;
use crate::model::problem::Problem;
use crate::model::together;
use crate::verdict::channel::part_of;
use crate::verdict::dates::RunDates;
use crate::verdict::dates::dates_of;
use crate::verdict::terms::Terms;

/// The bank's side as the rules see it.
pub(super) fn booked<'a>(inputs: &'a Inputs, united: &'a United, terms: &Terms) -> BankView<'a> {
    let formats: Vec<String> = inputs.files.iter().map(|file| file.format.clone()).collect();
    let mut bank = BankView::new(&inputs.statements, terms.as_of, terms.threads);
    duplicates::settle(&mut bank, &formats, united, terms.threads);
    bank
}

/// The office's side, and what the bank's messages say of it; `alone` if payments come from orders.
pub fn owing<'a>(
    inputs: &Inputs,
    payments: &'a [Payment],
    (run, alone): (RunDates, bool),
    terms: &Terms,
    problems: &mut Vec<Problem>,
) -> (Vec<Owed<'a>>, Messages) {
    let mut owed = owed_by(payments, run, terms);
    drop_repeated_ids(&mut owed);
    let statuses = Statuses::new(&inputs.orders, &inputs.status_reports);
    if alone {
        orders::link_own(&mut owed, &inputs.orders);
    } else if !inputs.orders.is_empty() {
        let refused = &statuses.refused;
        problems.extend(link_lists(&mut owed, &inputs.orders, refused, terms.threads));
        drop_repeated_ids(&mut owed);
    }
    let sent = Sent {
        orders: &inputs.orders,
        reports: &inputs.status_reports,
        recalls: &inputs.recalls,
        confirmations: &inputs.confirmations,
    };
    let messages = Messages::new(&owed, sent, &statuses, problems);
    (owed, messages)
}

/// The payments as the rules see them.
fn owed_by<'a>(payments: &'a [Payment], run: RunDates, terms: &Terms) -> Vec<Owed<'a>> {
    // Rows name a handful of days.
    let days: BTreeSet<NaiveDate> = payments.iter().map(|payment| run.of(payment)).collect();
    let known: BTreeMap<NaiveDate, Dates> =
        days.into_iter().map(|due| (due, dates_of(due, terms))).collect();
    let payments: Vec<&Payment> = payments.iter().collect();
    together::map_many(&payments, terms.threads, |payment| {
        let due = run.of(payment);
        let dates = known.get(&due).copied().unwrap_or_else(|| dates_of(due, terms));
        Owed::new(payment, dates, part_of(payment))
    })
}
