//! `gutschrift resolve`: a decision about a payment, beside its verdict.

use serde::Deserialize;

use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::month::OpenMonth;
use crate::cli::month::is_place;
use crate::cli::month::shown;
use crate::cli::store_arguments::ResolveArgs;
use crate::model::language::Language;
use crate::model::text::leaving;
use crate::reports::resolution::Kind;
use crate::store::find;
use crate::store::identity::Identity;
use crate::store::journal::Booking;
use crate::store::journal::What;
use crate::store::row::Cited;
use crate::store::row::Row;

/// A booking of a kept result.
#[derive(Deserialize)]
struct Entry {
    file: String,
    line: u32,
    booking_date: Option<chrono::NaiveDate>,
    amount: String,
}

#[derive(Deserialize)]
struct File {
    path: String,
    sha256: String,
}

#[derive(Deserialize)]
struct Run {
    files: Vec<File>,
}

/// A kept result, as far as its bookings are asked for.
#[derive(Deserialize)]
struct Bookings {
    run: Run,
    bank_entries: Vec<Entry>,
}

/// Runs the command; gives the exit code.
///
/// # Errors
///
/// A query that does not mean exactly one payment, and decisions that make no sense; nothing is noted then.
pub fn run(args: &ResolveArgs) -> Result<u8, Failure> {
    let language = console::language(args.lang, None);
    fits_kind(args, language)?;
    let month = OpenMonth::open(&args.store, args.month, language)?;
    let number = month.one(&args.query, args.amount.as_deref(), args.row.as_deref())?;
    let rows = month.rows();
    let (Some(row), Some(payment)) = (rows.get(number), find::identity(rows, number)) else {
        return Ok(1);
    };
    let entry = match &args.entry {
        Some(place) => Some(booking(&month, &payment, number, place)?),
        None => None,
    };
    let stands = month.journals.view.of(&payment).last();
    let is_open =
        stands.is_none_or(|event| matches!(event.what, What::Decision { kind: Kind::Open, .. }));
    if args.kind == Kind::Open && is_open {
        return Err(Failure::Usage(
            language
                .pick(
                    "Über diese Zahlung ist nichts entschieden; es gibt nichts zurückzunehmen.",
                    "nothing is decided about this payment; there is nothing to take back",
                )
                .to_owned(),
        ));
    }
    console::print(|out| {
        writeln!(out, "{}", shown(row).trim_start())?;
        writeln!(out, "{}", effect(args.kind, row, entry.as_ref(), language))?;
        if args.dry_run {
            let nothing = language
                .pick("Nichts wurde notiert (--dry-run).", "Nothing was noted (--dry-run).");
            writeln!(out, "{nothing}")?;
        }
        Ok(())
    })?;
    if args.dry_run {
        return Ok(0);
    }
    let what = What::Decision {
        payment,
        kind: args.kind,
        until: args.until,
        note: args.note.as_deref().map(|note| leaving(note, false)),
        entry,
        evidence: row.evidence_digest(),
    };
    month.store.note(args.by.as_deref().map(|by| leaving(by, false)), what)?;
    Ok(0)
}

/// Whether the options go with the kind.
fn fits_kind(args: &ResolveArgs, language: Language) -> Result<(), Failure> {
    let complaint = match (args.kind, args.entry.is_some(), args.until.is_some()) {
        (Kind::Assigned, false, _) => language.pick(
            "--as assigned braucht --entry DATEI:ZEILE",
            "--as assigned needs --entry FILE:LINE",
        ),
        (kind, true, _) if kind != Kind::Assigned => language
            .pick("--entry gibt es nur mit --as assigned", "--entry goes with --as assigned only"),
        (Kind::Waiting, _, false) => {
            language.pick("--as waiting braucht --until TAG", "--as waiting needs --until DAY")
        }
        (kind, _, true) if kind != Kind::Waiting => language
            .pick("--until gibt es nur mit --as waiting", "--until goes with --as waiting only"),
        _ => return Ok(()),
    };
    Err(Failure::Usage(complaint.to_owned()))
}

