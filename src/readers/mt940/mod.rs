//! SWIFT MT940 and MT942 as German banks write them.

mod booking;
mod brief;
mod entry_line;
mod fields;
mod frame;
mod message;
mod others;
mod subfields;
mod tags;

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::reading::Reading;
use crate::model::reading::Role;
use crate::model::statement::Statement;
use crate::model::statement::StatementKind;
use crate::readers::encoding::Decoded;
use crate::readers::encoding::decode;
use crate::readers::mt940::fields::Part;
use crate::readers::mt940::message::Message;
use crate::readers::mt940::others::Others;
use crate::readers::runs::Runs;

/// How much of a file is looked at to know it: long headers before the first message are rare.
const HEAD: usize = 65_536;

/// Whether the bytes look like MT940 or MT942.
pub fn looks_like(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(HEAD)).unwrap_or_default();
    let decoded = decode(head);
    let text = fields::with_line_ends(decoded.text);
    let mut started = false;
    for line in text.lines() {
        let line = line.split_once("{4:").map_or(line, |(_, rest)| rest);
        match fields::split_tag(line) {
            Some(("61", value)) if begins_with_a_day(value) => return true,
            Some(("60F" | "60M" | "62F" | "62M", value))
                if value.strip_prefix(['C', 'D']).is_some_and(begins_with_a_day) =>
            {
                return true;
            }
            Some(("20", _)) => started = true,
            Some((tag, _)) if started && fields::is_known(tag) => return true,
            _ => {}
        }
    }
    false
}

/// `YYMMDD`; a name in somebody's list may begin like a tag, but not go on like one.
fn begins_with_a_day(value: &str) -> bool {
    value.len() >= 6 && value.bytes().take(6).all(|byte| byte.is_ascii_digit())
}

/// Reads an MT940 or MT942 file.
pub fn read(file: FileId, bytes: &[u8]) -> Reading {
    read_text(file, decode(bytes), &[], Runs::default()).reading
}

pub(crate) use brief::read as read_in_brief;

/// What a text gave.
struct Given {
    reading: Reading,
    /// The runs of bookings that were taken out of the text beforehand.
    runs: Runs,
    /// A run stands where no booking may be kept in brief.
    failed: bool,
}

/// Reads a text from which runs of so many lines were taken.
fn read_text(file: FileId, decoded: Decoded<'_>, lines: &[u32], mut runs: Runs) -> Given {
    let mut reading = Reading {
        role: Role::Bank,
        format: "mt940".to_owned(),
        encoding: Some(decoded.encoding.to_owned()),
        ..Reading::default()
    };
    if decoded.damaged || decoded.text.contains('\u{fffd}') {
        reading.problems.push(Problem::new(ProblemCode::EncodingDamaged, Place::file(file)));
    }
    let text: Cow<'_, str> = fields::with_line_ends(decoded.text);
    let mut open: Option<Message<'_>> = None;
    let mut unknown: BTreeSet<&str> = BTreeSet::new();
    let (mut failed, mut headless) = (false, false);
    let mut others = Others::default();
    fields::each(&text, lines, |part| {
        let (tag, line) = match &part {
            Part::Field(field) => (field.tag, field.line),
            Part::Run(line) => ("61", *line),
            Part::End => {
                match &mut open {
                    Some(message) if !message.is_closed() => message.dash(),
                    _ => failed |= finish(open.take(), &mut reading),
                }
                others.end();
                return;
            }
            Part::Envelope(kind) => {
                failed |= finish(open.take(), &mut reading);
                others.envelope(kind);
                return;
            }
        };
        if tag == "20" {
            others.begin(line);
        }
        let is_other = others.is_other(tag, open.as_ref().is_some_and(Message::is_statement));
        if is_other {
            // Its first fields looked like those of a statement.
            open = open.take().filter(Message::is_statement);
            return;
        }
        if !fields::is_known(tag) {
            if let (Part::Field(field), Some(message)) = (&part, &mut open) {
                message.unknown(field);
            }
            if unknown.insert(tag) {
                let problem = Problem::new(ProblemCode::TagUnknown, Place::line(file, line));
                reading.problems.push(problem.field(format!(":{tag}:")));
            }
            return;
        }
        let is_over = |message: &Message<'_>| message.is_over_at(tag) || message.ended_at(tag);
        if tag == "20" || open.as_ref().is_some_and(is_over) {
            failed |= finish(open.take(), &mut reading);
        }
        let number = reading.statements.len();
        headless |= number == 0 && open.is_none() && tag != "20";
        let message = open.get_or_insert_with(|| Message::new(file, line));
        match part {
            Part::Field(field) => message.field(&field, &mut reading.problems),
            _ => message.run(runs.meet(number, message.entries())),
        }
    });
    failed |= finish(open.take(), &mut reading);
    for (line, kind) in &others.found {
        let problem = Problem::new(ProblemCode::MessageNotRead, Place::line(file, *line));
        reading.problems.push(problem.value(format!("MT{kind}")));
    }
    if let (true, Some((_, kind))) = (reading.statements.is_empty(), others.found.first()) {
        let problem = Problem::new(ProblemCode::FileKindUnknown, Place::file(file));
        let reading = Reading::refusal("unknown", problem.value(format!("MT{kind}")));
        return Given { reading, runs, failed };
    }
    if fields::ends_in_a_tag(&text) {
        let problem = Problem::new(ProblemCode::CutOff, Place::file(file));
        reading.problems.push(problem.value("…").expected(fields::BEGINS));
        reading.refused = true;
    }
    // What stood before the first field is lost, bookings and the opening balance with it.
    if headless && reading.statements.first().is_some_and(has_no_beginning) {
        let place = reading.statements.first().map_or(Place::file(file), |first| first.place);
        reading.problems.push(Problem::new(ProblemCode::ElementMissing, place).field(":60F:"));
        reading.refused = true;
    }
    if reading.statements.is_empty() && !reading.refused {
        reading.problems.push(Problem::new(ProblemCode::NothingFound, Place::file(file)));
        reading.refused = true;
    }
    let intraday = |kind: StatementKind| kind == StatementKind::Intraday;
    if !reading.statements.is_empty() && reading.statements.iter().all(|s| intraday(s.kind)) {
        "mt942".clone_into(&mut reading.format);
    }
    Given { reading, runs, failed }
}

