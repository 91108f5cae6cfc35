//! What the columns of a table mean, by their header names.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::model::amount::DecimalMark;
use crate::model::iban::Iban;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::problem::Severity;
use crate::readers::options::ColumnMap;
use crate::readers::tables::bank_names::BANK_NAMES;
use crate::readers::tables::field::Field;
pub use crate::readers::tables::header_name::fold;
use crate::readers::tables::layouts;
use crate::readers::tables::list_names::LIST_NAMES;
use crate::readers::tables::values::DayOrder;

/// The columns of a header.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// Meaning of each column; `None` where it is not known.
    pub fields: Vec<Option<Field>>,
    /// The names as they stand.
    pub names: Vec<String>,
    /// How the table writes its values, where layout or column map say so.
    pub(crate) rules: Rules,
}

/// How a bank's export writes its values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules {
    /// The decimal mark of amounts; `None` where the cells have to say.
    pub(crate) decimal: Option<DecimalMark>,
    /// How it writes days with slashes.
    pub(crate) days: DayOrder,
    /// Debits stand above zero, money that came in below.
    pub(crate) debits_above_zero: bool,
    /// The account of the export, where neither rows nor head say it.
    pub(crate) own_account: Option<Iban>,
}

impl Columns {
    /// Notes of the columns that nobody knows.
    pub(crate) fn unknown(&self, file: FileId) -> Vec<Problem> {
        let unknown = (1_u32..)
            .zip(self.names.iter().zip(&self.fields))
            .filter(|(_, (name, field))| field.is_none() && !name.trim().is_empty());
        unknown
            .map(|(column, (name, _))| {
                Problem::new(ProblemCode::ColumnUnknown, Place { file, line: 0, column })
                    .severity(Severity::Note)
                    .field(name)
            })
            .collect()
    }

    /// Whether several columns have one meaning (other than none).
    pub(crate) fn repeat(&self) -> bool {
        self.fields.iter().enumerate().any(|(column, field)| {
            field
                .is_some_and(|field| field != Field::Unused && self.position(field) != Some(column))
        })
    }

    /// The number of the first column with this meaning.
    pub fn position(&self, field: Field) -> Option<usize> {
        self.fields.iter().position(|own| *own == Some(field))
    }

    /// The numbers of all columns with this meaning.
    pub(crate) fn all(&self, field: Field) -> impl Iterator<Item = usize> {
        let columns = self.fields.iter().enumerate();
        columns.filter_map(move |(column, own)| (*own == Some(field)).then_some(column))
    }

    /// The numbers of the columns that nobody knows.
    pub(crate) fn unread(&self) -> impl Iterator<Item = usize> {
        let columns = self.fields.iter().enumerate();
        columns.filter_map(|(column, own)| own.is_none().then_some(column))
    }

    /// Whether there is such a column.
    pub fn has(&self, field: Field) -> bool {
        self.position(field).is_some()
    }

    /// How many columns are understood.
    pub fn known(&self) -> usize {
        self.fields.iter().flatten().count()
    }

    /// Whether they are those of a bank's export.
    pub(crate) fn make_export(&self) -> bool {
        let money = self.has(Field::Amount) || self.has(Field::Debit);
        let telling = [
            Field::ValueDate,
            Field::BookingText,
            Field::Debit,
            Field::Balance,
            Field::Counterparty,
            Field::Remittance,
            Field::KindAndText,
        ];
        let told = telling.iter().filter(|field| self.has(**field)).count();
        // The day of booking may have a name that is not known, where all the rest is a bank's.
        let days = self.has(Field::BookingDate)
            || (self.has(Field::ValueDate) && self.has(Field::BookingText) && told >= 3);
        money && days && told >= 2
    }

    /// The name of a column.
    pub fn name(&self, column: usize) -> &str {
        self.names.get(column).map_or("", String::as_str)
    }
}

/// Reads a header as that of a payment list or confirmation.
pub fn of_list<'a>(names: impl Iterator<Item = &'a str>, map: Option<&ColumnMap>) -> Columns {
    let mut columns = Columns::default();
    for name in names {
        let folded = fold(name);
        let mapped = map.and_then(|map| {
            let pair = map.columns.iter().find(|(own, _)| fold(own) == folded)?;
            field_of_name(&pair.1)
        });
        let field = mapped.or_else(|| list_field(&folded));
        columns.fields.push(field);
        columns.names.push(name.to_owned());
    }
    give_way(&mut columns);
    columns
}

