//! The log of calls: one line of JSON for each call and, if the data set `CALLS` is bound, one data point in
//! Workers Analytics Engine. It contains nothing that a client sent, except the sequence number of a frame.

use std::time::Duration;

use serde::Serialize;
use worker::{
    AnalyticsEngineDataPointBuilder, AnalyticsEngineDataset, BlobType, Delay, EnvBinding as _, console_log,
    js_sys::Reflect,
};

use super::{request_tag::RequestTag, runtime::Runtime, timings::Timings};
use crate::{call_name::CallName, outcome::Outcome, ports::CallLog};

#[derive(Serialize)]
struct Line<'a> {
    call: &'a str,
    outcome: &'a str,
    errorcode: u8,
    /// Why the breach check failed, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    breach_check: Option<&'static str>,
    #[serde(flatten)]
    tag: &'a RequestTag,
    ms: &'a Timings,
}

impl CallLog for Runtime {
    fn log(&self, call: CallName, outcome: Outcome) {
        self.timings.record_total();
        let line = Line {
            call: call.as_str(),
            outcome: outcome.as_str(),
            errorcode: outcome.error_code().map_or(0, |code| code as u8),
            breach_check: self.breach_check_failure.get().map(Into::into),
            tag: &self.tag,
            ms: &self.timings,
        };
        let text = serde_json::to_string(&line).unwrap_or_default();
        // Written after the response, so that the response doesn't wait for a log consumer.
        self.context.wait_until(async move {
            Delay::from(Duration::ZERO).await;
            console_log!("{text}");
        });
        if let Err(error) = self.write_data_point(&line) {
            self.log_error(&format!("CALLS: {error}"));
        }
    }
}

impl Runtime {
    /// Writes the figures to the data set, if it is bound.
    fn write_data_point(&self, line: &Line) -> worker::Result<()> {
        let binding = Reflect::get(&self.env, &"CALLS".into())?;
        if binding.is_undefined() {
            return Ok(());
        }
        let location = line.tag.location().unwrap_or_default();
        let point = AnalyticsEngineDataPointBuilder::new()
            .indexes([line.call])
            .blobs([line.outcome, location].map(BlobType::from));
        let ms = line.ms;
        let point = [&ms.total, &ms.limit, &ms.kv, &ms.compute, &ms.queue, &ms.d1, &ms.breach_check]
            .into_iter()
            .fold(point.add_double(line.errorcode), |point, step| {
                point.add_double(u32::try_from(step.get()).unwrap_or(u32::MAX))
            });
        AnalyticsEngineDataset::get(binding)?.write_data_point(&point.build())
    }
}
