//! Messages beside statements: orders (MT101), confirmations of single debits and credits (MT900,
//! MT910) … They are named and passed over.

/// Kinds of messages that are statements or reports on an account.
const STATEMENTS: [&str; 4] = ["940", "941", "942", "950"];

/// Fields that no statement has, and the kind of message they tell; the first that fits is meant.
const TELLING: [(&str, &str); 14] = [
    ("21R", "101"),
    ("28D", "101"),
    ("23B", "103"),
    ("71A", "103"),
    ("32A", "900/910"),
    ("32B", "101"),
    ("50A", "101"),
    ("50G", "101"),
    ("50H", "101"),
    ("50K", "103"),
    ("59", "101"),
    ("59A", "101"),
    ("59F", "101"),
    ("33B", "101"),
];

/// The messages that are no statements, as a text is walked through.
#[derive(Debug, Default)]
pub(super) struct Others {
    /// What was found: the line and the kind.
    pub(super) found: Vec<(u32, String)>,
    /// The kind that the envelope says.
    stated: Option<String>,
    /// The line on which the message begins.
    begins: u32,
    /// It has been told of.
    is_told: bool,
    is_other: bool,
}

impl Others {
    /// An envelope begins.
    pub(super) fn envelope(&mut self, kind: &str) {
        self.end();
        self.stated = Some(kind.to_owned());
    }

    /// A message begins on this line.
    pub(super) fn begin(&mut self, line: u32) {
        self.begins = line;
        (self.is_told, self.is_other) = (false, false);
    }

    /// The message ends, and its envelope with it.
    pub(super) fn end(&mut self) {
        (self.is_told, self.is_other) = (false, false);
        self.stated = None;
    }

    /// Whether a field belongs to such a message; one that `is_statement` so far goes on as it is.
    pub(super) fn is_other(&mut self, tag: &str, is_statement: bool) -> bool {
        if is_statement {
            return false;
        }
        let stated = self.stated.as_deref().filter(|kind| !STATEMENTS.contains(kind));
        let told = TELLING.iter().find(|(own, _)| *own == tag).map(|(_, kind)| *kind);
        self.is_other |= stated.is_some() || (told.is_some() && self.stated.is_none());
        if self.is_other && !self.is_told {
            self.is_told = true;
            if let Some(kind) = stated.or(told) {
                self.found.push((self.begins, kind.to_owned()));
            }
        }
        self.is_other
    }
}
