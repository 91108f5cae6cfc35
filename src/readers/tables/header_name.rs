//! Header names as they are compared.

use crate::model::text::fold_words;

/// A header name as it is compared: lower case, umlauts as single vowels, nothing but letters
/// and digits.
pub fn fold(name: &str) -> String {
    // Folded once more as a whole: `EndToEnd` and `End-to-End` are one name.
    fold_words(name).concat().replace("ae", "a").replace("oe", "o").replace("ue", "u")
}
