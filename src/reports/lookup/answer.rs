//! What the clerk reads out, and the facts below it. Plain words, no promise that the evidence
//! does not bear: money is "in the account" only where the payee's bank confirmed it.

use chrono::NaiveDate;

use crate::model::amount::Amount;
use crate::model::language::Language;
use crate::model::text::harmless;
use crate::model::text::leaving;
use crate::reports::lookup::SavedPayment;
use crate::reports::lookup::SavedRun;
use crate::reports::wording::Words;

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

/// Whom to call about a payment.
#[derive(Clone, Debug, Default)]
pub struct Office {
    /// Its name.
    pub name: String,
    /// Its telephone number.
    pub phone: Option<String>,
}

/// The sentence for callers who may not be told anything about a person.
pub fn general(caller: Caller, run: &SavedRun, language: Language) -> String {
    let words = Words(language);
    match (caller, run.due, run.horizon) {
        (Caller::Unidentified, Some(due), Some(horizon)) => match language {
            Language::De => format!(
                "Ich darf Ihnen nur den allgemeinen Stand nennen: Die Zahlungen sind zum {} fällig. Einzelne kommen bis zum {}.",
                words.day(due),
                words.day(horizon)
            ),
            Language::En => format!(
                "I can only tell you the general state: payments are due on {}. Some arrive by {}.",
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

/// The sentence to read out for one payment.
pub fn sentence(
    payment: &SavedPayment,
    run: &SavedRun,
    office: &Office,
    language: Language,
) -> String {
    let words = Words(language);
    let day = |day: Option<NaiveDate>| day.map_or_else(|| "?".to_owned(), |day| words.day(day));
    let name = if office.name.is_empty() {
        words.pick("Ihrem Sozialamt", "your social office").to_owned()
    } else {
        harmless(&office.name)
    };
    let german = language == Language::De;
    let (booked, latest) = (day(payment.booked_on), day(payment.latest_credit));
    match (payment.status.as_str(), payment.reason.as_str()) {
        ("credited", _) if payment.evidence == "E7" => {
            let on = day(payment.credited_on);
            if german {
                format!("Die Bank hat bestätigt: Ihr Geld ist seit dem {on} auf dem Konto.")
            } else {
                format!("The bank has confirmed it: your money has been in the account since {on}.")
            }
        }
        ("credited", "nothing-due") => words
            .pick(
                "Diesen Monat wird an Sie selbst nichts ausgezahlt. Das Geld geht direkt an andere, zum Beispiel an den Vermieter.",
                "Nothing is paid to you yourself this month. The money goes directly to others, for example the landlord.",
            )
            .to_owned(),
        ("credited", "other-channel") => words
            .pick(
                "Ihr Geld wurde nicht überwiesen, sondern ausgezahlt. Wir haben dafür einen Beleg.",
                "Your money was not transferred but handed out. We have a receipt for it.",
            )
            .to_owned(),
        ("credited", _) => {
            if german {
                format!("Wir haben Ihr Geld am {booked} überwiesen. Spätestens am {latest} muss es bei Ihrer Bank sein.")
            } else {
                format!("We transferred your money on {booked}. It has to be with your bank on {latest} at the latest.")
            }
        }
        ("delayed", "booked-late") => {
            if german {
                format!("Ihr Geld kommt etwas später. Wir haben es am {booked} überwiesen. Schauen Sie bitte am {latest} noch einmal auf Ihr Konto. Es tut uns leid.")
            } else {
                format!("Your money comes a little later. We transferred it on {booked}. Please look at your account again on {latest}. We are sorry.")
            }
        }
        ("delayed", _) => {
            let horizon = day(run.horizon);
            if german {
                format!("Ihr Geld ist noch unterwegs. Schauen Sie bitte am {horizon} auf Ihr Konto. Ist es dann nicht da, rufen Sie uns bitte wieder an.")
            } else {
                format!("Your money is still on its way. Please look at your account on {horizon}. If it is not there, please call us again.")
            }
        }
        (_, "returned") => {
            if german {
                format!("Ihr Geld ist zu uns zurückgekommen. Bitte geben Sie {name} Ihre Bankverbindung, schriftlich oder persönlich.")
            } else {
                format!("Your money came back to us. Please give {name} your bank details, in writing or in person.")
            }
        }
        (_, "bank-data-missing") => words
            .pick(
                "Ich kann es noch nicht sagen: Mir fehlen Daten der Bank. Bitte rufen Sie später noch einmal an.",
                "I cannot say yet: data of the bank are missing. Please call again later.",
            )
            .to_owned(),
        (_, "not-found") => words
            .pick(
                "Ich sehe noch keine Überweisung an Sie. Ich gebe das gleich weiter, und wir rufen Sie zurück.",
                "I do not see a transfer to you yet. I pass this on at once, and we will call you back.",
            )
            .to_owned(),
        (_, "stopped") => {
            if german {
                format!("Diese Zahlung ist angehalten. Bitte sprechen Sie mit {name}.")
            } else {
                format!("This payment is stopped. Please speak with {name}.")
            }
        }
        _ => words
            .pick(
                "Ihre Zahlung wird gerade geprüft. Ich gebe das gleich weiter, und wir rufen Sie zurück.",
                "Your payment is being checked. I pass this on at once, and we will call you back.",
            )
            .to_owned(),
    }
}

/// The facts below the sentence, one a line.
pub fn facts(payment: &SavedPayment, office: &Office, language: Language) -> Vec<String> {
    let words = Words(language);
    let day = |day: Option<NaiveDate>| day.map(|day| words.day(day));
    let amount = payment.amount.as_deref().and_then(|text| Amount::from_iso(text).ok());
    let reason = crate::verdict::reason::Reason::from_name(&payment.reason);
    let mut lines = Vec::new();
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            lines.push(format!("{name}: {}", harmless(&value)));
        }
    };
    add(words.pick("Az.", "case"), payment.case_id.clone());
    add(words.pick("Leistung", "benefit"), payment.benefit.clone());
    add(words.pick("an", "to"), payment.payee.clone().or_else(|| payment.beneficiary.clone()));
    add("IBAN", payment.iban.as_deref().map(masked));
    add(words.pick("Betrag", "amount"), amount.map(|amount| format!("{} €", words.amount(amount))));
    let label = reason.map(|reason| format!("{} ({})", reason.label(language), payment.evidence));
    add(words.pick("Stand", "state"), label);
    add(words.pick("gebucht", "booked"), day(payment.booked_on));
    if payment.status != "follow-up" {
        add(words.pick("erwartet", "expected"), day(payment.credited_on));
        add(words.pick("spätestens", "at the latest"), day(payment.latest_credit));
    }
    add(words.pick("zu tun", "to do"), payment.action.clone());
    let phone = office.phone.as_deref().map(|phone| format!("{} {phone}", office.name));
    add(words.pick("zuständig", "whom to call"), phone.or_else(|| Some(office.name.clone())));
    let source = format!("{}:{}", payment.source.file, payment.source.line);
    add(words.pick("Liste", "list"), Some(source));
    for entry in &payment.entries {
        let place = format!("{}:{} ({})", entry.file, entry.line, entry.amount);
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
    own.source.file = leaving(&payment.source.file, full_iban);
    for entry in &mut own.entries {
        entry.file = leaving(&entry.file, full_iban);
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
        let run = SavedRun { due: None, horizon: NaiveDate::from_ymd_opt(2023, 12, 1) };
        for (evidence, said) in [("E4", false), ("E5", false), ("E6", false), ("E7", true)] {
            let payment = SavedPayment {
                status: "credited".to_owned(),
                reason: "booked".to_owned(),
                evidence: evidence.to_owned(),
                ..SavedPayment::default()
            };
            let german = sentence(&payment, &run, &Office::default(), Language::De);
            assert_eq!(german.contains("auf dem Konto"), said, "{evidence}");
            let english = sentence(&payment, &run, &Office::default(), Language::En);
            assert_eq!(english.contains("in the account"), said, "{evidence}");
        }
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
