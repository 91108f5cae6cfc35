//! Evidence against a payment, planted in every place of every format that can hold text.
//!
//! A month of each format is taken, and in every cell, element or subfield of a booking that proves a payment one
//! thing is planted at a time: a return word, another account, another payment's case number, another month, a mark of
//! a pending booking, a later value date. The payment must then not be credited, or [`accepted`] says why that place may not
//! matter. Harmless plantings must change nothing. With `--nocapture` the counts are shown; `docs/verification.md`
//! holds them.

use std::collections::BTreeMap;
use std::path::Path;

use gutschrift::verdict::judge;
use gutschrift::verdict::outcome::JudgedPayment;
use gutschrift::verdict::outcome::Rule;
use gutschrift::verdict::result::Outcome;
use gutschrift::verdict::status::Status;
use gutschrift::verdict::terms::Terms;

use crate::month;
use crate::month::Files;
use crate::planting_places::Place;
use crate::planting_places::line_start;
use crate::planting_places::places;

/// What is planted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Planting {
    /// Words and code of a returned transfer.
    Return,
    /// A valid account of somebody else, where no field of its own states the payee's.
    OtherAccount,
    /// Another payment's case number.
    OtherCase,
    /// Another month.
    OtherMonth,
    /// A mark that the booking is only announced.
    Pending,
    /// A mark that it was booked with a reservation.
    Reserved,
    /// A value date after the due day.
    LaterValueDate,
}

const PLANTINGS: [Planting; 7] = [
    Planting::Return,
    Planting::OtherAccount,
    Planting::OtherCase,
    Planting::OtherMonth,
    Planting::Pending,
    Planting::Reserved,
    Planting::LaterValueDate,
];

/// Months with one booking a payment, one of each format and layout: all exports, and these.
fn samples() -> Vec<String> {
    let traps = std::fs::read_dir("samples/traps").unwrap();
    let names = traps.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut samples: Vec<String> = names.filter(|name| name.starts_with("export-")).collect();
    samples.extend(["intraday-booked", "mt940-reversal-mark", "return-by-id"].map(str::to_owned));
    samples.sort();
    samples
}

/// Why a planting in this place may leave the payment credited.
fn accepted(place: &Place, planting: Planting, payment: &JudgedPayment) -> Option<&'static str> {
    let rule = payment.verdict.rule;
    let names_month = || ["11/2023", "November"].iter().any(|own| place.own_text.contains(own));
    match planting {
        Planting::OtherCase | Planting::OtherMonth if rule == Some(Rule::EndToEndId) => {
            Some("the booking bears the payment's own end-to-end id (PRODUCT 5, tier 1)")
        }
        Planting::OtherCase if rule == Some(Rule::Reference) => {
            Some("the text names the payment's own case too, whose amount alone it fits (tier 2)")
        }
        Planting::OtherMonth if is_name(&place.name) || is_short(&place.name) => {
            Some("months are read from texts, not from names, days and bank codes")
        }
        Planting::OtherMonth if names_month() => Some("the text names the run's own month too"),
        Planting::Return | Planting::Pending | Planting::Reserved if is_name(&place.name) => {
            Some("a name is a name: there are people called Storno and Offen")
        }
        Planting::Return | Planting::Pending | Planting::Reserved if is_code(&place.name) => {
            Some("a code, an amount or an id by its schema: no words can stand there")
        }
        _ => None,
    }
}

/// Whether a place holds the name of a party.
fn is_name(place: &str) -> bool {
    let words =
        ["Name ", "nger", "nstigter", "Beguenstigter", "Zahlungspflichtige", "Auftraggeber/"];
    place.ends_with("/Nm") || place == "?32" || words.iter().any(|word| place.contains(word))
}

/// Whether a column holds a day or a bank code.
fn is_short(place: &str) -> bool {
    ["Buchungstag", "Valuta", "BLZ", "BIC"].iter().any(|word| place.contains(word))
}

/// Whether an element holds a code, an amount or an id.
fn is_code(place: &str) -> bool {
    let codes = ["/Amt", "/CdtDbtInd", "/AcctSvcrRef", "/EndToEndId"];
    place.contains("/BkTxCd/") || codes.iter().any(|code| place.ends_with(code))
}

/// Judged with all rows in full, and once more with plain rows in brief: the same must come out.
fn judged(files: &Files) -> Option<Outcome> {
    let whole = judge(month::inputs(files).ok()?, &Terms::default()).ok()?.unfolded();
    let brief = judge(month::inputs_in_brief(files).ok()?, &Terms::default()).ok()?.unfolded();
    let verdict =
        |one: &JudgedPayment| (one.verdict.status, one.verdict.reason, one.verdict.evidence);
    assert!(whole.payments.iter().map(verdict).eq(brief.payments.iter().map(verdict)));
    Some(whole)
}

/// The single booking that a credited payment rests on: its file and line.
fn proof(outcome: &Outcome, payment: &JudgedPayment) -> Option<(String, u32)> {
    let [entry] = payment.verdict.entries.as_slice() else { return None };
    let file = outcome.files.get(usize::try_from(entry.place.file.0).ok()?)?;
    Some((file.path.clone(), entry.place.line))
}

/// The words of a planting for this payment; `None` where the place cannot hold it.
fn words(
    planting: Planting,
    place: &Place,
    payment: &JudgedPayment,
    all: &[JudgedPayment],
) -> Option<String> {
    let other = || all.iter().find(|other| other.payment.case_id != payment.payment.case_id);
    Some(match planting {
        Planting::Return => "Rueckgabe AC04 Konto erloschen".to_owned(),
        Planting::OtherAccount if place.states_account => return None,
        Planting::OtherAccount => other()?.payment.iban.as_ref()?.reveal().to_owned(),
        Planting::OtherCase => format!("Az {}", other()?.payment.case_id.as_ref()?),
        Planting::OtherMonth => "Sozialhilfe Oktober 2023".to_owned(),
        Planting::Pending => "nicht gebucht".to_owned(),
        Planting::Reserved => "Buchung vorlaeufig".to_owned(),
        Planting::LaterValueDate => return None,
    })
}

