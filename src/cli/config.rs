//! `gutschrift.toml`.

use std::path::Path;
use std::path::PathBuf;

use chrono::NaiveDate;
use chrono::NaiveTime;
use serde::Deserialize;
use sha2::Digest;
use sha2::Sha256;

use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::moment::time_of_day;
use crate::model::calendar::Calendar;
use crate::model::date::from_iso;
use crate::model::hex::hex;
use crate::model::iban::Iban;
use crate::model::payment::Benefit;
use crate::model::text::harmless;
use crate::readers::options::ColumnMap;
use crate::readers::tables::columns::field_names;
use crate::readers::tables::columns::field_of_name;
use crate::readers::tables::values::DayOrder;
use crate::reports::lookup::office::Office;
use crate::reports::lookup::office::OfficeRule;
use crate::reports::lookup::office::name_range;
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
    pub log_key: Option<String>,
    pub cut_off: Option<String>,
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

/// Column names of a list or a bank's export.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "explained in samples/gutschrift.toml")]
pub struct ColumnMapEntry {
    pub name: String,
    pub decimal: Option<String>,
    pub benefit: Option<String>,
    pub days: Option<String>,
    pub debits: Option<String>,
    pub own_account: Option<String>,
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
    pub offices: Vec<OfficeRule>,
    /// Where look-ups are logged.
    pub log: Option<String>,
    /// Where the key of that log is, if not beside it.
    pub log_key: Option<String>,
    /// Until when the bank takes orders for the same day.
    pub cut_off: Option<NaiveTime>,
    /// Days on which the banks are closed besides those of TARGET.
    pub closed: Vec<NaiveDate>,
    /// SHA-256 of the file.
    pub sha256: Option<String>,
}

/// Keys that may stand in the file, for suggestions.
const KEYS: [&str; 27] = [
    "language",
    "crediting",
    "full_iban",
    "bank_holidays",
    "payer_accounts",
    "column_maps",
    "offices",
    "log",
    "log_key",
    "cut_off",
    "iban",
    "benefit",
    "office",
    "run",
    "name",
    "decimal",
    "days",
    "debits",
    "own_account",
    "columns",
    "phone",
    "municipality",
    "names",
    "case_id",
    "amount",
    "beneficiary",
    "end_to_end_id",
];

/// The name under which a configuration is found by itself.
const NAME: &str = "gutschrift.toml";

/// The configuration asked for; else the first that lies in one of the folders of the run, in the folder one
/// stands in, or beside the program, which is then named; else the default one.
///
/// # Errors
///
/// Everything that is wrong with it.
pub fn load_for<'a>(
    asked: Option<&Path>,
    paths: impl IntoIterator<Item = &'a PathBuf>,
    lang: Option<crate::cli::arguments::LanguageArg>,
) -> Result<Config, Failure> {
    if asked.is_some() {
        return load(asked);
    }
    let folders = paths.into_iter().filter(|path| path.is_dir()).cloned();
    let program = std::env::current_exe().ok();
    let beside = program.as_deref().and_then(Path::parent).map(Path::to_owned);
    let found = folders
        .chain([PathBuf::new()])
        .chain(beside)
        .map(|folder| folder.join(NAME))
        .find(|path| path.is_file());
    let config = load(found.as_deref())?;
    if let Some(path) = found {
        let language = console::language(lang, config.language.as_deref());
        let word = language.pick("Konfiguration", "configuration");
        console::say(&format!("{word}: {}", harmless(&path.to_string_lossy())));
    }
    Ok(config)
}

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
    parse(&text, &shown)
}

