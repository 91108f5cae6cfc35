//! What the files hold, found by place, by id and by account.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::audit::claims;
use crate::audit::claims::Claims;
use crate::audit::finding::Finding;
use crate::audit::texts::runs_of_words;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::inputs::Inputs;
use crate::model::payment::CommonOfRows;
use crate::model::payment::Payment;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::reading::FileRecord;
use crate::model::reading::Role;
use crate::model::reading::line_in_sheet;
use crate::model::shared::Shared;
use crate::model::statement::BookingStatus;
use crate::model::statement::Direction;
use crate::model::statement::EntryDetail;
use crate::model::statement::Statement;
use crate::model::statement::StatementEntry;
use crate::model::text::is_placeholder;
use crate::model::text::leaving;
use crate::model::text::reference_key;

/// A booking with the statement it stands in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Booking<'a> {
    pub(super) statement: &'a Statement,
    pub(super) entry: &'a StatementEntry,
}

impl<'a> Booking<'a> {
    pub(super) fn is_booked(&self, as_of: Option<NaiveDate>) -> bool {
        let day = self.entry.booked_on();
        self.entry.status == BookingStatus::Booked
            && as_of.is_none_or(|last| day.is_none_or(|day| day <= last))
    }

    /// Booked or announced by a day.
    pub(super) fn is_told(&self, as_of: Option<NaiveDate>) -> bool {
        let day = self.entry.booked_on();
        as_of.is_none_or(|last| day.is_none_or(|day| day <= last))
    }

    pub(super) fn is_credit(&self) -> bool {
        self.entry.direction == Direction::Credit
    }

    /// The transfers behind it, with what each moved.
    pub(super) fn transfers(&self) -> impl Iterator<Item = (&'a EntryDetail, Amount)> + use<'a> {
        let (entry, alone) = (self.entry, self.entry.details.len() == 1);
        let same = |own: &&EntryDetail| own.direction.is_none_or(|side| side == entry.direction);
        entry.details.iter().filter(same).filter_map(move |detail| {
            let amount = detail.amount.or(alone.then_some(entry.amount))?;
            Some((detail, amount))
        })
    }
}

/// Where a name of a file in the result leads.
#[derive(Clone, Copy, Debug)]
pub(super) enum Named {
    /// To a file at hand, and one of its sheets.
    At(FileId, Option<usize>),
    /// To a file that is missing or was changed.
    Missing,
}

/// A booking as a citation tells it: line, signed amount, booking and value date.
pub(super) type Told = (Place, Amount, Option<NaiveDate>, Option<NaiveDate>);

/// Everything the files hold.
#[derive(Debug)]
pub(super) struct Evidence<'a> {
    pub(super) inputs: &'a Inputs,
    /// Rows that are owed, by place.
    pub(super) rows: Vec<Payment>,
    /// Rows come from orders that stand alone.
    pub(super) alone: bool,
    /// Bookings by place.
    pub(super) bookings: Vec<Booking<'a>>,
    /// Bookings by the ids they bear.
    by_id: BTreeMap<String, Vec<u32>>,
    by_amount: BTreeMap<Amount, Vec<u32>>,
    /// Bookings by the accounts of either party and what went there or came from there.
    by_money: BTreeMap<(String, Amount), Vec<u32>>,
    /// Bookings as citations tell them.
    by_told: BTreeMap<Told, Vec<u32>>,
    /// Booked credits by what their texts name.
    by_words: BTreeMap<String, Vec<u32>>,
    /// Case numbers and ids of all rows, as they are compared.
    references: BTreeSet<String>,
    names: BTreeMap<String, Named>,
    only_account: Option<&'a Iban>,
    /// A file that the result names is not at hand, or one at hand is not named.
    pub(super) incomplete: bool,
}

