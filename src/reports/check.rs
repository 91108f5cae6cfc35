//! What `check` found, as a report.

use serde_json::Value as Json;
use serde_json::json;

use crate::check::Checked;
use crate::check::finding::Finding;
use crate::check::finding::Spot;
use crate::check::finding::Value;
use crate::check::kind::Kind;
use crate::model::iban::Iban;
use crate::model::language::Language;
use crate::model::problem::Severity;
use crate::model::reading::FileRecord;
use crate::model::text::leaving;
use crate::reports::document::Document;
use crate::reports::options::Options;
use crate::reports::rows::tally;
use crate::reports::sections::Section;
use crate::reports::wording::Words;
use crate::verdict::outcome::Tally;

/// Name and version of the schema of the JSON.
pub const SCHEMA: &str = "gutschrift.check/1";

/// How findings are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Writer<'a> {
    pub(crate) options: &'a Options,
}

impl Writer<'_> {
    pub(crate) fn text(self, text: &str) -> String {
        leaving(text, self.options.full_iban)
    }

    pub(crate) fn iban(self, iban: &Iban) -> String {
        let shown = if self.options.full_iban { iban.reveal().to_owned() } else { iban.masked() };
        self.text(&shown)
    }

    pub(crate) fn spot(self, spot: &Spot) -> String {
        let file = self.text(&spot.file);
        if spot.line == 0 { file } else { format!("{file}:{}", spot.line) }
    }

    /// A value for people.
    fn shown(self, value: &Value) -> String {
        let words = Words(self.options.language);
        match value {
            Value::None => String::new(),
            Value::Amount(amount) => format!("{} €", words.amount(*amount)),
            Value::Day(day) => words.day(*day),
            Value::Count(count) => count.to_string(),
            Value::Account(iban) => self.iban(iban),
            Value::At(spot) => self.spot(spot),
            Value::Text(text) => self.text(text),
        }
    }

    /// A value for scripts.
    fn plain(self, value: &Value) -> Option<String> {
        match value {
            Value::None => None,
            Value::Amount(amount) => Some(amount.to_string()),
            Value::Day(day) => Some(day.to_string()),
            other => Some(self.shown(other)),
        }
    }

    fn sentence(self, finding: &Finding) -> String {
        self.text(&finding.sentence(self.options.language, |value| self.shown(value)))
    }

    fn json(self, finding: &Finding) -> Json {
        let text = |text: &Option<String>| text.as_deref().map(|text| self.text(text));
        let place = |spot: &Option<Spot>| {
            let line = |spot: &Spot| (spot.line > 0).then_some(spot.line);
            spot.as_ref().map(|spot| json!({"file": self.text(&spot.file), "line": line(spot)}))
        };
        json!({
            "kind": finding.kind.name(),
            "code": finding.problem.as_ref().map(|problem| problem.code.name()),
            "severity": finding.severity.name(),
            "needs_person": finding.needs_person(),
            "case_id": text(&finding.case_id),
            "end_to_end_id": text(&finding.end_to_end_id),
            "beneficiary": text(&finding.beneficiary),
            "iban": finding.iban.as_ref().map(|iban| self.iban(iban)),
            "amount": finding.amount.map(|amount| amount.to_string()),
            "source": place(&finding.spot),
            "other": place(&finding.other),
            "found": self.plain(&finding.found),
            "expected": self.plain(&finding.expected),
            "message": self.sentence(finding),
            "action": self.text(&finding.action(self.options.language)),
        })
    }

    fn record(self, finding: &Finding) -> Vec<String> {
        let text = |text: &Option<String>| text.as_deref().map(|text| self.text(text));
        let place = |spot: &Option<Spot>| {
            let file = spot.as_ref().map(|spot| self.text(&spot.file));
            let line = spot.as_ref().filter(|spot| spot.line > 0);
            [file, line.map(|spot| spot.line.to_string())]
        };
        let [file, line] = place(&finding.spot);
        let [other_file, other_line] = place(&finding.other);
        [
            Some(finding.kind.name().to_owned()),
            Some(finding.severity.name().to_owned()),
            text(&finding.case_id),
            text(&finding.end_to_end_id),
            text(&finding.beneficiary),
            finding.iban.as_ref().map(|iban| self.iban(iban)),
            finding.amount.map(|amount| amount.to_string()),
            file,
            line,
            other_file,
            other_line,
            self.plain(&finding.found),
            self.plain(&finding.expected),
            Some(self.sentence(finding)),
            Some(self.text(&finding.action(self.options.language))),
        ]
        .into_iter()
        .map(Option::unwrap_or_default)
        .collect()
    }
}

