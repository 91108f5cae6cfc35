//! What is owed: the rows of the payment lists.

use std::ops::Deref;
use std::ops::DerefMut;

use chrono::NaiveDate;

use crate::model::amount::Amount;
use crate::model::currency::Currency;
use crate::model::iban::Iban;
use crate::model::place::Place;
use crate::model::problem::ProblemCode;
use crate::model::shared::Blank;
use crate::model::shared::Shared;

/// One row of a payment list: what one payee is owed this month.
///
/// A row that could not be read is a payment too: [`CommonOfRows::unreadable`] says why, and what
/// could be read of it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payment {
    /// Where the row begins.
    pub place: Place,
    /// Case number of the office (Aktenzeichen).
    pub case_id: Option<String>,
    /// The person entitled (Leistungsberechtigte).
    pub beneficiary: Option<String>,
    /// Holder of the account, where another than the beneficiary.
    pub payee: Option<String>,
    /// Account of the payee; its check digits may be wrong.
    pub iban: Option<Iban>,
    /// What is owed; `None` only where the row is unreadable.
    pub amount: Option<Amount>,
    /// Currency of the amount.
    pub currency: Currency,
    /// The row's own due date.
    pub due: Option<NaiveDate>,
    /// End-to-end id the office gives the payment. ISO 20022: `EndToEndId`.
    pub end_to_end_id: Option<String>,
    /// All else; its fields are read and written like the payment's own.
    pub common: Shared<CommonOfRows>,
}

/// What many rows of a list say alike. A hundred thousand rows in full took 250 bytes more each before it
/// was kept once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommonOfRows {
    /// What it is paid for.
    pub benefit: Benefit,
    /// Remittance text (Verwendungszweck) the office gives the payment.
    pub remittance: Option<String>,
    /// Payment run the row belongs to (Zahlungslauf).
    pub run: Option<String>,
    /// Care home or other facility.
    pub facility: Option<String>,
    /// How it is paid: transfer if empty; cash, cheque, card.
    pub channel: Option<String>,
    /// The list's own status, such as blocked.
    pub list_status: Option<String>,
    /// Office or municipality that handles the case.
    pub office: Option<String>,
    /// A remark.
    pub note: Option<String>,
    /// The office's account that pays, where the list names it.
    pub payer_account: Option<Iban>,
    /// Why the row could not be read, if it could not.
    pub unreadable: Option<ProblemCode>,
}

impl Blank for CommonOfRows {
    fn blank() -> &'static Self {
        static BLANK: CommonOfRows = CommonOfRows {
            benefit: Benefit::Unnamed,
            remittance: None,
            run: None,
            facility: None,
            channel: None,
            list_status: None,
            office: None,
            note: None,
            payer_account: None,
            unreadable: None,
        };
        &BLANK
    }
}

impl Deref for Payment {
    type Target = CommonOfRows;

    fn deref(&self) -> &CommonOfRows {
        &self.common
    }
}

impl DerefMut for Payment {
    fn deref_mut(&mut self) -> &mut CommonOfRows {
        &mut self.common
    }
}

impl Payment {
    /// Holder of the account paid to: the payee, or else the beneficiary.
    pub fn account_holder(&self) -> Option<&str> {
        self.payee.as_deref().or(self.beneficiary.as_deref())
    }

    /// What is owed, zero where the row is unreadable.
    pub fn amount_or_zero(&self) -> Amount {
        self.amount.unwrap_or(Amount::ZERO)
    }
}

impl Default for Currency {
    fn default() -> Self {
        Self::EUR
    }
}

/// What a payment is for. Texts that name none of the known benefits are kept as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Benefit {
    /// Social assistance (Sozialhilfe, Hilfe zum Lebensunterhalt, Grundsicherung).
    SocialAssistance,
    /// Care assistance for persons (Hilfe zur Pflege).
    CareAssistance,
    /// Payments for residents of care homes.
    CareHome,
    /// Any other text of the list.
    Other(String),
    /// The list says nothing.
    #[default]
    Unnamed,
}

impl Benefit {
    /// Reads a list's benefit text: code words and abbreviations in German and English.
    pub fn read(text: &str) -> Self {
        let trimmed = text.trim();
        let key: String = crate::model::text::fold_words(trimmed).concat();
        match key.as_str() {
            "" => Self::Unnamed,
            "sozialhilfe"
            | "hlu"
            | "hilfezumlebensunterhalt"
            | "lebensunterhalt"
            | "grundsicherung"
            | "grusi"
            | "gsi"
            | "gsia"
            | "socialassistance"
            | "sozialamt"
            | "grundsicherungimalter"
            | "grundsicherungimalterundbeierwerbsminderung"
            | "grundsicherungbeierwerbsminderung" => Self::SocialAssistance,
            "hilfezurpflege"
            | "hzp"
            | "careassistance"
            | "pflegehilfe"
            | "ambulantepflege"
            | "hilfezurpflegeambulant"
            | "pflegeassistenz" => Self::CareAssistance,
            "pflegeeinrichtung"
            | "pflegeeinrichtungen"
            | "heim"
            | "heime"
            | "pflegeheim"
            | "pflegeheime"
            | "carehome"
            | "carehomes"
            | "heimpflege"
            | "heimkosten"
            | "hilfezurpflegestationar"
            | "stationar"
            | "stationarepflege" => Self::CareHome,
            _ => Self::Other(trimmed.to_owned()),
        }
    }

    /// The machine name: `social-assistance`, `care-assistance`, `care-home`, or the list's text.
    pub fn name(&self) -> &str {
        match self {
            Self::SocialAssistance => "social-assistance",
            Self::CareAssistance => "care-assistance",
            Self::CareHome => "care-home",
            Self::Other(text) => text,
            Self::Unnamed => "",
        }
    }
}

/// The totals row of a list, checked against the rows it sums up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListTotal {
    /// Where it stands.
    pub place: Place,
    /// The sum it states.
    pub stated: Amount,
    /// The sum of the rows that were read.
    pub found: Amount,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn benefits() {
        for (text, name) in [
            ("GruSi", "social-assistance"),
            ("Hilfe zum Lebensunterhalt", "social-assistance"),
            ("HzP", "care-assistance"),
            ("HILFE ZUR PFLEGE", "care-assistance"),
            ("Pflegeheim", "care-home"),
            ("Blindenhilfe", "Blindenhilfe"),
            (" ", ""),
        ] {
            assert_eq!(Benefit::read(text).name(), name, "{text}");
        }
    }
}
