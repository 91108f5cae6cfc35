//! Whose money a credit brings back, where it bears no id: by account, amount, case number and name.

use crate::matching::findings::Link;
use crate::matching::in_hand::names_of;
use crate::matching::in_hand::wholes;
use crate::matching::meant::Answer;
use crate::matching::meant::Asked;
use crate::matching::meant::Share;
use crate::model::amount::Amount;
use crate::model::currency::Currency;
use crate::model::iban_in_text;
use crate::model::text::FoldedName;
use crate::model::text::fold_words;

impl Asked<'_, '_> {
    /// By account and amount, and by the case numbers that its texts name.
    pub(super) fn by_account_and_case(&self) -> Option<Answer> {
        let account = self.best(self.exact_to_account());
        let told = self.search.told(self.credit);
        let named: Vec<usize> =
            told.candidates.iter().chain(told.several.iter()).copied().collect();
        let named: Vec<usize> =
            named.into_iter().filter(|payment| self.in_window(*payment)).collect();
        let mut slots = Vec::new();
        for payment in &named {
            slots.extend(self.in_hand().of_payment(*payment));
            slots.extend(self.in_hand().nobodys_naming(self.search, *payment));
        }
        if !told.several.is_empty() {
            if let Some(answer) = self.all_named(&named, &slots) {
                return Some(answer);
            }
        }
        let case = self.best(slots);
        let concerned = || {
            let all = account.payments.iter().chain(&case.payments).chain(&named).copied();
            Answer::nobody(all.chain(self.may_concern()).collect())
        };
        if account.is_empty() && case.is_empty() {
            return None;
        }
        if account.payments.is_empty() && case.payments.is_empty() {
            return Some(concerned());
        }
        let both: Vec<usize> = account
            .payments
            .iter()
            .copied()
            .filter(|payment| case.payments.contains(payment))
            .collect();
        if !both.is_empty() {
            let share = if account.nobodys && case.nobodys { Share::Unclear } else { Share::One };
            return Some(Answer::of(both, Link::Reference, share));
        }
        if case.is_empty() && told.is_empty() {
            let share = if account.nobodys { Share::Unclear } else { Share::One };
            return Some(Answer::of(account.payments, Link::IbanAndAmount, share));
        }
        if account.is_empty() {
            let clear = !case.nobodys && (case.exact || case.payments.len() == 1);
            let share = if clear { Share::One } else { Share::Unclear };
            return Some(Answer::of(case.payments, Link::Reference, share));
        }
        // Account and amount say one thing, the text another.
        let mut all = account.payments;
        all.extend(case.payments);
        all.sort_unstable();
        all.dedup();
        Some(Answer::of(all, Link::Reference, Share::Unclear))
    }

    /// Debits to its accounts: those of its parties, and where these show none, those that its texts name.
    fn to_accounts(&self) -> Vec<usize> {
        let view = self.search.transfer(self.credit);
        let mut slots: Vec<usize> =
            view.ibans().flat_map(|iban| self.in_hand().to_account(iban)).collect();
        if slots.is_empty() {
            let entry = self.search.entry(view.entry).entry;
            let named = entry.texts(view.detail).flat_map(iban_in_text::in_text);
            slots.extend(named.flat_map(|iban| self.in_hand().to_account(&iban)));
        }
        slots
    }

    /// Debits to its account of one of its amounts.
    fn exact_to_account(&self) -> Vec<usize> {
        let view = self.search.transfer(self.credit);
        let slots = self.to_accounts();
        if !view.stated && self.amounts.is_empty() {
            return slots;
        }
        self.in_hand().only(slots, |debit| self.amounts.contains(&debit.amount))
    }

    /// It names several payments: all of them came back, if it is their sum.
    fn all_named(&self, named: &[usize], slots: &[usize]) -> Option<Answer> {
        let own = self.in_hand().only(slots.to_vec(), |debit| debit.payment.is_some());
        let pick = self.best(own.clone());
        if pick.payments.is_empty() {
            return None;
        }
        let view = self.search.transfer(self.credit);
        let whole = view.stated && self.in_hand().sum(&own) == view.amount;
        let share = if whole { Share::Each } else { Share::Unclear };
        Some(Answer::of(named.to_vec(), Link::Reference, share))
    }

