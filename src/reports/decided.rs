//! Rows beside what people decided.

use crate::reports::resolution::Resolution;
use crate::reports::rows::Rows;
use crate::verdict::outcome::JudgedPayment;
use crate::verdict::outcome::Tally;
use crate::verdict::status::Status;

impl Rows<'_> {
    /// Whether somebody has to look at a payment: a follow-up that is due and that nobody has decided about.
    pub(crate) fn needs_person(&self, judged: &JudgedPayment) -> bool {
        judged.verdict.status == Status::FollowUp
            && !self.options.resolutions.settle(&judged.payment)
            && !self.is_not_due(&judged.verdict)
    }

    /// A decision as it leaves: what people wrote is made harmless like texts of files.
    pub(crate) fn resolution(&self, own: &Resolution) -> Resolution {
        let text = |text: &Option<String>| text.as_deref().map(|text| self.text(text));
        Resolution {
            by: text(&own.by),
            note: text(&own.note),
            entry: text(&own.entry),
            ..own.clone()
        }
    }

    /// What was decided about a payment, in one sentence; empty if nothing was.
    pub(crate) fn decision(&self, judged: &JudgedPayment) -> String {
        let own = self.options.resolutions.of(&judged.payment);
        own.map(|own| self.resolution(own).sentence(self.options.language)).unwrap_or_default()
    }

    /// The follow-ups that need a person.
    pub fn open(&self) -> Tally {
        let all = self.outcome.totals.follow_up;
        if self.options.resolutions.is_empty() && self.outcome.as_of.is_none() {
            return all;
        }
        let mut open = Tally::default();
        for judged in self.outcome.payments_of(Status::FollowUp) {
            if self.needs_person(&judged) {
                open.add(judged.payment.amount_or_zero());
            }
        }
        open
    }
}
