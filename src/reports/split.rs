//! One report for each office, benefit or facility, with its own cases only.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::mask::masked;
use crate::model::place::Place;
use crate::verdict::outcome::Disposition;
use crate::verdict::outcome::JudgedPayment;
use crate::verdict::outcome::Totals;
use crate::verdict::result::Outcome;
use crate::verdict::status::Status;

/// What reports are split by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Office or municipality.
    Office,
    /// Benefit.
    Benefit,
    /// Facility.
    Facility,
}

impl By {
    /// Its name, as the option has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Benefit => "benefit",
            Self::Facility => "facility",
        }
    }
}

/// The parts of an outcome, by name; payments without one come under `other`. A part holds only the
/// bank entries that its own payments cite.
pub fn split(outcome: &Outcome, by: By) -> Vec<(String, Outcome)> {
    let mut parts: BTreeMap<String, Vec<JudgedPayment>> = BTreeMap::new();
    for judged in &outcome.payments {
        let row = &judged.payment;
        let name = match by {
            By::Office => row.office.as_deref(),
            By::Benefit => Some(row.benefit.name()).filter(|name| !name.is_empty()),
            By::Facility => row.facility.as_deref(),
        };
        parts.entry(name.unwrap_or("other").to_owned()).or_default().push(judged.clone());
    }
    parts.into_iter().map(|(name, payments)| (name, part(outcome, payments))).collect()
}

fn part(outcome: &Outcome, payments: Vec<JudgedPayment>) -> Outcome {
    let mut cited: BTreeSet<Place> = payments
        .iter()
        .flat_map(|judged| &judged.verdict.entries)
        .map(|entry| entry.place)
        .collect();
    // A large group is shown with its first entries only; a part has all of them.
    let mut groups: Vec<_> = payments.iter().flat_map(|own| own.verdict.groups.iter()).collect();
    groups.sort_by_key(|group| Arc::as_ptr(group));
    groups.dedup_by_key(|group| Arc::as_ptr(group));
    cited.extend(groups.into_iter().flat_map(|group| group.places()));
    let mut totals = Totals::default();
    for judged in &payments {
        let amount = judged.payment.amount_or_zero();
        totals.payments.add(amount);
        match judged.verdict.status {
            Status::Credited => totals.credited.add(amount),
            Status::Delayed => totals.delayed.add(amount),
            Status::FollowUp => totals.follow_up.add(amount),
        }
    }
    let bank_entries: Vec<_> =
        outcome.bank_entries.iter().filter(|entry| cited.contains(&entry.place)).cloned().collect();
    for entry in &bank_entries {
        let amount = entry.amount.abs();
        match entry.disposition {
            Disposition::Matched => totals.matched.add(amount),
            Disposition::Batch => totals.batch.add(amount),
            Disposition::Return => totals.returned.add(amount),
            _ => continue,
        }
        if entry.disposition != Disposition::Return {
            totals.bank_debits.add(amount);
        }
    }
    totals.closes = outcome.totals.closes;
    let rows: BTreeSet<_> = payments.iter().map(|judged| judged.payment.place.file).collect();
    Outcome {
        totals,
        payments,
        bank_entries,
        problems: outcome
            .problems
            .iter()
            .filter(|problem| rows.contains(&problem.place.file))
            .cloned()
            .collect(),
        ..outcome.clone()
    }
}

/// Names of files, no two of which are one to a system that does not tell capital letters from small.
#[derive(Clone, Debug, Default)]
pub struct FileNames(BTreeSet<String>);

impl FileNames {
    /// The next name.
    pub fn of(&mut self, name: &str) -> String {
        let mut stem = file_name(name);
        while !self.0.insert(stem.to_lowercase()) {
            stem.push('_');
        }
        stem
    }
}

/// A name as a file name: letters and digits, everything else a hyphen; without account numbers, and
/// none that Windows keeps for its devices.
pub fn file_name(name: &str) -> String {
    let mut safe = String::new();
    for c in masked(name).chars().take(60) {
        if c.is_alphanumeric() {
            safe.push(c);
        } else if !safe.ends_with('-') {
            safe.push('-');
        }
    }
    let safe = safe.trim_matches('-');
    if safe.is_empty() {
        return "other".to_owned();
    }
    if is_device(safe) { format!("{safe}_") } else { safe.to_owned() }
}

/// Names that Windows opens as devices, whatever their ending.
fn is_device(name: &str) -> bool {
    let name = name.to_uppercase();
    let is_numbered = |number: &str| {
        matches!(
            number,
            "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"
        )
    };
    matches!(name.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN" | "CONOUT" | "CLOCK")
        || name.strip_prefix("COM").or_else(|| name.strip_prefix("LPT")).is_some_and(is_numbered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_tame() {
        for (name, expected) in [
            ("../../etc", "etc"),
            ("Haus Lindenhof e.V.", "Haus-Lindenhof-e-V"),
            ("", "other"),
            ("Con", "Con_"),
            ("lpt1", "lpt1_"),
            ("Konto DE89370400440532013000", "Konto-DE-3000"),
        ] {
            assert_eq!(file_name(name), expected);
        }
    }

    #[test]
    fn names_that_differ_in_capitals_only_are_two() {
        let mut names = FileNames::default();
        let found: Vec<String> =
            ["NORD", "Nord", "nord", "CON", "con"].map(|name| names.of(name)).into();
        assert_eq!(found, ["NORD", "Nord_", "nord__", "CON_", "con__"]);
    }
}
