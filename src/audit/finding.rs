//! A claim that does not hold, or that the files at hand can neither prove nor refute.

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
    pub fn values(mut self, said: impl ToString, found: impl ToString) -> Self {
        (self.said, self.found) = (said.to_string(), found.to_string());
        self
    }

    /// The same claim, which cannot be decided.
    #[must_use]
    pub fn open(mut self) -> Self {
        self.standing = Standing::Open;
        self
    }

    /// The finding in one sentence, without its place.
    pub fn sentence(&self, language: Language) -> String {
        let (claim, said, found) = (self.claim, &self.said, &self.found);
        match (self.standing, language) {
            (Standing::Refuted, Language::De) => {
                format!("{claim}: das Ergebnis sagt „{said}“, die Dateien sagen „{found}“")
            }
            (Standing::Refuted, Language::En) => {
                format!("{claim}: the result says “{said}”, the files say “{found}”")
            }
            (Standing::Open, Language::De) => {
                format!("{claim}: nicht zu prüfen ({said}): {found}")
            }
            (Standing::Open, Language::En) => {
                format!("{claim}: cannot be checked ({said}): {found}")
            }
        }
    }
}
