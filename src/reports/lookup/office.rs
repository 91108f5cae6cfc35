//! Whom to call about a payment.

use crate::model::language::Language;
use crate::model::payment::Benefit;
use crate::model::text::fold_words;
use crate::model::text::harmless;
use crate::reports::sentences::default_office;

/// An office, and which payments are its own.
#[derive(Clone, Debug, Default)]
pub struct OfficeRule {
    /// Whom to call.
    pub office: Office,
    /// Only this benefit, by its machine name or the list's text.
    pub benefit: Option<String>,
    /// Only this office or municipality of the list.
    pub municipality: Option<String>,
    /// Only surnames between these two beginnings, both folded and included.
    pub names: Option<(String, String)>,
}

/// Whom to call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Office {
    /// Its name.
    pub name: String,
    /// Its telephone number.
    pub phone: Option<String>,
}

impl Office {
    /// Name and number, as they are read out.
    pub fn spoken(&self, language: Language) -> String {
        let name = harmless(&self.name);
        match &self.phone {
            Some(phone) => {
                format!("{name}, {} {}", language.pick("Telefon", "telephone"), harmless(phone))
            }
            None => name,
        }
    }
}

/// What an office is found by.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// The benefit, by its machine name or the list's text.
    pub benefit: &'a str,
    /// The list's office or municipality.
    pub municipality: &'a str,
    /// The person entitled.
    pub beneficiary: &'a str,
}

/// The first office whose conditions hold; without one the benefit says which it is.
pub fn office_of(rules: &[OfficeRule], asked: &Asked<'_>, language: Language) -> Office {
    let benefit = Benefit::read(asked.benefit);
    let fits = |rule: &&OfficeRule| {
        rule.benefit.as_deref().is_none_or(|wanted| Benefit::read(wanted) == benefit)
            && rule
                .municipality
                .as_deref()
                .is_none_or(|wanted| fold_words(wanted) == fold_words(asked.municipality))
            && rule.names.as_ref().is_none_or(|names| in_range(&surname(asked.beneficiary), names))
    };
    rules.iter().find(fits).map_or_else(
        || Office {
            name: default_office(asked.benefit, asked.municipality, language),
            phone: None,
        },
        |rule| rule.office.clone(),
    )
}

/// The folded surname: what stands before a comma, else the last word.
fn surname(name: &str) -> String {
    match name.split_once(',') {
        Some((surname, _)) => fold_words(surname).into_iter().next(),
        None => fold_words(name).pop(),
    }
    .unwrap_or_default()
}

fn in_range(surname: &str, (from, to): &(String, String)) -> bool {
    let is_before_end = surname <= to.as_str() || surname.starts_with(to.as_str());
    !surname.is_empty() && surname >= from.as_str() && is_before_end
}

/// Both ends of a range such as `A-K` or `Sch-Z`, folded; `None` for what is none.
pub fn name_range(text: &str) -> Option<(String, String)> {
    let (from, to) = text.split_once(['-', '–'])?;
    let (from, to) = (fold_words(from).concat(), fold_words(to).concat());
    (!from.is_empty() && !to.is_empty() && from <= to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(name: &str, names: Option<&str>, benefit: Option<&str>) -> OfficeRule {
        OfficeRule {
            office: Office { name: name.to_owned(), phone: None },
            benefit: benefit.map(str::to_owned),
            municipality: None,
            names: names.and_then(name_range),
        }
    }

    #[test]
    fn offices_follow_names_however_they_are_written() {
        let rules = [
            rule("first", Some("A-K"), Some("Sozialhilfe")),
            rule("second", Some("L-Z"), Some("social-assistance")),
        ];
        for (name, benefit, expected) in [
            ("Zander, Anna", "social-assistance", "second"),
            ("Anna Zander", "social-assistance", "second"),
            ("Karl Öztürk", "social-assistance", "second"),
            ("Ursula Jäger", "social-assistance", "first"),
            ("Zoe Krause", "social-assistance", "first"),
            ("Anna Zander", "care-assistance", "the county, care assistance"),
            ("Anna Zander", "Blindenhilfe", "your social office"),
        ] {
            let asked = Asked { benefit, municipality: "", beneficiary: name };
            assert_eq!(office_of(&rules, &asked, Language::En).name, expected, "{name} {benefit}");
        }
        assert_eq!(name_range("Z-A"), None);
        assert_eq!(name_range("A"), None);
    }
}
