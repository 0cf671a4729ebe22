//! Points in time, as KV and D1 store them.

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z, at most [`UnixMillis::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u64")]
pub struct UnixMillis(u64);

/// The number of milliseconds is past [`UnixMillis::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a time must be in Unix milliseconds, at most {}", UnixMillis::MAX.0)]
pub struct TimeOutOfRange;

impl UnixMillis {
    /// The last moment of ECMAScript (ECMA-262, section 21.4.1.1), in the year 275,760. An `f64`, the only number that
    /// D1 takes, holds every whole number up to there.
    pub const MAX: Self = Self(8_640_000_000_000_000);

    /// The number of milliseconds.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "see MAX")]
    pub fn as_f64(self) -> f64 {
        self.0 as f64
    }

    /// The milliseconds since `earlier`; 0 if it is later.
    #[must_use]
    pub fn millis_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// A number of milliseconds from a store that has only doubles; what is out of range becomes the nearest time.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates")]
    pub fn from_f64(millis: f64) -> Self {
        Self(millis as u64).min(Self::MAX)
    }

    /// The time `millis` milliseconds later, or [`UnixMillis::MAX`].
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
