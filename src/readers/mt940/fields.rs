//! The fields of a SWIFT message: `:61:…` up to the next tag, with the line each begins on.

use std::borrow::Cow;

/// One field, its physical lines still apart: what a line break means depends on the tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field<'a> {
    /// The tag without its colons, such as `61` or `60F`.
    pub(super) tag: &'a str,
    /// The line it begins on, from 1.
    pub(super) line: u32,
    /// The byte of the text at which that line begins.
    pub(super) offset: usize,
    /// Its lines, the first without the tag, none with its line end.
    pub(super) lines: Vec<&'a str>,
}

/// What the text of a file consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// A field.
    Field(Field<'a>),
    /// `-` or `-}`: the message ends.
    End,
    /// Bookings that were taken out of the text, the first of which began on this line.
    Run(u32),
    /// A SWIFT envelope begins, of a message of this kind (`940`).
    Envelope(&'a str),
}

/// How a booking begins.
pub(super) const BOOKING: &[u8] = b":61:";

/// How a message begins.
pub(super) const BEGINS: &str = ":20:";

/// Whether a text ends inside the tag that begins the next message.
pub(super) fn ends_in_a_tag(text: &str) -> bool {
    let last = text.rsplit('\n').next().unwrap_or(text);
    !last.is_empty() && last.len() < BEGINS.len() && BEGINS.starts_with(last)
}

/// The line that stands for a run of bookings; no text has a zero.
pub(super) const RUN: &str = "\0";

/// The tags that MT940 and MT942 define; `NS` is what Hungarian banks add, `65F` what some write for
/// the closing balance.
const KNOWN: [&str; 21] = [
    "20", "21", "25", "25P", "28", "28C", "60F", "60M", "61", "86", "62F", "62M", "64", "65",
    "65F", "34F", "13", "13D", "90D", "90C", "NS",
];

/// Whether a tag is one of the standard's.
pub(super) fn is_known(tag: &str) -> bool {
    KNOWN.contains(&tag)
}

/// Splits a line into tag and content, if it begins with `:tag:`.
pub(super) fn split_tag(line: &str) -> Option<(&str, &str)> {
    let (tag, content) = line.strip_prefix(':')?.split_once(':')?;
    let form = matches!(tag.as_bytes(), [a, b, rest @ ..]
        if (a.is_ascii_digit() && b.is_ascii_digit() || (a.is_ascii_uppercase() && b.is_ascii_uppercase()))
            && (rest.is_empty() || matches!(rest, [c] if c.is_ascii_uppercase())));
    form.then_some((tag, content))
}

/// The text as lines: some home-banking dumps write `@@` for a line end, old machines a carriage return
/// alone. What hides a tag behind it would hide a booking.
pub(super) fn with_line_ends(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains("@@:") && !text.contains('\n') {
        return Cow::Owned(text.replace("@@", "\n"));
    }
    if !has_lone_return(text.as_bytes()) {
        return text;
    }
    let mut lines = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let is_lone = c == '\r' && !matches!(chars.peek(), Some('\r' | '\n') | None);
        lines.push(if is_lone { '\n' } else { c });
    }
    Cow::Owned(lines)
}

/// Whether a carriage return ends a line by itself: neither a line end nor another one follows.
pub(super) fn has_lone_return(text: &[u8]) -> bool {
    memchr::memchr_iter(b'\r', text).any(|at| {
        let next = at.checked_add(1).and_then(|next| text.get(next));
        next.is_some_and(|next| !matches!(next, b'\r' | b'\n'))
    })
}

/// The parts of a text that is whole. What stands before the first tag (bank headers, SWIFT blocks) is left out.
pub(super) fn split(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    each(text, &[], |part| parts.push(part));
    parts
}

