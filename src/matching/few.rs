//! Rows of mostly none or one.

use std::ops::Deref;

/// A vector that takes one word while it is empty and room for one value when it has one: there are
/// half a dozen for every payment, and most stay empty.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::box_collection, reason = "an empty vector would take three words")]
pub struct Few<T>(Option<Box<Vec<T>>>);

impl<T> Few<T> {
    /// Adds a value.
    pub fn push(&mut self, value: T) {
        let values = self.0.get_or_insert_default();
        if values.is_empty() {
            values.reserve_exact(1);
        }
        values.push(value);
    }
}

impl<T> Extend<T> for Few<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, values: I) {
        for value in values {
            self.push(value);
        }
    }
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> From<Vec<T>> for Few<T> {
    fn from(values: Vec<T>) -> Self {
        Self((!values.is_empty()).then(|| Box::new(values)))
    }
}

impl<T> Deref for Few<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.0.as_ref().map_or(&[], |values| values.as_slice())
    }
}

impl<'a, T> IntoIterator for &'a Few<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_a_vector() {
        let mut few = Few::default();
        assert!(few.is_empty());
        for value in 0..5 {
            few.push(value);
        }
        assert_eq!(few.iter().sum::<i32>(), 10);
        assert_eq!(few, Few::from(vec![0, 1, 2, 3, 4]));
        assert_eq!(Few::<u8>::from(Vec::new()), Few::default());
        assert_eq!(size_of::<Few<u64>>(), 8);
    }
}
