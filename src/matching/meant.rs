//! Whose money a credit brings back: asked of everything it carries, the surest first.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::matching::cited;
use crate::matching::findings::Link;
use crate::matching::in_hand::InHand;
use crate::matching::in_hand::Pick;
use crate::matching::lookup::Lookup;
use crate::matching::orders;
use crate::matching::owed::Part;
use crate::matching::search::Search;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::statement::EntryDetail;
use crate::model::text::JoinedWords;
use crate::model::text::is_placeholder;
use crate::model::text::reference_text;

/// How a credit is shared out among the payments it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Share {
    /// It is one payment's money, or one of so many equal ones.
    One,
    /// Each of them came back as it was booked.
    Each,
    /// Nobody can say whose it is.
    Unclear,
}

/// The payments a credit means.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Meant {
    /// Numbers of payments, ascending.
    pub payments: Vec<usize>,
    /// By which rule.
    pub link: Link,
    /// How they share it.
    pub share: Share,
    /// The entry that came back as a whole, if one did.
    pub debit: Option<usize>,
}

/// What a credit says of payments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// Whose money it is.
    pub meant: Option<Meant>,
    /// Where it is nobody's: those it may concern.
    pub concerned: Vec<usize>,
}

impl Answer {
    pub(super) fn of(payments: Vec<usize>, link: Link, share: Share) -> Self {
        Self { meant: Some(Meant { payments, link, share, debit: None }), concerned: Vec::new() }
    }

    pub(super) fn nobody(mut concerned: Vec<usize>) -> Self {
        concerned.sort_unstable();
        concerned.dedup();
        Self { meant: None, concerned }
    }
}

/// Payments and debits by what returns may name.
#[derive(Debug, Default)]
pub(super) struct Tables<'a> {
    ids: Lookup,
    batches: Lookup,
    in_hand: InHand<'a>,
}

impl<'a> Tables<'a> {
    /// `marked` if any credit says that it brings money back; others are known by ids alone.
    pub(super) fn new(search: &Search<'a>, marked: bool) -> Self {
        let ids = Lookup::shared(search.payment_count(), search.threads, |payment| {
            ids_of(search, payment)
        });
        if !marked {
            return Self { ids, ..Self::default() };
        }
        let batches = Lookup::shared(search.payment_count(), search.threads, |payment| {
            batches_of(search, payment)
        });
        Self { ids, batches, in_hand: InHand::new(search) }
    }

    /// The payments that bear an id: of the list, the order, or the debit they claimed.
    pub(super) fn bearing<'b>(
        &'b self,
        search: &'b Search<'_>,
        id: &'b str,
    ) -> impl Iterator<Item = usize> + 'b {
        let bears =
            move |payment: &usize| ids_of(search, *payment).iter().any(|own| own.as_ref() == id);
        self.ids.find(id).filter(bears)
    }
}

impl Tables<'_> {
    /// The payments for which this amount was booked to one of these accounts by that day.
    pub(super) fn booked_to<'i>(
        &self,
        accounts: impl Iterator<Item = &'i Iban>,
        amount: Amount,
        day: NaiveDate,
    ) -> Vec<usize> {
        let slots = accounts.flat_map(|account| self.in_hand.to_account(account)).collect();
        let slots = self.in_hand.only(slots, |debit| debit.amount == amount && debit.day <= day);
        self.in_hand.payments_of(&slots)
    }
}

