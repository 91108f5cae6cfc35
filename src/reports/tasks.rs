//! Lists that follow from a result: payments to make again, letters, inquiries to the bank. None of them is an
//! order: people decide what goes out.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use serde_json::Map;
use serde_json::json;

use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::language::Language;
use crate::model::payment::Payment;
use crate::model::place::Place;
use crate::model::reason_code::ReasonCode;
use crate::model::text::fold_name;
use crate::model::text::reference_key;
use crate::reports::document::Document;
use crate::reports::rows::Rows;
use crate::reports::sentences;
use crate::reports::sheet::Cell;
use crate::reports::sheet::Column;
use crate::reports::sheet::Sheet;
use crate::reports::terminal::headline;
use crate::reports::wording::Words;
use crate::verdict::outcome::JudgedPayment;
use crate::verdict::outcome::Tally;
use crate::verdict::outcome::Verdict;
use crate::verdict::reason::Actor;
use crate::verdict::reason::Reason;
use crate::verdict::status::Status;

/// Name and version of the JSON.
const SCHEMA: &str = "gutschrift.task/1";

/// The payee has died: no letter and no payment follows by itself.
const DECEASED: &str = "MD07";

const PAY_AGAIN: [Column; 16] = [
    ("case_id", "Az.", "case"),
    ("beneficiary", "Name", "name"),
    ("payee", "an", "to"),
    ("benefit", "", ""),
    ("office", "", ""),
    ("amount", "noch zu zahlen €", "still to pay €"),
    ("owed_amount", "geschuldet €", "owed €"),
    ("reason", "Grund", "reason"),
    ("reason_code", "Code", "code"),
    ("action", "Vorher", "before that"),
    ("iban", "Konto bisher", "account so far"),
    ("new_iban", "neues Konto", "new account"),
    ("new_iban_source", "steht in", "stands in"),
    ("original_end_to_end_id", "erste Zahlung", "first payment"),
    ("row", "Liste", "list"),
    ("original_entries", "Bank", "bank"),
];

const LETTERS: [Column; 13] = [
    ("case_id", "Az.", "case"),
    ("name", "Name", "name"),
    ("payee", "an", "to"),
    ("office", "Dienststelle", "office"),
    ("facility", "", ""),
    ("benefit", "Leistung", "benefit"),
    ("month", "Monat", "month"),
    ("amount", "Betrag €", "amount €"),
    ("due", "fällig", "due"),
    ("iban", "Konto", "account"),
    ("reason", "Grund", "reason"),
    ("request", "Bitte", "request"),
    ("row", "", ""),
];

const INQUIRIES: [Column; 11] = [
    ("question", "Frage", "question"),
    ("amount", "Betrag €", "amount €"),
    ("booked_on", "gebucht", "booked"),
    ("name", "Empfänger", "payee"),
    ("iban", "Konto", "account"),
    ("end_to_end_id", "End-to-End-ID", "end-to-end id"),
    ("reason_code", "Code", "code"),
    ("case_id", "unser Az.", "our case"),
    ("entries", "Buchung", "booking"),
    ("row", "", ""),
    ("note", "Antwort", "answer"),
];

/// The lists that have rows, by their names. What somebody has decided about follows into none of them.
pub fn lists(rows: &Rows<'_>) -> Vec<(String, Document)> {
    let words = Words(rows.options.language);
    let open: Vec<JudgedPayment> = rows
        .outcome
        .payments_of(Status::FollowUp)
        .filter(|judged| rows.needs_person(judged) && rows.options.filter.holds(judged))
        .map(std::borrow::Cow::into_owned)
        .collect();
    let asked = |wanted: fn(&Verdict) -> bool| -> Vec<&JudgedPayment> {
        open.iter().filter(|judged| wanted(&judged.verdict)).collect()
    };
    let (again, letters) = (asked(is_paid_again), asked(needs_letter));
    let others = other_accounts(rows, &again);
    let again = again.iter().map(|judged| again_line(rows, judged, &others)).collect();
    let letters = letters.iter().map(|judged| letter_line(rows, judged)).collect();
    let inquiries = open.iter().filter_map(|judged| inquiry_line(rows, judged)).collect();
    let heading = |german: &'static str, english: &'static str| words.pick(german, english);
    let note = heading(
        "Diese Liste ist kein Auftrag: Jede Zahlung wird geprüft und im Fachverfahren angewiesen.",
        "This list is no order: every payment is checked and ordered in the case-work software.",
    );
    let deceased = open.iter().filter(|judged| is_of_deceased(&judged.verdict)).count();
    let left_out = (deceased > 0).then(|| match words.0 {
        Language::De => format!("Ohne {deceased} mit verstorbenem Empfänger: siehe Arbeitsliste."),
        Language::En => format!("Without {deceased} whose payee has died: see the work list."),
    });
    let sheet = |name: &str, title: &str, columns: &[Column], lines: Vec<Vec<Cell>>, lead| {
        if lines.is_empty() {
            return None;
        }
        let mut sum = Tally::default();
        let place = columns.iter().position(|column| column.0 == "amount");
        for line in &lines {
            if let Some(Cell::Money(Some(amount))) = place.and_then(|place| line.get(place)) {
                sum.add(*amount);
            }
        }
        let first = format!("{title}: {} / {} €", lines.len(), words.amount(sum.amount));
        let mut above = vec![first, headline(rows.outcome, words)];
        above.extend::<Vec<String>>(lead);
        let sheet = Sheet {
            schema: SCHEMA,
            name: name.to_owned(),
            lead: above,
            title: title.to_owned(),
            columns: columns.to_vec(),
            rows: lines,
            struck_from: None,
            sums: Vec::new(),
            facts: Map::from_iter([("due".to_owned(), json!(rows.outcome.due))]),
        };
        Some((name.to_owned(), sheet.document(rows.options)))
    };
    let mut of_payments = vec![note.to_owned()];
    of_payments.extend(left_out.clone());
    let title = heading("Erneut zu zahlen", "To pay again");
    let again = sheet("pay-again", title, &PAY_AGAIN, again, of_payments);
    let title = heading("Briefe", "Letters");
    let letters = sheet("letters", title, &LETTERS, letters, left_out.into_iter().collect());
    let title = heading("Anfragen an die Bank", "Inquiries to the bank");
    let inquiries = sheet("inquiries", title, &INQUIRIES, inquiries, Vec::new());
    [again, letters, inquiries].into_iter().flatten().collect()
}

