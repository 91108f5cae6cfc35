//! SEPA tags inside remittance texts: `EREF+…SVWZ+…`, `EREF: …`, `End-to-End-Ref.: …`.

use crate::facts::sepa_tags;
use crate::facts::sepa_tags::SepaTag;
use crate::model::iban::Iban;
use crate::model::iban_in_text;
use crate::model::text::filled;
use crate::model::text::is_placeholder;

/// The parts of a tagged remittance text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags {
    /// `EREF`.
    pub end_to_end_id: Option<String>,
    /// `KREF`.
    pub customer_reference: Option<String>,
    /// `MREF`.
    pub mandate: Option<String>,
    /// `SVWZ`, what stands before the first tag, and what runs on behind an id or account.
    pub remittance: Option<String>,
    /// `ABWE`.
    pub ultimate: Option<String>,
    /// `IBAN`.
    pub iban: Option<Iban>,
    /// What stands behind tags without a field of their own.
    pub others: Option<String>,
}

/// Tags as some banks spell them out.
const SPELT: [(&str, SepaTag); 7] = [
    ("End-to-End-Ref.: ", SepaTag::EndToEndId),
    ("End-to-End-Ref.:", SepaTag::EndToEndId),
    ("Mandatsref: ", SepaTag::Mandate),
    ("Mandatsref:", SepaTag::Mandate),
    ("Gläubiger-ID: ", SepaTag::Identifier),
    ("Gläubiger-ID:", SepaTag::Identifier),
    ("Kundenreferenz: ", SepaTag::OrderReference),
];

/// Splits a text at its tags; `None` if it has none.
pub fn split(text: &str) -> Option<Tags> {
    // Most texts have no tag at all, and every row is asked.
    if !text.contains('+') && !text.contains(':') {
        return None;
    }
    let mut starts: Vec<(usize, usize, SepaTag)> = Vec::new();
    for (mark, sign) in text.match_indices(['+', ':']) {
        let Some((before, from)) = text.split_at_checked(mark) else { continue };
        let Some((name, tag)) = sepa_tags::at_end(before) else { continue };
        let at = mark.saturating_sub(name.len());
        let joint = if sign == "+" { "+" } else { ": " };
        let stands_alone = || before.get(..at).is_some_and(|b| b.is_empty() || b.ends_with(' '));
        if from.starts_with(joint) && (sign == "+" || stands_alone()) {
            starts.push((at, mark.saturating_add(joint.len()), tag));
        }
    }
    for (name, tag) in SPELT {
        for (at, _) in text.match_indices(name) {
            starts.push((at, at.saturating_add(name.len()), tag));
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
    for (number, (_, from, tag)) in starts.iter().enumerate() {
        let to = starts.get(number.saturating_add(1)).map_or(text.len(), |(at, _, _)| *at);
        let Some(value) = text.get(*from..to).and_then(filled) else { continue };
        tags.take(*tag, &value);
    }
    Some(tags)
}

impl Tags {
    fn take(&mut self, tag: SepaTag, value: &str) {
        match tag {
            SepaTag::EndToEndId => {
                let (id, behind) = id_and_text(value);
                add(&mut self.end_to_end_id, id);
                add(&mut self.remittance, behind);
                if id.contains(' ') {
                    // Other things may stand behind the id: they are searched.
                    add(&mut self.others, id);
                }
            }
            SepaTag::Iban => self.take_account(value),
            SepaTag::OrderReference => add(&mut self.customer_reference, value),
            SepaTag::Mandate => add(&mut self.mandate, value),
            SepaTag::Remittance => add(&mut self.remittance, value),
            SepaTag::UltimatePayee => add(&mut self.ultimate, value),
            SepaTag::UltimatePayer
            | SepaTag::Bic
            | SepaTag::ReturnReason
            | SepaTag::Notice
            | SepaTag::Identifier
            | SepaTag::Amount
            | SepaTag::Purpose
            | SepaTag::Other => add(&mut self.others, value),
        }
    }

    /// An account ends at its country's length; what runs on behind it is text, and so is what fails
    /// its check digits.
    fn take_account(&mut self, value: &str) {
        let place = iban_in_text::places(value).into_iter().next();
        let known = self.iban.is_some();
        let Some(place) = place.filter(|_| !known) else {
            return add(&mut self.remittance, value);
        };
        self.iban = value.get(place.clone()).and_then(Iban::read);
        add(&mut self.remittance, value.get(..place.start).unwrap_or_default());
        add(&mut self.remittance, value.get(place.end..).unwrap_or_default());
    }
}

/// Adds a text behind what is there.
fn add(slot: &mut Option<String>, text: &str) {
    let text = text.trim();
    match slot {
        _ if text.is_empty() => {}
        Some(known) => {
            known.push(' ');
            known.push_str(text);
        }
        None => *slot = Some(text.to_owned()),
    }
}

/// The id, and the words that run on behind it: `NOTPROVIDED Dauerauftrag`, `SOZ-1 Überweisung`.
fn id_and_text(value: &str) -> (&str, &str) {
    let has_digit = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
    match value.split_once(' ') {
        Some((id, behind)) if is_placeholder(id) || (has_digit(id) && !has_digit(behind)) => {
            (id, behind)
        }
        _ => (value, ""),
    }
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
        assert_eq!(tags.remittance.as_deref(), Some("GruSi Nov DE12"));
        for untagged in ["Miete November", "EREF 1", "EREF:1", "XEREF: 1", "SVWZ", "+", ":"] {
            assert_eq!(split(untagged), None, "{untagged}");
        }
        let tags = split("XEREF+1ABWA: 2 BIC+3 IBAN: 4").unwrap();
        let own = (tags.end_to_end_id.as_deref(), tags.iban, tags.ultimate);
        assert_eq!(own, (Some("1ABWA: 2"), None, None));
        // An id with words behind it is searched too.
        let texts = (tags.remittance.as_deref(), tags.others.as_deref());
        assert_eq!(texts, (Some("X 4"), Some("1ABWA: 2 3")));
        let tags = split("EREF: SOZ-1 Dauerauftrag IBAN: DE02120300000000202051 Miete RTRN+AC04");
        let tags = tags.unwrap();
        assert_eq!(tags.end_to_end_id.as_deref(), Some("SOZ-1"));
        assert_eq!(tags.iban, Iban::read("DE02120300000000202051"));
        assert_eq!(tags.remittance.as_deref(), Some("Dauerauftrag Miete"));
        assert_eq!(tags.others.as_deref(), Some("AC04"));
        let tags = split("End-to-End-Ref.: NOTPROVIDED Dauerauftrag").unwrap();
        assert_eq!(tags.end_to_end_id.as_deref(), Some("NOTPROVIDED"));
    }
}
