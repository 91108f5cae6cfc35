//! The verdict on one payment, from what was found for it.

use chrono::NaiveDate;

use crate::matching::findings::Claim;
use crate::matching::findings::Flag;
use crate::matching::findings::Found;
use crate::matching::findings::Link;
use crate::matching::findings::Note;
use crate::matching::messages::said::Level;
use crate::matching::messages::said::Rejected;
use crate::matching::messages::said::Said;
use crate::matching::owed::Owed;
use crate::matching::owed::Part;
use crate::model::amount::Amount;
use crate::model::calendar::Calendar;
use crate::model::iban::Iban;
use crate::verdict::channel::Receipt;
use crate::verdict::channel::is_other_channel;
use crate::verdict::channel::receipt_of;
use crate::verdict::coverage::Coverage;
use crate::verdict::coverage::Reach;
use crate::verdict::outcome::Evidence;
use crate::verdict::outcome::How;
use crate::verdict::outcome::Rule;
use crate::verdict::reason::Reason;
use crate::verdict::rule::rule;
use crate::verdict::terms::Crediting;

/// Everything a verdict rests on.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The payment.
    pub owed: &'a Owed<'a>,
    /// What the search found.
    pub found: &'a Found,
    /// What messages say.
    pub said: &'a Said,
    /// The account that pays, where it is known.
    pub account: Option<&'a Iban>,
    /// The account each claim was booked on, in the order of the claims.
    pub booked_from: &'a [Option<&'a Iban>],
    /// First day on which the payment may have been booked.
    pub from: NaiveDate,
    /// The day its order or announcement names for the booking.
    pub expected: Option<NaiveDate>,
    /// The last day of which anything is known; nothing later can have happened.
    pub known_until: Option<NaiveDate>,
    /// `--as-of`, if it is given.
    pub as_of: Option<NaiveDate>,
    /// What the bank's files cover.
    pub coverage: &'a Coverage<'a>,
    /// Banking days.
    pub calendar: &'a Calendar,
    /// When a debit counts as credited.
    pub crediting: Crediting,
}

/// A verdict without its trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Why; the status follows from it.
    pub reason: Reason,
    /// Other reasons that hold besides.
    pub also: Vec<Reason>,
    /// How it was paid.
    pub how: Option<How>,
    /// How good the proof is.
    pub evidence: Evidence,
    /// The rule that decided.
    pub rule: Option<Rule>,
    /// Booked on (B).
    pub booked_on: Option<NaiveDate>,
    /// Credited on (G).
    pub credited_on: Option<NaiveDate>,
    /// Latest credit (G+).
    pub latest_credit: Option<NaiveDate>,
    /// What was booked, less what came back.
    pub credited_amount: Option<Amount>,
}

/// Decides a case by the precedence of the contract.
pub fn decide(case: &Case<'_>) -> Decision {
    let money = Money::of(case);
    let reasons = reasons(case, &money);
    let mut reasons = reasons.into_iter();
    let reason = reasons.next().unwrap_or(Reason::NotFound);
    let mut decision = Decision {
        reason,
        also: reasons.collect(),
        how: money.how,
        evidence: evidence(case, &money, reason),
        rule: rule(case.owed, case.found, case.said, reason),
        booked_on: money.booked_on,
        credited_on: money.credited_on,
        latest_credit: money.latest_credit,
        credited_amount: money.amount,
    };
    if matches!(reason, Reason::NothingDue) {
        decision.how = Some(How::NothingDue);
    }
    if matches!(reason, Reason::Confirmed | Reason::BookedLate) && decision.how.is_none() {
        decision.how = Some(How::Confirmed);
    }
    decision
}

/// What was booked, and when it is credited.
#[expect(clippy::struct_excessive_bools, reason = "each says one thing about the money")]
struct Money {
    how: Option<How>,
    booked_on: Option<NaiveDate>,
    credited_on: Option<NaiveDate>,
    latest_credit: Option<NaiveDate>,
    amount: Option<Amount>,
    /// Confirmed by the payee's side with a day.
    confirmed: bool,
    /// Booked and credited in full, nothing more, nothing came back that was not paid again.
    whole: bool,
    repaid: bool,
    /// Asked back, come back and booked anew.
    anew: bool,
    /// Handed out in cash or the like.
    receipt: Option<Receipt>,
}