/// All ids under which a payment went out.
fn ids_of<'a>(search: &Search<'a>, payment: usize) -> Vec<Cow<'a, str>> {
    let owed = search.owed(payment);
    if owed.part == Part::None {
        return Vec::new();
    }
    let real =
        |id: &'a Option<String>| id.as_deref().filter(|id| !is_placeholder(id)).map(reference_text);
    let mut ids: Vec<Cow<'a, str>> = owed.end_to_end_key.clone().into_iter().collect();
    ids.extend(owed.more_keys.iter().cloned());
    for ordered in orders::links(owed).filter_map(|link| orders::transfer(search.orders, link)) {
        ids.extend(real(&ordered.end_to_end_id));
        ids.extend(real(&ordered.instruction_id));
    }
    let claims = search.found.get(payment).map_or(&[] as &[_], |found| &found.claims);
    for transfer in claims.iter().filter_map(|claim| claim.transfer) {
        let view = search.transfer(transfer);
        ids.extend(view.end_to_end_key.clone());
        ids.extend(view.detail.and_then(|detail| real(&detail.instruction_id)));
    }
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The batch and the message in which a payment was ordered.
fn batches_of<'a>(search: &Search<'a>, payment: usize) -> Vec<Cow<'a, str>> {
    let files = orders::links(search.owed(payment))
        .filter_map(|link| Some((search.orders.get(link.order)?, link.batch)));
    let ids = files.flat_map(|(file, batch)| {
        let batch = file.batches.get(batch).and_then(|batch| batch.payment_info_id.as_deref());
        [batch, file.message_id.as_deref()]
    });
    ids.flatten().filter(|id| !is_placeholder(id)).map(reference_text).collect()
}

/// Asks a credit whose money it brings back; one that does not say that it does is asked for ids.
pub(super) fn ask<'a>(
    search: &Search<'a>,
    tables: &Tables<'a>,
    credit: usize,
    marked: bool,
    is_whole: &dyn Fn(usize) -> Option<Meant>,
) -> Answer {
    let asked = Asked::new(search, tables, credit, marked);
    if let Some(answer) = asked.by_ids(is_whole) {
        return answer;
    }
    if !marked {
        return Answer::default();
    }
    if let Some(answer) = asked.by_batch() {
        return answer;
    }
    if let Some(answer) = asked.by_account_and_case() {
        return answer;
    }
    if let Some(meant) = is_whole(search.transfer(credit).entry) {
        return Answer { meant: Some(meant), concerned: Vec::new() };
    }
    if let Some(answer) = asked.by_account() {
        return answer;
    }
    if let Some(answer) = asked.by_name() {
        return answer;
    }
    Answer::nobody(asked.may_concern())
}

/// A credit, and everything it is asked by.
pub(super) struct Asked<'s, 'a> {
    pub search: &'s Search<'a>,
    tables: &'s Tables<'a>,
    pub credit: usize,
    marked: bool,
    /// What came back, and what was sent, as far as it says.
    pub amounts: Vec<Amount>,
}

impl<'s, 'a> Asked<'s, 'a> {
    fn new(search: &'s Search<'a>, tables: &'s Tables<'a>, credit: usize, marked: bool) -> Self {
        let view = search.transfer(credit);
        let mut amounts = view.amounts();
        let whole = search.entry(view.entry).entry.charges;
        let charges = view.detail.and_then(|detail| detail.charges).or(whole);
        if let Some(charges) = charges.filter(|_| view.stated) {
            amounts.push(view.amount.plus(charges));
        }
        Self { search, tables, credit, marked, amounts }
    }

    pub(super) fn in_hand(&self) -> &'s InHand<'a> {
        &self.tables.in_hand
    }

