//! The changes between two results as reports: terminal, JSON (`gutschrift.diff/1`), CSV, HTML.

use std::collections::BTreeMap;
use std::io;
use std::io::Write;

use chrono::NaiveDate;
use serde::Serialize;

use crate::model::amount::Amount;
use crate::model::text::leaving;
use crate::reports::csv;
use crate::reports::fields::Pen;
use crate::reports::html;
use crate::reports::options::Options;
use crate::reports::sections::Section;
use crate::reports::terminal;
use crate::reports::wording::Words;
use crate::store::diff::Change;
use crate::store::diff::Kind;
use crate::store::diff::fields;
use crate::store::row::Row;
use crate::verdict::reason::Reason;
use crate::verdict::status::Status;

/// Name and version of the schema; it stands in `docs/schema/`.
pub const SCHEMA: &str = "gutschrift.diff/1";

/// One of the two results.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Side {
    /// What it is called: a folder, a file, a run of a store.
    pub name: String,
    /// When its payments are due.
    pub due: Option<NaiveDate>,
    /// How many payments it has.
    pub payments: usize,
}

/// What is reported.
#[derive(Clone, Debug)]
pub struct Changes<'a> {
    /// The earlier result.
    pub old: Side,
    /// The later one.
    pub new: Side,
    /// The changes, and whether somebody was told otherwise.
    pub changes: Vec<(Change<'a>, bool)>,
}

#[derive(Serialize)]
struct Verdict<'a> {
    status: &'a str,
    reason: &'a str,
    evidence: &'a str,
}

#[derive(Serialize)]
struct ChangeRow<'a> {
    kind: &'static str,
    case_id: Option<&'a str>,
    end_to_end_id: Option<&'a str>,
    amount: Option<&'a str>,
    old: Option<Verdict<'a>>,
    new: Option<Verdict<'a>>,
    told: bool,
    fields: Vec<&'static str>,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    old: &'a Side,
    new: &'a Side,
    changes: Vec<ChangeRow<'a>>,
    counts: BTreeMap<&'static str, usize>,
}

impl<'a> Changes<'a> {
    /// Whether something changed for the worse.
    pub fn are_worse(&self) -> bool {
        self.changes.iter().any(|(change, _)| change.is_worse())
    }

