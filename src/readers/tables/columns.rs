//! What the columns of a table mean, by their header names.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::problem::Severity;
use crate::model::text::fold_words;
use crate::readers::options::ColumnMap;
use crate::readers::tables::bank_names::BANK_NAMES;
use crate::readers::tables::field::Field;
use crate::readers::tables::list_names::LIST_NAMES;

/// The columns of a header.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// Meaning of each column; `None` where it is not known.
    pub fields: Vec<Option<Field>>,
    /// The names as they stand.
    pub names: Vec<String>,
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

    /// The number of the first column with this meaning.
    pub fn position(&self, field: Field) -> Option<usize> {
        self.fields.iter().position(|own| *own == Some(field))
    }

    /// Whether there is such a column.
    pub fn has(&self, field: Field) -> bool {
        self.position(field).is_some()
    }

    /// How many columns are understood.
    pub fn known(&self) -> usize {
        self.fields.iter().flatten().count()
    }

    /// The name of a column.
    pub fn name(&self, column: usize) -> &str {
        self.names.get(column).map_or("", String::as_str)
    }
}

/// A header name as it is compared: lower case, umlauts as single vowels, nothing but letters
/// and digits.
pub fn fold(name: &str) -> String {
    // Folded once more as a whole: `EndToEnd` and `End-to-End` are one name.
    fold_words(name).concat().replace("ae", "a").replace("oe", "o").replace("ue", "u")
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
    columns
}

/// The field a column map means.
pub fn field_of_name(name: &str) -> Option<Field> {
    MAPPED.iter().find(|(own, _)| *own == name).map(|(_, field)| *field)
}

/// The name a column map has for a field.
pub fn name_of(field: Field) -> &'static str {
    MAPPED.iter().find(|(_, own)| *own == field).map_or("ignore", |(name, _)| name)
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
    ("office", Field::Office),
    ("note", Field::Note),
    ("payer_account", Field::OwnAccount),
    ("credited_on", Field::CreditedOn),
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

/// Reads a header as that of a bank's export.
pub fn of_bank<'a>(names: impl Iterator<Item = &'a str>) -> Columns {
    let mut columns = Columns::default();
    for name in names {
        let field = bank_field(name);
        // The first of two columns of one name is meant; a mark column has no name of its own.
        let repeated = field.is_some_and(|field| columns.has(field));
        columns.fields.push(if repeated { Some(Field::Unused) } else { field });
        columns.names.push(name.to_owned());
    }
    // Some banks put all they know into the booking text, and its kind into a column before it.
    if !columns.has(Field::Remittance) && columns.has(Field::BookingText) {
        let text = columns.names.iter().position(|name| fold(name) == "buchungstext");
        let kind = columns.position(Field::BookingText);
        if let Some(slot) = text.filter(|text| Some(*text) != kind) {
            if let Some(field) = columns.fields.get_mut(slot) {
                *field = Some(Field::Remittance);
            }
        }
    }
    let last = columns.names.len().saturating_sub(1);
    let nameless = columns.names.last().is_some_and(|name| name.trim().is_empty());
    if nameless && columns.names.iter().any(|name| fold(name) == "umsatz") {
        if let Some(slot) = columns.fields.get_mut(last) {
            *slot = Some(Field::Mark);
        }
    }
    columns
}

fn bank_field(name: &str) -> Option<Field> {
    // Damaged umlauts are left out: `W\u{fffd}hrung` is `Whrung`.
    static FIELDS: LazyLock<BTreeMap<String, Field>> = LazyLock::new(|| by_name(BANK_NAMES));
    FIELDS.get(&fold(&name.replace('\u{fffd}', ""))).copied()
}