impl Money {
    fn of(case: &Case<'_>) -> Self {
        let (found, owed) = (case.found, case.owed);
        let booked = found.booked();
        let net = booked.minus(found.came_back());
        let last = found.claims.iter().map(|claim| claim.booked_on).max();
        let first = found.claims.iter().map(|claim| claim.booked_on).min();
        let repaid = is_repaid(case, net);
        let many = found.claims.len() > 1;
        let exact_first = found.claims.iter().filter(|claim| claim.amount == owed.amount);
        let exact_first = exact_first.map(|claim| claim.booked_on).min();
        // Who was paid twice was paid with the first; parts and repayments with the last.
        let booked_on =
            if !repaid && net > owed.amount && many { exact_first.or(first) } else { last };
        let other_channel = is_other_channel(owed.payment);
        let receipt =
            (other_channel && found.claims.is_empty()).then(|| receipt_of(owed, case.known_until));
        let confirmed_on = confirmed_on(case, booked_on);
        let handed_out = match receipt {
            Some(Receipt::Dated(day)) => Some(day),
            _ => None,
        };
        let credited_on = confirmed_on.or(handed_out).or_else(|| {
            booked_on.map(|day| match case.crediting {
                Crediting::SameDay => day,
                Crediting::NextDay => case.calendar.next_after(day),
            })
        });
        let latest_credit = confirmed_on.or(handed_out).or_else(|| booked_on.map(next_target_day));
        let how = if repaid {
            Some(How::Repaid)
        } else if receipt.is_some_and(|receipt| receipt != Receipt::Missing) {
            Some(How::OtherChannel)
        } else {
            how_of(&found.claims)
        };
        let confirmed = confirmed_on.is_some();
        let amount = match (found.claims.is_empty(), confirmed, receipt) {
            (false, _, _) => Some(net),
            (true, true, _) => Some(owed.amount.minus(found.came_back())),
            (true, false, Some(Receipt::Numbered | Receipt::Dated(_))) => Some(owed.amount),
            (true, false, _) => None,
        };
        let whole = amount == Some(owed.amount) && (found.returned.is_empty() || repaid);
        Self {
            how,
            booked_on: booked_on.or(handed_out),
            credited_on,
            latest_credit,
            amount,
            confirmed,
            whole,
            repaid,
            anew: is_booked_anew(case, net),
            receipt,
        }
    }
}

/// The day by which the law wants the money to be there: the payer's own holidays do not move it.
fn next_target_day(day: NaiveDate) -> NaiveDate {
    Calendar::default().next_after(day)
}

/// The day the payee's side confirms; a status report without a day takes that of the booking.
fn confirmed_on(case: &Case<'_>, booked_on: Option<NaiveDate>) -> Option<NaiveDate> {
    let by_payee = case.said.confirmed.map(|(day, _)| day);
    let by_bank = case.said.settled_payee.and_then(|(day, _)| day.or(booked_on));
    let possible = |day: &NaiveDate| can_have_arrived(case, booked_on, *day);
    by_payee.filter(possible).or_else(|| by_bank.filter(possible))
}

/// Nothing arrives before it left, nor before it could leave, nor on a day that is still to come.
fn can_have_arrived(case: &Case<'_>, booked_on: Option<NaiveDate>, day: NaiveDate) -> bool {
    if let Some(booked_on) = booked_on {
        return day >= case.from.max(booked_on);
    }
    // Where statements show every day until then and no debit, nothing had left.
    let nothing_left = case.coverage.holds(case.account, case.from, day, case.calendar);
    day >= case.from && case.as_of.is_none_or(|as_of| day <= as_of) && !nothing_left
}

fn how_of(claims: &[Claim]) -> Option<How> {
    let links = |link: Link| claims.iter().any(|claim| claim.link == link);
    if claims.is_empty() {
        None
    } else if links(Link::Batch) {
        Some(How::Batch)
    } else if links(Link::Merged) {
        Some(How::Merged)
    } else if links(Link::Split) && claims.len() > 1 {
        Some(How::Split)
    } else {
        Some(How::Booked)
    }
}

