//! `gutschrift compare`: what changed from one month's lists to the next.

use crate::check::compare::compare;
use crate::check::compare::spot;
use crate::cli::arguments::CompareArgs;
use crate::cli::arguments::TermsArgs;
use crate::cli::check::last_month;
use crate::cli::check::rows;
use crate::cli::check::wanted;
use crate::cli::config;
use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::gather;
use crate::cli::report;
use crate::cli::sources::unchanged;
use crate::cli::verify::terms_of;
use crate::model::payment::Payment;
use crate::reports;
use crate::reports::options::Options;

/// Runs the command; gives the exit code: 0 nothing changed, 1 something did.
///
/// # Errors
///
/// Files that cannot be used.
pub fn run(args: &CompareArgs) -> Result<u8, Failure> {
    let folders = [&args.old, &args.new];
    let config = config::load_for(args.config.as_deref(), folders, args.lang)?;
    let language = console::language(args.lang, config.language.as_deref());
    report::check_output(&args.report, folders, language)?;
    let terms = terms_of(&TermsArgs::default(), &config);
    let last = last_month(std::slice::from_ref(&args.old), &config, &terms, language)?;
    let inputs = gather::inputs(&wanted(vec![args.new.clone()], &config, language))?;
    let (files, again) = (inputs.files.clone(), inputs.read_again().collect::<Vec<_>>());
    let own = rows(inputs);
    unchanged(&again, language)?;
    let compared = compare(&last, &own);
    let options = Options {
        full_iban: args.full_iban || config.full_iban,
        ..report::options(&args.report.out, args.report.quiet, language)
    };
    let before = |row: &Payment| spot(row, &last.files);
    let now = |row: &Payment| spot(row, &files);
    let document = reports::compare::document(&compared, [&before, &now], &options);
    report::write(&document, &args.report, &options)?;
    Ok(u8::from(!compared.changes.is_empty()))
}
