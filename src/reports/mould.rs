//! CSV rows of plain cases: most of such a row follows from the pattern of its verdict and is made
//! once; what is the row's own is put between.
//!
//! Made one by one with all their texts, a million rows took 5 s; cast, they take 1 s. That both
//! are the same is tested.

use crate::model::amount::Amount;
use crate::model::brief::BareTexts;
use crate::model::brief::RowTexts;
use crate::model::brief::Shown;
use crate::model::brief::Window;
use crate::model::payment::Payment;
use crate::model::place::Place;
use crate::model::text::harmless;
use crate::reports::fields::defused;
use crate::reports::fields::put;
use crate::reports::fields::put_inside;
use crate::reports::rows::Rows;
use crate::verdict::outcome::CitedEntry;
use crate::verdict::outcome::How;
use crate::verdict::outcome::Rule;
use crate::verdict::outcome::Verdict;
use crate::verdict::reason::Actor;
use crate::verdict::settled::SettledCase;
use crate::verdict::trace::TraceKind;
use crate::verdict::trail::of_plain;

/// The moulds of an outcome's plain cases.
#[derive(Clone, Debug, Default)]
pub(crate) struct Moulds {
    /// For every pattern of a verdict.
    patterns: Vec<Mould>,
    /// For every file its path as a field, as the start of a field that needs no quotation marks
    /// (if it needs none), and inside quotation marks.
    paths: Vec<FilePath>,
}

#[derive(Clone, Debug, Default)]
struct FilePath {
    field: Vec<u8>,
    bare: Option<Vec<u8>>,
    quoted_defused: Vec<u8>,
    quoted: Vec<u8>,
}

/// What the rows of one pattern have in common.
#[derive(Clone, Debug, Default)]
struct Mould {
    /// From the status to what was guaranteed.
    verdict: Vec<u8>,
    /// From the reason code to the action.
    acting: Vec<u8>,
    /// The trail up to the amount, from there to the place, from there to its end.
    trail: [Vec<u8>; 3],
}

impl Moulds {
    /// Casts the moulds.
    pub(crate) fn new(rows: &Rows<'_>) -> Self {
        let settled = &rows.outcome.settled;
        let patterns = (0..).map_while(|number| settled.pattern(number));
        let paths = rows.outcome.files.iter().enumerate().map(|(number, _)| {
            let file = crate::model::place::FileId(u32::try_from(number).unwrap_or(u32::MAX));
            file_path(&rows.path(Place::file(file)))
        });
        Self {
            patterns: patterns.map(|verdict| mould(rows, verdict)).collect(),
            paths: paths.collect(),
        }
    }

    fn path(&self, place: Place) -> Option<&FilePath> {
        self.paths.get(usize::try_from(place.file.0).ok()?)
    }

    /// Puts the row of a plain case; `None` and nothing written if there is no mould for it.
    pub(crate) fn put(
        &self,
        rows: &Rows<'_>,
        case: &SettledCase<'_>,
        window: &mut Window,
        text: &mut Vec<u8>,
    ) -> Option<()> {
        let mould = self.patterns.get(case.pattern)?;
        let list = self.path(Place::file(case.list.file))?;
        let bank = self.path(case.cited.place)?;
        let shape = case.list.shape(case.row.shape())?;
        let amount = case.row.amount();
        case.list.with_texts(case.row, window, |own| match own {
            Shown::Bare(own) => put_bare(rows, own, shape, amount, text),
            Shown::Full(own) => {
                put_texts(rows, own, shape, amount, text);
                Some(())
            }
        })?;
        text.extend_from_slice(&list.field);
        text.push(b',');
        put_number(u64::from(case.row.line()), text);
        text.push(b',');
        text.extend_from_slice(&mould.verdict);
        text.push(b',');
        put_amount(case.row.amount(), text);
        text.push(b',');
        text.extend_from_slice(&mould.acting);
        text.push(b',');
        put_entry(bank, &case.cited, text);
        text.push(b',');
        let [to_amount, to_place, to_end] = &mould.trail;
        text.extend_from_slice(to_amount);
        put_amount(case.cited.amount, text);
        text.extend_from_slice(to_place);
        text.extend_from_slice(&bank.quoted);
        text.push(b':');
        put_number(u64::from(case.cited.place.line), text);
        text.extend_from_slice(to_end);
        text.push(b'\n');
        Some(())
    }
}