/// Returned or rejected, and paid again afterwards: what stayed is what is owed.
fn is_repaid(case: &Case<'_>, net: Amount) -> bool {
    let found = case.found;
    if net != case.owed.amount || found.claims.is_empty() {
        return false;
    }
    let back = found.returned.iter().map(|returned| returned.day).max();
    if back.is_none() && case.said.rejected.is_none() {
        return false;
    }
    let anew = |since: &dyn Fn(NaiveDate) -> bool| {
        found.claims.iter().any(|claim| claim.link != Link::Batch && since(claim.booked_on))
    };
    // A collective debit that was taken back and booked again counts by its last booking.
    let again = |back: NaiveDate| found.claims.iter().any(|claim| claim.booked_on >= back);
    let after_return = back.is_none_or(|back| found.claims.len() > 1 && again(back));
    // A booking of the same day may be the one that was refused.
    let after_reject =
        case.said.rejected.as_ref().is_none_or(|rejected| {
            rejected.day().is_some_and(|refused| anew(&|day| day > refused))
        });
    after_return && after_reject
}

/// Asked back, come back and booked anew since.
fn is_booked_anew(case: &Case<'_>, net: Amount) -> bool {
    let (found, owed) = (case.found, case.owed);
    let asked =
        case.said.recalled.iter().chain(case.said.answer.iter().map(|(_, message)| message));
    let asked = asked.filter_map(Rejected::day).min();
    let last = found.claims.iter().map(|claim| claim.booked_on).max();
    let later = asked.zip(last).is_some_and(|(asked, last)| last > asked);
    net == owed.amount && found.claims.len() > 1 && !found.returned.is_empty() && later
}

/// All reasons that hold, in the order of the contract's precedence.
fn reasons(case: &Case<'_>, money: &Money) -> Vec<Reason> {
    let (owed, found, said) = (case.owed, case.found, case.said);
    if owed.part == Part::None {
        return vec![Reason::RowUnreadable];
    }
    let booked = !found.claims.is_empty();
    let flagged = |flag: Flag| found.flags.contains(&flag);
    let differs = flagged(Flag::AccountDiffers) || flagged(Flag::AmountDiffers);
    let too_much = booked
        && found.returned.is_empty()
        && found.booked() > owed.amount
        && (found.claims.len() > 1 || owed.amount == Amount::ZERO);
    let cash_too = booked
        && is_other_channel(owed.payment)
        && receipt_of(owed, case.known_until) != Receipt::Missing;
    let rejected = said.rejected.is_some() && !money.repaid;
    let mut all = Vec::new();
    let mut add = |holds: bool, reason: Reason| {
        if holds {
            all.push(reason);
        }
    };
    add(!found.returned.is_empty() && !money.repaid, Reason::Returned);
    let asked_back = said.recalled.is_some() || said.answer.is_some();
    add(asked_back && !money.anew, Reason::Recalled);
    add(rejected, Reason::Rejected);
    add(flagged(Flag::PaidTwice) || too_much || cash_too, Reason::PaidTwice);
    add(flagged(Flag::AccountDiffers), Reason::AccountDiffers);
    add(flagged(Flag::AmountDiffers), Reason::AmountDiffers);
    add(flagged(Flag::PartlyPaid), Reason::PartlyPaid);
    add(flagged(Flag::BatchDiffers), Reason::BatchDiffers);
    add(flagged(Flag::SumDiffers), Reason::SumDiffers);
    add(flagged(Flag::Ambiguous) || said.undecided.is_some(), Reason::Ambiguous);
    let too_late = money.whole && money.credited_on.is_some_and(|day| day > owed.dates.horizon);
    add(too_late, Reason::CreditedTooLate);
    let blocked = owed.part == Part::Blocked;
    add(blocked && money.amount.is_some(), Reason::PaidThoughStopped);
    add(blocked && money.amount.is_none(), Reason::Stopped);
    if !all.is_empty() && (money.amount.is_some() || differs) {
        return all;
    }
    if all.is_empty() && money.whole {
        return vec![credited(case, money)];
    }
    if let Some(receipt) = money.receipt {
        // The clerk hands it out; the bank is not asked.
        if all.is_empty() && receipt == Receipt::Missing {
            return vec![Reason::ReceiptMissing];
        }
    }
    if all.is_empty() && owed.amount == Amount::ZERO && !booked {
        return vec![Reason::NothingDue];
    }
    let invalid =
        owed.iban().is_some_and(|iban| !iban.is_valid() && iban.to_german_iban().is_none());
    if invalid && !booked {
        all.push(Reason::AccountInvalid);
    }
    if flagged(Flag::WeakMatch) {
        all.push(Reason::WeakMatch);
    }
    if all.is_empty() {
        all.push(by_coverage(case));
    }
    all
}

