//! `gutschrift.toml`.

use std::path::Path;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::cli::error::Failure;
use crate::model::calendar::Calendar;
use crate::model::date::from_iso;
use crate::model::iban::Iban;
use crate::model::text::harmless;
use crate::readers::options::ColumnMap;
use crate::readers::tables::columns::field_of_name;
use crate::verdict::terms::Crediting;
use crate::verdict::terms::PayerAccount;

/// The configuration as the file has it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "explained in samples/gutschrift.toml")]
pub struct File {
    pub language: Option<String>,
    pub crediting: Option<String>,
    pub full_iban: Option<bool>,
    #[serde(default)]
    pub bank_holidays: Vec<String>,
    #[serde(default)]
    pub payer_accounts: Vec<PayerAccountEntry>,
    #[serde(default)]
    pub column_maps: Vec<ColumnMapEntry>,
    #[serde(default)]
    pub offices: Vec<OfficeEntry>,
    pub log: Option<String>,
}

/// An account that pays.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "explained in samples/gutschrift.toml")]
pub struct PayerAccountEntry {
    pub iban: String,
    pub benefit: Option<String>,
    pub office: Option<String>,
    pub run: Option<String>,
}

/// Column names of a list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "explained in samples/gutschrift.toml")]
pub struct ColumnMapEntry {
    pub name: String,
    pub decimal: Option<String>,
    pub benefit: Option<String>,
    pub columns: std::collections::BTreeMap<String, String>,
}

/// Whom to call.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "explained in samples/gutschrift.toml")]
pub struct OfficeEntry {
    pub name: String,
    pub phone: Option<String>,
    pub benefit: Option<String>,
    pub municipality: Option<String>,
    pub names: Option<String>,
}

/// The configuration as the tool uses it.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Language, if set.
    pub language: Option<String>,
    /// Crediting policy, if set.
    pub crediting: Option<Crediting>,
    /// Full account numbers.
    pub full_iban: bool,
    /// Banking days.
    pub calendar: Calendar,
    /// Accounts that pay.
    pub payer_accounts: Vec<PayerAccount>,
    /// Column maps.
    pub column_maps: Vec<ColumnMap>,
    /// Whom to call.
    pub offices: Vec<OfficeEntry>,
    /// Where look-ups are logged.
    pub log: Option<String>,
}

/// Keys that may stand in the file, for suggestions.
const KEYS: [&str; 22] = [
    "language",
    "crediting",
    "full_iban",
    "bank_holidays",
    "payer_accounts",
    "column_maps",
    "offices",
    "log",
    "iban",
    "benefit",
    "office",
    "run",
    "name",
    "decimal",
    "columns",
    "phone",
    "municipality",
    "names",
    "case_id",
    "amount",
    "beneficiary",
    "end_to_end_id",
];

/// Reads and checks a configuration; without a path the default one.
///
/// # Errors
///
/// Everything that is wrong with it.
pub fn load(path: Option<&Path>) -> Result<Config, Failure> {
    let Some(path) = path else { return Ok(Config::default()) };
    let shown = harmless(&path.to_string_lossy());
    #[expect(
        clippy::disallowed_methods,
        reason = "the configuration is read here and nowhere else"
    )]
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::Usage(format!("{shown}: {error}")))?;
    let file: File = toml::from_str(&text).map_err(|error| {
        let message = error.to_string();
        let hint = suggestion(&message).map(|hint| format!("\n  → {hint}?")).unwrap_or_default();
        Failure::Usage(format!("{shown}: {}{hint}", harmless_lines(&message)))
    })?;
    check(file).map_err(|complaints| {
        Failure::Usage(
            complaints.iter().map(|c| format!("{shown}: {c}")).collect::<Vec<_>>().join("\n"),
        )
    })
}

fn harmless_lines(text: &str) -> String {
    text.lines().map(harmless).collect::<Vec<_>>().join("\n")
}

/// The known key that is nearest to an unknown one.
fn suggestion(message: &str) -> Option<&'static str> {
    let unknown = message.split_once("unknown field `")?.1.split('`').next()?;
    KEYS.iter()
        .map(|key| (strsim::damerau_levenshtein(key, unknown), *key))
        .filter(|(distance, _)| *distance <= 3)
        .min()
        .map(|(_, key)| key)
}

fn check(file: File) -> Result<Config, Vec<String>> {
    let mut complaints = Vec::new();
    let crediting = match file.crediting.as_deref() {
        None => None,
        Some("same-day") => Some(Crediting::SameDay),
        Some("next-day") => Some(Crediting::NextDay),
        Some(other) => {
            complaints.push(format!(
                "crediting is `{}`, expected `same-day` or `next-day`",
                harmless(other)
            ));
            None
        }
    };
    if let Some(other) =
        file.language.as_deref().filter(|language| !matches!(*language, "de" | "en"))
    {
        complaints.push(format!("language is `{}`, expected `de` or `en`", harmless(other)));
    }
    let mut closed: Vec<NaiveDate> = Vec::new();
    for text in &file.bank_holidays {
        match from_iso(text) {
            Some(day) => closed.push(day),
            None => complaints
                .push(format!("bank_holidays: `{}` is no day, write 2023-12-24", harmless(text))),
        }
    }
    let mut payer_accounts = Vec::new();
    for entry in file.payer_accounts {
        match Iban::read(&entry.iban).filter(Iban::is_valid) {
            Some(iban) => payer_accounts.push(PayerAccount {
                iban,
                benefit: entry.benefit,
                office: entry.office,
                run: entry.run,
            }),
            None => complaints.push("payer_accounts: an iban fails its check digits".to_owned()),
        }
    }
    let mut column_maps = Vec::new();
    for entry in file.column_maps {
        for field in entry.columns.values().filter(|field| field_of_name(field).is_none()) {
            complaints.push(format!(
                "column_maps `{}`: `{}` is no field; fields are case_id, benefit, beneficiary, last_name, first_name, payee, iban, amount, currency, due, end_to_end_id, remittance, run, facility, channel, list_status, office, note, payer_account, credited_on, ignore",
                harmless(&entry.name),
                harmless(field)
            ));
        }
        let decimal = match entry.decimal.as_deref() {
            None => None,
            Some(",") => Some(','),
            Some(".") => Some('.'),
            Some(other) => {
                complaints.push(format!(
                    "column_maps: decimal is `{}`, expected `,` or `.`",
                    harmless(other)
                ));
                None
            }
        };
        column_maps.push(ColumnMap {
            name: entry.name,
            columns: entry.columns.into_iter().collect(),
            decimal,
            benefit: entry.benefit,
        });
    }
    if !complaints.is_empty() {
        return Err(complaints);
    }
    Ok(Config {
        language: file.language,
        crediting,
        full_iban: file.full_iban.unwrap_or(false),
        calendar: Calendar::with_closed(closed),
        payer_accounts,
        column_maps,
        offices: file.offices,
        log: file.log,
    })
}
