//! MT940 with the `?nn` subfields of German banks.

use crate::simulate::entry::Entry;
use crate::simulate::entry::Kind;
use crate::simulate::entry::return_text;
use crate::simulate::entry::text_key;
use crate::simulate::formats::statement::PAYER;
use crate::simulate::formats::statement::Statement;
use crate::simulate::text::plain_letters;
use crate::simulate::text::push_amount;
use crate::simulate::text::push_number;
use crate::simulate::text::push_padded;
use crate::simulate::text::push_six;
use crate::simulate::text::push_windows_1252;

/// Fields up to the opening balance.
pub fn begin(statement: &Statement, out: &mut Vec<u8>) {
    let mut head = String::from(":20:STARTUMS\r\n:25:");
    head.push_str(PAYER.get(4..12).unwrap_or_default());
    head.push('/');
    head.push_str(PAYER.get(12..).unwrap_or_default());
    head.push_str("\r\n:28C:");
    push_padded(&mut head, statement.number, 5);
    head.push_str("/001\r\n:60F:");
    push_balance(&mut head, statement, statement.opening);
    out.extend_from_slice(head.as_bytes());
}

/// Closing balance and end of the message.
pub fn end(statement: &Statement, out: &mut Vec<u8>) {
    let mut tail = String::from(":62F:");
    push_balance(&mut tail, statement, statement.closing);
    tail.push_str("-\r\n");
    out.extend_from_slice(tail.as_bytes());
}

fn push_balance(out: &mut String, statement: &Statement, cents: i64) {
    out.push(if cents < 0 { 'D' } else { 'C' });
    push_six(out, statement.day);
    out.push_str("EUR");
    push_amount(out, cents.abs(), ',');
    out.push_str("\r\n");
}

/// `:61:` and `:86:` of an entry.
pub fn entry(statement: &Statement, entry: &Entry, number: u64, out: &mut Vec<u8>) {
    let mut line = String::with_capacity(300);
    line.push_str(":61:");
    push_six(&mut line, statement.day);
    let mut six = String::new();
    push_six(&mut six, statement.day);
    line.push_str(six.get(2..).unwrap_or_default());
    line.push_str(if entry.cents < 0 { "D" } else { "C" });
    push_amount(&mut line, entry.cents.abs(), ',');
    let batch = matches!(entry.kind, Kind::Batch(_));
    line.push_str(if batch { "NTRFKREF+//" } else { "NTRFNONREF//" });
    push_padded(&mut line, number, 10);
    line.push_str("\r\n");
    push_windows_1252(out, &line);
    push_wrapped(out, &details(entry));
}

fn details(entry: &Entry) -> String {
    let mut text = String::with_capacity(260);
    text.push_str(":86:");
    text.push_str(entry.kind.code());
    text.push_str("?00");
    text.push_str(entry.kind.text());
    text.push_str("?109310");
    let mut purpose = Purpose { text: &mut text, field: 20 };
    if let Kind::Batch(count) = entry.kind {
        purpose.tag("KREF+", &entry.run);
        let mut note = String::from("Datei mit ");
        push_padded(&mut note, count, 7);
        note.push_str(" Zahlungen");
        purpose.tag("SVWZ+", &note);
    } else {
        if !entry.end_to_end_id.is_empty() {
            purpose.tag("EREF+", &entry.end_to_end_id);
        }
        let mut note = plain(&entry.text);
        if let Kind::Return(code) = entry.kind {
            if !note.starts_with("RETOURE") {
                note.insert_str(0, "RETOURE ");
            }
            note.push(' ');
            note.push_str(return_text(code));
        }
        purpose.tag("SVWZ+", &note);
    }
    if !entry.iban.is_empty() {
        text.push_str("?30XXXXDEFFXXX?31");
        text.push_str(&entry.iban);
    }
    let name = plain(&entry.name);
    let mut letters = name.chars();
    for field in ["?32", "?33"] {
        let piece: String = letters.by_ref().take(27).collect();
        if !piece.is_empty() {
            text.push_str(field);
            text.push_str(&piece);
        }
    }
    if let Kind::Return(code) = entry.kind
        && let Some(key) = text_key(code)
    {
        text.push_str("?34");
        text.push_str(key);
    }
    text
}

/// The purpose fields `?20` to `?29` and `?60` to `?63`, 27 characters each.
struct Purpose<'a> {
    text: &'a mut String,
    field: u64,
}

impl Purpose<'_> {
    fn tag(&mut self, tag: &str, value: &str) {
        let mut letters = tag.chars().chain(value.chars()).peekable();
        while letters.peek().is_some() && self.field < 64 {
            self.text.push('?');
            push_number(self.text, self.field);
            self.field = if self.field == 29 { 60 } else { self.field + 1 };
            self.text.extend(letters.by_ref().take(27));
        }
    }
}

/// Letters that the format can hold: its marks in texts become points.
fn plain(text: &str) -> String {
    plain_letters(text)
        .chars()
        .map(|letter| if letter.is_control() || matches!(letter, '?' | '+') { '.' } else { letter })
        .collect()
}

/// Lines of at most 65 characters.
fn push_wrapped(out: &mut Vec<u8>, text: &str) {
    let mut line = String::with_capacity(70);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        line.push(letter);
        // A line that begins with a colon or a dash would read as a new field or the end.
        let breaks = !matches!(letters.peek(), Some(':' | '-'));
        if line.len() >= 60 && breaks {
            push_windows_1252(out, &line);
            out.extend_from_slice(b"\r\n");
            line.clear();
        }
    }
    if !line.is_empty() {
        push_windows_1252(out, &line);
        out.extend_from_slice(b"\r\n");
    }
}
