//! What is told of a call afterwards: one line of JSON in the log and, where the data set `CALLS` is bound, one point in
//! Workers Analytics Engine. Nothing that a client sent is in it, but the number of a frame.

use std::{cell::Cell, time::Duration};

use serde::Serialize;
use worker::{
    AnalyticsEngineDataPointBuilder, AnalyticsEngineDataset, BlobType, Delay, EnvBinding as _, console_log,
    js_sys::Reflect,
};

use super::{Edge, now, request_tag::RequestTag};
use crate::{
    calls::{Call, Refusal, standard_response::StandardResponse},
    gateway::CallLog,
    unix_millis::UnixMillis,
};

/// What one call takes, step by step, in milliseconds.
#[derive(Serialize)]
pub(super) struct Trace {
    pub(super) limit: Cell<u64>,
    pub(super) kv: Cell<u64>,
    compute: Cell<u64>,
    pub(super) queue: Cell<u64>,
    pub(super) d1: Cell<u64>,
    total: Cell<u64>,
    #[serde(skip)]
    began: UnixMillis,
    #[serde(skip)]
    last_step_ended: Cell<UnixMillis>,
}

impl Trace {
    pub(super) fn new() -> Self {
        let now = now();
        Self {
            limit: Cell::default(),
            kv: Cell::default(),
            compute: Cell::default(),
            queue: Cell::default(),
            d1: Cell::default(),
            total: Cell::default(),
            began: now,
            last_step_ended: Cell::new(now),
        }
    }

    /// Takes the time of a step. What is done twice is added up.
    pub(super) async fn step<T>(&self, step: &Cell<u64>, work: impl Future<Output = T>) -> T {
        let start = now();
        let result = work.await;
        self.took(step, start);
        result
    }

    /// Takes the time of what was computed since the last step. A Worker's clock stands still while it computes, so it is
    /// given the chance to move on: a timer of no time.
    pub(super) async fn computed(&self) {
        Delay::from(Duration::ZERO).await;
        self.took(&self.compute, self.last_step_ended.get());
    }

    fn took(&self, step: &Cell<u64>, start: UnixMillis) {
        let end = now();
        step.set(step.get() + end.millis_since(start));
        self.last_step_ended.set(end);
    }
}

#[derive(Serialize)]
struct Line<'a> {
    call: &'a str,
    outcome: &'a str,
    errorcode: u8,
    #[serde(flatten)]
    tag: &'a RequestTag,
    ms: &'a Trace,
}

impl CallLog for Edge {
    fn log(&self, call: Call, outcome: Result<(), Refusal>) {
        self.trace.total.set(now().millis_since(self.trace.began));
        let line = Line {
            call: call.name(),
            outcome: outcome.map_or_else(Refusal::name, |()| "done"),
            errorcode: StandardResponse::from(outcome).errorcode(),
            tag: &self.tag,
            ms: &self.trace,
        };
        let text = serde_json::to_string(&line).unwrap_or_default();
        // Behind the answer, which need not wait for whoever listens to the log.
        self.context.wait_until(async move {
            Delay::from(Duration::ZERO).await;
            console_log!("{text}");
        });
        if let Err(error) = self.measure(&line) {
            self.error(&format!("CALLS: {error}"));
        }
    }
}

impl Edge {
    /// Writes the same figures to the data set, if there is one.
    fn measure(&self, line: &Line) -> worker::Result<()> {
        let binding = Reflect::get(&self.env, &"CALLS".into())?;
        if binding.is_undefined() {
            return Ok(());
        }
        let location = line.tag.location().unwrap_or_default();
        let point = AnalyticsEngineDataPointBuilder::new()
            .indexes([line.call])
            .blobs([line.outcome, location].map(BlobType::from));
        let ms = line.ms;
        let point = [&ms.total, &ms.limit, &ms.kv, &ms.compute, &ms.queue, &ms.d1]
            .into_iter()
            .fold(point.add_double(line.errorcode), |point, step| {
                point.add_double(u32::try_from(step.get()).unwrap_or(u32::MAX))
            });
        AnalyticsEngineDataset::get(binding)?.write_data_point(&point.build())
    }
}
