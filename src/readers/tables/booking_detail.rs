//! The transfer behind a row: whom, which account, what for.

use crate::facts::signs::may_speak_against;
use crate::model::iban::Iban;
use crate::model::iban_in_text;
use crate::model::statement::BatchInformation;
use crate::model::statement::Direction;
use crate::model::statement::Doubt;
use crate::model::statement::EntryDetail;
use crate::model::statement::StatementEntry;
use crate::model::text::is_placeholder;
use crate::readers::tables::booking_row::Agreed;
use crate::readers::tables::booking_row::Export;
use crate::readers::tables::booking_text::count_in;
use crate::readers::tables::booking_text::is_collective;
use crate::readers::tables::booking_text::names_in_text;
use crate::readers::tables::columns::fold;
use crate::readers::tables::field::Field;
use crate::readers::tables::record::Record;
use crate::readers::tables::tags;
use crate::readers::tables::values::is_damaged;

/// Whether a text may say that money came back, is only announced, or went to an account it names.
fn is_worth_a_look(text: &str) -> bool {
    may_speak_against(text.as_bytes()) || !iban_in_text::in_text(text).is_empty()
}

impl Export<'_> {
    pub(super) fn describe(
        &self,
        row: &Record,
        rest: Option<String>,
        entry: &mut StatementEntry,
        doubt: &mut Option<Doubt>,
    ) {
        let debit = entry.direction == Direction::Debit;
        let mut detail = EntryDetail { place: entry.place, ..EntryDetail::default() };
        detail.counterparty = self.counterparty(row, debit);
        let accounts = self.other_account(row);
        detail.counterparty_iban = accounts.value;
        if accounts.differ {
            *doubt = Some(Doubt::Accounts);
        }
        if detail.counterparty_iban.is_none() {
            // Some programs write name and account into one cell.
            let named = detail.counterparty.as_deref().map(iban_in_text::in_text);
            if let Some([own]) = named.as_deref() {
                detail.counterparty_iban = Some(own.clone());
            }
        }
        let mut ids = self.cells(row, Field::EndToEndId).filter(|text| !is_damaged(text));
        detail.end_to_end_id = ids.next().map(str::to_owned);
        for other in ids.filter(|text| !is_placeholder(text)) {
            match detail.end_to_end_id.as_deref() {
                Some(known) if known == other => {}
                Some(known) if !is_placeholder(known) => *doubt = Some(Doubt::References),
                _ => detail.end_to_end_id = Some(other.to_owned()),
            }
        }
        let mut mandate = self.text(row, Field::Mandate);
        let instruction = self.text(row, Field::CustomerReference);
        let instruction = instruction.filter(|text| !is_placeholder(text));
        let ultimate = self.joined(row, Field::Ultimate);
        detail.remittance = match (self.joined(row, Field::Remittance), rest) {
            (Some(first), Some(second)) => Some(format!("{first} {second}")),
            (first, second) => first.or(second),
        };
        let whole = detail.remittance.clone();
        if let Some(named) = detail.remittance.as_deref().and_then(names_in_text) {
            // Some banks put name, account and text into one column.
            detail.counterparty = detail.counterparty.or(named.name);
            detail.counterparty_iban = detail.counterparty_iban.or(named.iban);
            detail.remittance = named.remittance.or(detail.remittance);
            detail.unread = named.others;
        }
        if let Some(tags) = detail.remittance.as_deref().and_then(tags::split) {
            detail.end_to_end_id = detail.end_to_end_id.or(tags.end_to_end_id);
            detail.instruction_id = tags.customer_reference;
            mandate = mandate.or(tags.mandate);
            detail.ultimate_counterparty = tags.ultimate;
            detail.counterparty_iban = detail.counterparty_iban.or(tags.iban);
            detail.remittance = tags.remittance;
            detail.unread = match (detail.unread.take(), tags.others) {
                (Some(first), Some(second)) => Some(format!("{first} {second}")),
                (first, second) => first.or(second),
            };
        }
        // A value that goes on behind its tag took words along that are none of it.
        let is_parted = detail.remittance != whole;
        if let Some(whole) = whole.filter(|whole| is_parted && is_worth_a_look(whole)) {
            detail.unread = Some(match detail.unread.take() {
                Some(unread) => format!("{unread} {whole}"),
                None => whole,
            });
        }
        if instruction.is_some() {
            detail.instruction_id = instruction;
        }
        if ultimate.is_some() {
            detail.ultimate_counterparty = ultimate;
        }
        if mandate.is_some() {
            detail.mandate_id = mandate;
        }
        let text = format!(
            "{} {}",
            entry.booking_text.as_deref().unwrap_or_default(),
            detail.remittance.as_deref().unwrap_or_default()
        );
        let count = self
            .text(row, Field::Count)
            .and_then(|text| text.parse::<u64>().ok())
            .or_else(|| count_in(&text))
            .filter(|count| *count > 1);
        let collective = is_collective(entry, &detail);
        if count.is_some() || collective {
            entry.batch = Some(BatchInformation { count, ..BatchInformation::default() });
        }
        detail.rare.tidy();
        let says_nothing = detail.counterparty.is_none()
            && detail.counterparty_iban.is_none()
            && detail.end_to_end_id.is_none()
            && detail.remittance.is_none();
        if !says_nothing {
            entry.details.push(detail);
        }
    }

    /// The name of the other side.
    fn counterparty(&self, row: &Record, debit: bool) -> Option<String> {
        let second = self.text(row, Field::Counterparty2).filter(|text| text != ".");
        let name = match (self.joined(row, Field::Counterparty), second) {
            (Some(first), Some(second)) => Some(format!("{first} {second}")),
            (first, second) => first.or(second),
        };
        // Layouts with a column for either side put them the other way round where money comes in.
        let holder = self.holder.as_deref().map(fold);
        let is_holder = |name: &str| holder.as_ref().is_some_and(|holder| fold(name) == *holder);
        let other_way = || {
            let own = self.text(row, Field::OwnName)?;
            (!debit && !is_holder(&own)).then_some(own)
        };
        let name = match name {
            Some(name) if self.columns.has(Field::OwnName) && is_holder(&name) => {
                other_way().or(Some(name))
            }
            name => name,
        };
        let of_side = if debit { Field::Payee } else { Field::Payer };
        name.or_else(|| self.joined(row, of_side))
    }

    /// The account of the other side, from all columns that may hold it.
    fn other_account(&self, row: &Record) -> Agreed<Iban> {
        let code = self.text(row, Field::BankCode);
        let mut agreed: Agreed<Iban> = Agreed { value: None, differ: false };
        for text in self.cells(row, Field::Iban) {
            // Zeros stand for no account, whatever bank code is beside them.
            if text.bytes().all(|byte| matches!(byte, b'0' | b' ')) {
                continue;
            }
            let by_code = || Iban::from_german_account(code.as_deref()?, text);
            let Some(own) = by_code().or_else(|| Iban::read(text)) else { continue };
            agreed.value = match agreed.value.take() {
                None => Some(own),
                Some(known) if known.same_account(&own) || is_part(&own, &known) => Some(known),
                Some(known) if is_part(&known, &own) => Some(own),
                Some(known) => {
                    agreed.differ = true;
                    Some(known)
                }
            };
        }
        agreed
    }
}

/// Whether a bare account number stands in an IBAN.
fn is_part(number: &Iban, iban: &Iban) -> bool {
    !number.has_iban_form() && {
        let digits = number.reveal().trim_start_matches('0');
        !digits.is_empty() && iban.reveal().ends_with(digits)
    }
}
