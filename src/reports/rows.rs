//! The neutral rows that every format is made from. Text of files is made harmless here.

use chrono::NaiveDate;
use serde::Serialize;

use crate::matching::messages::said::RecallAnswer;
use crate::model::iban::Iban;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::reason_code::ReasonCode;
use crate::model::text::leaving;
use crate::reports::lookup::account::check_of;
use crate::reports::options::Options;
use crate::reports::resolution::Resolution;
use crate::verdict::outcome::AccountCoverage;
use crate::verdict::outcome::BankEntry;
use crate::verdict::outcome::CitedEntry;
use crate::verdict::outcome::JudgedPayment;
use crate::verdict::outcome::MissingData;
use crate::verdict::outcome::Tally;
use crate::verdict::outcome::Verdict;
use crate::verdict::result::Outcome;

/// A place as scripts read it.
#[derive(Clone, Debug, Serialize)]
pub struct SourceRow {
    /// Path of the file.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
}

/// A bank entry as a payment cites it.
#[derive(Clone, Debug, Serialize)]
pub struct CitedRow {
    /// Path of the file.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Booking date.
    pub booking_date: Option<NaiveDate>,
    /// Value date.
    pub value_date: Option<NaiveDate>,
    /// Signed amount.
    pub amount: String,
}

/// A payment with its verdict; the names are those of the JSON.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct PaymentRow {
    pub case_id: Option<String>,
    pub end_to_end_id: Option<String>,
    pub benefit: Option<String>,
    pub beneficiary: Option<String>,
    pub payee: Option<String>,
    pub iban: Option<String>,
    pub account_check: Option<String>,
    pub amount: Option<String>,
    pub currency: String,
    pub office: Option<String>,
    pub facility: Option<String>,
    pub run: Option<String>,
    pub source: SourceRow,
    pub status: &'static str,
    pub reason: &'static str,
    pub how: Option<&'static str>,
    pub evidence: &'static str,
    pub rule: Option<&'static str>,
    pub due: NaiveDate,
    pub booked_on: Option<NaiveDate>,
    pub credited_on: Option<NaiveDate>,
    pub latest_credit: Option<NaiveDate>,
    pub guaranteed: bool,
    pub credited_amount: Option<String>,
    pub reason_code: Option<String>,
    pub reason_text: Option<String>,
    pub actor: Option<&'static str>,
    pub action: Option<String>,
    pub needs_person: bool,
    pub resolution: Option<Resolution>,
    pub entries: Vec<CitedRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more_entries: Option<usize>,
    pub trail: Vec<String>,
}

/// A bank entry with its disposition.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct EntryRow {
    pub file: String,
    pub line: u32,
    pub account: Option<String>,
    pub booking_date: Option<NaiveDate>,
    pub value_date: Option<NaiveDate>,
    pub amount: String,
    pub currency: String,
    pub disposition: &'static str,
    pub counterparty: Option<String>,
    pub counterparty_iban: Option<String>,
    pub end_to_end_id: Option<String>,
    pub remittance: Option<String>,
    pub booking_text: Option<String>,
}

/// A problem.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct ProblemRow {
    pub file: Option<String>,
    pub line: Option<u32>,
    pub column: Option<u32>,
    pub severity: &'static str,
    pub code: &'static str,
    pub message: String,
    pub hint: String,
}

/// Count and sum.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct TallyRow {
    pub count: u64,
    pub amount: String,
}

/// Covered days of an account.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct CoverageRow {
    pub account: Option<String>,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub gaps: Vec<StretchRow>,
}

/// A stretch of days, both ends included.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct StretchRow {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// Bank data that would decide open payments.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct MissingRow {
    pub account: Option<String>,
    pub days: Vec<StretchRow>,
    pub payments: TallyRow,
}

/// A file of the run.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct FileRow {
    pub path: String,
    pub sha256: String,
    pub role: &'static str,
    pub format: String,
    pub version: Option<String>,
    pub encoding: Option<String>,
    pub records: u64,
    pub skipped: u64,
    pub repeats: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<OrderRow>,
}

/// What an order is known by when it turns up again.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct OrderRow {
    pub message_id: Option<String>,
    pub content: String,
}

/// Makes rows of an outcome.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// What is reported.
    pub outcome: &'a Outcome,
    /// How.
    pub options: &'a Options,
}

impl<'a> Rows<'a> {
    /// Rows of this outcome.
    pub fn new(outcome: &'a Outcome, options: &'a Options) -> Self {
        Self { outcome, options }
    }

