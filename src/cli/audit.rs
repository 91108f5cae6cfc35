//! `gutschrift audit`: checks every claim of a saved result against the files again.

use crate::audit::Basis;
use crate::audit::audit;
use crate::audit::claims::Claims;
use crate::cli::check_arguments::AuditArgs;
use crate::cli::config;
use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::gather;
use crate::cli::report;
use crate::cli::results;
use crate::cli::sources::Wanted;
use crate::cli::sources::unchanged;
use crate::model::language::Language;
use crate::model::text::harmless;
use crate::reports;
use crate::reports::lookup::account::check_of;

/// Runs the command; gives the exit code: 0 all proven, 1 some claim refuted, 3 some claim open.
///
/// # Errors
///
/// What is no result, or files that cannot be used.
pub fn run(args: &AuditArgs) -> Result<u8, Failure> {
    let config = config::load(args.config.as_deref())?;
    let language = console::language(args.lang, config.language.as_deref());
    let named = args.paths.iter().chain([&args.result]);
    report::check_output(&args.report, named, language)?;
    let claims = claims(args, language)?;
    let wanted = Wanted {
        paths: args.paths.clone(),
        column_maps: config.column_maps.clone(),
        language,
        threads: console::threads(args.threads),
        ..Wanted::default()
    };
    let mut inputs = gather::inputs(&wanted)?;
    let again: Vec<_> = inputs.read_again().collect();
    inputs.unfold();
    let basis = Basis { calendar: config.calendar.clone(), late_until: args.late_until, check_of };
    let audited = audit(&claims, &inputs, &basis);
    unchanged(&again, language)?;
    let options = report::options(&args.report, args.full_iban, &config, language);
    report::write(&reports::audit::document(&audited, &options), &args.report, &options)?;
    let code = audited.exit_code();
    // The process ends here; taking a million rows apart one by one would only delay it.
    std::mem::forget((claims, inputs));
    Ok(code)
}

fn claims(args: &AuditArgs, language: Language) -> Result<Claims, Failure> {
    let path = &args.result;
    let bytes = results::saved(path).map_err(|error| results::unreadable(path, &error))?;
    let claims = bytes.and_then(|bytes| serde_json::from_slice::<Claims>(&bytes).ok());
    claims.filter(|claims| claims.schema == reports::json::SCHEMA).ok_or_else(|| {
        let shown = harmless(&path.to_string_lossy());
        Failure::Data(vec![match language {
            Language::De => {
                format!("{shown} ist kein Ergebnis von `gutschrift verify --format json`")
            }
            Language::En => format!("{shown} is no result of `gutschrift verify --format json`"),
        }])
    })
}
