//! SEPA tags inside the remittance text: `EREF+`, `KREF+`, `SVWZ+` …

use crate::facts::sepa_tags;
use crate::facts::sepa_tags::SepaTag;
use crate::readers::mt940::subfields::PIECE;
use crate::readers::mt940::subfields::fills;

/// The values behind the tags, and the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tagged {
    /// `EREF+`: end-to-end id.
    pub(super) end_to_end_id: Option<String>,
    /// `KREF+`: reference of the order, for a collective booking that of the batch.
    pub(super) order_reference: Option<String>,
    /// `MREF+`: mandate.
    pub(super) mandate: Option<String>,
    /// `ABWE+`: who it is for in the end.
    pub(super) ultimate_payee: Option<String>,
    /// `IBAN+`: account of the other side.
    pub(super) iban: Option<String>,
    /// `MTLG:`: what the bank itself has to say.
    pub(super) notice: Option<String>,
    /// `RTRN+`, `RETN+`: reason of a return.
    pub(super) reason: Option<String>,
    /// `SVWZ+` and all untagged text.
    pub(super) text: Option<String>,
    /// What stands behind tags that have no field: `ABWA+`, `BREF+` …
    pub(super) unread: Vec<String>,
}

/// References and codes, as against texts: they do not go on behind a piece that ended.
fn is_reference(tag: SepaTag) -> bool {
    use SepaTag::EndToEndId;
    use SepaTag::Iban;
    use SepaTag::Mandate;
    use SepaTag::OrderReference;
    matches!(tag, EndToEndId | OrderReference | Mandate | Iban)
}

/// Whether what stands behind the tag says nothing about who is paid: identifiers, amounts before
/// conversion, purpose codes, the name of a bank.
fn is_irrelevant(tag: SepaTag) -> bool {
    matches!(tag, SepaTag::Identifier | SepaTag::Amount | SepaTag::Purpose | SepaTag::Bic)
}

/// Whether a tag counts once only; a second one is text.
fn is_single(tag: SepaTag) -> bool {
    !is_irrelevant(tag) && !matches!(tag, SepaTag::Other | SepaTag::UltimatePayer)
}

/// The sign behind a tag.
fn sign(tag: SepaTag) -> u8 {
    if tag == SepaTag::Notice { b':' } else { b'+' }
}

/// Reads the pieces of a remittance text.
pub(super) fn read(pieces: &[String]) -> Tagged {
    let mut stretches = Stretches::default();
    let mut before: Option<&str> = None;
    for piece in pieces {
        stretches.piece(piece, before);
        before = Some(piece);
    }
    stretches.finish()
}

/// The tag with which a text begins, with its sign.
fn tag_at(text: &str) -> Option<(&str, SepaTag)> {
    sepa_tags::all().iter().find_map(|(name, tag)| {
        let behind = text.strip_prefix(name)?;
        let is_tag = behind.as_bytes().first() == Some(&sign(*tag));
        Some((text.get(..name.len().saturating_add(1))?, *tag)).filter(|_| is_tag)
    })
}

#[derive(Default)]
struct Stretches {
    done: Vec<(Option<SepaTag>, String)>,
    kind: Option<SepaTag>,
    text: String,
}

impl Stretches {
    /// Adds a piece that follows another.
    fn piece(&mut self, piece: &str, before: Option<&str>) {
        let cut = before.is_none_or(fills);
        let mut rest = piece;
        if tag_at(piece).is_none() {
            // A reference may lack a blank at its cut; a piece clearly shorter has ended.
            let nearly = before.is_none_or(|text| text.chars().count().saturating_add(1) >= PIECE);
            if !nearly && self.kind.is_some_and(is_reference) {
                self.begin(None);
            } else if !cut && !self.text.ends_with(' ') && !piece.starts_with(' ') {
                self.text.push(' ');
            }
        }
        // Tags are cut like words: `MR` + `EF+`.
        if cut && before.is_some() && self.mend(piece) {
            rest = piece.split_once('+').map_or("", |(_, rest)| rest);
        }
        let mut at_start = true;
        while let Some((before, tag, kind)) = self.next_tag(rest, at_start) {
            self.text.push_str(before);
            self.begin(Some(kind));
            rest = rest.get(before.len().saturating_add(tag.len())..).unwrap_or_default();
            at_start = false;
        }
        self.text.push_str(rest);
    }

