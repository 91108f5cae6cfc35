//! Sentences that are read out on the telephone: whose money, which month, what for, how much, to whom;
//! when; what to do; whom to call. One table for all reports, in German and English.

pub mod payee;
pub mod table;

use chrono::Datelike;
use chrono::NaiveDate;

use crate::model::amount::Amount;
use crate::model::language::Language;
use crate::model::payment::Benefit;
use crate::reports::amounts::shown;
use crate::reports::sentences::payee::PayeeKind;
use crate::reports::sentences::table::CONFIRMED;
use crate::reports::sentences::table::Spoken;
use crate::reports::sentences::table::Turn;
use crate::verdict::reason::Reason;
use crate::verdict::status::Status;

/// What is known of a payment that is spoken about; texts are harmless already.
#[derive(Clone, Debug, Default)]
pub struct Spoke {
    /// Its reason; `None` for one that this version does not know.
    pub reason: Option<Reason>,
    /// Whether the payee's side confirmed the credit.
    pub is_confirmed: bool,
    /// The benefit, by its machine name or the list's text.
    pub benefit: String,
    /// The person entitled.
    pub beneficiary: String,
    /// Who is paid, by name.
    pub payee: String,
    /// What is owed.
    pub amount: Option<Amount>,
    /// What was booked, less what came back.
    pub paid: Option<Amount>,
    /// How many equal payments there are, and how many bookings.
    pub twins: Option<(u64, u64)>,
    /// The due day.
    pub due: Option<NaiveDate>,
    /// The last day that counts as delayed.
    pub horizon: Option<NaiveDate>,
    /// Booking day.
    pub booked: Option<NaiveDate>,
    /// Confirmed or expected credit.
    pub credited: Option<NaiveDate>,
    /// The day by which it has to be there.
    pub latest: Option<NaiveDate>,
}

const MONTHS: [[&str; 12]; 2] = [
    [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
];

/// The names of the months.
pub const fn months(language: Language) -> &'static [&'static str; 12] {
    let [german, english] = &MONTHS;
    match language {
        Language::De => german,
        Language::En => english,
    }
}

/// A month with its year, as it is spoken.
pub fn month(day: NaiveDate, language: Language) -> String {
    let slot = usize::try_from(day.month0()).unwrap_or(0);
    let name = months(language).get(slot).copied().unwrap_or_default();
    format!("{name} {}", day.year())
}

/// A day as it is spoken; the year only where it is not that of the month spoken of.
fn day(day: NaiveDate, due: Option<NaiveDate>, language: Language) -> String {
    let slot = usize::try_from(day.month0()).unwrap_or(0);
    let name = months(language).get(slot).copied().unwrap_or_default();
    let year = match due {
        Some(due) if due.year() == day.year() => String::new(),
        _ => format!(" {}", day.year()),
    };
    match language {
        Language::De => format!("{}. {name}{year}", day.day()),
        Language::En => format!("{} {name}{year}", day.day()),
    }
}

/// An amount as it is spoken: whole euros without cents.
pub fn euros(amount: Amount, language: Language) -> String {
    let text = shown(amount, language == Language::De);
    let whole = text.strip_suffix(",00").or_else(|| text.strip_suffix(".00")).unwrap_or(&text);
    let unit = if whole == "1" && language == Language::En {
        "euro"
    } else {
        language.pick("Euro", "euros")
    };
    format!("{whole} {unit}")
}

/// What a benefit is called; the list's own word where it has one.
pub fn benefit_label(name: &str, language: Language) -> String {
    match Benefit::read(name) {
        Benefit::SocialAssistance => language.pick("Sozialhilfe", "social assistance").to_owned(),
        Benefit::CareAssistance => language.pick("Hilfe zur Pflege", "care assistance").to_owned(),
        Benefit::CareHome => language.pick("Pflegeheim", "care home").to_owned(),
        Benefit::Other(text) => text,
        Benefit::Unnamed => String::new(),
    }
}

