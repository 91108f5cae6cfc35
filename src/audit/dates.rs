//! Days, status and level of the evidence follow from the bookings.

use chrono::NaiveDate;

use crate::audit::calendar::BankingDays;
use crate::audit::finding::Finding;
use crate::audit::proof::Case;
use crate::audit::proof::Own;
use crate::audit::proof::Proof;
use crate::audit::proof::ids;
use crate::audit::proof::shown;
use crate::audit::texts;
use crate::audit::texts::runs_of_words;
use crate::model::iban::Iban;
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;

impl<'a> Proof<'a, '_> {
    /// Whether what a rule needs is there: an id, a reference in a text, or the account.
    pub(super) fn links(&self, case: &Case<'_, 'a>, own: &Own<'a>) -> bool {
        let row = case.row;
        let own_ids = ids(row, self.said);
        let (evidence, entry) = (self.evidence, own.booking.entry);
        // Another file may tell more of the same booking.
        let by_id = || {
            let bearing = own_ids.iter().flat_map(|id| evidence.bearing(id));
            bearing.into_iter().any(|number| {
                evidence.booking(*number).is_some_and(|other| {
                    let amounts = [Some(entry.amount), row.amount];
                    *number == own.number
                        || amounts.contains(&Some(other.entry.amount))
                            && other.is_credit() == own.booking.is_credit()
                })
            })
        };
        let by_text = || {
            let case_id = row.case_id.as_deref().map(reference_key).filter(|key| !key.is_empty());
            let mut keys = own_ids.iter().cloned().chain(case_id);
            keys.any(|key| {
                evidence.tellings(&own.booking).any(|other| {
                    let details = other.entry.details.iter().map(Some);
                    details.chain([None]).any(|detail| {
                        other.entry.texts(detail).any(|text| texts::names(text, &key))
                    })
                })
            })
        };
        let by_account = || {
            let same = |iban: &Iban| row.iban.as_ref().is_some_and(|own| own.same_account(iban));
            evidence.tellings(&own.booking).any(|other| {
                let accounts =
                    other.entry.details.iter().filter_map(|own| own.counterparty_iban.as_ref());
                accounts.into_iter().any(same)
            })
        };
        let other = || self.is_anothers(case, own);
        match case.claim.rule.as_deref() {
            Some("end-to-end-id") => by_id() && !self.is_of_another_month(case, own),
            Some("reference") => (by_id() || by_text()) && !self.is_of_another_month(case, own),
            Some("iban-and-amount") => by_account() && !other(),
            Some("split" | "merged") => {
                let (count, _) = self.shares.citations.share(own.number);
                (by_id() || by_text() || by_account())
                    && !self.is_of_another_month(case, own)
                    && (count > 1 || by_id() || by_text() || !self.names_another(case, own))
            }
            Some("batch") => true,
            _ => false,
        }
    }

    /// Whether the order sends the payment's id to another account, and the bank shows none.
    pub(super) fn is_sent_elsewhere(&self, case: &Case<'_, 'a>) -> bool {
        let Some(iban) = &case.row.iban else { return false };
        let mut debits = case.debits();
        let shown = debits
            .any(|own| own.booking.entry.details.iter().any(|own| own.counterparty_iban.is_some()));
        let own = case.row.end_to_end_id.as_deref();
        // A booking may bear the order's id where the row has none.
        let debits = case.debits().flat_map(|own| &own.booking.entry.details);
        let mut ids = debits.map(|detail| detail.end_to_end_id.as_deref()).chain([own]);
        !shown && ids.any(|id| self.said.sends_elsewhere(id, iban))
    }

    /// Whether a booking names a month that the run does not pay, and the payment's id is no proof against it: it has none,
    /// it is the case number, or bookings before the run bear it too.
    fn is_of_another_month(&self, case: &Case<'_, 'a>, own: &Own<'a>) -> bool {
        let entry = own.booking.entry;
        let details = entry.details.iter().map(Some).chain([None]);
        let named = details.flat_map(|detail| entry.texts(detail));
        if !texts::names_other_month(named, case.claim.due) {
            return false;
        }
        let window = self.window(case.claim);
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let case_digits = case.row.case_id.as_deref().map(digits).unwrap_or_default();
        ids(case.row, self.said).iter().all(|id| {
            let before = self.evidence.bearing(id).iter().any(|number| {
                let day = self.evidence.booking(*number).and_then(|own| own.entry.booked_on());
                day.is_some_and(|day| day < window)
            });
            before || (!case_digits.is_empty() && digits(id) == case_digits)
        })
    }

    /// Whether a booking is another payment's or another month's: it bears another real id, names the reference
    /// of another row, or another month.
    pub(super) fn is_anothers(&self, case: &Case<'_, 'a>, own: &Own<'a>) -> bool {
        let entry = own.booking.entry;
        let details = entry.details.iter().map(Some).chain([None]);
        let named: Vec<&str> = details.flat_map(|detail| entry.texts(detail)).collect();
        if texts::names_other_month(named.iter().copied(), case.claim.due) {
            return true;
        }
        let own_id = case.row.end_to_end_id.as_deref().filter(|id| !is_placeholder(id));
        let own_id = own_id.map(reference_key).filter(|id| !self.said.is_shared(id));
        let stated = entry.details.iter().filter_map(|own| own.end_to_end_id.as_deref());
        let stated = stated.filter(|id| !is_placeholder(id)).map(reference_key);
        let differs = |other: &String| {
            own_id.as_ref().is_some_and(|own| !own.starts_with(other.as_str()))
                && !self.evidence.is_of_all(other)
                && !self.said.ordered_ids(case.row).contains(other)
        };
        stated.into_iter().any(|id| differs(&id)) || self.names_another(case, own)
    }

    /// Whether the texts of a booking name the reference of another row and not this one's.
    fn names_another(&self, case: &Case<'_, 'a>, own: &Own<'a>) -> bool {
        let entry = own.booking.entry;
        let details = entry.details.iter().map(Some).chain([None]);
        let named: Vec<&str> = details.flat_map(|detail| entry.texts(detail)).collect();
        let case_id = case.row.case_id.as_deref().map(reference_key).unwrap_or_default();
        let own_id = case.row.end_to_end_id.as_deref().map(reference_key);
        named.iter().flat_map(|text| runs_of_words(text)).any(|run| {
            run != case_id
                && own_id.as_ref() != Some(&run)
                && run.len() > 3
                && self.evidence.is_reference(&run)
                && named.iter().any(|text| texts::names(text, &run))
                && !named.iter().any(|text| texts::names(text, &case_id))
        })
    }

    /// Days and status follow from the last booking.
    pub(super) fn dates(
        &self,
        case: &Case<'_, 'a>,
        booked: Option<NaiveDate>,
        findings: &mut Vec<Finding>,
    ) {
        let claim = case.claim;
        if booked.is_some() && claim.booked_on != booked {
            findings.push(case.about("booked_on").values(shown(claim.booked_on), shown(booked)));
        }
        let by_payee = claim.evidence == "E7";
        let credited = match (booked, self.run.crediting.as_str()) {
            _ if by_payee => claim.credited_on,
            (Some(day), "next-day") => Some(self.calendar.after(day, 1)),
            (booked, _) => booked,
        };
        if claim.credited_on != credited {
            let said = shown(claim.credited_on);
            findings.push(case.about("credited_on").values(said, shown(credited)));
        }
        let latest = if by_payee {
            claim.credited_on
        } else {
            booked.map(|day| BankingDays::default().after(day, 1))
        };
        if claim.latest_credit != latest {
            let said = shown(claim.latest_credit);
            findings.push(case.about("latest_credit").values(said, shown(latest)));
        }
        let guaranteed = latest.is_some_and(|day| day <= claim.due);
        if claim.guaranteed != guaranteed {
            findings.push(case.about("guaranteed").values(claim.guaranteed, guaranteed));
        }
        let in_time = credited.is_some_and(|day| day <= claim.due);
        let late = credited.is_some_and(|day| day <= self.horizon(claim)) && !in_time;
        let fits = match claim.status.as_str() {
            "credited" => in_time,
            _ => late && claim.reason == "booked-late",
        };
        if !fits {
            findings.push(case.about("status").values(&claim.status, shown(credited)));
        }
    }

    /// The level of the evidence: E6 needs three further banking days.
    pub(super) fn level(&self, case: &Case<'_, 'a>, findings: &mut Vec<Finding>) {
        let (claim, row) = (case.claim, case.row);
        let is_covered = case.debits().all(|own| {
            own.day().is_some_and(|day| {
                let until = self.calendar.after(day, 3);
                let account = self.evidence.account_of(&own.booking);
                self.days.hold_days(account, day, until, self.calendar)
            })
        });
        let is_batch = case.how() == "batch";
        let fits = match claim.evidence.as_str() {
            "E6" => is_covered && !self.shares.may_come_back(row),
            "E7" => claim.credited_on.is_some_and(|day| self.said.is_confirmed(row, day)),
            "E5" => !is_batch,
            "E4" => is_batch || case.how() == "repaid",
            _ => false,
        };
        let lowered = matches!(claim.evidence.as_str(), "E4" | "E5")
            && is_covered
            && !self.shares.may_come_back(row);
        if !fits || lowered {
            let found = match (is_covered, is_batch) {
                (true, _) => "E6",
                (false, true) => "E4",
                (false, false) => "E5",
            };
            findings.push(case.about("evidence").values(&claim.evidence, found));
        }
        // The strongest evidence names the reason.
        let is_credited = claim.status == "credited";
        if is_credited && (claim.reason == "confirmed") != (claim.evidence == "E7") {
            findings.push(case.about("reason").values(&claim.reason, &claim.evidence));
        }
    }
}