/// The names of the columns of CSV and workbook.
const COLUMNS: [&str; 15] = [
    "kind",
    "severity",
    "case_id",
    "end_to_end_id",
    "beneficiary",
    "iban",
    "amount",
    "file",
    "line",
    "other_file",
    "other_line",
    "found",
    "expected",
    "message",
    "action",
];

/// The report.
pub fn document(checked: &Checked, options: &Options) -> Document {
    let writer = Writer { options };
    Document {
        lead: lead(checked, options),
        sections: sections(checked, writer),
        sums: sums(checked, options),
        columns: COLUMNS.to_vec(),
        records: checked.findings.iter().map(|finding| writer.record(finding)).collect(),
        json: json(checked, writer),
    }
}

fn lead(checked: &Checked, options: &Options) -> Vec<String> {
    let words = Words(options.language);
    let due = words.day(checked.due);
    let first = match (options.language, checked.is_before_due()) {
        (Language::De, true) => {
            format!(
                "Fällig am {due}: noch nicht fällig. Geprüft ist, ob alles richtig hinausgeht; die Bank wird erst danach gefragt."
            )
        }
        (Language::En, true) => {
            format!(
                "Due on {due}: not due yet. Checked is whether everything will go out; the bank is asked later."
            )
        }
        (Language::De, false) => {
            format!(
                "Fällig am {due}: der Tag ist da; ob gezahlt ist, sagt `gutschrift verify` mit den Bankdaten."
            )
        }
        (Language::En, false) => {
            format!(
                "Due on {due}: the day has come; whether it was paid `gutschrift verify` says with the bank's files."
            )
        }
    };
    let mut lines = vec![first];
    if let Some(day) = checked.hand_in_by {
        let until = checked.cut_off.map(|time| time.format("%H:%M").to_string());
        let day = words.day(day);
        lines.push(match (options.language, until) {
            (Language::De, Some(until)) => {
                format!(
                    "Die Aufträge müssen spätestens am {day} bis {until} Uhr bei der Bank sein."
                )
            }
            (Language::De, None) => format!(
                "Die Aufträge müssen spätestens am {day} vor Annahmeschluss bei der Bank sein."
            ),
            (Language::En, Some(until)) => {
                format!("The orders must be with the bank by {until} on {day} at the latest.")
            }
            (Language::En, None) => format!(
                "The orders must be with the bank on {day} before its cut-off at the latest."
            ),
        });
    }
    lines
}

/// The folder that all files lie in, with its last slash; empty if there is none.
fn shared_folder(files: &[FileRecord]) -> &str {
    let mut folders =
        files.iter().map(|file| file.path.rfind('/').map_or(0, |slash| slash.saturating_add(1)));
    let (Some(first), Some(length)) = (files.first(), folders.next()) else { return "" };
    let mut shared = first.path.get(..length).unwrap_or_default();
    for file in files {
        while !file.path.starts_with(shared) {
            let inner = shared.strip_suffix('/').unwrap_or(shared);
            shared = inner.rfind('/').and_then(|slash| shared.get(..=slash)).unwrap_or_default();
        }
    }
    shared
}

