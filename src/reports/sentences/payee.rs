//! Who is paid, as far as a sentence depends on it: whose bank, whose account, who asks there.

use crate::model::language::Language;
use crate::model::payment::Benefit;
use crate::model::text::fold_words;
use crate::model::text::names_agree;

/// Who is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PayeeKind {
    /// The person entitled.
    Person,
    /// A legal guardian.
    Guardian,
    /// The landlord.
    Landlord,
    /// A care home or other facility.
    Home,
    /// Somebody else.
    Other,
}

/// Beginnings of folded words that tell a guardian.
const GUARDIANS: [&str; 3] = ["betreu", "vormund", "guardian"];

/// Beginnings of folded words that tell a landlord; the benefit may tell it too.
const LANDLORDS: [&str; 14] = [
    "vermiet",
    "wohnbau",
    "wohnungs",
    "wohnstatten",
    "hausverwalt",
    "immobil",
    "bauverein",
    "baugenossen",
    "siedlungs",
    "miete",
    "kdu",
    "unterkunft",
    "landlord",
    "housing",
];

/// What a sentence asks of a payment to know who is paid.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parties<'a> {
    /// The benefit, by its machine name or the list's text.
    pub benefit: &'a str,
    /// The person entitled.
    pub beneficiary: Option<&'a str>,
    /// Holder of the account.
    pub payee: Option<&'a str>,
    /// Care home or other facility.
    pub facility: Option<&'a str>,
}

/// Who is paid.
pub fn payee_kind(parties: &Parties<'_>) -> PayeeKind {
    let is_other = match (parties.payee, parties.beneficiary) {
        (Some(payee), Some(person)) => !names_agree(payee, person),
        _ => false,
    };
    let is_home = parties.benefit == Benefit::CareHome.name();
    let begins = |text: &str, known: &[&str]| {
        fold_words(text).iter().any(|word| known.iter().any(|start| word.starts_with(start)))
    };
    let payee = parties.payee.unwrap_or_default();
    // A home's row without a payee of its own goes to the home; one to the resident does not.
    if is_home && (is_other || parties.payee.is_none() || parties.beneficiary.is_none()) {
        return PayeeKind::Home;
    }
    if !is_other {
        return PayeeKind::Person;
    }
    if begins(payee, &GUARDIANS) {
        return PayeeKind::Guardian;
    }
    if parties.facility.is_some_and(|facility| names_agree(facility, payee)) {
        return PayeeKind::Home;
    }
    if begins(payee, &LANDLORDS) || begins(parties.benefit, &LANDLORDS) {
        return PayeeKind::Landlord;
    }
    if parties.facility.is_some() { PayeeKind::Home } else { PayeeKind::Other }
}

