//! The table of the figures.

use std::time::Duration;

/// The times of one thing.
#[derive(Default)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    pub(crate) fn push(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// The median, in milliseconds.
    fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        sorted[sorted.len() / 2].as_secs_f64() * 1000.0
    }
}

/// Prints each figure when it is added, and remembers whether one exceeds its bound.
pub(crate) struct Figures {
    within_bounds: bool,
}

impl Figures {
    pub(crate) fn new() -> Self {
        println!("{:<50}{:>10}{:>10}{:>7}{:>7}", "", "ours", "theirs", "ratio", "bound");
        Self { within_bounds: true }
    }

    /// Adds a ratio of medians.
    pub(crate) fn add(&mut self, what: &str, ours: &Times, theirs: &Times, bound: f64) {
        let (ours, theirs) = (ours.median(), theirs.median());
        let ratio = ours / theirs;
        let verdict = if ratio <= bound { "" } else { "  exceeded" };
        println!("{what:<50}{ours:>7.2} ms{theirs:>7.2} ms{ratio:>7.2}{bound:>7.2}{verdict}");
        self.within_bounds &= ratio <= bound;
    }

    pub(crate) fn are_within_bounds(&self) -> bool {
        self.within_bounds
    }
}
