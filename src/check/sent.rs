//! Orders among the files that are the same order, or that a bank would take for it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::check::SentBefore;
use crate::check::finding::Files;
use crate::check::finding::Finding;
use crate::check::finding::Spot;
use crate::check::finding::Value;
use crate::check::kind::Kind;
use crate::check::orders::Side;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::inputs::Inputs;
use crate::model::order::OrderFile;
use crate::model::order::OrderMark;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::reading::Role;
use crate::model::text::is_placeholder;

/// What an order would do: who gets how much, whatever its ids and days.
type Content<'a> = Vec<(Option<&'a Iban>, Option<Amount>)>;

/// Finds them.
pub(super) fn findings(inputs: &Inputs, side: &Side<'_>, findings: &mut Vec<Finding>) {
    let files = side.files;
    // Files of the same bytes are read once.
    for (number, file) in inputs.files.iter().enumerate() {
        if let Some(first) = file.repeats.as_deref().filter(|_| file.role == Role::Order) {
            let place = Place::file(FileId(u32::try_from(number).unwrap_or(u32::MAX)));
            let first = Spot { file: first.to_owned(), line: 0 };
            findings.push(twice(Kind::OrderFileTwice, files.spot(place), first));
        }
    }
    let mut of_content: BTreeMap<Content<'_>, &OrderFile> = BTreeMap::new();
    let mut of_message: BTreeMap<&str, (&OrderFile, Content<'_>)> = BTreeMap::new();
    // What the bank refused as a whole may be sent again.
    let sent = inputs.orders.iter().enumerate();
    for (_, order) in sent.filter(|(number, _)| !side.is_refused_whole(*number)) {
        let content = content(order);
        let spot = files.spot(order.place);
        let same = of_content.get(&content).filter(|_| !content.is_empty());
        if let Some(first) = same.and_then(|first| files.spot(first.place)) {
            findings.push(twice(Kind::OrderFileTwice, spot.clone(), first));
        }
        let id = order.message_id.as_deref().filter(|id| !is_placeholder(id));
        if let Some(id) = id {
            match of_message.get(id) {
                Some((first, known)) if *known != content => {
                    let finding = Finding { spot, ..Finding::new(Kind::MessageIdTwice) };
                    let first = files.spot(first.place);
                    let id = Value::Text(id.to_owned());
                    findings.push(finding.values(id, Value::None).against(first));
                }
                Some(_) => {}
                None => {
                    of_message.insert(id, (order, content.clone()));
                }
            }
        }
        of_content.entry(content).or_insert(order);
    }
}

/// Finds order files that a kept run knows: of another month with the same bytes, or of any with the same message
/// id or content in other bytes. The same file in a run of the same month is only the same file.
pub(super) fn before(
    inputs: &Inputs,
    sent: &[SentBefore],
    (due, files): (NaiveDate, Files<'_>),
    findings: &mut Vec<Finding>,
) {
    for (number, file) in inputs.files.iter().enumerate() {
        if file.orders.is_empty() {
            continue;
        }
        let is_same_order = |own: &OrderMark| {
            file.orders.iter().any(|order| {
                order.content == own.content
                    || order.message_id.is_some() && order.message_id == own.message_id
            })
        };
        let is_known = |own: &&SentBefore| {
            if own.sha256 == file.sha256 {
                own.due != Some(due)
            } else {
                own.orders.iter().any(is_same_order)
            }
        };
        if let Some(first) = sent.iter().filter(is_known).min_by_key(|own| (own.on, &own.path)) {
            let place = Place::file(FileId(u32::try_from(number).unwrap_or(u32::MAX)));
            let ids = first.orders.iter().filter_map(|order| order.message_id.as_deref());
            let ids: Vec<&str> = ids.collect();
            let found = if ids.is_empty() {
                first.path.clone()
            } else {
                format!("{} ({})", first.path, ids.join(", "))
            };
            let finding = Finding { spot: files.spot(place), ..Finding::new(Kind::AlreadySent) };
            findings.push(finding.values(Value::Text(found), Value::Day(first.on)));
        }
    }
}

fn twice(kind: Kind, spot: Option<Spot>, first: Spot) -> Finding {
    let finding = Finding { spot, ..Finding::new(kind) };
    finding.values(Value::At(first.clone()), Value::None).against(Some(first))
}

fn content(order: &OrderFile) -> Content<'_> {
    let transfers = order.batches.iter().flat_map(|batch| &batch.transfers);
    let mut content: Content<'_> = transfers.map(|one| (one.iban.as_ref(), one.amount)).collect();
    content.sort_unstable();
    content
}
