//! Account numbers: IBAN with check digits, masked wherever they are shown.

use std::borrow::Cow;
use std::fmt;

/// An account number as a file gives it, blanks removed and in upper case; the check digits may
/// be wrong, which [`Iban::is_valid`] tells.
///
/// `Debug` and `Display` show it masked (`DE…1234`); the full text is only had by
/// [`Iban::reveal`].
///
/// **Source.** ISO 13616: two letters, two check digits, up to 30 characters; check digits by
/// ISO 7064 MOD 97-10.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Iban(Box<str>);

impl Iban {
    /// Reads an account number; `None` for a text without any letter or digit.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix("IBAN").or_else(|| text.strip_prefix("iban")).unwrap_or(text);
        if text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
            return (!text.is_empty()).then(|| Self(text.into()));
        }
        let compact: String =
            text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
        (!compact.is_empty()).then(|| Self(compact.into_boxed_str()))
    }

    /// The IBAN of a German account given by bank code (8 digits) and account number (up to 10
    /// digits): the standard rule, which a few banks do not follow.
    pub fn from_german_account(bank_code: &str, account: &str) -> Option<Self> {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if bank_code.len() != 8 || !digits(bank_code) {
            return None;
        }
        if account.is_empty() || account.len() > 10 || !digits(account) {
            return None;
        }
        let bban = format!("{bank_code}{account:0>10}");
        let check = 98_u32.checked_sub(mod_97(bban.chars().chain("DE00".chars()))?)?;
        Some(Self(format!("DE{check:02}{bban}").into_boxed_str()))
    }

    /// Whether form, length (for the countries of the SEPA area) and check digits are right.
    pub fn is_valid(&self) -> bool {
        let bytes = self.0.as_bytes();
        let form = matches!(bytes, [a, b, c, d, ..]
            if a.is_ascii_uppercase() && b.is_ascii_uppercase()
                && c.is_ascii_digit() && d.is_ascii_digit());
        if !form || !bytes.iter().all(u8::is_ascii_alphanumeric) || bytes.len() > 34 {
            return false;
        }
        let (Some(head), Some(tail)) = (self.0.get(..4), self.0.get(4..)) else { return false };
        let country = head.get(..2).unwrap_or_default();
        if country_length(country).is_some_and(|length| length != bytes.len()) || bytes.len() < 15 {
            return false;
        }
        mod_97(tail.chars().chain(head.chars())) == Some(1)
    }

    /// Whether this looks like an IBAN at all (two letters, two digits, at least 15 characters),
    /// whatever its check digits.
    pub fn has_iban_form(&self) -> bool {
        matches!(self.0.as_bytes(), [a, b, c, d, ..]
            if a.is_ascii_uppercase() && b.is_ascii_uppercase()
                && c.is_ascii_digit() && d.is_ascii_digit())
            && self.0.len() >= 15
    }

    /// The full number, for comparison and for outputs that ask for it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Country and last four characters: `DE…1234`.
    pub fn masked(&self) -> String {
        let tail_start = self.0.char_indices().rev().nth(3).map_or(0, |(start, _)| start);
        let tail = self.0.get(tail_start..).unwrap_or_default();
        let country = self.0.get(..2).filter(|_| self.0.chars().nth(10).is_some());
        let country = country.filter(|country| country.bytes().all(|c| c.is_ascii_alphabetic()));
        [country.unwrap_or_default(), "…", tail].concat()
    }

    /// Bank code and account number of a German IBAN.
    pub fn german_parts(&self) -> Option<(&str, &str)> {
        if self.0.len() != 22 || !self.0.starts_with("DE") {
            return None;
        }
        Some((self.0.get(4..12)?, self.0.get(12..)?))
    }

    /// The IBAN of a German account that is written as bank code and account number, such as
    /// `37040044/532013000`.
    pub fn to_german_iban(&self) -> Option<Self> {
        let digits = self.0.strip_suffix("EUR").unwrap_or(&self.0);
        Self::from_german_account(digits.get(..8)?, digits.get(8..)?)
    }

    /// A text that is equal for all spellings of one account ([`Self::same_account`]); accounts
    /// that differ in their check digits only have the same one.
    pub fn key(&self) -> Cow<'_, str> {
        // Bank code and account number with its zeros.
        let german = |iban: &str| iban.get(4..).unwrap_or_default().to_owned();
        if self.german_parts().is_some() {
            return Cow::Borrowed(self.0.get(4..).unwrap_or_default());
        }
        self.to_german_iban().map_or(Cow::Borrowed(&*self.0), |iban| Cow::Owned(german(&iban.0)))
    }

    /// Whether both mean one account as far as they go: equal, or one is `bank code/account` of the
    /// other's IBAN, or its account number alone.
    pub fn same_account(&self, other: &Self) -> bool {
        self == other || self.is_german_parts_of(other) || other.is_german_parts_of(self)
    }

    /// A German account number without a bank code: up to ten digits. Fewer than five are a slip.
    fn is_account_number(&self) -> bool {
        self.0.len() <= 10
            && self.0.bytes().all(|byte| byte.is_ascii_digit())
            && self.0.trim_start_matches('0').len() >= 5
    }

    fn is_german_parts_of(&self, iban: &Self) -> bool {
        let Some((bank_code, account)) = iban.german_parts() else { return false };
        if self.is_account_number() {
            return self.0.trim_start_matches('0') == account.trim_start_matches('0');
        }
        let Some(rest) = self.0.strip_prefix(bank_code) else { return false };
        // MT940 writes `BLZ/Konto`, some banks with the currency behind it.
        let digits = rest.strip_suffix("EUR").unwrap_or(rest);
        digits.len() <= 10
            && !digits.is_empty()
            && digits.trim_start_matches('0') == account.trim_start_matches('0')
    }
}

