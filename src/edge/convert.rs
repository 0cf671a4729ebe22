//! Conversions between the runtime's requests and responses and those of the `http` crate.

use http::HeaderValue;
use worker::{js_sys::Reflect, wasm_bindgen::JsValue, web_sys};

use super::body::RuntimeBody;
use crate::gateway::{CfCountry, HEADERS_READ};

/// The response header that contains the id of the request.
pub(super) const REQUEST_ID: &str = "X-Request-Id";

/// Converts a request, with only the headers that the gateway reads.
///
/// The conversion in the `worker` crate copies all headers, which takes time, and fails on headers that are not ASCII, which
/// any client may send.
///
/// # Errors
///
/// The URL or the method can't be parsed.
pub(super) fn from_js(request: &web_sys::Request) -> Result<http::Request<RuntimeBody>, http::Error> {
    let headers = request.headers();
    let mut converted = http::Request::builder()
        .method(request.method().as_str())
        .uri(request.url())
        .body(RuntimeBody::new(request))?;
    if let Some(country) = country(request) {
        converted.extensions_mut().insert(CfCountry(country));
    }
    for name in HEADERS_READ {
        let value = headers.get(name.as_str()).ok().flatten();
        if let Some(Ok(value)) = value.map(|value| HeaderValue::try_from(value.into_bytes())) {
            converted.headers_mut().insert(name, value);
        }
    }
    Ok(converted)
}

/// Returns `request.cf.country`.
fn country(request: &web_sys::Request) -> Option<String> {
    let cf = Reflect::get(request, &"cf".into()).ok()?;
    Reflect::get(&cf, &"country".into()).ok()?.as_string()
}

/// Converts a response, and adds the id of its request.
///
/// # Errors
///
/// What the runtime threw. It accepts every response that the gateway creates.
pub(super) fn to_js(
    response: &http::Response<String>,
    request_id: &str,
) -> Result<web_sys::Response, JsValue> {
    let headers = web_sys::Headers::new()?;
    for (name, value) in response.headers() {
        headers.append(name.as_str(), &String::from_utf8_lossy(value.as_bytes()))?;
    }
    headers.append(REQUEST_ID, request_id)?;
    let init = web_sys::ResponseInit::new();
    init.set_status(response.status().as_u16());
    init.set_headers(&headers);
    // A 204 must not have a body, not even an empty one.
    let body = Some(response.body().as_str()).filter(|body| !body.is_empty());
    web_sys::Response::new_with_opt_str_and_init(body, &init)
}