fn credited(case: &Case<'_>, money: &Money) -> Reason {
    let owed = case.owed;
    // A receipt without a day was handed out in time by the list's word; one from before the
    // window is another month's.
    if let Some(Receipt::Dated(day)) = money.receipt {
        if day < owed.dates.window_start {
            return Reason::ReceiptMissing;
        }
    }
    if money.credited_on.is_some_and(|day| day > owed.dates.due) {
        return Reason::BookedLate;
    }
    if money.confirmed {
        return Reason::Confirmed;
    }
    match money.how {
        Some(How::Repaid) => Reason::Repaid,
        Some(How::Batch) => Reason::Batch,
        Some(How::Merged) => Reason::Merged,
        Some(How::Split) => Reason::Split,
        Some(How::OtherChannel) => Reason::OtherChannel,
        Some(How::NothingDue) => Reason::NothingDue,
        Some(How::Booked | How::Confirmed) | None => Reason::Booked,
    }
}

/// Nothing was found: what the bank's files cover decides what that means.
fn by_coverage(case: &Case<'_>) -> Reason {
    let dates = case.owed.dates;
    let reach =
        case.coverage.reach(case.account, case.from, dates.due, dates.horizon, case.calendar);
    let accepted = !case.found.pending.is_empty()
        || case.said.level.is_some_and(|(level, _)| level >= Level::Accepted);
    let horizon_open =
        !case.coverage.holds(case.account, dates.horizon, dates.horizon, case.calendar);
    let in_time = case.expected.is_none_or(|day| day <= dates.horizon);
    if accepted && horizon_open && in_time {
        return Reason::Pending;
    }
    match reach {
        Reach::ToHorizon => Reason::NotFound,
        Reach::ToDue => Reason::NotBookedByDue,
        Reach::Gap => Reason::BankDataMissing,
    }
}

fn evidence(case: &Case<'_>, money: &Money, reason: Reason) -> Evidence {
    match reason {
        Reason::Returned => return Evidence::X2,
        Reason::Rejected => return Evidence::X1,
        Reason::Recalled => return Evidence::X3,
        _ => {}
    }
    let found = case.found;
    let doubtful = found.flags.iter().any(|flag| *flag != Flag::PaidTwice);
    if money.confirmed && !doubtful {
        return Evidence::E7;
    }
    if !found.claims.is_empty() && !doubtful {
        let closed = found.claims.iter().zip(case.booked_from).all(|(claim, account)| {
            let until = case.calendar.after(claim.booked_on, 3);
            case.coverage.holds(*account, claim.booked_on, until, case.calendar)
        });
        let by_batch = found.claims.iter().any(|claim| claim.link == Link::Batch);
        // A return that is nobody's may still be this payment's.
        let open = found.notes.iter().any(|note| matches!(note, Note::ReturnOpen(_)));
        return if closed && !open {
            Evidence::E6
        } else if by_batch {
            Evidence::E4
        } else {
            Evidence::E5
        };
    }
    if !found.pending.is_empty() {
        return Evidence::E3;
    }
    match case.said.level {
        Some((Level::Accepted | Level::SettledPayer, _)) => Evidence::E3,
        Some((Level::Received, _)) => Evidence::E2,
        None if case.owed.ordered.is_some() => Evidence::E1,
        None => Evidence::E0,
    }
}
