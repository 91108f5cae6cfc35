//! `gutschrift check`: before the due day, will every payment go out, once, to the right account?

use std::path::Path;
use std::path::PathBuf;

use crate::check::Checked;
use crate::check::Question;
use crate::check::SentBefore;
use crate::check::check;
use crate::check::last_month::LastMonth;
use crate::cli::check_arguments::CheckArgs;
use crate::cli::config;
use crate::cli::config::Config;
use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::gather;
use crate::cli::report;
use crate::cli::sources;
use crate::cli::sources::Wanted;
use crate::cli::store::Store;
use crate::cli::verify::terms_of;
use crate::matching::orders;
use crate::model::date::from_iso;
use crate::model::inputs::Inputs;
use crate::model::language::Language;
use crate::model::order::OrderMark;
use crate::model::payment::Payment;
use crate::model::reading::Role;
use crate::reports;
use crate::reports::options::Options;
use crate::verdict::judge;
use crate::verdict::terms::Terms;

/// Runs the command; gives the exit code: 0 nothing to look at, 1 something.
///
/// # Errors
///
/// Files that cannot be used, or a due day that nobody names.
pub fn run(args: &CheckArgs) -> Result<u8, Failure> {
    let inputs = &args.inputs;
    let config = config::load_for(args.terms.config.as_deref(), &inputs.paths, args.terms.lang)?;
    let language = console::language(args.terms.lang, config.language.as_deref());
    let named = inputs.named().chain(&args.against);
    report::check_output(&args.report, named, language)?;
    let checked = checked(args, &config, language)?;
    let options = Options {
        full_iban: args.terms.full_iban || config.full_iban,
        ..report::options(&args.report.out, args.report.quiet, language)
    };
    let document = reports::check::document(&checked, &options);
    report::write(&document, &args.report, &options)?;
    Ok(u8::from(checked.needs_person()))
}

fn checked(args: &CheckArgs, config: &Config, language: Language) -> Result<Checked, Failure> {
    let inputs = &args.inputs;
    let mut wanted = wanted(inputs.paths.clone(), config, language);
    wanted.forced = inputs.roles.forced();
    if wanted.paths.is_empty() && wanted.forced.is_empty() {
        return Err(Failure::Usage(
            language
                .pick(
                    "Welche Dateien? Zum Beispiel: gutschrift check listen/ auftrag.xml",
                    "which files? for example: gutschrift check lists/ order.xml",
                )
                .to_owned(),
        ));
    }
    let terms = terms_of(&args.terms, config);
    let last = if args.against.is_empty() {
        None
    } else {
        Some(last_month(&args.against, config, &terms, language)?)
    };
    let gathered = gather::inputs(&wanted)?;
    let (files, again) = (gathered.files.clone(), gathered.read_again().collect::<Vec<_>>());
    let (today, time) = args.today.map_or((None, None), |now| (Some(now.day), now.time));
    let sent = args.store.as_deref().map(|path| sent_before(path, language)).transpose()?;
    let question = Question {
        terms,
        today,
        time,
        cut_off: args.cut_off.or(config.cut_off),
        sent: sent.unwrap_or_default(),
    };
    let checked = check(gathered, last.as_ref(), &question)
        .map_err(|refusal| sources::refused(refusal, &files, language))?;
    sources::unchanged(&again, language).map(|()| checked)
}

/// The order files of all kept runs.
fn sent_before(path: &Path, language: Language) -> Result<Vec<SentBefore>, Failure> {
    let store = Store::open(path, language)?;
    let mut sent = Vec::new();
    for run in store.runs()? {
        let head = match store.head(&run) {
            Ok(head) => head,
            Err(failure) => {
                console::say(&failure.to_string());
                continue;
            }
        };
        let on = run.get(..10).and_then(from_iso).unwrap_or_default();
        let orders = head.run.files.into_iter().filter(|file| file.role == Role::Order.name());
        sent.extend(orders.map(|file| {
            SentBefore {
                on,
                due: head.run.due,
                path: file.path,
                sha256: file.sha256,
                orders: file
                    .orders
                    .into_iter()
                    .map(|own| OrderMark { message_id: own.message_id, content: own.content })
                    .collect(),
            }
        }));
    }
    Ok(sent)
}

pub(super) fn wanted(paths: Vec<PathBuf>, config: &Config, language: Language) -> Wanted {
    Wanted {
        paths,
        column_maps: config.column_maps.clone(),
        language,
        threads: console::threads(None),
        ..Wanted::default()
    }
}

/// Last month's rows, and what became of them where the bank's files lie beside them.
pub(super) fn last_month(
    paths: &[PathBuf],
    config: &Config,
    terms: &Terms,
    language: Language,
) -> Result<LastMonth, Failure> {
    let inputs = gather::inputs(&wanted(paths.to_vec(), config, language))?;
    let again: Vec<_> = inputs.read_again().collect();
    let last = LastMonth::new(rows(inputs.clone()), inputs.files.clone());
    let judged = if inputs.statements.is_empty() && inputs.brief_exports.is_empty() {
        None
    } else {
        // That month's own dates decide.
        let terms = Terms { month: None, due: None, late_until: None, ..terms.clone() };
        judge(inputs, &terms).ok()
    };
    let last = match &judged {
        Some(outcome) => last.with_outcome(outcome),
        None => last,
    };
    sources::unchanged(&again, language).map(|()| last)
}

/// The rows of the lists, or of orders that stand alone.
pub(super) fn rows(mut inputs: Inputs) -> Vec<Payment> {
    inputs.unfold();
    if inputs.payments.is_empty() { orders::payments(&inputs.orders) } else { inputs.payments }
}
