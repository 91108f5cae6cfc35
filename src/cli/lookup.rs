//! `gutschrift lookup`.

use std::io::BufRead;
use std::io::IsTerminal;
use std::io::Write;
use std::path::PathBuf;

use serde::Serialize;

use crate::cli::arguments::CallerArg;
use crate::cli::arguments::Format;
use crate::cli::arguments::InputArgs;
use crate::cli::arguments::LookupArgs;
use crate::cli::clock;
use crate::cli::config;
use crate::cli::config::Config;
use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::log::Entry;
use crate::cli::log::Log;
use crate::cli::log::Told;
use crate::cli::progress::Bar;
use crate::cli::saved;
use crate::cli::saved::Book;
use crate::cli::verify;
use crate::cli::verify::Shown;
use crate::model::crew;
use crate::model::language::Language;
use crate::model::text::harmless;
use crate::model::together;
use crate::reports::lookup::Saved;
use crate::reports::lookup::SavedEntry;
use crate::reports::lookup::SavedPayment;
use crate::reports::lookup::SavedRun;
use crate::reports::lookup::SavedSource;
use crate::reports::lookup::answer;
use crate::reports::lookup::answer::Caller;
use crate::reports::lookup::answer::Office;
use crate::reports::lookup::search::FoundBy;
use crate::reports::lookup::search::Person;
use crate::reports::lookup::search::Query;
use crate::reports::lookup::search::find;
use crate::reports::options::Options;
use crate::reports::rows::PaymentRow;
use crate::reports::rows::Rows;
use crate::store::identity;

/// Runs the command; gives the exit code: 0 found and credited, 1 otherwise.
///
/// # Errors
///
/// Files or a saved result that cannot be used.
pub fn run(args: &LookupArgs) -> Result<u8, Failure> {
    let config = config::load(args.terms.config.as_deref())?;
    let language = console::language(args.terms.lang, config.language.as_deref());
    if let Some(log) = log_of(args, &config, language) {
        log.check()?;
    }
    let caller = match args.caller {
        CallerArg::Person => Caller::Person,
        CallerArg::ThirdParty => Caller::ThirdParty,
        CallerArg::Unidentified => Caller::Unidentified,
    };
    if let Some(path) = args.result.as_deref().filter(|_| args.index) {
        saved::renew_index(path, language)?;
        if args.query.is_none() && caller == Caller::Person {
            return Ok(0);
        }
    }
    let threads = console::threads(args.terms.threads);
    let book = match &args.result {
        Some(path) => Book::open(path, language)?,
        None => Book::of(crew::with_crew(threads, || load(args, &config, language))?),
    };
    let desk = Desk { args, config: &config, language, book: &book };
    if caller != Caller::Person {
        let sentence = answer::general(caller, &book.run, language);
        console::print(|out| writeln!(out, "{sentence}"))?;
        return Ok(1);
    }
    if let Some(query) = args.query.as_ref().filter(|_| only_path(args).is_none()) {
        return desk.answer(query);
    }
    desk.ask()
}

/// Where look-ups are noted, if they are.
fn log_of(args: &LookupArgs, config: &Config, language: Language) -> Option<Log> {
    let path = args.log.clone().or_else(|| config.log.as_deref().map(PathBuf::from))?;
    let key = args.log_key.clone().or_else(|| config.log_key.as_deref().map(PathBuf::from));
    Some(Log::new(&path, key.as_deref(), language))
}

/// A single argument that is a file or folder and the only one: no query, so it is asked for.
fn only_path(args: &LookupArgs) -> Option<PathBuf> {
    let others = args.from.len() + args.paths.len() + args.list.len() + args.order.len();
    if others > 0 || args.result.is_some() {
        return None;
    }
    args.query.as_ref().map(PathBuf::from).filter(|path| path.exists())
}

fn load(args: &LookupArgs, config: &Config, language: Language) -> Result<Saved, Failure> {
    let mut paths = args.from.clone();
    paths.extend(args.paths.iter().cloned());
    paths.extend(only_path(args));
    let inputs = InputArgs {
        paths,
        list: args.list.clone(),
        order: args.order.clone(),
        bank: args.bank.clone(),
    };
    let bar = Bar::new(false, language);
    let shown = Shown { digests: false, trails: true };
    let outcome = verify::outcome(&inputs, &args.terms, config, language, &bar.progress(), shown)?;
    drop(bar);
    // Searched in full, shown masked.
    let options = Options { language, full_iban: true, ..Options::default() };
    let rows = Rows::new(&outcome, &options);
    let numbers: Vec<_> = outcome.numbered().collect();
    Ok(Saved {
        schema: crate::reports::json::SCHEMA.to_owned(),
        run: SavedRun { due: Some(outcome.due), horizon: Some(outcome.horizon) },
        payments: together::map_many(&numbers, console::threads(args.terms.threads), |one| {
            outcome.payment(*one).map(|judged| saved(rows.payment_without_trail(&judged)))
        })
        .into_iter()
        .flatten()
        .collect(),
    })
}

