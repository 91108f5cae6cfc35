//! A list for people and scripts that is one table: what is told of it in every format is made from the same cells.

use chrono::NaiveDate;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::model::amount::Amount;
use crate::reports::document::Document;
use crate::reports::options::Options;
use crate::reports::sections::Section;
use crate::reports::wording::Words;

/// A cell; texts are harmless and masked already.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    Text(String),
    Money(Option<Amount>),
    Day(Option<NaiveDate>),
}

impl Cell {
    /// A text, or nothing.
    pub(crate) fn some(text: Option<String>) -> Self {
        Self::Text(text.unwrap_or_default())
    }

    fn shown(&self, words: Words) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Money(amount) => amount.map(|amount| words.amount(amount)).unwrap_or_default(),
            Self::Day(day) => day.map(|day| words.day(day)).unwrap_or_default(),
        }
    }

    fn plain(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Money(amount) => amount.map(|amount| amount.to_string()).unwrap_or_default(),
            Self::Day(day) => day.map(|day| day.to_string()).unwrap_or_default(),
        }
    }
}

/// A column: its name for scripts, in German, in English. One that people do not see has no name for them.
pub(crate) type Column = (&'static str, &'static str, &'static str);

/// The list.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    /// Name and version of its JSON.
    pub(crate) schema: &'static str,
    /// Which of several lists of one kind it is.
    pub(crate) name: String,
    /// Sentences above it.
    pub(crate) lead: Vec<String>,
    /// The heading of the table.
    pub(crate) title: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<Cell>>,
    /// From this row on all are struck out.
    pub(crate) struck_from: Option<usize>,
    /// Sentences at the end.
    pub(crate) sums: Vec<String>,
    /// What its JSON says besides the rows.
    pub(crate) facts: Map<String, Value>,
}

impl Sheet {
    /// The report.
    pub(crate) fn document(self, options: &Options) -> Document {
        let words = Words(options.language);
        let is_shown = |column: &&Column| !column.1.is_empty();
        let shown_cells = |row: &Vec<Cell>| -> Vec<String> {
            let cells = row.iter().zip(&self.columns).filter(|(_, column)| is_shown(column));
            cells.map(|(cell, _)| cell.shown(words)).collect()
        };
        let header: Vec<&Column> = self.columns.iter().filter(is_shown).collect();
        let is_money = |name: &str| name.ends_with("amount");
        let right = header.iter().enumerate().filter(|(_, column)| is_money(column.0));
        let section = Section {
            title: format!("{} ({})", self.title, self.rows.len()),
            header: header.iter().map(|column| words.pick(column.1, column.2).to_owned()).collect(),
            rows: self.rows.iter().map(shown_cells).collect(),
            right: right.map(|(number, _)| number).collect(),
            struck_from: self.struck_from,
            lead: None,
        };
        let object = |row: &Vec<Cell>| -> Value {
            let fields = self.columns.iter().zip(row).map(|(column, cell)| {
                let plain = cell.plain();
                let value = if plain.is_empty() { Value::Null } else { json!(plain) };
                (column.0.to_owned(), value)
            });
            Value::Object(fields.collect())
        };
        let mut json = Map::new();
        json.insert("schema".to_owned(), json!(self.schema));
        json.insert("tool".to_owned(), json!(options.tool));
        json.insert("name".to_owned(), json!(self.name));
        json.extend(self.facts);
        json.insert("items".to_owned(), self.rows.iter().map(object).collect());
        Document {
            lead: self.lead,
            sections: if section.rows.is_empty() { Vec::new() } else { vec![section] },
            sums: self.sums,
            columns: self.columns.iter().map(|column| column.0).collect(),
            records: self.rows.iter().map(|row| row.iter().map(Cell::plain).collect()).collect(),
            json: Value::Object(json),
        }
    }
}