    /// By its account alone: less a fee that nobody states, or several payments at once. Nobody can
    /// say more than that it concerns them.
    pub(super) fn by_account(&self) -> Option<Answer> {
        let view = self.search.transfer(self.credit);
        let slots = self.to_accounts();
        let slots = self.in_hand().only(slots, |debit| debit.day <= view.booked_on);
        let is_foreign = self.search.entry(view.entry).entry.currency != Currency::EUR;
        if slots.is_empty() || !(view.stated || is_foreign) {
            return None;
        }
        let back = view.amount;
        // In another currency any amount may be meant.
        let less_a_fee =
            |amount: Amount| is_foreign || (back < amount && amount.minus(back) <= LARGEST_FEE);
        let in_hand = self.in_hand();
        let near = in_hand
            .only(slots.clone(), |debit| wholes(self.search, debit).into_iter().any(less_a_fee));
        let fitting = if near.is_empty() && self.adds_up(&slots) { slots } else { near };
        let pick = self.best(fitting);
        (!pick.payments.is_empty())
            .then(|| Answer::of(pick.payments, Link::IbanAndAmount, Share::Unclear))
    }

    /// Whether several of these debits have this amount together.
    fn adds_up(&self, slots: &[usize]) -> bool {
        let back = self.search.transfer(self.credit).amount;
        let (equal, count) = self.in_hand().one_of(slots);
        if count < 2 {
            return false;
        }
        if count > MOST_PARTS {
            let several = equal.cents() > 0 && back.cents() % equal.cents() == 0;
            return self.in_hand().sum(slots) == back || (several && back > equal);
        }
        let mut sums = vec![Amount::ZERO];
        for slot in slots {
            let own = self.in_hand().sum(&[*slot]);
            let more: Vec<Amount> = sums.iter().map(|sum| sum.plus(own)).collect();
            sums.extend(more);
        }
        sums.contains(&back)
    }

    /// By name and amount, whatever account it shows.
    pub(super) fn by_name(&self) -> Option<Answer> {
        let pick = self.best(self.of_name());
        if pick.payments.is_empty() {
            return None;
        }
        // A text that names somebody else leaves it open.
        let told = self.search.told(self.credit);
        let clear = !pick.nobodys && told.is_empty();
        let share = if clear { Share::One } else { Share::Unclear };
        Some(Answer::of(pick.payments, Link::NameAndAmount, share))
    }

    fn of_name(&self) -> Vec<usize> {
        let view = self.search.transfer(self.credit);
        let theirs: Vec<FoldedName> = view.names().filter_map(FoldedName::new).collect();
        if !theirs.is_empty() {
            return self.in_hand().of_name(self.search, &self.amounts, &theirs);
        }
        // Exports without a column for the name have it in the text.
        let entry = self.search.entry(view.entry).entry;
        let texts: Vec<Vec<String>> = entry.texts(view.detail).map(fold_words).collect();
        let stands = |own: &str| texts.iter().any(|text| stands_in(own, text));
        let in_hand = self.in_hand();
        let slots = self.amounts.iter().flat_map(|amount| {
            let parts = in_hand.parts_of(*amount);
            in_hand.of_amount(*amount).into_iter().chain(parts)
        });
        in_hand.only(slots.collect(), |debit| names_of(self.search, debit).any(stands))
    }

    /// Whom it may concern, if it is nobody's: its account, or a case number in its texts.
    pub(super) fn may_concern(&self) -> Vec<usize> {
        let view = self.search.transfer(self.credit);
        let slots = self.in_hand().only(self.to_accounts(), |debit| debit.day <= view.booked_on);
        let mut concerned = self.in_hand().payments_of(&slots);
        let told = self.search.told(self.credit);
        let named = told.candidates.iter().chain(told.several.iter()).copied();
        concerned.extend(named.filter(|payment| self.in_window(*payment)));
        concerned
    }
}

/// What a bank may keep of a return without saying so.
const LARGEST_FEE: Amount = Amount::from_cents(2500);
/// Of so many debits every sum is tried.
const MOST_PARTS: usize = 12;

/// Whether a name of at least two words stands in the words of a text, its last word perhaps first.
pub(super) fn stands_in(name: &str, text: &[String]) -> bool {
    let mut own = fold_words(name);
    if own.len() < 2 {
        return false;
    }
    let stands = |own: &[String]| text.windows(own.len()).any(|words| words == own);
    if stands(&own) {
        return true;
    }
    own.rotate_right(1);
    stands(&own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_texts() {
        for (name, text, expected) in [
            ("Erika Groß", "ERIKA GROSS RETOURE AC04 Konto erloschen", true),
            ("Erika Groß", "Retoure Groß, Erika", true),
            ("Erika Groß", "Retoure Erika Großmann", false),
            ("Erika Groß", "Retoure Erika", false),
            ("Groß", "Retoure Groß", false),
        ] {
            assert_eq!(stands_in(name, &fold_words(text)), expected, "{name}: {text}");
        }
    }
}
