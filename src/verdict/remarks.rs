//! Problems that only show when everything is put together: returns of nobody, gaps, sums of lists.

use crate::model::iban::Iban;
use crate::model::payment::ListTotal;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::verdict::outcome::AccountCoverage;
use crate::verdict::outcome::BankEntry;
use crate::verdict::outcome::Disposition;

/// Returns that are nobody's.
pub(super) fn report_returns(entries: &[BankEntry], problems: &mut Vec<Problem>) {
    for entry in entries {
        if entry.disposition == Disposition::UnassignedReturn {
            let amount = entry.amount.to_string();
            let place = entry.place.whole_line();
            problems.push(Problem::new(ProblemCode::ReturnUnassigned, place).value(amount));
        }
    }
}

/// Days that are missing between covered ones.
pub(super) fn report_gaps(coverage: &[AccountCoverage], problems: &mut Vec<Problem>) {
    for account in coverage {
        for (from, to) in &account.gaps {
            let name = account.account.as_ref().map(Iban::masked).unwrap_or_default();
            let days = if from == to { from.to_string() } else { format!("{from}–{to}") };
            let problem = Problem::new(ProblemCode::CoverageGap, Place::default());
            problems.push(problem.field(name).value(days));
        }
    }
}

/// Whether a totals row is the sum of all rows above, or of those behind one of the totals above.
fn closes(total: &ListTotal, above: &[ListTotal]) -> bool {
    let own = above.iter().rev().take_while(|other| other.place.file == total.place.file).take(64);
    total.stated == total.found
        || own.into_iter().any(|other| total.stated == total.found.minus(other.found))
}

/// Holds the totals rows of lists against their rows.
pub(crate) fn check_totals(totals: &[ListTotal], problems: &mut Vec<Problem>) {
    for (number, total) in totals.iter().enumerate() {
        let known = problems.iter().any(|known| {
            known.code == ProblemCode::TotalDiffers
                && known.place.line == total.place.line
                && known.place.file == total.place.file
        });
        if !closes(total, totals.get(..number).unwrap_or_default()) && !known {
            problems.push(
                Problem::new(ProblemCode::TotalDiffers, total.place)
                    .value(total.found.to_string())
                    .expected(total.stated.to_string()),
            );
        }
    }
}
