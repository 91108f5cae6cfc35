//! `gutschrift inspect`: what each file is and what it holds.

use std::io::Write;

use chrono::NaiveDate;
use serde::Serialize;

use crate::cli::arguments::Format;
use crate::cli::arguments::InspectArgs;
use crate::cli::config;
use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::gather;
use crate::cli::gather::Gathered;
use crate::cli::progress::Bar;
use crate::cli::sources::Wanted;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::language::Language;
use crate::model::mask::masked;
use crate::model::problem::Severity;
use crate::model::reading::FileRecord;
use crate::model::statement::BookingStatus;
use crate::model::statement::Direction;
use crate::model::statement::Statement;
use crate::model::text::harmless;
use crate::model::text::leaving;
use crate::reports::amounts::shown;
use crate::reports::wording::Words;
use crate::verdict::coverage::period_of;

/// Runs the command; gives the exit code: 0 all usable, 1 with problems, 3 some refused.
///
/// # Errors
///
/// A path that does not exist, an output that cannot be written.
pub fn run(args: &InspectArgs) -> Result<u8, Failure> {
    let config = config::load_for(args.config.as_deref(), &args.paths, args.lang)?;
    let language = console::language(args.lang, config.language.as_deref());
    let bar = Bar::new(false, language);
    let wanted = Wanted {
        paths: args.paths.clone(),
        column_maps: config.column_maps.clone(),
        language,
        threads: console::threads(None),
        progress: bar.progress(),
        ..Wanted::default()
    };
    if args.suggest {
        drop(bar);
        return suggest(&wanted);
    }
    let gathered = gather::read_all(&wanted, None)?;
    drop(bar);
    let full = args.full_iban || config.full_iban;
    let files: Vec<FileView> =
        gathered.iter().map(|one| FileView::new(one, full, language)).collect();
    match args.format {
        Format::Json => console::print(|out| {
            serde_json::to_writer_pretty(
                &mut *out,
                &Document { schema: "gutschrift.inspect/1", files: &files },
            )?;
            writeln!(out)
        })?,
        _ => console::print(|out| files.iter().try_for_each(|file| file.write(out, language)))?,
    }
    if gathered.iter().any(|one| one.reading.refused) {
        return Ok(3);
    }
    let trouble = gathered
        .iter()
        .flat_map(|one| &one.reading.problems)
        .any(|problem| problem.severity == Severity::Error);
    Ok(u8::from(trouble))
}

/// Prints a first column map for each table that is not known.
fn suggest(wanted: &Wanted) -> Result<u8, Failure> {
    let maps = gather::suggestions(wanted)?;
    if maps.is_empty() {
        nothing_to_suggest(wanted.language);
        return Ok(1);
    }
    console::print(|out| {
        maps.iter().try_for_each(|(path, map)| {
            // Names of columns come from the file.
            writeln!(out, "# {}\n{}", harmless(path), masked(map))
        })
    })?;
    Ok(0)
}

fn nothing_to_suggest(language: Language) {
    console::say(language.pick(
        "Keine Tabelle mit unbekannten Spalten gefunden",
        "no table with unknown columns was found",
    ));
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    files: &'a [FileView],
}

/// A file as `inspect` shows it.
#[derive(Serialize)]
struct FileView {
    path: String,
    usable: bool,
    role: &'static str,
    format: String,
    version: Option<String>,
    encoding: Option<String>,
    sha256: String,
    records: u64,
    skipped: u64,
    payments: Option<SumView>,
    ordered: Option<SumView>,
    statements: Vec<StatementView>,
    problems: Vec<ProblemView>,
}

#[derive(Serialize)]
struct SumView {
    count: usize,
    amount: String,
    #[serde(skip)]
    shown: Amount,
}

#[derive(Serialize)]
struct StatementView {
    line: u32,
    account: Option<String>,
    number: Option<String>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    entries: usize,
    details: usize,
    pending: usize,
    debits: String,
    credits: String,
    opening: Option<String>,
    closing: Option<String>,
    /// Whether opening balance and entries give the closing balance; `null` if not both stand.
    ties: Option<bool>,
}

#[derive(Serialize)]
struct ProblemView {
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
    line: u32,
    column: u32,
    severity: &'static str,
    code: &'static str,
    message: String,
    hint: String,
}

fn sum(amounts: impl Iterator<Item = Amount>) -> SumView {
    let amounts: Vec<Amount> = amounts.collect();
    let count = amounts.len();
    let shown: Amount = amounts.into_iter().sum();
    SumView { count, amount: shown.to_string(), shown }
}

impl FileView {
    fn new(one: &Gathered, full: bool, language: Language) -> Self {
        let (record, reading) = (&one.record, &one.reading);
        let ordered = reading.orders.iter().flat_map(|order| &order.batches);
        let ordered =
            sum(ordered.flat_map(|b| &b.transfers).filter_map(|transfer| transfer.amount));
        let payments =
            sum(reading.payments.iter().map(crate::model::payment::Payment::amount_or_zero));
        Self {
            path: leaving(&record.path, full),
            usable: !reading.refused,
            role: record.role.name(),
            format: record.format.clone(),
            version: record.version.as_deref().map(|version| leaving(version, full)),
            encoding: record.encoding.clone(),
            sha256: record.sha256.clone(),
            records: record.records,
            skipped: record.skipped,
            payments: (payments.count > 0).then_some(payments),
            ordered: (ordered.count > 0).then_some(ordered),
            statements: reading
                .statements
                .iter()
                .map(|s| StatementView::new(record, s, full))
                .collect(),
            problems: reading
                .problems
                .iter()
                .map(|problem| ProblemView {
                    sheet: record.sheet(problem.place.line).map(harmless),
                    line: record.shown(problem.place.line).1,
                    column: problem.place.column,
                    severity: problem.severity.name(),
                    code: problem.code.name(),
                    message: problem.message(language),
                    hint: problem.hint(language),
                })
                .collect(),
        }
    }

