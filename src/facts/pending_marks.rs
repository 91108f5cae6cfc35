//! Marks that say that a booking is announced only, or booked after all.

use crate::facts::folded::Folded;
use crate::facts::folded::Found;
use crate::facts::return_words::NO;

/// What a mark says of a booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Booked.
    Booked,
    /// Announced, not booked yet.
    Pending,
    /// Neither: declined, unknown.
    Neither,
}

/// Stems that say in any text that a booking is announced only.
pub(super) const ANNOUNCED: &[&str] = &[
    "vorgemerkt",
    "vormerkbuch",
    "vormerkpost",
    "noch gebucht",
    "noch verbucht",
    "vormerkung",
    "nicht gebucht",
    "nicht verbucht",
    "ungebucht",
    "unverbucht",
    "pending",
    "in bearbeitung",
    "not booked",
    "not yet booked",
    "unbooked",
    // Booked with a reservation: it may be taken back.
    "vorlaufig gebucht",
    "vorlaufig verbucht",
    "vorlaufige buchung",
    "buchung vorlaufig",
    "umsatz vorlaufig",
    "vorbehalt gebucht",
    "buchung unter vorbehalt",
    "buchung mit vorbehalt",
    "vorbehaltlich pruf",
    "vorbehaltlich der pruf",
    "vorbehaltlich buchung",
    "vorbehaltlich der buchung",
    "vorbehaltlich deckung",
    "vorbehaltlich der deckung",
    "vorbehaltlich freigabe",
    "vorbehaltlich der freigabe",
    "provisional book",
    "provisional ent",
    "provisional post",
    "provisionally",
];

/// Stems that in the bank's own words (kind of booking, state) say the same. In a remittance text they
/// are the office's: benefits are granted `vorläufig` and paid `unter Vorbehalt`. (`Eingang vorbehalten` is
/// said of direct debits and cheques that come in, and of no transfer.)
pub(super) const RESERVED: &[&str] = &[
    "vorlaufig",
    "provisional",
    "provisorisch",
    "unter vorbehalt",
    "mit vorbehalt",
    "vorbehaltlich",
];

/// Stems that say in any text that it is booked; denied they say that it is not.
pub(super) const BOOKED: &[&str] = &["gebucht", "verbucht", "booked"];

/// Values of a column of states, besides those stems, that say that it is announced only.
const ANNOUNCED_STATES: &[&str] = &[
    "offen",
    "open",
    "ausstehend",
    "angekundigt",
    "reserviert",
    "reserved",
    "terminiert",
    "geplant",
    "scheduled",
    "vm",
    "pdng",
    "authorised",
    "authorized",
    "processing",
    "wartend",
    "in ausfuhrung",
    "in prufung",
    "in progress",
    "wird gepruft",
    "wartet",
    "zur freigabe",
    "awaiting",
    "tentativ",
    "vormerk",
];

/// The same for booked.
const BOOKED_STATES: &[&str] = &[
    "completed",
    "ausgefuhrt",
    "executed",
    "settled",
    "posted",
    "abgeschlossen",
    "erledigt",
    "cleared",
    "book",
];

/// What it says of a booking that it is one, and no more: `Umsatz storniert` says something else.
const BOOKING: &str = "umsatz";

/// Stems that say so where a bank writes what kind of booking it is.
const ANNOUNCED_KINDS: &[&str] = &[
    "geplant",
    "erwartet",
    "prognose",
    "entwurf",
    "draft",
    "scheduled",
    "planned",
    "zur freigabe",
    "nicht freigegeben",
    "freigabe ausstehend",
    "ausstehend",
    "unterschrift fehlt",
    "zweitunterschrift",
    "in prufung",
    "on hold",
    "simul",
    "testbuchung",
    "vorbereitet",
    "eingereicht",
    "ubermittelt",
    "auftrag erfasst",
    "auftrag angelegt",
    "daurauftrag angelegt",
    "angehalten",
    "gestoppt",
    "gesperrt",
    "blockiert",
    "blocked",
    "ausgesetzt",
    "suspended",
    "vorgesehen",
    "erst am",
];

/// Words that put off to another day what a state says: `wird gebucht`, `erst am 4.12. gebucht`.
const TO_COME: &[&str] = &["wird", "werden", "erst", "noch", "soll", "sollen", "will", "tobe"];

/// A kind of booking has no more words.
const MOST_WORDS_OF_KIND: usize = 6;

/// Values that say no, and yes, to what a column asks.
const YES: &[&str] = &["ja", "j", "yes", "y", "tru", "1", "x", "wahr"];

