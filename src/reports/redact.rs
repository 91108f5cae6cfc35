//! A report without persons, for the press: counts and sums of large groups, and nothing else.
//!
//! Every payment is in exactly one group that is told, so that whatever is computed from the report is
//! made of whole groups. A group is told only if it has five persons or more. Those that are smaller are
//! told together, and if they are fewer than five even then, the smallest other group joins them: the
//! difference between all and the groups told is a group like the others. No row, bank entry, file,
//! line, account or problem stands in such a report, for each of them belongs to somebody.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::io;
use std::io::Write;

use serde::Serialize;

use crate::model::payment::Payment;
use crate::model::text::fold_name;
use crate::model::text::reference_key;
use crate::reports::csv::head;
use crate::reports::csv::put_amount;
use crate::reports::digits;
use crate::reports::fields::Pen;
use crate::reports::html;
use crate::reports::markdown;
use crate::reports::options::Options;
use crate::reports::rows::Rows;
use crate::reports::rows::StretchRow;
use crate::reports::rows::TallyRow;
use crate::reports::rows::tally;
use crate::reports::sections::Section;
use crate::reports::summary;
use crate::reports::terminal;
use crate::reports::terminal::headline;
use crate::reports::wording::Words;
use crate::reports::xlsx;
use crate::verdict::outcome::Tally;
use crate::verdict::reason::Reason;
use crate::verdict::result::Outcome;
use crate::verdict::status::Status;

/// Groups of fewer persons could name somebody.
const SMALLEST: usize = 5;

/// Name and version of the schema of the JSON.
pub const SCHEMA: &str = "gutschrift.redacted/1";

/// How a redacted report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the formats of all reports")]
pub enum Kind {
    Table,
    Json,
    Csv,
    Markdown,
    Html,
    Xlsx,
}

/// What the payments of a group have in common.
type Key = (String, Status, Reason);

/// A group: its sums, and some of its persons, as many as are needed to call it large.
#[derive(Clone, Debug, Default)]
struct Group {
    tally: Tally,
    persons: BTreeSet<String>,
}

impl Group {
    fn is_large(&self) -> bool {
        self.persons.len() >= SMALLEST
    }

    fn add(&mut self, person: impl FnOnce() -> String) {
        if !self.is_large() {
            self.persons.insert(person());
        }
    }

    fn join(&mut self, other: Self) {
        self.tally.count = self.tally.count.saturating_add(other.tally.count);
        self.tally.amount = self.tally.amount.plus(other.tally.amount);
        other.persons.into_iter().for_each(|person| self.add(|| person));
    }
}

/// What may be told of an outcome.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Large groups.
    groups: Vec<(Key, Tally)>,
    /// All others together; `None` if there are none, or if they are too few to be told.
    others: Option<Tally>,
    /// All payments; `None` if they are too few to be told.
    all: Option<Tally>,
}

/// Finds what may be told.
pub fn told(outcome: &Outcome) -> Told {
    let mut groups: BTreeMap<Key, Group> = BTreeMap::new();
    for judged in outcome.all_payments() {
        let (row, verdict) = (&judged.payment, &judged.verdict);
        let key = (row.benefit.name().to_owned(), verdict.status, verdict.reason);
        let group = groups.entry(key).or_default();
        group.tally.add(row.amount_or_zero());
        group.add(|| person(row));
    }
    let mut others = Group::default();
    let mut large: Vec<(Key, Group)> = Vec::new();
    for (key, group) in groups {
        if group.is_large() { large.push((key, group)) } else { others.join(group) }
    }
    // The smallest ones last.
    large
        .sort_by(|left, right| (right.1.tally.count, &right.0).cmp(&(left.1.tally.count, &left.0)));
    while others.tally.count > 0 && !others.is_large() {
        let Some((_, group)) = large.pop() else { return Told::default() };
        others.join(group);
    }
    large.sort_by(|left, right| left.0.cmp(&right.0));
    let mut all = others.clone();
    for (_, group) in &large {
        all.join(group.clone());
    }
    Told {
        groups: large.into_iter().map(|(key, group)| (key, group.tally)).collect(),
        others: (others.tally.count > 0).then_some(others.tally),
        all: Some(all.tally).filter(|_| all.is_large()),
    }
}

/// Whose money it is: rows of one case, name or account are one person's, and all that say nothing are
/// held for one.
fn person(row: &Payment) -> String {
    let case = row.case_id.as_deref().map(reference_key).filter(|case| !case.is_empty());
    let name = || row.beneficiary.as_deref().or(row.payee.as_deref()).map(fold_name);
    let account = || row.iban.as_ref().map(|iban| iban.key().into_owned());
    case.or_else(name).or_else(account).unwrap_or_default()
}

/// Writes what may be told; the filter hides groups, and changes none.
///
/// # Errors
///
/// What the output gives.
pub fn write(
    outcome: &Outcome,
    kind: Kind,
    options: &Options,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    let report = Report { rows: Rows::new(outcome, options), told: told(outcome) };
    match kind {
        Kind::Table => report.text(out),
        Kind::Json => report.json(out),
        Kind::Csv => report.csv(out),
        Kind::Markdown => {
            markdown::write_sections(&report.lead(), &[report.section()], options, out)
        }
        Kind::Html => html::write_sections(&report.lead(), &[report.section()], options, out),
        Kind::Xlsx => xlsx::write_section(&report.lead(), &report.section(), report.words(), out),
    }
}

struct Report<'a> {
    rows: Rows<'a>,
    told: Told,
}

