//! SEPA tags inside remittance texts: `EREF+`, `KREF+`, `SVWZ+` … (Deutsche Kreditwirtschaft,
//! Anlage 3, MT940 field 86), which exports repeat.

/// What stands behind a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SepaTag {
    /// End-to-end id.
    EndToEndId,
    /// Reference of the order; of a collective booking that of the batch.
    OrderReference,
    /// Mandate of a direct debit.
    Mandate,
    /// The remittance text itself.
    Remittance,
    /// Who it is for in the end (abweichender Empfänger).
    UltimatePayee,
    /// Whose money it is in the end (abweichender Auftraggeber).
    UltimatePayer,
    /// Account of the other side.
    Iban,
    /// Bank of the other side.
    Bic,
    /// Why a transfer came back.
    ReturnReason,
    /// What the bank itself has to say.
    Notice,
    /// Creditor and debtor identifiers: they say nothing about who is paid.
    Identifier,
    /// An amount of an interchange, of charges, or before conversion.
    Amount,
    /// Purpose code.
    Purpose,
    /// Known, without a field of its own.
    Other,
}

/// The tags without their sign, each once.
const TAGS: &[(&str, SepaTag)] = &[
    ("EREF", SepaTag::EndToEndId),
    ("KREF", SepaTag::OrderReference),
    ("MREF", SepaTag::Mandate),
    ("SVWZ", SepaTag::Remittance),
    ("ABWE", SepaTag::UltimatePayee),
    ("ABWA", SepaTag::UltimatePayer),
    ("IBAN", SepaTag::Iban),
    ("BIC", SepaTag::Bic),
    ("RTRN", SepaTag::ReturnReason),
    ("RETN", SepaTag::ReturnReason),
    ("MTLG", SepaTag::Notice),
    ("CRED", SepaTag::Identifier),
    ("DEBT", SepaTag::Identifier),
    ("COAM", SepaTag::Amount),
    ("OAMT", SepaTag::Amount),
    ("PURP", SepaTag::Purpose),
    ("BREF", SepaTag::Other),
    ("RREF", SepaTag::Other),
    ("CLEG", SepaTag::Other),
    ("EXTR", SepaTag::Other),
];

/// All tags.
pub fn all() -> &'static [(&'static str, SepaTag)] {
    TAGS
}

/// The tag with which a text ends, and what stands behind it means.
pub fn at_end(text: &str) -> Option<(&'static str, SepaTag)> {
    TAGS.iter().find(|(name, _)| text.ends_with(name)).copied()
}

/// The tag that is exactly this.
pub fn find(name: &str) -> Option<SepaTag> {
    TAGS.iter().find(|(own, _)| *own == name).map(|(_, tag)| *tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_stand_once() {
        for (number, (name, tag)) in TAGS.iter().enumerate() {
            assert_eq!(find(name), Some(*tag));
            let same = |(other, _): &(&str, SepaTag)| other == name;
            assert_eq!(TAGS.iter().position(same), Some(number));
        }
        assert_eq!(at_end("x EREF"), Some(("EREF", SepaTag::EndToEndId)));
        assert_eq!(at_end("EREF "), None);
    }
}
