//! A bit for each of many things: small enough to stay near the processor.

/// Which of some numbered things are marked.
#[derive(Clone, Debug, Default)]
pub struct Marked {
    words: Vec<u64>,
    count: usize,
}

impl Marked {
    /// None of so many.
    pub fn of(count: usize) -> Self {
        Self { words: vec![0; count.div_ceil(64)], count }
    }

    /// Marks one.
    #[inline]
    pub fn mark(&mut self, number: usize) {
        if let Some(word) = self.words.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
    }

    /// Whether one is marked.
    #[inline]
    pub fn has(&self, number: usize) -> bool {
        self.words.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// Those that are marked here or there.
    #[must_use]
    pub fn with(mut self, others: Self) -> Self {
        for (word, other) in self.words.iter_mut().zip(others.words) {
            *word |= other;
        }
        self
    }

    /// The numbers of those that are not marked.
    pub fn others(&self) -> impl Iterator<Item = usize> {
        let words = (0..self.count).step_by(64).zip(&self.words);
        let some_open = words.filter(|(_, word)| **word != u64::MAX);
        some_open.flat_map(|(first, word)| {
            let all = first..first.saturating_add(64).min(self.count);
            all.filter(move |number| word >> (number % 64) & 1 == 0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_marked_or_not() {
        for count in [0, 1, 63, 64, 65, 300] {
            let marked = |step: usize| {
                let mut marked = Marked::of(count);
                (0..count).step_by(step).for_each(|number| marked.mark(number));
                marked
            };
            let both = marked(2).with(marked(3));
            let is = |number: &usize| number.is_multiple_of(2) || number.is_multiple_of(3);
            assert!((0..count).all(|number| both.has(number) == is(&number)), "{count}");
            assert!(both.others().eq((0..count).filter(|number| !is(number))), "{count}");
            assert_eq!(marked(1).others().count(), 0);
            assert!(!both.has(count + 64));
        }
    }
}