impl<'a> Evidence<'a> {
    pub(super) fn new(claims: &Claims, inputs: &'a Inputs, findings: &mut Vec<Finding>) -> Self {
        let mut names = BTreeMap::new();
        let mut known = vec![false; inputs.files.len()];
        let mut incomplete = false;
        for file in &claims.run.files {
            let found =
                inputs.files.iter().enumerate().filter(|(_, own)| own.sha256 == file.sha256);
            for (number, _) in found.clone() {
                if let Some(slot) = known.get_mut(number) {
                    *slot = true;
                }
            }
            // Files of the same bytes are read once.
            let Some((number, own)) = found.clone().find(|(_, own)| own.repeats.is_none()) else {
                if file.role != Role::Ignored.name() {
                    incomplete = true;
                    names.insert(file.path.clone(), Named::Missing);
                    findings.push(
                        Finding::refuted(&file.path, 0, "run.files.sha256")
                            .values(&file.sha256, "–")
                            .open(),
                    );
                }
                continue;
            };
            let id = FileId(u32::try_from(number).unwrap_or(u32::MAX));
            for (claim, said, is) in [
                ("run.files.role", &file.role, own.role.name()),
                ("run.files.format", &file.format, own.format.as_str()),
            ] {
                if said != is {
                    findings.push(Finding::refuted(&file.path, 0, claim).values(said, is));
                }
            }
            records(file, own, claims, findings);
            names.insert(file.path.clone(), Named::At(id, None));
            for (sheet, name) in own.sheets.iter().enumerate() {
                let name = format!("{}/{}", file.path, leaving(name, false));
                names.insert(name, Named::At(id, Some(sheet)));
            }
        }
        for (file, known) in inputs.files.iter().zip(&known) {
            if !known && file.role != Role::Ignored {
                incomplete = true;
                let path = leaving(&file.path, false);
                findings.push(Finding::refuted(&path, 0, "run.files").values("–", &path).open());
            }
        }
        let alone = inputs.payments.is_empty();
        let mut rows = if alone { ordered(inputs) } else { inputs.payments.clone() };
        rows.sort_by_key(|row| row.place);
        let mut bookings: Vec<Booking<'a>> = inputs
            .statements
            .iter()
            .flat_map(|statement| {
                statement.entries.iter().map(move |entry| Booking { statement, entry })
            })
            .collect();
        bookings.sort_by_key(|booking| booking.entry.place);
        let mut evidence = Self {
            inputs,
            rows,
            alone,
            bookings,
            by_id: BTreeMap::new(),
            by_amount: BTreeMap::new(),
            by_money: BTreeMap::new(),
            by_told: BTreeMap::new(),
            by_words: BTreeMap::new(),
            references: BTreeSet::new(),
            names,
            only_account: only_account(inputs),
            incomplete,
        };
        evidence.index();
        evidence
    }

    fn index(&mut self) {
        for row in &self.rows {
            let ids = [&row.case_id, &row.end_to_end_id].into_iter().flatten();
            self.references
                .extend(ids.filter(|id| !is_placeholder(id)).map(|id| reference_key(id)));
        }
        for (number, booking) in self.bookings.iter().enumerate() {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            let entry = booking.entry;
            let add = |numbers: &mut Vec<u32>| {
                if numbers.last() != Some(&number) {
                    numbers.push(number);
                }
            };
            let told =
                (entry.place.whole_line(), entry.signed(), entry.booking_date, entry.value_date);
            if booking.is_credit() {
                let details = entry.details.iter().map(Some).chain([None]);
                for text in details.flat_map(|detail| entry.texts(detail)) {
                    for run in runs_of_words(text) {
                        add(self.by_words.entry(run).or_default());
                    }
                }
            }
            add(self.by_told.entry(told).or_default());
            add(self.by_amount.entry(entry.amount).or_default());
            for detail in &entry.details {
                let ids = [&detail.end_to_end_id, &detail.instruction_id];
                for id in ids.into_iter().flatten().filter(|id| !is_placeholder(id)) {
                    add(self.by_id.entry(reference_key(id)).or_default());
                }
                let amount = detail.amount.unwrap_or(entry.amount);
                for iban in [&detail.counterparty_iban, &detail.opposite_iban].into_iter().flatten()
                {
                    add(self.by_money.entry((iban.key().into_owned(), amount)).or_default());
                }
            }
        }
    }

    /// Where a name leads; `None` if the result names no such file.
    pub(super) fn named(&self, file: &str) -> Option<Named> {
        self.names.get(file).copied()
    }

    /// The place of a file and a line; `Err` says that the file is not at hand.
    pub(super) fn place(&self, file: &str, line: u32) -> Option<Result<Place, ()>> {
        Some(match self.named(file)? {
            Named::Missing => Err(()),
            Named::At(id, None) => Ok(Place::line(id, line)),
            Named::At(id, Some(sheet)) => Ok(Place::line(id, line_in_sheet(sheet, line))),
        })
    }

    /// The rows of a line; in XML several may begin on one.
    pub(super) fn rows_at(&self, place: Place) -> &[Payment] {
        let from = self.rows.partition_point(|row| row.place.whole_line() < place);
        let rest = self.rows.get(from..).unwrap_or_default();
        let count = rest.partition_point(|row| row.place.whole_line() <= place);
        rest.get(..count).unwrap_or_default()
    }

