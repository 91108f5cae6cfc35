//! What the files hold, found by place, by id and by account.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::audit::claims::Claims;
use crate::audit::finding::Finding;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::inputs::Inputs;
use crate::model::payment::CommonOfRows;
use crate::model::payment::Payment;
use crate::model::place::FileId;
use crate::model::place::Place;
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

    pub(super) fn is_credit(&self) -> bool {
        self.entry.direction == Direction::Credit
    }

    /// The transfers behind it, with what each moved.
    pub(super) fn transfers(&self) -> impl Iterator<Item = (&'a EntryDetail, Amount)> + use<'a> {
        let (entry, alone) = (self.entry, self.entry.details.len() == 1);
        entry.details.iter().filter_map(move |detail| {
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
            let is_read = found.clone().count() == 1;
            for (claim, said, is) in [
                ("run.files.records", file.records, own.records),
                ("run.files.skipped", file.skipped, own.skipped),
            ] {
                if said != is && is_read {
                    findings.push(Finding::refuted(&file.path, 0, claim).values(said, is));
                }
            }
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
            names,
            only_account: only_account(inputs),
            incomplete,
        };
        evidence.index();
        evidence
    }

    fn index(&mut self) {
        let mut by_id: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        let mut by_amount: BTreeMap<Amount, Vec<u32>> = BTreeMap::new();
        for (number, booking) in self.bookings.iter().enumerate() {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            by_amount.entry(booking.entry.amount).or_default().push(number);
            for detail in &booking.entry.details {
                let ids = [&detail.end_to_end_id, &detail.instruction_id];
                for id in ids.into_iter().flatten().filter(|id| !is_placeholder(id)) {
                    let numbers = by_id.entry(reference_key(id)).or_default();
                    if numbers.last() != Some(&number) {
                        numbers.push(number);
                    }
                }
            }
        }
        (self.by_id, self.by_amount) = (by_id, by_amount);
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

    /// The bookings of a line.
    pub(super) fn bookings_at(&self, place: Place) -> &[Booking<'a>] {
        let from =
            self.bookings.partition_point(|booking| booking.entry.place.whole_line() < place);
        let rest = self.bookings.get(from..).unwrap_or_default();
        let count = rest.partition_point(|booking| booking.entry.place.whole_line() <= place);
        rest.get(..count).unwrap_or_default()
    }

    /// The bookings that bear an id, as it is compared.
    pub(super) fn bearing(&self, id: &str) -> impl Iterator<Item = Booking<'a>> + use<'_, 'a> {
        let numbers = self.by_id.get(id).into_iter().flatten();
        numbers.filter_map(|number| self.bookings.get(usize::try_from(*number).ok()?)).copied()
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
