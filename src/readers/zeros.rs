//! Zero bytes in a text: a block that never reached the medium, or was cut out of it. What stood
//! there may be the end of one row and the beginning of another with rows between them, so that what
//! is left reads like a whole one.

use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::reading::Reading;
use crate::model::reading::Role;
use crate::readers::encoding::decode;

/// Where a text has zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Zeros {
    /// Line of the first.
    line: u32,
    /// How many there are.
    count: usize,
    /// Lines that have some.
    lines: usize,
    /// Some stand beside each other.
    is_block: bool,
}

/// Refuses a file whose text has zeros. Single ones inside of list rows are left to their rows,
/// which are read as `row-unreadable`: no row can have been lost by them.
pub(super) fn refuse(file: FileId, bytes: &[u8], mut reading: Reading) -> Reading {
    let Some(zeros) = zeros_of(bytes) else { return reading };
    let lost_rows = |payment: &&crate::model::payment::Payment| {
        payment.unreadable == Some(ProblemCode::NulByte)
    };
    let told = reading.payments.iter().filter(lost_rows).count();
    if reading.role == Role::List && !zeros.is_block && told == zeros.lines {
        return reading;
    }
    let problem = Problem::new(ProblemCode::ZeroBytes, Place::line(file, zeros.line))
        .value(zeros.count.to_string());
    let mut problems = vec![problem];
    problems.append(&mut reading.problems);
    Reading {
        role: reading.role,
        encoding: reading.encoding,
        problems,
        ..Reading { format: reading.format, refused: true, ..Reading::default() }
    }
}

/// Whether a text has zeros at all.
pub(super) fn has_zeros(bytes: &[u8]) -> bool {
    zeros_of(bytes).is_some()
}

fn zeros_of(bytes: &[u8]) -> Option<Zeros> {
    memchr::memchr(0, bytes)?;
    let decoded = decode(bytes);
    let text = decoded.text.as_bytes();
    let first = memchr::memchr(0, text)?;
    let ends = memchr::memchr_iter(b'\n', text.get(..first)?).count();
    let lines = text.split(|byte| *byte == b'\n');
    Some(Zeros {
        line: u32::try_from(ends.saturating_add(1)).unwrap_or(u32::MAX),
        count: memchr::memchr_iter(0, text).count(),
        lines: lines.filter(|line| memchr::memchr(0, line).is_some()).count(),
        is_block: memchr::memmem::find(text, &[0, 0]).is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        let utf_16: Vec<u8> = "a\nb\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let utf_16 = [b"\xff\xfe", utf_16.as_slice()].concat();
        for (bytes, expected) in [
            (&b"a;b\n"[..], None),
            (b"a\0b\nc\0d\n", Some((1, 2, 2, false))),
            (b"a\n\nb\0\0\0c", Some((3, 3, 1, true))),
            (b"a\n\0", Some((2, 1, 1, false))),
            (&utf_16, Some((2, 1, 1, false))),
            (b"\xff\xfea\0b\0", None),
        ] {
            let found = zeros_of(bytes);
            let found = found.map(|own| (own.line, own.count, own.lines, own.is_block));
            assert_eq!(found, expected, "{bytes:?}");
        }
    }
}
