//! What makes a payment the same payment in two results: what its list says of it, not where it stands.

use chrono::NaiveDate;
use serde::Deserialize;
use serde::Serialize;

use crate::model::iban::Iban;
use crate::reports::lookup::SavedPayment;
use crate::reports::lookup::account::check_of;

/// The identity of a payment, in the words of a result without full account numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub struct Identity {
    /// Case number.
    pub case_id: Option<String>,
    /// End-to-end id.
    pub end_to_end_id: Option<String>,
    /// Amount, as results have it.
    pub amount: Option<String>,
    /// Due date.
    pub due: Option<NaiveDate>,
    /// The payee's account, masked.
    pub account: Option<String>,
    /// What results keep of the account besides (`reports::lookup::account`).
    pub account_check: Option<String>,
    /// Which of the payments that agree in all this, from 0, in the order of the lists.
    pub occurrence: u32,
}

impl Identity {
    /// Without its occurrence, as one text: what a key is computed of.
    pub fn text(&self) -> String {
        let part = |text: &Option<String>| text.clone().unwrap_or_default();
        let due = self.due.map(|due| due.to_string()).unwrap_or_default();
        [
            part(&self.case_id),
            part(&self.end_to_end_id),
            part(&self.amount),
            due,
            part(&self.account),
            part(&self.account_check),
        ]
        .join("\u{1f}")
    }
}

/// An account as identities have it, of one that a result shows masked or in full, and its check.
pub fn account(shown: Option<&str>, check: Option<&str>) -> (Option<String>, Option<String>) {
    let Some(shown) = shown else { return (None, None) };
    if shown.contains('…') {
        return (Some(shown.to_owned()), check.map(str::to_owned));
    }
    match Iban::read(shown) {
        Some(iban) => (Some(iban.masked()), check_of(&iban)),
        None => (Some(shown.to_owned()), check.map(str::to_owned)),
    }
}

/// The identity of a payment that is looked up; which of several alike is not known there.
pub fn of_saved(payment: &SavedPayment) -> Identity {
    let (account, account_check) =
        account(payment.iban.as_deref(), payment.account_check.as_deref());
    Identity {
        case_id: payment.case_id.clone(),
        end_to_end_id: payment.end_to_end_id.clone(),
        amount: payment.amount.clone(),
        due: payment.due,
        account,
        account_check,
        occurrence: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masked_and_full_accounts_are_one() {
        let full = Iban::from_german_account("50010517", "0648489890").unwrap();
        let of_full = account(Some(full.reveal()), None);
        let masked = full.masked();
        let check = check_of(&full);
        assert_eq!(of_full, account(Some(&masked), check.as_deref()));
        assert!(of_full.1.is_some());
        assert_eq!(account(None, None), (None, None));
    }
}
