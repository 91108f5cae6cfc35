//! Invented people, accounts and amounts.

use crate::simulate::random::Random;
use crate::simulate::text::push_padded;

const GIVEN: &[&str] = &[
    "Anna",
    "Ayşe",
    "Bärbel",
    "Björn",
    "Brigitte",
    "Christian",
    "Claudia",
    "Dörte",
    "Elif",
    "Emine",
    "Fatma",
    "Felix",
    "François",
    "Günther",
    "Hannelore",
    "Horst",
    "Ivana",
    "Jörg",
    "Jürgen",
    "Käthe",
    "Lukasz",
    "Małgorzata",
    "Mehmet",
    "Nadia",
    "Oksana",
    "Petra",
    "Renate",
    "Rüdiger",
    "Sören",
    "Svetlana",
    "Thorsten",
    "Ursula",
    "Uwe",
    "Wilhelmine",
    "Yusuf",
    "Zoë",
];

const FAMILY: &[&str] = &[
    "Ahrens",
    "Bergmann",
    "Böhme",
    "Brandt",
    "Çelik",
    "Dressler",
    "Eßer",
    "Fröhlich",
    "Groß",
    "Hagedorn",
    "Hübner",
    "Jäger",
    "Kästner",
    "Kowalski",
    "Krüger",
    "Kühn",
    "Löhr",
    "Lüdtke",
    "Marković",
    "Müller",
    "Müller-Lüdenscheidt",
    "Niemöller",
    "Nowak",
    "Öztürk",
    "Petrowa",
    "Pfeiffer",
    "Schäfer",
    "Schmidt",
    "Schröder",
    "Schwarzenbeck",
    "Stüwe",
    "Süß",
    "Vogt",
    "von der Heide",
    "Weiß",
    "Wójcik",
    "Yılmaz",
    "Zimmermann",
];

const HOUSES: &[&str] = &[
    "Seniorenzentrum Am Mühlbach",
    "Pflegeheim St. Elisabeth",
    "Haus Abendfrieden gGmbH",
    "Wohnstift Lindenhof",
    "Pflegezentrum Nordhelle",
    "Altenheim Höhenblick",
];

/// Standard rates: amounts alone never tell people apart.
const STANDARD: &[i64] = &[
    56_300, 50_600, 45_100, 40_200, 47_100, 39_000, 35_700, 50_200, 45_100, 118_430, 12_600, 5_630,
];

/// Whom a payment is for and where it goes.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// Given name.
    pub given: &'static str,
    /// Family name.
    pub family: &'static str,
    /// Account.
    pub iban: String,
}

impl Person {
    /// The person with this number.
    pub fn new(random: &mut Random, serial: u64) -> Self {
        let given = random.text(GIVEN);
        let family = random.text(FAMILY);
        Self { given, family, iban: iban(serial) }
    }

    /// Given and family name.
    pub fn name(&self) -> String {
        let mut name = String::with_capacity(self.given.len() + self.family.len() + 1);
        name.push_str(self.given);
        name.push(' ');
        name.push_str(self.family);
        name
    }
}

/// The name of a home.
pub fn house(random: &mut Random) -> &'static str {
    random.text(HOUSES)
}

/// A monthly payment in cents: a standard rate in a quarter of the cases.
pub fn amount(random: &mut Random) -> i64 {
    if random.happens(2_500) {
        let index = usize::try_from(random.below(12)).unwrap_or(0);
        return STANDARD.get(index).copied().unwrap_or(56_300);
    }
    i64::try_from(random.below(140_000)).unwrap_or(0) + 10_001
}

/// What a home gets for one resident, in cents.
pub fn home_amount(random: &mut Random) -> i64 {
    i64::try_from(random.below(270_000)).unwrap_or(0) + 80_000
}

/// Valid account numbers at bank codes that belong to nobody; different for different numbers, and
/// far enough apart to be no typing errors of each other.
pub fn iban(serial: u64) -> String {
    // A prime below 10^10: different serials below it give different accounts.
    const ACCOUNTS: u128 = 9_999_999_967;
    let account = (u128::from(serial) * 6_364_136_223 + 1_442_695_041) % ACCOUNTS;
    let account = u64::try_from(account).unwrap_or(0);
    let bank = 99_910_000 + account % 97;
    with_check_digits(bank * 10_000_000_000 + account)
}

/// The German IBAN of 18 digits of bank code and account.
pub fn with_check_digits(bban: u64) -> String {
    // DE is 1314 in the computation of the check digits.
    let rest = (u128::from(bban) * 1_000_000 + 131_400) % 97;
    let check = 98 - u64::try_from(rest).unwrap_or(0);
    let mut text = String::with_capacity(22);
    text.push_str("DE");
    push_padded(&mut text, check, 2);
    push_padded(&mut text, bban, 18);
    text
}

/// An account that differs from this one in two digits and still has right check digits.
pub fn near_miss(iban: &str, random: &mut Random) -> String {
    let digits: Vec<u8> = iban.bytes().collect();
    let turn = usize::try_from(random.below(9)).unwrap_or(0);
    for first in 0..10_usize {
        for second in 0..first {
            for step in 1..10_u8 {
                for other in 1..10_u8 {
                    let mut tried = digits.clone();
                    let places = [12 + (first + turn) % 10, 12 + (second + turn) % 10];
                    for (place, step) in places.into_iter().zip([step, other]) {
                        if let Some(digit) = tried.get_mut(place) {
                            *digit = b'0' + (*digit - b'0' + step) % 10;
                        }
                    }
                    let bban = tried.get(4..).unwrap_or_default();
                    let bban = bban.iter().fold(0_u64, |sum, digit| {
                        sum.wrapping_mul(10).wrapping_add(u64::from(digit.wrapping_sub(b'0')))
                    });
                    let fitting = with_check_digits(bban);
                    if fitting.as_bytes().get(..4) == digits.get(..4) {
                        return fitting;
                    }
                }
            }
        }
    }
    iban.to_owned()
}

/// The account with two neighbouring digits swapped: its check digits no longer fit.
pub fn swapped(iban: &str) -> String {
    let mut digits: Vec<char> = iban.chars().collect();
    let place = (12..digits.len().saturating_sub(1))
        .find(|place| digits.get(*place) != digits.get(place + 1));
    if let Some(place) = place {
        digits.swap(place, place + 1);
    }
    digits.into_iter().collect()
}

/// The account with its last digit changed: its check digits no longer fit.
pub fn broken(iban: &str) -> String {
    let mut digits = iban.to_owned();
    let last = digits.pop().and_then(|digit| digit.to_digit(10)).unwrap_or(0);
    digits.push(char::from_digit((last + 1) % 10, 10).unwrap_or('0'));
    digits
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::iban::Iban;

    #[test]
    fn accounts_are_valid_and_different() {
        let all: BTreeSet<String> = (0..5_000).map(|serial| iban(serial * 16)).collect();
        assert_eq!(all.len(), 5_000);
        assert!(all.iter().all(|iban| Iban::read(iban).is_some_and(|iban| iban.is_valid())));
    }

    #[test]
    fn typing_errors() {
        for serial in 0..200 {
            let own = iban(serial);
            let near = near_miss(&own, &mut Random::new(1, serial));
            assert!(Iban::read(&near).unwrap().is_valid());
            let differing = own.bytes().zip(near.bytes()).filter(|(a, b)| a != b).count();
            assert!((1..=2).contains(&differing), "{own} {near}");
            assert!(!Iban::read(&swapped(&own)).unwrap().is_valid());
            assert!(!Iban::read(&broken(&own)).unwrap().is_valid());
        }
    }
}
