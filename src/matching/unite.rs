//! Several tellings of one booking as one: ids, names, accounts and marks of all count, and what any of
//! them says against a payment.

use std::collections::BTreeSet;

use crate::facts::transaction_codes;
use crate::facts::transaction_codes::CodeMeaning;
use crate::matching::bank::real_end_to_end_key;
use crate::matching::classes::brings_back;
use crate::model::iban::Iban;
use crate::model::statement::BatchInformation;
use crate::model::statement::Doubt;
use crate::model::statement::EntryDetail;
use crate::model::statement::StatementEntry;
use crate::model::text::is_placeholder;
use crate::model::text::names_agree;

/// A booking with everything that its tellings say; place, amount and days are the first one's. In
/// whichever order they come, what they say together is the same.
pub(super) fn united(tellings: &[&StatementEntry]) -> Option<StatementEntry> {
    let first = tellings.first()?;
    let richest = tellings.iter().max_by_key(|entry| worth(&entry.details))?;
    let mut made = (*first).clone();
    made.details.clone_from(&richest.details);
    if let [own] = made.details.as_mut_slice() {
        let singles = tellings.iter().filter_map(|entry| match entry.details.as_slice() {
            [detail] => Some(detail),
            _ => None,
        });
        let singles: Vec<&EntryDetail> = singles.collect();
        if let Some(united) = of_details(&singles) {
            *own = united;
        }
    }
    made.reversal = tellings.iter().any(|entry| entry.reversal);
    let codes = || tellings.iter().filter_map(|entry| entry.transaction_code.clone());
    let is_return = |code: &String| transaction_codes::meaning(code) == Some(CodeMeaning::Return);
    let code = codes().filter(is_return).min().or_else(|| codes().min());
    if made.transaction_code != code {
        made.transaction_code = code;
    }
    let domains = || tellings.iter().filter_map(|entry| entry.domain_code.clone());
    let domain = domains().filter(|code| code.ends_with("RRTN")).min().or_else(|| domains().min());
    if made.domain_code != domain {
        made.domain_code = domain;
    }
    let text = together(tellings.iter().map(|entry| &entry.booking_text));
    if made.booking_text != text {
        made.booking_text = text;
    }
    let unread = together(tellings.iter().map(|entry| &entry.unread));
    if made.unread != unread {
        made.unread = unread;
    }
    let batches = tellings.iter().filter_map(|entry| entry.batch.clone());
    let batch = batches.max_by_key(|batch: &BatchInformation| {
        let ids = (batch.payment_info_id.clone(), batch.message_id.clone());
        (batch.count, batch.total, ids)
    });
    if made.batch != batch {
        made.batch = batch;
    }
    let charges = tellings.iter().filter_map(|entry| entry.charges).max();
    if made.charges != charges {
        made.charges = charges;
    }
    let doubt = doubt(tellings);
    if made.doubt != doubt {
        made.doubt = doubt;
    }
    // Whichever telling marks it, it is marked.
    if tellings.iter().any(|entry| brings_back(entry)) && !brings_back(&made) {
        for detail in &mut made.details {
            detail.return_information.get_or_insert_default();
        }
    }
    Some(made)
}

/// What any telling says against it; a column that nobody knows says nothing where another telling
/// has none.
fn doubt(tellings: &[&StatementEntry]) -> Option<Doubt> {
    let doubts = || tellings.iter().map(|entry| entry.doubt);
    let said = doubts().flatten().filter(|doubt| *doubt != Doubt::UnknownColumn).min();
    said.or_else(|| doubts().min().flatten())
}

/// How much details tell: how many name an id or account, how many have a text.
fn worth(details: &[EntryDetail]) -> (usize, usize) {
    let known = details.iter().filter(|detail| {
        real_end_to_end_key(detail).is_some() || detail.counterparty_iban.is_some()
    });
    (known.count(), details.iter().filter(|detail| detail.remittance.is_some()).count())
}

