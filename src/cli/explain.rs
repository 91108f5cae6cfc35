//! `gutschrift explain`.

use crate::audit::words;
use crate::check::kind::Kind;
use crate::cli::arguments::ExplainArgs;
use crate::cli::console;
use crate::cli::error::Failure;
use crate::model::language::Language;
use crate::model::problem::ProblemCode;
use crate::model::reason_code::CodeActor;
use crate::model::reason_code::ReasonCode;
use crate::model::text::fold_words;
use crate::model::text::harmless;
use crate::reports::glossary::TERMS;
use crate::reports::glossary::Term;
use crate::reports::why;
use crate::verdict::reason::Actor;
use crate::verdict::reason::Reason;

/// Runs the command; gives the exit code.
///
/// # Errors
///
/// A term that nobody knows.
pub fn run(args: &ExplainArgs) -> Result<u8, Failure> {
    let language = console::language(args.lang, None);
    let term = args.term.join(" ");
    if term.trim().is_empty() {
        console::print(|out| {
            for reason in Reason::ALL {
                let status = reason.status().name();
                writeln!(out, "{:<20} {status:<10} {}", reason.name(), reason.meaning(language))?;
            }
            Ok(())
        })?;
        return Ok(0);
    }
    let text = explanation(term.trim(), language).ok_or_else(|| unknown(&term, language))?;
    console::print(|out| out.write_all(text.as_bytes()))?;
    Ok(0)
}

/// What a word of a report means: a reason, by its name or as people read it, an ISO code, a problem, a
/// finding of `check`, or any other; who acts, what to do.
pub fn explanation(term: &str, language: Language) -> Option<String> {
    let lower = term.to_lowercase();
    let labelled = || {
        let wanted = fold_words(term);
        let same = |reason: &&Reason| {
            let labels = [Language::De, Language::En].map(|language| reason.label(language));
            !wanted.is_empty() && labels.iter().any(|label| fold_words(label) == wanted)
        };
        Reason::ALL.iter().find(same).copied()
    };
    if let Some(reason) = Reason::from_name(&lower).or_else(labelled) {
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
        return finding(&lower, language).or_else(|| {
            let Some(known) = Term::find(term) else {
                return parting(&lower, language).or_else(|| claim(term, language));
            };
            let name = known.names.first().copied().unwrap_or_default();
            Some(format!("{name}\n\n{}\n", known.text(language)))
        });
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

/// What parts a payment and a booking, as `why` names it.
fn parting(name: &str, language: Language) -> Option<String> {
    let text = why::parted_by(name, language)?;
    Some(format!("{name} (gutschrift why)\n\n{text}\n"))
}

/// What of a result `audit` holds against the files.
fn claim(word: &str, language: Language) -> Option<String> {
    let claim = words::find(word)?;
    let what = words::of(claim, language);
    Some(match language {
        Language::De => {
            format!(
                "{claim} (gutschrift audit)\n\n{what}: Was das Ergebnis dazu sagt, wird gegen die Dateien gehalten.\n"
            )
        }
        Language::En => {
            format!(
                "{claim} (gutschrift audit)\n\n{what}: what the result says of it is held against the files.\n"
            )
        }
    })
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
        .chain(Kind::ALL.iter().map(|kind| kind.name()))
        .chain(TERMS.iter().flat_map(|term| term.names.iter().copied()));
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
            "`{term}` ist kein Grund, kein ISO-Code und kein anderes Wort der Berichte{hint}"
        ),
        Language::En => {
            format!("`{term}` is no reason, no ISO code and no other word of the reports{hint}")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::wording::Words;
    use crate::verdict::status::Status;

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
            let levels = ["E0", "E1", "E2", "E3", "E4", "E5", "E6", "E7", "X1", "X2", "X3"];
            let all = levels.into_iter();
            let all = all.chain(Actor::ALL.iter().map(|actor| actor.name()));
            let all = all.chain(Actor::ALL.iter().map(|actor| actor.label(language)));
            let all = all.chain(Status::ALL.iter().map(|status| status.name()));
            let all = all.chain(Status::ALL.iter().map(|status| Words(language).status(*status)));
            let all = all.chain(Reason::ALL.iter().map(|reason| reason.label(language)));
            for word in all {
                assert!(explanation(word, language).is_some(), "{word}");
            }
        }
        for word in
            ["entries.second", "the level of the evidence", "refuted", "bewiesen", "no-proof"]
        {
            assert!(explanation(word, Language::De).is_some(), "{word}");
        }
        assert_eq!(explanation("nonsense", Language::En), None);
    }
}