    /// How often each kind occurs.
    pub fn counts(&self) -> BTreeMap<&'static str, usize> {
        let mut counts: BTreeMap<_, usize> = Kind::ALL.map(|kind| (kind.name(), 0)).into();
        for (change, _) in &self.changes {
            let count = counts.entry(change.kind.name()).or_default();
            *count = count.saturating_add(1);
        }
        counts
    }

    /// Writes `gutschrift.diff/1`.
    ///
    /// # Errors
    ///
    /// What the output gives.
    pub fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        let row = |(change, told): &(Change<'a>, bool)| {
            let row = change.row();
            let verdict = |row: &'a Row| Verdict {
                status: &row.status,
                reason: &row.reason,
                evidence: &row.evidence,
            };
            ChangeRow {
                kind: change.kind.name(),
                case_id: row.and_then(|row| row.case_id.as_deref()),
                end_to_end_id: row.and_then(|row| row.end_to_end_id.as_deref()),
                amount: row.and_then(|row| row.amount.as_deref()),
                old: change.old.map(verdict),
                new: change.new.map(verdict),
                told: *told,
                fields: changed_fields(change),
            }
        };
        let document = Document {
            schema: SCHEMA,
            old: &self.old,
            new: &self.new,
            changes: self.changes.iter().map(row).collect(),
            counts: self.counts(),
        };
        serde_json::to_writer_pretty(&mut *out, &document)?;
        writeln!(out)
    }

    /// Writes one row a change.
    ///
    /// # Errors
    ///
    /// What the output gives.
    pub fn csv(&self, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        const NAMES: [&str; 13] = [
            "kind",
            "case_id",
            "end_to_end_id",
            "beneficiary",
            "amount",
            "old_status",
            "old_reason",
            "old_evidence",
            "new_status",
            "new_reason",
            "new_evidence",
            "told",
            "fields",
        ];
        let pen = Pen::new(options);
        let mut text = csv::head(pen, options, NAMES.into_iter());
        for (change, told) in &self.changes {
            let row = change.row();
            let of_row = |text: fn(&Row) -> Option<&str>| row.and_then(text).unwrap_or_default();
            let of =
                |row: Option<&'a Row>, text: fn(&Row) -> &str| row.map(text).unwrap_or_default();
            pen.put(change.kind.name(), &mut text);
            for field in [
                of_row(|row| row.case_id.as_deref()),
                of_row(|row| row.end_to_end_id.as_deref()),
                of_row(|row| row.beneficiary.as_deref().or(row.payee.as_deref())),
            ] {
                text.push(pen.separator());
                pen.put_text(field, &mut text);
            }
            text.push(pen.separator());
            let amount = row.and_then(|row| Amount::from_iso(row.amount.as_deref()?).ok());
            csv::put_amount(amount, pen, &mut text);
            let told = if *told { "true" } else { "false" };
            let fields = changed_fields(change).join(" ");
            for field in [
                of(change.old, |row| &row.status),
                of(change.old, |row| &row.reason),
                of(change.old, |row| &row.evidence),
                of(change.new, |row| &row.status),
                of(change.new, |row| &row.reason),
                of(change.new, |row| &row.evidence),
                told,
                &fields,
            ] {
                text.push(pen.separator());
                pen.put_defused(field, &mut text);
            }
            text.push(b'\n');
        }
        out.write_all(&text)
    }

    /// Writes what people read at a terminal.
    ///
    /// # Errors
    ///
    /// What the output gives.
    pub fn table(&self, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        for line in self.lead(options) {
            writeln!(out, "{line}")?;
        }
        if options.quiet {
            return Ok(());
        }
        for section in self.sections(options) {
            writeln!(out)?;
            terminal::section(&section, options, out)?;
        }
        Ok(())
    }

    /// Writes one HTML file.
    ///
    /// # Errors
    ///
    /// What the output gives.
    pub fn html(&self, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        html::write_sections(&self.lead(options), &self.sections(options), options, out)
    }

    /// What is compared, and how much of it has changed.
    pub fn lead(&self, options: &Options) -> Vec<String> {
        let words = Words(options.language);
        let side = |side: &Side| {
            let due = side
                .due
                .map(|due| format!("{} {}, ", words.pick("fällig am", "due on"), words.day(due)));
            format!(
                "{} ({}{} {})",
                leaving(&side.name, false),
                due.unwrap_or_default(),
                side.payments,
                words.pick("Zahlungen", "payments")
            )
        };
        let mut lines = vec![format!(
            "{}: {} → {}",
            words.pick("Änderungen", "Changes"),
            side(&self.old),
            side(&self.new)
        )];
        if self.old.due != self.new.due {
            lines.push(
                words
                    .pick(
                        "ACHTUNG: verschiedene Monate; alle Zeilen sind andere Zahlungen.",
                        "NOTE: different months; all rows are other payments.",
                    )
                    .to_owned(),
            );
        }
        let counts: Vec<String> = Kind::ALL
            .into_iter()
            .filter_map(|kind| {
                let count = self.changes.iter().filter(|(change, _)| change.kind == kind).count();
                (count > 0).then(|| format!("{count} {}", label(kind, words)))
            })
            .collect();
        lines.push(if counts.is_empty() {
            words.pick("Nichts hat sich geändert.", "Nothing has changed.").to_owned()
        } else {
            counts.join(", ")
        });
        lines
    }

    /// One table a kind; the first is whom to call back.
    pub fn sections(&self, options: &Options) -> Vec<Section> {
        let words = Words(options.language);
        let mut sections = Vec::new();
        let call_back = |kind: Kind, told: bool| told && kind == Kind::NoLongerCredited;
        let mut of = |title: String, lead: Option<String>, wanted: &dyn Fn(Kind, bool) -> bool| {
            let own = self.changes.iter().filter(|(change, told)| wanted(change.kind, *told));
            let rows: Vec<_> = own.map(|(change, _)| cells(change, words)).collect();
            if !rows.is_empty() {
                let title = format!("{title} ({})", rows.len());
                sections.push(Section {
                    title,
                    lead,
                    header: header(words),
                    rows,
                    right: vec![2],
                    ..Section::default()
                });
            }
        };
        of(
            words.pick("ZURÜCKRUFEN", "CALL BACK").to_owned(),
            Some(
                words
                    .pick(
                        "Laut Auskunftsprotokoll wurde „gutgeschrieben“ gesagt; das stimmt nicht mehr.",
                        "The look-up log says that somebody was told \u{201c}credited\u{201d}; that holds no longer.",
                    )
                    .to_owned(),
            ),
            &call_back,
        );
        for kind in Kind::ALL {
            let title = label(kind, words).to_owned();
            of(title, None, &|own, told| own == kind && !call_back(own, told));
        }
        sections
    }
}

