//! Why a workbook cannot be read, and the fence around the library that reads some of them.

use std::cell::Cell;
use std::fmt::Display;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::sync::Once;

/// Why a spreadsheet cannot be read.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Damaged, or of a kind that is not read.
    Broken(String),
    /// A bound is exceeded: what was found, and what is allowed.
    TooLarge { found: String, allowed: String },
}

impl Trouble {
    /// What is broken, in our words or in those of a library.
    pub(super) fn broken(error: impl Display) -> Self {
        Self::Broken(error.to_string())
    }

    /// More of something (`what`, in both languages) than is read.
    pub(super) fn too_many(found: impl Display, allowed: impl Display, what: &str) -> Self {
        Self::TooLarge { found: format!("{found} {what}"), allowed: format!("{allowed} {what}") }
    }

    /// More of something than is read; nobody counts on to know how many.
    pub(super) fn beyond(allowed: impl Display, what: &str) -> Self {
        Self::too_many(format_args!("> {allowed}"), &allowed, what)
    }
}

thread_local! {
    /// Whether this thread is behind the fence.
    static FENCED: Cell<bool> = const { Cell::new(false) };
}

/// Runs what reads a workbook. A panic of the library is the damage of the file, and nobody needs to
/// see where in the library it was noticed.
pub(super) fn fenced<T>(read: impl FnOnce() -> Result<T, Trouble>) -> Result<T, Trouble> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !FENCED.get() {
                before(panic);
            }
        }));
    });
    let outer = FENCED.replace(true);
    let read = catch_unwind(AssertUnwindSafe(read));
    FENCED.set(outer);
    read.unwrap_or_else(|_| Err(Trouble::broken("?")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_damage() {
        let nothing: [u8; 0] = [];
        let read = fenced(|| Ok(nothing.first().copied().expect("a byte")));
        assert!(matches!(read, Err(Trouble::Broken(_))));
        assert!(matches!(fenced(|| Ok(1)), Ok(1)));
        assert!(!FENCED.get());
    }
}
