//! CSV rows of plain cases: most of such a row follows from the pattern of its verdict and is made
//! once; what is the row's own is put between.
//!
//! Made one by one with all their texts, a million rows took several times as long. That both are
//! the same is tested.

use std::collections::BTreeMap;

use crate::model::brief::BareTexts;
use crate::model::brief::Cell;
use crate::model::brief::PaymentRow;
use crate::model::brief::RowTexts;
use crate::model::brief::Shown;
use crate::model::brief::Window;
use crate::model::payment::Payment;
use crate::model::place::Place;
use crate::reports::cast;
use crate::reports::cast::Cast;
use crate::reports::column::Column;
use crate::reports::digits;
use crate::reports::fields::Pen;
use crate::reports::fields::is_simply_masked;
use crate::reports::fields::needs_care;
use crate::reports::fields::pair_needs_care;
use crate::reports::fields::put_bare;
use crate::reports::fields::put_cell;
use crate::reports::fields::put_inside;
use crate::reports::fields::put_masked;
use crate::reports::ink::Ink;
use crate::reports::ink::Line;
use crate::reports::rows::Rows;
use crate::verdict::outcome::How;
use crate::verdict::outcome::Rule;
use crate::verdict::outcome::Verdict;
use crate::verdict::reason::Actor;
use crate::verdict::settled::SettledCase;
use crate::verdict::status::Status;
use crate::verdict::trace::TraceKind;
use crate::verdict::trail::of_plain;

/// The moulds of an outcome's plain cases.
#[derive(Clone, Debug, Default)]
pub(crate) struct Moulds {
    moulds: Vec<Mould>,
    /// For every pattern of a verdict the number of its mould. Patterns that say the same share
    /// one, so that those in use stay near the processor.
    of_pattern: Vec<usize>,
}

/// What the rows of one mould have in common.
#[derive(Clone, Debug)]
struct Mould {
    /// The filter lets them through.
    is_shown: bool,
    /// The row in the list has to be looked at.
    has_texts: bool,
    rows: cast::Mould<Value>,
}

/// What a row has of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    CaseId,
    EndToEndId,
    Beneficiary,
    Payee,
    Iban,
    Amount,
    Line,
    EntryLine,
    EntryAmount,
}

impl Moulds {
    /// Casts the moulds of rows with these columns.
    pub(crate) fn new(rows: &Rows<'_>, columns: &[Column]) -> Self {
        let settled = &rows.outcome.settled;
        let mut made = Self::default();
        // Which patterns have a mould of their own.
        let mut known: BTreeMap<_, Vec<(&Verdict, usize)>> = BTreeMap::new();
        for number in 0.. {
            let pattern = settled.kind(number).zip(settled.pattern(number));
            let Some(((list, shape, export), verdict)) = pattern else { break };
            let Some(like) = list.shape(shape) else { break };
            let key = (list.file, shape, export.file, verdict.due, verdict.booked_on);
            let alike = known.entry(key).or_default();
            let mould = alike.iter().find(|(own, _)| *own == verdict).map(|(_, mould)| *mould);
            made.of_pattern.push(mould.unwrap_or(made.moulds.len()));
            if mould.is_none() {
                alike.push((verdict, made.moulds.len()));
                let caster = Caster {
                    rows,
                    verdict,
                    shape: like,
                    list: rows.path(Place::file(list.file)),
                    export: rows.path(Place::file(export.file)),
                    pen: Pen::new(rows.options),
                    cast: Cast::new(),
                };
                made.moulds.push(caster.mould(columns));
            }
        }
        made
    }

    /// Puts the row of a plain case, if it is shown; `None` and nothing written if there is no mould
    /// for it.
    pub(crate) fn put(
        &self,
        (pen, full_iban): (Pen, bool),
        case: &SettledCase<'_>,
        (window, line): (&mut Window, &mut Line),
        text: &mut Vec<u8>,
    ) -> Option<()> {
        let mould = self.moulds.get(*self.of_pattern.get(case.pattern)?)?;
        if !mould.is_shown {
            return Some(());
        }
        let (row, booked_line) = (case.row, case.booked_line);
        if !mould.has_texts {
            mould.put(row, booked_line, line, |_, _| {});
            return line.end(text);
        }
        case.list.with_texts(row, window, |own| match own {
            Shown::Bare(own) if is_simple(own) => {
                mould.put(row, booked_line, line, |value, line| {
                    put_bare_value(own, full_iban, value, line);
                });
                line.end(text)
            }
            Shown::Bare(_) => None,
            Shown::Full(own) => {
                mould.put(row, booked_line, text, |value, text| {
                    put_value(own, (pen, full_iban), value, text);
                });
                Some(())
            }
        })
    }
}