/// What it is about, with the slots `name`, `month`, `amount` and `payee`. `has` says whether the name of the
/// person and the amount are known.
pub fn lead(kind: PayeeKind, benefit: &str, has: [bool; 2], language: Language) -> String {
    let [has_name, has_amount] = has;
    let is_own = kind == PayeeKind::Person;
    let what = match (Benefit::read(benefit), language) {
        (Benefit::CareHome, Language::De) if is_own => "Ihre Heimkosten".to_owned(),
        (Benefit::CareHome, Language::De) => "die Heimkosten".to_owned(),
        (Benefit::CareHome, Language::En) if is_own => "your care home costs".to_owned(),
        (Benefit::CareHome, Language::En) => "the care home costs".to_owned(),
        (Benefit::Unnamed, Language::De) if is_own => "Ihre Zahlung".to_owned(),
        (Benefit::Unnamed, Language::De) => "die Zahlung".to_owned(),
        (Benefit::Unnamed, Language::En) if is_own => "your payment".to_owned(),
        (Benefit::Unnamed, Language::En) => "the payment".to_owned(),
        (Benefit::Other(text), Language::De) => {
            format!("{} Zahlung „{text}“", if is_own { "Ihre" } else { "die" })
        }
        (Benefit::Other(text), Language::En) => {
            format!("{} payment “{text}”", if is_own { "your" } else { "the" })
        }
        (Benefit::SocialAssistance | Benefit::CareAssistance, Language::De) => {
            format!("{} {}", if is_own { "Ihre" } else { "die" }, benefit_label(benefit, language))
        }
        (Benefit::SocialAssistance | Benefit::CareAssistance, Language::En) => {
            format!("{} {}", if is_own { "your" } else { "the" }, benefit_label(benefit, language))
        }
    };
    let whose = match kind {
        PayeeKind::Guardian | PayeeKind::Home | PayeeKind::Other if has_name => {
            language.pick(" von {name}", " of {name}")
        }
        _ => "",
    };
    let amount = if has_amount { ", {amount}" } else { "" };
    let whom = match kind {
        PayeeKind::Person => "",
        PayeeKind::Guardian => {
            language.pick(" an die rechtliche Betreuung", " to the legal guardian")
        }
        PayeeKind::Landlord => language.pick(" an Ihren Vermieter", " to your landlord"),
        PayeeKind::Home => language.pick(" an die Einrichtung {payee}", " to the facility {payee}"),
        PayeeKind::Other => language.pick(" an {payee}", " to {payee}"),
    };
    let (about, of_month) = match language {
        Language::De => ("Es geht um ", " für {month}"),
        Language::En => ("This is about ", " for {month}"),
    };
    format!("{about}{what}{whose}{of_month}{amount}{whom}.")
}

/// What the table says about a payment: its sentences, and which day they turn on.
pub fn spoken(reason: Option<Reason>, is_confirmed: bool) -> Spoken {
    let reason = reason.unwrap_or(Reason::RowUnreadable);
    let counts = reason.status() != Status::FollowUp;
    if is_confirmed && counts { CONFIRMED } else { table::spoken(reason) }
}

/// A template with what depends on the payee filled in; its own slots stay.
pub fn for_payee(template: &str, kind: PayeeKind, language: Language) -> String {
    // Fragments have slots of their own, which are days.
    filled_as_far(template, &|slot| kind.fragment(slot, language).map(str::to_owned))
}

fn filled_as_far(template: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((slot, behind)) = after.split_once('}') else { break };
        match value(slot) {
            Some(value) => text.push_str(&value),
            None => text.extend(["{", slot, "}"]),
        }
        rest = behind;
    }
    text + rest
}

/// The sentences of a template whose slots all have a value.
fn filled(template: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
    let mut said: Vec<String> = Vec::new();
    for sentence in template.split('|') {
        let missing = std::cell::Cell::new(false);
        let text = filled_as_far(sentence, &|slot| {
            let found = value(slot);
            missing.set(missing.get() || found.is_none());
            found
        });
        if !missing.get() {
            said.push(text);
        }
    }
    said.join(" ")
}

/// How many of equal payments were booked, with its verb.
pub fn found(count: u64, language: Language) -> String {
    match (count, language) {
        (0, Language::De) => "ist keine".to_owned(),
        (1, Language::De) => "ist eine".to_owned(),
        (count, Language::De) => format!("sind {count}"),
        (0, Language::En) => "none was".to_owned(),
        (1, Language::En) => "one was".to_owned(),
        (count, Language::En) => format!("{count} were"),
    }
}

/// What is read out about payments that are alike, before and after the day it turns on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pattern {
    /// Until the end of [`Self::until`].
    pub before: String,
    /// From then on.
    pub after: String,
    /// The last day of `before`; `None` if that is said on every day.
    pub until: Option<NaiveDate>,
}

/// What is read out about a payment on a day. `office` is whom to call; said where something is open.
pub fn say(
    own: &Spoke,
    kind: PayeeKind,
    office: &str,
    today: NaiveDate,
    language: Language,
) -> String {
    let said = pattern(own, kind, office, language, false);
    if said.until.is_some_and(|until| today > until) { said.after } else { said.before }
}