    /// A booking by its number.
    pub(super) fn booking(&self, number: u32) -> Option<Booking<'a>> {
        self.bookings.get(usize::try_from(number).ok()?).copied()
    }

    /// The first booking of a line.
    pub(super) fn first_at(&self, place: Place) -> Option<u32> {
        let at = self.bookings.partition_point(|own| own.entry.place.whole_line() < place);
        let found = self.bookings.get(at)?;
        (found.entry.place.whole_line() == place).then(|| u32::try_from(at).ok())?
    }

    /// The bookings that are as a citation tells.
    pub(super) fn told(&self, told: Told) -> &[u32] {
        self.by_told.get(&told).map_or(&[], Vec::as_slice)
    }

    /// The bookings that bear an id, as it is compared.
    pub(super) fn bearing(&self, id: &str) -> &[u32] {
        self.by_id.get(id).map_or(&[], Vec::as_slice)
    }

    /// The bookings of an amount to or from an account.
    pub(super) fn of_money(&self, iban: &Iban, amount: Amount) -> &[u32] {
        let money = (iban.key().into_owned(), amount);
        self.by_money.get(&money).map_or(&[], Vec::as_slice)
    }

    /// Whether some row has this case number or id.
    pub(super) fn is_reference(&self, key: &str) -> bool {
        self.references.contains(key)
    }

    /// Whether nearly all bookings bear an id: it names nobody.
    pub(super) fn is_of_all(&self, id: &str) -> bool {
        let bearing = self.bearing(id).len();
        bearing > 1 && bearing.saturating_mul(2) > self.bookings.len()
    }

    /// The bookings of an amount, of either side.
    pub(super) fn of_amount(&self, amount: Amount) -> &[u32] {
        self.by_amount.get(&amount).map_or(&[], Vec::as_slice)
    }

    /// The credits whose texts name a reference, as it is compared.
    pub(super) fn credits_naming(&self, id: &str) -> &[u32] {
        self.by_words.get(id).map_or(&[], Vec::as_slice)
    }

    /// A booking and what else may tell of it: bookings of the same amount, side and day, or a banking
    /// day or two apart.
    pub(super) fn tellings(
        &self,
        own: &Booking<'a>,
    ) -> impl Iterator<Item = Booking<'a>> + use<'_, 'a> {
        let (amount, credit, day) = (own.entry.amount, own.is_credit(), own.entry.booked_on());
        let others = self.by_amount.get(&amount).into_iter().flatten();
        let others = others
            .filter_map(|number| self.bookings.get(usize::try_from(*number).ok()?))
            .filter(move |other| {
                let near = other.entry.booked_on().zip(day).is_some_and(|(other, day)| {
                    other.signed_duration_since(day).num_days().abs() <= 4
                });
                other.is_credit() == credit && near
            });
        std::iter::once(*own).chain(others.copied())
    }

    /// The account of a booking: its statement's, else the only one there is.
    pub(super) fn account_of(&self, booking: &Booking<'a>) -> Option<&'a Iban> {
        booking.statement.account.as_ref().or(self.only_account)
    }
}

/// The account, if the files name only one.
fn only_account(inputs: &Inputs) -> Option<&Iban> {
    let mut named = inputs.statements.iter().filter_map(|own| own.account.as_ref());
    let first = named.next()?;
    named.all(|other| other.same_account(first)).then_some(first)
}

/// The transfers of orders that stand alone, as rows. An order that is there twice is one.
fn ordered(inputs: &Inputs) -> Vec<Payment> {
    let mut rows = Vec::new();
    for order in &inputs.orders {
        for batch in &order.batches {
            rows.extend(batch.transfers.iter().map(|transfer| Payment {
                place: transfer.place,
                beneficiary: transfer.ultimate_payee.clone().or_else(|| transfer.payee.clone()),
                payee: transfer.payee.clone(),
                iban: transfer.iban.clone(),
                amount: transfer.amount,
                currency: transfer.currency,
                end_to_end_id: transfer.end_to_end_id.clone().filter(|id| !is_placeholder(id)),
                common: Shared::new(CommonOfRows {
                    remittance: transfer.remittance.clone(),
                    run: batch.payment_info_id.clone(),
                    ..CommonOfRows::default()
                }),
                ..Payment::default()
            }));
        }
    }
    rows
}

/// What is told of the reading of a file; one that repeats another was not read.
fn records(file: &claims::File, own: &FileRecord, all: &Claims, findings: &mut Vec<Finding>) {
    let about = |claim| Finding::refuted(&file.path, 0, claim);
    let first = all.run.files.iter().find(|other| other.sha256 == file.sha256);
    let repeats = first.filter(|first| first.path != file.path).map(|first| &first.path);
    let shown = |text: Option<&String>| text.cloned().unwrap_or_else(|| "null".to_owned());
    if file.repeats.as_ref() != repeats {
        let said = shown(file.repeats.as_ref());
        findings.push(about("run.files.repeats").values(said, shown(repeats)));
    }
    let is_read = repeats.is_none();
    for (claim, said, is) in [
        ("run.files.version", &file.version, &own.version),
        ("run.files.encoding", &file.encoding, &own.encoding),
    ] {
        let is = is.as_ref().filter(|_| is_read).map(|text| leaving(text, false));
        if *said != is {
            findings.push(about(claim).values(shown(said.as_ref()), shown(is.as_ref())));
        }
    }
    for (claim, said, is) in [
        ("run.files.records", file.records, own.records),
        ("run.files.skipped", file.skipped, own.skipped),
    ] {
        let is = if is_read { is } else { 0 };
        if said != is {
            findings.push(about(claim).values(said, is));
        }
    }
}