/// Gives the parts of a text one after the other; `runs` are the lines of the runs of bookings that
/// were taken out of it.
pub(super) fn each<'a>(text: &'a str, runs: &[u32], mut take: impl FnMut(Part<'a>)) {
    let mut runs = runs.iter();
    let mut open: Option<Field<'_>> = None;
    // A dash alone ends a message inside a booking's text only after the closing balance: before that it
    // belongs to the text.
    let mut closed = false;
    let mut number = 0_u32;
    let mut behind = 0_usize;
    for line in text.split('\n') {
        number = number.saturating_add(1);
        let offset = behind;
        behind = behind.saturating_add(line.len()).saturating_add(1);
        if let Some(lines) = Some(line).filter(|line| *line == RUN).and_then(|_| runs.next()) {
            open.take().map(Part::Field).into_iter().for_each(&mut take);
            closed = false;
            take(Part::Run(number));
            number = number.saturating_add(lines.saturating_sub(1));
            continue;
        }
        let line = line.trim_end_matches('\r');
        let is_text = !closed && open.as_ref().is_some_and(|field| field.tag == "86");
        // The end of a message may share its line with the beginning of the next one.
        let line = match line.strip_prefix("-}").filter(|rest| rest.contains("{4:")) {
            Some(rest) => {
                open.take().map(Part::Field).into_iter().for_each(&mut take);
                take(Part::End);
                rest
            }
            None => line,
        };
        let line = match line.strip_prefix('-').filter(|rest| begins_statement(rest)) {
            Some(rest) if !is_text => {
                open.take().map(Part::Field).into_iter().for_each(&mut take);
                take(Part::End);
                rest
            }
            _ => line,
        };
        if let Some(kind) = kind_of_envelope(line) {
            open.take().map(Part::Field).into_iter().for_each(&mut take);
            take(Part::Envelope(kind));
        }
        let line = envelope(line);
        let tagged = split_tag(line).filter(|(tag, _)| {
            // Inside a text a cut time of day (`:12:11`) looks like a tag that nobody knows.
            is_known(tag) || open.as_ref().is_none_or(|field| field.tag != "86")
        });
        let ends_here = || closed || open.as_ref().is_none_or(|field| field.tag != "86");
        let end = line.starts_with("-}") || (line.trim_end() == "-" && ends_here());
        if let Some((tag, content)) = tagged {
            open.take().map(Part::Field).into_iter().for_each(&mut take);
            closed = match tag {
                "62F" | "62M" | "90D" | "90C" => true,
                "20" | "25" | "60F" | "60M" | "61" => false,
                _ => closed,
            };
            open = Some(Field { tag, line: number, offset, lines: vec![content] });
        } else if end {
            open.take().map(Part::Field).into_iter().for_each(&mut take);
            take(Part::End);
        } else if let Some(field) = &mut open {
            field.lines.push(line);
        }
    }
    open.take().map(Part::Field).into_iter().for_each(take);
}

/// `:20:`, which begins a message.
fn begins_statement(line: &str) -> bool {
    split_tag(line).is_some_and(|(tag, _)| tag == "20")
}

/// The kind of message that an envelope on this line holds: `{2:I940BANK…}`.
fn kind_of_envelope(line: &str) -> Option<&str> {
    if !line.starts_with('{') {
        return None;
    }
    let (_, header) = line.split_once("{2:")?;
    let kind = header.strip_prefix(['I', 'O'])?.get(..3)?;
    kind.bytes().all(|byte| byte.is_ascii_digit()).then_some(kind)
}

/// A line without the SWIFT blocks before the text block: `{1:F01…}{2:I940…}{4:`.
fn envelope(line: &str) -> &str {
    if !line.starts_with('{') {
        return line;
    }
    line.split_once("{4:").map_or("", |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(text: &str) -> Vec<String> {
        split(text)
            .iter()
            .map(|part| match part {
                Part::Field(field) => format!("{}@{}", field.tag, field.line),
                Part::End => "-".to_owned(),
                Part::Run(line) => format!("run@{line}"),
                Part::Envelope(kind) => format!("mt{kind}"),
            })
            .collect()
    }

    #[test]
    fn tags_lines_and_ends() {
        for (text, expected) in [
            (":20:A\r\n:25:B\r\n-\r\n", "20@1 25@2 -"),
            ("{1:F01X}{2:I940}{4:\n:20:A\n:62F:X\n-}", "mt940 20@2 62F@3 -"),
            ("{2:I101X}{4:\n:20:A\n-}{1:F}{2:O940}{4::20:B", "mt101 20@2 - mt940 20@3"),
            (":62F:X\n-:20:B", "62F@1 - 20@2"),
            (":86:a\n-:20:B", "86@1"),
            ("{1:F01X}{4::20:A\n-}", "20@1 -"),
            ("BANK\n940\nBANK\n:20:A", "20@4"),
            (":86:a\n:12:11\n-\nb\n:62F:x\n-\n", "86@1 62F@5 -"),
            (":20:A\n:99Z:x\n:25:B", "20@1 99Z@2 25@3"),
        ] {
            assert_eq!(tags(text).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn lines_of_a_field_stay_apart() {
        let parts = split(":86:one\ntwo\n-\n:61:x");
        let Some(Part::Field(field)) = parts.first() else { panic!("no field") };
        assert_eq!(field.lines, ["one", "two", "-"]);
    }

    #[test]
    fn runs_of_bookings() {
        let (mut found, text) = (Vec::new(), "\0\n:62F:x\n\0\n\0\n:20:");
        each(text, &[5, 7], |part| found.push(part));
        let lines = found.iter().map(|part| match part {
            Part::Field(field) => (field.line, field.lines.len()),
            Part::Run(line) => (*line, 0),
            Part::End | Part::Envelope(_) => (0, 0),
        });
        assert_eq!(lines.collect::<Vec<_>>(), [(1, 0), (6, 1), (7, 0), (15, 1)]);
    }

    #[test]
    fn dumps_of_home_banking() {
        let text = with_line_ends(":20:A\r:25:B\r\n-\r\r\n".into());
        assert_eq!(tags(&text).join(" "), "20@1 25@2 -");
        let text = with_line_ends("@@:20:A@@:25:B@@-".into());
        assert_eq!(tags(&text).join(" "), "20@2 25@3 -");
    }
}
