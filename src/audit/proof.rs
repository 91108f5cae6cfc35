//! Whether the bookings that a payment cites prove what is claimed of it.

use chrono::NaiveDate;

use crate::audit::backing::Backing;
use crate::audit::calendar::BankingDays;
use crate::audit::claims;
use crate::audit::days::Days;
use crate::audit::evidence::Booking;
use crate::audit::evidence::Evidence;
use crate::audit::finding::Finding;
use crate::audit::said::Said;
use crate::audit::shares::Shares;
use crate::audit::transfers::part_of;
use crate::facts::block_marks;
use crate::facts::receipt_words;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::payment::Payment;
use crate::model::text::fold_words;
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;

/// What proofs rest on.
#[derive(Clone, Copy)]
pub(super) struct Proof<'a, 'e> {
    pub(super) evidence: &'e Evidence<'a>,
    pub(super) backing: &'e Backing<'a>,
    pub(super) days: &'e Days<'a>,
    pub(super) said: &'e Said<'a>,
    pub(super) shares: &'e Shares<'e>,
    pub(super) run: &'e claims::Run,
    pub(super) calendar: &'e BankingDays,
}

/// A booking that is cited, as the file has it.
#[derive(Clone, Copy)]
pub(super) struct Own<'a> {
    pub(super) booking: Booking<'a>,
    pub(super) number: u32,
}

impl Own<'_> {
    pub(super) fn is_debit(&self) -> bool {
        !self.booking.is_credit()
    }

    pub(super) fn day(&self) -> Option<NaiveDate> {
        self.booking.entry.booked_on()
    }
}

/// A payment of the result, its row, and what it cites.
#[derive(Clone, Copy)]
pub(super) struct Case<'c, 'a> {
    pub(super) claim: &'c claims::Payment,
    pub(super) row: &'c Payment,
    pub(super) own: &'c [Own<'a>],
}

impl Case<'_, '_> {
    pub(super) fn about(&self, claim: &'static str) -> Finding {
        Finding::refuted(&self.claim.source.file, self.claim.source.line, claim)
    }

    pub(super) fn debits(&self) -> impl Iterator<Item = &Own<'_>> {
        self.own.iter().filter(|own| own.is_debit())
    }

    pub(super) fn how(&self) -> &str {
        self.claim.how.as_deref().unwrap_or_default()
    }
}

