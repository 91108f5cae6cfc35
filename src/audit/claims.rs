//! What a saved result claims (`gutschrift.verify/1`), as it stands there.

use chrono::NaiveDate;
use serde::Deserialize;

/// A saved result.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Claims {
    /// Must be `gutschrift.verify/1`.
    pub schema: String,
    /// The run.
    pub run: Run,
    /// Counts and sums.
    pub totals: Totals,
    /// Its payments.
    pub payments: Vec<Payment>,
    /// Its bank entries.
    pub bank_entries: Vec<Entry>,
}

/// The run of a result.
#[derive(Clone, Debug, Default, Deserialize)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct Run {
    pub due: NaiveDate,
    pub horizon: NaiveDate,
    pub crediting: String,
    #[serde(default)]
    pub as_of: Option<NaiveDate>,
    #[serde(default)]
    pub options: Asked,
    #[serde(default)]
    pub calendar: Calendar,
    #[serde(default)]
    pub config_sha256: Option<String>,
    #[serde(default)]
    pub coverage: Vec<Coverage>,
    pub files: Vec<File>,
}

/// What the run was asked besides its files.
#[derive(Clone, Debug, Default, Deserialize)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct Asked {
    pub month: Option<String>,
    pub due: Option<NaiveDate>,
    pub late_until: Option<NaiveDate>,
    pub crediting: Option<String>,
    pub as_of: Option<NaiveDate>,
}

/// The banking days that were counted.
#[derive(Clone, Debug, Default, Deserialize)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct Calendar {
    pub name: String,
    pub closed: Vec<NaiveDate>,
}

/// The days of one account that are said to be covered.
#[derive(Clone, Debug, Default, Deserialize)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct Coverage {
    pub account: Option<String>,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub gaps: Vec<Stretch>,
}

/// A stretch of days, both ends included.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct Stretch {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// A file of the run.
#[derive(Clone, Debug, Default, Deserialize)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct File {
    pub path: String,
    pub sha256: String,
    pub role: String,
    pub format: String,
    #[serde(default)]
    pub version: Option<String>,
    #[serde(default)]
    pub encoding: Option<String>,
    #[serde(default)]
    pub repeats: Option<String>,
    #[serde(default)]
    pub records: u64,
    #[serde(default)]
    pub skipped: u64,
}

/// Count and sum.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct Tally {
    pub count: u64,
    pub amount: String,
}

/// The sums of a result.
#[derive(Clone, Debug, Default, Deserialize)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct Totals {
    pub payments: Tally,
    pub credited: Tally,
    pub delayed: Tally,
    #[serde(rename = "follow-up")]
    pub follow_up: Tally,
    #[serde(default)]
    pub open: Option<Tally>,
    #[serde(default)]
    pub not_due: Option<Tally>,
    pub bank_debits: Tally,
    pub matched: Tally,
    pub batch: Tally,
    pub unlisted: Tally,
    pub unrelated: Tally,
    pub returned: Tally,
    pub unassigned_returns: Tally,
    pub closes: bool,
}

/// A place.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct Source {
    pub file: String,
    pub line: u32,
}

/// A booking that a payment cites.
#[derive(Clone, Debug, Default, Deserialize)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct Cited {
    pub file: String,
    pub line: u32,
    pub booking_date: Option<NaiveDate>,
    pub value_date: Option<NaiveDate>,
    pub amount: String,
}

/// A payment with what is claimed of it.
#[derive(Clone, Debug, Default, Deserialize)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct Payment {
    pub case_id: Option<String>,
    pub end_to_end_id: Option<String>,
    pub benefit: Option<String>,
    pub beneficiary: Option<String>,
    pub payee: Option<String>,
    pub iban: Option<String>,
    #[serde(default)]
    pub account_check: Option<String>,
    pub amount: Option<String>,
    pub currency: String,
    pub office: Option<String>,
    pub facility: Option<String>,
    #[serde(default)]
    pub run: Option<String>,
    pub source: Source,
    pub status: String,
    pub reason: String,
    pub how: Option<String>,
    pub evidence: String,
    pub rule: Option<String>,
    pub due: NaiveDate,
    pub booked_on: Option<NaiveDate>,
    pub credited_on: Option<NaiveDate>,
    pub latest_credit: Option<NaiveDate>,
    pub guaranteed: bool,
    pub credited_amount: Option<String>,
    #[serde(default)]
    pub reason_code: Option<String>,
    #[serde(default)]
    pub reason_text: Option<String>,
    #[serde(default)]
    pub actor: Option<String>,
    #[serde(default)]
    pub action: Option<String>,
    #[serde(default)]
    pub needs_person: Option<bool>,
    #[serde(default)]
    pub resolution: Option<Resolution>,
    #[serde(default)]
    pub entries: Vec<Cited>,
}

/// What somebody decided about a payment.
#[derive(Clone, Debug, Default, Deserialize)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct Resolution {
    #[serde(default)]
    pub lapsed: bool,
}

/// A bank entry with what is claimed of it.
#[derive(Clone, Debug, Default, Deserialize)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct Entry {
    pub file: String,
    pub line: u32,
    pub account: Option<String>,
    pub booking_date: Option<NaiveDate>,
    pub value_date: Option<NaiveDate>,
    pub amount: String,
    pub currency: String,
    pub disposition: String,
    pub counterparty: Option<String>,
    pub counterparty_iban: Option<String>,
    pub end_to_end_id: Option<String>,
    pub remittance: Option<String>,
    pub booking_text: Option<String>,
}
