//! The text of a booking `:86:`: German subfields, or plain text.

/// What a `:86:` consists of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Information {
    /// Business transaction code (Geschäftsvorfallcode), three digits.
    pub(super) transaction_code: Option<String>,
    /// `?00`: booking text.
    pub(super) booking_text: String,
    /// `?20` to `?29` and `?60` to `?63` in their order: pieces of the remittance text; for a
    /// plain text the whole of it as one piece.
    pub(super) pieces: Vec<String>,
    /// `?30`: bank code or BIC of the other side.
    pub(super) bank_code: String,
    /// `?31`: account number or IBAN of the other side.
    pub(super) account: String,
    /// `?38`: IBAN of the other side.
    pub(super) iban: String,
    /// `?32`, `?33`: name of the other side.
    pub(super) name: String,
    /// `?34`: text key extension (Textschlüsselergänzung).
    pub(super) text_key: String,
    /// Subfields that have no meaning, such as `?35`.
    pub(super) unread: Vec<String>,
    /// The field has no subfields.
    pub(super) plain: bool,
}

/// Width of a piece of the remittance text or name: one that fills it was cut, not ended.
pub(super) const PIECE: usize = 27;

/// Width of a physical line.
const LINE: usize = 65;

/// Width of `:86:`.
const TAG: usize = 4;

/// Reads the lines of a `:86:`.
pub(super) fn read(lines: &[&str]) -> Information {
    let joined = lines.concat();
    match structured(joined.trim_start()) {
        Some((code, separator, body)) => subfields(code, separator, body),
        None => Information {
            pieces: vec![plain_text(lines)],
            plain: true,
            transaction_code: leading_code(&joined),
            ..Information::default()
        },
    }
}

/// Adds the lines of another `:86:` of the same booking. Where the first has subfields and the other has
/// none, it does not go on with the first's last subfield (unless that fills its line), but is a text of
/// its own.
pub(super) fn append<'a>(lines: &mut Vec<&'a str>, next: &[&'a str]) {
    let is_piece = |text: &str| {
        let mut signs = text.chars();
        signs.next() == Some('?') && signs.next().is_some_and(|sign| sign.is_ascii_digit())
    };
    if let (Some(last), Some(first)) = (lines.last(), next.first().map(|line| line.trim_start())) {
        let fills_line = last.chars().count() >= LINE.saturating_sub(TAG);
        let goes_on = is_piece(first) || structured(first).is_some() || fills_line;
        let has_subfields = || matches!(structured(lines.concat().trim_start()), Some((_, '?', _)));
        if !goes_on && has_subfields() {
            lines.push(OF_ITS_OWN);
        }
    }
    lines.extend(next);
}

/// A subfield without a meaning: what stands in it is searched.
const OF_ITS_OWN: &str = "?35";

/// Characters that stand before a subfield's number; marks of ordinary texts (`/`, `-`, `.`) never
/// do.
const SEPARATORS: &str = "?>~^|#$&!@";

