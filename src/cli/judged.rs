//! Files read and judged: what `verify`, `lookup` and comparisons begin with.

use crate::cli::common_arguments::CreditingArg;
use crate::cli::common_arguments::InputArgs;
use crate::cli::common_arguments::TermsArgs;
use crate::cli::config::Config;
use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::gather;
use crate::cli::progress::Progress;
use crate::cli::progress_text::Phase;
use crate::cli::sources;
use crate::cli::sources::Wanted;
use crate::model::language::Language;
use crate::verdict::judge;
use crate::verdict::result::Outcome;
use crate::verdict::terms::Crediting;
use crate::verdict::terms::Terms;

/// Name and version, as reports show it.
pub const TOOL: &str = concat!("gutschrift ", env!("CARGO_PKG_VERSION"));

/// What will be shown of an outcome besides the verdicts; the rest need not be made.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// Digests of the files.
    pub digests: bool,
    /// How verdicts came about.
    pub trails: bool,
}

/// Reads the files and judges them.
///
/// # Errors
///
/// Whatever keeps the run from a complete result.
pub fn outcome(
    inputs: &InputArgs,
    terms: &TermsArgs,
    config: &Config,
    language: Language,
    progress: &Progress,
    shown: Shown,
) -> Result<Outcome, Failure> {
    let wanted = Wanted {
        paths: inputs.paths.clone(),
        forced: inputs.roles.forced(),
        column_maps: config.column_maps.clone(),
        language,
        threads: console::threads(terms.threads),
        without_digests: !shown.digests,
        progress: progress.clone(),
    };
    if wanted.paths.is_empty() && wanted.forced.is_empty() {
        return Err(Failure::Usage(
            language
                .pick(
                    "Welche Dateien? Zum Beispiel: gutschrift verify november/",
                    "which files? for example: gutschrift verify november/",
                )
                .to_owned(),
        ));
    }
    let gathered = gather::inputs(&wanted)?;
    progress.begin(Phase::Matching);
    let files = gathered.files.clone();
    let read_again: Vec<_> = gathered.read_again().collect();
    let terms = Terms { without_trails: !shown.trails, ..terms_of(terms, config) };
    let outcome =
        judge(gathered, &terms).map_err(|refusal| sources::refused(refusal, &files, language))?;
    sources::unchanged(&read_again, language).map(|()| outcome)
}

/// The terms of a run, from the command line and the configuration.
pub(super) fn terms_of(args: &TermsArgs, config: &Config) -> Terms {
    let asked = args.crediting.map(|crediting| match crediting {
        CreditingArg::SameDay => Crediting::SameDay,
        CreditingArg::NextDay => Crediting::NextDay,
    });
    Terms {
        month: args.month,
        due: args.due,
        late_until: args.late_until,
        crediting: asked.or(config.crediting).unwrap_or_default(),
        as_of: args.as_of,
        calendar: config.calendar.clone(),
        payer_accounts: config.payer_accounts.clone(),
        threads: console::threads(args.threads),
        without_trails: false,
    }
}