impl<'a> Proof<'a, '_> {
    /// The last day that counts as delayed for a payment.
    pub(super) fn horizon(&self, claim: &claims::Payment) -> NaiveDate {
        self.run.options.late_until.unwrap_or_else(|| self.calendar.after(claim.due, 1))
    }

    /// The first day whose bookings may be this payment's.
    pub(super) fn window(&self, claim: &claims::Payment) -> NaiveDate {
        self.calendar.before(claim.due, 10)
    }

    /// The first day that the bank's files have to cover: that of the window or of the order.
    pub(super) fn first_needed(&self, claim: &claims::Payment, row: &Payment) -> NaiveDate {
        let batches = self.said.batches_of(row);
        let ordered = batches.filter_map(|(batch, _)| batch.execution_date).min();
        ordered.unwrap_or_default().max(self.window(claim))
    }

    /// Holds a payment against its row and what it cites.
    pub(super) fn hold(
        &self,
        claim: &claims::Payment,
        row: &Payment,
        cited: &[u32],
        findings: &mut Vec<Finding>,
    ) {
        let own =
            |number: &u32| Some(Own { booking: self.evidence.booking(*number)?, number: *number });
        let all: Vec<Own<'a>> = cited.iter().filter_map(own).collect();
        let is_told = |own: &Own<'a>| {
            let account = self.evidence.account_of(&own.booking);
            all.iter().any(|other| self.backing.is_told_by(&own.booking, account, &other.booking))
        };
        if claim.status == "follow-up" {
            self.follow_up(&Case { claim, row, own: &all }, findings);
        } else {
            let own: Vec<Own<'a>> = all.iter().filter(|own| !is_told(own)).copied().collect();
            self.prove(&Case { claim, row, own: &own }, findings);
        }
    }

    /// Holds a payment that is said to be credited or delayed against its evidence.
    pub(super) fn prove(&self, case: &Case<'_, 'a>, findings: &mut Vec<Finding>) {
        let Case { claim, row, own } = *case;
        if row.unreadable.is_some() {
            findings.push(case.about("status").values(&claim.status, "row-unreadable"));
            return;
        }
        if is_blocked(row) {
            findings.push(case.about("status").values(&claim.status, "stopped"));
        }
        for (name, said) in [
            ("reason_code", &claim.reason_code),
            ("reason_text", &claim.reason_text),
            ("actor", &claim.actor),
            ("action", &claim.action),
        ] {
            if let Some(said) = said {
                findings.push(case.about(name).values(said, "null"));
            }
        }
        if claim.resolution.is_some() {
            findings.push(case.about("resolution").values("–", "null"));
        }
        match claim.reason.as_str() {
            "nothing-due" | "other-channel" => without_transfer(case, self, findings),
            "pending" | "not-booked-by-due" => self.waiting(case, findings),
            _ if own.is_empty() => self.confirmed(case, findings),
            _ => self.booked(case, findings),
        }
        self.against(case, findings);
    }

    /// Nothing is booked in the files, but the payee's side says that it arrived.
    fn confirmed(&self, case: &Case<'_, 'a>, findings: &mut Vec<Finding>) {
        let Case { claim, row, .. } = *case;
        let Some(day) = claim.credited_on else {
            findings.push(case.about("entries").values("–", "–"));
            return;
        };
        if !self.said.is_settled(row, day) {
            findings.push(case.about("credited_on").values(day, "–"));
        }
        credited_amount(case, findings);
        if claim.evidence != "E7" {
            findings.push(case.about("evidence").values(&claim.evidence, "–"));
        }
        self.dates(case, None, findings);
    }

    /// Its bookings add up to it, went to its account, and are its own.
    fn booked(&self, case: &Case<'_, 'a>, findings: &mut Vec<Finding>) {
        let Case { claim, row, own } = *case;
        for cited in own {
            let entry = cited.booking.entry;
            if !cited.booking.is_booked(self.run.as_of) {
                findings.push(case.about("entries").values(entry.signed(), "not booked"));
            }
            if let Some(doubt) = entry.doubt {
                findings.push(case.about("entries").values(entry.signed(), format!("{doubt:?}")));
            }
            if self.backing.denies(&cited.booking, self.evidence.account_of(&cited.booking)) {
                findings.push(case.about("entries").values(entry.signed(), "not in the statement"));
            }
            let told = self.shares.disposition(cited.number);
            let known = matches!(told, None | Some("matched" | "batch" | "return"));
            if let Some(told) = told.filter(|_| !known) {
                findings.push(case.about("entries").values(entry.signed(), told));
            }
        }
        self.sum(case, findings);
        credited_amount(case, findings);
        self.way(case, findings);
        if !case.debits().any(|own| self.links(case, own)) {
            findings.push(case.about("rule").values(claim.rule.as_deref().unwrap_or("null"), "–"));
        }
        if claim.rule.as_deref() == Some("iban-and-amount") && self.shares.has_unpaid_twin(row) {
            findings.push(case.about("rule").values("iban-and-amount", "ambiguous"));
        }
        if self.is_sent_elsewhere(case) {
            let said = row.iban.as_ref().map(Iban::masked).unwrap_or_default();
            findings.push(case.about("iban").values(said, "–"));
        }
        let last = case.debits().filter_map(Own::day).max();
        let first = case.debits().filter_map(Own::day).min();
        if first.is_none_or(|first| first < self.window(claim)) {
            findings.push(case.about("booked_on").values(shown(claim.booked_on), shown(first)));
        }
        self.dates(case, last, findings);
        self.level(case, findings);
    }

    /// What is this payment's of its bookings adds up to it.
    fn sum(&self, case: &Case<'_, 'a>, findings: &mut Vec<Finding>) {
        let row = case.row;
        let mut moved = Amount::ZERO;
        for cited in case.own {
            let (count, sum) = self.shares.citations.share(cited.number);
            // A collective booking whose transfers another file tells, or which was booked again.
            let by_sum = count > 1 && sum == cited.booking.entry.amount;
            let is_shared = by_sum || matches!(case.how(), "batch" | "merged");
            let signed = cited.booking.entry.signed();
            match part_of(&cited.booking, row, is_shared) {
                Some(part) if cited.booking.is_credit() => moved = moved.minus(part),
                Some(part) => moved = moved.plus(part),
                None => {
                    let said = row.iban.as_ref().map(Iban::masked).unwrap_or_default();
                    findings.push(case.about("iban").values(said, signed));
                }
            }
            if !cited.is_debit() {
                continue;
            }
            if is_shared && !self.closes(case, cited) {
                findings.push(
                    case.about("how").values(case.how(), format!("{signed} / {count}: {sum}")),
                );
            }
            let transfers = cited.booking.entry.details.len().max(1);
            if case.how() == "batch" && !self.is_collective(case, cited) {
                findings.push(case.about("how").values("batch", "single"));
            }
            if is_shared && self.names_batch(case, cited) == Some(false) {
                findings.push(case.about("how").values(case.how(), "another batch"));
            }
            if !is_shared && usize::try_from(count).is_ok_and(|count| count > transfers) {
                findings.push(case.about("entries").values(signed, format!("cited {count} times")));
            }
        }
        if Some(moved) != row.amount {
            findings.push(case.about("entries.sum").values(row.amount_or_zero(), moved));
        }
    }

    /// How it was paid follows from what is cited.
    fn way(&self, case: &Case<'_, 'a>, findings: &mut Vec<Finding>) {
        let (how, reason) = (case.how(), case.claim.reason.as_str());
        let debits = case.debits().count();
        let counts = match how {
            "booked" | "confirmed" => debits == 1,
            "split" => debits > 1,
            "repaid" => case.own.len() > 1 || self.said.is_rejected(case.row),
            "batch" | "merged" => true,
            _ => false,
        };
        if !counts {
            findings.push(case.about("how").values(how, debits));
        }
        if !matches!(reason, "booked-late" | "confirmed") && reason != how {
            findings.push(case.about("reason").values(reason, how));
        }
    }
}