fn is_of_deceased(verdict: &Verdict) -> bool {
    verdict.reason_code.as_deref() == Some(DECEASED)
}

/// Money that has not arrived or is back, so that it has to be paid once more.
fn is_paid_again(verdict: &Verdict) -> bool {
    let reasons = [
        Reason::Returned,
        Reason::Rejected,
        Reason::AccountInvalid,
        Reason::NotFound,
        Reason::PartlyPaid,
    ];
    reasons.contains(&verdict.reason) && !is_of_deceased(verdict)
}

/// Only the person can say to which account it should go.
fn needs_letter(verdict: &Verdict) -> bool {
    let asks_person = matches!(verdict.actor, Some(Actor::SocialOffice | Actor::County));
    let is_back = matches!(verdict.reason, Reason::Returned | Reason::Rejected);
    (verdict.reason == Reason::AccountInvalid || is_back && asks_person) && !is_of_deceased(verdict)
}

/// Who is paid in a case: other accounts are looked for in rows of the same.
type Payee = (String, String);

fn payee(row: &Payment) -> Option<Payee> {
    let case = row.case_id.as_deref().map(reference_key).filter(|case| !case.is_empty())?;
    Some((case, row.account_holder().map(fold_name).unwrap_or_default()))
}

/// Accounts that other rows of the same case name for the same payee.
fn other_accounts(
    rows: &Rows<'_>,
    wanted: &[&JudgedPayment],
) -> BTreeMap<Payee, Vec<(Iban, Place)>> {
    let wanted: BTreeSet<Payee> =
        wanted.iter().filter_map(|judged| payee(&judged.payment)).collect();
    let mut found: BTreeMap<Payee, Vec<(Iban, Place)>> = BTreeMap::new();
    if wanted.is_empty() {
        return found;
    }
    for judged in rows.outcome.all_payments() {
        let Some(key) = payee(&judged.payment).filter(|key| wanted.contains(key)) else { continue };
        let refused = matches!(
            judged.verdict.reason,
            Reason::Returned | Reason::Rejected | Reason::AccountInvalid
        );
        if let Some(iban) = judged.payment.iban.as_ref().filter(|iban| iban.is_valid() && !refused)
        {
            found.entry(key).or_default().push((iban.clone(), judged.payment.place));
        }
    }
    found
}

fn place_of(rows: &Rows<'_>, place: Place) -> String {
    format!("{}:{}", rows.path(place), rows.line(place))
}

fn entries(rows: &Rows<'_>, verdict: &Verdict) -> String {
    let cited = verdict.entries.iter().map(|own| place_of(rows, own.place));
    cited.collect::<Vec<_>>().join(" ")
}

