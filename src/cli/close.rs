//! `gutschrift close`: ends a month once nobody has to look at it any more, and packs its evidence.

use std::io;
use std::io::Write;
use std::path::Path;

use sha2::Digest;
use sha2::Sha256;
use zip::CompressionMethod;
use zip::DateTime;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::cli::clock;
use crate::cli::config;
use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::judged;
use crate::cli::month::OpenMonth;
use crate::cli::month::shown;
use crate::cli::results;
use crate::cli::store_arguments::CloseArgs;
use crate::cli::write::whole_file;
use crate::model::amount::Amount;
use crate::model::date::from_iso;
use crate::model::hex::hex;
use crate::model::language::Language;
use crate::model::text::leaving;
use crate::reports::csv;
use crate::reports::html;
use crate::reports::options::Options;
use crate::reports::resolution::Resolution;
use crate::reports::sections::Section;
use crate::reports::wording::Words;
use crate::store::identity::Identity;
use crate::store::journal::Event;
use crate::store::journal::What;
use crate::store::row::Row;

/// Runs the command; gives the exit code: 1 if payments need a person, and nothing is closed.
///
/// # Errors
///
/// A store that cannot be read or written.
pub fn run(args: &CloseArgs) -> Result<u8, Failure> {
    let config = config::load(args.config.as_deref())?;
    let language = console::language(args.lang, config.language.as_deref());
    let month = OpenMonth::open(&args.store, args.month, language)?;
    let open = open(&month);
    if !open.is_empty() {
        console::say(&match language {
            Language::De => {
                format!("Der Monat bleibt offen: {} Zahlungen sind noch zu klären", open.len())
            }
            Language::En => format!("the month stays open: {} payments need a person", open.len()),
        });
        for row in open {
            console::say(&shown(row));
        }
        return Ok(1);
    }
    let Some(due) = month.kept.run.due else { return Err(month.store.damaged(&month.run)) };
    let result = month.store.bytes(&month.run)?;
    let sha256 = hex(&Sha256::digest(&result));
    let is_same = |run: &str, digest: &str| run == month.run && digest == sha256;
    let closed =
        month.journals.view.closed(due).is_some_and(|(_, run, digest)| is_same(run, digest));
    if !closed {
        let by = Some(leaving(&args.by, false));
        month
            .store
            .note(by, What::Close { due, run: month.run.clone(), sha256: sha256.clone() })?;
    }
    let journals = month.store.read_journals()?;
    let Some((event, ..)) = journals.view.closed(due) else {
        return Err(month.store.damaged(&month.run));
    };
    if let Some(path) = &args.pack {
        // As it was then: what is decided later changes no pack.
        let then = journals.view.before(event.number);
        let day = event.at.get(..10).and_then(from_iso).unwrap_or_default();
        let decided = month.decided(&then, day);
        let pack = Pack { month: &month, result: &result, event, decided: &decided, language };
        let configuration = args.config.as_deref();
        let members = pack.members(configuration, journals.view.events())?;
        whole_file(path, |out| out.write_all(&zipped(&members)?))
            .map_err(|error| Failure::of_output(&path.to_string_lossy(), &error, language))?;
    }
    let by = event.by.clone().unwrap_or_default();
    console::print(|out| {
        let already = if closed { language.pick(" (schon vorher)", " (before)") } else { "" };
        match language {
            Language::De => writeln!(
                out,
                "Abgeschlossen: fällig am {due}, {by}, {}{already}; Ergebnis {}",
                event.at, month.run
            )?,
            Language::En => writeln!(
                out,
                "Closed: due on {due}, {by}, {}{already}; result {}",
                event.at, month.run
            )?,
        }
        match &args.pack {
            Some(path) => writeln!(out, "{}", leaving(&path.to_string_lossy(), false)),
            None => Ok(()),
        }
    })?;
    Ok(0)
}

/// The follow-ups that nobody has decided about, or whose decision has lapsed.
fn open(month: &OpenMonth) -> Vec<&Row> {
    let decided = month.decided(&month.journals.view, clock::today());
    let needs = |(row, (_, resolution)): &(&Row, &(Identity, Option<Resolution>))| {
        let holds = resolution.as_ref().is_some_and(|resolution| !resolution.lapsed);
        &*row.status == "follow-up" && !holds
    };
    month.rows().iter().zip(&decided).filter(needs).map(|(row, _)| row).collect()
}

/// What a closed month consists of.
struct Pack<'a> {
    month: &'a OpenMonth,
    result: &'a [u8],
    event: &'a Event,
    decided: &'a [(Identity, Option<Resolution>)],
    language: Language,
}

/// A file of the pack.
type Member = (String, Vec<u8>);

