//! Header names that were damaged on their way: the first bytes of a file that are lost, umlauts
//! whose high bits are. Such a column is not unknown, it is one of ours that nobody would miss.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::readers::tables::bank_names::BANK_NAMES;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::columns::fold;
use crate::readers::tables::list_names::LIST_NAMES;

/// Umlauts in UTF-8 as they are without their high bits.
const STRIPPED: [(&str, &str); 7] = [
    ("C$", "ä"),
    ("C6", "ö"),
    ("C<", "ü"),
    ("C\u{1f}", "ß"),
    ("C\u{4}", "Ä"),
    ("C\u{16}", "Ö"),
    ("C\u{1c}", "Ü"),
];

/// Umlauts in Latin-1 as they are without their high bits, and what they are folded to.
const STRIPPED_LATIN: [(char, char); 7] =
    [('d', 'a'), ('v', 'o'), ('|', 'u'), ('_', 's'), ('D', 'a'), ('V', 'o'), ('\\', 'u')];

/// So much of a name is left if it is to be known again (letters).
const LEFT: usize = 3;

/// So much of one is lost where all names of the header are in small letters.
const LOST: usize = 1;

/// A column whose name was damaged, and what it seems to have been.
pub(super) fn damaged_name(columns: &Columns) -> Option<(usize, &'static str)> {
    let unknown = |column: &usize| columns.fields.get(*column).is_some_and(Option::is_none);
    let first = Some(0).filter(unknown).and_then(|_| Some((0, beginning_lost(columns)?)));
    let stripped = || {
        let mut all = (0..columns.names.len()).filter(unknown);
        all.find_map(|column| Some((column, without_high_bits(columns.name(column))?)))
    };
    first.or_else(stripped)
}

/// Names of all columns, folded.
static NAMES: LazyLock<BTreeMap<String, &'static str>> = LazyLock::new(|| {
    let all = LIST_NAMES.iter().chain(BANK_NAMES).flat_map(|(_, names)| names.iter());
    all.map(|name| (fold(name), *name)).collect()
});

/// The name whose end the first column has for its own.
fn beginning_lost(columns: &Columns) -> Option<&'static str> {
    let name = columns.name(0).trim().trim_matches('"');
    let left = fold(name);
    let is_small = |name: &&String| name.starts_with(char::is_lowercase);
    let others = columns.names.iter().skip(1).filter(|name| !name.trim().is_empty());
    let (small, all) = (others.clone().filter(is_small).count(), others.count());
    let begins_small = name.starts_with(|first: char| !first.is_uppercase());
    // Where the others begin with capitals, a small letter is the inside of a word.
    let most = match begins_small {
        true if small.saturating_mul(2) < all => usize::MAX,
        true => LOST,
        false => return None,
    };
    if left.chars().count() < LEFT {
        return None;
    }
    let is_rest = |known: &str| {
        known.strip_suffix(left.as_str()).is_some_and(|lost| !lost.is_empty() && lost.len() <= most)
    };
    NAMES.iter().find(|(known, _)| is_rest(known)).map(|(_, name)| *name)
}

/// The name that this one is without its high bits.
fn without_high_bits(name: &str) -> Option<&'static str> {
    let mut whole = name.to_owned();
    for (stripped, letter) in STRIPPED {
        whole = whole.replace(stripped, letter);
    }
    if whole == name {
        return without_high_bits_of_latin(name);
    }
    NAMES.get(&fold(&whole)).copied()
}

/// The same where the text was Latin-1: one letter of the name stands for an umlaut.
fn without_high_bits_of_latin(name: &str) -> Option<&'static str> {
    name.char_indices().find_map(|(at, letter)| {
        let (_, umlaut) = STRIPPED_LATIN.iter().find(|(stripped, _)| *stripped == letter)?;
        let (before, rest) = name.split_at_checked(at)?;
        let behind = rest.strip_prefix(letter)?;
        NAMES.get(&fold(&format!("{before}{umlaut}{behind}"))).copied()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers::tables::columns::of_list;

    #[test]
    fn names() {
        for (header, expected) in [
            ("ktenzeichen;Name;Betrag", Some(0)),
            ("eichen;Name;Betrag", Some(0)),
            ("ase_id;name;amount", Some(0)),
            ("Name;FC$lligkeit;Betrag", Some(1)),
            ("Aktenzeichen;EmpfC$nger;Betrag", Some(1)),
            ("Name;Fdlligkeit;Betrag", Some(1)),
            ("Name;Zahlungsempfdnger;Betrag", Some(1)),
            ("Aktenzeichen;Name;F|hler", None),
            // Honest names that nobody knows.
            ("Nummer;Name;Betrag", None),
            ("nr;Name;Betrag", None),
            ("nummer;name;betrag", None),
            ("Lieblingsfarbe;Name;Betrag", None),
            ("Aktenzeichen;Name;Betrag;C6", None),
        ] {
            let columns = of_list(header.split(';'), None);
            let found = damaged_name(&columns).map(|(column, _)| column);
            assert_eq!(found, expected, "{header}");
        }
    }
}
