//! The service that knows breached passwords, over HTTP and with the Cache API.

use std::time::Duration;

use worker::{
    Cache, Delay, ResponseBuilder,
    js_sys::{Promise, futures::JsFuture, global},
    wasm_bindgen::{JsCast as _, JsValue},
    web_sys,
};

use super::{body::read_at_most, runtime::Runtime};
use crate::{
    password::BreachList,
    ports::{BreachCheckFailure, BreachedPasswords},
};

/// The most bytes of a list: several times as many as the longest one of Have I Been Pwned.
const MAX_BYTES: usize = 256 * 1024;

/// How long a list stays in the cache of a location, in seconds. A breach becomes known after months.
const CACHE_SECONDS: u32 = 86_400;

/// How long a request may take, in milliseconds: longer than anybody waits for it. On a WebSocket, requests that nobody
/// waits for would add up.
const MAX_MILLIS: u32 = 5000;

/// How long the Worker waits before it computes: the runtime sends a request while the Worker waits. A timer of zero is
/// too short for the connection to open.
const SENDING: Duration = Duration::from_millis(5);

impl BreachedPasswords for Runtime {
    async fn request_list(
        &self,
        url: String,
    ) -> impl Future<Output = Result<BreachList, BreachCheckFailure>> {
        let cached = Cache::default().get(&url, false).await.ok().flatten();
        let is_cached = cached.is_some();
        let response = match cached {
            Some(cached) => Ok(Promise::resolve(&JsValue::from(web_sys::Response::from(cached))).into()),
            None => send(&url),
        };
        Delay::from(SENDING).await;
        async move {
            self.timings.record_compute().await;
            let text = self.timings.time(&self.timings.breach_check, receive(response)).await;
            let text = text.map_err(|_| BreachCheckFailure::Unavailable)?;
            let list = BreachList::parse(text).map_err(|_| BreachCheckFailure::InvalidResponse)?;
            if !is_cached {
                self.cache(url, &list);
            }
            Ok(list)
        }
    }

    fn note_breach_check_failure(&self, failure: BreachCheckFailure) {
        // If there was no response, the step hasn't ended.
        self.timings.record_since_last(&self.timings.breach_check);
        self.breach_check_failure.set(Some(failure));
    }
}

impl Runtime {
    /// Caches a list after the response.
    fn cache(&self, url: String, list: &BreachList) {
        let response = ResponseBuilder::new()
            .with_header("Cache-Control", &format!("max-age={CACHE_SECONDS}"))
            .and_then(|builder| builder.ok(list.as_str()));
        if let Ok(response) = response {
            self.context.wait_until(async move {
                // A list that isn't cached is requested again.
                let _ = Cache::default().put(url, response).await;
            });
        }
    }
}

/// Sends a request. Unlike `worker::Fetch`, it does so at once, not when the response is awaited.
fn send(url: &str) -> Result<JsFuture, JsValue> {
    let headers = web_sys::Headers::new()?;
    // Without padding, the size of the encrypted response might reveal which list it is.
    headers.set("Add-Padding", "true")?;
    headers.set("User-Agent", "reset-password2")?;
    let init = web_sys::RequestInit::new();
    init.set_headers(&headers);
    init.set_redirect(web_sys::RequestRedirect::Manual);
    init.set_signal(Some(&web_sys::AbortSignal::timeout_with_u32(MAX_MILLIS)));
    let request = web_sys::Request::new_with_str_and_init(url, &init)?;
    let promise = global().unchecked_into::<web_sys::WorkerGlobalScope>().fetch_with_request(&request);
    // The future handles a rejection even if nobody awaits it.
    Ok(promise.into())
}

/// Waits for a response, and reads its body.
async fn receive(response: Result<JsFuture, JsValue>) -> Result<String, JsValue> {
    let response: web_sys::Response = response?.await?.unchecked_into();
    let body = response.body().filter(|_| response.status() == 200).ok_or(JsValue::UNDEFINED)?;
    let bytes = read_at_most(&body, MAX_BYTES).await?;
    String::from_utf8(bytes.to_vec()).map_err(|_| JsValue::UNDEFINED)
}