/// Reads and checks the text of a configuration; `shown` names where it stands.
///
/// # Errors
///
/// Everything that is wrong with it.
pub(super) fn parse(text: &str, shown: &str) -> Result<Config, Failure> {
    let file: File = toml::from_str(text).map_err(|error| {
        let message = error.to_string();
        let hint = suggestion(&message).map(|hint| format!("\n  → {hint}?")).unwrap_or_default();
        Failure::Usage(format!("{shown}: {}{hint}", harmless_lines(&message)))
    })?;
    let config = check(file).map_err(|complaints| {
        Failure::Usage(
            complaints.iter().map(|c| format!("{shown}: {c}")).collect::<Vec<_>>().join("\n"),
        )
    })?;
    Ok(Config { sha256: Some(hex(&Sha256::digest(text.as_bytes()))), ..config })
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

/// What a word stands for that is one of two; any other is complained of.
fn one_of<T>(
    (key, word): (&str, Option<&str>),
    known: [(&str, T); 2],
    complaints: &mut Vec<String>,
) -> Option<T> {
    let word = word?;
    let [first, second] = [known[0].0, known[1].0];
    let found = known.into_iter().find(|(own, _)| *own == word);
    if found.is_none() {
        complaints.push(format!("{key} is `{}`, expected `{first}` or `{second}`", harmless(word)));
    }
    found.map(|(_, meant)| meant)
}

/// An office as look-ups take it; wrong values are complained of.
fn office(entry: OfficeEntry, complaints: &mut Vec<String>) -> OfficeRule {
    let shown = harmless(&entry.name);
    let mut complain = |text: String| complaints.push(format!("offices `{shown}`: {text}"));
    if entry.name.trim().is_empty() {
        complain("name is empty".to_owned());
    }
    let names = entry.names.as_deref().and_then(name_range);
    if let Some(wrong) = entry.names.as_deref().filter(|_| names.is_none()) {
        complain(format!("names is `{}`, expected a range such as `A-K`", harmless(wrong)));
    }
    if let Some(near) = entry.benefit.as_deref().and_then(misspelt) {
        complain(format!(
            "benefit is `{}`, is `{near}` meant?",
            harmless(entry.benefit.as_deref().unwrap_or_default())
        ));
    }
    OfficeRule {
        office: Office { name: entry.name, phone: entry.phone },
        benefit: entry.benefit,
        municipality: entry.municipality,
        names,
    }
}

/// The known benefit that a word is nearly, and not: lists may name other benefits too.
fn misspelt(text: &str) -> Option<&'static str> {
    const KNOWN: [&str; 4] = ["social-assistance", "care-assistance", "care-home", "Sozialhilfe"];
    let is_known = !matches!(Benefit::read(text), Benefit::Other(_));
    KNOWN
        .into_iter()
        .find(|known| !is_known && (1..=2).contains(&strsim::damerau_levenshtein(known, text)))
}

/// A column map as the readers take it; wrong values are complained of.
fn column_map(entry: ColumnMapEntry, complaints: &mut Vec<String>) -> ColumnMap {
    for field in entry.columns.values().filter(|field| field_of_name(field).is_none()) {
        complaints.push(format!(
            "column_maps `{}`: `{}` is no field; fields are {}",
            harmless(&entry.name),
            harmless(field),
            field_names().collect::<Vec<_>>().join(", ")
        ));
    }
    let decimal = one_of(
        ("column_maps: decimal", entry.decimal.as_deref()),
        [(",", ','), (".", '.')],
        complaints,
    );
    let days = one_of(
        ("column_maps: days", entry.days.as_deref()),
        [("day-first", DayOrder::DayFirst), ("month-first", DayOrder::MonthFirst)],
        complaints,
    );
    let debits_above_zero = one_of(
        ("column_maps: debits", entry.debits.as_deref()),
        [("below-zero", false), ("above-zero", true)],
        complaints,
    );
    let own_account = entry.own_account.as_deref().and_then(Iban::read).filter(Iban::is_valid);
    if entry.own_account.is_some() && own_account.is_none() {
        complaints.push("column_maps: own_account fails its check digits".to_owned());
    }
    ColumnMap {
        name: entry.name,
        columns: entry.columns.into_iter().collect(),
        decimal,
        benefit: entry.benefit,
        days,
        debits_above_zero: debits_above_zero.unwrap_or(false),
        own_account,
    }
}

fn check(file: File) -> Result<Config, Vec<String>> {
    let mut complaints = Vec::new();
    let crediting = one_of(
        ("crediting", file.crediting.as_deref()),
        [("same-day", Crediting::SameDay), ("next-day", Crediting::NextDay)],
        &mut complaints,
    );
    if let Some(other) =
        file.language.as_deref().filter(|language| !matches!(*language, "de" | "en"))
    {
        complaints.push(format!("language is `{}`, expected `de` or `en`", harmless(other)));
    }
    let cut_off = file.cut_off.as_deref().map(time_of_day);
    if let Some(Err(_)) = cut_off {
        complaints.push("cut_off is no time, write 14:30".to_owned());
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
    let maps = file.column_maps.into_iter();
    let column_maps = maps.map(|map| column_map(map, &mut complaints)).collect();
    let offices = file.offices.into_iter();
    let offices = offices.map(|entry| office(entry, &mut complaints)).collect();
    if !complaints.is_empty() {
        return Err(complaints);
    }
    Ok(Config {
        language: file.language,
        crediting,
        full_iban: file.full_iban.unwrap_or(false),
        calendar: Calendar::with_closed(closed.iter().copied()),
        closed,
        sha256: None,
        payer_accounts,
        column_maps,
        offices,
        log: file.log,
        log_key: file.log_key,
        cut_off: cut_off.and_then(Result::ok),
    })
}
