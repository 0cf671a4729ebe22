//! The wrapper for values that must not be logged.

use std::fmt;

use zeroize::{Zeroize, Zeroizing};

/// A value that `Debug` doesn't print, and that is wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret<T: Zeroize>(Zeroizing<T>);

impl<T: Zeroize> Secret<T> {
    /// Wraps a value.
    pub(crate) fn new(value: impl Into<Zeroizing<T>>) -> Self {
        Self(value.into())
    }

    /// Returns the value.
    pub(crate) fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_does_not_print_it() {
        assert_eq!(format!("{:?}", Some(Secret::<String>::new("hunter2".to_owned()))), "Some(…)");
    }
}