/// The columns that say what is owed, of texts that can be shown as they stand; `None` and nothing
/// written if one of them begins like a formula, or if the account is not simply masked.
fn put_bare(
    rows: &Rows<'_>,
    own: &BareTexts<'_>,
    shape: &Payment,
    amount: Amount,
    text: &mut Vec<u8>,
) -> Option<()> {
    let [first, last] = own.beneficiary;
    let texts = [own.case_id, own.end_to_end_id, first, last, own.payee];
    let formula = texts.iter().any(|text| text.first() == Some(&b'-'));
    let compact = own.iban.iter().all(u8::is_ascii_alphanumeric);
    if formula || !compact || rows.options.full_iban || own.iban.len() <= 10 {
        return None;
    }
    text.extend_from_slice(own.case_id);
    text.push(b',');
    text.extend_from_slice(own.end_to_end_id);
    text.push(b',');
    put_text(shape.benefit.name(), text);
    text.push(b',');
    text.extend_from_slice(first);
    if !first.is_empty() && !last.is_empty() {
        text.push(b' ');
    }
    text.extend_from_slice(last);
    text.push(b',');
    text.extend_from_slice(own.payee);
    text.push(b',');
    put_masked(own.iban, text);
    text.push(b',');
    put_owed(shape, amount, text);
    Some(())
}

/// A valid IBAN, masked.
fn put_masked(number: &[u8], text: &mut Vec<u8>) {
    text.extend_from_slice(number.get(..2).unwrap_or_default());
    text.extend_from_slice("\u{2026}".as_bytes());
    text.extend_from_slice(number.last_chunk::<4>().map_or(&[], |tail| tail));
}

/// Amount, currency and where the row belongs.
fn put_owed(shape: &Payment, amount: Amount, text: &mut Vec<u8>) {
    put_amount(amount, text);
    text.push(b',');
    text.extend_from_slice(shape.currency.as_str().as_bytes());
    text.push(b',');
    for field in [&shape.office, &shape.facility, &shape.run] {
        put_text(field.as_deref().unwrap_or_default(), text);
        text.push(b',');
    }
}

/// The columns that say what is owed.
fn put_texts(
    rows: &Rows<'_>,
    own: &RowTexts<'_>,
    shape: &Payment,
    amount: Amount,
    text: &mut Vec<u8>,
) {
    for field in [
        own.case_id.as_deref(),
        own.end_to_end_id.as_deref(),
        Some(shape.benefit.name()),
        own.beneficiary.as_deref(),
        own.payee.as_deref(),
    ] {
        put_text(field.unwrap_or_default(), text);
        text.push(b',');
    }
    match own.iban.as_ref().map(|iban| (iban, iban.reveal().as_bytes())) {
        // Rows in brief have valid IBANs, which are masked like this.
        Some((_, number)) if !rows.options.full_iban && number.len() > 10 => {
            put_masked(number, text);
        }
        Some((iban, _)) => put_text(&rows.iban(iban), text),
        None => {}
    }
    text.push(b',');
    put_owed(shape, amount, text);
}

/// A cited entry: `path:line amount`.
fn put_entry(path: &FilePath, cited: &CitedEntry, text: &mut Vec<u8>) {
    let start = path.bare.as_ref();
    if start.is_none() {
        text.push(b'"');
    }
    text.extend_from_slice(start.unwrap_or(&path.quoted_defused));
    text.push(b':');
    put_number(u64::from(cited.place.line), text);
    text.push(b' ');
    put_amount(cited.amount, text);
    if start.is_none() {
        text.push(b'"');
    }
}

fn file_path(path: &str) -> FilePath {
    let defused = defused(path);
    let mut made = FilePath::default();
    put(&defused, &mut made.field);
    put_inside(&defused, &mut made.quoted_defused);
    put_inside(path, &mut made.quoted);
    if made.field == defused.as_bytes() {
        made.bare = Some(defused.into_bytes());
    }
    made
}

