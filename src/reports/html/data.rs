//! What the script of the page knows: payments as short rows, what they have in common once. Sentences are
//! composed here, from the same table as everywhere; the page fills in names and amounts and looks at the day.

use std::collections::BTreeMap;
use std::io;
use std::io::Write;

use chrono::NaiveDate;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::matching::messages::said::RecallAnswer;
use crate::reports::html::page_words::WORDS;
use crate::reports::lookup::office::Asked;
use crate::reports::lookup::office::office_of;
use crate::reports::rows::Rows;
use crate::reports::sentences;
use crate::reports::sentences::Spoke;
use crate::reports::sentences::benefit_label;
use crate::reports::sentences::payee::Parties;
use crate::reports::sentences::payee::PayeeKind;
use crate::reports::sentences::payee::payee_kind;
use crate::reports::wording::Words;
use crate::verdict::outcome::Evidence;
use crate::verdict::outcome::JudgedPayment;
use crate::verdict::reason::Actor;
use crate::verdict::reason::Reason;
use crate::verdict::status::Status;
use crate::verdict::trace::TraceKind;

/// What payments of a kind have in common: all that is shown of them but names, amount, account and places.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    reason: Reason,
    evidence: Evidence,
    benefit: String,
    office: String,
    call: String,
    payee: PayeeKind,
    has: [bool; 3],
    days: [Option<NaiveDate>; 4],
    paid: Option<[i64; 2]>,
    twins: Option<(u64, u64)>,
    actor: Option<Actor>,
    code: Option<String>,
    answer: Option<&'static str>,
}

/// Payments as the script reads them.
#[derive(Clone, Debug, Default)]
pub(super) struct Data {
    rows: Vec<u8>,
    count: usize,
    kinds: BTreeMap<Kind, usize>,
    made: Vec<Value>,
    texts: Texts,
    /// The day answers are given for, if it is not the reader's.
    as_of: Option<NaiveDate>,
    /// The month, for who finds nobody.
    due: Option<NaiveDate>,
}

/// Texts, each once; number 0 is the empty one.
#[derive(Clone, Debug, Default)]
struct Texts {
    numbers: BTreeMap<String, usize>,
    all: Vec<String>,
}

impl Texts {
    fn of(&mut self, text: &str) -> usize {
        if text.is_empty() {
            return 0;
        }
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        self.all.push(text.to_owned());
        self.numbers.insert(text.to_owned(), self.all.len());
        self.all.len()
    }
}

/// JSON that cannot end the element it stands in.
fn put(value: &Value, out: &mut Vec<u8>) {
    out.extend_from_slice(value.to_string().replace('<', "\\u003c").as_bytes());
}

impl Data {
    /// No payments yet.
    pub(super) fn new(as_of: Option<NaiveDate>, due: NaiveDate) -> Self {
        Self { as_of, due: Some(due), ..Self::default() }
    }

    /// The number that the next payment gets.
    pub(super) const fn next(&self) -> usize {
        self.count
    }

    /// Adds a payment. `difference` is what differs, `shared` the folder that paths are shown without.
    pub(super) fn add(
        &mut self,
        rows: &Rows<'_>,
        judged: &JudgedPayment,
        difference: Option<&str>,
        shared: &str,
    ) {
        let (row, verdict) = (&judged.payment, &judged.verdict);
        let text = |text: Option<&str>| text.map(|text| rows.text(text)).unwrap_or_default();
        let payee = text(row.payee.as_deref());
        let facility = text(row.facility.as_deref());
        let name = text(row.beneficiary.as_deref());
        let kind = self.kind(rows, judged, [&name, &payee, &facility]);
        let mut places = vec![judged.payment.place];
        places.extend(verdict.entries.iter().map(|cited| cited.place));
        let mut cited: Vec<Value> = Vec::new();
        for place in places {
            let path = rows.path(place);
            let path = path.strip_prefix(shared).unwrap_or(&path);
            cited.extend([json!(self.texts.of(path)), json!(rows.line(place))]);
        }
        let iban = row.iban.as_ref().map(|iban| rows.iban(iban)).unwrap_or_default();
        let mut line = vec![
            json!(kind),
            json!(text(row.case_id.as_deref())),
            json!(name),
            json!(row.amount.map(crate::model::amount::Amount::cents)),
            json!(iban.strip_prefix("DE…").unwrap_or(&iban)),
            json!(self.texts.of(&payee)),
            json!(self.texts.of(&facility)),
            Value::Array(cited),
        ];
        let more = self.more(rows, judged, difference, shared);
        if !more.is_empty() {
            line.push(Value::Object(more));
        }
        self.rows.extend_from_slice(if self.count == 0 { b"\n" } else { b",\n" });
        put(&Value::Array(line), &mut self.rows);
        self.count = self.count.saturating_add(1);
    }