    /// The next tag that begins in `rest`, and the text before it.
    fn next_tag<'a>(&self, rest: &'a str, at_start: bool) -> Option<(&'a str, &'a str, SepaTag)> {
        if at_start && let Some((tag, kind)) = tag_at(rest).filter(|(_, kind)| !self.seen(*kind)) {
            return Some(("", tag, kind));
        }
        for plus in memchr::memchr_iter(b'+', rest.as_bytes()) {
            for letters in [4, 3] {
                let Some(start) = plus.checked_sub(letters) else { continue };
                let Some((before, from)) = rest.split_at_checked(start) else { continue };
                let Some((tag, kind)) = tag_at(from) else { continue };
                let text = if before.is_empty() { self.text.as_str() } else { before };
                let after_blank = text.is_empty() || text.ends_with(' ');
                if self.may_begin(kind, after_blank) {
                    return Some((before, tag, kind));
                }
            }
        }
        None
    }

    /// A tag that was cut: its beginning stands at the end of what is open, its rest at the start
    /// of the piece.
    fn mend(&mut self, piece: &str) -> bool {
        if !piece.bytes().take(4).any(|byte| byte == b'+') {
            return false;
        }
        for (tag, kind) in sepa_tags::all().iter().copied() {
            for cut in 1..=tag.len() {
                let Some((head, tail)) = tag.split_at_checked(cut) else { continue };
                let begins = piece.strip_prefix(tail).is_some_and(|rest| rest.starts_with('+'));
                if sign(kind) == b'+' && begins && self.text.ends_with(head) {
                    let kept = self.text.len().saturating_sub(head.len());
                    let stands_alone =
                        self.text.get(..kept).is_some_and(|t| t.is_empty() || t.ends_with(' '));
                    if (stands_alone || self.kind.is_some_and(is_reference)) && !self.seen(kind) {
                        self.text.truncate(kept);
                        self.begin(Some(kind));
                        return true;
                    }
                }
            }
        }
        false
    }

    fn seen(&self, kind: SepaTag) -> bool {
        is_single(kind)
            && (self.kind == Some(kind) || self.done.iter().any(|(done, _)| *done == Some(kind)))
    }

    /// Whether a tag begins inside a piece. People write `EREF+` into remittance texts too: inside
    /// a text a reference begins with a new piece only, and never a second time.
    fn may_begin(&self, kind: SepaTag, after_blank: bool) -> bool {
        if self.seen(kind) || kind == SepaTag::Notice {
            return false;
        }
        match self.kind {
            Some(SepaTag::Remittance | SepaTag::Notice) => after_blank && !is_reference(kind),
            None => after_blank,
            // Run together: `EREF+E2E-1MREF+M-1`.
            Some(_) => true,
        }
    }

    fn begin(&mut self, kind: Option<SepaTag>) {
        let text = std::mem::take(&mut self.text);
        self.done.push((self.kind, text));
        self.kind = kind;
    }

    fn finish(mut self) -> Tagged {
        self.begin(None);
        let mut tagged = Tagged::default();
        let mut texts: Vec<String> = Vec::new();
        for (kind, text) in self.done {
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            let slot = match kind {
                None | Some(SepaTag::Remittance) => {
                    texts.push(text.to_owned());
                    continue;
                }
                Some(SepaTag::Notice) => {
                    texts.push(text.to_owned());
                    &mut tagged.notice
                }
                Some(SepaTag::EndToEndId) => &mut tagged.end_to_end_id,
                Some(SepaTag::OrderReference) => &mut tagged.order_reference,
                Some(SepaTag::Mandate) => &mut tagged.mandate,
                Some(SepaTag::UltimatePayee) => &mut tagged.ultimate_payee,
                Some(SepaTag::Iban) => &mut tagged.iban,
                Some(SepaTag::ReturnReason) => &mut tagged.reason,
                Some(SepaTag::Other | SepaTag::UltimatePayer) => {
                    tagged.unread.push(text.to_owned());
                    continue;
                }
                Some(SepaTag::Identifier | SepaTag::Amount | SepaTag::Purpose | SepaTag::Bic) => {
                    continue;
                }
            };
            *slot = Some(text.to_owned());
        }
        if !texts.is_empty() {
            tagged.text = Some(texts.join(" "));
        }
        tagged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tagged(pieces: &[&str]) -> (String, String, String, String) {
        let pieces: Vec<String> = pieces.iter().map(|piece| (*piece).to_owned()).collect();
        let found = read(&pieces);
        let show = |text: Option<String>| text.unwrap_or_default();
        (
            show(found.end_to_end_id),
            show(found.order_reference),
            show(found.mandate),
            show(found.text),
        )
    }

    #[test]
    fn tags_in_any_order_cut_and_run_together() {
        for (pieces, eref, kref, mref, text) in [
            (
                &[
                    "EREF+EIL2512-000002",
                    "KREF+SOZ-2512-EINZEL",
                    "SVWZ+Darlehen Stromschulden",
                    " Az 50.12-4711",
                ][..],
                "EIL2512-000002",
                "SOZ-2512-EINZEL",
                "",
                "Darlehen Stromschulden Az 50.12-4711",
            ),
            (
                &[
                    "EREF+A1.200080779.400143254",
                    ".4961336 KREF+SEPA-DA202006",
                    "01220740-34972000-P1-X MREF+",
                    "0852 SVWZ+SONSTIGE",
                ],
                "A1.200080779.400143254.4961336",
                "SEPA-DA20200601220740-34972000-P1-X",
                "0852",
                "SONSTIGE",
            ),
            (&["EREF+E2E-1MREF+M-1SVWZ+Miete"], "E2E-1", "", "M-1", "Miete"),
            (&["SVWZ+Miete", "EREF+E2E-1"], "E2E-1", "", "", "Miete"),
            (&["EREF+1234567890123456789 SV", "WZ+Miete"], "1234567890123456789", "", "", "Miete"),
            (
                &["EREF+TFNR 40016 00001", "MTLG:Grund nicht spezifizie", "rt Reject"],
                "TFNR 40016 00001",
                "",
                "",
                "Grund nicht spezifiziert Reject",
            ),
            (&["Miete", "Dezember"], "", "", "", "Miete Dezember"),
            (&["EREF+X1", "Regelbedarf"], "X1", "", "", "Regelbedarf"),
            (
                &["SVWZ+EREF+ steht im Text und noch EREF+X"],
                "",
                "",
                "",
                "EREF+ steht im Text und noch EREF+X",
            ),
            (&["EREF+A", "SVWZ+x EREF+B"], "A", "", "", "x EREF+B"),
        ] {
            let found = tagged(pieces);
            assert_eq!(
                (found.0.as_str(), found.1.as_str(), found.2.as_str(), found.3.as_str()),
                (eref, kref, mref, text),
                "{pieces:?}"
            );
        }
    }
}
