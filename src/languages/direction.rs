//! The direction of writing.

use std::fmt;

/// The direction in which a language is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From left to right, like English.
    LeftToRight,
    /// From right to left, like Arabic.
    RightToLeft,
}

impl Direction {
    /// Returns the invisible character to put between a label in this direction and a value such as a date.
    ///
    /// After right-to-left letters, the parts of a date would be laid out from right to left (UAX #9, rule W2). The
    /// left-to-right mark prevents that.
    #[must_use]
    pub const fn mark_before_value(self) -> &'static str {
        match self {
            Self::LeftToRight => "",
            Self::RightToLeft => "\u{200e}",
        }
    }
}

/// The value of `dir` in HTML.
impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        })
    }
}
