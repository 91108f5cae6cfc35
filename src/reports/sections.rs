//! The parts that follow the summary in every text report, as headed tables.

use crate::model::place::Place;
use crate::reports::difference::Twins;
use crate::reports::difference::difference;
use crate::reports::file_sections::files;
use crate::reports::file_sections::folders;
use crate::reports::labels::label;
use crate::reports::rows::Rows;
pub use crate::reports::section::Section;
use crate::reports::section::columns;
use crate::reports::section::shared_folder;
use crate::reports::summary;
use crate::reports::wording::Words;
use crate::verdict::outcome::Disposition;
use crate::verdict::outcome::JudgedPayment;
use crate::verdict::reason::Actor;
use crate::verdict::status::Status;
use std::borrow::Cow;

/// So many files are all named; more are one line a folder.
const FEW_FILES: usize = 5;

/// Everything of a report after its title, in the order a treasurer reads it.
pub fn all(rows: &Rows<'_>) -> Vec<Section> {
    let words = Words(rows.options.language);
    let mut sections = vec![lists(rows, words)];
    if rows.options.quiet {
        return sections;
    }
    sections.extend(follow_ups(rows, words));
    sections.extend(delays(rows, words));
    sections.extend(credited(rows, words));
    sections.extend(unexplained(rows, words));
    sections.extend(open_data(rows, words));
    sections.extend(problems(rows, words));
    sections.push(files(rows, words));
    sections
}

/// The same for a screen: what a person looks for last, files folded to one line a folder unless all are
/// asked for, the sums of parts only where there is room.
pub(crate) fn on_screen(rows: &Rows<'_>) -> Vec<Section> {
    const WIDE: u16 = 110;
    let words = Words(rows.options.language);
    let few = rows.outcome.files.len() <= FEW_FILES;
    let files = if rows.options.files || few { files(rows, words) } else { folders(rows, words) };
    let mut sections = vec![files];
    sections.extend(problems(rows, words));
    sections.extend(open_data(rows, words));
    sections.extend(unexplained(rows, words));
    sections.extend(credited(rows, words));
    sections.extend(delays(rows, words));
    sections.extend(follow_ups(rows, words));
    let mut lists = lists(rows, words);
    if rows.options.width.is_some_and(|width| width < WIDE) {
        for section in &mut sections {
            proof_below(section, words);
        }
        for line in std::iter::once(&mut lists.header).chain(&mut lists.rows) {
            for column in [8, 6, 4] {
                line.remove(column);
            }
        }
        lists.right = (1..6).collect();
    }
    sections.push(lists);
    sections
}

pub(crate) fn lists(rows: &Rows<'_>, words: Words) -> Section {
    let mut section = Section {
        title: words.pick("Zusammenfassung", "Summary").to_owned(),
        header: columns(
            &[
                ("Liste", "list"),
                ("Zahlungen", "payments"),
                ("Summe €", "sum €"),
                ("gutgeschrieben", "credited"),
                ("€", "€"),
                ("verzögert", "delayed"),
                ("€", "€"),
                ("zu klären", "follow-up"),
                ("€", "€"),
            ],
            words,
        ),
        right: (1..9).collect(),
        ..Section::default()
    };
    let totals = &rows.outcome.totals;
    let shared = shared_folder(rows);
    let mut lists: Vec<_> = summary::by_list(rows)
        .into_iter()
        .map(|list| {
            let path = list.path.strip_prefix(&shared).unwrap_or(&list.path).to_owned();
            (path, list.payments, list.parts)
        })
        .collect();
    lists.push((
        words.pick("alle", "all").to_owned(),
        totals.payments,
        [totals.credited, totals.delayed, totals.follow_up],
    ));
    for (path, payments, parts) in lists {
        let mut row = vec![path, payments.count.to_string(), words.amount(payments.amount)];
        for part in parts {
            row.push(part.count.to_string());
            row.push(words.amount(part.amount));
        }
        section.rows.push(row);
    }
    section
}

/// Puts the proof below the text beside it: a column of its own leaves no room for words.
fn proof_below(section: &mut Section, words: Words) {
    let proof = words.pick("Beleg", "proof");
    let Some(at) = section.header.iter().position(|name| name == proof) else { return };
    let Some(beside) = at.checked_sub(1) else { return };
    section.header.remove(at);
    for row in &mut section.rows {
        let text = row.remove(at);
        if let Some(cell) = row.get_mut(beside) {
            *cell = format!("{cell}\n{text}");
        }
    }
}

/// Payments of a status that the filter shows.
fn shown<'a>(rows: &Rows<'a>, status: Status) -> Vec<Cow<'a, JudgedPayment>> {
    let filter = &rows.options.filter;
    rows.outcome.payments_of(status).filter(|judged| filter.holds(judged)).collect()
}

