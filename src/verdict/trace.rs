//! The trail of a verdict: which rule decided, what agreed and differed, where it stands.

use std::fmt;

use crate::model::language::Language;
use crate::model::place::FileId;
use crate::model::place::Place;

/// One line of a trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// What is said.
    pub kind: TraceKind,
    /// What fills the sentence's `{0}`, `{1}` …: dates as `YYYY-MM-DD`, amounts as `1234.50`,
    /// account numbers masked, texts of files as they are (outputs make them harmless).
    pub values: Vec<String>,
    /// Where it can be checked.
    pub place: Option<Place>,
}

impl Trace {
    /// A line without values and place.
    pub const fn new(kind: TraceKind) -> Self {
        Self { kind, values: Vec::new(), place: None }
    }

    /// Adds the next value.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Says where it can be checked.
    #[must_use]
    pub const fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The sentence without the place, in a language.
    pub fn sentence(&self, language: Language) -> String {
        let (german, english) = self.kind.templates();
        let template = language.pick(german, english);
        if self.values.iter().any(|value| value.contains('{')) {
            return self.replaced(template);
        }
        // In one pass: one search for every slot was a third of writing a follow-up.
        let values: usize = self.values.iter().map(String::len).sum();
        let mut sentence = String::with_capacity(template.len().saturating_add(values));
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            sentence.push_str(before);
            let slot = after.split_once('}').and_then(|(number, behind)| {
                Some((self.values.get(number.parse::<usize>().ok()?)?, behind))
            });
            if let Some((value, behind)) = slot {
                sentence.push_str(value);
                rest = behind;
            } else {
                sentence.push('{');
                rest = after;
            }
        }
        sentence.push_str(rest);
        sentence
    }

    fn replaced(&self, template: &str) -> String {
        let mut sentence = template.to_owned();
        for (number, value) in self.values.iter().enumerate() {
            sentence = sentence.replace(&format!("{{{number}}}"), value);
        }
        sentence
    }
}

/// The lines of a trail, kept as bytes: as values they took half of all that is kept of a payment, and
/// most are looked at once, when they are written.
///
/// A line is its kind, how many values it has (with the highest bit if it has a place), the values
/// with their lengths, file, line and column; numbers in groups of seven bits, the lowest first.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Trail(Box<[u8]>);

impl Trail {
    const HAS_PLACE: u8 = 0x80;

    /// The lines.
    pub fn iter(&self) -> impl Iterator<Item = Trace> + '_ {
        let mut rest: &[u8] = &self.0;
        std::iter::from_fn(move || line(&mut rest))
    }

    /// Whether it has no line.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Removes all lines.
    pub fn clear(&mut self) {
        self.0 = Box::default();
    }
}

impl FromIterator<Trace> for Trail {
    fn from_iter<I: IntoIterator<Item = Trace>>(lines: I) -> Self {
        let mut bytes = Vec::with_capacity(160);
        for line in lines {
            // Both are small: kinds are some dozens, values three at most.
            bytes.push(u8::try_from(line.kind as usize).unwrap_or(u8::MAX));
            let count = u8::try_from(line.values.len()).unwrap_or(0) & !Self::HAS_PLACE;
            bytes.push(count | if line.place.is_some() { Self::HAS_PLACE } else { 0 });
            for value in line.values.iter().take(usize::from(count)) {
                put_number(u64::try_from(value.len()).unwrap_or(0), &mut bytes);
                bytes.extend_from_slice(value.as_bytes());
            }
            if let Some(place) = line.place {
                for number in [place.file.0, place.line, place.column] {
                    put_number(u64::from(number), &mut bytes);
                }
            }
        }
        Self(bytes.into_boxed_slice())
    }
}

