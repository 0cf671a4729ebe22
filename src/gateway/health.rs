//! `GET /health`: can what the calls need be reached? For whoever watches over this Worker.
//!
//! It writes nothing and tells no secret, and is counted against the limit of the calls.

use ::http::{Method, Request, Response, StatusCode};
use serde::Serialize;

use super::{Outside, reply::Reply, request::client};
use crate::{
    calls::Refusal,
    settings::{InvalidSetting, Settings},
};

/// Where it is.
pub(super) const PATH: &str = "/health";

/// Looks whether what the calls need can be reached.
#[expect(async_fn_in_trait, reason = "a Worker has one thread: no future needs to be Send")]
pub trait Probe {
    /// Looks, without writing.
    async fn probe(&self) -> Reach;
}

/// How far the calls reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Reach {
    /// The issued codes.
    pub kv: Probed,
    /// The exchange's users.
    pub d1: Probed,
    /// The mails.
    pub queue: Probed,
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
    #[serde(flatten)]
    reach: Reach,
}

/// Answers 200 if all is well, else 503.
pub(super) async fn answer<B>(
    request: &Request<B>,
    settings: Result<&Settings, InvalidSetting>,
    outside: &impl Outside,
) -> Response<String> {
    reply(request, settings, outside).await.into_response(settings.ok())
}

async fn reply<B>(
    request: &Request<B>,
    settings: Result<&Settings, InvalidSetting>,
    outside: &impl Outside,
) -> Reply {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Reply::not_a_get();
    }
    if !outside.allows(&client(request.headers()).address).await {
        return Err(Refusal::TooManyAttempts).into();
    }
    let reach @ Reach { kv, d1, queue } = outside.probe().await;
    let healthy = settings.is_ok() && kv.reachable && d1.reachable && queue.reachable;
    let misconfigured = settings.err().map(|invalid| invalid.to_string());
    let status = if healthy { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    Reply::new(status, Health { healthy, misconfigured, reach }.to_json())
}

impl Health {
    #[expect(clippy::expect_used, reason = "bools, numbers and a string")]
    fn to_json(&self) -> String {
        serde_json::to_string(self).expect("JSON can say this")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::nothing::{Nothing, settings_with};

    async fn healthy(
        settings: &Result<Settings, InvalidSetting>,
        outside: &Nothing,
    ) -> (u16, serde_json::Value) {
        let settings = settings.as_ref().map_err(|invalid| *invalid);
        let request = Request::get("https://gateway.example/health").body(()).unwrap();
        let response = answer(&request, settings, outside).await;
        (response.status().as_u16(), serde_json::from_str(response.body()).unwrap())
    }

    #[tokio::test]
    async fn all_must_be_well() {
        for (kv, d1, queue) in
            [(true, true, true), (false, true, true), (true, false, true), (true, true, false)]
        {
            let outside = Nothing { reachable: [kv, d1, queue], ..Nothing::default() };
            let healthy = healthy(&settings_with("", ""), &outside).await;
            let all = kv && d1 && queue;
            let expected = serde_json::json!({
                "healthy": all,
                "misconfigured": null,
                "kv": {"reachable": kv, "ms": 7},
                "d1": {"reachable": d1, "ms": 7},
                "queue": {"reachable": queue, "ms": 7},
            });
            assert_eq!(healthy, (if all { 200 } else { 503 }, expected));
        }
    }

    #[tokio::test]
    async fn a_setting_that_makes_no_sense_is_named() {
        let outside = Nothing { reachable: [true; 3], ..Nothing::default() };
        let (status, answer) = healthy(&settings_with("PASSWORD_MIN_LENGTH", "7"), &outside).await;
        assert_eq!((status, &answer["healthy"]), (503, &false.into()));
        assert!(answer["misconfigured"].as_str().unwrap().contains("PASSWORD_MIN_LENGTH"));
    }
}
