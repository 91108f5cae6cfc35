//! Work lists: one sheet for each who has to act, to be printed and written on.

use serde_json::Map;
use serde_json::json;

use crate::model::amount::Amount;
use crate::model::language::Language;
use crate::reports::document::Document;
use crate::reports::rows::Rows;
use crate::reports::rows::tally;
use crate::reports::sheet::Cell;
use crate::reports::sheet::Column;
use crate::reports::sheet::Sheet;
use crate::reports::summary;
use crate::reports::terminal::headline;
use crate::reports::wording::Words;
use crate::verdict::outcome::JudgedPayment;
use crate::verdict::outcome::Tally;
use crate::verdict::reason::Actor;
use crate::verdict::status::Status;

/// Name and version of the JSON.
const SCHEMA: &str = "gutschrift.work/1";

/// A payment that needed a person in the last run and needs none now; texts are harmless and masked.
#[derive(Clone, Debug, Default)]
pub struct Cleared {
    /// Who had to act.
    pub actor: Option<Actor>,
    /// Case number.
    pub case_id: String,
    /// The person.
    pub name: String,
    /// The account.
    pub account: String,
    /// What is owed, as results have it.
    pub amount: String,
    /// Why somebody had to act.
    pub reason: String,
    /// What became of it.
    pub outcome: String,
    /// The row of the list.
    pub place: String,
}

const COLUMNS: [Column; 13] = [
    ("state", "", ""),
    ("case_id", "Az.", "case"),
    ("name", "Name", "name"),
    ("amount", "Betrag €", "amount €"),
    ("reason", "Grund", "reason"),
    ("action", "Was tun", "action"),
    ("iban", "Konto", "account"),
    ("end_to_end_id", "", ""),
    ("office", "", ""),
    ("due", "", ""),
    ("row", "Liste", "list"),
    ("entries", "Bank", "bank"),
    ("note", "Notiz", "note"),
];

/// The work lists of all who have something to do, or had until now, by their names.
pub fn sheets(rows: &Rows<'_>, cleared: &[Cleared]) -> Vec<(String, Document)> {
    let of = |actor: Actor| {
        let filter = &rows.options.filter;
        let open: Vec<_> = rows
            .outcome
            .payments_of(Status::FollowUp)
            .filter(|judged| judged.verdict.actor == Some(actor))
            .filter(|judged| rows.needs_person(judged) && filter.holds(judged))
            .collect();
        let done: Vec<&Cleared> = cleared.iter().filter(|own| own.actor == Some(actor)).collect();
        if open.is_empty() && done.is_empty() {
            return None;
        }
        let mut sum = Tally::default();
        for judged in &open {
            sum.add(judged.payment.amount_or_zero());
        }
        let struck_from = open.len();
        let mut lines: Vec<_> = open.iter().map(|judged| line(rows, judged)).collect();
        lines.extend(done.iter().map(|own| done_line(own, rows.options.language)));
        let sheet = Sheet {
            schema: SCHEMA,
            name: actor.name().to_owned(),
            lead: lead(rows, actor, sum, done.len()),
            title: Words(rows.options.language).pick("Zu erledigen", "To do").to_owned(),
            columns: COLUMNS.to_vec(),
            rows: lines,
            struck_from: Some(struck_from),
            sums: Vec::new(),
            facts: Map::from_iter([
                ("due".to_owned(), json!(rows.outcome.due)),
                ("open".to_owned(), json!(tally(sum))),
                ("cleared".to_owned(), json!(done.len())),
            ]),
        };
        Some((actor.name().to_owned(), sheet.document(rows.options)))
    };
    Actor::ALL.into_iter().filter_map(of).collect()
}

fn lead(rows: &Rows<'_>, actor: Actor, open: Tally, done: usize) -> Vec<String> {
    let words = Words(rows.options.language);
    let who = actor.label(words.0);
    let sum = words.amount(open.amount);
    let first = match words.0 {
        Language::De => format!("Arbeitsliste {who}: {} offen über {sum} €", open.count),
        Language::En => format!("Work list of the {who}: {} open, {sum} €", open.count),
    };
    let first = match (done, words.0) {
        (0, _) => first,
        (done, Language::De) => {
            format!("{first}; {done} seit dem letzten Lauf erledigt (durchgestrichen)")
        }
        (done, Language::En) => format!("{first}; {done} done since the last run (struck out)"),
    };
    let mut lines = vec![first, headline(rows.outcome, words)];
    lines.extend(summary::incomplete_elsewhere(rows, words));
    lines
}

fn line(rows: &Rows<'_>, judged: &JudgedPayment) -> Vec<Cell> {
    let (row, verdict) = (rows.payment_without_trail(judged), &judged.verdict);
    // A decision that holds no longer is told: the next one should know.
    let decision = rows.decision(judged);
    let action = row.action.unwrap_or_default();
    let action = if decision.is_empty() { action } else { format!("{action} [{decision}]") };
    let entries: Vec<String> =
        row.entries.iter().map(|own| format!("{}:{}", own.file, own.line)).collect();
    vec![
        Cell::Text("open".to_owned()),
        Cell::some(row.case_id),
        Cell::some(row.beneficiary.or(row.payee)),
        Cell::Money(judged.payment.amount),
        Cell::Text(verdict.reason.label(rows.options.language).to_owned()),
        Cell::Text(action),
        Cell::some(row.iban),
        Cell::some(row.end_to_end_id),
        Cell::some(row.office),
        Cell::Day(Some(verdict.due)),
        Cell::Text(format!("{}:{}", row.source.file, row.source.line)),
        Cell::Text(entries.join(" ")),
        Cell::Text(String::new()),
    ]
}

fn done_line(own: &Cleared, language: Language) -> Vec<Cell> {
    let done = language.pick("erledigt", "done");
    let empty = || Cell::Text(String::new());
    vec![
        Cell::Text("done".to_owned()),
        Cell::Text(own.case_id.clone()),
        Cell::Text(own.name.clone()),
        Cell::Money(Amount::from_iso(&own.amount).ok()),
        Cell::Text(own.reason.clone()),
        Cell::Text(format!("{done}: {}", own.outcome)),
        Cell::Text(own.account.clone()),
        empty(),
        empty(),
        Cell::Day(None),
        Cell::Text(own.place.clone()),
        empty(),
        empty(),
    ]
}
