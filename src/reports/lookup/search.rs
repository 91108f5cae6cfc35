//! Finding the person a caller asks for: by case number, end of the account number, name.

use std::collections::BTreeMap;

use strsim::damerau_levenshtein;

use crate::model::amount::Amount;
use crate::model::amount::DecimalMark;
use crate::model::text::fold_words;
use crate::model::text::reference_key;
use crate::reports::lookup::SavedPayment;
use crate::reports::lookup::account;
use crate::reports::lookup::account::Fit;

/// How a person was found, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FoundBy {
    /// By the case number.
    CaseId,
    /// By the account number, or its end.
    Iban,
    /// By the end of the account number, of which the result does not know as much as was asked for; must
    /// be asked back.
    IbanEnd,
    /// By all words of the name.
    Name,
    /// By the beginnings of the name's words.
    NameStart,
    /// By a name that sounds or is written alike; must be asked back.
    Similar,
}

/// One person and the payments that belong together.
#[derive(Clone, Debug)]
pub struct Person<'a> {
    /// How it was found.
    pub by: FoundBy,
    /// Its payments, in the order of the lists.
    pub payments: Vec<&'a SavedPayment>,
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Query {
    text: String,
    amount: Option<Amount>,
}

impl Query {
    /// A query; the amount narrows it.
    pub fn new(text: &str, amount: Option<&str>) -> Option<Self> {
        let amount = match amount {
            Some(text) => Some(read_amount(text)?),
            None => None,
        };
        Some(Self { text: text.trim().to_owned(), amount })
    }

    /// Whether a payment has the amount that is asked for, if one is.
    pub fn has_amount_of(&self, payment: &SavedPayment) -> bool {
        let own = || payment.amount.as_deref().and_then(|text| Amount::from_iso(text).ok());
        self.amount.is_none_or(|wanted| own() == Some(wanted))
    }

    /// What the text means.
    pub fn sought(&self) -> Sought {
        let case = case_key(&self.text);
        if case.is_empty() {
            return Sought::default();
        }
        let tail = reference_key(&self.text);
        let tail = tail.strip_prefix("IBAN").map_or_else(|| tail.clone(), str::to_owned);
        let digits = tail.bytes().filter(u8::is_ascii_digit).count();
        let words = if digits == 0 { name_words(&self.text) } else { Vec::new() };
        Sought { case, tail: (tail.len() >= 4 && digits >= 4).then_some(tail), words }
    }
}

/// The folded words of a name without what stands before it on the telephone, unless nothing else does.
fn name_words(text: &str) -> Vec<String> {
    const BEFORE: [&str; 14] = [
        "frau", "fr", "herr", "herrn", "hr", "familie", "fam", "dr", "prof", "mrs", "mr", "ms",
        "miss", "dipl",
    ];
    let all = fold_words(text);
    let named: Vec<String> =
        all.iter().filter(|word| !BEFORE.contains(&word.as_str())).cloned().collect();
    if named.is_empty() { all } else { named }
}

/// A query taken apart: what each way of finding looks for.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// A case number as it is compared; empty if nobody is asked for.
    pub case: String,
    /// The end of an account number.
    pub tail: Option<String>,
    /// The folded words of a name; none if it cannot be one.
    pub words: Vec<String>,
}

/// What a payment is found by.
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct Traits<'a> {
    pub case_id: Option<&'a str>,
    pub beneficiary: Option<&'a str>,
    pub payee: Option<&'a str>,
    pub iban: Option<&'a str>,
}

impl Traits<'_> {
    /// What makes payments one person's: the case, else name and account.
    pub fn person_key(&self) -> String {
        match self.case_id.map(case_key).filter(|key| !key.is_empty()) {
            Some(case) => case_person(&case),
            None => format!(
                "{} {}",
                fold_words(self.beneficiary.or(self.payee).unwrap_or("")).join(" "),
                self.iban.unwrap_or("")
            ),
        }
    }
}

/// The person of a case, as [`Traits::person_key`] names it.
pub fn case_person(case: &str) -> String {
    format!("case {case}")
}

/// What `payment` is found by.
pub fn traits(payment: &SavedPayment) -> Traits<'_> {
    Traits {
        case_id: payment.case_id.as_deref(),
        beneficiary: payment.beneficiary.as_deref(),
        payee: payment.payee.as_deref(),
        iban: payment.iban.as_deref(),
    }
}

fn read_amount(text: &str) -> Option<Amount> {
    let mark = if text.contains(',') { DecimalMark::Comma } else { DecimalMark::Point };
    Amount::parse(text, mark).ok()
}

/// Case numbers are equal if letters and digits are, leading zeros of number groups left out.
fn case_key(text: &str) -> String {
    let mut key = String::new();
    for part in text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()) {
        let part = reference_key(part);
        let trimmed = part.trim_start_matches('0');
        key.push_str(if trimmed.is_empty() { "0" } else { trimmed });
    }
    key
}

