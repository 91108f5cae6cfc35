//! `gutschrift history`: the runs of a store, or one payment's story.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::cli::clock;
use crate::cli::config;
use crate::cli::console;
use crate::cli::diff;
use crate::cli::error::Failure;
use crate::cli::log::Answers;
use crate::cli::report;
use crate::cli::store::Journals;
use crate::cli::store::Store;
use crate::cli::store_arguments::HistoryArgs;
use crate::cli::store_arguments::ListFormat;
use crate::model::language::Language;
use crate::model::text::leaving;
use crate::reports::csv;
use crate::reports::html;
use crate::reports::options::Options;
use crate::reports::resolution::Kind;
use crate::reports::sections::Section;
use crate::reports::terminal;
use crate::store::bind;
use crate::store::decisions;
use crate::store::history::Story;
use crate::store::history::Telling;
use crate::store::identity::Identity;
use crate::store::journal::What;

/// Name and version of the JSON.
const SCHEMA: &str = "gutschrift.history/1";

/// A run as the list of runs shows it.
#[derive(Serialize)]
struct RunRow {
    run: String,
    at: String,
    due: Option<chrono::NaiveDate>,
    tool: Option<String>,
    payments: u64,
    amount: String,
    credited: u64,
    delayed: u64,
    #[serde(rename = "follow-up")]
    follow_up: u64,
    open: u64,
    /// Who closed the month with this run.
    closed_by: Option<String>,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    runs: &'a [RunRow],
    payments: &'a [Story],
}

/// Runs the command; gives the exit code: 1 if nobody was found.
///
/// # Errors
///
/// A store that cannot be read.
pub fn run(args: &HistoryArgs) -> Result<u8, Failure> {
    let config = config::load(args.config.as_deref())?;
    let language = console::language(args.lang, config.language.as_deref());
    let store = Store::open(&args.store, language)?;
    let journals = store.journals()?;
    let options = report::options(&args.list.out, args.list.quiet, language);
    let Some(query) = &args.query else {
        let runs = runs(&store, &journals)?;
        let section = run_section(&runs, language);
        write(args, &options, &section, &Document { schema: SCHEMA, runs: &runs, payments: &[] })?;
        return Ok(0);
    };
    let answers = diff::answers(args.log.as_deref(), args.log_key.as_deref(), &config, language)?;
    let stories = stories(&store, &journals, query, answers.as_ref())?;
    if stories.is_empty() {
        console::say(language.pick("Niemand gefunden.", "Nobody found."));
        return Ok(1);
    }
    let section = story_section(&stories, language);
    let document = Document { schema: SCHEMA, runs: &[], payments: &stories };
    write(args, &options, &section, &document)?;
    Ok(0)
}

fn runs(store: &Store, journals: &Journals) -> Result<Vec<RunRow>, Failure> {
    let mut rows = Vec::new();
    for run in store.runs()? {
        let head = match store.head(&run) {
            Ok(head) => head,
            Err(failure) => {
                console::say(&failure.to_string());
                continue;
            }
        };
        let closed = head.run.due.and_then(|due| journals.view.closed(due));
        let closed = closed.filter(|(_, closed, _)| *closed == run);
        rows.push(RunRow {
            at: moment(&run),
            due: head.run.due,
            tool: head.run.tool,
            payments: head.totals.payments.count,
            amount: head.totals.payments.amount,
            credited: head.totals.credited.count,
            delayed: head.totals.delayed.count,
            follow_up: head.totals.follow_up.count,
            open: head.totals.open.count,
            closed_by: closed.map(|(event, _, _)| event.by.clone().unwrap_or_default()),
            run,
        });
    }
    Ok(rows)
}

/// When a run was kept, by its name: `2023-12-04T08:00:00Z`.
pub(super) fn moment(run: &str) -> String {
    let part = |from: usize, to: usize| run.get(from..to).unwrap_or_default();
    format!("{}T{}:{}:{}Z", part(0, 10), part(11, 13), part(13, 15), part(15, 17))
}

