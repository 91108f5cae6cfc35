//! What a saved result keeps of an account number besides its last four characters: so much of a hash that
//! a number which somebody reads out can be compared, and so little that nobody can compute the number.
//!
//! A whole hash would give the number away: there are few banks, and ten digits are soon tried, with a key
//! in the same file too. Twelve bits leave hundreds of numbers that fit for every bank; and as they are the
//! same in all results, several results tell no more than one.

use sha2::Digest;
use sha2::Sha256;

use crate::model::iban::Iban;

/// Characters of an end that is compared besides the whole number.
const END: usize = 6;

/// Three hexadecimal digits: one of the end, two of the whole number. None of what is no valid IBAN.
pub fn check_of(iban: &Iban) -> Option<String> {
    let number = iban.reveal();
    let end = number.get(number.len().checked_sub(END)?..)?;
    iban.is_valid().then(|| format!("{:x}{:02x}", of_end(end), of_whole(number)))
}

/// How well a number that is read out fits a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// The whole number fits.
    Whole,
    /// Its end may fit; the rest cannot be told.
    End,
    /// It is another number.
    Not,
}

/// Compares the end of a number, or a whole one, with a check; letters in upper case, no blanks. The last
/// four characters agree already.
pub fn fit(check: Option<&str>, asked: &str) -> Fit {
    let digit = |from: usize, to: usize| {
        let digits = check?.get(from..to)?;
        u8::from_str_radix(digits, 16).ok()
    };
    let (Some(end), Some(whole)) = (digit(0, 1), digit(1, 3)) else { return Fit::End };
    let asked_end = asked.len().checked_sub(END).and_then(|start| asked.get(start..));
    if asked_end.is_some_and(|asked| of_end(asked) != end) {
        return Fit::Not;
    }
    let is_whole = Iban::read(asked).is_some_and(|iban| iban.is_valid());
    match is_whole {
        true if of_whole(asked) == whole => Fit::Whole,
        true => Fit::Not,
        false => Fit::End,
    }
}

fn of_end(end: &str) -> u8 {
    first_byte(b"gutschrift end of an account\0", end) >> 4
}

fn of_whole(number: &str) -> u8 {
    first_byte(b"gutschrift account\0", number)
}

fn first_byte(prefix: &[u8], text: &str) -> u8 {
    let hash = Sha256::new().chain_update(prefix).chain_update(text).finalize();
    hash.first().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_fits_its_own_check() {
        let iban = Iban::read("DE35999100000000007002").unwrap();
        let check = check_of(&iban).unwrap();
        assert_eq!(check.len(), 3);
        let fits = |asked: &str| fit(Some(&check), asked);
        assert_eq!(fits(iban.reveal()), Fit::Whole);
        for end in ["7002", "07002", "007002", "100000000007002"] {
            assert_eq!(fits(end), Fit::End, "{end}");
        }
        assert_eq!(fit(None, iban.reveal()), Fit::End);
        assert_eq!(fit(Some("?"), iban.reveal()), Fit::End);
        assert_eq!(check_of(&Iban::read("DE36999100000000007002").unwrap()), None);
    }

    #[test]
    fn other_numbers_with_the_same_last_four_are_told_apart() {
        let own = Iban::from_german_account("99910000", "7002").unwrap();
        let check = check_of(&own).unwrap();
        let others = (1..1000).map(|number| {
            let account = format!("{}", number * 10_000 + 7002);
            Iban::from_german_account("99910000", &account).unwrap()
        });
        let alike = others.filter(|other| fit(Some(&check), other.reveal()) == Fit::Whole).count();
        // One in 4096; a few of the thousand may be alike, which is what keeps the number secret.
        assert!(alike < 4, "{alike}");
    }
}
