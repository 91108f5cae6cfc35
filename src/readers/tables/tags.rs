//! SEPA tags inside remittance texts: `EREF+…SVWZ+…`, `EREF: …`, `End-to-End-Ref.: …`.

/// The parts of a tagged remittance text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags {
    /// `EREF`.
    pub end_to_end_id: Option<String>,
    /// `KREF`.
    pub customer_reference: Option<String>,
    /// `MREF`.
    pub mandate: Option<String>,
    /// `SVWZ`, or what stands before the first tag.
    pub remittance: Option<String>,
    /// `ABWE`, `ABWA`.
    pub ultimate: Option<String>,
    /// `IBAN`.
    pub iban: Option<String>,
}

const NAMES: [&str; 12] =
    ["EREF", "KREF", "MREF", "CRED", "DEBT", "SVWZ", "ABWA", "ABWE", "IBAN", "BIC", "PURP", "COAM"];

/// Splits a text at its tags; `None` if it has none.
pub fn split(text: &str) -> Option<Tags> {
    // Most texts have no tag at all, and every row is asked.
    if !text.contains('+') && !text.contains(':') {
        return None;
    }
    let mut starts: Vec<(usize, usize, &str)> = Vec::new();
    for (mark, sign) in text.match_indices(['+', ':']) {
        let Some((before, from)) = text.split_at_checked(mark) else { continue };
        let Some(name) = NAMES.into_iter().find(|name| before.ends_with(name)) else { continue };
        let at = mark.saturating_sub(name.len());
        let tag = if sign == "+" { "+" } else { ": " };
        let stands_alone = || before.get(..at).is_some_and(|b| b.is_empty() || b.ends_with(' '));
        if from.starts_with(tag) && (sign == "+" || stands_alone()) {
            starts.push((at, mark.saturating_add(tag.len()), name));
        }
    }
    for (tag, name) in [
        ("End-to-End-Ref.: ", "EREF"),
        ("End-to-End-Ref.:", "EREF"),
        ("Mandatsref: ", "MREF"),
        ("Kundenreferenz: ", "KREF"),
    ] {
        for (at, _) in text.match_indices(tag) {
            starts.push((at, at.saturating_add(tag.len()), name));
        }
    }
    if starts.is_empty() {
        return None;
    }
    starts.sort_unstable_by_key(|(at, end, _)| (*at, std::cmp::Reverse(*end)));
    starts.dedup_by_key(|(at, _, _)| *at);
    let mut tags = Tags::default();
    let before = starts.first().and_then(|(at, _, _)| text.get(..*at)).map(str::trim);
    tags.remittance = before.filter(|text| !text.is_empty()).map(str::to_owned);
    for (number, (_, from, name)) in starts.iter().enumerate() {
        let to = starts.get(number.saturating_add(1)).map_or(text.len(), |(at, _, _)| *at);
        let Some(value) = text.get(*from..to).map(str::trim).filter(|value| !value.is_empty())
        else {
            continue;
        };
        let slot = match *name {
            "EREF" => &mut tags.end_to_end_id,
            "KREF" => &mut tags.customer_reference,
            "MREF" => &mut tags.mandate,
            "SVWZ" => &mut tags.remittance,
            "ABWA" | "ABWE" => &mut tags.ultimate,
            "IBAN" => &mut tags.iban,
            _ => continue,
        };
        match slot {
            Some(known) => {
                known.push(' ');
                known.push_str(value);
            }
            None => *slot = Some(value.to_owned()),
        }
    }
    Some(tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_in_any_writing() {
        let tags = split("EREF+SOZ-1MREF+M1SVWZ+Miete 11/2023").unwrap();
        assert_eq!(tags.end_to_end_id.as_deref(), Some("SOZ-1"));
        assert_eq!(tags.remittance.as_deref(), Some("Miete 11/2023"));
        let tags = split("GruSi Nov EREF: SOZ-2 IBAN: DE12 BIC: X").unwrap();
        assert_eq!(tags.end_to_end_id.as_deref(), Some("SOZ-2"));
        assert_eq!(tags.remittance.as_deref(), Some("GruSi Nov"));
        for untagged in ["Miete November", "EREF 1", "EREF:1", "XEREF: 1", "SVWZ", "+", ":"] {
            assert_eq!(split(untagged), None, "{untagged}");
        }
        let tags = split("XEREF+1ABWA: 2 BIC+3 IBAN: 4").unwrap();
        let own = (tags.end_to_end_id.as_deref(), tags.iban.as_deref(), tags.ultimate);
        assert_eq!(own, (Some("1ABWA: 2"), Some("4"), None));
    }
}