/// Names of fields that another name means more surely, where both stand in one list: a file has a
/// number of the case and one of the cashier's office, and only the first is the case's.
const WEAKER: &[(Field, &[&str])] = &[
    (
        Field::CaseId,
        &[
            "gz",
            "geschaftszeichen",
            "vorgang",
            "vorgangsnummer",
            "kassenzeichen",
            "kundennummer",
            "kundennr",
            "bgnummer",
            "bgnr",
            "buchungszeichen",
            "vorgangsnr",
            "vorgangnr",
            "personenkennziffer",
            "referenz",
            "referenznummer",
        ],
    ),
    (Field::EndToEndId, &["kundenreferenz"]),
    (Field::Payee, &["abweichenderkontoinhaber"]),
    (
        Field::Amount,
        &[
            "leistungsbetrag",
            "monatsbetrag",
            "summe",
            "summeeur",
            "betrage",
            "anweisungsbetrag",
            "nettobetrag",
            "netto",
            "endbetrag",
            "zuzahlen",
            "zuzahlenderbetrag",
            "auszuzahlen",
            "auszuzahlenderbetrag",
            "auszahlbetrag",
        ],
    ),
];

/// Columns whose meaning another has more surely are unread: their text is searched, nothing else.
fn give_way(columns: &mut Columns) {
    for (field, weaker) in WEAKER {
        let is_weaker = |column: usize| weaker.contains(&fold(columns.name(column)).as_str());
        let all: Vec<usize> = columns.all(*field).collect();
        let weak: Vec<usize> = all.iter().copied().filter(|column| is_weaker(*column)).collect();
        if weak.len() < all.len() {
            for column in weak {
                if let Some(slot) = columns.fields.get_mut(column) {
                    *slot = None;
                }
            }
        }
    }
}

/// The field a column map means.
pub fn field_of_name(name: &str) -> Option<Field> {
    MAPPED.iter().find(|(own, _)| *own == name).map(|(_, field)| *field)
}

/// All names that column maps have for fields.
pub fn field_names() -> impl Iterator<Item = &'static str> {
    MAPPED.iter().map(|(name, _)| *name)
}

/// The name a column map has for a field.
pub fn name_of(field: Field) -> &'static str {
    MAPPED.iter().find(|(_, own)| *own == field).map_or("ignore", |(name, _)| name)
}

/// The name a column map has for a field of a bank's export.
pub(crate) fn bank_name_of(field: Field) -> &'static str {
    match field {
        Field::Iban | Field::AnyAccount => "counterparty_iban",
        Field::Status => "booking_status",
        Field::Aside => "text",
        field => name_of(field),
    }
}

/// Fields as column maps name them.
const MAPPED: &[(&str, Field)] = &[
    ("case_id", Field::CaseId),
    ("benefit", Field::Benefit),
    ("beneficiary", Field::Beneficiary),
    ("last_name", Field::LastName),
    ("first_name", Field::FirstName),
    ("payee", Field::Payee),
    ("iban", Field::Iban),
    ("amount", Field::Amount),
    ("currency", Field::Currency),
    ("due", Field::Due),
    ("end_to_end_id", Field::EndToEndId),
    ("remittance", Field::Remittance),
    ("run", Field::Run),
    ("facility", Field::Facility),
    ("channel", Field::Channel),
    ("list_status", Field::Status),
    ("block", Field::Block),
    ("office", Field::Office),
    ("note", Field::Note),
    ("payer_account", Field::OwnAccount),
    ("credited_on", Field::CreditedOn),
    ("booking_date", Field::BookingDate),
    ("value_date", Field::ValueDate),
    ("booking_text", Field::BookingText),
    ("booking_status", Field::Status),
    ("pending", Field::Pending),
    ("booked", Field::Booked),
    ("counterparty", Field::Counterparty),
    ("counterparty_iban", Field::Iban),
    ("bank_code", Field::BankCode),
    ("debit", Field::Debit),
    ("credit", Field::Credit),
    ("debit_credit_mark", Field::Mark),
    ("customer_reference", Field::CustomerReference),
    ("mandate", Field::Mandate),
    ("balance", Field::Balance),
    ("transfer_count", Field::Count),
    ("transaction_code", Field::TransactionCode),
    ("text", Field::Aside),
    ("ignore", Field::Unused),
];

fn list_field(folded: &str) -> Option<Field> {
    static FIELDS: LazyLock<BTreeMap<String, Field>> = LazyLock::new(|| by_name(LIST_NAMES));
    FIELDS.get(folded).copied()
}

/// Fields by their names, folded once: every cell of the first lines asks. Of two fields with one
/// name the first row of the table counts.
fn by_name(table: &[(Field, &[&str])]) -> BTreeMap<String, Field> {
    let mut fields = BTreeMap::new();
    for (field, names) in table {
        for name in *names {
            fields.entry(fold(name)).or_insert(*field);
        }
    }
    fields
}