impl Mould {
    #[inline]
    fn put<I: Ink>(
        &self,
        row: &PaymentRow,
        booked_line: u32,
        into: &mut I,
        put_own: impl Fn(Value, &mut I),
    ) {
        self.rows.put(into, |value, into| match value {
            // What is owed is above zero, and the booking has the same amount.
            Value::Amount => digits::put_amount(row.amount(), into),
            Value::EntryAmount => digits::put_amount(row.amount().negated(), into),
            Value::EntryLine => digits::put_number(u64::from(booked_line), into),
            Value::Line => digits::put_number(u64::from(row.line()), into),
            own => put_own(own, into),
        });
    }
}

/// Whether no text begins like a formula or has an account number in it, and the account is simply
/// masked.
fn is_simple(own: &BareTexts<'_>) -> bool {
    let texts = [own.case_id, own.end_to_end_id, own.payee];
    !texts.into_iter().any(|text| needs_care(text.bytes()))
        && !pair_needs_care(own.beneficiary.map(Cell::bytes))
        && is_simply_masked(own.iban.bytes())
}

#[inline]
fn put_bare_value(own: &BareTexts<'_>, full_iban: bool, value: Value, row: &mut Line) {
    let none = Cell::default();
    let [first, last] = own.beneficiary;
    match value {
        Value::CaseId => put_bare(own.case_id, none, own.has_comma, row),
        Value::EndToEndId => put_bare(own.end_to_end_id, none, own.has_comma, row),
        Value::Beneficiary => put_bare(first, last, own.has_comma, row),
        Value::Payee => put_bare(own.payee, none, own.has_comma, row),
        Value::Iban if full_iban => put_cell(own.iban, row),
        Value::Iban => put_masked(own.iban.bytes(), row),
        _ => {}
    }
}

fn put_value(own: &RowTexts<'_>, (pen, full_iban): (Pen, bool), value: Value, text: &mut Vec<u8>) {
    let shown = match value {
        Value::CaseId => own.case_id.as_deref(),
        Value::EndToEndId => own.end_to_end_id.as_deref(),
        Value::Beneficiary => own.beneficiary.as_deref(),
        Value::Payee => own.payee.as_deref(),
        Value::Iban => {
            match &own.iban {
                Some(iban) if full_iban => pen.put_text(iban.reveal(), text),
                Some(iban) => pen.put_text(&iban.masked(), text),
                None => {}
            }
            None
        }
        _ => None,
    };
    pen.put_text(shown.unwrap_or_default(), text);
}

/// Makes a mould.
struct Caster<'a> {
    rows: &'a Rows<'a>,
    verdict: &'a Verdict,
    shape: &'a Payment,
    list: String,
    export: String,
    pen: Pen,
    cast: Cast<Value>,
}

