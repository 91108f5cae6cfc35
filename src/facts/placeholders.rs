//! What stands in a reference's place where there is none.

/// Words that say so, letters and digits only, upper case; kept in order.
const WORDS: &[&str] = &[
    "EMPTY",
    "KA",
    "KEINE",
    "KEINEANGABE",
    "KEINEANGABEN",
    "KEINEREF",
    "KEINEREFERENZ",
    "LEER",
    "NA",
    "NICHTANGEGEBEN",
    "NICHTVORHANDEN",
    "NIL",
    "NONE",
    "NONREF",
    "NOREF",
    "NOREFERENCE",
    "NOTAVAILABLE",
    "NOTGIVEN",
    "NOTPROVIDE",
    "NOTPROVIDED",
    "NOTSPECIFIED",
    "NULL",
    "NV",
    "OHNE",
    "OHNEREFERENZ",
    "UNBEKANNT",
    "UNKNOWN",
];

/// Whether a reference says that there is none: nothing, zeros, or one of the words. `key` are its
/// letters and digits in upper case.
pub fn is_placeholder(key: &str) -> bool {
    key.bytes().all(|byte| byte == b'0') || WORDS.binary_search(&key).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_zeros() {
        assert!(WORDS.windows(2).all(|pair| pair[0] < pair[1]), "kept in order, each once");
        // Who asks first looks for other digits, and asks no further if there are any.
        assert!(WORDS.iter().all(|word| !word.bytes().any(|byte| byte.is_ascii_digit())));
        for (key, expected) in
            [("", true), ("000", true), ("NONREF", true), ("NONREF1", false), ("SOZ1", false)]
        {
            assert_eq!(is_placeholder(key), expected, "{key}");
        }
    }
}