/// The booking at a place, if it is free.
fn booking(
    month: &OpenMonth,
    payment: &Identity,
    number: usize,
    place: &str,
) -> Result<Booking, Failure> {
    let language = month.store.language;
    let refuse = |german: String, english: String| {
        Failure::Usage(match language {
            Language::De => german,
            Language::En => english,
        })
    };
    let place_shown = leaving(place, false);
    let bookings: Bookings = serde_json::from_slice(&month.store.bytes(&month.run)?)
        .map_err(|_| month.store.damaged(&month.run))?;
    let mut fitting =
        bookings.bank_entries.iter().filter(|entry| is_place(place, &entry.file, entry.line));
    let entry = match (fitting.next(), fitting.next()) {
        (Some(entry), None) => entry,
        (None, _) => {
            return Err(refuse(
                format!("Bei {place_shown} steht im letzten Ergebnis keine Buchung"),
                format!("there is no booking at {place_shown} in the last result"),
            ));
        }
        (Some(_), Some(_)) => {
            return Err(refuse(
                format!(
                    "Bei {place_shown} stehen mehrere Buchungen; bitte den ganzen Pfad angeben"
                ),
                format!("there are several bookings at {place_shown}; please give the whole path"),
            ));
        }
    };
    let is_it = |cited: &Cited| *cited.file == *entry.file && cited.line == entry.line;
    let rows = month.rows();
    let own = rows.get(number);
    let mut others = rows.iter().enumerate().filter(|(other, _)| *other != number);
    let other = others.find(|(_, row)| row.has_firmly(is_it, own));
    if let Some((_, other)) = other {
        return Err(refuse(
            format!("Diese Buchung ist schon der Beleg einer anderen Zahlung:\n{}", shown(other)),
            format!("this booking is the proof of another payment already:\n{}", shown(other)),
        ));
    }
    let digest = bookings.run.files.iter().find(|file| file.path == entry.file);
    let booking = Booking {
        file: entry.file.clone(),
        line: entry.line,
        sha256: digest.map(|file| file.sha256.clone()),
        booking_date: entry.booking_date,
        amount: entry.amount.clone(),
    };
    let is_same =
        |other: &Booking| other.is_at(&booking.file, booking.sha256.as_deref(), booking.line);
    let view = &month.journals.view;
    let taken = view
        .payments()
        .filter(|other| *other != payment)
        .find(|other| view.assigned(other).is_some_and(is_same));
    if let Some(other) = taken {
        let case = leaving(other.case_id.as_deref().unwrap_or("-"), false);
        return Err(refuse(
            format!("Diese Buchung ist schon einer anderen Zahlung zugeordnet (Az. {case})"),
            format!("this booking is assigned to another payment already (case {case})"),
        ));
    }
    Ok(booking)
}

/// What the decision does, before it does it.
fn effect(kind: Kind, row: &Row, entry: Option<&Booking>, language: Language) -> String {
    let mut text = match (kind, language) {
        (Kind::Open, Language::De) => {
            "wird wieder offen; die frühere Entscheidung bleibt im Journal stehen.".to_owned()
        }
        (Kind::Open, Language::En) => {
            "will be open again; the decision before stays in the journal.".to_owned()
        }
        (_, Language::De) => format!(
            "wird entschieden: {}; das Urteil ({}) bleibt, niemand muss mehr etwas tun, bis andere Belege kommen.",
            kind.label(language),
            row.reason
        ),
        (_, Language::En) => format!(
            "will be settled: {}; the verdict ({}) stays, nobody has to act until other evidence comes.",
            kind.label(language),
            row.reason
        ),
    };
    if let Some(entry) = entry {
        let place = format!("{}:{}", leaving(&entry.file, false), entry.line);
        let own = row.amount.as_deref().unwrap_or("-");
        let differs = entry.amount.trim_start_matches('-') != own;
        text = match language {
            Language::De => format!(
                "{text}\nDie Buchung {place} über {} gehört dann dieser Zahlung und keiner anderen.",
                entry.amount
            ),
            Language::En => format!(
                "{text}\nThe booking {place} of {} is then this payment's and nobody else's.",
                entry.amount
            ),
        };
        if differs {
            text.push_str(language.pick(
                "\nACHTUNG: ein anderer Betrag als in der Liste.",
                "\nNOTE: another amount than the list's.",
            ));
        }
    }
    text
}
