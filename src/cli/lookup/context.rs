//! What an answer depends on besides the payment: language, day, offices.

use chrono::NaiveDate;

use crate::cli::arguments::LookupArgs;
use crate::cli::config::Config;
use crate::cli::log::Answer;
use crate::cli::log::Answers;
use crate::model::german_time;
use crate::model::language::Language;
use crate::reports::lookup::SavedPayment;
use crate::reports::lookup::SavedRun;
use crate::reports::lookup::answer;
use crate::reports::lookup::office::Asked;
use crate::reports::lookup::office::Office;
use crate::reports::lookup::office::office_of;
use crate::reports::lookup::search::FoundBy;
use crate::reports::sentences;
use crate::reports::wording::Words;
use crate::store::identity;
use crate::verdict::status::Status;

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
    /// What was answered before.
    pub(super) answers: Answers,
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

    /// What was answered about a payment before this call, one line each.
    pub(super) fn told(&self, payment: &SavedPayment) -> Vec<String> {
        let words = Words(self.language);
        let answers = self.answers.of(&identity::of_saved(payment));
        let status = |name: &str| {
            let status = Status::ALL.into_iter().find(|status| status.name() == name);
            status.map_or_else(|| name.to_owned(), |status| words.status(status).to_owned())
        };
        let line = |answer: &Answer| {
            let day = german_time::day(&answer.when).map(|day| words.day(day)).unwrap_or_default();
            format!("{}: {day}, {}", words.pick("Auskunft", "told"), status(&answer.status))
        };
        answers.iter().map(line).collect()
    }

    /// What is read out where nobody was found.
    pub(super) fn nobody(&self) -> String {
        sentences::nobody(self.due, self.language)
    }
}
