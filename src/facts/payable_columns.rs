//! Names of columns of lists that may state what is paid, beside the amount.

use crate::facts::folded::Folded;

/// Folded names, blanks left out, that state what is paid in the end.
const PAYABLE: &[&str] = &[
    "nettobetrag",
    "netto",
    "nettoauszahlung",
    "zuzahlen",
    "zuzahlenderbetrag",
    "auszahlung",
    "auszahlungsbetrag",
    "auszahlbetrag",
    "auszahlungssumme",
    "auszuzahlen",
    "auszuzahlenderbetrag",
    "anweisungsbetrag",
    "anzuweisen",
    "anzuweisenderbetrag",
    "zahlbetrag",
    "zahlung",
    "endbetrag",
    "restbetrag",
    "restzahlung",
    "neurbetrag",
    "betragneu",
    "betrag2",
    "korrigierterbetrag",
    "betragkorrigiert",
    "payout",
    "payoutamount",
    "netamount",
    "netpayment",
    "net",
    "topay",
    "amountpayable",
    "payable",
];

/// Parts of names of amounts that are another thing and often the same: what was granted, what was paid
/// before.
const OTHERS: &[&str] = &[
    "brutto",
    "gross",
    "vormonat",
    "vorjahr",
    "bisher",
    "alt",
    "anspruch",
    "bedarf",
    "bewilligt",
    "previous",
    "last",
    "granted",
];

/// Whether a column of this name states what is paid.
pub fn is_payable(name: &str) -> bool {
    let words = Folded::new(name);
    let whole: String =
        words.words().filter(|word| !matches!(*word, "in" | "eur" | "euro")).collect();
    PAYABLE.contains(&whole.as_str())
}

/// Whether a column of this name may have the amounts of most rows and is another thing all the same.
pub fn is_another(name: &str) -> bool {
    let words = Folded::new(name);
    OTHERS.iter().any(|part| words.words().any(|word| word.starts_with(part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for word in [PAYABLE, OTHERS].into_iter().flatten() {
            assert_eq!(Folded::new(word).words().collect::<Vec<_>>(), [*word]);
        }
        for (name, payable, another) in [
            ("Nettobetrag", true, false),
            ("zu zahlen", true, false),
            ("Auszahlung (EUR)", true, false),
            ("Zahlbetrag in Euro", true, false),
            ("Neuer Betrag", true, false),
            ("Bruttobetrag", false, true),
            ("Betrag Vormonat", false, true),
            ("Miete", false, false),
            ("Gehalt", false, false),
        ] {
            assert_eq!((is_payable(name), is_another(name)), (payable, another), "{name}");
        }
    }
}