impl Caster<'_> {
    fn mould(mut self, columns: &[Column]) -> Mould {
        for (number, column) in columns.iter().enumerate() {
            if number > 0 {
                self.cast.text.push(b',');
            }
            self.column(*column);
        }
        self.cast.text.push(b'\n');
        let (benefit, verdict) = (self.shape.benefit.name(), self.verdict);
        let filter = &self.rows.options.filter;
        let acts = verdict.actor.is_some_and(|actor| filter.actors.contains(&actor));
        let is_shown = (filter.actors.is_empty() || acts)
            && filter.holds_kind(benefit, verdict.status, verdict.reason);
        let has_texts = self.cast.values().any(|value| {
            matches!(
                value,
                Value::CaseId | Value::EndToEndId | Value::Beneficiary | Value::Payee | Value::Iban
            )
        });
        Mould { is_shown, has_texts, rows: self.cast.done() }
    }

    fn value(&mut self, value: Value) {
        self.cast.gap(value);
    }

    fn column(&mut self, column: Column) {
        let Self { verdict, shape, pen, .. } = *self;
        let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
        let own = |text: &Option<String>| text.as_deref().map(|text| pen.defused(&pen.text(text)));
        let name = |name: &str| Some(name.to_owned());
        let field = match column {
            Column::CaseId => return self.value(Value::CaseId),
            Column::EndToEndId => return self.value(Value::EndToEndId),
            Column::Beneficiary => return self.value(Value::Beneficiary),
            Column::Payee => return self.value(Value::Payee),
            Column::Iban => return self.value(Value::Iban),
            Column::Amount | Column::CreditedAmount => return self.value(Value::Amount),
            Column::Line => return self.value(Value::Line),
            Column::Entries => return self.entry(),
            Column::Trail => return self.trail(),
            Column::Benefit => Some(pen.defused(&pen.text(shape.benefit.name()))),
            Column::Currency => name(shape.currency.as_str()),
            Column::Office => own(&shape.office),
            Column::Facility => own(&shape.facility),
            Column::Run => own(&shape.run),
            Column::File => Some(pen.defused(&self.list)),
            Column::Status => name(verdict.status.name()),
            Column::Reason => name(verdict.reason.name()),
            Column::How => verdict.how.map(How::name).and_then(name),
            Column::Evidence => name(verdict.evidence.name()),
            Column::Rule => verdict.rule.map(Rule::name).and_then(name),
            Column::Due => day(Some(verdict.due)),
            Column::BookedOn => day(verdict.booked_on),
            Column::CreditedOn => day(verdict.credited_on),
            Column::LatestCredit => day(verdict.latest_credit),
            // Where anybody decided anything there is no mould.
            Column::NeedsPerson => Some((verdict.status == Status::FollowUp).to_string()),
            Column::Resolution => None,
            Column::Guaranteed => Some(verdict.guaranteed.to_string()),
            Column::ReasonCode => own(&verdict.reason_code),
            Column::ReasonText => own(&verdict.reason_text),
            Column::Actor => verdict.actor.map(Actor::name).and_then(name),
            Column::Action => self.rows.action(verdict).map(|text| pen.defused(&text)),
        };
        pen.put(&field.unwrap_or_default(), &mut self.cast.text);
    }

    /// The booking: `path:line amount`.
    fn entry(&mut self) {
        let path = self.pen.defused(&self.export);
        let mut field = Vec::new();
        self.pen.put(&path, &mut field);
        let is_quoted = field != path.as_bytes();
        let mark: &[u8] = if is_quoted { b"\"" } else { b"" };
        self.cast.text.extend_from_slice(mark);
        put_inside(&path, &mut self.cast.text);
        self.cast.text.push(b':');
        self.value(Value::EntryLine);
        self.cast.text.push(b' ');
        self.value(Value::EntryAmount);
        self.cast.text.extend_from_slice(mark);
    }

    /// The trail. It has commas, so it stands in quotation marks; it begins with a word, so it is no
    /// formula.
    fn trail(&mut self) {
        /// Stands for the amount; no text of a verdict has it.
        const GAP: &str = "\u{1}";
        self.cast.text.push(b'"');
        let (verdict, pen) = (self.verdict, self.pen);
        let entry = verdict.entries.first();
        let traces = entry.map(|entry| of_plain(verdict.rule, verdict.evidence, entry));
        for (number, mut trace) in traces.into_iter().flatten().enumerate() {
            if number > 0 {
                self.cast.text.extend_from_slice(b"; ");
            }
            if trace.kind == TraceKind::Booked {
                if let Some(amount) = trace.values.last_mut() {
                    GAP.clone_into(amount);
                }
            }
            let sentence = trace.sentence(self.rows.options.language);
            let Some((before, after)) = sentence.split_once(GAP) else {
                put_inside(&pen.defused(&pen.text(&sentence)), &mut self.cast.text);
                continue;
            };
            put_inside(&pen.defused(&pen.text(before)), &mut self.cast.text);
            self.value(Value::EntryAmount);
            put_inside(&pen.defused_inside(&pen.text(after)), &mut self.cast.text);
            self.cast.text.extend_from_slice(b" [");
            put_inside(&pen.defused_inside(&self.export), &mut self.cast.text);
            self.cast.text.push(b':');
            self.value(Value::EntryLine);
            self.cast.text.push(b']');
        }
        self.cast.text.push(b'"');
    }
}