    /// What few payments have: bookings of other amounts or days, what differs, why, what was decided.
    fn more(
        &mut self,
        rows: &Rows<'_>,
        judged: &JudgedPayment,
        difference: Option<&str>,
        shared: &str,
    ) -> Map<String, Value> {
        let words = Words(rows.options.language);
        let (row, verdict) = (&judged.payment, &judged.verdict);
        let mut more = Map::new();
        let owed = row.amount_or_zero();
        let is_plain = verdict
            .entries
            .iter()
            .all(|cited| cited.amount.abs() == owed && cited.booking_date == verdict.booked_on);
        if !is_plain {
            let shown = verdict.entries.iter().map(|cited| {
                let day = cited.booking_date.map(|day| words.day(day)).unwrap_or_default();
                json!(self.texts.of(format!("{} € {day}", words.amount(cited.amount)).trim_end()))
            });
            more.insert("bank".to_owned(), shown.collect());
        }
        if let Some(difference) = difference {
            more.insert("differs".to_owned(), json!(self.texts.of(difference)));
        }
        let decision = rows.decision(judged);
        if !decision.is_empty() {
            more.insert("decided".to_owned(), json!(self.texts.of(&decision)));
        }
        if verdict.status == Status::FollowUp {
            let mut why: Vec<Value> = Vec::new();
            // Which rule decided says nothing to a clerk.
            for trace in verdict.trail.iter().filter(|line| line.kind != TraceKind::DecidedBy) {
                let sentence = words.prose(&rows.text(&trace.sentence(words.0)));
                let mut line = vec![json!(self.texts.of(&sentence))];
                if let Some(place) = trace.place {
                    let path = rows.path(place);
                    let path = path.strip_prefix(shared).unwrap_or(&path);
                    line.extend([json!(self.texts.of(path)), json!(rows.line(place))]);
                }
                why.push(Value::Array(line));
            }
            more.insert("why".to_owned(), Value::Array(why));
        }
        more
    }

    /// The number of a payment's kind, which is made if it is the first.
    fn kind(
        &mut self,
        rows: &Rows<'_>,
        judged: &JudgedPayment,
        [name, payee, facility]: [&str; 3],
    ) -> usize {
        let language = rows.options.language;
        let (row, verdict) = (&judged.payment, &judged.verdict);
        let office = row.office.as_deref().map(|office| rows.text(office)).unwrap_or_default();
        let benefit = rows.text(row.benefit.name());
        let asked = Asked { benefit: &benefit, municipality: &office, beneficiary: name };
        let call = office_of(&rows.options.offices, &asked, language);
        let given = |text| Some(text).filter(|text: &&str| !text.is_empty());
        let parties = Parties {
            benefit: &benefit,
            beneficiary: given(name),
            payee: given(payee),
            facility: given(facility),
        };
        let kind_of_payee = payee_kind(&parties);
        let spoken_payee = match kind_of_payee {
            PayeeKind::Home => given(facility).or(given(payee)),
            _ => given(payee).or(given(name)),
        };
        let twins = verdict.trail.iter().find(|line| line.kind == TraceKind::Group);
        let twins = twins.and_then(|line| {
            let count = |slot: usize| line.values.get(slot)?.parse::<u64>().ok();
            count(0).zip(count(1))
        });
        let paid = verdict
            .credited_amount
            .zip(row.amount)
            .filter(|(paid, owed)| verdict.status == Status::FollowUp && paid != owed);
        let kind = Kind {
            reason: verdict.reason,
            evidence: verdict.evidence,
            benefit,
            office,
            call: call.spoken(language),
            payee: kind_of_payee,
            has: [!name.is_empty(), row.amount.is_some(), spoken_payee.is_some()],
            days: [
                Some(verdict.due),
                verdict.booked_on,
                verdict.credited_on,
                verdict.latest_credit,
            ],
            paid: paid.map(|(paid, owed)| [paid.cents(), owed.cents()]),
            twins,
            actor: verdict.actor,
            code: verdict.reason_code.clone(),
            answer: verdict.recall_answer.map(|answer| match answer {
                RecallAnswer::Refused => "refused",
                RecallAnswer::Granted => "granted",
                RecallAnswer::Open => "open",
            }),
        };
        if let Some(number) = self.kinds.get(&kind) {
            return *number;
        }
        let made = self.made_of(rows, judged, &kind, [name, spoken_payee.unwrap_or_default()]);
        let number = self.made.len();
        self.made.push(made);
        self.kinds.insert(kind, number);
        number
    }