fn changed_fields(change: &Change<'_>) -> Vec<&'static str> {
    match (change.old, change.new) {
        (Some(old), Some(new)) => fields(old, new),
        _ => Vec::new(),
    }
}

const fn label(kind: Kind, words: Words) -> &'static str {
    match kind {
        Kind::NoLongerCredited => words.pick("nicht mehr gutgeschrieben", "no longer credited"),
        Kind::NewFollowUp => words.pick("neu zu klären", "new follow-ups"),
        Kind::NewlyDelayed => words.pick("neu verzögert", "newly delayed"),
        Kind::NewlyCredited => words.pick("neu gutgeschrieben", "newly credited"),
        Kind::ReasonChanged => words.pick("anderer Grund", "reason changed"),
        Kind::RowNew => words.pick("neue Zeilen", "new rows"),
        Kind::RowGone => words.pick("verschwundene Zeilen", "vanished rows"),
        Kind::RowChanged => words.pick("in der Liste geändert", "changed in the list"),
    }
}

fn header(words: Words) -> Vec<String> {
    [
        ("Az.", "case"),
        ("Name", "name"),
        ("Betrag €", "amount €"),
        ("vorher", "before"),
        ("jetzt", "now"),
        ("Zeile", "row"),
    ]
    .iter()
    .map(|(german, english)| words.pick(german, english).to_owned())
    .collect()
}

fn cells(change: &Change<'_>, words: Words) -> Vec<String> {
    let own = |text: Option<&str>| leaving(text.unwrap_or_default(), false);
    let row = change.row();
    let of_row = |text: fn(&Row) -> Option<&str>| own(row.and_then(text));
    let amount = |row: Option<&Row>| {
        let text = row.and_then(|row| row.amount.as_deref())?;
        Amount::from_iso(text).ok().map(|amount| words.amount(amount))
    };
    let verdict = |row: Option<&Row>| {
        let Some(row) = row else { return "–".to_owned() };
        let status = Status::ALL.into_iter().find(|status| status.name() == &*row.status);
        let status = status.map_or("?", |status| words.status(status));
        let reason = Reason::from_name(&row.reason).map(|reason| reason.label(words.0));
        let reason = reason.map_or_else(|| own(Some(&row.reason)), str::to_owned);
        let settled = row.resolution.as_ref().map(|resolution| resolution.sentence(words.0));
        let settled = settled.map(|text| format!("; {}", leaving(&text, false)));
        format!("{status}: {reason}{}", settled.unwrap_or_default())
    };
    let (mut before, mut now) = (verdict(change.old), verdict(change.new));
    if change.kind == Kind::RowChanged {
        let differing = changed_fields(change);
        let show = |row: Option<&Row>| {
            let Some(row) = row else { return String::new() };
            let shown = differing.iter().map(|name| match *name {
                "amount" => format!("{} €", amount(Some(row)).unwrap_or_default()),
                "iban" => own(row.iban.as_deref()),
                "due" => row.due.map(|due| words.day(due)).unwrap_or_default(),
                "case_id" => own(row.case_id.as_deref()),
                _ => own(row.end_to_end_id.as_deref()),
            });
            shown.collect::<Vec<_>>().join(", ")
        };
        (before, now) = (show(change.old), show(change.new));
        if before == now {
            // Two accounts with the same end.
            now.push_str(words.pick(" (anderes Konto)", " (another account)"));
        }
    }
    vec![
        of_row(|row| row.case_id.as_deref()),
        of_row(|row| row.beneficiary.as_deref().or(row.payee.as_deref())),
        amount(row).unwrap_or_default(),
        before,
        now,
        row.map(|row| format!("{}:{}", row.source.file, row.source.line))
            .map(|place| own(Some(&place)))
            .unwrap_or_default(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::diff::diff;

    #[test]
    fn who_was_told_is_called_first() {
        let row = |case: &str, status: &str| Row {
            case_id: Some(case.into()),
            amount: Some("1234.50".into()),
            status: status.into(),
            reason: "booked".into(),
            ..Row::default()
        };
        let old = [row("1", "credited"), row("2", "credited")];
        let new = [row("1", "follow-up"), row("2", "follow-up")];
        let changes = diff(&old, &new).into_iter();
        let changes =
            changes.map(|change| (change, change.row().unwrap().case_id.as_deref() == Some("2")));
        let changes =
            Changes { old: Side::default(), new: Side::default(), changes: changes.collect() };
        let sections = changes.sections(&Options::default());
        assert_eq!(sections[0].rows[0][0], "2");
        assert_eq!(sections[1].rows[0][0], "1");
        let mut json = Vec::new();
        changes.json(&mut json).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(json["changes"][1]["told"], true);
        assert_eq!(json["counts"]["no-longer-credited"], 2);
        assert_eq!(json["counts"]["row-gone"], 0);
        let mut csv = Vec::new();
        changes.csv(&Options::default(), &mut csv).unwrap();
        assert_eq!(String::from_utf8(csv).unwrap().lines().count(), 3);
    }
}
