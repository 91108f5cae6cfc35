//! `gutschrift explain`.

use crate::check::kind::Kind;
use crate::cli::arguments::ExplainArgs;
use crate::cli::console;
use crate::cli::error::Failure;
use crate::model::language::Language;
use crate::model::problem::ProblemCode;
use crate::model::reason_code::CodeActor;
use crate::model::reason_code::ReasonCode;
use crate::model::text::harmless;
use crate::verdict::reason::Actor;
use crate::verdict::reason::Reason;

/// Runs the command; gives the exit code.
///
/// # Errors
///
/// A term that nobody knows.
pub fn run(args: &ExplainArgs) -> Result<u8, Failure> {
    let language = console::language(args.lang, None);
    let Some(term) = args.term.as_deref() else {
        console::print(|out| {
            for reason in Reason::ALL {
                let status = reason.status().name();
                writeln!(out, "{:<20} {status:<10} {}", reason.name(), reason.meaning(language))?;
            }
            Ok(())
        })?;
        return Ok(0);
    };
    let text = explanation(term.trim(), language).ok_or_else(|| unknown(term, language))?;
    console::print(|out| out.write_all(text.as_bytes()))?;
    Ok(0)
}

/// What a reason, ISO code or problem code means, who acts, what to do.
pub fn explanation(term: &str, language: Language) -> Option<String> {
    let lower = term.to_lowercase();
    if let Some(reason) = Reason::from_name(&lower) {
        let mut text = format!(
            "{} – {} ({})\n\n{}\n",
            reason.name(),
            reason.label(language),
            reason.status().name(),
            reason.meaning(language)
        );
        if let (Some(actor), Some(action)) = (reason.text().actor, reason.action(language)) {
            text.push_str(&acts(actor.label(language), action, language));
        }
        return Some(text);
    }
    if let Some(code) = ReasonCode::find(term) {
        let actor = match code.actor {
            CodeActor::Office => Actor::SocialOffice,
            CodeActor::Treasury => Actor::Treasury,
            CodeActor::Bank => Actor::Bank,
        };
        return Some(format!(
            "{}\n\n{}\n\n{}: {}\n",
            code.code,
            code.meaning(language),
            language.pick("Es handelt", "Who acts"),
            actor.label(language)
        ));
    }
    let Some(problem) = ProblemCode::ALL.iter().find(|code| code.name() == lower) else {
        return finding(&lower, language);
    };
    let text = problem.text();
    Some(format!(
        "{} ({})\n\n{}\n\n{}: {}\n",
        text.name,
        problem.usual_severity().name(),
        language.pick(text.german, text.english),
        language.pick("Was tun", "What to do"),
        language.pick(text.german_hint, text.english_hint),
    ))
}

/// What a kind of finding of `check` means; what reasons and problem codes are called too is explained as those.
fn finding(name: &str, language: Language) -> Option<String> {
    let kind = Kind::ALL.iter().find(|kind| kind.name() == name && **kind != Kind::Problem)?;
    Some(format!(
        "{} ({}, gutschrift check)\n\n{}\n\n{}: {}\n",
        kind.name(),
        kind.text().severity.name(),
        kind.sentence("…", "…", language),
        language.pick("Was tun", "What to do"),
        kind.action(language),
    ))
}

fn acts(actor: &str, action: &str, language: Language) -> String {
    format!(
        "\n{}: {actor}\n{}: {action}\n",
        language.pick("Es handelt", "Who acts"),
        language.pick("Was tun", "What to do"),
    )
}

fn unknown(term: &str, language: Language) -> Failure {
    let lower = term.to_lowercase();
    let known = Reason::ALL
        .iter()
        .map(|reason| reason.name())
        .chain(ReasonCode::all().iter().map(|code| code.code))
        .chain(ProblemCode::ALL.iter().map(|code| code.name()))
        .chain(Kind::ALL.iter().map(|kind| kind.name()));
    let nearest = known
        .map(|name| (strsim::damerau_levenshtein(&name.to_lowercase(), &lower), name))
        .filter(|(distance, _)| *distance <= 3)
        .min();
    let hint = nearest.map(|(_, name)| match language {
        Language::De => format!("; ist `{name}` gemeint?"),
        Language::En => format!("; did you mean `{name}`?"),
    });
    let term = harmless(term);
    let hint = hint.unwrap_or_default();
    Failure::Usage(match language {
        Language::De => format!(
            "`{term}` ist weder Grund noch ISO-Code noch Problemcode noch Befund von `check`{hint}"
        ),
        Language::En => {
            format!("`{term}` is no reason, ISO code, problem code or finding of `check`{hint}")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_explained() {
        for language in [Language::De, Language::En] {
            for reason in Reason::ALL {
                assert!(explanation(reason.name(), language).is_some_and(|text| text.len() > 40));
            }
            for code in ProblemCode::ALL {
                assert!(explanation(code.name(), language).is_some(), "{}", code.name());
            }
            for kind in Kind::ALL.iter().filter(|kind| **kind != Kind::Problem) {
                assert!(explanation(kind.name(), language).is_some(), "{}", kind.name());
            }
            assert!(explanation("ac04", language).is_some());
        }
        assert_eq!(explanation("nonsense", Language::En), None);
    }
}
