//! What a row that sums up others is called.

/// Words that alone, or before or behind what they sum up, are the name of a sum.
const WORDS: [&str; 27] = [
    "summe",
    "summen",
    "sum",
    "gesamt",
    "gesamtsumme",
    "gesamtbetrag",
    "gesamtergebnis",
    "zwischensumme",
    "zwischenergebnis",
    "teilsumme",
    "teilergebnis",
    "ergebnis",
    "endsumme",
    "hauptsumme",
    "seitensumme",
    "blattsumme",
    "listensumme",
    "kontrollsumme",
    "insgesamt",
    "total",
    "totals",
    "subtotal",
    "grandtotal",
    "ubertrag",
    "uebertrag",
    "vortrag",
    "carryover",
];

/// Words that may stand beside it and name nobody.
const BESIDE: [&str; 24] = [
    "eur",
    "euro",
    "der",
    "die",
    "aller",
    "alle",
    "zahlungen",
    "betrage",
    "betraege",
    "beträge",
    "posten",
    "zeilen",
    "liste",
    "seite",
    "lauf",
    "grand",
    "sub",
    "of",
    "all",
    "payments",
    "in",
    "amount",
    "anzahl",
    "sum",
];

/// How surely a text is the name of a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Label {
    /// Begins or ends with a word for it, and says more: `Summe Sozialhilfe`, `Heime Ergebnis`.
    Named,
    /// Says nothing else.
    Bare,
}

/// Whether a text, as it stands and as its folded words, is the name of a sum. `Sum, Li` is a person.
pub fn label(text: &str, words: &[String]) -> Option<Label> {
    let text = text.trim();
    if !text.is_empty() && text.chars().all(|sign| matches!(sign, '*' | 'Σ' | '∑')) {
        return Some(Label::Bare);
    }
    let (first, last) = (words.first()?, words.last()?);
    let is_sum = |word: &String| WORDS.contains(&word.as_str());
    if !(is_sum(first) || is_sum(last)) || text.contains(',') || words.len() > 6 {
        return None;
    }
    let bare = words.iter().all(|word| {
        is_sum(word)
            || BESIDE.contains(&word.as_str())
            || word.bytes().all(|byte| byte.is_ascii_digit())
    });
    Some(if bare { Label::Bare } else { Label::Named })
}

/// Whether a text, as its folded words, is a count or a currency beside a sum: `2 Zahlungen`.
pub fn is_beside(words: &[String]) -> bool {
    let beside = |word: &String| BESIDE.contains(&word.as_str());
    let digits = |word: &String| word.bytes().all(|byte| byte.is_ascii_digit());
    words.iter().any(beside) && words.iter().all(|word| beside(word) || digits(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        for (text, expected) in [
            ("Summe", Some(Label::Bare)),
            ("Gesamtergebnis", Some(Label::Bare)),
            ("Summe EUR:", Some(Label::Bare)),
            ("Grand Total", Some(Label::Bare)),
            ("**", Some(Label::Bare)),
            ("Summe Sozialhilfe", Some(Label::Named)),
            ("Heime Ergebnis", Some(Label::Named)),
            ("Sum, Li", None),
            ("Gesamthochschule", None),
            ("Hans Meier", None),
            ("", None),
        ] {
            let words: Vec<String> = text
                .split(|letter: char| !letter.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .map(str::to_lowercase)
                .collect();
            assert_eq!(label(text, &words), expected, "{text}");
        }
    }
}