fn saved(row: PaymentRow) -> SavedPayment {
    SavedPayment {
        case_id: row.case_id,
        end_to_end_id: row.end_to_end_id,
        benefit: row.benefit,
        beneficiary: row.beneficiary,
        payee: row.payee,
        iban: row.iban,
        account_check: row.account_check,
        amount: row.amount,
        office: row.office,
        facility: row.facility,
        source: SavedSource { file: row.source.file, line: row.source.line },
        status: row.status.to_owned(),
        reason: row.reason.to_owned(),
        evidence: row.evidence.to_owned(),
        due: Some(row.due),
        booked_on: row.booked_on,
        credited_on: row.credited_on,
        latest_credit: row.latest_credit,
        action: row.action,
        actor: row.actor.map(str::to_owned),
        entries: row
            .entries
            .into_iter()
            .map(|cited| SavedEntry {
                file: cited.file,
                line: cited.line,
                booking_date: cited.booking_date,
                amount: cited.amount,
            })
            .collect(),
    }
}

/// The clerk's desk: one result, many calls.
struct Desk<'a> {
    args: &'a LookupArgs,
    config: &'a Config,
    language: Language,
    book: &'a Book,
}

impl Desk<'_> {
    /// Asks for queries until the input ends; at a terminal it stays open for the next call.
    fn ask(&self) -> Result<u8, Failure> {
        let input = std::io::stdin().lock();
        let at_terminal = input.is_terminal();
        let prompt = || {
            if at_terminal {
                console::say(self.language.pick(
                    "Az., Name oder IBAN-Ende (leer beendet):",
                    "case number, name or end of the IBAN (empty ends):",
                ));
            }
        };
        prompt();
        let mut code = 1;
        for line in input.lines() {
            let Ok(line) = line else { break };
            if line.trim().is_empty() {
                break;
            }
            code = self.answer(&line)?;
            if !at_terminal {
                break;
            }
            prompt();
        }
        Ok(code)
    }

    fn answer(&self, query: &str) -> Result<u8, Failure> {
        let Some(query) = Query::new(query, self.args.amount.as_deref()) else {
            return Err(Failure::Usage(
                self.language
                    .pick("`--amount` ist kein Betrag", "`--amount` is no amount")
                    .to_owned(),
            ));
        };
        let payments = self.book.payments_for(&query)?;
        let persons = find(&payments, &query);
        self.note(&persons)?;
        match self.args.format {
            Format::Json => self.write_json(&persons)?,
            _ => console::print(|out| self.write(&persons, out))?,
        }
        let all_credited = matches!(persons.as_slice(), [person]
            if person.payments.iter().all(|payment| payment.status == "credited"));
        Ok(u8::from(!all_credited))
    }

    fn note(&self, persons: &[Person<'_>]) -> Result<(), Failure> {
        let Some(log) = log_of(self.args, self.config, self.language) else { return Ok(()) };
        let kind = match persons.first().map(|person| person.by) {
            Some(FoundBy::CaseId) => "case",
            Some(FoundBy::Iban | FoundBy::IbanEnd) => "iban",
            Some(FoundBy::Name | FoundBy::NameStart) => "name",
            Some(FoundBy::Similar) => "similar",
            None => "nobody",
        };
        let reasons: Vec<String> = match persons {
            [person] => person.payments.iter().map(|payment| payment.reason.clone()).collect(),
            _ => Vec::new(),
        };
        // Several persons are a choice, and nothing is told yet.
        let told: Vec<Told> = match persons {
            [person] => person.payments.iter().map(|payment| told(payment)).collect(),
            _ => Vec::new(),
        };
        let persons = persons.len();
        let entry = Entry { when: &clock::now(), kind, persons, reasons: &reasons, told: &told };
        log.append(&entry)
    }

    fn write(&self, persons: &[Person<'_>], out: &mut dyn Write) -> std::io::Result<()> {
        let language = self.language;
        match persons {
            [] => writeln!(
                out,
                "{}",
                language.pick(
                    "Niemand gefunden. Schreibweise, Az. oder IBAN-Ende prüfen; vielleicht steht die Zahlung auf einer anderen Liste.",
                    "Nobody found. Check spelling, case number or end of the IBAN; the payment may stand on another list.",
                )
            ),
            [person] => {
                if let Some(warning) = ask_back(person.by, language) {
                    writeln!(out, "{warning}")?;
                }
                for payment in &person.payments {
                    let office = self.office_of(payment);
                    let sentence = answer::sentence(payment, &self.book.run, &office, language);
                    writeln!(out, "„{sentence}“\n")?;
                    for fact in answer::facts(payment, &office, language) {
                        writeln!(out, "  {fact}")?;
                    }
                    writeln!(out)?;
                }
                Ok(())
            }
            several => {
                writeln!(
                    out,
                    "{} {}",
                    several.len(),
                    language.pick("Personen passen; bitte genauer fragen:", "persons fit; please ask more closely:")
                )?;
                for person in several.iter().take(12) {
                    let Some(payment) = person.payments.first() else { continue };
                    let shown = |text: &Option<String>| harmless(text.as_deref().unwrap_or("-"));
                    let iban = payment.iban.as_deref().map(answer::masked).unwrap_or_default();
                    writeln!(
                        out,
                        "  {}  {}  {}{}",
                        shown(&payment.case_id),
                        shown(&payment.beneficiary),
                        harmless(&iban),
                        if person.by == FoundBy::Similar { language.pick("  (ähnlich)", "  (similar)") } else { "" },
                    )?;
                }
                Ok(())
            }
        }
    }

    fn write_json(&self, persons: &[Person<'_>]) -> Result<(), Failure> {
        #[derive(Serialize)]
        struct Answer<'a> {
            sentence: String,
            payment: &'a SavedPayment,
        }
        #[derive(Serialize)]
        struct Document<'a> {
            schema: &'static str,
            persons: usize,
            similar: bool,
            answers: Vec<Answer<'a>>,
        }
        let hidden: Vec<SavedPayment> = persons
            .iter()
            .flat_map(|person| &person.payments)
            .map(|payment| {
                answer::shown(payment, self.args.terms.full_iban || self.config.full_iban)
            })
            .collect();
        let document = Document {
            schema: "gutschrift.lookup/1",
            persons: persons.len(),
            similar: persons.iter().any(|person| ask_back(person.by, self.language).is_some()),
            answers: hidden
                .iter()
                .map(|payment| Answer {
                    sentence: answer::sentence(
                        payment,
                        &self.book.run,
                        &self.office_of(payment),
                        self.language,
                    ),
                    payment,
                })
                .collect(),
        };
        console::print(|out| {
            serde_json::to_writer_pretty(&mut *out, &document)?;
            writeln!(out)
        })
    }

    /// Whom to call: the first office of the configuration whose conditions hold.
    fn office_of(&self, payment: &SavedPayment) -> Office {
        let fits = |wanted: &Option<String>, own: &Option<String>| {
            wanted.as_deref().is_none_or(|wanted| own.as_deref() == Some(wanted))
        };
        let initial = payment
            .beneficiary
            .as_deref()
            .and_then(|name| name.split([' ', ',']).next_back())
            .map(str::to_uppercase)
            .unwrap_or_default();
        let in_names = |names: &Option<String>| {
            let Some((from, to)) = names.as_deref().and_then(|names| names.split_once('-')) else {
                return true;
            };
            let (from, to) = (from.trim().to_uppercase(), to.trim().to_uppercase());
            initial >= from && (initial <= to || initial.starts_with(&to))
        };
        let office = self.config.offices.iter().find(|office| {
            fits(&office.benefit, &payment.benefit)
                && fits(&office.municipality, &payment.office)
                && in_names(&office.names)
        });
        office.map_or_else(
            || Office { name: payment.office.clone().unwrap_or_default(), phone: None },
            |office| Office { name: office.name.clone(), phone: office.phone.clone() },
        )
    }
}

/// What the clerk is told about a person who may be somebody else.
fn ask_back(by: FoundBy, language: Language) -> Option<&'static str> {
    match by {
        FoundBy::Similar => Some(
            language.pick("ÄHNLICHER NAME – bitte nachfragen:", "SIMILAR NAME – please ask back:"),
        ),
        FoundBy::IbanEnd => Some(language.pick(
            "NUR DAS ENDE DER KONTONUMMER verglichen, mehr weiß das Ergebnis nicht – bitte nachfragen:",
            "ONLY THE END OF THE ACCOUNT NUMBER compared, the result does not know more – please ask back:",
        )),
        _ => None,
    }
}

/// A payment as the log names it.
fn told(payment: &SavedPayment) -> Told {
    Told { payment: identity::of_saved(payment), status: payment.status.clone() }
}