    /// The path of a place's file.
    pub fn path(&self, place: Place) -> String {
        let number = usize::try_from(place.file.0).unwrap_or(usize::MAX);
        let file = self.outcome.files.get(number);
        file.map_or_else(String::new, |file| self.text(&file.shown(place.line).0))
    }

    /// A text of a file as the reader wants it: harmless, and account numbers in it masked.
    pub(crate) fn text(&self, text: &str) -> String {
        leaving(text, self.options.full_iban)
    }

    fn some_text(&self, text: Option<&str>) -> Option<String> {
        text.map(|text| self.text(text))
    }

    /// The line of a place, or the row of its sheet.
    pub(crate) fn line(&self, place: Place) -> u32 {
        let number = usize::try_from(place.file.0).unwrap_or(usize::MAX);
        self.outcome.files.get(number).map_or(place.line, |file| file.shown(place.line).1)
    }

    /// An account number as the reader wants it.
    pub fn iban(&self, iban: &Iban) -> String {
        if self.options.full_iban {
            return self.text(iban.reveal());
        }
        let masked = iban.masked();
        // Nearly all; nothing in them but the mark could do harm.
        let tame = iban.reveal().bytes().all(|byte| byte.is_ascii_alphanumeric());
        if tame { masked } else { self.text(&masked) }
    }

    fn cited(&self, cited: &CitedEntry) -> CitedRow {
        CitedRow {
            file: self.path(cited.place),
            line: self.line(cited.place),
            booking_date: cited.booking_date,
            value_date: cited.value_date,
            amount: cited.amount.to_string(),
        }
    }

    /// One payment.
    pub fn payment(&self, judged: &JudgedPayment) -> PaymentRow {
        PaymentRow { trail: self.trail(judged).collect(), ..self.payment_without_trail(judged) }
    }

    /// How a verdict came about, sentence by sentence.
    pub(crate) fn trail(&self, judged: &JudgedPayment) -> impl Iterator<Item = String> {
        let language = self.options.language;
        judged.verdict.trail.iter().map(move |trace| {
            let sentence = trace.sentence(language);
            let mut sentence = self.text(&sentence);
            if let Some(place) = trace.place {
                sentence.push_str(" [");
                sentence.push_str(&self.path(place));
                sentence.push(':');
                sentence.push_str(&self.line(place).to_string());
                sentence.push(']');
            }
            sentence
        })
    }

    /// One payment, for those who do not ask how its verdict came about.
    pub fn payment_without_trail(&self, judged: &JudgedPayment) -> PaymentRow {
        let (row, verdict) = (&judged.payment, &judged.verdict);
        let benefit = Some(row.benefit.name()).filter(|name| !name.is_empty());
        PaymentRow {
            case_id: self.some_text(row.case_id.as_deref()),
            end_to_end_id: self.some_text(row.end_to_end_id.as_deref()),
            benefit: self.some_text(benefit),
            beneficiary: self.some_text(row.beneficiary.as_deref()),
            payee: self.some_text(row.payee.as_deref()),
            iban: row.iban.as_ref().map(|iban| self.iban(iban)),
            account_check: row.iban.as_ref().filter(|_| !self.options.full_iban).and_then(check_of),
            amount: row.amount.map(|amount| amount.to_string()),
            currency: row.currency.as_str().to_owned(),
            office: self.some_text(row.office.as_deref()),
            facility: self.some_text(row.facility.as_deref()),
            run: self.some_text(row.run.as_deref()),
            source: SourceRow { file: self.path(row.place), line: self.line(row.place) },
            status: verdict.status.name(),
            reason: verdict.reason.name(),
            how: verdict.how.map(crate::verdict::outcome::How::name),
            evidence: verdict.evidence.name(),
            rule: verdict.rule.map(crate::verdict::outcome::Rule::name),
            due: verdict.due,
            booked_on: verdict.booked_on,
            credited_on: verdict.credited_on,
            latest_credit: verdict.latest_credit,
            guaranteed: verdict.guaranteed,
            credited_amount: verdict.credited_amount.map(|amount| amount.to_string()),
            reason_code: self.some_text(verdict.reason_code.as_deref()),
            reason_text: self.some_text(verdict.reason_text.as_deref()),
            actor: verdict.actor.map(crate::verdict::reason::Actor::name),
            action: self.action(verdict),
            needs_person: self.needs_person(judged),
            resolution: self.options.resolutions.of(row).map(|own| self.resolution(own)),
            entries: verdict.entries.iter().map(|cited| self.cited(cited)).collect(),
            more_entries: Some(verdict.more_entries()).filter(|more| *more > 0),
            trail: Vec::new(),
        }
    }

