//! `gutschrift why`: why a booking is, or is not, a payment.

mod booking;
mod payment;

use std::path::Path;
use std::path::PathBuf;

use crate::cli::config;
use crate::cli::config::Config;
use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::gather;
use crate::cli::judged::terms_of;
use crate::cli::report;
use crate::cli::sources::Wanted;
use crate::cli::sources::refused;
use crate::cli::sources::unchanged;
use crate::cli::why::booking::Written;
use crate::cli::why::payment::Asked;
use crate::cli::why_arguments::WhyArgs;
use crate::matching::pair::kinds::Pair;
use crate::model::crew;
use crate::model::inputs::Inputs;
use crate::model::language::Language;
use crate::model::payment::Payment;
use crate::reports;
use crate::reports::options::Options;
use crate::reports::rows::Rows;
use crate::reports::why::Why;
use crate::verdict::judge_seen;
use crate::verdict::scene::Scene;

/// Runs the command; gives the exit code: 0 they belong together, 1 they do not.
///
/// # Errors
///
/// A query that does not mean exactly one payment, a place that is no booking, files that cannot be used.
pub fn run(args: &WhyArgs) -> Result<u8, Failure> {
    crew::with_crew(console::threads(args.terms.threads), || asked(args))
}

fn asked(args: &WhyArgs) -> Result<u8, Failure> {
    let given = !(args.paths.is_empty() && args.roles.is_empty());
    let folders = if given { args.paths.clone() } else { folders_of(&args.place) };
    let config = config::load_for(args.terms.config.as_deref(), &folders, args.terms.lang)?;
    let language = console::language(args.terms.lang, config.language.as_deref());
    let named = folders.iter().chain(&args.roles.list).chain(&args.roles.order);
    report::check_output(&args.report, named.chain(&args.roles.bank), language)?;
    let inputs = inputs(args, &folders, given, &config, language)?;
    let files = inputs.files.clone();
    let again: Vec<_> = inputs.read_again().collect();
    let written = Written::new(&args.place, &files, language)?;
    let asked =
        Asked { query: &args.query, amount: args.amount.as_deref(), row: args.row.as_deref() };
    let mut seen: Option<Result<(Payment, Pair), Failure>> = None;
    let mut see = |scene: &Scene<'_>| {
        let look = || {
            let number = payment::one(scene.payments(), &files, asked, language)?;
            let spots = written.spots(scene, language)?;
            let row = scene.payments().get(number).map(|owed| owed.payment.clone());
            Ok(row.zip(scene.pair(number, &spots)))
        };
        seen = look().transpose();
    };
    let terms = terms_of(&args.terms, &config);
    let judged = judge_seen(inputs, &terms, &mut see);
    let outcome = judged.map_err(|refusal| refused(refusal, &files, language))?;
    unchanged(&again, language)?;
    let Some(seen) = seen else { return Ok(1) };
    let (row, pair) = seen?;
    let judged = outcome.payments.iter().find(|judged| judged.payment == row);
    let entry = outcome.bank_entries.iter().find(|entry| entry.place == pair.place);
    let (Some(judged), Some(entry)) = (judged, entry) else { return Ok(1) };
    let options = Options {
        full_iban: args.terms.full_iban || config.full_iban,
        ..report::options(&args.report.out, args.report.quiet, language)
    };
    let rows = Rows::new(&outcome, &options);
    let document = reports::why::document(Why { pair: &pair, judged, entry }, &rows);
    report::write(&document, &args.report, &options)?;
    Ok(u8::from(pair.bond.is_none()))
}

/// The folders that a file's month may be in: its own, and the one above it.
fn folders_of(place: &str) -> Vec<PathBuf> {
    let file = place.rsplit_once(':').map_or(place, |(file, _)| file);
    let above = |path: &Path| match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Some(PathBuf::from(".")),
        parent => parent.map(Path::to_owned),
    };
    // Members of archives and sheets of workbooks are named behind their file, and reports mask account numbers in
    // names of files: what is there of a path counts.
    let there = Path::new(file).ancestors().find(|path| path.exists());
    let own = match there {
        Some(folder) if folder.is_dir() => Some(folder.to_owned()),
        file => file.and_then(above),
    };
    let higher = own.as_deref().filter(|own| *own != Path::new(".")).and_then(above);
    own.into_iter().chain(higher).collect()
}

/// Everything that was named, or the first of the folders that has a list or an order.
fn inputs(
    args: &WhyArgs,
    folders: &[PathBuf],
    given: bool,
    config: &Config,
    language: Language,
) -> Result<Inputs, Failure> {
    let wanted = |paths: &[PathBuf]| Wanted {
        paths: paths.to_vec(),
        forced: args.roles.forced(),
        column_maps: config.column_maps.clone(),
        language,
        threads: console::threads(args.terms.threads),
        without_digests: true,
        ..Wanted::default()
    };
    if given {
        return gather::inputs(&wanted(folders));
    }
    let mut last = None;
    for folder in folders {
        let inputs = gather::inputs(&wanted(std::slice::from_ref(folder)))?;
        let owes = !(inputs.payments.is_empty()
            && inputs.brief_lists.is_empty()
            && inputs.orders.is_empty());
        if owes {
            return Ok(inputs);
        }
        last = Some(inputs);
    }
    last.ok_or_else(|| {
        Failure::Usage(
            language
                .pick(
                    "Diese Datei gibt es hier nicht; bitte die Dateien des Monats angeben: gutschrift why AZ DATEI:ZEILE november/",
                    "there is no such file here; please name the files of the month: gutschrift why CASE FILE:LINE november/",
                )
                .to_owned(),
        )
    })
}
