//! The table of the figures.

use std::time::Duration;

/// The times of one thing, in milliseconds.
#[derive(Default)]
pub(crate) struct Times(Vec<f64>);

impl Times {
    pub(crate) fn push(&mut self, time: Duration) {
        self.0.push(time.as_secs_f64() * 1000.0);
    }
}

/// Prints each figure when it is added, and remembers whether one exceeds its bound.
pub(crate) struct Figures {
    within_bounds: bool,
}

impl Figures {
    pub(crate) fn new() -> Self {
        println!("{:<46}{:>10}{:>10}{:>7}{:>7}", "", "ours", "theirs", "ratio", "bound");
        Self { within_bounds: true }
    }

    /// Adds a figure: the median times, and the median ratio of times from the same round. Unlike the ratio of the medians,
    /// it stays the same if the machine becomes busy in the middle of the run.
    pub(crate) fn add(&mut self, what: &str, ours: &Times, theirs: &Times, bound: f64) {
        let ratio = median(ours.0.iter().zip(&theirs.0).map(|(ours, theirs)| ours / theirs));
        let (ours, theirs) = (median(ours.0.iter().copied()), median(theirs.0.iter().copied()));
        let verdict = if ratio <= bound { "" } else { "  exceeded" };
        println!("{what:<46}{ours:>7.2} ms{theirs:>7.2} ms{ratio:>7.2}{bound:>7.2}{verdict}");
        self.within_bounds &= ratio <= bound;
    }

    pub(crate) fn are_within_bounds(&self) -> bool {
        self.within_bounds
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