/// The persons a query means. More than one is a choice for the clerk; nobody is picked.
pub fn find<'a>(payments: &'a [SavedPayment], query: &Query) -> Vec<Person<'a>> {
    let sought = query.sought();
    let mut best: BTreeMap<String, (FoundBy, Vec<&'a SavedPayment>)> = BTreeMap::new();
    for payment in payments {
        let Some(by) = hit(payment, query, &sought) else { continue };
        let slot = best.entry(traits(payment).person_key()).or_insert_with(|| (by, Vec::new()));
        slot.0 = slot.0.min(by);
    }
    // A weaker way counts only where no stronger one found anybody.
    let strongest = best.values().map(|(by, _)| *by).min();
    best.retain(|_, (by, _)| Some(*by) == strongest);
    for payment in payments {
        if let Some((_, own)) = best.get_mut(&traits(payment).person_key()) {
            own.push(payment);
        }
    }
    let mut persons: Vec<Person<'a>> =
        best.into_values().map(|(by, payments)| Person { by, payments }).collect();
    persons.sort_by_key(|person| {
        person
            .payments
            .first()
            .map(|payment| (payment.beneficiary.clone(), payment.case_id.clone()))
    });
    persons
}

/// How a query finds a payment, its amount included.
pub fn hit(payment: &SavedPayment, query: &Query, sought: &Sought) -> Option<FoundBy> {
    let by = matches(payment, sought)?;
    query.has_amount_of(payment).then_some(by)
}

fn matches(payment: &SavedPayment, sought: &Sought) -> Option<FoundBy> {
    if sought.case.is_empty() {
        return None;
    }
    if payment.case_id.as_deref().is_some_and(|case| case_key(case) == sought.case) {
        return Some(FoundBy::CaseId);
    }
    if let Some(tail) = &sought.tail {
        if let Some(by) = account_fits(payment, tail) {
            return Some(by);
        }
    }
    if sought.words.is_empty() {
        return None;
    }
    let names = [payment.beneficiary.as_deref(), payment.payee.as_deref()];
    names.into_iter().flatten().filter_map(|name| name_fits(&fold_words(name), &sought.words)).min()
}

fn account_fits(payment: &SavedPayment, tail: &str) -> Option<FoundBy> {
    let shown = payment.iban.as_deref()?;
    let known = reference_key(shown);
    if known.ends_with(tail) {
        return Some(FoundBy::Iban);
    }
    // Masked: country and last four characters.
    let is_same_end = shown.contains('…') && known.ends_with(last_four(tail));
    let country = known.get(..2).filter(|country| country.bytes().all(|c| c.is_ascii_alphabetic()));
    let asked =
        tail.get(..2).filter(|_| tail.bytes().next().is_some_and(|c| c.is_ascii_alphabetic()));
    if !is_same_end || (asked.is_some() && asked != country) {
        return None;
    }
    match account::fit(payment.account_check.as_deref(), tail) {
        Fit::Whole => Some(FoundBy::Iban),
        Fit::End => Some(FoundBy::IbanEnd),
        Fit::Not => None,
    }
}

/// The last four characters of an account number, or of its end.
pub fn last_four(tail: &str) -> &str {
    let start = tail.char_indices().rev().nth(3).map_or(0, |(start, _)| start);
    tail.get(start..).unwrap_or(tail)
}

fn name_fits(words: &[String], wanted: &[String]) -> Option<FoundBy> {
    let all = |fits: &dyn Fn(&str, &str) -> bool| {
        wanted.iter().all(|wanted| words.iter().any(|word| fits(word, wanted)))
    };
    if all(&|word, wanted| word == wanted) {
        return Some(FoundBy::Name);
    }
    if all(&|word, wanted| wanted.len() >= SHORTEST_START && word.starts_with(wanted)) {
        return Some(FoundBy::NameStart);
    }
    all(&alike).then_some(FoundBy::Similar)
}

/// Shorter beginnings of words find nobody (letters).
pub const SHORTEST_START: usize = 3;

/// How many letters of a folded word may be wrong.
pub const fn slips(wanted: &str) -> usize {
    match wanted.len() {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    }
}

/// Whether two folded words are written or sound alike.
pub fn alike(word: &str, wanted: &str) -> bool {
    word == wanted
        || damerau_levenshtein(word, wanted) <= slips(wanted)
        || (wanted.len() >= 4 && cologne(word) == cologne(wanted) && cologne(word).len() >= 2)
}

