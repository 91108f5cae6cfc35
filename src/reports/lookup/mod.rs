//! "Was I paid?": finding the person, and the sentence to read out.

pub mod account;
pub mod answer;
pub mod index;
pub mod office;
pub mod search;

use chrono::NaiveDate;
use serde::Deserialize;
use serde::Serialize;

use crate::reports::resolution::Resolution;

/// A place as the saved result has it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct SavedSource {
    /// Path of the file.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
}

/// A bank entry as the saved result has it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct SavedEntry {
    /// Path of the file.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Booking date.
    pub booking_date: Option<NaiveDate>,
    /// Value date.
    #[serde(default)]
    pub value_date: Option<NaiveDate>,
    /// Signed amount.
    pub amount: String,
}

/// A payment of a saved result (`gutschrift.verify/1`), as far as a look-up needs it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct SavedPayment {
    pub case_id: Option<String>,
    pub end_to_end_id: Option<String>,
    pub benefit: Option<String>,
    pub beneficiary: Option<String>,
    pub payee: Option<String>,
    pub iban: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_check: Option<String>,
    pub amount: Option<String>,
    pub office: Option<String>,
    pub facility: Option<String>,
    pub source: SavedSource,
    pub status: String,
    pub reason: String,
    pub evidence: String,
    pub due: Option<NaiveDate>,
    pub booked_on: Option<NaiveDate>,
    pub credited_on: Option<NaiveDate>,
    pub latest_credit: Option<NaiveDate>,
    #[serde(default)]
    pub credited_amount: Option<String>,
    #[serde(default)]
    pub reason_code: Option<String>,
    pub action: Option<String>,
    pub actor: Option<String>,
    #[serde(default)]
    pub resolution: Option<Resolution>,
    #[serde(default)]
    pub entries: Vec<SavedEntry>,
    #[serde(default)]
    pub more_entries: usize,
    #[serde(default)]
    pub trail: Vec<String>,
}

/// The run of a saved result.
#[derive(Clone, Debug, Default, Deserialize)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct SavedRun {
    pub due: Option<NaiveDate>,
    pub horizon: Option<NaiveDate>,
}

/// A saved result; everything else in it is passed over.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Saved {
    /// Must be `gutschrift.verify/1`.
    pub schema: String,
    /// The run.
    pub run: SavedRun,
    /// Its payments.
    pub payments: Vec<SavedPayment>,
}
