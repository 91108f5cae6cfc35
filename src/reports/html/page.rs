//! What stands around the parts of a page: head, content policy, search, and the data of the script.

use std::io;
use std::io::Write;

use sha2::Digest;
use sha2::Sha256;

use crate::reports::html::data::Data;
use crate::reports::options::Options;
use crate::reports::wording::Words;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// What a page begins with.
#[derive(Clone, Debug, Default)]
pub(super) struct Head {
    /// The title.
    pub(super) title: String,
    /// Whose page it is.
    pub(super) office: Option<String>,
    /// What is not complete.
    pub(super) incomplete: Vec<String>,
    /// What the run was asked, and what the bank data cover.
    pub(super) lines: Vec<String>,
    /// Names of the parts with their addresses on the page.
    pub(super) parts: Vec<(String, String)>,
    /// Numbers that a reader looks for first: class, name, value.
    pub(super) figures: Vec<(&'static str, String, String)>,
    /// Whether payments can be looked up.
    pub(super) has_desk: bool,
}

/// Writes what stands above the parts.
pub(super) fn begin(head: &Head, words: Words, out: &mut dyn Write) -> io::Result<()> {
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        digest(STYLE),
        digest(SCRIPT)
    );
    let title = escaped(&head.title);
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n",
        words.pick("de", "en"),
    )?;
    if let Some(office) = &head.office {
        writeln!(out, "<p class=\"office\">{}</p>", escaped(office))?;
    }
    for sentence in &head.incomplete {
        writeln!(out, "<p class=\"banner\"><strong>{}</strong></p>", escaped(sentence))?;
    }
    if !head.figures.is_empty() {
        writeln!(out, "<dl class=\"figures\">")?;
        for (class, name, value) in &head.figures {
            writeln!(
                out,
                "<div class=\"{class}\"><dt>{}</dt><dd>{}</dd></div>",
                escaped(name),
                escaped(value)
            )?;
        }
        writeln!(out, "</dl>")?;
    }
    writeln!(out, "<ul>")?;
    for line in &head.lines {
        writeln!(out, "<li>{}</li>", escaped(line))?;
    }
    writeln!(out, "</ul>")?;
    if !head.parts.is_empty() {
        let label = words.pick("Auf dieser Seite", "On this page");
        writeln!(out, "<nav aria-label=\"{label}\"><ul>")?;
        for (name, address) in &head.parts {
            writeln!(out, "<li><a href=\"#{address}\">{}</a></li>", escaped(name))?;
        }
        writeln!(out, "</ul></nav>")?;
    }
    writeln!(out, "</header>\n<main>")?;
    desk(head.has_desk, words, out)
}

/// Search, filters, the card and the list of hits. Only the script shows them.
fn desk(has_desk: bool, words: Words, out: &mut dyn Write) -> io::Result<()> {
    let name = if has_desk {
        words.pick("Auskunft", "Answering a call")
    } else {
        words.pick("Suche", "Search")
    };
    let ask = if has_desk {
        words.pick(
            "Name, Az. (oder sein Ende) oder Ende der IBAN",
            "Name, case number (or its end) or end of the IBAN",
        )
    } else {
        words.pick("Suchen in allen Tabellen", "Search all tables")
    };
    writeln!(
        out,
        "<section id=\"desk\" aria-labelledby=\"desk-name\" hidden>\n<h2 id=\"desk-name\">{name}</h2>\n\
         <form id=\"ask\" role=\"search\"><p><label for=\"search\">{ask}</label> \
         <input id=\"search\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\"></p>"
    )?;
    if has_desk {
        for (id, name) in [
            ("status", words.pick("Stand", "State")),
            ("benefit", words.pick("Leistung", "Benefit")),
            ("actor", words.pick("Wer muss handeln", "Who has to act")),
            ("office", words.pick("Dienststelle", "Office")),
        ] {
            let all = words.pick("alle", "all");
            writeln!(
                out,
                "<p><label for=\"by-{id}\">{name}</label> <select id=\"by-{id}\"><option value=\"\">{all}</option></select></p>"
            )?;
        }
    }
    writeln!(
        out,
        "<p><button type=\"reset\">{}</button></p></form>\n<p id=\"hits\" role=\"status\"></p>\n<div id=\"card\"></div>\n<div id=\"list\"></div>\n</section>",
        words.pick("Zurücksetzen", "Reset")
    )
}

/// Writes what stands below them.
pub(super) fn end(data: &Data, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    write!(
        out,
        "</main>\n<footer><p>{}</p></footer>\n<script type=\"application/json\" id=\"data\">",
        escaped(&options.tool)
    )?;
    data.write(Words(options.language), out)?;
    writeln!(out, "</script>\n<script>{SCRIPT}</script>\n</body>\n</html>")
}

fn digest(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::from("sha256-");
    for group in Sha256::digest(text.as_bytes()).chunks(3) {
        let bits = group.iter().fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte));
        let bits = bits << (8 * (3 - u32::try_from(group.len()).unwrap_or(3)));
        for place in 0..4_u32 {
            let used = usize::try_from(place).unwrap_or(0) <= group.len();
            let slot = usize::try_from((bits >> (18 - 6 * place)) & 63).unwrap_or(0);
            let letter = LETTERS.get(slot).copied().unwrap_or(b'=');
            encoded.push(if used { char::from(letter) } else { '=' });
        }
    }
    encoded
}

/// The one place where text becomes HTML.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_never_markup() {
        assert_eq!(escaped("<script>'\"&"), "&lt;script&gt;&#39;&quot;&amp;");
    }

    #[test]
    fn digests_are_base64() {
        assert_eq!(digest(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }
}