/// Code, separator and body of a text with subfields: `166?00…`, `?00…`, `000>10…`.
fn structured(text: &str) -> Option<(Option<&str>, char, &str)> {
    let (code, body) = match text.split_at_checked(3) {
        Some((code, rest)) if is_digits(code) => (Some(code), rest),
        _ => (None, text),
    };
    let mut chars = body.chars();
    let separator = chars.next()?;
    let known = match code {
        Some(_) => SEPARATORS.contains(separator),
        None => separator == '?',
    };
    let digits = chars.next()?.is_ascii_digit() && chars.next()?.is_ascii_digit();
    (known && digits).then_some((code, separator, body))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Three digits and a blank before a plain text are its code too.
fn leading_code(text: &str) -> Option<String> {
    let (code, rest) = text.split_at_checked(3)?;
    (is_digits(code) && rest.starts_with(' ')).then(|| code.to_owned())
}

fn subfields(code: Option<&str>, separator: char, body: &str) -> Information {
    let parts = split(separator, body);
    // The separator is an ordinary character in remittance texts: what looks like an account
    // (`?31`) before the last piece of the text belongs to the text.
    let last_piece = parts.iter().rposition(|(key, _)| (20..30).contains(key)).unwrap_or(0);
    let first_piece = parts.iter().position(|(key, _)| (20..30).contains(key)).unwrap_or(0);
    let mut information =
        Information { transaction_code: code.map(str::to_owned), ..Information::default() };
    let mut names = ["", ""];
    // Journal number, bank code and key are one short word each; what is more is a text.
    let is_text = |key: u8, text: &str| matches!(key, 10 | 30 | 34) && text.trim().contains(' ');
    for (at, (key, text)) in parts.iter().enumerate() {
        let inside = first_piece < at && at < last_piece;
        if !inside && is_text(*key, text) {
            information.unread.push(text.trim().to_owned());
        }
        match key {
            20..=29 | 60..=63 => information.pieces.push((*text).to_owned()),
            _ if inside => {
                if let Some(piece) = information.pieces.last_mut() {
                    *piece = format!("{piece}{separator}{key:02}{text}");
                }
            }
            0 => text.trim().clone_into(&mut information.booking_text),
            30 => text.trim().clone_into(&mut information.bank_code),
            31 => text.trim().clone_into(&mut information.account),
            32 => names = [text, ""],
            33 => names = [names.first().copied().unwrap_or_default(), text],
            34 => text.trim().clone_into(&mut information.text_key),
            38 => text.trim().clone_into(&mut information.iban),
            // Number of the bank's journal (Primanota).
            10 => {}
            _ if text.trim().is_empty() => {}
            _ => information.unread.push(text.trim().to_owned()),
        }
    }
    information.name = join(&names);
    information
}

/// Subfields by number; `?` without two digits behind it is text.
fn split(separator: char, body: &str) -> Vec<(u8, &str)> {
    let mut starts: Vec<(usize, u8, usize)> = Vec::new();
    for (at, _) in body.match_indices(separator) {
        let behind = at.saturating_add(separator.len_utf8());
        let digits = body.get(behind..behind.saturating_add(2)).filter(|text| is_digits(text));
        if let Some(key) = digits.and_then(|digits| digits.parse().ok()) {
            starts.push((at, key, behind.saturating_add(2)));
        }
    }
    let ends = starts.iter().skip(1).map(|(at, _, _)| *at).chain([body.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|((_, key, from), to)| (*key, body.get(*from..to).unwrap_or_default()))
        .collect()
}

/// Joins pieces: one that fills its width was cut inside a word or number, one that does not
/// ended there.
pub(super) fn join<T: AsRef<str>>(pieces: &[T]) -> String {
    let mut text = String::new();
    let mut cut = true;
    for piece in pieces.iter().map(AsRef::as_ref) {
        if !cut && !text.ends_with(' ') && !piece.starts_with(' ') {
            text.push(' ');
        }
        text.push_str(piece);
        cut = fills(piece);
    }
    text.trim().to_owned()
}

/// Whether a piece fills its width.
pub(super) fn fills(piece: &str) -> bool {
    piece.chars().count() >= PIECE
}

/// A plain text: full lines were cut, shorter ones ended.
fn plain_text(lines: &[&str]) -> String {
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        text.push_str(line);
        // On the first line stands the mark of the field, too.
        let length = line.chars().count();
        let is_full = length >= LINE || (number == 0 && length.saturating_add(TAG) == LINE);
        if !is_full {
            text.push(' ');
        }
    }
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_text_is_one_of_its_own() {
        let long = "?32".repeat(21);
        for (first, next, expected) in [
            ("116?00X?32Zander, Anna", "Rueckgabe", true),
            ("116?00X?32Zander, Anna", "?33Berg", false),
            ("116?00X?32Zander, Anna", "116?00Y", false),
            ("SEPA-UEBERWEISUNG", "Rueckgabe", false),
            (&*format!("116?00X{long}"), "Rueckgabe", false),
        ] {
            let mut lines = vec![first];
            append(&mut lines, &[next]);
            assert_eq!(lines.contains(&OF_ITS_OWN), expected, "{first} {next}");
        }
    }

    #[test]
    fn cut_lines_cut_pieces_and_cut_names() {
        let found = read(&[
            "116?00EINZELUEBERWEISUNG?109310?20EREF+SOZ-1?21SVWZ+Sozialhilfe 11/2023 Az?2",
            "2 50.12-5740?30XXXXDEFFXXX?31DE5599910032",
            "0028235760?32Anna-Katharina von Oettinge?33r?34011",
        ]);
        assert_eq!(found.transaction_code.as_deref(), Some("116"));
        assert_eq!(found.booking_text, "EINZELUEBERWEISUNG");
        assert_eq!(found.pieces, ["EREF+SOZ-1", "SVWZ+Sozialhilfe 11/2023 Az", " 50.12-5740"]);
        assert_eq!(found.account, "DE55999100320028235760");
        assert_eq!(
            (found.name.as_str(), found.text_key.as_str()),
            ("Anna-Katharina von Oettinger", "011")
        );
    }

    #[test]
    fn other_separators_and_no_code() {
        let found =
            read(&["000>100987654321", ">20ALGEMENE TUSSENREKENING KOS>21TEN>310390123456"]);
        assert_eq!(join(&found.pieces), "ALGEMENE TUSSENREKENING KOSTEN");
        assert_eq!(found.account, "0390123456");
        assert_eq!(read(&["?20Miete?31DE12"]).pieces, ["Miete"]);
    }

    #[test]
    fn plain_texts() {
        let found = read(&["911 TRANSFER ID 5", "second line"]);
        assert!(found.plain);
        assert_eq!(found.pieces, ["911 TRANSFER ID 5 second line"]);
        assert_eq!(found.transaction_code.as_deref(), Some("911"));
        let full = "x".repeat(65);
        assert_eq!(read(&[&full, "y"]).pieces, [format!("{full}y")]);
        assert_eq!(read(&[]).pieces, [""]);
        assert!(read(&["116/20 Rechnung"]).plain);
    }

    #[test]
    fn an_account_inside_the_text_is_text() {
        let found = read(&["166?20Was?31DE99?21noch?31DE11"]);
        assert_eq!(found.account, "DE11");
        assert_eq!(found.pieces, ["Was?31DE99", "noch"]);
    }

    #[test]
    fn sixties_continue_the_text() {
        let found =
            read(&["105?20EREF+1?30B?34992?60ABWA: Finanzamt Muenchen ?61Abteilung?62 ?63x"]);
        assert_eq!(found.pieces.len(), 5);
        assert!(found.unread.is_empty());
        assert_eq!(read(&["105?10931?20x?35RETOURE?36 "]).unread, ["RETOURE"]);
        assert_eq!(found.text_key, "992");
    }
}
