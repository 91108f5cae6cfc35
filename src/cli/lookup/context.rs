//! What an answer depends on besides the payment: language, day, offices.

use chrono::NaiveDate;

use crate::cli::arguments::LookupArgs;
use crate::cli::config::Config;
use crate::model::language::Language;
use crate::reports::lookup::SavedPayment;
use crate::reports::lookup::SavedRun;
use crate::reports::lookup::answer;
use crate::reports::lookup::office::Asked;
use crate::reports::lookup::office::Office;
use crate::reports::lookup::office::office_of;
use crate::reports::lookup::search::FoundBy;
use crate::reports::sentences;

/// A payment and the run it was judged in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit<'a> {
    pub(super) payment: &'a SavedPayment,
    pub(super) run: &'a SavedRun,
}

/// One person and its payments in all months.
#[derive(Clone, Debug)]
pub(super) struct Person<'a> {
    pub(super) by: FoundBy,
    pub(super) key: String,
    pub(super) hits: Vec<Hit<'a>>,
}

/// What answers depend on.
#[derive(Debug)]
pub(super) struct Context<'a> {
    pub(super) args: &'a LookupArgs,
    pub(super) config: &'a Config,
    pub(super) language: Language,
    /// The day on which the answer is given.
    pub(super) today: NaiveDate,
    /// The due day, if there is one month only.
    pub(super) due: Option<NaiveDate>,
}

impl Context<'_> {
    /// Whether account numbers are shown in full.
    pub(super) fn full_iban(&self) -> bool {
        self.args.terms.full_iban || self.config.full_iban
    }

    /// Whom to call about a payment.
    pub(super) fn office_of(&self, payment: &SavedPayment) -> Office {
        let asked = Asked {
            benefit: payment.benefit.as_deref().unwrap_or_default(),
            municipality: payment.office.as_deref().unwrap_or_default(),
            beneficiary: payment.beneficiary.as_deref().unwrap_or_default(),
        };
        office_of(&self.config.offices, &asked, self.language)
    }

    /// What is read out about a payment.
    pub(super) fn sentence(&self, hit: Hit<'_>) -> String {
        let office = self.office_of(hit.payment);
        answer::sentence(hit.payment, hit.run, &office, self.today, self.language)
    }

    /// What is read out where nobody was found.
    pub(super) fn nobody(&self) -> String {
        sentences::nobody(self.due, self.language)
    }
}