fn has_no_beginning(statement: &Statement) -> bool {
    statement.kind != StatementKind::Intraday && statement.opening.is_none()
}

/// Ends a message and keeps what it gave; tells whether its bookings may not be kept in brief.
fn finish(message: Option<Message<'_>>, reading: &mut Reading) -> bool {
    let Some(message) = message else { return false };
    reading.skipped = reading.skipped.saturating_add(message.unreadable());
    let finished = message.finish(&mut reading.problems);
    reading.refused |= finished.cut_off;
    reading.statements.push(finished.statement);
    finished.failed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::statement::Direction;
    use crate::model::statement::Statement;

    const GOOD: &str = ":20:STARTUMS\r\n:25:99900010/4711001\r\n:28C:00231/001\r\n\
        :60F:C231129EUR10000,00\r\n:61:2311301130D563,00NTRFSOZ-1\r\n\
        :86:116?00EINZELUEBERWEISUNG?20EREF+SOZ-1?21SVWZ+Sozialhilfe 11/20\r\n\
        23?31DE09999100540043764919?32Erika Beispiel\r\n:62F:C231130EUR9437,00\r\n-\r\n";

    fn codes(reading: &Reading) -> Vec<&'static str> {
        reading.problems.iter().map(|problem| problem.code.name()).collect()
    }

    #[test]
    fn what_ends_inside_the_next_message_broke_off() {
        for (rest, cut) in [("", false), (":", true), (":2", true), (":20", true), ("-", false)] {
            let reading = read(FileId(0), format!("{GOOD}{rest}").as_bytes());
            let expected = if cut { vec!["cut-off"] } else { Vec::new() };
            assert_eq!((codes(&reading), reading.refused), (expected, cut), "{rest}");
        }
    }

    #[test]
    fn a_statement() {
        let reading = read(FileId(3), GOOD.as_bytes());
        assert_eq!((reading.format.as_str(), reading.role), ("mt940", Role::Bank));
        assert_eq!((codes(&reading), reading.refused), (Vec::new(), false));
        let [statement] = reading.statements.as_slice() else { panic!("one statement") };
        assert_eq!(
            statement.account.as_ref().unwrap().german_parts(),
            Some(("99900010", "0004711001"))
        );
        assert_eq!((statement.number.as_deref(), statement.page), (Some("00231"), None));
        assert!(!statement.covers_nothing);
        let [entry] = statement.entries.as_slice() else { panic!("one entry") };
        assert_eq!((entry.place.line, entry.place.file), (5, FileId(3)));
        assert_eq!((entry.amount.cents(), entry.direction), (56_300, Direction::Debit));
        let [detail] = entry.details.as_slice() else { panic!("one detail") };
        assert_eq!(detail.end_to_end_id.as_deref(), Some("SOZ-1"));
        assert_eq!(detail.remittance.as_deref(), Some("Sozialhilfe 11/2023"));
        assert_eq!(detail.counterparty.as_deref(), Some("Erika Beispiel"));
    }

    #[test]
    fn what_is_wrong_is_named_and_uncovers() {
        for (from, to, expected, refused, covers_nothing) in [
            (":62F:C231130EUR9437,00\r\n-\r\n", "", &["closing-balance-missing"][..], true, true),
            ("EUR9437,00", "EUR9436,00", &["balance-differs"], false, true),
            ("D563,00", "D5X3,00", &["entry-unreadable"], false, true),
            (":60F:C231129EUR10000,00\r\n", "", &["element-missing"], false, true),
            ("EUR10000,00", "EUR10000.00", &["entry-unreadable"], false, true),
            (":62F:C231130EUR9437,00", ":90D:1EUR563,00", &["closing-balance-missing"], true, true),
            (":28C:", ":99Z:X\r\n:28C:", &["tag-unknown"], false, false),
            ("-\r\n", "", &[], false, false),
            ("\r\n", "\n", &[], false, false),
        ] {
            let reading = read(FileId(0), GOOD.replace(from, to).as_bytes());
            assert_eq!(codes(&reading), expected, "{from} -> {to}");
            assert_eq!(reading.refused, refused, "{from} -> {to}");
            let nothing = reading.statements.iter().any(|statement| statement.covers_nothing);
            assert_eq!(nothing, covers_nothing, "{from} -> {to}");
        }
    }

    #[test]
    fn several_statements_and_pages() {
        let paged = GOOD.replace(":62F:", ":62M:")
            + &GOOD
                .replace("/001", "/002")
                .replace(":60F:C231129EUR10000", ":60M:C231130EUR9437")
                .replace("9437,00\r\n-", "8874,00\r\n-");
        let reading = read(FileId(0), paged.as_bytes());
        let pages: Vec<_> = reading.statements.iter().map(|statement| statement.page).collect();
        assert_eq!(pages, [Some((1, false)), Some((2, true))]);
        assert_eq!(codes(&reading), Vec::<&str>::new());
        let without_start = GOOD.replace("-\r\n", "") + &GOOD.replace(":20:STARTUMS\r\n", "");
        assert_eq!(read(FileId(0), without_start.as_bytes()).statements.len(), 2);
    }

    #[test]
    fn umlauts_in_every_encoding() {
        let text = GOOD.replace("Erika Beispiel", "Jörg Übelacker");
        let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
        let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [text.as_bytes(), &latin, &[b"\xff\xfe", utf_16.as_slice()].concat()] {
            assert!(looks_like(bytes));
            let reading = read(FileId(0), bytes);
            let names: Vec<_> = reading
                .statements
                .iter()
                .flat_map(|statement: &Statement| &statement.entries)
                .flat_map(|entry| &entry.details)
                .filter_map(|detail| detail.counterparty.as_deref())
                .collect();
            assert_eq!(names, ["Jörg Übelacker"], "{:?}", reading.encoding);
        }
    }

    #[test]
    fn reports_during_the_day_prove_no_booking() {
        let text = ":20:STARTDISPE\n:25:99900010/4711001\n:28C:0/1\n:34F:EURD0,\n:13D:2311301130+0100\n\
            :61:2311301130D5,00NTRFX\n:86:116?20SVWZ+X\n:90D:1EUR5,00\n:90C:1EUR0,00\n-\n";
        let reading = read(FileId(0), text.as_bytes());
        assert_eq!(reading.format, "mt942");
        assert_eq!(codes(&reading), ["count-differs"]);
        let [statement] = reading.statements.as_slice() else { panic!("one report") };
        assert_eq!(statement.kind, StatementKind::Intraday);
        assert!(
            statement
                .entries
                .iter()
                .all(|entry| entry.status != crate::model::statement::BookingStatus::Booked)
        );
    }

    #[test]
    fn what_it_is_not() {
        for text in ["", "<Document/>", "Name;Betrag\nx;1", ":20:", "20:12:30 log line"] {
            assert!(!looks_like(text.as_bytes()), "{text}");
        }
        for text in [
            GOOD,
            "BANK\n940\nBANK\n:20:X\n:25:Y",
            "{1:F01}{4::20:X\n:25:1",
            ":61:2311301130D1,NTRF",
        ] {
            assert!(looks_like(text.as_bytes()), "{text}");
        }
    }
}
