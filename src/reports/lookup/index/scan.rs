//! Finds the payments in the bytes of a result as they pass: where each begins and ends, and what
//! it is found by. Any JSON will do, whatever its order, blanks and line breaks.

use std::borrow::Cow;

use memchr::memchr;
use memchr::memchr2;

use crate::reports::lookup::search::Traits;

/// A stretch of the result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) start: u64,
    pub(super) length: u64,
}

/// Member of the document that is being read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Member {
    #[default]
    Other,
    Schema,
    Run,
    Payments,
}

/// Field of a payment whose value comes next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Field {
    #[default]
    Other,
    CaseId,
    Beneficiary,
    Payee,
    Iban,
}

/// The document's own depth, and that of a payment's fields.
const DOCUMENT: u32 = 1;
const PAYMENT: u32 = 3;

#[derive(Clone, Debug, Default)]
struct Texts {
    case_id: Option<String>,
    beneficiary: Option<String>,
    payee: Option<String>,
    iban: Option<String>,
}

/// Reads a result once, in pieces of any size.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "the state of a reader of single bytes")]
pub(super) struct Scanner {
    /// Bytes seen before this piece.
    seen: u64,
    depth: u32,
    in_string: bool,
    escaped: bool,
    /// The next string is a name and no value.
    name_next: bool,
    /// The string being read is wanted.
    keep: bool,
    kept: Vec<u8>,
    member: Member,
    field: Field,
    texts: Texts,
    start: u64,
    has_payments: bool,
    /// Where the run stands.
    pub(super) run: Option<Stretch>,
    /// Its schema.
    pub(super) schema: Option<String>,
    /// The bytes are not those of a result.
    pub(super) broken: bool,
}

impl Scanner {
    /// Takes the next bytes; `found` is given every payment that ends in them.
    pub(super) fn push(&mut self, bytes: &[u8], found: &mut dyn FnMut(Stretch, &Traits<'_>)) {
        let mut rest = bytes;
        while !self.is_done() {
            let read = bytes.len().saturating_sub(rest.len());
            let Some((byte, after)) = rest.split_first() else { break };
            if self.in_string {
                rest = self.string(rest);
                continue;
            }
            rest = after;
            if matches!(byte, b' ' | b'\n') {
                continue;
            }
            let here = self.seen.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
            self.outside(*byte, here, found);
        }
        self.seen = self.seen.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    }

    /// Whether the payments have been seen, and all else that is needed.
    pub(super) fn is_whole(&self) -> bool {
        !self.broken && self.has_payments && self.run.is_some() && self.schema.is_some()
    }

    fn is_done(&self) -> bool {
        self.broken || self.is_whole()
    }

    /// Reads on inside a string; gives what follows.
    fn string<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let end = if self.escaped { Some(0) } else { memchr2(b'"', b'\\', bytes) };
        let (plain, rest) =
            bytes.split_at_checked(end.unwrap_or(bytes.len())).unwrap_or((bytes, &[]));
        if self.keep {
            self.kept.extend_from_slice(plain);
        }
        let Some((byte, after)) = rest.split_first() else { return rest };
        if self.escaped || *byte == b'\\' {
            self.escaped = !self.escaped;
        } else {
            self.in_string = false;
        }
        if self.keep {
            if self.in_string {
                self.kept.push(*byte);
            } else {
                self.end_of_kept();
            }
        }
        after
    }

