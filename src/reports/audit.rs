//! What an audit proved and refuted, as a report.

use serde_json::Value as Json;
use serde_json::json;

use crate::audit::Audited;
use crate::audit::finding::Finding;
use crate::audit::finding::Standing;
use crate::model::language::Language;
use crate::model::text::leaving;
use crate::reports::document::Document;
use crate::reports::options::Options;
use crate::reports::sections::Section;
use crate::reports::wording::Words;

/// Name and version of the schema of the JSON.
pub const SCHEMA: &str = "gutschrift.audit/1";

/// So many findings are shown in tables; JSON and CSV have all.
const SHOWN: usize = 200;

/// The report.
pub fn document(audited: &Audited, options: &Options) -> Document {
    let language = options.language;
    let text = |text: &str| leaving(text, options.full_iban);
    let record = |own: &Finding| {
        let line = if own.line == 0 { String::new() } else { own.line.to_string() };
        let sentence = text(&own.sentence(language));
        let (said, found) = (text(&own.said), text(&own.found));
        let standing = own.standing.name().to_owned();
        vec![standing, own.file.clone(), line, own.claim.to_owned(), said, found, sentence]
    };
    let json = |own: &Finding| {
        json!({
            "standing": own.standing.name(),
            "file": Some(&own.file).filter(|file| !file.is_empty()),
            "line": (own.line > 0).then_some(own.line),
            "claim": own.claim,
            "said": text(&own.said),
            "found": text(&own.found),
            "message": text(&own.sentence(language)),
        })
    };
    Document {
        lead: vec![verdict(audited, language)],
        sections: sections(audited, options),
        sums: vec![sums(audited, language)],
        columns: vec!["standing", "file", "line", "claim", "said", "found", "message"],
        records: audited.findings.iter().map(record).collect(),
        json: json!({
            "schema": SCHEMA,
            "tool": options.tool,
            "result": match audited.exit_code() { 0 => "proven", 1 => "refuted", _ => "open" },
            "counts": {
                "payments": audited.payments,
                "claimed": audited.claimed,
                "proven": audited.proven,
                "refuted": audited.refuted,
                "open": audited.open,
                "bank_entries": audited.entries,
            },
            "findings": audited.findings.iter().map(json).collect::<Vec<Json>>(),
        }),
    }
}

fn verdict(audited: &Audited, language: Language) -> String {
    match audited.exit_code() {
        0 => language.pick(
            "Alles, was das Ergebnis behauptet, ist aus den Dateien bewiesen.",
            "Everything that the result claims is proven from the files.",
        ),
        1 => language.pick(
            "WIDERLEGT: Was das Ergebnis behauptet, steht so nicht in den Dateien.",
            "REFUTED: the files do not bear out what the result claims.",
        ),
        _ => language.pick(
            "OFFEN: Dateien fehlen oder wurden verändert; was auf ihnen beruht, ist nicht zu prüfen.",
            "OPEN: files are missing or were changed; what rests on them cannot be checked.",
        ),
    }
    .to_owned()
}

fn sections(audited: &Audited, options: &Options) -> Vec<Section> {
    let words = Words(options.language);
    let mut sections = Vec::new();
    for standing in [Standing::Refuted, Standing::Open] {
        let own: Vec<&Finding> =
            audited.findings.iter().filter(|own| own.standing == standing).collect();
        if own.is_empty() {
            continue;
        }
        let title = match standing {
            Standing::Refuted => words.pick("Widerlegt", "Refuted"),
            Standing::Open => words.pick("Offen", "Open"),
        };
        let lead = (own.len() > SHOWN).then(|| {
            words.pick(
                "Die ersten 200; JSON und CSV haben alle.",
                "The first 200; JSON and CSV have all.",
            )
        });
        sections.push(Section {
            title: format!("{title} ({})", own.len()),
            lead: lead.map(str::to_owned),
            header: vec![
                words.pick("Stelle", "place").to_owned(),
                words.pick("Was", "what").to_owned(),
            ],
            rows: own
                .iter()
                .take(SHOWN)
                .map(|own| {
                    let place = match (own.file.as_str(), own.line) {
                        ("", _) => String::new(),
                        (file, 0) => file.to_owned(),
                        (file, line) => format!("{file}:{line}"),
                    };
                    vec![place, leaving(&own.sentence(options.language), options.full_iban)]
                })
                .collect(),
            ..Section::default()
        });
    }
    sections
}

fn sums(audited: &Audited, language: Language) -> String {
    let Audited { claimed, proven, refuted, open, payments, entries, .. } = audited;
    match language {
        Language::De => format!(
            "{payments} Zahlungen, {entries} Bankbuchungen; {claimed} gutgeschrieben oder verzögert: {proven} bewiesen; widerlegt {refuted}, offen {open}"
        ),
        Language::En => format!(
            "{payments} payments, {entries} bank entries; {claimed} credited or delayed: {proven} proven; refuted {refuted}, open {open}"
        ),
    }
}