/// A text of a file, harmless and no formula.
fn put_text(value: &str, text: &mut Vec<u8>) {
    let tame = value.bytes().all(|byte| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b' ' | b'.' | b'/' | b'_' | b'(' | b')' | b'&')
    });
    if tame {
        text.extend_from_slice(value.as_bytes());
    } else {
        put(&defused(&harmless(value)), text);
    }
}

fn put_number(number: u64, text: &mut Vec<u8>) {
    let mut digits = [b'0'; 20];
    let mut rest = number;
    let mut first = digits.len();
    for (place, digit) in digits.iter_mut().enumerate().rev() {
        *digit = b'0'.saturating_add(u8::try_from(rest % 10).unwrap_or(0));
        rest /= 10;
        first = place;
        if rest == 0 {
            break;
        }
    }
    text.extend_from_slice(digits.get(first..).unwrap_or_default());
}

fn put_amount(amount: Amount, text: &mut Vec<u8>) {
    if amount < Amount::ZERO {
        text.push(b'-');
    }
    let cents = amount.cents().unsigned_abs();
    put_number(cents / 100, text);
    text.push(b'.');
    for digit in [cents / 10 % 10, cents % 10] {
        put_number(digit, text);
    }
}

fn mould(rows: &Rows<'_>, verdict: &Verdict) -> Mould {
    let mut made = Mould::default();
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let fields = [
        verdict.status.name().to_owned(),
        verdict.reason.name().to_owned(),
        verdict.how.map_or("", How::name).to_owned(),
        verdict.evidence.name().to_owned(),
        verdict.rule.map_or("", Rule::name).to_owned(),
        verdict.due.to_string(),
        day(verdict.booked_on),
        day(verdict.credited_on),
        day(verdict.latest_credit),
        verdict.guaranteed.to_string(),
    ];
    join(&fields, &mut made.verdict);
    let text = |text: Option<String>| text.map(|text| defused(&text)).unwrap_or_default();
    let fields = [
        text(verdict.reason_code.as_deref().map(harmless)),
        verdict.actor.map_or("", Actor::name).to_owned(),
        text(rows.action(verdict)),
    ];
    join(&fields, &mut made.acting);
    made.trail = trail(rows, verdict);
    made
}

fn join(fields: &[String], text: &mut Vec<u8>) {
    for (number, field) in fields.iter().enumerate() {
        if number > 0 {
            text.push(b',');
        }
        put(field, text);
    }
}

/// The trail in three pieces, between which amount and place stand. It has commas, so it stands in
/// quotation marks; it begins with a word, so it is no formula.
fn trail(rows: &Rows<'_>, verdict: &Verdict) -> [Vec<u8>; 3] {
    /// Stands for the amount; no text of a verdict has it.
    const GAP: &str = "\u{1}";
    let mut pieces = [b"\"".to_vec(), Vec::new(), Vec::new()];
    let [to_amount, to_place, to_end] = &mut pieces;
    let mut behind = false;
    let entry = verdict.entries.first();
    let traces = entry.map(|entry| of_plain(verdict.rule, verdict.evidence, entry));
    for (number, mut trace) in traces.into_iter().flatten().enumerate() {
        let piece = if behind { &mut *to_end } else { &mut *to_amount };
        if number > 0 {
            piece.extend_from_slice(b"; ");
        }
        if trace.kind == TraceKind::Booked {
            if let Some(amount) = trace.values.last_mut() {
                GAP.clone_into(amount);
            }
        }
        let sentence = trace.sentence(rows.options.language);
        match sentence.split_once(GAP) {
            Some((before, after)) => {
                put_inside(&harmless(before), piece);
                put_inside(&harmless(after), to_place);
                to_place.extend_from_slice(b" [");
                to_end.push(b']');
                behind = true;
            }
            None => put_inside(&harmless(&sentence), piece),
        }
    }
    to_end.push(b'"');
    pieces
}