    fn outside(&mut self, byte: u8, here: u64, found: &mut dyn FnMut(Stretch, &Traits<'_>)) {
        match byte {
            b'"' => {
                self.in_string = true;
                let here = self.depth == DOCUMENT || self.in_payment();
                let wanted = match self.depth {
                    DOCUMENT => self.member == Member::Schema,
                    _ => self.field != Field::Other,
                };
                self.keep = here && (self.name_next || wanted);
                self.kept.clear();
            }
            b':' => self.name_next = false,
            b',' => {
                self.name_next = true;
                match self.depth {
                    DOCUMENT => self.member = Member::Other,
                    PAYMENT => self.field = Field::Other,
                    _ => {}
                }
            }
            b'{' | b'[' => {
                let begins = (self.depth == DOCUMENT && self.member == Member::Run)
                    || (self.depth.saturating_add(1) == PAYMENT && self.member == Member::Payments);
                if begins {
                    self.start = here;
                    self.texts = Texts::default();
                }
                self.field = Field::Other;
                self.depth = self.depth.saturating_add(1);
                self.name_next = byte == b'{';
            }
            b'}' | b']' => {
                let Some(depth) = self.depth.checked_sub(1) else {
                    self.broken = true;
                    return;
                };
                self.depth = depth;
                self.name_next = false;
                self.end_of_value(here, found);
            }
            _ => {}
        }
    }

    fn in_payment(&self) -> bool {
        self.depth == PAYMENT && self.member == Member::Payments
    }

    fn end_of_value(&mut self, here: u64, found: &mut dyn FnMut(Stretch, &Traits<'_>)) {
        let end = here.saturating_add(1);
        let stretch = Stretch { start: self.start, length: end.saturating_sub(self.start) };
        match (self.depth, self.member) {
            (DOCUMENT, Member::Run) => self.run = Some(stretch),
            (DOCUMENT, Member::Payments) => self.has_payments = true,
            (2, Member::Payments) => {
                let Texts { case_id, beneficiary, payee, iban } = &self.texts;
                let traits = Traits {
                    case_id: case_id.as_deref(),
                    beneficiary: beneficiary.as_deref(),
                    payee: payee.as_deref(),
                    iban: iban.as_deref(),
                };
                found(stretch, &traits);
            }
            _ => {}
        }
    }

    /// A name or value that was wanted has been read.
    fn end_of_kept(&mut self) {
        self.keep = false;
        let Some(text) = text_of(&self.kept) else {
            self.broken = true;
            return;
        };
        if self.name_next {
            if self.depth == DOCUMENT {
                self.member = match &*text {
                    "schema" => Member::Schema,
                    "run" => Member::Run,
                    "payments" => Member::Payments,
                    _ => Member::Other,
                };
            } else {
                self.field = match &*text {
                    "case_id" => Field::CaseId,
                    "beneficiary" => Field::Beneficiary,
                    "payee" => Field::Payee,
                    "iban" => Field::Iban,
                    _ => Field::Other,
                };
            }
        } else if self.depth == DOCUMENT {
            self.schema = Some(text.into_owned());
        } else {
            let slot = match self.field {
                Field::CaseId => &mut self.texts.case_id,
                Field::Beneficiary => &mut self.texts.beneficiary,
                Field::Payee => &mut self.texts.payee,
                Field::Iban => &mut self.texts.iban,
                Field::Other => return,
            };
            *slot = Some(text.into_owned());
        }
    }
}

/// The text of a JSON string without its quotes.
fn text_of(raw: &[u8]) -> Option<Cow<'_, str>> {
    if memchr(b'\\', raw).is_none() {
        return std::str::from_utf8(raw).ok().map(Cow::Borrowed);
    }
    let mut quoted = Vec::with_capacity(raw.len().saturating_add(2));
    quoted.push(b'"');
    quoted.extend_from_slice(raw);
    quoted.push(b'"');
    serde_json::from_slice(&quoted).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESULT: &str = r#"{"problems": [{"payments": [{"iban": "no"}]}], "payments": [
        {"case_id": "1", "beneficiary": "A \"B\" \u00e4\\", "entries": [{"iban": "no", "payee": "no"}],
         "trail": ["case_id", "}", "]"], "iban": "DE…1", "payee": null},
        {"payee": "C"}], "run": {"schema": "no", "payments": [{"iban": "no"}]},
        "schema": "s", "bank_entries": []}"#;

    #[test]
    fn payments_are_found_wherever_the_pieces_end() {
        for size in 1..RESULT.len() {
            let mut scanner = Scanner::default();
            let mut seen = Vec::new();
            for piece in RESULT.as_bytes().chunks(size) {
                scanner.push(piece, &mut |stretch, traits| {
                    let start = usize::try_from(stretch.start).unwrap();
                    let length = usize::try_from(stretch.length).unwrap();
                    let text = RESULT.get(start..start + length).unwrap();
                    assert!(text.starts_with('{') && text.ends_with('}'), "{text}");
                    seen.push(format!("{traits:?}"));
                });
            }
            assert!(scanner.is_whole());
            assert_eq!(scanner.schema.as_deref(), Some("s"));
            assert_eq!(scanner.run.unwrap().length, 46);
            assert_eq!(
                seen,
                [
                    r#"Traits { case_id: Some("1"), beneficiary: Some("A \"B\" ä\\"), payee: None, iban: Some("DE…1") }"#,
                    r#"Traits { case_id: None, beneficiary: None, payee: Some("C"), iban: None }"#
                ]
            );
        }
    }
}
