//! Conversions between the runtime's requests and responses and those of the `http` crate.

use futures_util::stream;
use http::{HeaderValue, header::CONTENT_LENGTH};
use http_body::Frame;
use http_body_util::{Either, StreamBody};
use worker::{
    js_sys::{Reflect, Uint8Array, futures::JsFuture},
    wasm_bindgen::JsValue,
    web_sys,
};

use crate::{
    calls::MAX_PAYLOAD_BYTES,
    gateway::{CfCountry, HEADERS_READ, RequestBody},
};

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
pub(super) fn from_js(
    request: web_sys::Request,
) -> Result<http::Request<impl RequestBody + use<>>, http::Error> {
    let headers = request.headers();
    let country = country(&request);
    let mut converted = http::Request::builder()
        .method(request.method().as_str())
        .uri(request.url())
        .body(body(request, &headers))?;
    if let Some(country) = country {
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

/// Returns the body of a request, which is read when it is polled.
///
/// A body with a small `Content-Length` is read in one go, which takes a fraction of the time. Any other body
/// may be endless, so it is read in chunks, and the gateway can stop.
fn body(request: web_sys::Request, headers: &web_sys::Headers) -> impl RequestBody + use<> {
    let length = headers.get(CONTENT_LENGTH.as_str()).ok().flatten();
    let is_small = length
        .and_then(|length| length.parse().ok())
        .is_some_and(|length: usize| length <= MAX_PAYLOAD_BYTES);
    if !is_small {
        return Either::Right(request.body().map_or_else(worker::Body::empty, worker::Body::new));
    }
    let bytes = async move {
        let buffer = JsFuture::from(request.array_buffer()?).await?;
        Ok::<_, worker::Error>(Frame::data(Uint8Array::new(&buffer).to_vec().into()))
    };
    Either::Left(Box::pin(StreamBody::new(stream::once(bytes))))
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
