//! What people read for names that machines read: roles of files, weights of problems, what became of bookings.

use crate::model::language::Language;

/// Machine name, German, English.
const LABELS: &[(&str, &str, &str)] = &[
    ("list", "Liste", "list"),
    ("order", "Auftrag", "order"),
    ("bank", "Bank", "bank"),
    ("status", "Statusbericht", "status report"),
    ("confirmation", "Bestätigung", "confirmation"),
    ("ignored", "übergangen", "ignored"),
    ("error", "Fehler", "error"),
    ("warning", "Warnung", "warning"),
    ("note", "Hinweis", "note"),
    ("matched", "zugeordnet", "matched"),
    ("batch", "Sammelbuchung", "collective debit"),
    ("return", "Rückzahlung", "return"),
    ("unassigned-return", "Rückzahlung, zu niemandem", "return, nobody's"),
    ("duplicate-export", "schon in anderer Datei", "in another file already"),
    ("pending", "vorgemerkt", "pending"),
    ("superseded-pending", "vorgemerkt, inzwischen gebucht", "pending, booked since"),
    ("unlisted-debit", "Abbuchung ohne Liste", "unlisted debit"),
    ("status-report", "Statusbericht", "status report"),
    ("unrelated", "fremd", "unrelated"),
];

/// What people read for a machine name; the name itself where there is no other.
pub fn label(name: &'static str, language: Language) -> &'static str {
    let found = LABELS.iter().find(|(own, _, _)| *own == name);
    found.map_or(name, |(_, german, english)| language.pick(german, english))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::outcome::Disposition;

    #[test]
    fn names_have_labels() {
        assert_eq!(label("warning", Language::De), "Warnung");
        assert_eq!(label(Disposition::UnlistedDebit.name(), Language::De), "Abbuchung ohne Liste");
        assert_eq!(label("nonsense", Language::De), "nonsense");
    }
}