/// One transfer as several tell it.
fn of_details(tellings: &[&EntryDetail]) -> Option<EntryDetail> {
    let first = tellings.iter().max_by_key(|detail| {
        (worth(std::slice::from_ref(**detail)), detail.amount, detail.remittance.as_deref())
    })?;
    let mut made = (*first).clone();
    let ids = tellings.iter().filter(|detail| real_end_to_end_key(detail).is_some());
    let id = ids.filter_map(|detail| detail.end_to_end_id.clone()).max_by_key(String::len);
    if id.is_some() {
        made.end_to_end_id = id;
    }
    let names = tellings.iter().filter_map(|detail| detail.counterparty.clone());
    let names: BTreeSet<String> = names.collect();
    made.counterparty = names.iter().max_by_key(|name| name.len()).cloned();
    let accounts = tellings.iter().filter_map(|detail| detail.counterparty_iban.clone());
    made.counterparty_iban =
        accounts.min_by_key(|iban: &Iban| (!iban.is_valid(), iban.reveal().to_owned()));
    made.remittance = together(tellings.iter().map(|detail| &detail.remittance));
    let mut besides: Vec<Option<String>> =
        tellings.iter().map(|detail| detail.unread.clone()).collect();
    let shown = made.counterparty.clone().unwrap_or_default();
    besides.extend(names.into_iter().filter(|name| !names_agree(name, &shown)).map(Some));
    let mut pick = |field: fn(&EntryDetail) -> &Option<String>| {
        let texts = tellings.iter().filter_map(|detail| field(detail).clone());
        let texts: BTreeSet<String> = texts.filter(|text| !is_placeholder(text)).collect();
        let picked = texts.iter().max_by_key(|text| text.len()).cloned();
        besides.extend(texts.into_iter().filter(|text| Some(text) != picked.as_ref()).map(Some));
        picked.or_else(|| tellings.iter().find_map(|detail| field(detail).clone()))
    };
    let payment_info_id = pick(|detail| &detail.payment_info_id);
    let message_id = pick(|detail| &detail.message_id);
    let instruction_id = pick(|detail| &detail.instruction_id);
    let bank_reference = pick(|detail| &detail.bank_reference);
    let mandate_id = pick(|detail| &detail.mandate_id);
    let ultimate = pick(|detail| &detail.ultimate_counterparty);
    let opposite = pick(|detail| &detail.opposite_party);
    let mut rare = (*made.rare).clone();
    rare.payment_info_id = payment_info_id;
    rare.message_id = message_id;
    rare.instruction_id = instruction_id;
    rare.bank_reference = bank_reference;
    rare.mandate_id = mandate_id;
    rare.ultimate_counterparty = ultimate;
    rare.opposite_party = opposite;
    let opposites = tellings.iter().filter_map(|detail| detail.opposite_iban.clone());
    rare.opposite_iban = opposites.min_by_key(|iban: &Iban| iban.reveal().to_owned());
    rare.original_amount = tellings.iter().filter_map(|detail| detail.original_amount).max();
    let returns = tellings.iter().filter_map(|detail| detail.return_information.clone());
    rare.return_information =
        returns.max_by_key(|own| (own.code.is_some(), own.code.clone(), own.text.clone()));
    rare.unread = together(besides.iter());
    if *made.rare != rare {
        made.rare = crate::model::shared::Shared::new(rare);
    }
    Some(made)
}

/// Texts as one, each once and in an order of their own.
fn together<'t>(texts: impl Iterator<Item = &'t Option<String>>) -> Option<String> {
    let texts: BTreeSet<&str> = texts.filter_map(Option::as_deref).collect();
    let is_inside =
        |text: &&str| texts.iter().any(|other| other.len() > text.len() && other.contains(*text));
    let kept: Vec<&str> = texts.iter().filter(|text| !is_inside(text)).copied().collect();
    (!kept.is_empty()).then(|| kept.join(" ; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::statement::Direction;
    use crate::model::statement::ReturnInformation;

    fn telling(id: Option<&str>, name: &str, text: &str) -> StatementEntry {
        StatementEntry {
            direction: Direction::Credit,
            details: vec![EntryDetail {
                end_to_end_id: id.map(str::to_owned),
                counterparty: Some(name.to_owned()),
                remittance: Some(text.to_owned()),
                ..EntryDetail::default()
            }],
            ..StatementEntry::default()
        }
    }

    #[test]
    fn both_tellings_count_in_any_order() {
        let poor = telling(Some("NOTPROVIDED"), "Beispiel Eri", "AZ 4711");
        let mut rich = telling(Some("E-1"), "Beispiel Erika", "GRUSI NOVEMBER");
        rich.transaction_code = Some("159".to_owned());
        rich.details[0].return_information =
            Some(ReturnInformation { code: Some("AC04".to_owned()), text: None });
        for tellings in [[&poor, &rich], [&rich, &poor]] {
            let made = united(&tellings).unwrap();
            let detail = &made.details[0];
            assert!(made.is_marked_return());
            assert_eq!(detail.end_to_end_id.as_deref(), Some("E-1"));
            assert_eq!(detail.counterparty.as_deref(), Some("Beispiel Erika"));
            assert_eq!(detail.remittance.as_deref(), Some("AZ 4711 ; GRUSI NOVEMBER"));
            assert_eq!(detail.return_information, rich.details[0].return_information);
        }
    }

    #[test]
    fn an_unknown_column_of_one_telling_says_nothing_of_another() {
        let plain = telling(None, "A", "B");
        let mut unknown = telling(None, "A", "B");
        unknown.doubt = Some(Doubt::UnknownColumn);
        assert_eq!(united(&[&plain, &unknown]).unwrap().doubt, None);
        assert_eq!(united(&[&unknown]).unwrap().doubt, Some(Doubt::UnknownColumn));
        let mut returned = telling(None, "A", "B");
        returned.doubt = Some(Doubt::ReturnWords);
        assert_eq!(united(&[&unknown, &returned]).unwrap().doubt, Some(Doubt::ReturnWords));
    }
}