/// Words before that say that it is not so.
const NOT: &[&str] = &["nicht", "not", "kein", "keine", "no", "ohne"];

/// Whether a free text says that its booking is announced only: `vorgemerkt`, `noch nicht gebucht`,
/// `gebucht: nein`.
pub fn is_announced(text: &str) -> bool {
    in_folded(&Folded::new(text))
}

/// The same of a folded text.
pub fn in_folded(text: &Folded) -> bool {
    let by_stem =
        ANNOUNCED.iter().any(|stem| text.find(stem, false).any(|found| !is_denied(text, found)));
    let denied = |found: Found| NO.contains(&text.word(found.last.saturating_add(1)));
    by_stem || BOOKED.iter().any(|stem| text.find(stem, false).any(denied))
}

/// Whether the bank's own words for a booking say that it is announced only, or booked with a reservation.
pub fn is_reserved(text: &Folded) -> bool {
    RESERVED.iter().any(|stem| text.find(stem, false).any(|found| !is_denied(text, found)))
}

/// Whether the kind of a booking, as its bank calls it, says that it is announced only.
pub fn is_announced_kind(text: &str) -> bool {
    let kind = Folded::new(text);
    let says = |stem: &&str| kind.find(stem, false).any(|found| !is_denied(&kind, found));
    let is_number = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
    kind.words().filter(|word| !is_number(word)).count() <= MOST_WORDS_OF_KIND
        && (in_folded(&kind) || is_reserved(&kind) || ANNOUNCED_KINDS.iter().any(says))
}

/// `nicht vorgemerkt`, `vorgemerkt: nein`.
fn is_denied(text: &Folded, found: Found) -> bool {
    let before = found.first.checked_sub(1).map(|before| text.word(before)).unwrap_or_default();
    NO.contains(&text.word(found.last.saturating_add(1))) || NOT.contains(&before)
}

/// What a column of states says; `None` if it says nothing. The name of the column counts: `ja` under
/// `Vorgemerkt` is another thing than under `Gebucht`.
pub fn of_column(name: &str, value: &str) -> Option<Mark> {
    let state = Folded::new(value);
    if state.is_empty() {
        // A question is no answer.
        return value.contains('?').then_some(Mark::Neither);
    }
    let asks = Folded::new(name);
    let says = |list: &[&str]| list.iter().any(|stem| state.find(stem, false).next().is_some());
    if let (1, first) = (state.len(), state.word(0)) {
        let (is_yes, is_no) = (YES.contains(&first), NO.contains(&first));
        if is_yes || is_no {
            let named =
                |list: &[&str]| list.iter().any(|stem| asks.find(stem, true).next().is_some());
            let asks_for_announced = named(ANNOUNCED) || named(&["vormerk", "offen", "ausstehend"]);
            let asks_for_booked = named(BOOKED) || named(BOOKED_STATES);
            return Some(match (asks_for_announced, asks_for_booked) {
                (true, _) if is_yes => Mark::Pending,
                (true, _) => Mark::Booked,
                (false, true) if is_yes => Mark::Booked,
                (false, true) => Mark::Pending,
                (false, false) => Mark::Neither,
            });
        }
    }
    if in_folded(&state) || is_reserved(&state) || says(ANNOUNCED_STATES) {
        return Some(Mark::Pending);
    }
    if BOOKED.iter().chain(BOOKED_STATES).any(|stem| is_put_off(&state, stem)) {
        return Some(Mark::Pending);
    }
    let is_named = ANNOUNCED.iter().any(|stem| state.find(stem, false).next().is_some());
    let is_bare = state.len() == 1 && state.word(0) == BOOKING;
    if is_bare || is_named || says(BOOKED) || says(BOOKED_STATES) {
        return Some(Mark::Booked);
    }
    Some(Mark::Neither)
}