impl Pack<'_> {
    /// The files of the pack: the same bytes whenever it is packed, whatever was decided later.
    fn members<'e>(
        &self,
        configuration: Option<&Path>,
        events: impl Iterator<Item = &'e Event>,
    ) -> Result<Vec<Member>, Failure> {
        let failed =
            |error: &dyn std::fmt::Display| Failure::Output(format!("{}: {error}", self.month.run));
        let mut members: Vec<Member> = vec![("result.json".to_owned(), self.result.to_vec())];
        members
            .push(("decisions.jsonl".to_owned(), self.decisions(events).map_err(|e| failed(&e))?));
        members.push(("payments.csv".to_owned(), csv::section(&self.section(), &self.options())));
        members.push(("report.html".to_owned(), self.html().map_err(|e| failed(&e))?));
        if let Some(path) = configuration {
            #[expect(
                clippy::disallowed_methods,
                reason = "the configuration goes into the pack as it is"
            )]
            let text = std::fs::read(path).map_err(|error| results::unreadable(path, &error))?;
            members.push(("gutschrift.toml".to_owned(), text));
        }
        let sums: Vec<String> = members
            .iter()
            .map(|(name, bytes)| format!("{}  {name}\n", hex(&Sha256::digest(bytes))))
            .collect();
        members.push(("SHA256SUMS".to_owned(), sums.concat().into_bytes()));
        Ok(members)
    }

    /// What was decided about this month's payments up to its close, and the close itself.
    fn decisions<'e>(
        &self,
        events: impl Iterator<Item = &'e Event>,
    ) -> Result<Vec<u8>, serde_json::Error> {
        let mut text = Vec::new();
        for event in events {
            let is_ours = match &event.what {
                What::Decision { payment, .. } => {
                    payment.due == self.month.kept.run.due && event.number < self.event.number
                }
                What::Close { .. } => event == self.event,
            };
            if is_ours {
                text.extend_from_slice(event.line()?.as_bytes());
            }
        }
        Ok(text)
    }

    fn section(&self) -> Section {
        let words = Words(self.language);
        let columns = [
            ("Az.", "case"),
            ("Ende-zu-Ende-Referenz", "end-to-end id"),
            ("Name", "name"),
            ("IBAN", "IBAN"),
            ("Betrag €", "amount €"),
            ("Stand", "state"),
            ("Grund", "reason"),
            ("Nachweis", "evidence"),
            ("Liste", "list"),
            ("Bank", "bank"),
            ("Entscheidung", "decision"),
        ];
        let own = |text: &Option<Box<str>>| leaving(text.as_deref().unwrap_or_default(), false);
        let one = |(row, (_, resolution)): (&Row, &(Identity, Option<Resolution>))| {
            let amount = row.amount.as_deref().and_then(|text| Amount::from_iso(text).ok());
            let cited: Vec<String> =
                row.entries.iter().map(|cited| format!("{}:{}", cited.file, cited.line)).collect();
            let decision = resolution.as_ref().map(|own| own.sentence(self.language));
            vec![
                own(&row.case_id),
                own(&row.end_to_end_id),
                own(if row.beneficiary.is_some() { &row.beneficiary } else { &row.payee }),
                own(&row.iban),
                amount.map(|amount| words.amount(amount)).unwrap_or_default(),
                row.status.to_string(),
                row.reason.to_string(),
                row.evidence.to_string(),
                leaving(&format!("{}:{}", row.source.file, row.source.line), false),
                leaving(&cited.join(" "), false),
                leaving(&decision.unwrap_or_default(), false),
            ]
        };
        Section {
            title: words.pick("Zahlungen", "Payments").to_owned(),
            header: columns
                .iter()
                .map(|(german, english)| words.pick(german, english).to_owned())
                .collect(),
            rows: self.month.rows().iter().zip(self.decided).map(one).collect(),
            right: vec![4],
            lead: None,
            struck_from: None,
        }
    }

    fn options(&self) -> Options {
        Options { language: self.language, tool: judged::TOOL.to_owned(), ..Options::default() }
    }

    fn html(&self) -> io::Result<Vec<u8>> {
        let by = self.event.by.clone().unwrap_or_default();
        let due = self.month.kept.run.due.map(|due| due.to_string()).unwrap_or_default();
        let lead = match self.language {
            Language::De => format!("Abgeschlossen: fällig am {due}, {by}, {}", self.event.at),
            Language::En => format!("Closed: due on {due}, {by}, {}", self.event.at),
        };
        let mut text = Vec::new();
        let lead = [leaving(&lead, false), self.month.run.clone()];
        html::write_sections(&lead, &[self.section()], &self.options(), &mut text)?;
        Ok(text)
    }
}

/// A ZIP without times, so that the same files give the same bytes.
fn zipped(members: &[Member]) -> io::Result<Vec<u8>> {
    let mut archive = ZipWriter::new(io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o600)
        .large_file(true);
    for (name, bytes) in members {
        archive.start_file(name.as_str(), options).map_err(io::Error::other)?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish().map_err(io::Error::other)?.into_inner())
}
