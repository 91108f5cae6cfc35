//! One thing that a person should look at, and where it stands.

use chrono::NaiveDate;

use crate::check::kind::Kind;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::language::Language;
use crate::model::order::OrderedTransfer;
use crate::model::payment::Payment;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::problem::Severity;
use crate::model::reading::FileRecord;

/// A file and a line as people find it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The path, with the sheet where the file has several.
    pub file: String,
    /// The line or row; 0 for the file as a whole.
    pub line: u32,
}

/// The files that places speak of.
#[derive(Clone, Copy, Debug)]
pub struct Files<'a>(pub &'a [FileRecord]);

impl Files<'_> {
    /// Where a place is.
    pub fn spot(self, place: Place) -> Option<Spot> {
        let number = usize::try_from(place.file.0).ok()?;
        let (file, line) = self.0.get(number)?.shown(place.line);
        Some(Spot { file: file.into_owned(), line })
    }
}

/// A value that a finding tells, in one of the ways people and scripts write values.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Nothing to tell.
    #[default]
    None,
    /// An amount.
    Amount(Amount),
    /// A day.
    Day(NaiveDate),
    /// An account.
    Account(Iban),
    /// A number of things.
    Count(u64),
    /// A file and a line.
    At(Spot),
    /// A text of a file.
    Text(String),
}

impl Value {
    /// An account, if there is one.
    pub fn account(iban: Option<&Iban>) -> Self {
        iban.map_or(Self::None, |iban| Self::Account(iban.clone()))
    }
}

/// A finding. Texts are as the files have them: outputs make them harmless.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What.
    pub kind: Kind,
    /// How much it weighs.
    pub severity: Severity,
    /// Where it stands.
    pub spot: Option<Spot>,
    /// The other place that it is held against.
    pub other: Option<Spot>,
    /// Case number of the payment.
    pub case_id: Option<String>,
    /// Its end-to-end id.
    pub end_to_end_id: Option<String>,
    /// Whose money it is.
    pub beneficiary: Option<String>,
    /// The payee's account.
    pub iban: Option<Iban>,
    /// The amount.
    pub amount: Option<Amount>,
    /// What stands there.
    pub found: Value,
    /// What it is compared with.
    pub expected: Value,
    /// The problem of the readers that it is, with its sentences.
    pub problem: Option<Problem>,
}

impl Finding {
    /// A finding about the whole run.
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            severity: kind.text().severity,
            spot: None,
            other: None,
            case_id: None,
            end_to_end_id: None,
            beneficiary: None,
            iban: None,
            amount: None,
            found: Value::None,
            expected: Value::None,
            problem: None,
        }
    }

    /// A finding about a row of a list.
    pub fn of_row(kind: Kind, row: &Payment, files: Files<'_>) -> Self {
        Self {
            spot: files.spot(row.place),
            case_id: row.case_id.clone(),
            end_to_end_id: row.end_to_end_id.clone(),
            beneficiary: row.beneficiary.clone().or_else(|| row.payee.clone()),
            iban: row.iban.clone(),
            amount: row.amount,
            ..Self::new(kind)
        }
    }

    /// A finding about an ordered transfer.
    pub fn of_transfer(kind: Kind, transfer: &OrderedTransfer, files: Files<'_>) -> Self {
        Self {
            spot: files.spot(transfer.place),
            end_to_end_id: transfer.end_to_end_id.clone(),
            beneficiary: transfer.ultimate_payee.clone().or_else(|| transfer.payee.clone()),
            iban: transfer.iban.clone(),
            amount: transfer.amount,
            ..Self::new(kind)
        }
    }

    /// What the readers complain of; `None` for notes, and for what is told by other findings.
    pub fn of_problem(problem: &Problem, files: Files<'_>) -> Option<Self> {
        let kind = match problem.code {
            ProblemCode::ControlSumDiffers | ProblemCode::TotalDiffers => Kind::ControlSumDiffers,
            ProblemCode::CountDiffers => Kind::CountDiffers,
            ProblemCode::IbanInvalid => return None,
            _ if problem.severity == Severity::Note => return None,
            _ => Kind::Problem,
        };
        let spot = files.spot(problem.place);
        if kind == Kind::Problem {
            let problem = Some(problem.clone());
            let severity = problem.as_ref().map_or(Severity::Error, |own| own.severity);
            return Some(Self { severity, spot, problem, ..Self::new(kind) });
        }
        let value = |text: Option<&str>| match text.and_then(|text| Amount::from_iso(text).ok()) {
            Some(sum) if kind == Kind::ControlSumDiffers => Value::Amount(sum),
            _ => text.map_or(Value::None, |text| Value::Text(text.to_owned())),
        };
        let (found, expected) =
            (value(problem.value.as_deref()), value(problem.expected.as_deref()));
        Some(Self { spot, found, expected, ..Self::new(kind) })
    }

    /// Says what stands there and what it is compared with.
    #[must_use]
    pub fn values(mut self, found: Value, expected: Value) -> Self {
        (self.found, self.expected) = (found, expected);
        self
    }

    /// Names the other place.
    #[must_use]
    pub fn against(mut self, other: Option<Spot>) -> Self {
        self.other = other;
        self
    }

    /// Whether a person should look: what readers only warn of is told, and is no reason to.
    pub fn needs_person(&self) -> bool {
        match self.severity {
            Severity::Error => true,
            Severity::Warning => self.problem.is_none(),
            Severity::Note => false,
        }
    }

    /// What was found, in one sentence; `show` writes a value for people.
    pub fn sentence(&self, language: Language, show: impl Fn(&Value) -> String) -> String {
        match &self.problem {
            Some(problem) => problem.message(language),
            None => self.kind.sentence(&show(&self.found), &show(&self.expected), language),
        }
    }

    /// What to do about it.
    pub fn action(&self, language: Language) -> String {
        match &self.problem {
            Some(problem) => problem.hint(language),
            None => self.kind.action(language).to_owned(),
        }
    }
}
