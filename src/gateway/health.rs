//! `GET /health`: whether the Worker can do its job, for monitoring.
//!
//! It writes nothing, discloses no secret, and has a rate limit of its own: an image on another
//! site must not use up a visitor's calls.

use ::http::{Method, Request, Response, StatusCode};
use serde::Serialize;

use super::{json_response::JsonResponse, request::client};
use crate::{
    outcome::Outcome,
    ports::{Check, GatewayPorts, Health},
    settings::{InvalidSetting, Settings},
    standard_response::StandardResponse,
    utc,
};

#[derive(Serialize)]
struct Report {
    healthy: bool,
    /// The invalid setting and its rule.
    misconfigured: Option<String>,
    #[serde(flatten)]
    services: Option<Services>,
}

#[derive(Serialize)]
struct Services {
    kv: Check,
    d1: Check,
    queue: Check,
    /// In RFC 3339, or `null` if no event was delivered so far.
    last_event_delivered_at: Option<String>,
}

impl From<Health> for Services {
    fn from(Health { kv, d1, queue, last_event_delivered_at }: Health) -> Self {
        Self { kv, d1, queue, last_event_delivered_at: last_event_delivered_at.map(utc::rfc3339) }
    }
}

/// Responds with 200 if everything works, and with 503 otherwise.
pub(super) async fn handle<B>(
    methods: &'static str,
    request: &Request<B>,
    settings: Result<&Settings, InvalidSetting>,
    ports: &impl GatewayPorts,
) -> Response<String> {
    let response = if !matches!(*request.method(), Method::GET | Method::HEAD) {
        JsonResponse::method_not_allowed(methods, "Use GET or HEAD here.")
    } else if ports.count_health_check(&client(request).address).await {
        let health = ports.check_health().await;
        let healthy =
            settings.is_ok() && health.kv.reachable && health.d1.reachable && health.queue.reachable;
        let misconfigured = settings.err().map(|invalid| invalid.to_string());
        report(&Report { healthy, misconfigured, services: Some(health.into()) })
    } else {
        JsonResponse::too_many_requests(&StandardResponse::failure(
            Outcome::TooManyAttempts,
            "Too many requests from your network. Wait a minute, then try again.",
        ))
    };
    response.into_response(settings.ok())
}

/// Returns the response to a health check during which the Worker panicked.
pub(super) fn after_panic() -> Response<String> {
    report(&Report { healthy: false, misconfigured: None, services: None }).into_response(None)
}

#[expect(clippy::expect_used, reason = "Booleans, numbers, and strings can always be serialized")]
fn report(report: &Report) -> JsonResponse {
    let status = if report.healthy { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    JsonResponse::new(status, serde_json::to_string(report).expect("serializable"))
}