/// `nicht ausgeführt`, `wird noch gebucht`.
fn is_put_off(state: &Folded, stem: &str) -> bool {
    state.find(stem, false).any(|found| {
        let before = (0..found.first).map(|number| state.word(number));
        before.into_iter().any(|word| NOT.contains(&word) || TO_COME.contains(&word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded() {
        let lists = [
            ANNOUNCED_KINDS,
            TO_COME,
            ANNOUNCED,
            RESERVED,
            BOOKED,
            ANNOUNCED_STATES,
            BOOKED_STATES,
            YES,
            NOT,
        ];
        for word in lists.into_iter().flatten() {
            let folded = Folded::new(word);
            assert_eq!(folded.words().collect::<Vec<_>>().join(" "), *word);
        }
    }

    #[test]
    fn marks_in_texts() {
        for (text, expected) in [
            ("vorgemerkt", true),
            ("Vorgemerkt: ja", true),
            ("Umsatz vorgemerkt", true),
            ("noch nicht gebucht", true),
            ("NICHT GEBUCHT", true),
            ("ungebucht", true),
            ("gebucht: nein", true),
            ("Booked: no", true),
            ("pending", true),
            ("Zahlung in Bearbeitung", true),
            ("Vormerkbuchung", true),
            ("Buchung vorläufig", true),
            ("BUCHUNG VORLAEUFIG", true),
            ("vorläufige Buchung", true),
            ("unter Vorbehalt gebucht", true),
            ("vorbehaltlich Prüfung", true),
            ("provisional booking", true),
            ("keine vorläufige Buchung", false),
            ("Buchung vorläufig: nein", false),
            ("vorläufige Leistung nach § 41a", false),
            ("Zahlung unter Vorbehalt der Rückforderung", false),
            ("Eingang vorbehalten", false),
            ("vorgemerkt: nein", false),
            ("nicht vorgemerkt", false),
            ("gebucht: ja", false),
            ("Umsatz gebucht", false),
            ("Auflassungsvormerkung", false),
            ("offene Rechnung", false),
            ("Sozialhilfe 11/2023", false),
            ("", false),
        ] {
            assert_eq!(is_announced(text), expected, "{text}");
        }
    }

    #[test]
    fn the_banks_own_words() {
        for (text, expected) in [
            ("UEBERWEISUNG VORLAEUFIG", true),
            ("Überweisung unter Vorbehalt", true),
            ("provisional", true),
            ("nicht vorläufig", false),
            ("ohne Vorbehalt", false),
            ("EINZELUEBERWEISUNG", false),
        ] {
            assert_eq!(is_reserved(&Folded::new(text)), expected, "{text}");
        }
    }

    #[test]
    fn kinds_of_bookings() {
        for (text, expected) in [
            ("Überweisung geplant", true),
            ("Entwurf", true),
            ("zur Freigabe", true),
            ("Buchung vorläufig", true),
            ("erst am 04.12.2023 gebucht", true),
            ("Überweisung", false),
            ("Terminüberweisung", false),
            ("Dauerauftrag", false),
            ("nicht gesperrt", false),
            ("Die Heizung war ausgefallen und eine Reparatur ist geplant", false),
        ] {
            assert_eq!(is_announced_kind(text), expected, "{text}");
        }
    }

    #[test]
    fn columns_of_states() {
        for (name, value, expected) in [
            ("Status", "Gebucht", Some(Mark::Booked)),
            ("Info", "Umsatz gebucht", Some(Mark::Booked)),
            ("Info", "Umsatz vorgemerkt", Some(Mark::Pending)),
            ("Info", "Umsatz", Some(Mark::Booked)),
            ("Info", "Umsatz storniert", Some(Mark::Neither)),
            ("Info", "Umsatz angehalten", Some(Mark::Neither)),
            ("Info", "?", Some(Mark::Neither)),
            ("Info", "-", None),
            ("Status", "nicht gebucht", Some(Mark::Pending)),
            ("Status", "nicht vorgemerkt", Some(Mark::Booked)),
            ("Buchungsstatus", "offen", Some(Mark::Pending)),
            ("Gebucht", "ja", Some(Mark::Booked)),
            ("Gebucht", "Nein", Some(Mark::Pending)),
            ("Vorgemerkt", "nein", Some(Mark::Booked)),
            ("Vorgemerkt", "X", Some(Mark::Pending)),
            ("Vormerkbuchung", "ja", Some(Mark::Pending)),
            ("State", "COMPLETED", Some(Mark::Booked)),
            ("State", "declined", Some(Mark::Neither)),
            ("Status", "nicht ausgeführt", Some(Mark::Pending)),
            ("Status", "not yet executed", Some(Mark::Pending)),
            ("Status", "wird noch gebucht", Some(Mark::Pending)),
            ("Status", "erst am 04.12.2023 gebucht", Some(Mark::Pending)),
            ("Status", "am 30.11.2023 gebucht", Some(Mark::Booked)),
            ("Status", "vorläufig", Some(Mark::Pending)),
            ("Status", "unter Vorbehalt", Some(Mark::Pending)),
            ("Status", "provisional", Some(Mark::Pending)),
            ("Status", "in Prüfung", Some(Mark::Pending)),
            ("Status", "Umsatz gebucht, ohne Vorbehalt", Some(Mark::Booked)),
            ("Status", "", None),
        ] {
            assert_eq!(of_column(name, value), expected, "{name} {value}");
        }
    }
}