pub(crate) fn who(rows: &Rows<'_>, judged: &JudgedPayment) -> String {
    let row = &judged.payment;
    let name = row.beneficiary.as_deref().or(row.payee.as_deref()).unwrap_or_default();
    rows.text(name)
}

/// A place as tables show it: without the folders that all files share.
fn short(rows: &Rows<'_>, place: Place) -> String {
    let path = rows.path(place);
    let shared = shared_folder(rows);
    format!("{}:{}", path.strip_prefix(&shared).unwrap_or(&path), rows.line(place))
}

fn place(rows: &Rows<'_>, judged: &JudgedPayment) -> String {
    short(rows, judged.payment.place)
}

/// The list row and the bank entries of a payment.
fn proof(rows: &Rows<'_>, judged: &JudgedPayment) -> String {
    let cited = judged.verdict.entries.iter().map(|cited| short(rows, cited.place));
    std::iter::once(place(rows, judged)).chain(cited).collect::<Vec<_>>().join(" ")
}

fn follow_ups(rows: &Rows<'_>, words: Words) -> Vec<Section> {
    let mut open = shown(rows, Status::FollowUp);
    open.retain(|judged| !rows.is_told_once(judged));
    let twins = Twins::of(rows);
    let mut sections = Vec::new();
    for actor in Actor::ALL {
        let own: Vec<_> =
            open.iter().filter(|judged| judged.verdict.actor == Some(actor)).collect();
        if own.is_empty() {
            continue;
        }
        let mut section = Section {
            title: format!(
                "{}: {} ({})",
                words.pick("Zu klären", "Follow-up"),
                actor.label(rows.options.language),
                own.len()
            ),
            header: columns(
                &[
                    ("Az.", "case"),
                    ("Name", "name"),
                    ("Betrag €", "amount €"),
                    ("Grund", "reason"),
                    ("Was tun", "action"),
                    ("Beleg", "proof"),
                ],
                words,
            ),
            right: vec![2],
            ..Section::default()
        };
        for judged in &own {
            let row = rows.payment(judged);
            let differs = difference(rows, judged, &twins).map(|text| format!("{text}. "));
            section.rows.push(vec![
                row.case_id.unwrap_or_default(),
                who(rows, judged),
                judged.payment.amount.map(|amount| words.amount(amount)).unwrap_or_default(),
                judged.verdict.reason.label(rows.options.language).to_owned(),
                format!("{}{}", differs.unwrap_or_default(), row.action.unwrap_or_default()),
                proof(rows, judged),
            ]);
        }
        let decisions = own.iter().map(|judged| rows.decision(judged));
        add_decisions(&mut section, decisions, words);
        sections.push(section);
    }
    sections
}

/// A column with what was decided, if anything was.
fn add_decisions(section: &mut Section, decisions: impl Iterator<Item = String>, words: Words) {
    let decisions: Vec<String> = decisions.collect();
    if decisions.iter().all(String::is_empty) {
        return;
    }
    section.header.push(words.pick("Entscheidung", "decision").to_owned());
    for (row, decision) in section.rows.iter_mut().zip(decisions) {
        row.push(decision);
    }
}

fn delays(rows: &Rows<'_>, words: Words) -> Option<Section> {
    let late = shown(rows, Status::Delayed);
    let mut section = Section {
        title: format!("{} ({})", words.pick("Verzögert", "Delayed"), late.len()),
        header: columns(
            &[
                ("Az.", "case"),
                ("Name", "name"),
                ("Betrag €", "amount €"),
                ("Grund", "reason"),
                ("erwartet", "expected"),
                ("Beleg", "proof"),
            ],
            words,
        ),
        right: vec![2],
        ..Section::default()
    };
    for judged in &late {
        let day = judged.verdict.credited_on.unwrap_or(rows.outcome.horizon);
        section.rows.push(vec![
            rows.payment(judged).case_id.unwrap_or_default(),
            who(rows, judged),
            words.amount(judged.payment.amount_or_zero()),
            judged.verdict.reason.label(rows.options.language).to_owned(),
            words.day(day),
            proof(rows, judged),
        ]);
    }
    add_decisions(&mut section, late.iter().map(|judged| rows.decision(judged)), words);
    (!late.is_empty()).then_some(section)
}

/// The credited ones are counted; they are listed only if somebody asks for them.
pub(crate) fn credited(rows: &Rows<'_>, words: Words) -> Option<Section> {
    if !rows.options.filter.statuses.contains(&Status::Credited) {
        return None;
    }
    let mut section = credited_head(rows, words)?;
    section.rows = credited_rows(rows, words).collect();
    Some(section)
}