fn sections(checked: &Checked, writer: Writer<'_>) -> Vec<Section> {
    let words = Words(writer.options.language);
    let shared = writer.text(shared_folder(&checked.files));
    let mut sections = Vec::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let own: Vec<&Finding> =
            checked.findings.iter().filter(|finding| finding.severity == severity).collect();
        if own.is_empty() {
            continue;
        }
        let title = match severity {
            Severity::Error => {
                words.pick("Vor der Ausführung zu klären", "To settle before execution")
            }
            Severity::Warning => words.pick("Anzusehen", "To look at"),
            Severity::Note => words.pick("Zu wissen", "To know"),
        };
        let header = [
            ("Az.", "case"),
            ("Name", "name"),
            ("Betrag €", "amount €"),
            ("Was", "what"),
            ("Was tun", "action"),
            ("Stelle", "place"),
        ];
        let row = |finding: &&Finding| {
            let text = |text: &Option<String>| {
                text.as_deref().map(|text| writer.text(text)).unwrap_or_default()
            };
            let id = finding.case_id.as_ref().or(finding.end_to_end_id.as_ref());
            let places = [&finding.spot, &finding.other];
            let short = |spot: &Spot| {
                let shown = writer.spot(spot);
                shown.strip_prefix(&shared).map(str::to_owned).unwrap_or(shown)
            };
            let places = places.into_iter().flatten().map(short);
            vec![
                text(&id.cloned()),
                text(&finding.beneficiary),
                finding.amount.map(|amount| words.amount(amount)).unwrap_or_default(),
                writer.sentence(finding),
                writer.text(&finding.action(writer.options.language)),
                places.collect::<Vec<_>>().join(" "),
            ]
        };
        sections.push(Section {
            title: format!("{title} ({})", own.len()),
            header: header.iter().map(|(de, en)| words.pick(de, en).to_owned()).collect(),
            rows: own.iter().map(row).collect(),
            right: vec![2],
            ..Section::default()
        });
    }
    sections
}

fn sums(checked: &Checked, options: &Options) -> Vec<String> {
    let words = Words(options.language);
    let part = |german: &str, english: &str, tally: Tally| {
        let name = words.pick(german, english);
        format!("{name} {} / {} €", tally.count, words.amount(tally.amount))
    };
    let mut line = format!(
        "{}; {}",
        part("zu überweisen", "to be transferred", checked.listed),
        part("beauftragt", "ordered", checked.ordered),
    );
    if checked.left_out.count > 0 {
        let left_out = part("nicht zu überweisen", "not by transfer", checked.left_out);
        line = format!("{line}; {left_out}");
    }
    if let Some(before) = checked.before {
        line = format!("{line}; {}", part("letzter Monat", "last month", before));
    }
    let open = checked.findings.iter().filter(|finding| finding.needs_person()).count();
    let verdict = match (options.language, open) {
        (Language::De, 0) => "Nichts zu klären.".to_owned(),
        (Language::En, 0) => "Nothing to settle.".to_owned(),
        (_, open) => {
            let open = u64::try_from(open).unwrap_or(u64::MAX);
            let german = ["Punkt ist anzusehen.", "Punkte sind anzusehen."];
            words.counted(open, german, ["point to look at.", "points to look at."])
        }
    };
    vec![line, verdict]
}

fn json(checked: &Checked, writer: Writer<'_>) -> Json {
    let files: Vec<Json> = checked
        .files
        .iter()
        .map(|file| {
            json!({
                "path": writer.text(&file.path),
                "sha256": file.sha256,
                "role": file.role.name(),
                "format": file.format,
                "records": file.records,
                "skipped": file.skipped,
                "repeats": file.repeats.as_deref().map(|path| writer.text(path)),
            })
        })
        .collect();
    let count = |kind: Kind| checked.findings.iter().filter(|own| own.kind == kind).count();
    let counts: serde_json::Map<String, Json> = Kind::ALL
        .iter()
        .map(|kind| (kind.name().to_owned(), json!(count(*kind))))
        .filter(|(_, count)| *count != json!(0))
        .collect();
    json!({
        "schema": SCHEMA,
        "run": {
            "tool": writer.options.tool,
            "due": checked.due,
            "today": checked.today,
            "state": if checked.is_before_due() { "not-due-yet" } else { "due" },
            "hand_in_by": checked.hand_in_by,
            "cut_off": checked.cut_off.map(|time| time.format("%H:%M").to_string()),
            "files": files,
        },
        "totals": {
            "listed": tally(checked.listed),
            "ordered": tally(checked.ordered),
            "left_out": tally(checked.left_out),
            "last_month": checked.before.map(tally),
            "findings": checked.findings.len(),
            "needs_person": checked.findings.iter().filter(|own| own.needs_person()).count(),
        },
        "findings": checked.findings.iter().map(|own| writer.json(own)).collect::<Vec<_>>(),
        "counts": counts,
    })
}
