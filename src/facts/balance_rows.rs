//! Names of rows that state a balance among the bookings of an export, and words of closing lines.

/// Which balance it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Before the first booking.
    Opening,
    /// After the last one.
    Closing,
}

/// Folded names: small letters, no umlauts, nothing but letters.
const NAMES: &[(&str, Which)] = &[
    ("anfangssaldo", Which::Opening),
    ("anfangsbestand", Which::Opening),
    ("startsaldo", Which::Opening),
    ("eroffnungssaldo", Which::Opening),
    ("saldovortrag", Which::Opening),
    ("alterkontostand", Which::Opening),
    ("altersaldo", Which::Opening),
    ("openingbalance", Which::Opening),
    ("oldbalance", Which::Opening),
    ("endsaldo", Which::Closing),
    ("endbestand", Which::Closing),
    ("schlusssaldo", Which::Closing),
    ("schlusaldo", Which::Closing),
    ("abschlusssaldo", Which::Closing),
    ("neuerkontostand", Which::Closing),
    ("neuersaldo", Which::Closing),
    ("kontostand", Which::Closing),
    ("closingbalance", Which::Closing),
    ("newbalance", Which::Closing),
];

/// The balance that a cell names which holds nothing else.
pub fn find(folded: &str) -> Option<Which> {
    NAMES.iter().find(|(name, _)| *name == folded).map(|(_, which)| *which)
}

/// Words that begin a closing line below the rows of a table: few, as what is left of a row that was cut must
/// not pass for one.
const CLOSING: [&str; 16] = [
    "summe",
    "summen",
    "sum",
    "gesamt",
    "gesamtsumme",
    "gesamtbetrag",
    "gesamtergebnis",
    "insgesamt",
    "zwischensumme",
    "endsumme",
    "total",
    "kontostand",
    "saldo",
    "endsaldo",
    "anfangssaldo",
    "schlusssaldo",
];

/// Whether the first two folded words of a line begin a closing line: a sum or a balance.
pub fn begins_closing_line(first: &str, second: &str) -> bool {
    CLOSING.contains(&first)
        || (matches!(first, "alter" | "neuer" | "letzter" | "aktueller")
            && matches!(second, "kontostand" | "saldo"))
}