/// Whether a header has all the columns that a map names.
pub(crate) fn fits<'a>(names: impl Iterator<Item = &'a str>, map: &ColumnMap) -> bool {
    let names: Vec<String> = names.map(fold).collect();
    map.columns.iter().all(|(own, _)| names.contains(&fold(own)))
}

/// Whether a header has any of the columns that a map names: what the map says besides is meant
/// for its own tables.
pub(crate) fn names_some<'a>(names: impl Iterator<Item = &'a str>, map: &ColumnMap) -> bool {
    let mut names = names.map(fold);
    names.any(|name| map.columns.iter().any(|(own, _)| fold(own) == name))
}

/// Reads a header as that of a bank's export.
pub fn of_bank<'a>(names: impl Iterator<Item = &'a str>, map: Option<&ColumnMap>) -> Columns {
    let names: Vec<String> = names.map(str::to_owned).collect();
    // Damaged umlauts are left out: `W\u{fffd}hrung` is `Whrung`.
    let folded: Vec<String> =
        names.iter().map(|name| fold(&name.replace('\u{fffd}', ""))).collect();
    let layout = layouts::of_names(&folded);
    let mapped = |folded: &str| {
        let pairs = &map?.columns;
        let (_, field) = pairs.iter().find(|(own, _)| fold(own) == folded)?;
        field_of_name(field).map(of_a_bank)
    };
    let meaning = |(name, folded): (&String, &String)| {
        let special = layout.special.iter().find(|(own, _)| own == folded);
        // A counter in front of each row, which no letter names.
        let counter = folded.is_empty() && !name.trim().is_empty();
        // A name without letters that asks for the sign: `+/-`.
        let sign = counter && name.contains('+') && name.contains('-');
        mapped(folded)
            .or(sign.then_some(Field::Mark))
            .or(counter.then_some(Field::Unused))
            .or_else(|| special.map(|(_, field)| *field))
            .or_else(|| bank_field(folded))
    };
    let fields = names.iter().zip(&folded).map(meaning).collect();
    let rules = Rules {
        decimal: map.and_then(ColumnMap::decimal_mark).or(layout.decimal),
        days: map.and_then(|map| map.days).unwrap_or(layout.days),
        debits_above_zero: map.is_some_and(|map| map.debits_above_zero),
        own_account: map.and_then(|map| map.own_account.clone()),
    };
    let mut columns = Columns { fields, names, rules };
    columns.settle_by_neighbours(&folded);
    columns
}

/// What a field of lists is in a bank's export: a text.
const fn of_a_bank(field: Field) -> Field {
    match field {
        Field::CaseId
        | Field::Benefit
        | Field::Beneficiary
        | Field::LastName
        | Field::FirstName
        | Field::Due
        | Field::Run
        | Field::Facility
        | Field::Channel
        | Field::Office
        | Field::Block
        | Field::Note
        | Field::CreditedOn => Field::Aside,
        field => field,
    }
}

impl Columns {
    /// What a name means may depend on which others stand beside it.
    fn settle_by_neighbours(&mut self, folded: &[String]) {
        // The customer's reference is the end-to-end id where nothing else is.
        if !self.has(Field::EndToEndId) {
            self.turn(Field::CustomerReference, Field::EndToEndId);
        }
        // Some banks put all they know into the booking text, and its kind into a column before it.
        if !self.has(Field::Remittance) && !self.has(Field::KindAndText) {
            let text = folded.iter().position(|name| name == "buchungstext");
            let kind = self.position(Field::BookingText);
            if let Some(slot) = text.filter(|text| kind.is_some() && Some(*text) != kind) {
                if let Some(field) = self.fields.get_mut(slot) {
                    *field = Some(Field::Remittance);
                }
            }
        }
    }

    /// Gives all columns of one meaning another.
    pub(crate) fn turn(&mut self, from: Field, to: Field) {
        for field in self.fields.iter_mut().filter(|field| **field == Some(from)) {
            *field = Some(to);
        }
    }
}

fn bank_field(folded: &str) -> Option<Field> {
    static FIELDS: LazyLock<BTreeMap<String, Field>> = LazyLock::new(|| by_name(BANK_NAMES));
    FIELDS.get(folded).copied().or_else(|| {
        // `Vwz.4`, `Verwendung 2`, `Auftraggeber 2`: one text in several columns.
        let name = folded.trim_end_matches(|c: char| c.is_ascii_digit());
        let field = FIELDS.get(name).copied().filter(|_| name != folded)?;
        matches!(field, Field::Remittance | Field::Counterparty).then_some(field)
    })
}
