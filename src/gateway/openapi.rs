//! `GET /openapi.json`: the calls, described for machines.
//!
//! The document is `docs/openapi.json`. The tests below hold its examples against what this code says;
//! `tests/openapi` holds the whole of it against the Worker.

use ::http::{HeaderValue, Method, Response, StatusCode, header::CACHE_CONTROL};

use super::reply::Reply;

/// Where the document is.
pub(super) const PATH: &str = "/openapi.json";

const DOCUMENT: &str = include_str!("../../docs/openapi.json");

/// Answers a request for the document. Nothing in it is a secret, nor a setting: any page may read it, and anyone keep it.
pub(super) fn answer(method: &Method) -> Response<String> {
    let reply = match *method {
        Method::GET | Method::HEAD => Reply::new(StatusCode::OK, DOCUMENT.to_owned())
            .with(CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600")),
        _ => Reply::not_a_get(),
    };
    reply.into_response(None)
}

#[cfg(test)]
mod tests;