impl fmt::Debug for Trail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// The next line of these bytes.
fn line(rest: &mut &[u8]) -> Option<Trace> {
    let (kind, more) = rest.split_first()?;
    let (count, more) = more.split_first()?;
    *rest = more;
    let mut line = Trace::new(*TraceKind::ALL.get(usize::from(*kind))?);
    let values = count & !Trail::HAS_PLACE;
    line.values.reserve_exact(usize::from(values));
    for _ in 0..values {
        let length = usize::try_from(number(rest)?).ok()?;
        let (value, more) = rest.split_at_checked(length)?;
        line.values.push(std::str::from_utf8(value).ok()?.to_owned());
        *rest = more;
    }
    if count & Trail::HAS_PLACE != 0 {
        let mut next = || u32::try_from(number(rest)?).ok();
        line.place = Some(Place { file: FileId(next()?), line: next()?, column: next()? });
    }
    Some(line)
}

fn put_number(mut number: u64, bytes: &mut Vec<u8>) {
    while number > 0x7f {
        bytes.push(u8::try_from(number & 0x7f).unwrap_or(0) | 0x80);
        number >>= 7;
    }
    bytes.push(u8::try_from(number).unwrap_or(0));
}

fn number(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, more) = rest.split_first()?;
        *rest = more;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// Makes the enum and its sentences from the same rows.
macro_rules! traces {
    ($( $variant:ident: $german:literal, $english:literal; )*) => {
        /// What a line of a trail says.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum TraceKind { $( #[doc = $english] $variant, )* }

        impl TraceKind {
            /// Every kind.
            pub const ALL: &[Self] = &[ $( Self::$variant, )* ];

            /// The sentence in German and English, with `{0}`, `{1}` for values.
            pub const fn templates(self) -> (&'static str, &'static str) {
                match self { $( Self::$variant => ($german, $english), )* }
            }
        }
    };
}

