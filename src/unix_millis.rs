//! Points in time as KV and D1 store them.

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z, at most [`UnixMillis::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u64")]
pub struct UnixMillis(u64);

/// A number of milliseconds exceeds [`UnixMillis::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a time must be in Unix milliseconds, at most {}", UnixMillis::MAX.0)]
pub struct TimeOutOfRange;

impl UnixMillis {
    /// The latest time that ECMAScript can represent (ECMA-262, section 21.4.1.1), in the year 275,760. An
    /// `f64`, the only number type that D1 accepts, represents every integer up to this one exactly.
    pub const MAX: Self = Self(8_640_000_000_000_000);

    /// Returns the number of milliseconds.
    #[must_use]
    pub fn as_u64(self) -> u64 {
        self.0
    }

    /// Returns the milliseconds since `earlier`, or 0 if `earlier` is later.
    #[must_use]
    pub fn millis_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Converts a number of milliseconds from a store that has only doubles. A number out of range becomes the nearest time.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates")]
    pub fn from_f64(millis: f64) -> Self {
        Self(millis as u64).min(Self::MAX)
    }

    /// Returns the time `millis` milliseconds later, or [`UnixMillis::MAX`] if that is out of range.
    #[must_use]
    pub fn plus(self, millis: u64) -> Self {
        Self(self.0.saturating_add(millis)).min(Self::MAX)
    }
}

impl TryFrom<u64> for UnixMillis {
    type Error = TimeOutOfRange;

    fn try_from(millis: u64) -> Result<Self, TimeOutOfRange> {
        if millis <= Self::MAX.0 { Ok(Self(millis)) } else { Err(TimeOutOfRange) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_time_has_passed_since_a_later_one() {
        let [earlier, later] = [7, 12].map(|millis| UnixMillis::try_from(millis).unwrap());
        assert_eq!((later.millis_since(earlier), earlier.millis_since(later)), (5, 0));
    }
}