impl fmt::Debug for Iban {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Display for Iban {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// The remainder by 97, letters counted as 10 to 35; `None` for other characters.
fn mod_97(mut text: impl Iterator<Item = char>) -> Option<u32> {
    text.try_fold(0_u32, |rest, c| {
        let value = c.to_digit(36)?;
        let shift = if value > 9 { 100 } else { 10 };
        Some((rest * shift + value) % 97)
    })
}

/// Lengths by ISO 13616 for the countries German offices pay to.
pub(crate) fn country_length(country: &str) -> Option<usize> {
    let length = match country {
        "NO" => 15,
        "BE" => 16,
        "DK" | "FI" | "NL" | "FO" | "GL" => 18,
        "SI" | "MK" => 19,
        "AT" | "BA" | "EE" | "LT" | "LU" | "XK" => 20,
        "CH" | "HR" | "LI" | "LV" => 21,
        "BG" | "DE" | "GB" | "IE" | "ME" | "RS" | "VA" | "GE" => 22,
        "GI" | "IL" => 23,
        "AD" | "CZ" | "ES" | "MD" | "RO" | "SE" | "SK" | "TN" => 24,
        "PT" => 25,
        "IS" | "TR" => 26,
        "FR" | "GR" | "IT" | "MC" | "SM" => 27,
        "AL" | "CY" | "HU" | "PL" | "LB" => 28,
        "UA" => 29,
        "MT" => 31,
        _ => return None,
    };
    Some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_and_form() {
        for (text, valid) in [
            ("DE89 3704 0044 0532 0130 00", true),
            ("de89370400440532013000", true),
            ("DE89370400440532013001", false),
            ("DE8937040044053201300", false),
            ("DE8937040044053201300O", false),
            ("GB82 WEST 1234 5698 7654 32", true),
            ("keine", false),
        ] {
            assert_eq!(Iban::read(text).unwrap().is_valid(), valid, "{text}");
        }
        assert!(Iban::read("  ").is_none());
    }

    #[test]
    fn never_shown_in_full_by_accident() {
        let iban = Iban::read("DE89370400440532013000").unwrap();
        assert_eq!(format!("{iban} {iban:?}"), "DE…3000 DE…3000");
        for (text, masked) in [
            ("0532013000", "…3000"),
            ("DE893704", "…3704"),
            ("DE89370400", "…0400"),
            ("DE893704004", "DE…4004"),
            ("D1893704004", "…4004"),
            ("DE8937040Ä4", "DE…40Ä4"),
            ("ÄE893704004", "…4004"),
            ("DE8", "…DE8"),
        ] {
            assert_eq!(Iban::read(text).unwrap().masked(), masked, "{text}");
        }
    }

    #[test]
    fn german_accounts() {
        let iban = Iban::from_german_account("37040044", "532013000").unwrap();
        assert_eq!(iban.reveal(), "DE89370400440532013000");
        for same in ["37040044/532013000", "37040044/0532013000EUR", "DE89370400440532013000"] {
            let same = Iban::read(same).unwrap();
            assert!(same.same_account(&iban), "{same:?}");
            assert_eq!(same.key(), iban.key());
        }
        assert!(!Iban::read("37040044/53201300").unwrap().same_account(&iban));
    }
}
