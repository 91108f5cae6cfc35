//! Which cases of a run are plain, or that none is taken for it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::matching::owed::Dates;
use crate::matching::owed::Part;
use crate::matching::plain;
use crate::matching::plain::case::Plain;
use crate::matching::plain::case::Run;
use crate::matching::population::Population;
use crate::model::brief::Day;
use crate::model::inputs::Inputs;
use crate::verdict::channel::part_of;
use crate::verdict::dates::RunDates;
use crate::verdict::dates::dates_of;
use crate::verdict::terms::Terms;

/// The plain cases of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct PlainCases {
    pub(crate) cases: Plain,
    pub(crate) run: Option<RunDates>,
}

/// Takes the plain cases out of the inputs; what is left is there in full.
pub(crate) fn plain_cases(inputs: &mut Inputs, terms: &Terms) -> PlainCases {
    // Orders, messages of the bank and confirmations speak of rows in too many ways.
    let alone = inputs.orders.is_empty()
        && inputs.status_reports.is_empty()
        && inputs.recalls.is_empty()
        && inputs.confirmations.is_empty();
    let found = (alone && !inputs.brief_lists.is_empty())
        .then(|| RunDates::find(inputs, &inputs.payments, terms).ok())
        .flatten();
    let Some(run) = found else {
        inputs.unfold();
        return PlainCases::default();
    };
    let dates = |own| dates_of(run.of_row(own), terms);
    let cases = plain::separate(
        inputs,
        Run {
            dates: &dates,
            is_owed: &|row| part_of(row) == Part::Full,
            as_of: terms.as_of,
            threads: terms.threads,
        },
    );
    PlainCases { cases, run: Some(run) }
}

/// The runs and lists that plain cases belong to.
pub(crate) fn population<'a>(
    plain: &'a Plain,
    dates: &dyn Fn(Option<NaiveDate>) -> Dates,
) -> Population<'a> {
    let mut counts = BTreeMap::new();
    for (kind, count) in plain.kinds.iter().filter(|(_, count)| *count > 0) {
        let slot: &mut usize = counts.entry((kind.list, kind.row_shape, kind.due)).or_default();
        *slot = slot.saturating_add(*count);
    }
    let mut population = Population::default();
    for ((list, shape, due), count) in counts {
        let row = plain.lists.tables.get(usize::from(list)).and_then(|list| list.shape(shape));
        if let Some(row) = row {
            population.add(row, &dates(due.map(Day::date)), count);
        }
    }
    population
}
