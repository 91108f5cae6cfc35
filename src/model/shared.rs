//! Values that many rows have in common, kept once.

use std::fmt;
use std::ops::Deref;
use std::ops::DerefMut;
use std::sync::Arc;

/// A value that says nothing.
pub trait Blank: Clone + Default + PartialEq + 'static {
    /// It.
    fn blank() -> &'static Self;
}

/// A value that other rows may share; whoever changes it gets a copy of its own. One word, and nothing
/// behind it where nothing is said.
#[derive(Clone)]
pub struct Shared<T>(Option<Arc<T>>);

impl<T: Blank> Shared<T> {
    /// Keeps a value.
    pub fn new(value: T) -> Self {
        Self((value != *T::blank()).then(|| Arc::new(value)))
    }

    /// Keeps nothing where nothing is said any more.
    pub fn tidy(&mut self) {
        if **self == *T::blank() {
            self.0 = None;
        }
    }
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Blank> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_deref().unwrap_or_else(|| T::blank())
    }
}

impl<T: Blank> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(self.0.get_or_insert_default())
    }
}

impl<T: Blank> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        let same = self.0.as_ref().zip(other.0.as_ref());
        same.is_some_and(|(left, right)| Arc::ptr_eq(left, right)) || **self == **other
    }
}

impl<T: Blank + Eq> Eq for Shared<T> {}

impl<T: Blank + fmt::Debug> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Blank for String {
        fn blank() -> &'static Self {
            static BLANK: String = String::new();
            &BLANK
        }
    }

    #[test]
    fn a_change_is_nobody_elses() {
        let first = Shared::new("a".to_owned());
        let mut second = first.clone();
        second.push('b');
        assert_eq!((first.as_str(), second.as_str()), ("a", "ab"));
        second.clear();
        second.tidy();
        assert_eq!((second.0.is_none(), &second), (true, &Shared::new(String::new())));
    }
}
