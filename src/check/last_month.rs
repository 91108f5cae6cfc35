//! This month's rows against the last month's: accounts and amounts that changed, and accounts from which
//! the money came back.

use std::collections::BTreeMap;

use crate::check::finding::Files;
use crate::check::finding::Finding;
use crate::check::finding::Spot;
use crate::check::finding::Value;
use crate::check::kind::Kind;
use crate::check::months::AccountChange;
use crate::check::months::Pairs;
use crate::check::months::account_change;
use crate::check::months::is_ten_times;
use crate::model::payment::Payment;
use crate::model::reading::FileRecord;
use crate::verdict::outcome::Disposition;
use crate::verdict::outcome::Tally;
use crate::verdict::reason::Reason;
use crate::verdict::result::Outcome;

/// What is known of the month before.
#[derive(Clone, Debug, Default)]
pub struct LastMonth {
    /// Its rows.
    pub rows: Vec<Payment>,
    /// Its files.
    pub files: Vec<FileRecord>,
    /// Accounts from which money came back, by their keys, with the place that says so.
    pub returned: BTreeMap<String, Option<Spot>>,
}

impl LastMonth {
    /// Rows of a month of which nobody asked what became of them.
    pub fn new(rows: Vec<Payment>, files: Vec<FileRecord>) -> Self {
        Self { rows, files, returned: BTreeMap::new() }
    }

    /// Adds what became of the payments.
    #[must_use]
    pub fn with_outcome(mut self, outcome: &Outcome) -> Self {
        let files = Files(&self.files);
        for judged in &outcome.payments {
            let (row, verdict) = (&judged.payment, &judged.verdict);
            let came_back = matches!(verdict.reason, Reason::Returned | Reason::Repaid);
            if let Some(iban) = row.iban.as_ref().filter(|_| came_back) {
                let credit = verdict.entries.iter().find(|entry| entry.amount.cents() > 0);
                let place = credit.map_or(row.place, |entry| entry.place);
                self.returned.insert(iban.key().into_owned(), files.spot(place));
            }
        }
        for entry in &outcome.bank_entries {
            let came_back =
                matches!(entry.disposition, Disposition::Return | Disposition::UnassignedReturn);
            if let Some(iban) = entry.counterparty_iban.as_ref().filter(|_| came_back) {
                let spot = files.spot(entry.place);
                self.returned.entry(iban.key().into_owned()).or_insert(spot);
            }
        }
        self
    }

    /// Finds what changed; gives number and sum of last month's rows.
    pub(super) fn findings(
        &self,
        rows: &[Payment],
        files: Files<'_>,
        findings: &mut Vec<Finding>,
    ) -> Tally {
        let before = Files(&self.files);
        let pairs = Pairs::new(&self.rows, rows);
        for (old, new) in &pairs.both {
            let other = before.spot(old.place);
            let about = |kind| Finding::of_row(kind, new, files).against(other.clone());
            let (account, last) = (new.iban.as_ref(), old.iban.as_ref());
            let accounts = (Value::account(account), Value::account(last));
            match account_change(last, account) {
                AccountChange::None => {}
                AccountChange::Typo => {
                    findings.push(about(Kind::AccountTypo).values(accounts.0, accounts.1));
                }
                AccountChange::New => {
                    findings.push(about(Kind::AccountChanged).values(accounts.0, accounts.1));
                }
            }
            let (amount, last) = (new.amount_or_zero(), old.amount_or_zero());
            if is_ten_times(amount, last) {
                let (found, expected) = (Value::Amount(amount), Value::Amount(last));
                findings.push(about(Kind::AmountTenTimes).values(found, expected));
            }
        }
        for row in rows.iter().filter(|row| row.unreadable.is_none()) {
            let Some(iban) = &row.iban else { continue };
            if let Some(spot) = self.returned.get(&*iban.key()) {
                let account = Value::Account(iban.clone());
                findings.push(
                    Finding::of_row(Kind::AccountReturned, row, files)
                        .values(account, Value::None)
                        .against(spot.clone()),
                );
            }
        }
        let sum = |rows: &[Payment]| {
            let mut tally = Tally::default();
            for row in rows {
                tally.add(row.amount_or_zero());
            }
            tally
        };
        let (own, last) = (sum(rows), sum(&self.rows));
        let (small, large) = (own.amount.min(last.amount), own.amount.max(last.amount));
        if small.cents() > 0
            && small.cents().checked_mul(5).is_some_and(|five| five < large.cents())
        {
            let (found, expected) = (Value::Amount(own.amount), Value::Amount(last.amount));
            findings.push(Finding::new(Kind::SumFarOff).values(found, expected));
        }
        last
    }
}
