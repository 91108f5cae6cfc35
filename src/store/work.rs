//! What of the last run's work is done.

use std::collections::BTreeMap;

use crate::model::language::Language;
use crate::model::text::leaving;
use crate::reports::wording::Words;
use crate::reports::work::Cleared;
use crate::store::identity::Identity;
use crate::store::row::Row;
use crate::store::row::occurrences;
use crate::verdict::reason::Actor;
use crate::verdict::reason::Reason;
use crate::verdict::status::Status;

/// The payments that needed a person before and need none now, in the order of the earlier result. A row that
/// has vanished is not done: `diff` tells of it.
pub fn cleared(before: &[Row], now: &[Row], language: Language) -> Vec<Cleared> {
    let identified = |rows: &[Row]| -> Vec<Identity> {
        let occurrences = occurrences(rows);
        rows.iter()
            .zip(occurrences)
            .map(|(row, occurrence)| Identity { occurrence, ..row.identity() })
            .collect()
    };
    let today: BTreeMap<Identity, &Row> = identified(now).into_iter().zip(now).collect();
    let mut done = Vec::new();
    for (row, identity) in before.iter().zip(identified(before)) {
        let Some(new) = today.get(&identity).filter(|new| !new.needs_person()) else { continue };
        if row.needs_person() {
            done.push(one(row, new, language));
        }
    }
    done
}

fn one(before: &Row, now: &Row, language: Language) -> Cleared {
    let text = |text: &Option<Box<str>>| leaving(text.as_deref().unwrap_or_default(), false);
    let status = Status::ALL.into_iter().find(|status| status.name() == &*now.status);
    let label = |name: &str| Reason::from_name(name).map_or("?", |reason| reason.label(language));
    let outcome = match &now.resolution {
        Some(resolution) if !resolution.lapsed => leaving(&resolution.sentence(language), false),
        _ => format!(
            "{}: {}",
            status.map_or("?", |status| Words(language).status(status)),
            label(&now.reason)
        ),
    };
    Cleared {
        // Results of the first version did not keep who acts: the usual one does.
        actor: before
            .actor
            .as_deref()
            .and_then(|name| Actor::ALL.into_iter().find(|actor| actor.name() == name))
            .or_else(|| Reason::from_name(&before.reason).and_then(|reason| reason.text().actor)),
        case_id: text(&before.case_id),
        name: text(if before.beneficiary.is_some() { &before.beneficiary } else { &before.payee }),
        account: text(&before.iban),
        amount: before.amount.as_deref().unwrap_or_default().to_owned(),
        reason: label(&before.reason).to_owned(),
        outcome,
        place: leaving(&format!("{}:{}", before.source.file, before.source.line), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_nobody_any_more_is_done() {
        let row = |case: &str, status: &str, reason: &str| Row {
            case_id: Some(case.into()),
            amount: Some("10.00".into()),
            status: status.into(),
            reason: reason.into(),
            actor: (status == "follow-up").then(|| "treasury".into()),
            ..Row::default()
        };
        let before = [
            row("1", "follow-up", "not-found"),
            row("2", "follow-up", "not-found"),
            row("3", "credited", "booked"),
            row("4", "follow-up", "not-found"),
        ];
        let now = [row("1", "credited", "booked"), row("2", "follow-up", "returned")];
        let done = cleared(&before, &now, Language::En);
        let cases: Vec<&str> = done.iter().map(|own| own.case_id.as_str()).collect();
        assert_eq!(cases, ["1"]);
        assert_eq!(done[0].actor, Some(Actor::Treasury));
        assert_eq!(done[0].outcome, "credited: Booked");
    }
}
