//! What a run was asked, and the days that follow from it.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::audit::Basis;
use crate::audit::claims::Run;
use crate::audit::evidence::Evidence;
use crate::audit::finding::Finding;

/// Holds the days and policies of a run against what was asked, the rows and the calendar.
pub(super) fn hold(run: &Run, evidence: &Evidence<'_>, basis: &Basis, findings: &mut Vec<Finding>) {
    let about = |claim| Finding::refuted("", 0, claim);
    let shown = |day: Option<NaiveDate>| day.map_or("null".to_owned(), |day| day.to_string());
    let asked = &run.options;
    if !matches!(run.crediting.as_str(), "same-day" | "next-day") {
        findings.push(about("run.crediting").values(&run.crediting, "same-day / next-day"));
    }
    if let Some(crediting) = asked.crediting.as_ref().filter(|own| **own != run.crediting) {
        findings.push(about("run.crediting").values(&run.crediting, crediting));
    }
    if asked.as_of != run.as_of {
        findings.push(about("run.as_of").values(shown(run.as_of), shown(asked.as_of)));
    }
    if run.calendar.name != "TARGET" && !run.calendar.name.is_empty() {
        findings.push(about("run.calendar.name").values(&run.calendar.name, "TARGET"));
    }
    configuration(run, basis, findings);
    let days = &basis.calendar;
    let horizon = asked.late_until.unwrap_or_else(|| days.after(run.due, 1));
    if run.horizon != horizon {
        findings.push(about("run.horizon").values(run.horizon, horizon));
    }
    let first_of = |month: &String| format!("{month}-01").parse::<NaiveDate>().ok();
    let month = asked.month.as_ref().map(|month| (month, first_of(month)));
    let due = match (asked.due, month) {
        (Some(due), _) => due,
        (None, Some((_, Some(first)))) => days.last_of_month(first),
        (None, Some((month, None))) => {
            findings.push(about("run.options.month").values(month, "YYYY-MM"));
            return;
        }
        (None, None) => {
            let own: BTreeSet<NaiveDate> = evidence.rows.iter().filter_map(|row| row.due).collect();
            let only = own.first().filter(|_| own.len() == 1);
            match only {
                Some(only) => *only,
                None if own.contains(&run.due) => run.due,
                None => days.last_of_month(run.due),
            }
        }
    };
    if run.due != due {
        findings.push(about("run.due").values(run.due, due));
    }
}

/// Whether the closed days are those of the configuration; without it they cannot be checked.
fn configuration(run: &Run, basis: &Basis, findings: &mut Vec<Finding>) {
    let none = || "–".to_owned();
    let text = |digest: &Option<String>| digest.clone().unwrap_or_else(none);
    let list = |days: &[NaiveDate]| {
        let days: Vec<String> = days.iter().map(ToString::to_string).collect();
        if days.is_empty() { none() } else { days.join(" ") }
    };
    let about = |claim| Finding::refuted("", 0, claim);
    if run.config_sha256.is_some() && run.config_sha256 != basis.config_sha256 {
        let (said, is) = (text(&run.config_sha256), text(&basis.config_sha256));
        findings.push(about("run.config_sha256").values(said, is).open());
        return;
    }
    let closed: &[NaiveDate] = if run.config_sha256.is_some() { &basis.closed } else { &[] };
    if run.calendar.closed != closed {
        findings
            .push(about("run.calendar.closed").values(list(&run.calendar.closed), list(closed)));
    }
}