/// The same without its rows; `None` if there are none.
pub(crate) fn credited_head(rows: &Rows<'_>, words: Words) -> Option<Section> {
    let filter = &rows.options.filter;
    let count = if filter.reasons.is_empty() && filter.benefits.is_empty() {
        // Nothing but the status decides.
        rows.outcome.amounts().filter(|(_, _, status)| *status == Status::Credited).count()
    } else {
        let credited = rows.outcome.payments_of(Status::Credited);
        credited.filter(|judged| filter.holds(judged)).count()
    };
    (count > 0).then(|| Section {
        title: format!("{} ({count})", words.pick("Gutgeschrieben", "Credited")),
        header: columns(
            &[
                ("Az.", "case"),
                ("Name", "name"),
                ("Betrag €", "amount €"),
                ("Art", "how"),
                ("am", "on"),
                ("Nachweis", "evidence"),
                ("Beleg", "proof"),
            ],
            words,
        ),
        right: vec![2],
        ..Section::default()
    })
}

/// Its rows, one after the other: they may be nearly all payments.
pub(crate) fn credited_rows(rows: &Rows<'_>, words: Words) -> impl Iterator<Item = Vec<String>> {
    let filter = &rows.options.filter;
    let credited = rows.outcome.payments_of(Status::Credited);
    credited.filter(|judged| filter.holds(judged)).map(move |judged| {
        vec![
            judged.payment.case_id.as_deref().map(|id| rows.text(id)).unwrap_or_default(),
            who(rows, &judged),
            words.amount(judged.payment.amount_or_zero()),
            judged.verdict.reason.label(rows.options.language).to_owned(),
            judged.verdict.credited_on.map(|day| words.day(day)).unwrap_or_default(),
            judged.verdict.evidence.name().to_owned(),
            proof(rows, &judged),
        ]
    })
}

pub(crate) fn unexplained(rows: &Rows<'_>, words: Words) -> Option<Section> {
    let mut section = Section {
        header: columns(
            &[
                ("Tag", "day"),
                ("Betrag €", "amount €"),
                ("was", "what"),
                ("Gegenseite", "other side"),
                ("Text", "text"),
                ("Stelle", "place"),
            ],
            words,
        ),
        right: vec![1],
        ..Section::default()
    };
    // Those of plain cases and of other months are neither.
    for entry in &rows.outcome.bank_entries {
        let what = match entry.disposition {
            Disposition::UnlistedDebit => words.pick("Abbuchung ohne Liste", "unlisted debit"),
            Disposition::UnassignedReturn => {
                words.pick("Rückzahlung, zu niemandem", "return, nobody's")
            }
            _ => continue,
        };
        let row = rows.entry(entry);
        section.rows.push(vec![
            entry.booking_date.map(|day| words.day(day)).unwrap_or_default(),
            words.amount(entry.amount),
            what.to_owned(),
            row.counterparty.unwrap_or_default(),
            row.remittance.or(row.booking_text).unwrap_or_default(),
            short(rows, entry.place),
        ]);
    }
    section.title = format!(
        "{} ({})",
        words.pick("In den Bankdaten, auf keiner Liste", "In the bank data, on no list"),
        section.rows.len()
    );
    (!section.rows.is_empty()).then_some(section)
}

pub(crate) fn open_data(rows: &Rows<'_>, words: Words) -> Option<Section> {
    let sentences = summary::missing(rows, words);
    (!sentences.is_empty()).then(|| Section {
        title: words
            .pick("Was offene Zahlungen entscheiden würde", "What would decide open payments")
            .to_owned(),
        rows: sentences.into_iter().map(|sentence| vec![sentence]).collect(),
        ..Section::default()
    })
}

pub(crate) fn problems(rows: &Rows<'_>, words: Words) -> Option<Section> {
    let mut section = Section {
        header: columns(
            &[("Stelle", "place"), ("Gewicht", "severity"), ("was", "what"), ("was tun", "hint")],
            words,
        ),
        ..Section::default()
    };
    for problem in &rows.outcome.problems {
        if problem.severity == crate::model::problem::Severity::Note {
            continue;
        }
        let row = rows.problem(problem);
        let place = match (row.file, row.line) {
            (Some(file), Some(line)) => format!("{file}:{line}"),
            (Some(file), None) => file,
            _ => String::new(),
        };
        let severity = label(row.severity, words.0).to_owned();
        section.rows.push(vec![place, severity, row.message, row.hint]);
    }
    section.title =
        format!("{} ({})", words.pick("Hinweise und Fehler", "Problems"), section.rows.len());
    (!section.rows.is_empty()).then_some(section)
}
