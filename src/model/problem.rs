//! What could not be read or does not fit, and where.
//!
//! Problems live on the ground floor because verdicts and reports carry them: a stretch of a
//! bank file that nobody could read is a reason not to say "not paid".

use crate::model::language::Language;
use crate::model::mask::masked;
use crate::model::place::Place;
use crate::model::text::harmless;

pub use crate::model::problem_text::ProblemCode;
pub use crate::model::problem_text::Severity;

/// One thing wrong at one place. It quotes the field, never the row: rows name people.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What.
    pub code: ProblemCode,
    /// How much it weighs.
    pub severity: Severity,
    /// The column, tag or element, as the file names it.
    pub field: Option<String>,
    /// What stands there, shortened; never a name.
    pub value: Option<String>,
    /// What should stand there, or what it is compared with.
    pub expected: Option<String>,
}

impl Problem {
    /// A problem with the severity its code usually has.
    pub fn new(code: ProblemCode, place: Place) -> Self {
        let severity = code.usual_severity();
        Self { place, code, severity, field: None, value: None, expected: None }
    }

    /// Names the column, tag or element.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Quotes what stands there; longer texts are cut at 60 characters, account numbers masked before.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        let value: String = value.into();
        let value = masked(&value);
        let short: String = value.chars().take(60).collect();
        let cut = short.len() < value.len();
        self.value = Some(if cut { short + "…" } else { short });
        self
    }

    /// Says what should stand there.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// Gives it another weight than usual.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// What is wrong, in one sentence, with text from files made harmless.
    pub fn message(&self, language: Language) -> String {
        let text = self.code.text();
        self.fill(language.pick(text.german, text.english))
    }

    /// What to do about it.
    pub fn hint(&self, language: Language) -> String {
        let text = self.code.text();
        self.fill(language.pick(text.german_hint, text.english_hint))
    }

    fn fill(&self, template: &str) -> String {
        let show = |text: &Option<String>| harmless(text.as_deref().unwrap_or("?"));
        template
            .replace("{field}", &show(&self.field))
            .replace("{value}", &show(&self.value))
            .replace("{expected}", &show(&self.expected))
    }
}
