//! The clerk's desk: some months, many calls.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::io::IsTerminal;

use chrono::NaiveDate;

use crate::cli::arguments::Format;
use crate::cli::arguments::LookupArgs;
use crate::cli::clock;
use crate::cli::config::Config;
use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::log::Entry;
use crate::cli::log::Told;
use crate::cli::lookup::context::Context;
use crate::cli::lookup::context::Hit;
use crate::cli::lookup::context::Person;
use crate::cli::lookup::noted::earlier;
use crate::cli::lookup::noted::log_of;
use crate::cli::lookup::noted::told;
use crate::cli::lookup::write;
use crate::cli::saved::Book;
use crate::model::language::Language;
use crate::model::text::fold_words;
use crate::reports::lookup::SavedRun;
use crate::reports::lookup::answer;
use crate::reports::lookup::answer::Caller;
use crate::reports::lookup::search::FoundBy;
use crate::reports::lookup::search::Query;
use crate::reports::lookup::search::find;
use crate::reports::lookup::search::traits;
use crate::reports::sentences::payee::PayeeKind;

/// The clerk's desk.
#[derive(Debug)]
pub(super) struct Desk<'a> {
    args: &'a LookupArgs,
    context: Context<'a>,
    books: &'a [Book],
}

/// Persons among whom the clerk may choose by number: the query, and whom it found.
#[derive(Debug, Default)]
struct Choice {
    query: String,
    keys: Vec<String>,
}

/// What a line that is no query asks the desk for.
fn command(line: &str) -> Option<Caller> {
    match fold_words(line).join(" ").as_str() {
        "dritte" | "dritter" | "third party" | "thirdparty" => Some(Caller::ThirdParty),
        "unbekannt" | "unidentified" => Some(Caller::Unidentified),
        "person" => Some(Caller::Person),
        _ => None,
    }
}

impl<'a> Desk<'a> {
    pub(super) fn new(
        args: &'a LookupArgs,
        config: &'a Config,
        language: Language,
        books: &'a [Book],
        today: NaiveDate,
    ) -> Result<Self, Failure> {
        let due = match books {
            [book] => book.run.due,
            _ => None,
        };
        let answers = earlier(args, config, language)?;
        Ok(Self { args, context: Context { args, config, language, today, due, answers }, books })
    }

    /// Asks for queries until the input ends; at a terminal it stays open for the next call.
    pub(super) fn ask(&self) -> Result<u8, Failure> {
        let input = std::io::stdin().lock();
        let at_terminal = input.is_terminal();
        let prompt = |caller: Caller| {
            if at_terminal {
                console::say(match caller {
                    Caller::Person => self.context.language.pick(
                        "Az., Name oder IBAN-Ende („dritte“: es ruft jemand anderes an; leer beendet):",
                        "case number, name or end of the IBAN (“third-party”: somebody else calls; empty ends):",
                    ),
                    Caller::ThirdParty | Caller::Unidentified => self.context.language.pick(
                        "Es spricht nicht die Person selbst („person“: wieder sie selbst; leer beendet):",
                        "not the person itself is speaking (“person”: the person again; empty ends):",
                    ),
                });
            }
        };
        let is_for_scripts = matches!(self.args.format, Format::Json | Format::Csv);
        let (mut caller, mut choice, mut code) = (Caller::Person, Choice::default(), None);
        prompt(caller);
        if self.args.format == Format::Csv {
            console::print(|out| writeln!(out, "{}", write::CSV_HEADER))?;
        }
        for (number, line) in input.lines().enumerate() {
            let Ok(line) = line else { break };
            let line = line.trim();
            if line.is_empty() && !is_for_scripts {
                if at_terminal {
                    break;
                }
                continue;
            }
            let chosen = line.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            let key = chosen.and_then(|number| choice.keys.get(number)).cloned();
            let own = if is_for_scripts {
                self.answer_line(line, number.saturating_add(1))?
            } else if let Some(other) = command(line) {
                caller = other;
                if caller == Caller::Person { 0 } else { self.refuse(caller)? }
            } else if caller != Caller::Person {
                self.refuse(caller)?
            } else if let Some(key) = key {
                let query = std::mem::take(&mut choice.query);
                self.answer(&query, Some(&key), &mut Choice::default())?
            } else {
                choice = Choice::default();
                self.answer(line, None, &mut choice)?
            };
            // At a terminal the last call counts, in a pipe every one.
            let before = code.filter(|_| !at_terminal).unwrap_or(0);
            code = Some(own.max(before));
            prompt(caller);
        }
        Ok(code.unwrap_or(1))
    }

    /// Says that nothing may be said; that is noted too.
    pub(super) fn refuse(&self, caller: Caller) -> Result<u8, Failure> {
        let kind = match caller {
            Caller::Unidentified => "unidentified",
            Caller::ThirdParty | Caller::Person => "third-party",
        };
        self.log(kind, 0, &[], &[])?;
        let empty = SavedRun::default();
        let run = self.books.first().map_or(&empty, |book| &book.run);
        let sentence = answer::general(caller, run, self.context.language);
        console::print(|out| writeln!(out, "{sentence}"))?;
        Ok(1)
    }

    /// Answers one query of the command line.
    pub(super) fn answer_one(&self, query: &str) -> Result<u8, Failure> {
        if self.args.format == Format::Csv {
            console::print(|out| writeln!(out, "{}", write::CSV_HEADER))?;
            return self.answer_line(query, 1);
        }
        self.answer(query, None, &mut Choice::default())
    }