fn again_line(
    rows: &Rows<'_>,
    judged: &JudgedPayment,
    others: &BTreeMap<Payee, Vec<(Iban, Place)>>,
) -> Vec<Cell> {
    let (payment, verdict) = (&judged.payment, &judged.verdict);
    let row = rows.payment_without_trail(judged);
    let stayed = verdict.credited_amount.unwrap_or(Amount::ZERO);
    let open = payment.amount.map(|owed| owed.minus(stayed)).filter(|open| *open > Amount::ZERO);
    // Two other accounts are no answer.
    let known = payee(payment).and_then(|key| others.get(&key)).and_then(|found| {
        let mut new = found.iter().filter(|(iban, _)| payment.iban.as_ref() != Some(iban));
        let first = new.next()?;
        new.all(|(iban, _)| iban.same_account(&first.0)).then_some(first)
    });
    vec![
        Cell::some(row.case_id),
        Cell::some(row.beneficiary),
        Cell::some(row.payee),
        Cell::some(row.benefit),
        Cell::some(row.office),
        Cell::Money(open),
        Cell::Money(payment.amount),
        Cell::Text(verdict.reason.label(rows.options.language).to_owned()),
        Cell::some(row.reason_code),
        Cell::some(row.action),
        Cell::some(row.iban),
        Cell::some(known.map(|(iban, _)| rows.iban(iban))),
        Cell::some(known.map(|(_, place)| place_of(rows, *place))),
        Cell::some(row.end_to_end_id),
        Cell::Text(place_of(rows, payment.place)),
        Cell::Text(entries(rows, verdict)),
    ]
}

fn letter_line(rows: &Rows<'_>, judged: &JudgedPayment) -> Vec<Cell> {
    let (verdict, language) = (&judged.verdict, rows.options.language);
    let row = rows.payment_without_trail(judged);
    let known = verdict.reason_code.as_deref().and_then(ReasonCode::find);
    let meaning = known.map(|code| code.meaning(language).to_owned());
    let head = match verdict.reason {
        Reason::Returned => {
            language.pick("Die Zahlung ist zurückgekommen", "The payment came back")
        }
        Reason::Rejected => language
            .pick("Die Bank hat die Zahlung nicht ausgeführt", "The bank did not make the payment"),
        _ => language.pick(
            "Die Bankverbindung in unseren Unterlagen ist ungültig",
            "The bank details in our files are not valid",
        ),
    };
    let reason = match meaning {
        Some(meaning) => format!("{head}: {meaning}."),
        None => format!("{head}."),
    };
    let request = language.pick(
        "Bitte teilen Sie uns Ihre Bankverbindung schriftlich mit, damit wir neu zahlen können.",
        "Please give us your bank details in writing, so that we can pay again.",
    );
    let benefit = row.benefit.map(|name| rows.text(&sentences::benefit_label(&name, language)));
    let name = row.beneficiary.clone().or_else(|| row.payee.clone());
    vec![
        Cell::some(row.case_id),
        Cell::some(name),
        Cell::some(row.payee),
        Cell::some(row.office),
        Cell::some(row.facility),
        Cell::some(benefit),
        Cell::Text(sentences::month(verdict.due, language)),
        Cell::Money(judged.payment.amount),
        Cell::Day(Some(verdict.due)),
        Cell::some(row.iban),
        Cell::Text(reason),
        Cell::Text(request.to_owned()),
        Cell::Text(place_of(rows, judged.payment.place)),
    ]
}

/// What the bank is asked about a payment, if it is asked.
fn question(verdict: &Verdict, language: Language) -> Option<&'static str> {
    let known = verdict.reason_code.as_deref().and_then(ReasonCode::find).is_some();
    Some(match verdict.reason {
        Reason::Recalled => language.pick(
            "Wie ist der Rückruf ausgegangen, und wann kommt das Geld zurück?",
            "How did the recall end, and when does the money come back?",
        ),
        Reason::BatchDiffers => language.pick(
            "Bitte senden Sie uns die Einzelposten oder den Statusbericht (pain.002) der Sammelbuchung.",
            "Please send us the single items or the status report (pain.002) of the collective debit.",
        ),
        Reason::AccountDiffers => language.pick(
            "Welchem Konto wurde gutgeschrieben, und ist ein Rückruf möglich?",
            "Which account was credited, and is a recall possible?",
        ),
        Reason::PaidTwice => language.pick(
            "Ist die zweite Ausführung noch zurückzurufen?",
            "Can the second execution still be recalled?",
        ),
        Reason::Returned | Reason::Rejected if !known => language.pick(
            "Aus welchem Grund kam die Zahlung zurück oder wurde sie nicht ausgeführt?",
            "Why did the payment come back, or was it not made?",
        ),
        _ if verdict.actor == Some(Actor::Bank) => language.pick(
            "Bitte klären Sie, was aus dieser Zahlung geworden ist.",
            "Please find out what became of this payment.",
        ),
        _ => return None,
    })
}

fn inquiry_line(rows: &Rows<'_>, judged: &JudgedPayment) -> Option<Vec<Cell>> {
    let verdict = &judged.verdict;
    let question = question(verdict, rows.options.language)?;
    let row = rows.payment_without_trail(judged);
    Some(vec![
        Cell::Text(question.to_owned()),
        Cell::Money(judged.payment.amount),
        Cell::Day(verdict.booked_on),
        Cell::some(row.payee.or(row.beneficiary)),
        Cell::some(row.iban),
        Cell::some(row.end_to_end_id),
        Cell::some(row.reason_code),
        Cell::some(row.case_id),
        Cell::Text(entries(rows, verdict)),
        Cell::Text(place_of(rows, judged.payment.place)),
        Cell::Text(String::new()),
    ])
}
