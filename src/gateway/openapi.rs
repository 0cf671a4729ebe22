//! `GET /openapi.json`: what is served here, for machines.

use ::http::{Method, Response};

/// Where it is.
pub(super) const PATH: &str = "/openapi.json";

pub(super) fn answer(_: &Method) -> Response<String> {
    Response::new(String::new())
}