/// Nothing is due, or there is a receipt for what was paid in another way than by transfer.
fn without_transfer(case: &Case<'_, '_>, proof: &Proof<'_, '_>, findings: &mut Vec<Finding>) {
    let Case { claim, row, own } = *case;
    let reason = claim.reason.as_str();
    let texts = [&row.note, &row.list_status, &row.channel];
    let texts: Vec<&str> = texts.into_iter().flatten().map(String::as_str).collect();
    let mut words = texts.iter().flat_map(|text| fold_words(text));
    let has_receipt = words.any(|word| receipt_words::is_receipt(&word));
    let is_nothing = reason == "nothing-due" && row.amount == Some(Amount::ZERO);
    let holds = is_nothing || reason == "other-channel" && row.channel.is_some() && has_receipt;
    if !holds || !own.is_empty() || claim.status != "credited" {
        findings.push(case.about("reason").values(reason, "–"));
    }
    let paid = row.amount.filter(|_| reason == "other-channel").map(|own| own.to_string());
    let days = [claim.booked_on, claim.credited_on, claim.latest_credit];
    let same = days.iter().all(|day| *day == days[0]);
    // A receipt names its day.
    let told = days[0].is_none_or(|day| {
        let forms = ["%d.%m.%Y", "%-d.%-m.%Y", "%Y-%m-%d", "%d.%m.%y", "%-d.%-m.%y"];
        let mut forms = forms.iter().map(|form| day.format(form).to_string());
        day <= proof.horizon(claim) && forms.any(|form| texts.iter().any(|own| own.contains(&form)))
    });
    for (name, said, holds) in [
        ("credited_amount", claim.credited_amount.as_deref(), claim.credited_amount == paid),
        ("how", claim.how.as_deref(), claim.how.as_deref() == Some(reason)),
        ("rule", claim.rule.as_deref(), claim.rule.as_deref() == Some("list")),
        ("evidence", Some(claim.evidence.as_str()), claim.evidence == "E0"),
    ] {
        if !holds {
            findings.push(case.about(name).values(said.unwrap_or("null"), "–"));
        }
    }
    if !same || !told {
        let said = days.into_iter().flatten().next();
        findings.push(case.about("credited_on").values(shown(said), "–"));
    }
    if claim.guaranteed != days[0].is_some_and(|day| day <= claim.due) {
        findings.push(case.about("guaranteed").values(claim.guaranteed, !claim.guaranteed));
    }
}

/// What is credited is what is owed.
fn credited_amount(case: &Case<'_, '_>, findings: &mut Vec<Finding>) {
    let owed = case.row.amount_or_zero().to_string();
    if case.claim.credited_amount.as_deref() != Some(&owed) {
        let said = case.claim.credited_amount.as_deref().unwrap_or("null");
        findings.push(case.about("credited_amount").values(said, owed));
    }
}

/// Whether the list blocks or cancels a row.
pub(super) fn is_blocked(row: &Payment) -> bool {
    let state = row.list_status.as_deref().unwrap_or_default();
    state.split(';').any(|part| block_marks::is_said(&fold_words(part)))
}

/// The ids that a payment may be found by: its own, and its order's.
pub(super) fn ids(row: &Payment, said: &Said<'_>) -> Vec<String> {
    let own = row.end_to_end_id.as_deref().filter(|id| !is_placeholder(id)).map(reference_key);
    let own = own.filter(|id| !said.is_shared(id));
    let ordered = said.ordered_ids(row);
    own.into_iter().chain(ordered).collect()
}

pub(super) fn shown(day: Option<NaiveDate>) -> String {
    day.map_or_else(|| "null".to_owned(), |day| day.to_string())
}
