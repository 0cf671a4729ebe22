//! `GET /health`: can what the calls need be reached? For whoever watches over this Worker.
//!
//! It writes nothing and tells no secret, and is counted against the limit of the calls.

use ::http::{Method, Request, Response, StatusCode};
use serde::Serialize;

use super::{Runtime, reply::Reply, request::client};
use crate::{
    calls::Refusal,
    settings::{InvalidSetting, Settings},
};

/// Where it is.
pub(super) const PATH: &str = "/health";

/// Looks whether what the calls need can be reached.
#[expect(async_fn_in_trait, reason = "a Worker has one thread: no future needs to be Send")]
pub trait Probe {
    /// Looks at KV, D1 and the queue, in this order, without writing.
    async fn probe(&self) -> [Probed; 3];
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Probed {
    /// Whether it answered, and in time.
    pub reachable: bool,
    /// How long that took, in milliseconds.
    pub ms: u64,
}

#[derive(Serialize)]
struct Health {
    healthy: bool,
    /// The setting that makes no sense.
    misconfigured: Option<String>,
    kv: Probed,
    d1: Probed,
    queue: Probed,
}

/// Answers 200 if all is well, else 503.
pub(super) async fn answer<B>(
    request: &Request<B>,
    settings: Result<&Settings, InvalidSetting>,
    outside: &impl Runtime,
) -> Response<String> {
    reply(request, settings, outside).await.into_response(settings.ok())
}

async fn reply<B>(
    request: &Request<B>,
    settings: Result<&Settings, InvalidSetting>,
    outside: &impl Runtime,
) -> Reply {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Reply::not_a_get();
    }
    if !outside.allows(&client(request.headers()).address).await {
        return Err(Refusal::TooManyAttempts).into();
    }
    let [kv, d1, queue] = outside.probe().await;
    let healthy = settings.is_ok() && [kv, d1, queue].iter().all(|probed| probed.reachable);
    let misconfigured = settings.err().map(|invalid| invalid.to_string());
    let status = if healthy { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    Reply::new(status, Health { healthy, misconfigured, kv, d1, queue }.to_json())
}

impl Health {
    #[expect(clippy::expect_used, reason = "bools, numbers and a string")]
    fn to_json(&self) -> String {
        serde_json::to_string(self).expect("JSON can say this")
    }
}
