//! The events that the exchange gets: what to tell it, from the D1 database `EXCHANGE`, and its receiver, over HTTP.

use worker::{
    js_sys::{futures::JsFuture, global},
    wasm_bindgen::{JsCast as _, JsValue},
    web_sys,
};

use super::runtime::Runtime;
use crate::{
    ports::{AttemptResult, EventLog, Unavailable, WebhookReceiver},
    sql::events::{self, EventRow},
    unix_millis::UnixMillis,
    webhook::WebhookRequest,
};

/// How long a delivery may take, in milliseconds.
const MAX_MILLIS: u32 = 10_000;

impl EventLog for Runtime {
    async fn find_event(
        &self,
        attempt_id: &str,
        commit_before: UnixMillis,
    ) -> Result<AttemptResult, Unavailable> {
        let results = self.run([events::find_event(attempt_id, commit_before)]).await?;
        let row: Option<EventRow> = self.rows(results.last())?.pop();
        row.map(|row| row.result(attempt_id)).ok_or(Unavailable)
    }

    async fn record_event_delivery(&self) -> Result<(), Unavailable> {
        self.run([events::record_event_delivery()]).await.map(|_| ())
    }
}

impl WebhookReceiver for Runtime {
    async fn post(&self, url: &str, request: &WebhookRequest) -> Result<(), Unavailable> {
        let problem = match send(url, request).await {
            Ok(status) if (200..300).contains(&status) => return Ok(()),
            Ok(status) => format!("status {status}"),
            // The message may quote the URL, which may have a secret in its query.
            Err(error) => {
                let error = error.dyn_into::<worker::js_sys::Error>();
                format!("no response: {}", error.map_or_else(|_| String::new(), |error| error.name().into()))
            }
        };
        self.log_error(&format!("WEBHOOK_URL: {problem}"));
        Err(Unavailable)
    }
}

/// Sends a request, and returns the status of the response.
async fn send(url: &str, request: &WebhookRequest) -> Result<u16, JsValue> {
    let headers = web_sys::Headers::new()?;
    for (name, value) in [
        ("Content-Type", "application/json"),
        ("User-Agent", "reset-password2"),
        ("webhook-id", &request.id),
        ("webhook-timestamp", &request.timestamp.to_string()),
        ("webhook-signature", &request.signature),
    ] {
        headers.set(name, value)?;
    }
    let init = web_sys::RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&request.body.as_str().into());
    init.set_redirect(web_sys::RequestRedirect::Manual);
    init.set_signal(Some(&web_sys::AbortSignal::timeout_with_u32(MAX_MILLIS)));
    let request = web_sys::Request::new_with_str_and_init(url, &init)?;
    let response = global().unchecked_into::<web_sys::WorkerGlobalScope>().fetch_with_request(&request);
    let response: web_sys::Response = JsFuture::from(response).await?.unchecked_into();
    // Nobody reads the body, which must not keep the connection open.
    if let Some(body) = response.body() {
        let _ = JsFuture::from(body.cancel()).await;
    }
    Ok(response.status())
}