#[test]
fn nothing_planted_against_a_payment_leaves_it_credited() {
    let mut counts: BTreeMap<(Planting, &str), u32> = BTreeMap::new();
    let mut unexplained = Vec::new();
    for sample in samples() {
        let files = month::files(&Path::new("samples/traps").join(&sample));
        let outcome = judged(&files).unwrap();
        let credited: Vec<&JudgedPayment> = outcome
            .payments
            .iter()
            .filter(|payment| payment.verdict.status == Status::Credited)
            .collect();
        assert!(!credited.is_empty(), "{sample}: nobody is credited");
        for payment in credited {
            let Some((file, line)) = proof(&outcome, payment) else { continue };
            let bytes = &files[&file];
            for place in places(bytes, line) {
                for planting in PLANTINGS {
                    let planted = match words(planting, &place, payment, &outcome.payments) {
                        Some(words) => place.with(bytes, &words),
                        None if planting == Planting::LaterValueDate => {
                            match place.with_later_day(bytes) {
                                Some(planted) => planted,
                                None => continue,
                            }
                        }
                        None => continue,
                    };
                    let mut month = files.clone();
                    month.insert(file.clone(), planted);
                    let after = judged(&month);
                    let case = &payment.payment.case_id;
                    let now = after.as_ref().and_then(|after| {
                        after.payments.iter().find(|other| other.payment.case_id == *case)
                    });
                    let answer = match now {
                        None => "refused",
                        Some(now) if now.verdict.status != Status::Credited => "not credited",
                        Some(now) if accepted(&place, planting, now).is_some() => "accepted",
                        Some(now) => {
                            unexplained.push(format!(
                                "{sample}: {planting:?} in {} leaves {} credited ({:?})",
                                place.name,
                                case.as_deref().unwrap_or_default(),
                                now.verdict.rule
                            ));
                            "unexplained"
                        }
                    };
                    *counts.entry((planting, answer)).or_default() += 1;
                }
            }
        }
    }
    for ((planting, answer), count) in &counts {
        println!("{planting:?} {answer}: {count}");
    }
    assert!(counts.values().sum::<u32>() > 500, "too few places");
    assert!(unexplained.is_empty(), "{} of them:\n{}", unexplained.len(), unexplained.join("\n"));
}

/// A line planted in all exports that are texts: above the booking that proves a payment.
fn with_line_above(planted: &str, check: impl Fn(&str, &JudgedPayment, Option<&JudgedPayment>)) {
    let mut count = 0;
    for sample in samples() {
        let files = month::files(&Path::new("samples/traps").join(&sample));
        let outcome = judged(&files).unwrap();
        for payment in
            outcome.payments.iter().filter(|payment| payment.verdict.status == Status::Credited)
        {
            let Some((file, line)) = proof(&outcome, payment) else { continue };
            if !file.to_lowercase().ends_with(".csv") {
                continue;
            }
            let bytes = &files[&file];
            let start = line_start(bytes, line);
            let mut month = files.clone();
            let above = [&bytes[..start], planted.as_bytes(), b"\r\n", &bytes[start..]].concat();
            month.insert(file.clone(), above);
            let after = judged(&month);
            let now = after.as_ref().and_then(|after| {
                let case = &payment.payment.case_id;
                after.payments.iter().find(|other| other.payment.case_id == *case)
            });
            check(&sample, payment, now);
            count += 1;
        }
    }
    assert!(count > 10, "too few exports");
}

#[test]
fn a_title_says_that_the_bookings_below_it_are_announced() {
    for title in ["Vorgemerkte Buchungen", "Nicht gebuchte Buchungen", "Pending transactions"] {
        with_line_above(title, |sample, _, now| {
            let credited = now.is_some_and(|now| now.verdict.status == Status::Credited);
            assert!(!credited, "{sample}: {title}");
        });
    }
    let note = "Die Buchungen enthalten keine vorgemerkten Umsaetze";
    with_line_above(note, |sample, before, now| {
        let now = now.map(|now| now.verdict.status);
        assert_eq!(now, Some(before.verdict.status), "{sample}: {note}");
    });
}

#[test]
fn what_is_harmless_changes_nothing() {
    for sample in samples() {
        let files = month::files(&Path::new("samples/traps").join(&sample));
        let outcome = judged(&files).unwrap();
        for payment in
            outcome.payments.iter().filter(|payment| payment.verdict.status == Status::Credited)
        {
            let Some((file, line)) = proof(&outcome, payment) else { continue };
            let bytes = &files[&file];
            let own = payment.payment.iban.as_ref().map_or("", |iban| iban.reveal());
            for place in places(bytes, line).iter().filter(|place| place.is_remittance) {
                for words in [own, "gebucht: ja", "keine Rueckgabe", "Rueckzahlung Darlehen"] {
                    let mut month = files.clone();
                    month.insert(file.clone(), place.with(bytes, words));
                    let after = judged(&month).unwrap();
                    let now = after
                        .payments
                        .iter()
                        .find(|other| other.payment.case_id == payment.payment.case_id);
                    let now = now.map(|now| (now.verdict.status, now.verdict.reason));
                    assert_eq!(
                        now,
                        Some((payment.verdict.status, payment.verdict.reason)),
                        "{sample}: {words:?} in {}",
                        place.name
                    );
                }
            }
        }
    }
}