    /// What to do, with the meaning of the bank's code before it.
    pub(crate) fn action(&self, verdict: &Verdict) -> Option<String> {
        let language = self.options.language;
        verdict.actor?;
        if let Some(action) = self.early_action(verdict) {
            return Some(action);
        }
        let action = verdict.reason.action(language)?;
        let answered = verdict.recall_answer.map(|answer| match answer {
            RecallAnswer::Refused => language.pick(
                "Der Rückruf wurde abgelehnt, das Geld bleibt beim Empfänger. ",
                "The recall was refused, the money stays with the payee. ",
            ),
            RecallAnswer::Granted => language.pick(
                "Der Rückruf wurde angenommen, das Geld kommt zurück. ",
                "The recall was granted, the money comes back. ",
            ),
            RecallAnswer::Open => language.pick(
                "Über den Rückruf ist noch nicht entschieden. ",
                "The recall is not decided yet. ",
            ),
        });
        let action = format!("{}{action}", answered.unwrap_or_default());
        Some(match verdict.reason_code.as_deref().and_then(ReasonCode::find) {
            Some(known) => format!("{} ({}). {action}", known.meaning(language), known.code),
            None => action,
        })
    }

    /// One bank entry.
    pub fn entry(&self, entry: &BankEntry) -> EntryRow {
        EntryRow {
            file: self.path(entry.place),
            line: self.line(entry.place),
            account: entry.account.as_ref().map(|iban| self.iban(iban)),
            booking_date: entry.booking_date,
            value_date: entry.value_date,
            amount: entry.amount.to_string(),
            currency: entry.currency.as_str().to_owned(),
            disposition: entry.disposition.name(),
            counterparty: self.some_text(entry.counterparty.as_deref()),
            counterparty_iban: entry.counterparty_iban.as_ref().map(|iban| self.iban(iban)),
            end_to_end_id: self.some_text(entry.end_to_end_id.as_deref()),
            remittance: self.some_text(entry.remittance.as_deref()),
            booking_text: self.some_text(entry.booking_text.as_deref()),
        }
    }

    /// One problem.
    pub fn problem(&self, problem: &Problem) -> ProblemRow {
        let place = problem.place;
        let language = self.options.language;
        let path = self.path(place);
        let known =
            !path.is_empty() && problem.code != crate::model::problem::ProblemCode::CoverageGap;
        ProblemRow {
            file: known.then_some(path),
            line: (place.line > 0).then(|| self.line(place)),
            column: (place.column > 0).then_some(place.column),
            severity: problem.severity.name(),
            code: problem.code.name(),
            message: problem.message(language),
            hint: problem.hint(language),
        }
    }

    /// Coverage of one account.
    pub fn coverage(&self, coverage: &AccountCoverage) -> CoverageRow {
        CoverageRow {
            account: coverage.account.as_ref().map(|iban| self.iban(iban)),
            from: coverage.from,
            to: coverage.to,
            gaps: stretches(&coverage.gaps),
        }
    }

    /// Missing data.
    pub fn missing(&self, missing: &MissingData) -> MissingRow {
        MissingRow {
            account: missing.account.as_ref().map(|iban| self.iban(iban)),
            days: stretches(&missing.days),
            payments: tally(missing.payments),
        }
    }

    /// The files.
    pub fn files(&self) -> Vec<FileRow> {
        self.outcome
            .files
            .iter()
            .map(|file| FileRow {
                path: self.text(&file.path),
                sha256: file.sha256.clone(),
                role: file.role.name(),
                format: file.format.clone(),
                version: self.some_text(file.version.as_deref()),
                encoding: file.encoding.clone(),
                records: file.records,
                skipped: file.skipped,
                repeats: self.some_text(file.repeats.as_deref()),
                orders: file
                    .orders
                    .iter()
                    .map(|own| OrderRow {
                        message_id: self.some_text(own.message_id.as_deref()),
                        content: own.content.clone(),
                    })
                    .collect(),
            })
            .collect()
    }
}

fn stretches(days: &[(NaiveDate, NaiveDate)]) -> Vec<StretchRow> {
    days.iter().map(|(from, to)| StretchRow { from: *from, to: *to }).collect()
}

/// Count and sum as scripts read them.
pub fn tally(tally: Tally) -> TallyRow {
    TallyRow { count: tally.count, amount: tally.amount.to_string() }
}
