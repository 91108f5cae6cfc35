//! Answers as they are shown: sentences with their facts, JSON, one line of CSV.

use std::collections::BTreeMap;
use std::io;
use std::io::Write;

use chrono::NaiveDate;
use serde::Serialize;

use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::lookup::context::Context;
use crate::cli::lookup::context::Hit;
use crate::cli::lookup::context::Person;
use crate::model::amount::Amount;
use crate::model::language::Language;
use crate::model::text::harmless;
use crate::reports::fields::Pen;
use crate::reports::lookup::SavedPayment;
use crate::reports::lookup::answer;
use crate::reports::lookup::search::FoundBy;
use crate::reports::options::Options;
use crate::reports::sentences;
use crate::reports::wording::Words;
use crate::verdict::outcome::Tally;
use crate::verdict::reason::Reason;
use crate::verdict::status::Status;

/// So many persons are named to choose from.
pub(super) const MOST_PERSONS: usize = 12;

/// The columns of the CSV: one row a query.
pub(super) const CSV_HEADER: &str =
    "query,persons,similar,payments,status,reason,amount,due,credited_on,sentence";

/// The persons found, with what is read out.
pub(super) fn persons(
    context: &Context<'_>,
    persons: &[Person<'_>],
    out: &mut dyn Write,
) -> io::Result<()> {
    let language = context.language;
    match persons {
        [] => writeln!(
            out,
            "„{}“\n\n  {}",
            context.nobody(),
            language.pick(
                "Niemand gefunden. Schreibweise, Az. oder IBAN-Ende prüfen; vielleicht steht die Zahlung auf einer anderen Liste.",
                "Nobody found. Check spelling, case number or end of the IBAN; the payment may stand on another list.",
            )
        ),
        [person] => one(context, person, out),
        several => {
            let count = u64::try_from(several.len()).unwrap_or(u64::MAX);
            writeln!(
                out,
                "{}",
                match language {
                    Language::De => format!("{count} Personen passen; bitte wählen oder genauer fragen:"),
                    Language::En => format!("{count} persons fit; please choose or ask more closely:"),
                }
            )?;
            for (number, person) in several.iter().take(MOST_PERSONS).enumerate() {
                let Some(hit) = person.hits.first() else { continue };
                let shown = |text: &Option<String>| harmless(text.as_deref().unwrap_or("-"));
                let iban = hit.payment.iban.as_deref().map(answer::masked).unwrap_or_default();
                writeln!(
                    out,
                    "  {:>2}  {}  {}  {}{}",
                    number.saturating_add(1),
                    shown(&hit.payment.case_id),
                    shown(&hit.payment.beneficiary),
                    harmless(&iban),
                    if person.by == FoundBy::Similar {
                        language.pick("  (ähnlich)", "  (similar)")
                    } else {
                        ""
                    },
                )?;
            }
            match several.len().checked_sub(MOST_PERSONS) {
                Some(more) if more > 0 => {
                    writeln!(out, "  … {} {more}", language.pick("und weitere:", "and more:"))
                }
                _ => Ok(()),
            }
        }
    }
}

fn one(context: &Context<'_>, person: &Person<'_>, out: &mut dyn Write) -> io::Result<()> {
    if let Some(warning) = ask_back(person.by, context.language) {
        writeln!(out, "{warning}")?;
    }
    for hit in &person.hits {
        let office = context.office_of(hit.payment);
        writeln!(out, "„{}“\n", context.sentence(*hit))?;
        for fact in answer::facts(hit.payment, &office, context.language) {
            writeln!(out, "  {fact}")?;
        }
        for line in context.told(hit.payment) {
            writeln!(out, "  {}", harmless(&line))?;
        }
        writeln!(out)?;
    }
    Ok(())
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

fn amount_of(payment: &SavedPayment) -> Amount {
    let amount = payment.amount.as_deref().and_then(|text| Amount::from_iso(text).ok());
    amount.unwrap_or(Amount::ZERO)
}

fn status_of(name: &str) -> Status {
    Status::ALL.into_iter().find(|status| status.name() == name).unwrap_or(Status::FollowUp)
}

/// Homes, each with a sentence for all residents and a line for each of them.
pub(super) fn homes(
    context: &Context<'_>,
    homes: &BTreeMap<(Option<NaiveDate>, String), Vec<Hit<'_>>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let words = Words(context.language);
    if homes.is_empty() {
        return writeln!(
            out,
            "{}",
            words.pick("Keine Einrichtung dieses Namens.", "No facility of this name.")
        );
    }
    for ((due, name), hits) in homes {
        let mut parts = BTreeMap::<Status, Tally>::new();
        let mut all = Tally::default();
        for hit in hits {
            let amount = amount_of(hit.payment);
            all.add(amount);
            parts.entry(status_of(&hit.payment.status)).or_default().add(amount);
        }
        writeln!(
            out,
            "„{}“\n",
            home_sentence(&harmless(name), *due, all, &parts, context.language)
        )?;
        for hit in hits {
            let payment = hit.payment;
            let reason = Reason::from_name(&payment.reason);
            let shown = |text: &Option<String>| harmless(text.as_deref().unwrap_or("-"));
            writeln!(
                out,
                "  {}  {}  {} €  {}{}",
                shown(&payment.case_id),
                shown(&payment.beneficiary),
                words.amount(amount_of(payment)),
                reason.map_or("?", |reason| reason.label(context.language)),
                payment.booked_on.map(|day| format!("  {}", words.day(day))).unwrap_or_default(),
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// What is read out to a home about all its residents.
fn home_sentence(
    name: &str,
    due: Option<NaiveDate>,
    all: Tally,
    parts: &BTreeMap<Status, Tally>,
    language: Language,
) -> String {
    let words = Words(language);
    let month = due.map(|due| sentences::month(due, language));
    let month = month.map(|month| match language {
        Language::De => format!(" für {month}"),
        Language::En => format!(" for {month}"),
    });
    let count = words.counted(all.count, ["Zahlung", "Zahlungen"], ["payment", "payments"]);
    let sum = sentences::euros(all.amount, language);
    let mut said = match language {
        Language::De => {
            format!("Es geht um {count}{} an {name}, zusammen {sum}.", month.unwrap_or_default())
        }
        Language::En => {
            format!("This is about {count}{} to {name}, {sum} together.", month.unwrap_or_default())
        }
    };
    for (status, part) in parts {
        let sum = sentences::euros(part.amount, language);
        let is_all = part.count == all.count;
        let count = match (is_all, language) {
            (true, Language::De) => if all.count == 1 { "Sie ist" } else { "Alle sind" }.to_owned(),
            (true, Language::En) => if all.count == 1 { "It is" } else { "All are" }.to_owned(),
            (false, Language::De) if part.count == 1 => "Eine ist".to_owned(),
            (false, Language::De) => format!("{} sind", part.count),
            (false, Language::En) if part.count == 1 => "One is".to_owned(),
            (false, Language::En) => format!("{} are", part.count),
        };
        let what = match status {
            Status::Credited => words.pick("rechtzeitig gezahlt", "paid in time"),
            Status::Delayed => words.pick("verspätet", "delayed"),
            Status::FollowUp => words.pick("noch zu klären", "still to be cleared up"),
        };
        let sum = if is_all { String::new() } else { format!(", {sum}") };
        said.extend([" ", &count, " ", what, &sum, "."]);
    }
    said
}

/// One row for a query; what was asked is told by its number only, as it may be a name.
pub(super) fn csv_line(
    context: &Context<'_>,
    persons: &[Person<'_>],
    number: usize,
) -> Result<(), Failure> {
    let hits: &[Hit<'_>] = match persons {
        [person] => &person.hits,
        _ => &[],
    };
    let worst = hits.iter().map(|hit| status_of(&hit.payment.status)).max();
    let joined = |texts: Vec<String>| texts.join(" ");
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let sentence = match persons {
        [] => context.nobody(),
        [_] => joined(hits.iter().map(|hit| context.sentence(*hit)).collect()),
        _ => String::new(),
    };
    let similar = persons.iter().any(|person| ask_back(person.by, context.language).is_some());
    let fields = [
        number.to_string(),
        persons.len().to_string(),
        similar.to_string(),
        hits.len().to_string(),
        worst.map(Status::name).unwrap_or_default().to_owned(),
        joined(hits.iter().map(|hit| hit.payment.reason.clone()).collect()),
        joined(hits.iter().filter_map(|hit| hit.payment.amount.clone()).collect()),
        joined(hits.iter().map(|hit| day(hit.payment.due)).collect()),
        joined(hits.iter().map(|hit| day(hit.payment.credited_on)).collect()),
        sentence,
    ];
    let mut line = Vec::new();
    let pen = Pen::new(&Options::default());
    pen.record_defused(fields.iter().map(String::as_str), &mut line);
    console::print(|out| out.write_all(&line))
}

/// The persons as JSON, on many lines or on one.
pub(super) fn json(
    context: &Context<'_>,
    persons: &[Person<'_>],
    on_one_line: bool,
) -> Result<(), Failure> {
    #[derive(Serialize)]
    struct Answer {
        sentence: String,
        payment: SavedPayment,
    }
    #[derive(Serialize)]
    struct Document {
        schema: &'static str,
        persons: usize,
        similar: bool,
        sentence: Option<String>,
        answers: Vec<Answer>,
    }
    let hits = persons.iter().flat_map(|person| &person.hits);
    let document = Document {
        schema: "gutschrift.lookup/1",
        persons: persons.len(),
        similar: persons.iter().any(|person| ask_back(person.by, context.language).is_some()),
        sentence: persons.is_empty().then(|| context.nobody()),
        answers: hits
            .map(|hit| {
                let payment = answer::shown(hit.payment, context.full_iban());
                let sentence = context.sentence(Hit { payment: &payment, run: hit.run });
                Answer { sentence, payment }
            })
            .collect(),
    };
    console::print(|out| {
        if on_one_line {
            serde_json::to_writer(&mut *out, &document)?;
        } else {
            serde_json::to_writer_pretty(&mut *out, &document)?;
        }
        writeln!(out)
    })
}
