//! What the clerk reads out, and the facts below it. Plain words, no promise that the evidence
//! does not bear: money is "in the account" only where the payee's bank confirmed it.

use chrono::NaiveDate;

use crate::model::amount::Amount;
use crate::model::language::Language;
use crate::model::text::harmless;
use crate::model::text::leaving;
use crate::reports::lookup::SavedPayment;
use crate::reports::lookup::SavedRun;
use crate::reports::lookup::office::Office;
use crate::reports::sentences;
use crate::reports::sentences::Spoke;
use crate::reports::sentences::payee::Parties;
use crate::reports::sentences::payee::PayeeKind;
use crate::reports::sentences::payee::payee_kind;
use crate::reports::wording::Words;
use crate::verdict::reason::Reason;
use crate::verdict::trace::TraceKind;

/// Who calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Caller {
    /// The person, identified.
    #[default]
    Person,
    /// Somebody else.
    ThirdParty,
    /// Not identified.
    Unidentified,
}

/// The sentence for callers who may not be told anything about a person.
pub fn general(caller: Caller, run: &SavedRun, language: Language) -> String {
    let words = Words(language);
    match (caller, run.due, run.horizon) {
        (Caller::Unidentified, Some(due), Some(horizon)) => match language {
            Language::De => format!(
                "Ich darf Ihnen nur den allgemeinen Stand nennen: Die Zahlungen sind am {} fällig. Einzelne können bis zum {} dauern.",
                words.day(due),
                words.day(horizon)
            ),
            Language::En => format!(
                "I can only tell you the general state: payments are due on {}. Some may take until {}.",
                words.day(due),
                words.day(horizon)
            ),
        },
        _ => words
            .pick(
                "Dazu darf ich Ihnen am Telefon nichts sagen. Schreiben Sie uns bitte, oder kommen Sie mit Ihrem Ausweis vorbei.",
                "I may not tell you anything about this on the phone. Please write to us, or come by with your identity card.",
            )
            .to_owned(),
    }
}

/// The sentence to read out for one payment, on a day.
pub fn sentence(
    payment: &SavedPayment,
    run: &SavedRun,
    office: &Office,
    today: NaiveDate,
    language: Language,
) -> String {
    let text = |text: &Option<String>| harmless(text.as_deref().unwrap_or_default());
    let kind = kind(payment);
    let payee = match kind {
        PayeeKind::Home => payment.facility.as_ref().or(payment.payee.as_ref()),
        _ => payment.payee.as_ref().or(payment.beneficiary.as_ref()),
    };
    let amount = |text: &Option<String>| Amount::from_iso(text.as_deref()?).ok();
    let due = payment.due.or(run.due);
    let own = Spoke {
        reason: Reason::from_name(&payment.reason),
        is_confirmed: payment.evidence == "E7",
        benefit: text(&payment.benefit),
        beneficiary: text(&payment.beneficiary),
        payee: text(&payee.cloned()),
        amount: amount(&payment.amount),
        paid: amount(&payment.credited_amount),
        twins: twins(&payment.trail),
        due,
        horizon: run.horizon.filter(|_| due == run.due),
        booked: payment.booked_on,
        credited: payment.credited_on,
        latest: payment.latest_credit,
    };
    sentences::say(&own, kind, &office.spoken(language), today, language)
}

/// Who is paid by a payment.
pub fn kind(payment: &SavedPayment) -> PayeeKind {
    payee_kind(&Parties {
        benefit: payment.benefit.as_deref().unwrap_or_default(),
        beneficiary: payment.beneficiary.as_deref(),
        payee: payment.payee.as_deref(),
        facility: payment.facility.as_deref(),
    })
}

/// How many payments are alike, and how many bookings fit, as the trail says it in either language.
pub fn twins(trail: &[String]) -> Option<(u64, u64)> {
    let (german, english) = TraceKind::Group.templates();
    [german, english].into_iter().find_map(|template| {
        let (before, rest) = template.split_once("{0}")?;
        let (between, behind) = rest.split_once("{1}")?;
        trail.iter().find_map(|line| {
            let (count, rest) = line.strip_prefix(before)?.split_once(between)?;
            let found = rest.split_once(behind)?.0;
            Some((count.parse().ok()?, found.parse().ok()?))
        })
    })
}

