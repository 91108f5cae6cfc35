//! Whether a text may speak against its booking (money came back, not booked yet), told from its bytes:
//! nearly all texts do not, and need no closer look.

use fearless_simd::Simd;
use fearless_simd::dispatch;

use crate::facts::signs::SHORT_SIGNS;
use crate::facts::signs::SIGNS;
use crate::readers::bits::TOGETHER;
use crate::readers::bits::Together;
use crate::readers::bits::level;

/// A sign or a code is no longer than this, with a byte between its letters; so many bytes are looked at
/// twice where a text goes on.
const OVERLAP: usize = 8;

/// Whether a text may hold one of the words of [`crate::facts::return_words`] or
/// [`crate::facts::pending_marks`], or a reason code such as `AC04`.
pub(crate) fn may_speak_against(text: &[u8]) -> bool {
    dispatch!(level(), simd => may_speak_against_with(simd, text, text))
}

/// The same; `behind` are the bytes that begin with the text, as many as there are.
#[inline(always)]
pub(crate) fn may_speak_against_with<S: Simd>(simd: S, text: &[u8], behind: &[u8]) -> bool {
    let step = TOGETHER.saturating_sub(OVERLAP);
    let mut from = 0_usize;
    while let Some(left) = text.len().checked_sub(from).filter(|left| *left > 0) {
        let own = 1_u64.unbounded_shl(u32::try_from(left).unwrap_or(u32::MAX)).wrapping_sub(1);
        let first = behind.get(from..).and_then(|rest| rest.first_chunk::<TOGETHER>());
        let speaks = if let Some(whole) = first {
            has_sign(Together::new(simd, whole), own)
        } else {
            let mut padded = [b' '; TOGETHER];
            let rest = text.get(from..).unwrap_or_default();
            let (slots, _) = padded.split_at_mut(rest.len().min(TOGETHER));
            slots.copy_from_slice(rest.get(..slots.len()).unwrap_or_default());
            has_sign(Together::new(simd, &padded), own)
        };
        if speaks {
            return true;
        }
        if left <= TOGETHER {
            return false;
        }
        from = from.saturating_add(step);
    }
    false
}

/// Whether a sign or a code stands in these bytes, of which `own` are the text's.
#[inline(always)]
fn has_sign<S: Simd>(bytes: Together<S>, own: u64) -> bool {
    let lower = bytes.in_lower_case();
    let letters = lower.among(b'a', b'z') & own;
    let digits = bytes.among(b'0', b'9') & own;
    let parts = !(letters | digits);
    let mut of: [u64; 26] = [0; 26];
    for (slot, letter) in of.iter_mut().zip(b'a'..=b'z') {
        *slot = lower.equal(letter);
    }
    let place = |letter: u8| of.get(usize::from(letter.wrapping_sub(b'a'))).copied().unwrap_or(0);
    // What stands behind these, or behind one byte that is no letter.
    let behind = |bits: u64| {
        let next = bits << 1;
        next | (next & parts) << 1
    };
    let mut found = 0;
    for [first, second, third] in SIGNS {
        found |= behind(behind(place(*first)) & place(*second)) & place(*third);
    }
    for [first, second] in SHORT_SIGNS {
        found |= behind(place(*first)) & place(*second);
    }
    // Two capital letters and two digits, a word of their own.
    let capitals = bytes.among(b'A', b'Z') & own;
    let code = capitals & (capitals >> 1) & (digits >> 2) & (digits >> 3);
    let words = letters | digits;
    let code = code & !(words << 1) & !(words >> 4);
    (found & letters) | code != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One byte after the other.
    fn slowly(text: &[u8]) -> bool {
        let lower = text.to_ascii_lowercase();
        let behind = |at: usize, letter: u8| {
            let part = lower.get(at).is_some_and(|byte| !byte.is_ascii_alphanumeric());
            let next = |at: usize| (lower.get(at) == Some(&letter)).then_some(at + 1);
            [next(at), if part { next(at + 1) } else { None }]
        };
        let sign = |at: usize, sign: &[u8]| {
            let mut places = vec![at];
            for (number, letter) in sign.iter().enumerate() {
                places = places
                    .into_iter()
                    .flat_map(|at| {
                        let near = behind(at, *letter);
                        if number == 0 {
                            [near[0].filter(|end| *end == at + 1), None]
                        } else {
                            near
                        }
                    })
                    .flatten()
                    .collect();
            }
            !places.is_empty()
        };
        let code = |at: usize| {
            let word = |at: usize| text.get(at).is_some_and(u8::is_ascii_alphanumeric);
            let own = text.get(at..at + 4).is_some_and(|own| {
                own[..2].iter().all(u8::is_ascii_uppercase)
                    && own[2..].iter().all(u8::is_ascii_digit)
            });
            own && !word(at + 4) && at.checked_sub(1).is_none_or(|before| !word(before))
        };
        (0..text.len()).any(|at| {
            SIGNS.iter().any(|own| sign(at, &own[..]))
                || SHORT_SIGNS.iter().any(|own| sign(at, &own[..]))
                || code(at)
        })
    }

    #[test]
    fn signs_are_seen_wherever_they_stand() {
        let mut dice = 5_u64;
        let mut below = |limit: usize| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(dice >> 33).unwrap() % limit
        };
        let pieces =
            ["RUECK", "RUE CK", "Stor no", "AC04", "1AC04", "x", " ", "-", "\u{fc}", "7", "Miete"];
        let mut known = 0;
        for round in 0..2_000 {
            let mut text = "xy. ".repeat(below(40));
            for _ in 0..below(if round % 3 == 0 { 40 } else { 4 }) {
                text.push_str(pieces[below(pieces.len())]);
            }
            let expected = slowly(text.as_bytes());
            known += usize::from(expected);
            // Where a text goes on behind sixty-four bytes, a code may be seen that is none.
            let is_right = |seen: bool| seen == expected || (seen && text.len() > TOGETHER);
            assert!(is_right(may_speak_against(text.as_bytes())), "{text}");
            let more = format!("{text}AC04 Storno{}", " ".repeat(70));
            let own = &more.as_bytes()[..text.len()];
            // A word behind it is another text's.
            let with =
                dispatch!(level(), simd => may_speak_against_with(simd, own, more.as_bytes()));
            assert!(is_right(with), "{text}");
        }
        assert!(known > 200 && known < 1_800, "{known}");
    }

    #[test]
    fn usual_texts_are_passed_over() {
        for text in
            ["Sozialhilfe 11/2023 Az 50.12-4711", "Miete Dezember 2025 EG links", "GruSi 04/24"]
        {
            assert!(!may_speak_against(text.as_bytes()), "{text}");
        }
    }
}