traces! {
    DecidedBy: "entschieden durch Regel {0}", "decided by rule {0}";
    Agreed: "stimmt überein: {0}", "agree: {0}";
    Differed: "weicht ab: {0}, Liste {1}, Bank {2}", "differs: {0}, list {1}, bank {2}";
    NotStated: "auf einer Seite nicht genannt: {0}", "not stated on one side: {0}";
    Booked: "gebucht am {0}, Wertstellung {1}, Betrag {2}", "booked on {0}, value date {1}, amount {2}";
    AlsoTrue: "außerdem trifft zu: {0}", "also true: {0}";
    Candidate: "nächstliegende Buchung: {0} am {1}; scheitert an: {2}", "nearest entry: {0} on {1}; fails at: {2}";
    NoCandidate: "keine Buchung kommt in Betracht", "no entry comes near";
    Group: "Gruppe von {0} gleichen Zahlungen, {1} Buchungen passen", "group of {0} equal payments, {1} entries fit";
    GroupShown: "Gruppe von {0} Buchungen; gezeigt sind die ersten {1}", "group of {0} entries; the first {1} are shown";
    GroupUndecided: "wer welche Buchung bekam, ist nicht zu entscheiden; niemand wird ausgewählt", "who got which entry cannot be decided; nobody is picked";
    Batch: "Sammelbuchung über {0} für {1} Zahlungen ({2})", "collective debit of {0} for {1} payments ({2})";
    BatchShort: "Sammelbuchung {0}, erwartet {1}; Unterschied {2}", "collective debit {0}, expected {1}; difference {2}";
    BatchRejects: "{0} abgelehnte Zahlungen über {1} erklären den Fehlbetrag", "{0} rejected payments of {1} explain the shortfall";
    Merged: "eine Buchung über {0} für {1} Zeilen desselben Kontos", "one entry of {0} for {1} rows of the same account";
    Split: "{0} Buchungen ergeben zusammen {1}", "{0} entries add up to {1}";
    PartsShort: "{0} Teilbuchungen ergeben {1} von {2}", "{0} parts add up to {1} of {2}";
    Returned: "zurückgekommen am {0}: {1}", "returned on {0}: {1}";
    ReturnLink: "Rückzahlung zugeordnet über {0}", "return linked by {0}";
    Repaid: "nach der Rückgabe neu gezahlt am {0}", "paid again after the return on {0}";
    Rejected: "von der Bank abgelehnt: {0}", "rejected by the bank: {0}";
    StatusReport: "Statusbericht: {0}", "status report: {0}";
    Recalled: "Rückruf läuft: {0}", "recall running: {0}";
    RecallRefused: "Rückruf am {0} abgelehnt, das Geld bleibt beim Empfänger: {1}", "recall refused on {0}, the money stays with the payee: {1}";
    RecallGranted: "Rückruf am {0} angenommen, das Geld kommt zurück: {1}", "recall granted on {0}, the money comes back: {1}";
    RecallOpen: "Antwort auf den Rückruf vom {0}, noch nicht entschieden: {1}", "answer to the recall of {0}, not decided yet: {1}";
    MessageUndecided: "eine Ablehnung oder ein Rückruf passt zu mehreren Zahlungen", "a refusal or a recall fits several payments";
    ConfirmedTooSoon: "bis zur bestätigten Gutschrift vom {0} ging nichts ab, das passt; sie beweist nichts", "nothing that fits had left by the confirmed credit of {0}; it proves nothing";
    NamedBy: "diese Zeile nennt eine Buchung über {0} vom {1}", "an entry of {0} on {1} names this row";
    Confirmed: "Gutschrift bestätigt für den {0}", "credit confirmed for {0}";
    Pending: "vorgemerkt, noch nicht gebucht ({0})", "pending, not yet booked ({0})";
    Ordered: "im Auftrag {0} enthalten, Ausführung {1}", "contained in order {0}, execution on {1}";
    NotOrdered: "fehlt in der Auftragsdatei", "missing from the order file";
    Covered: "Bankdaten decken {0} bis {1} lückenlos", "bank data cover {0} to {1} without a gap";
    NotCovered: "Bankdaten fehlen für Konto {0}: {1}", "bank data are missing for account {0}: {1}";
    CoveredTo: "Bankdaten reichen bis {0}, nötig bis {1}", "bank data reach to {0}, needed to {1}";
    WindowClosed: "drei Bankarbeitstage nach der Buchung ohne Rückgabe belegt", "three banking days after the booking are covered without a return";
    DecidedByCoverage: "entscheiden würde: Kontoauszug {1} für Konto {0}", "would decide it: the statement of {1} for account {0}";
    Surplus: "mehr gebucht als geschuldet: {0} statt {1}", "more booked than owed: {0} instead of {1}";
    Factor: "der gebuchte Betrag ist das {0}-fache", "the booked amount is {0} times the one owed";
    DigitsSwapped: "zwei Ziffern des Betrags sind vertauscht", "two digits of the amount are swapped";
    IbanTypo: "die Kontonummern unterscheiden sich in {0} Zeichen: {1}", "the account numbers differ in {0} characters: {1}";
    OtherMonth: "eine Buchung vom {0} gehört zu einem anderen Monat", "an entry of {0} belongs to another month";
    IdOnManyAccounts: "die End-to-End-Id steht bei drei oder mehr Konten und gilt nicht als Kennzeichen", "the end-to-end id stands at three or more accounts and is no key";
    Channel: "Zahlweg {0}", "channel {0}";
    Receipt: "Beleg: {0}", "receipt: {0}";
    ListStatus: "Status in der Liste: {0}", "status in the list: {0}";
    IbanInvalid: "die IBAN besteht die Prüfung nicht: {0}", "the IBAN fails its check: {0}";
    RowUnreadable: "die Zeile kann nicht gelesen werden: {0}", "the row cannot be read: {0}";
    RowRepeated: "dieselbe Zahlung steht auch in {0}", "the same payment also stands in {0}";
    ReturnUndecided: "eine Rückzahlung passt zu {0} Zahlungen", "a return fits {0} payments";
    SumDiffers: "an dieses Konto gebucht {0}, offen waren {1} in {2} Zeilen", "booked to this account {0}, open were {1} in {2} rows";
    NothingDue: "laut Liste ist nichts zu zahlen", "nothing is due by the list";
    ReturnOpen: "eine Rückzahlung vom {0} über {1}, die niemandem zugeordnet ist, kann diese Zahlung betreffen", "a return of {0} over {1}, which is nobody's, may concern this payment";
    Reversal: "die Bank nennt die Buchung vom {0} Storno; ob das Geld ging oder kam, sagen die Salden nicht", "the bank calls the entry of {0} a reversal; whether the money went or came, the balances do not say";
    Unbacked: "die Buchung vom {0} fehlt im Kontoauszug dieses Tages, der aufgeht: sie beweist nichts", "the entry of {0} is missing from the statement of that day, which ties: it proves nothing";
    DoubtAccounts: "die Buchung vom {0} beweist nichts: zwei Stellen nennen verschiedene Konten der Gegenseite", "the entry of {0} proves nothing: two places state different accounts of the other side";
    DoubtReferences: "die Buchung vom {0} beweist nichts: zwei Stellen nennen verschiedene Kennzeichen", "the entry of {0} proves nothing: two places state different references";
    DoubtNames: "die Buchung vom {0} beweist nichts: zwei Stellen nennen verschiedene Namen der Gegenseite", "the entry of {0} proves nothing: two places state different names of the other side";
    DoubtAmounts: "die Buchung vom {0} beweist nichts: zwei Stellen nennen verschiedene Beträge oder Richtungen", "the entry of {0} proves nothing: two places state different amounts or directions";
    DoubtDays: "die Buchung vom {0} beweist nichts: zwei Stellen nennen verschiedene Tage", "the entry of {0} proves nothing: two places state different days";
    DoubtReturned: "die Buchung vom {0} beweist nichts: ihr Text sagt, dass sie zurückkam oder nicht ausgeführt wurde", "the entry of {0} proves nothing: its text says that it came back or was not carried out";
    DoubtColumn: "die Buchung vom {0} beweist nichts: die Tabelle hat eine Spalte, die niemand kennt", "the entry of {0} proves nothing: the table has a column that nobody knows";
    Opaque: "Einzelposten ohne eigene oder aufgehende Beträge beweisen nichts", "details without own or fitting amounts prove nothing";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trails_are_kept_as_they_are() {
        let place = Place { file: FileId(300), line: 1_234_567, column: 0 };
        let mut lines: Vec<Trace> = TraceKind::ALL.iter().map(|kind| Trace::new(*kind)).collect();
        lines.push(Trace::new(TraceKind::Split).value("").value("ä".repeat(90)).at(place));
        lines.push(Trace::new(TraceKind::Differed).value("a").value("b").value("c"));
        let mut trail: Trail = lines.iter().cloned().collect();
        assert_eq!(trail.iter().collect::<Vec<_>>(), lines);
        trail.clear();
        assert!(trail.is_empty() && trail.iter().next().is_none());
    }

    #[test]
    fn sentences_are_filled_in_both_languages() {
        let trace = Trace::new(TraceKind::Split).value("2").value("563.00");
        assert_eq!(trace.sentence(Language::De), "2 Buchungen ergeben zusammen 563.00");
        assert_eq!(trace.sentence(Language::En), "2 entries add up to 563.00");
        for kind in TraceKind::ALL {
            let (german, english) = kind.templates();
            for values in [&[][..], &["a"], &["a", "b€"], &["", "b", "}"], &["{1}", "b"]] {
                let values = values.iter().map(|value| (*value).to_owned()).collect();
                let trace = Trace { values, ..Trace::new(*kind) };
                assert_eq!(trace.sentence(Language::De), trace.replaced(german));
            }
            for slot in ["{0}", "{1}", "{2}"] {
                assert_eq!(german.contains(slot), english.contains(slot), "{kind:?}");
            }
        }
    }
}
