//! One payment's story: what its verdict was in which run, what was decided and what was told, in order.

use chrono::NaiveDate;
use serde::Serialize;

use crate::model::language::Language;
use crate::reports::resolution::Kind;
use crate::reports::wording::Words;
use crate::store::find;
use crate::store::identity::Identity;
use crate::store::row::Row;
use crate::store::row::occurrences;
use crate::verdict::reason::Reason;
use crate::verdict::status::Status;

/// Something that happened to a payment.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Telling {
    /// When, in UTC.
    pub at: String,
    /// `verdict`, `gone`, `decision` or `look-up`.
    pub event: &'static str,
    /// The run of a verdict.
    pub run: Option<String>,
    /// The status of a verdict, or the one that was told.
    pub status: Option<String>,
    /// The reason of a verdict.
    pub reason: Option<String>,
    /// Its evidence.
    pub evidence: Option<String>,
    /// What was decided.
    pub kind: Option<Kind>,
    /// By whom.
    pub by: Option<String>,
    /// With which note.
    pub note: Option<String>,
    /// Which booking was assigned.
    pub entry: Option<String>,
    /// Until which day.
    pub until: Option<NaiveDate>,
    /// Whether a decision holds no longer: other evidence came, its day is over, or its booking is another payment's.
    pub lapsed: bool,
}

impl Telling {
    /// Something that happened at a moment.
    pub fn at(at: &str, event: &'static str) -> Self {
        Self { at: at.to_owned(), event, ..Self::default() }
    }

    /// In one line.
    pub fn sentence(&self, language: Language) -> String {
        let words = Words(language);
        let status = self.status.as_deref().unwrap_or_default();
        let known = Status::ALL.into_iter().find(|own| own.name() == status);
        let status = known.map_or(status, |own| words.status(own));
        let reason = self.reason.as_deref().unwrap_or_default();
        let reason = Reason::from_name(reason).map_or(reason, |reason| reason.label(language));
        let more: Vec<String> = [
            self.until.map(|until| format!("{} {}", words.pick("bis", "until"), words.day(until))),
            self.by.clone(),
            self.entry.clone(),
            self.note.clone(),
        ]
        .into_iter()
        .flatten()
        .collect();
        let more = if more.is_empty() { String::new() } else { format!(" ({})", more.join("; ")) };
        match self.event {
            "verdict" => {
                format!("{status}: {reason} ({})", self.evidence.as_deref().unwrap_or("-"))
            }
            "gone" => {
                words.pick("steht nicht mehr in der Liste", "is in the list no more").to_owned()
            }
            "look-up" => format!("{}: {status}", words.pick("Auskunft", "look-up")),
            _ => {
                let kind = self.kind.map(|kind| kind.label(language)).unwrap_or_default();
                let lapsed = words.pick(" – gilt nicht mehr", " – holds no longer");
                let lapsed = if self.lapsed { lapsed } else { "" };
                format!("{}: {kind}{more}{lapsed}", words.pick("Entscheidung", "decision"))
            }
        }
    }
}

/// A payment and what happened to it.
#[derive(Clone, Debug, Serialize)]
pub struct Story {
    /// The payment.
    pub payment: Identity,
    /// Whose it is.
    pub beneficiary: Option<String>,
    /// What happened, in order.
    pub tellings: Vec<Telling>,
    #[serde(skip)]
    digest: String,
}

impl Story {
    /// Goes on with the stories of the payments that a query means: what a run says that is new.
    pub fn tell(stories: &mut Vec<Self>, rows: &[Row], query: &str, (run, at): (&str, &str)) {
        let found: Vec<usize> =
            find::persons(rows, query, None).unwrap_or_default().into_iter().flatten().collect();
        let occurrences = occurrences(rows);
        let mut there = Vec::new();
        for number in found {
            let Some(row) = rows.get(number) else { continue };
            let occurrence = occurrences.get(number).copied().unwrap_or_default();
            let payment = Identity { occurrence, ..row.identity() };
            there.push(payment.clone());
            let digest = row.evidence_digest();
            let place = stories.iter().position(|story| story.payment == payment);
            let telling = Telling {
                run: Some(run.to_owned()),
                status: Some(row.status.to_string()),
                reason: Some(row.reason.to_string()),
                evidence: Some(row.evidence.to_string()),
                ..Telling::at(at, "verdict")
            };
            match place.and_then(|place| stories.get_mut(place)) {
                Some(story) if story.digest == digest => {}
                Some(story) => {
                    story.digest = digest;
                    story.tellings.push(telling);
                }
                None => stories.push(Self {
                    payment,
                    beneficiary: row
                        .beneficiary
                        .as_deref()
                        .or(row.payee.as_deref())
                        .map(str::to_owned),
                    tellings: vec![telling],
                    digest,
                }),
            }
        }
        let due = rows.first().and_then(|row| row.due);
        for story in stories.iter_mut() {
            let is_gone = story.payment.due == due && !there.contains(&story.payment);
            if is_gone && story.digest != "gone" {
                "gone".clone_into(&mut story.digest);
                let telling = Telling { run: Some(run.to_owned()), ..Telling::at(at, "gone") };
                story.tellings.push(telling);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_tells_what_is_new() {
        let row = |status: &str, reason: &str| Row {
            case_id: Some("4711".into()),
            status: status.into(),
            reason: reason.into(),
            ..Row::default()
        };
        let mut stories = Vec::new();
        for (number, rows) in [
            vec![row("follow-up", "not-found")],
            vec![row("follow-up", "not-found")],
            vec![row("credited", "booked")],
            vec![Row { case_id: Some("1".into()), ..row("credited", "booked") }],
        ]
        .iter()
        .enumerate()
        {
            Story::tell(&mut stories, rows, "4711", (&number.to_string(), ""));
        }
        let told: Vec<_> = stories[0]
            .tellings
            .iter()
            .map(|telling| (telling.event, telling.run.as_deref().unwrap()))
            .collect();
        assert_eq!(told, [("verdict", "0"), ("verdict", "2"), ("gone", "3")]);
        assert_eq!(stories.len(), 1);
    }
}