/// The facts below the sentence, one a line.
pub fn facts(payment: &SavedPayment, office: &Office, language: Language) -> Vec<String> {
    let words = Words(language);
    let day = |day: Option<NaiveDate>| day.map(|day| words.day(day));
    let amount = |text: &Option<String>| {
        let amount = Amount::from_iso(text.as_deref()?).ok()?;
        Some(format!("{} €", words.amount(amount)))
    };
    let reason = Reason::from_name(&payment.reason);
    let is_open = payment.status == "follow-up";
    let mut lines = Vec::new();
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            lines.push(format!("{name}: {}", harmless(&value)));
        }
    };
    add(words.pick("Az.", "case"), payment.case_id.clone());
    let benefit = payment.benefit.as_deref().map(|name| sentences::benefit_label(name, language));
    add(words.pick("Leistung", "benefit"), benefit);
    let beneficiary = payment.beneficiary.clone().filter(|_| payment.payee.is_some());
    add(words.pick("für", "for"), beneficiary);
    add(words.pick("an", "to"), payment.payee.clone().or_else(|| payment.beneficiary.clone()));
    add(words.pick("Einrichtung", "facility"), payment.facility.clone());
    add("IBAN", payment.iban.as_deref().map(masked));
    add(words.pick("Betrag", "amount"), amount(&payment.amount));
    let paid = payment.credited_amount.clone().filter(|_| is_open);
    add(words.pick("überwiesen", "transferred"), amount(&paid));
    let label = reason.map(|reason| format!("{} ({})", reason.label(language), payment.evidence));
    add(words.pick("Stand", "state"), label);
    add(
        words.pick("Entscheidung", "decision"),
        payment.resolution.as_ref().map(|own| own.sentence(language)),
    );
    // Which rule decided says nothing to a clerk.
    let rules = TraceKind::DecidedBy.templates();
    let rules = [rules.0, rules.1].map(|text| text.split('{').next().unwrap_or(text));
    let told = |line: &&String| is_open && !rules.iter().any(|rule| line.starts_with(rule));
    for line in payment.trail.iter().filter(told) {
        add(words.pick("warum", "why"), Some(words.prose(line)));
    }
    add(words.pick("fällig", "due"), day(payment.due));
    add(words.pick("gebucht", "booked"), day(payment.booked_on));
    if !is_open {
        add(words.pick("erwartet", "expected"), day(payment.credited_on));
        add(words.pick("spätestens", "at the latest"), day(payment.latest_credit));
    }
    add(words.pick("zu tun", "to do"), payment.action.clone());
    add(words.pick("zuständig", "whom to call"), Some(office.spoken(language)));
    let source = format!("{}:{}", payment.source.file, payment.source.line);
    add(words.pick("Liste", "list"), Some(source));
    for entry in &payment.entries {
        let sum = Amount::from_iso(&entry.amount);
        let sum =
            sum.map_or_else(|_| entry.amount.clone(), |sum| format!("{} €", words.amount(sum)));
        let place = format!("{}:{} ({sum})", entry.file, entry.line);
        add(words.pick("Bank", "bank"), Some(place));
    }
    lines
}

/// A payment as it may be shown: all texts harmless, account numbers masked unless asked for.
pub fn shown(payment: &SavedPayment, full_iban: bool) -> SavedPayment {
    let mut own = payment.clone();
    if !full_iban {
        own.iban = own.iban.as_deref().map(masked);
    }
    for text in [
        &mut own.case_id,
        &mut own.end_to_end_id,
        &mut own.benefit,
        &mut own.beneficiary,
        &mut own.payee,
        &mut own.office,
        &mut own.facility,
        &mut own.iban,
        &mut own.action,
    ] {
        *text = text.as_deref().map(|text| leaving(text, full_iban));
    }
    if let Some(resolution) = &mut own.resolution {
        for text in [&mut resolution.by, &mut resolution.note, &mut resolution.entry] {
            *text = text.as_deref().map(|text| leaving(text, full_iban));
        }
    }
    own.source.file = leaving(&payment.source.file, full_iban);
    for entry in &mut own.entries {
        entry.file = leaving(&entry.file, full_iban);
    }
    for line in &mut own.trail {
        *line = leaving(line, full_iban);
    }
    own
}

/// Country and last four characters; what is masked already stays as it is.
pub fn masked(iban: &str) -> String {
    crate::model::iban::Iban::read(iban)
        .filter(|_| !iban.contains('…'))
        .map_or_else(|| iban.to_owned(), |iban| iban.masked())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_the_account_is_said_only_where_it_is_confirmed() {
        let today = NaiveDate::from_ymd_opt(2023, 12, 4).unwrap();
        let run = SavedRun { due: None, horizon: NaiveDate::from_ymd_opt(2023, 12, 1) };
        for (evidence, said) in [("E4", false), ("E5", false), ("E6", false), ("E7", true)] {
            let payment = SavedPayment {
                status: "credited".to_owned(),
                reason: "booked".to_owned(),
                evidence: evidence.to_owned(),
                credited_on: run.horizon,
                ..SavedPayment::default()
            };
            let say = |language| sentence(&payment, &run, &Office::default(), today, language);
            assert_eq!(say(Language::De).contains("auf Ihrem Konto"), said, "{evidence}");
            assert_eq!(say(Language::En).contains("in your account"), said, "{evidence}");
        }
    }

    #[test]
    fn twins_are_counted_in_both_languages() {
        for line in [
            "Gruppe von 2 gleichen Zahlungen, 1 Buchungen passen",
            "group of 2 equal payments, 1 entries fit",
        ] {
            let trail = ["entschieden durch Regel batch".to_owned(), line.to_owned()];
            assert_eq!(twins(&trail), Some((2, 1)));
        }
        assert_eq!(twins(&[]), None);
    }

    #[test]
    fn others_learn_nothing() {
        let run = SavedRun {
            due: NaiveDate::from_ymd_opt(2023, 11, 30),
            horizon: NaiveDate::from_ymd_opt(2023, 12, 1),
        };
        assert!(!general(Caller::ThirdParty, &run, Language::De).contains("2023"));
        assert!(general(Caller::Unidentified, &run, Language::De).contains("30.11.2023"));
    }
}