/// Cologne phonetics (Kölner Phonetik, Postel 1969) of a folded word: words that sound alike in
/// German have equal codes.
pub fn cologne(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let mut code = String::new();
    for (number, letter) in letters.iter().enumerate() {
        let next = letters.get(number.saturating_add(1)).copied().unwrap_or(' ');
        let before = number.checked_sub(1).and_then(|at| letters.get(at)).copied().unwrap_or(' ');
        let digits = match letter {
            'a' | 'e' | 'i' | 'j' | 'o' | 'u' | 'y' => "0",
            'b' => "1",
            'p' => {
                if next == 'h' {
                    "3"
                } else {
                    "1"
                }
            }
            'd' | 't' => {
                if matches!(next, 'c' | 's' | 'z') {
                    "8"
                } else {
                    "2"
                }
            }
            'f' | 'v' | 'w' => "3",
            'g' | 'k' | 'q' => "4",
            'c' => {
                let hard = if number == 0 {
                    matches!(next, 'a' | 'h' | 'k' | 'l' | 'o' | 'q' | 'r' | 'u' | 'x')
                } else {
                    matches!(next, 'a' | 'h' | 'k' | 'o' | 'q' | 'u' | 'x')
                        && !matches!(before, 's' | 'z')
                };
                if hard { "4" } else { "8" }
            }
            'x' => {
                if matches!(before, 'c' | 'k' | 'q') {
                    "8"
                } else {
                    "48"
                }
            }
            'l' => "5",
            'm' | 'n' => "6",
            'r' => "7",
            's' | 'z' => "8",
            _ => "",
        };
        code.push_str(digits);
    }
    let mut short = String::new();
    for digit in code.chars() {
        if !short.ends_with(digit) {
            short.push(digit);
        }
    }
    let mut chars = short.chars();
    let first: String = chars.next().into_iter().collect();
    first + &chars.filter(|digit| *digit != '0').collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::iban::Iban;

    fn payment(case: &str, name: &str, iban: &str) -> SavedPayment {
        SavedPayment {
            case_id: Some(case.to_owned()),
            beneficiary: Some(name.to_owned()),
            iban: Some(iban.to_owned()),
            amount: Some("563.00".to_owned()),
            ..SavedPayment::default()
        }
    }

    #[test]
    fn people_are_found() {
        let payments = [
            payment("50.12-0471", "Jürgen Müller-Lüdenscheidt", "DE02120300000000202051"),
            payment("50.12-0471", "Jürgen Müller-Lüdenscheidt", "DE88999000001111111111"),
            payment("50.12-0472", "Anna Meier", "DE11999000000000001234"),
            payment("50.12-0473", "Anna Mayer", "DE11999000000000001299"),
        ];
        let found = |text: &str| -> Vec<(FoundBy, usize)> {
            find(&payments, &Query::new(text, None).unwrap())
                .iter()
                .map(|person| (person.by, person.payments.len()))
                .collect()
        };
        assert_eq!(found("5012471"), [(FoundBy::CaseId, 2)]);
        assert_eq!(found("50 12 471"), [(FoundBy::CaseId, 2)]);
        assert_eq!(found("2051"), [(FoundBy::Iban, 2)]);
        assert_eq!(found("mueller luedenscheidt"), [(FoundBy::Name, 2)]);
        assert_eq!(found("Müller, Jürgen"), [(FoundBy::Name, 2)]);
        assert_eq!(found("Anna Meyer"), [(FoundBy::Similar, 1), (FoundBy::Similar, 1)]);
        assert_eq!(found("Anna"), [(FoundBy::Name, 1), (FoundBy::Name, 1)]);
        assert_eq!(found("Anna Meier"), [(FoundBy::Name, 1)]);
        assert_eq!(found("Frau Dr. Meier"), [(FoundBy::Name, 1)]);
        assert_eq!(found("Herr"), []);
        assert_eq!(found("Hans"), []);
    }

    #[test]
    fn accounts_are_found_in_masked_results() {
        let iban = "DE35999100000000007002";
        let other = Iban::from_german_account("99910000", "5017002").unwrap();
        let masked = |iban: &Iban, case: &str| SavedPayment {
            account_check: account::check_of(iban),
            ..payment(case, "Anna Meier", &iban.masked())
        };
        let payments = [masked(&Iban::read(iban).unwrap(), "1"), masked(&other, "2")];
        let found = |text: &str| -> Vec<(FoundBy, Option<&str>)> {
            let persons = find(&payments, &Query::new(text, None).unwrap());
            persons.iter().map(|own| (own.by, own.payments[0].case_id.as_deref())).collect()
        };
        let one = (FoundBy::Iban, Some("1"));
        for text in [iban, "DE35 9991 0000 0000 0070 02", "iban de35 99910000 0000007002"] {
            assert_eq!(found(text), [one], "{text}");
        }
        assert_eq!(found("7002"), [one, (FoundBy::Iban, Some("2"))]);
        assert_eq!(found("07002").len(), 2);
        assert_eq!(found("007002"), [(FoundBy::IbanEnd, Some("1"))]);
        assert_eq!(found("AT357002"), []);
        assert_eq!(found("7003"), []);
        // A result without checks, as earlier versions wrote them.
        let old = payment("3", "Anna Meier", "DE…7002");
        let persons = find(std::slice::from_ref(&old), &Query::new(iban, None).unwrap());
        assert_eq!(persons[0].by, FoundBy::IbanEnd);
    }

    #[test]
    fn cologne_phonetics() {
        for (word, code) in [("wikipedia", "3412"), ("muller", "657"), ("breschnew", "17863")] {
            assert_eq!(cologne(word), code);
        }
        assert_eq!(cologne("meier"), cologne("mayer"));
    }
}