impl Report<'_> {
    fn words(&self) -> Words {
        Words(self.rows.options.language)
    }

    /// The groups that the filter shows.
    fn shown(&self) -> impl Iterator<Item = &(Key, Tally)> {
        let filter = &self.rows.options.filter;
        let groups = self.told.groups.iter();
        groups.filter(|((benefit, status, reason), _)| filter.holds_kind(benefit, *status, *reason))
    }

    /// What stands above the groups.
    fn lead(&self) -> Vec<String> {
        let (outcome, words) = (self.rows.outcome, self.words());
        let mut lines = vec![headline(outcome, words)];
        for coverage in &outcome.coverage {
            let gaps: Vec<String> = coverage.gaps.iter().map(|gap| words.stretch(*gap)).collect();
            let gaps = if gaps.is_empty() {
                words.pick("lückenlos", "without a gap").to_owned()
            } else {
                format!("{} {}", words.pick("es fehlen", "missing:"), gaps.join(", "))
            };
            let days = words.stretch((coverage.from, coverage.to));
            lines.push(format!("{}: {days}, {gaps}", words.pick("Bankdaten", "Bank data")));
        }
        lines.push(
            words
                .pick(
                    "Gruppen mit weniger als fünf Personen (<5) sind nur gemeinsam mit anderen gezählt.",
                    "Groups of fewer than five persons (<5) are counted together with others only.",
                )
                .to_owned(),
        );
        lines.push(summary::closes(&self.rows, words).to_owned());
        lines
    }

    fn section(&self) -> Section {
        let words = self.words();
        let language = self.rows.options.language;
        let few = || ["<5".to_owned(), String::new()];
        let sums = |tally: Tally| [tally.count.to_string(), words.amount(tally.amount)];
        let mut rows: Vec<Vec<String>> = Vec::new();
        for ((benefit, status, reason), tally) in self.shown() {
            let [count, sum] = sums(*tally);
            let (status, reason) = (words.status(*status), reason.label(language));
            let benefit = match benefit.as_str() {
                "" => words.pick("ohne Angabe", "not stated").to_owned(),
                named => self.rows.text(named),
            };
            rows.push(vec![benefit, status.to_owned(), reason.to_owned(), count, sum]);
        }
        let mut whole = |name: &str, [count, sum]: [String; 2]| {
            rows.push(vec![name.to_owned(), String::new(), String::new(), count, sum]);
        };
        if let Some(others) = self.told.others {
            whole(words.pick("alle übrigen", "all others"), sums(others));
        }
        whole(words.pick("alle", "all"), self.told.all.map_or_else(few, sums));
        Section {
            title: words.pick("Zahlungen nach Gruppen", "Payments by group").to_owned(),
            header: [
                ("Leistung", "benefit"),
                ("Stand", "state"),
                ("Grund", "reason"),
                ("Zahlungen", "payments"),
                ("Summe €", "sum €"),
            ]
            .map(|(german, english)| words.pick(german, english).to_owned())
            .into(),
            rows,
            right: vec![3, 4],
            lead: None,
            struck_from: None,
        }
    }

    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        for line in self.lead() {
            writeln!(out, "{line}")?;
        }
        writeln!(out)?;
        terminal::section(&self.section(), self.rows.options, out)
    }

    fn csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let options = self.rows.options;
        let pen = Pen::new(options);
        let names = ["benefit", "status", "reason", "count", "amount"];
        let mut text = head(pen, options, names.into_iter());
        let mut put = |key: [&str; 3], tally: Option<Tally>| {
            for field in key {
                pen.put_text(field, &mut text);
                text.push(pen.separator());
            }
            match tally {
                Some(tally) => digits::put_number(tally.count, &mut text),
                None => pen.put("<5", &mut text),
            }
            text.push(pen.separator());
            put_amount(tally.map(|tally| tally.amount), pen, &mut text);
            text.push(b'\n');
        };
        for ((benefit, status, reason), tally) in self.shown() {
            put([benefit, status.name(), reason.name()], Some(*tally));
        }
        if self.told.others.is_some() {
            put(["others", "", ""], self.told.others);
        }
        put(["all", "", ""], self.told.all);
        out.write_all(&text)
    }

    fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        #[derive(Serialize)]
        struct Covered {
            from: chrono::NaiveDate,
            to: chrono::NaiveDate,
            gaps: Vec<StretchRow>,
        }
        #[derive(Serialize)]
        struct Run<'a> {
            tool: &'a str,
            due: chrono::NaiveDate,
            horizon: chrono::NaiveDate,
            crediting: &'static str,
            as_of: Option<chrono::NaiveDate>,
            coverage: Vec<Covered>,
        }
        #[derive(Serialize)]
        struct GroupRow {
            benefit: String,
            status: &'static str,
            reason: &'static str,
            payments: TallyRow,
        }
        #[derive(Serialize)]
        struct Document<'a> {
            schema: &'static str,
            run: Run<'a>,
            groups: Vec<GroupRow>,
            others: Option<TallyRow>,
            all: Option<TallyRow>,
            closes: bool,
        }
        let Rows { outcome, options } = self.rows;
        let coverage = outcome.coverage.iter().map(|own| {
            let row = self.rows.coverage(own);
            Covered { from: row.from, to: row.to, gaps: row.gaps }
        });
        let groups = self.shown().map(|((benefit, status, reason), own)| GroupRow {
            benefit: self.rows.text(benefit),
            status: status.name(),
            reason: reason.name(),
            payments: tally(*own),
        });
        let document = Document {
            schema: SCHEMA,
            run: Run {
                tool: &options.tool,
                due: outcome.due,
                horizon: outcome.horizon,
                crediting: outcome.crediting.name(),
                as_of: outcome.as_of,
                coverage: coverage.collect(),
            },
            groups: groups.collect(),
            others: self.told.others.map(tally),
            all: self.told.all.map(tally),
            closes: outcome.totals.closes,
        };
        serde_json::to_writer_pretty(&mut *out, &document)?;
        writeln!(out)
    }
}
