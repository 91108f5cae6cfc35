//! How a few references end: whether a text may name one of them is told by the ends of its words, which
//! costs a tenth of looking at every run of words.

use foldhash::HashSet;

use crate::matching::references::SHORTEST;

/// The last letters and digits of references.
#[derive(Clone, Debug)]
pub(super) struct Tails {
    tails: HashSet<u64>,
    /// The bits of a tail: all are as long as the shortest reference, or as a word of memory.
    mask: u64,
}

impl Tails {
    /// Takes references as they are compared.
    pub(super) fn new<'a>(keys: impl Iterator<Item = &'a str>) -> Self {
        let keys: Vec<&str> = keys.filter(|key| key.len() >= SHORTEST).collect();
        let shortest = keys.iter().map(|key| key.len()).min().unwrap_or(SHORTEST);
        let mask = match shortest {
            0..8 => (1_u64 << (8 * shortest)).wrapping_sub(1),
            _ => u64::MAX,
        };
        let tail = |key: &&str| key.bytes().fold(0, with) & mask;
        Self { tails: keys.iter().map(tail).collect(), mask }
    }

    /// Whether a text may hold one of the references as a run of whole words; never wrong when it says
    /// no.
    pub(super) fn may_be_in(&self, text: &str) -> bool {
        if !text.is_ascii() {
            return true;
        }
        let (mut last, mut is_inside) = (0, false);
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() {
                last = with(last, byte.to_ascii_uppercase());
                is_inside = true;
            } else if std::mem::take(&mut is_inside) && self.tails.contains(&(last & self.mask)) {
                return true;
            }
        }
        is_inside && self.tails.contains(&(last & self.mask))
    }
}

fn with(last: u64, byte: u8) -> u64 {
    (last << 8) | u64::from(byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::JoinedWords;

    #[test]
    fn no_run_of_words_is_missed() {
        let keys = ["SOZ2311000123", "4711", "501200000", "12", "\u{dc}1234567"];
        for keys in [&keys[..], &keys[..1], &keys[2..], &[]] {
            let tails = Tails::new(keys.iter().copied());
            for text in [
                "Hilfe Az 50.12-00000, Nov",
                "soz2311-000123",
                "x 47 11",
                "4711x",
                "47",
                "\u{fc}1234567",
                "SOZ 2311 000 123 und mehr",
                "",
                "50.12-00001",
            ] {
                let mut joined = JoinedWords::default();
                joined.read(text);
                let mut ends = vec![0];
                ends.extend(joined.ends.iter().map(|(end, _)| *end));
                let holds = ends.iter().any(|from| {
                    let run = |to: &usize| joined.text.get(*from..*to).unwrap_or_default();
                    ends.iter().any(|to| run(to).len() >= SHORTEST && keys.contains(&run(to)))
                });
                assert!(!holds || tails.may_be_in(text), "{keys:?} {text}");
            }
        }
        let tails = Tails::new(keys.into_iter().take(1));
        assert!(!tails.may_be_in("SOZ2311-000124") && !tails.may_be_in("Hilfe 11/2023"));
        assert!(tails.may_be_in("SOZ2311-000123"));
    }
}
