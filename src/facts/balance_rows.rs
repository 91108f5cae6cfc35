//! Names of rows that state a balance among the bookings of an export.

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
