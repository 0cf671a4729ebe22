//! How long each step of a call took.

use std::{cell::Cell, time::Duration};

use serde::Serialize;
use worker::Delay;

use super::clock::now;
use crate::unix_millis::UnixMillis;

/// The time that each step of a call took, in milliseconds.
#[derive(Serialize)]
pub(super) struct Timings {
    pub(super) limit: Cell<u64>,
    pub(super) kv: Cell<u64>,
    pub(super) compute: Cell<u64>,
    pub(super) breach_check: Cell<u64>,
    pub(super) queue: Cell<u64>,
    pub(super) d1: Cell<u64>,
    pub(super) total: Cell<u64>,
    #[serde(skip)]
    started_at: UnixMillis,
    #[serde(skip)]
    last_step_ended_at: Cell<UnixMillis>,
}

impl Timings {
    /// Starts measuring.
    pub(super) fn start() -> Self {
        let now = now();
        Self {
            limit: Cell::default(),
            kv: Cell::default(),
            compute: Cell::default(),
            breach_check: Cell::default(),
            queue: Cell::default(),
            d1: Cell::default(),
            total: Cell::default(),
            started_at: now,
            last_step_ended_at: Cell::new(now),
        }
    }

    /// Measures a step. The times of a step that runs twice are added up.
    pub(super) async fn time<T>(&self, step: &Cell<u64>, work: impl Future<Output = T>) -> T {
        let start = now();
        let result = work.await;
        self.add(step, start);
        result
    }

    /// Records the computation since the last step.
    ///
    /// A Worker's clock stands still while the Worker computes. Waiting for a timer of zero seconds lets it catch up.
    pub(super) async fn record_compute(&self) {
        Delay::from(Duration::ZERO).await;
        self.record_since_last(&self.compute);
    }

    /// Records a step that took all the time since the last one.
    pub(super) fn record_since_last(&self, step: &Cell<u64>) {
        self.add(step, self.last_step_ended_at.get());
    }

    /// Records the time since the start.
    pub(super) fn record_total(&self) {
        self.total.set(now().millis_since(self.started_at));
    }

    fn add(&self, step: &Cell<u64>, start: UnixMillis) {
        let end = now();
        step.set(step.get() + end.millis_since(start));
        self.last_step_ended_at.set(end);
    }
}