    fn detail(&self) -> Option<&'a EntryDetail> {
        self.search.transfer(self.credit).detail
    }

    /// Payments that may have come back on that day at all.
    pub(super) fn in_window(&self, payment: usize) -> bool {
        let owed = self.search.owed(payment);
        owed.part != Part::None && owed.window_holds(self.search.transfer(self.credit).booked_on)
    }

    pub(super) fn best(&self, slots: Vec<usize>) -> Pick {
        self.in_hand().best(self.search, self.credit, &self.amounts, slots)
    }

    /// The ids it bears, and those that stand in its texts.
    fn ids(&self) -> Vec<String> {
        let view = self.search.transfer(self.credit);
        let mut ids: Vec<String> = view.end_to_end_key.iter().map(ToString::to_string).collect();
        let instruction = self.detail().and_then(|detail| detail.instruction_id.as_deref());
        ids.extend(
            instruction.filter(|id| !is_placeholder(id)).map(|id| reference_text(id).into()),
        );
        ids
    }

    /// Payments whose ids it bears or names.
    fn owners(&self) -> Vec<usize> {
        let mut owners: Vec<usize> = Vec::new();
        for id in self.ids() {
            owners.extend(self.tables.bearing(self.search, &id));
        }
        let told = self.search.told(self.credit);
        if owners.is_empty() && told.by_end_to_end_id {
            let named = told.candidates.iter().chain(told.several.iter()).copied();
            owners.extend(named);
        }
        if owners.is_empty() && self.marked {
            owners.extend(self.named_by_words());
        }
        owners.retain(|payment| self.in_window(*payment));
        owners.sort_unstable();
        owners.dedup();
        owners
    }

    /// Payments whose ids stand in the texts of a return, though the list does not have them.
    fn named_by_words(&self) -> Vec<usize> {
        let mut found = Vec::new();
        self.each_run(|run| found.extend(self.tables.bearing(self.search, run)));
        found
    }

    /// All runs of words in its texts that may be an id.
    fn each_run(&self, mut found: impl FnMut(&str)) {
        let view = self.search.transfer(self.credit);
        let mut words = JoinedWords::default();
        for text in self.search.entry(view.entry).entry.texts(view.detail) {
            words.read(text);
            let mut start = 0;
            for first in 0..words.ends.len() {
                let mut has_digit = false;
                for (end, digit) in words.ends.iter().skip(first).take(WORDS) {
                    has_digit |= digit;
                    let run = words.text.get(start..*end).unwrap_or_default();
                    if has_digit && (SHORTEST_ID..=LONGEST_ID).contains(&run.len()) {
                        found(run);
                    }
                }
                start = words.ends.get(first).map_or(start, |(end, _)| *end);
            }
        }
    }

    /// By ids: whatever else differs.
    fn by_ids(&self, is_whole: &dyn Fn(usize) -> Option<Meant>) -> Option<Answer> {
        let owners = self.owners();
        if owners.is_empty() {
            return None;
        }
        let own_id = !self.search.told(self.credit).is_empty() && self.ids().is_empty();
        let link = if own_id { Link::Reference } else { Link::EndToEndId };
        if !self.marked {
            return self.by_ids_alone(owners, link);
        }
        let in_hand = self.in_hand();
        let booked = |payment: &usize| !in_hand.of_payment(*payment).is_empty();
        let (booked, open): (Vec<usize>, Vec<usize>) =
            owners.iter().copied().partition(|payment| booked(payment));
        let mut slots: Vec<usize> =
            booked.iter().flat_map(|payment| in_hand.of_payment(*payment)).collect();
        for id in self.ids() {
            slots.extend(in_hand.nobodys_with_id(self.search, &id));
        }
        let pick = self.best(slots);
        if !pick.payments.is_empty() {
            // They may share one debit, which came back as a whole.
            let entry = self.search.transfer(self.credit).entry;
            let whole = (pick.payments.len() > 1).then(|| is_whole(entry)).flatten();
            if let Some(meant) = whole.filter(|whole| whole.payments == pick.payments) {
                return Some(Answer { meant: Some(meant), concerned: Vec::new() });
            }
            let share = if pick.nobodys { Share::Unclear } else { Share::One };
            return Some(Answer::of(pick.payments, link, share));
        }
        if pick.nobodys {
            return Some(Answer::nobody(owners));
        }
        // Its debit is not in hand.
        let open = self.fitting(open);
        (!open.is_empty()).then(|| Answer::of(open, link, Share::One))
    }

    /// The same for a credit that does not say that it brings anything back.
    fn by_ids_alone(&self, owners: Vec<usize>, link: Link) -> Option<Answer> {
        let day = self.search.transfer(self.credit).booked_on;
        let in_time =
            |payment: &usize| first_day(self.search, *payment).is_none_or(|own| own <= day);
        let owners = self.fitting(owners.into_iter().filter(in_time).collect());
        (!owners.is_empty()).then(|| Answer::of(owners, link, Share::One))
    }

    /// Of payments under one id those whose amount and account fit, if any do.
    fn fitting(&self, payments: Vec<usize>) -> Vec<usize> {
        let view = self.search.transfer(self.credit);
        let booked = |payment: &usize, amount: &Amount| {
            let claims = self.search.found.get(*payment).map_or(&[] as &[_], |own| &own.claims);
            claims.iter().any(|claim| claim.amount == *amount)
        };
        let by_amount = |payment: &usize| {
            self.amounts.iter().any(|amount| {
                self.search.owed(*payment).amount == *amount || booked(payment, amount)
            })
        };
        let by_account = |payment: &usize| {
            view.ibans().any(|iban| self.search.owed(*payment).account_agrees(Some(iban)))
        };
        let payments = preferred(payments, by_amount);
        preferred(payments, by_account)
    }

    /// Names of batches and messages in fields that may hold other ids too, and in its texts.
    fn written_batches(&self) -> Vec<Cow<'_, str>> {
        let instruction = self.detail().and_then(|detail| detail.instruction_id.as_deref());
        let own = instruction.filter(|id| !is_placeholder(id)).map(reference_text);
        let mut found: Vec<Cow<'_, str>> = own.into_iter().collect();
        let known = |run: &str| self.tables.batches.find(run).next().is_some();
        self.each_run(|run| {
            if known(run) {
                found.push(Cow::Owned(run.to_owned()));
            }
        });
        found
    }

    /// By the batch or message it was ordered in, if something else tells which of its payments.
    fn by_batch(&self) -> Option<Answer> {
        let view = self.search.transfer(self.credit);
        let batch = self.search.entry(view.entry).entry.batch.as_ref();
        let detail = self.detail();
        let ids = [
            detail.and_then(|detail| detail.payment_info_id.as_deref()),
            batch.and_then(|batch| batch.payment_info_id.as_deref()),
            detail.and_then(|detail| detail.message_id.as_deref()),
            batch.and_then(|batch| batch.message_id.as_deref()),
        ];
        let stated = ids.into_iter().flatten().filter(|id| !is_placeholder(id)).map(reference_text);
        for key in stated.chain(self.written_batches()) {
            let ordered = |payment: &usize| {
                self.in_window(*payment) && batches_of(self.search, *payment).contains(&key)
            };
            let members: Vec<usize> =
                self.tables.batches.find(key.as_ref()).filter(ordered).collect();
            if members.is_empty() {
                continue;
            }
            let slots = members.iter().flat_map(|member| self.in_hand().of_payment(*member));
            let slots: Vec<usize> = slots.collect();
            let by_amount =
                self.in_hand().only(slots.clone(), |debit| self.amounts.contains(&debit.amount));
            let by_account = self.in_hand().only(slots, |debit| {
                debit.iban.is_some_and(|own| view.ibans().any(|other| other.same_account(own)))
            });
            let slots = if by_amount.is_empty() { by_account } else { by_amount };
            let pick = self.best(slots);
            if !pick.payments.is_empty() {
                return Some(Answer::of(pick.payments, Link::Reference, Share::One));
            }
        }
        None
    }
}

/// So many words of a text may be one id.
const WORDS: usize = 8;
/// Ids that are shorter stand in texts by chance.
const SHORTEST_ID: usize = 5;
const LONGEST_ID: usize = 35;
/// Those that a test holds for; all, if it holds for none.
fn preferred(payments: Vec<usize>, test: impl Fn(&usize) -> bool) -> Vec<usize> {
    let kept: Vec<usize> = payments.iter().copied().filter(&test).collect();
    if kept.is_empty() { payments } else { kept }
}

/// The first day on which anything is told to be booked for a payment.
fn first_day(search: &Search<'_>, payment: usize) -> Option<NaiveDate> {
    let found = search.found.get(payment)?;
    let claimed =
        found.claims.iter().filter_map(|claim| cited::first_day(search.bank(), claim.entry));
    claimed.chain(found.cited.days(search.bank()).map(|(day, _)| day)).min()
}
