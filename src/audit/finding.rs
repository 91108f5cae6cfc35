//! A claim that does not hold, or that the files at hand can neither prove nor refute.

use crate::audit::words;
use crate::model::language::Language;

/// How a claim stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// The files say something else.
    Refuted,
    /// A file that it needs is missing or was changed.
    Open,
}

impl Standing {
    /// The machine name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refuted => "refuted",
            Self::Open => "open",
        }
    }
}

/// A claim that was not proven. Texts are harmless and masked as in the result.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// How it stands.
    pub standing: Standing,
    /// The file of the claim's place, as the result names it.
    pub file: String,
    /// Its line; 0 for the file or the run as a whole.
    pub line: u32,
    /// The claim: a name of the JSON, such as `amount`, `entries.value_date`, `totals.credited`.
    pub claim: &'static str,
    /// What the result says.
    pub said: String,
    /// What the files say.
    pub found: String,
}

impl Finding {
    /// A claim of a place that does not hold.
    pub fn refuted(file: &str, line: u32, claim: &'static str) -> Self {
        Self {
            standing: Standing::Refuted,
            file: file.to_owned(),
            line,
            claim,
            said: String::new(),
            found: String::new(),
        }
    }

    /// What the result says and what was found.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "texts, days, amounts and counts are given as they are at hand"
    )]
    pub fn values(mut self, said: impl ToString, found: impl ToString) -> Self {
        (self.said, self.found) = (said.to_string(), found.to_string());
        self
    }

    pub(super) fn leave_open(&mut self) {
        self.standing = Standing::Open;
    }

    /// The same claim, which cannot be decided.
    #[must_use]
    pub fn open(mut self) -> Self {
        self.standing = Standing::Open;
        self
    }

    /// Whether it holds whatever else a missing file may say: it is about a place that is at hand, or
    /// about claims that contradict each other.
    pub fn stands_alone(&self) -> bool {
        const NEEDS_ALL: [&str; 12] = [
            "bank_entries",
            "bank_entries.disposition",
            "entries",
            "evidence",
            "how",
            "payments",
            "reason",
            "rule",
            "run.due",
            "status",
            "credited_amount",
            "booked_on",
        ];
        !NEEDS_ALL.contains(&self.claim) && !self.claim.starts_with("run.coverage")
    }

    /// The finding in one sentence, without its place.
    pub fn sentence(&self, language: Language) -> String {
        let (said, found) = (&self.said, &self.found);
        let what = words::of(self.claim, language);
        match (self.standing, language) {
            (Standing::Refuted, Language::De) => {
                format!("{what}: das Ergebnis sagt „{said}“, die Dateien „{found}“")
            }
            (Standing::Refuted, Language::En) => {
                format!("{what}: the result says “{said}”, the files “{found}”")
            }
            (Standing::Open, Language::De) => {
                format!(
                    "{what}: nicht zu prüfen; das Ergebnis sagt „{said}“, die Dateien „{found}“"
                )
            }
            (Standing::Open, Language::En) => {
                format!("{what}: cannot be checked; the result says “{said}”, the files “{found}”")
            }
        }
    }
}
