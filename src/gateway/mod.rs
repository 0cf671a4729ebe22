//! How a call arrives and how its answer leaves. The HTTP status speaks of the gateway, the body of the call.

pub mod http;
mod pages;
mod request;

use ::http::{Request, Response};

pub use self::request::{HEADERS_READ, MAX_BODY_BYTES, RequestBody};
use crate::{
    calls::outside::Outside,
    settings::{InvalidSetting, Settings},
};

/// Answers a request: as a page where its path is that of one, else as a call.
pub async fn answer(
    request: Request<impl RequestBody>,
    settings: &Result<Settings, InvalidSetting>,
    outside: &impl Outside,
) -> Response<String> {
    match (pages::Page::at(request.uri().path()), settings) {
        (Some(page), Ok(settings)) => pages::answer(page, request, settings, outside).await,
        (Some(_), Err(invalid)) => pages::misconfigured(*invalid),
        (None, _) => http::answer(request, settings, outside).await,
    }
}