    /// Answers a query with one line.
    fn answer_line(&self, query: &str, number: usize) -> Result<u8, Failure> {
        self.with_persons(query, None, |persons| match self.args.format {
            Format::Csv => write::csv_line(&self.context, persons, number),
            _ => write::json(&self.context, persons, true),
        })
    }

    fn answer(&self, query: &str, key: Option<&str>, choice: &mut Choice) -> Result<u8, Failure> {
        self.with_persons(query, key, |persons| {
            if persons.len() > 1 {
                query.clone_into(&mut choice.query);
                choice.keys =
                    persons.iter().take(write::MOST_PERSONS).map(|own| own.key.clone()).collect();
            }
            match self.args.format {
                Format::Json => write::json(&self.context, persons, false),
                _ => console::print(|out| write::persons(&self.context, persons, out)),
            }
        })
    }

    /// Finds persons, notes the look-up, and has the answer written.
    fn with_persons(
        &self,
        query: &str,
        key: Option<&str>,
        answered: impl FnOnce(&[Person<'_>]) -> Result<(), Failure>,
    ) -> Result<u8, Failure> {
        let Some(query) = Query::new(query, self.args.amount.as_deref()) else {
            return Err(Failure::of_amount(self.context.language));
        };
        let mut payments = Vec::new();
        for book in self.books {
            payments.push((&book.run, book.payments_for(&query)?));
        }
        let mut found: BTreeMap<String, Person<'_>> = BTreeMap::new();
        for (run, payments) in &payments {
            for person in find(payments, &query) {
                let Some(first) = person.payments.first() else { continue };
                let name = first.beneficiary.as_deref().unwrap_or_default();
                let key = format!("{name}\0{}", traits(first).person_key());
                let own = found.entry(key.clone()).or_insert_with(|| Person {
                    by: person.by,
                    key,
                    hits: Vec::new(),
                });
                own.by = own.by.min(person.by);
                own.hits.extend(person.payments.iter().map(|payment| Hit { payment, run }));
            }
        }
        // A weaker way counts only where no stronger one found anybody in any month.
        let strongest = found.values().map(|person| person.by).min();
        let mut persons: Vec<Person<'_>> = found
            .into_values()
            .filter(|person| Some(person.by) == strongest)
            .filter(|person| key.is_none_or(|key| person.key == key))
            .collect();
        for person in &mut persons {
            person.hits.sort_by_key(|hit| hit.payment.due.or(hit.run.due));
        }
        self.note(&persons)?;
        answered(&persons)?;
        let all_credited = matches!(persons.as_slice(), [person]
            if person.hits.iter().all(|hit| hit.payment.status == "credited"));
        Ok(u8::from(!all_credited))
    }

    /// A home as the caller: all its residents, sum and state.
    pub(super) fn facility(&self, name: &str) -> Result<u8, Failure> {
        let wanted = fold_words(name);
        let fits = |text: &Option<String>| {
            let words = fold_words(text.as_deref().unwrap_or_default());
            wanted.iter().all(|wanted| words.iter().any(|word| word.starts_with(wanted)))
        };
        let mut homes: BTreeMap<(Option<NaiveDate>, String), Vec<Hit<'_>>> = BTreeMap::new();
        for book in self.books {
            for payment in book.all()? {
                let is_home = answer::kind(payment) == PayeeKind::Home;
                if !(fits(&payment.facility) || is_home && fits(&payment.payee))
                    || wanted.is_empty()
                {
                    continue;
                }
                let home = payment.facility.as_ref().or(payment.payee.as_ref());
                let key = (book.run.due, home.cloned().unwrap_or_default());
                homes.entry(key).or_default().push(Hit { payment, run: &book.run });
            }
        }
        let told: Vec<Told> = homes.values().flatten().map(|hit| told(hit.payment)).collect();
        self.log("facility", homes.len(), &[], &told)?;
        let all_credited = !homes.is_empty()
            && homes.values().flatten().all(|hit| hit.payment.status == "credited");
        match self.args.format {
            Format::Json => {
                let hits: Vec<Person<'_>> = homes
                    .into_iter()
                    .map(|((_, key), hits)| Person { by: FoundBy::Name, key, hits })
                    .collect();
                write::json(&self.context, &hits, false)?;
            }
            _ => console::print(|out| write::homes(&self.context, &homes, out))?,
        }
        Ok(u8::from(!all_credited))
    }

    fn note(&self, persons: &[Person<'_>]) -> Result<(), Failure> {
        let kind = match persons.first().map(|person| person.by) {
            Some(FoundBy::CaseId) => "case",
            Some(FoundBy::Iban | FoundBy::IbanEnd) => "iban",
            Some(FoundBy::Name | FoundBy::NameStart) => "name",
            Some(FoundBy::Similar) => "similar",
            None => "nobody",
        };
        let reasons: Vec<String> = match persons {
            [person] => person.hits.iter().map(|hit| hit.payment.reason.clone()).collect(),
            _ => Vec::new(),
        };
        // Several persons are a choice, and nothing is told yet.
        let told: Vec<Told> = match persons {
            [person] => person.hits.iter().map(|hit| told(hit.payment)).collect(),
            _ => Vec::new(),
        };
        self.log(kind, persons.len(), &reasons, &told)
    }

    fn log(
        &self,
        kind: &str,
        persons: usize,
        reasons: &[String],
        told: &[Told],
    ) -> Result<(), Failure> {
        let Context { args, config, language, .. } = self.context;
        let Some(log) = log_of(args, config, language) else { return Ok(()) };
        log.append(&Entry { when: &clock::now(), kind, persons, reasons, told })
    }
}