impl PayeeKind {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Person, Self::Guardian, Self::Landlord, Self::Home, Self::Other];

    /// What stands for a slot of the table that depends on who is paid.
    #[expect(clippy::too_many_lines, reason = "a table")]
    pub const fn fragment(self, slot: &str, language: Language) -> Option<&'static str> {
        let slot = slot.as_bytes();
        let [person, guardian, landlord, home, other] = match slot {
            b"bank" => match language {
                Language::De => [
                    "bei Ihrer Bank",
                    "bei der Bank der Betreuung",
                    "bei der Bank Ihres Vermieters",
                    "bei der Bank der Einrichtung",
                    "bei der Bank des Empfängers",
                ],
                Language::En => [
                    "with your bank",
                    "with the guardian's bank",
                    "with your landlord's bank",
                    "with the facility's bank",
                    "with the payee's bank",
                ],
            },
            b"account" => match language {
                Language::De => [
                    "auf Ihrem Konto",
                    "auf dem Konto der Betreuung",
                    "auf dem Konto Ihres Vermieters",
                    "auf dem Konto der Einrichtung",
                    "auf dem Konto des Empfängers",
                ],
                Language::En => [
                    "in your account",
                    "in the guardian's account",
                    "in your landlord's account",
                    "in the facility's account",
                    "in the payee's account",
                ],
            },
            b"onto" => match language {
                Language::De => [
                    "auf Ihr Konto",
                    "auf das Konto der Betreuung",
                    "auf das Konto Ihres Vermieters",
                    "auf das Konto der Einrichtung",
                    "auf das Konto des Empfängers",
                ],
                Language::En => [
                    "to your account",
                    "to the guardian's account",
                    "to your landlord's account",
                    "to the facility's account",
                    "to the payee's account",
                ],
            },
            b"Onto" => match language {
                Language::De => [
                    "Auf Ihr Konto",
                    "Auf das Konto der Betreuung",
                    "Auf das Konto Ihres Vermieters",
                    "Auf das Konto der Einrichtung",
                    "Auf das Konto des Empfängers",
                ],
                Language::En => return None,
            },
            b"ask" => match language {
                Language::De => [
                    "Ist es nicht da, fragen Sie bitte zuerst Ihre Bank.",
                    "Ist es nicht da, soll die Betreuung bitte zuerst ihre Bank fragen.",
                    "Ist es nicht da, soll Ihr Vermieter bitte zuerst seine Bank fragen.",
                    "Ist es nicht da, soll die Einrichtung bitte zuerst ihre Bank fragen.",
                    "Ist es nicht da, soll der Empfänger bitte zuerst seine Bank fragen.",
                ],
                Language::En => [
                    "If it is not there, please ask your bank first.",
                    "If it is not there, the guardian should ask their bank first.",
                    "If it is not there, your landlord should ask their bank first.",
                    "If it is not there, the facility should ask its bank first.",
                    "If it is not there, the payee should ask their bank first.",
                ],
            },
            b"details" => match language {
                Language::De => [
                    "Ihre richtige Bankverbindung",
                    "die richtige Bankverbindung der Betreuung",
                    "die richtige Bankverbindung Ihres Vermieters",
                    "die richtige Bankverbindung der Einrichtung",
                    "die richtige Bankverbindung des Empfängers",
                ],
                Language::En => [
                    "your correct bank details",
                    "the guardian's correct bank details",
                    "your landlord's correct bank details",
                    "the facility's correct bank details",
                    "the payee's correct bank details",
                ],
            },
            b"look_due" | b"look_horizon" => {
                return Some(self.look(matches!(slot, b"look_due"), language));
            }
            b"hold" => match language {
                Language::De => [
                    "Bitte geben Sie das Geld noch nicht aus.",
                    "Das Geld soll bitte noch nicht ausgegeben werden.",
                    "Das Geld soll bitte noch nicht ausgegeben werden.",
                    "Das Geld soll bitte noch nicht ausgegeben werden.",
                    "Das Geld soll bitte noch nicht ausgegeben werden.",
                ],
                Language::En => [
                    "Please do not spend the money yet.",
                    "The money should not be spent yet.",
                    "The money should not be spent yet.",
                    "The money should not be spent yet.",
                    "The money should not be spent yet.",
                ],
            },
            b"callback" => {
                return Some(language.pick(
                    "Ich gebe das gleich weiter, und wir rufen Sie zurück.",
                    "I pass this on at once, and we will call you back.",
                ));
            }
            _ => return None,
        };
        Some(match self {
            Self::Person => person,
            Self::Guardian => guardian,
            Self::Landlord => landlord,
            Self::Home => home,
            Self::Other => other,
        })
    }

    /// Who looks where, and when.
    const fn look(self, is_due: bool, language: Language) -> &'static str {
        match (self, is_due, language) {
            (Self::Person, true, Language::De) => "Bitte schauen Sie am {due} auf Ihr Konto.",
            (Self::Person, true, Language::En) => "Please look at your account on {due}.",
            (Self::Person, false, Language::De) => "Bitte schauen Sie am {horizon} auf Ihr Konto.",
            (Self::Person, false, Language::En) => "Please look at your account on {horizon}.",
            (_, true, Language::De) => "Bitte warten Sie bis zum {due}.",
            (_, true, Language::En) => "Please wait until {due}.",
            (_, false, Language::De) => "Bitte warten Sie bis zum {horizon}.",
            (_, false, Language::En) => "Please wait until {horizon}.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_paid() {
        let kind = |benefit, beneficiary, payee, facility| {
            payee_kind(&Parties { benefit, beneficiary, payee, facility })
        };
        let anna = Some("Anna Zander");
        let social = "social-assistance";
        for (found, expected) in [
            (kind(social, anna, None, None), PayeeKind::Person),
            (kind(social, anna, Some("Zander, Anna"), None), PayeeKind::Person),
            (kind(social, anna, Some("Betreuungsverein Nord e.V."), None), PayeeKind::Guardian),
            (kind(social, anna, Some("Wohnungsbau Musterstadt"), None), PayeeKind::Landlord),
            (kind("Miete", anna, Some("Otto Lang"), None), PayeeKind::Landlord),
            (kind(social, anna, Some("Otto Lang"), None), PayeeKind::Other),
            (kind("care-home", anna, Some("Haus am See"), None), PayeeKind::Home),
            (kind("care-home", anna, None, Some("Haus am See")), PayeeKind::Home),
            (kind("Barbetrag", anna, None, Some("Haus am See")), PayeeKind::Person),
            (kind("Barbetrag", anna, Some("Haus am See"), Some("Haus am See")), PayeeKind::Home),
        ] {
            assert_eq!(found, expected);
        }
    }
}
