//! The months of a store to look in: of each the newest result, beside what was decided since.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::NaiveDate;

use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::saved::Book;
use crate::cli::saved::parsed;
use crate::cli::store::Store;
use crate::model::date::Month;
use crate::model::language::Language;
use crate::store::bind;
use crate::store::row::Row;

/// The newest whole result of each month, or of the one asked for.
///
/// # Errors
///
/// What is no store, or one without such a result.
pub(super) fn books(
    path: &Path,
    month: Option<Month>,
    today: NaiveDate,
    language: Language,
) -> Result<Vec<Book>, Failure> {
    let store = Store::open(path, language)?;
    let journals = store.journals()?;
    let mut seen: BTreeSet<Option<NaiveDate>> = BTreeSet::new();
    let mut books = Vec::new();
    for run in store.runs()?.into_iter().rev() {
        let head = match store.head(&run) {
            Ok(head) => head,
            Err(failure) => {
                console::say(&failure.to_string());
                continue;
            }
        };
        let due = head.run.due;
        let is_asked = month.is_none() || due.map(Month::of) == month;
        if !is_asked || seen.contains(&due) {
            continue;
        }
        // A damaged result keeps nobody from the one before it, but is named.
        let bytes = match store.payments(&run) {
            Ok(bytes) => bytes,
            Err(failure) => {
                console::say(&failure.to_string());
                continue;
            }
        };
        let place = store.run_path(&run);
        let mut saved = parsed(&bytes, &place, language)?;
        if !journals.view.is_empty() {
            let rows: Vec<Row> = saved.payments.iter().map(Row::from).collect();
            let decisions = bind::of_rows(&rows, &head.digests(), &journals.view, today);
            for (payment, (_, resolution)) in saved.payments.iter_mut().zip(decisions) {
                payment.resolution = resolution;
            }
        }
        seen.insert(due);
        books.push(Book::of(saved));
    }
    if books.is_empty() {
        return Err(Failure::Usage(
            language
                .pick(
                    "in dieser Ablage ist kein Ergebnis des Monats; `gutschrift verify … --store` bewahrt eines auf",
                    "there is no result of the month in this store; `gutschrift verify … --store` keeps one",
                )
                .to_owned(),
        ));
    }
    books.reverse();
    Ok(books)
}