/// The stories of all payments that a query means.
fn stories(
    store: &Store,
    journals: &Journals,
    query: &str,
    answers: Option<&Answers>,
) -> Result<Vec<Story>, Failure> {
    let mut stories: Vec<Story> = Vec::new();
    // What the newest result of each month says of the decisions about its payments.
    let mut stand: BTreeMap<Identity, bool> = BTreeMap::new();
    for run in store.runs()? {
        match store.kept(&run) {
            Ok(kept) => {
                Story::tell(&mut stories, &kept.payments, query, (&run, &moment(&run)));
                let digests = store.head(&run)?.digests();
                let (rows, view) = (&kept.payments, &journals.view);
                if !view.is_empty() {
                    let decided = bind::of_rows(rows, &digests, view, clock::today());
                    let decided = decided.into_iter();
                    stand.extend(decided.filter_map(|(own, found)| Some((own, found?.lapsed))));
                }
            }
            Err(failure) => console::say(&failure.to_string()),
        }
    }
    for story in &mut stories {
        for event in journals.view.of(&story.payment) {
            let What::Decision { kind, note, entry, until, .. } = &event.what else { continue };
            let resolution = decisions::resolution(event, "", chrono::NaiveDate::MIN);
            let entry = entry.as_ref().map(|entry| format!("{}:{}", entry.file, entry.line));
            let mut telling = Telling::at(&event.at, "decision");
            telling.kind = Some(*kind);
            telling.by.clone_from(&event.by);
            telling.note.clone_from(note);
            telling.until = *until;
            telling.entry = resolution.and_then(|resolution| resolution.entry).or(entry);
            story.tellings.push(telling);
        }
        let last = story.tellings.iter_mut().rev().find(|telling| telling.event == "decision");
        if let Some(last) = last.filter(|last| last.kind != Some(Kind::Open)) {
            last.lapsed = stand.get(&story.payment).copied().unwrap_or(false);
        }
        for answer in answers.map_or(&[][..], |answers| answers.of(&story.payment)) {
            let mut telling = Telling::at(&answer.when, "look-up");
            telling.status = Some(answer.status.clone());
            story.tellings.push(telling);
        }
        story.tellings.sort_by(|one, other| one.at.cmp(&other.at));
    }
    Ok(stories)
}

fn names(columns: &[(&str, &str)], language: Language) -> Vec<String> {
    columns.iter().map(|(german, english)| language.pick(german, english).to_owned()).collect()
}

fn run_section(runs: &[RunRow], language: Language) -> Section {
    let columns = [
        ("Lauf", "run"),
        ("fällig", "due"),
        ("Zahlungen", "payments"),
        ("gutgeschrieben", "credited"),
        ("verzögert", "delayed"),
        ("zu klären", "follow-up"),
        ("davon offen", "still open"),
        ("abgeschlossen", "closed by"),
    ];
    Section {
        title: format!(
            "{} ({})",
            language.pick("Aufbewahrte Ergebnisse", "Kept results"),
            runs.len()
        ),
        header: names(&columns, language),
        right: vec![2, 3, 4, 5, 6],
        rows: runs
            .iter()
            .map(|run| {
                let due = run.due.map(|due| due.to_string()).unwrap_or_default();
                let counts = [run.payments, run.credited, run.delayed, run.follow_up, run.open];
                let mut cells = vec![run.run.clone(), due];
                cells.extend(counts.map(|count| count.to_string()));
                cells.push(leaving(run.closed_by.as_deref().unwrap_or_default(), false));
                cells
            })
            .collect(),
        lead: None,
        struck_from: None,
    }
}

fn story_section(stories: &[Story], language: Language) -> Section {
    let columns = [
        ("Az.", "case"),
        ("Name", "name"),
        ("Betrag €", "amount €"),
        ("fällig", "due"),
        ("wann", "when"),
        ("was", "what"),
    ];
    let own = |text: &Option<String>| leaving(text.as_deref().unwrap_or_default(), false);
    let mut rows = Vec::new();
    for story in stories {
        for telling in &story.tellings {
            rows.push(vec![
                own(&story.payment.case_id),
                own(&story.beneficiary),
                own(&story.payment.amount),
                story.payment.due.map(|due| due.to_string()).unwrap_or_default(),
                telling.at.clone(),
                leaving(&telling.sentence(language), false),
            ]);
        }
    }
    Section {
        title: language.pick("Verlauf", "History").to_owned(),
        header: names(&columns, language),
        right: vec![2],
        rows,
        lead: None,
        struck_from: None,
    }
}

fn write(
    args: &HistoryArgs,
    options: &Options,
    section: &Section,
    document: &Document<'_>,
) -> Result<(), Failure> {
    report::output(&args.list.out, options.language, |out| match args.list.format() {
        ListFormat::Table => terminal::section(section, options, out),
        ListFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, document)?;
            writeln!(out)
        }
        ListFormat::Csv => out.write_all(&csv::section(section, options)),
        ListFormat::Html => html::write_sections(
            std::slice::from_ref(&section.title),
            std::slice::from_ref(section),
            options,
            out,
        ),
    })
}