    fn write(&self, out: &mut dyn Write, language: Language) -> std::io::Result<()> {
        let words = Words(language);
        let verdict = if !self.usable {
            words.pick("NICHT VERWENDBAR", "NOT USABLE")
        } else if self.role == "ignored" {
            words.pick("gehört nicht dazu", "not one of ours")
        } else {
            words.pick("verwendbar", "usable")
        };
        writeln!(out, "{}: {verdict}", self.path)?;
        let version = self.version.as_deref().unwrap_or("-");
        let encoding = self.encoding.as_deref().unwrap_or("-");
        writeln!(
            out,
            "  {}, {} ({version}), {encoding}; {} {}, {} {}",
            self.role,
            self.format,
            self.records,
            words.pick("Sätze", "records"),
            self.skipped,
            words.pick("übergangen", "skipped"),
        )?;
        let german = language == Language::De;
        for (name, view) in [
            (words.pick("Zahlungen", "payments"), &self.payments),
            (words.pick("beauftragt", "ordered"), &self.ordered),
        ] {
            if let Some(view) = view {
                writeln!(out, "  {name}: {} / {} €", view.count, shown(view.shown, german))?;
            }
        }
        for statement in &self.statements {
            statement.write(out, words)?;
        }
        for problem in &self.problems {
            let line = if problem.line > 0 { format!("{}: ", problem.line) } else { String::new() };
            let sheet = problem.sheet.as_deref().map(|name| format!("{name}:")).unwrap_or_default();
            writeln!(out, "  {} {sheet}{line}{}", problem.severity, problem.message)?;
            writeln!(out, "    → {}", problem.hint)?;
        }
        Ok(())
    }
}

impl StatementView {
    fn new(record: &FileRecord, statement: &Statement, full: bool) -> Self {
        let booked = || statement.entries.iter().filter(|e| e.status == BookingStatus::Booked);
        let of = |way: Direction| -> Amount {
            booked().filter(|entry| entry.direction == way).map(|entry| entry.amount).sum()
        };
        let days = booked().filter_map(|entry| entry.booking_date);
        // What `verify` takes as covered; a report during the day covers nothing, and shows its days.
        let period = period_of(statement).or_else(|| days.clone().min().zip(days.max()));
        let (debits, credits) = (of(Direction::Debit), of(Direction::Credit));
        let ties = statement
            .opening
            .zip(statement.closing)
            .map(|(opening, closing)| opening.amount.plus(credits).minus(debits) == closing.amount);
        let show = |iban: &Iban| {
            if full { leaving(iban.reveal(), full) } else { harmless(&iban.masked()) }
        };
        Self {
            line: record.shown(statement.place.line).1,
            account: statement.account.as_ref().map(show),
            number: statement.number.as_deref().map(|number| leaving(number, full)),
            from: period.map(|(from, _)| from),
            to: period.map(|(_, to)| to),
            entries: statement.entries.len(),
            details: statement.entries.iter().map(|entry| entry.details.len()).sum(),
            pending: statement
                .entries
                .iter()
                .filter(|e| e.status == BookingStatus::Pending)
                .count(),
            debits: debits.to_string(),
            credits: credits.to_string(),
            opening: statement.opening.map(|balance| balance.amount.to_string()),
            closing: statement.closing.map(|balance| balance.amount.to_string()),
            ties,
        }
    }

    fn write(&self, out: &mut dyn Write, words: Words) -> std::io::Result<()> {
        let account = self.account.as_deref().unwrap_or("?");
        let number = self.number.as_deref().map(|number| format!(" {number}")).unwrap_or_default();
        let period = match (self.from, self.to) {
            (Some(from), Some(to)) => words.stretch((from, to)),
            _ => words.pick("ohne Zeitraum", "no period").to_owned(),
        };
        let ties = match self.ties {
            Some(true) => words.pick("Salden gehen auf", "balances tie"),
            Some(false) => words.pick("SALDEN GEHEN NICHT AUF", "BALANCES DO NOT TIE"),
            None => words.pick("keine Salden", "no balances"),
        };
        writeln!(
            out,
            "  {}{number} {account}, {period}: {} {} ({} {}, {} {}), {} {}, {} {}; {ties}",
            words.pick("Auszug", "statement"),
            self.entries,
            words.pick("Buchungen", "entries"),
            self.details,
            words.pick("Einzelposten", "details"),
            self.pending,
            words.pick("vorgemerkt", "pending"),
            words.pick("Soll", "debits"),
            self.debits,
            words.pick("Haben", "credits"),
            self.credits,
        )
    }
}