    /// What the script knows of a kind; its first payment stands for all.
    fn made_of(
        &mut self,
        rows: &Rows<'_>,
        judged: &JudgedPayment,
        kind: &Kind,
        [name, payee]: [&str; 2],
    ) -> Value {
        let language = rows.options.language;
        let (row, verdict) = (&judged.payment, &judged.verdict);
        let own = Spoke {
            reason: Some(verdict.reason),
            is_confirmed: verdict.evidence == Evidence::E7,
            benefit: kind.benefit.clone(),
            beneficiary: name.to_owned(),
            payee: payee.to_owned(),
            amount: row.amount,
            paid: verdict.credited_amount,
            twins: kind.twins,
            due: Some(verdict.due),
            horizon: Some(rows.outcome.horizon).filter(|_| verdict.due == rows.outcome.due),
            booked: verdict.booked_on,
            credited: verdict.credited_on,
            latest: verdict.latest_credit,
        };
        let said = sentences::pattern(&own, kind.payee, &kind.call, language, true);
        let action = rows.action(verdict).unwrap_or_default();
        let day = |day: Option<NaiveDate>| json!(day.map(|day| day.to_string()));
        let after = if said.after == said.before { 0 } else { self.texts.of(&said.after) };
        json!({
            "status": Status::ALL.iter().position(|status| *status == verdict.status),
            "reason": self.texts.of(rows.reason_label(verdict)),
            "evidence": verdict.evidence.name(),
            "benefit": self.texts.of(&benefit_label(&kind.benefit, language)),
            "actor": self.texts.of(verdict.actor.map(|own| own.label(language)).unwrap_or_default()),
            "office": self.texts.of(&kind.office),
            "call": self.texts.of(&kind.call),
            "home": kind.payee == PayeeKind::Home,
            "due": day(Some(verdict.due)),
            "booked": day(verdict.booked_on),
            "credited": day(verdict.credited_on),
            "latest": day(verdict.latest_credit),
            "paid": kind.paid.map(|[paid, _]| paid),
            "until": day(said.until),
            "before": self.texts.of(&said.before),
            "after": after,
            "action": self.texts.of(&action),
        })
    }

    /// Writes all of it as one object.
    pub(super) fn write(&self, words: Words, out: &mut dyn Write) -> io::Result<()> {
        let mut named = Map::new();
        for (key, german, english) in WORDS {
            named.insert((*key).to_owned(), json!(words.pick(german, english)));
        }
        named.insert("nobody".to_owned(), json!(sentences::nobody(self.due, words.0)));
        let status = Status::ALL.map(|status| words.status(status));
        let months = sentences::months(words.0);
        let mut head = Vec::new();
        let texts: Vec<&str> =
            std::iter::once("").chain(self.texts.all.iter().map(String::as_str)).collect();
        put(
            &json!({
                "lang": words.pick("de", "en"),
                "masked": (self.count > 0).then_some("DE…"),
                "asOf": self.as_of.map(|day| day.to_string()),
                "months": months,
                "status": status,
                "words": named,
                "kinds": self.made,
                "texts": texts,
            }),
            &mut head,
        );
        // The rows come last, each on a line of its own.
        head.pop();
        out.write_all(&head)?;
        out.write_all(b",\"rows\":[")?;
        out.write_all(&self.rows)?;
        out.write_all(b"]}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_cannot_end_their_element() {
        let mut out = Vec::new();
        put(&json!(["</script><!--<script>", "\u{2028}\"\\"]), &mut out);
        let text = String::from_utf8(out).unwrap();
        assert!(!text.contains('<'), "{text}");
        let back: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(back, json!(["</script><!--<script>", "\u{2028}\"\\"]));
    }

    #[test]
    fn texts_stand_once() {
        let mut texts = Texts::default();
        assert_eq!([texts.of(""), texts.of("a"), texts.of("b"), texts.of("a")], [0, 1, 2, 1]);
    }
}
