//! Which side of a transfer is the account's own: only the statement knows the account.

use crate::model::iban::Iban;
use crate::model::statement::EntryDetail;
use crate::model::statement::Statement;

/// Turns the sides of transfers that came in round where the other side is the account itself, and
/// forgets the account's own.
pub(crate) fn name_the_other(statement: &mut Statement) {
    let Some(own) = &statement.account else { return };
    let is_own = |account: &Option<Iban>| account.as_ref().is_some_and(|one| one.same_account(own));
    for detail in statement.entries.iter_mut().flat_map(|entry| &mut entry.details) {
        if detail.opposite_iban.is_none() && detail.opposite_party.is_none() {
            continue;
        }
        if is_own(&detail.counterparty_iban) && !is_own(&detail.opposite_iban) {
            turn_round(detail);
        }
        if is_own(&detail.opposite_iban) {
            detail.opposite_iban = None;
            detail.opposite_party = None;
            detail.rare.tidy();
        }
    }
}

fn turn_round(detail: &mut EntryDetail) {
    let (name, account) = (detail.opposite_party.take(), detail.opposite_iban.take());
    detail.opposite_party = std::mem::replace(&mut detail.counterparty, name);
    detail.opposite_iban = std::mem::replace(&mut detail.counterparty_iban, account);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::statement::StatementEntry;

    #[test]
    fn the_accounts_own_side_is_never_the_other() {
        let own = "DE71100500000190876540";
        let payee = "DE44200400600012345601";
        for (near, far, expected) in [
            (Some(payee), Some(own), (Some(payee), None)),
            (Some(own), Some(payee), (Some(payee), None)),
            (Some(own), None, (Some(own), None)),
            (Some(payee), None, (Some(payee), None)),
        ] {
            let read = |account: Option<&str>| account.and_then(Iban::read);
            let mut detail = EntryDetail { counterparty_iban: read(near), ..Default::default() };
            detail.opposite_iban = read(far);
            let entry = StatementEntry { details: vec![detail], ..StatementEntry::default() };
            let mut statement = Statement {
                account: Iban::read(own),
                entries: vec![entry],
                ..Statement::default()
            };
            name_the_other(&mut statement);
            let detail = &statement.entries[0].details[0];
            let found = [&detail.counterparty_iban, &detail.opposite_iban];
            let found = found.map(|account| account.as_ref().map(Iban::reveal));
            assert_eq!((found[0], found[1]), expected);
        }
    }
}