/// The same for both sides of its day. With `is_open` the slots `{name}`, `{payee}` and `{amount}` (in
/// spoken euros) stay for whoever fills them in, where the payment has them.
pub fn pattern(
    own: &Spoke,
    kind: PayeeKind,
    office: &str,
    language: Language,
    is_open: bool,
) -> Pattern {
    let own_day = |wanted: Option<NaiveDate>| wanted.map(|wanted| day(wanted, own.due, language));
    let more = own.paid.zip(own.amount).filter(|(paid, owed)| paid > owed);
    let less = own.paid.zip(own.amount).filter(|(paid, owed)| paid < owed);
    let value = |slot: &str| -> Option<String> {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let kept = |text: String| if is_open { format!("{{{slot}}}") } else { text };
        match slot {
            "name" => text(&own.beneficiary).map(kept),
            "payee" => Some(text(&own.payee).map(kept).unwrap_or_default()),
            "month" => own.due.map(|due| month(due, language)),
            "amount" => own.amount.map(|amount| kept(euros(amount, language))),
            "paid" => own.paid.map(|paid| euros(paid, language)),
            "more" => more.map(|(paid, _)| euros(paid, language)),
            "rest" => less.map(|(paid, owed)| euros(owed.minus(paid), language)),
            "twins" => own.twins.map(|(twins, _)| twins.to_string()),
            "found" => own.twins.map(|(_, count)| found(count, language)),
            "spend_not" => more.and(kind.fragment("hold", language)).map(str::to_owned),
            "booked" => own_day(own.booked),
            "credited" => own_day(own.credited),
            "latest" => own_day(own.latest),
            "horizon" => own_day(own.horizon),
            "due" => own_day(own.due),
            _ => None,
        }
    };
    let has = [!own.beneficiary.is_empty(), own.amount.is_some()];
    let about = filled(&lead(kind, &own.benefit, has, language), &value).replace(" .", ".");
    let spoken = spoken(own.reason, own.is_confirmed);
    let until = match spoken.turn {
        Turn::Latest => own.latest,
        Turn::Credited => own.credited.and_then(|day| day.pred_opt()),
        Turn::Horizon => own.horizon,
        Turn::Due => own.due,
        Turn::Never => None,
    };
    let said = |[german, english]: [&str; 2]| {
        let template = for_payee(language.pick(german, english), kind, language);
        let mut said = about.clone();
        for text in [filled(&template, &value), contact(own.reason, office, language)] {
            if !text.is_empty() {
                said.extend([" ", &text]);
            }
        }
        said
    };
    Pattern { before: said(spoken.before), after: said(spoken.after), until }
}

/// Whom to call, where something is open.
pub fn contact(reason: Option<Reason>, office: &str, language: Language) -> String {
    let is_open = reason.is_none_or(|reason| reason.status() == Status::FollowUp);
    if !is_open || office.is_empty() {
        return String::new();
    }
    format!("{}: {office}.", language.pick("Zuständig ist", "Responsible is"))
}

/// What is read out where nobody was found.
pub fn nobody(month_of: Option<NaiveDate>, language: Language) -> String {
    let month = month_of.map(|day| month(day, language));
    match (language, month) {
        (Language::De, month) => format!(
            "Mit diesen Angaben finde ich{} keine Zahlung. Das heißt noch nicht, dass Sie kein Geld bekommen. Nennen Sie mir bitte Ihr Aktenzeichen, oder buchstabieren Sie Ihren Namen. Finde ich dann nichts, gebe ich das weiter, und wir rufen Sie zurück.",
            month.map(|month| format!(" für {month}")).unwrap_or_default()
        ),
        (Language::En, month) => format!(
            "With these details I find no payment{}. That does not mean yet that you get no money. Please tell me your case number, or spell your name. If I still find nothing, I pass this on, and we will call you back.",
            month.map(|month| format!(" for {month}")).unwrap_or_default()
        ),
    }
}

/// Whom to call without a configuration: care assistance and homes are the county's.
pub fn default_office(benefit: &str, office: &str, language: Language) -> String {
    match Benefit::read(benefit) {
        Benefit::CareAssistance => {
            language.pick("der Kreis, Hilfe zur Pflege", "the county, care assistance").to_owned()
        }
        Benefit::CareHome => {
            language.pick("der Kreis, Heimkosten", "the county, care homes").to_owned()
        }
        Benefit::SocialAssistance | Benefit::Other(_) | Benefit::Unnamed if office.is_empty() => {
            language.pick("Ihr Sozialamt", "your social office").to_owned()
        }
        Benefit::SocialAssistance | Benefit::Other(_) | Benefit::Unnamed => {
            format!("{} {office}", language.pick("Ihr Sozialamt", "your social office"))
        }
    }
}
