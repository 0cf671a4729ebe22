//! What the gateway reads from a request.

use std::pin::pin;

use ::http::{
    HeaderMap, HeaderName, Request,
    header::{ACCEPT, ACCEPT_LANGUAGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, UPGRADE, USER_AGENT},
};
use futures_util::future::{Either, select};
use zeroize::Zeroizing;

use crate::{
    calls::{InvalidPayload, MAX_BODY_SECONDS, MAX_PAYLOAD_BYTES},
    client::{Client, ClientAddress},
    device::DeviceFamily,
    languages::Language,
    ports::{BodyIncomplete, RequestBody, Timer},
};

/// Cloudflare sets this header, and overwrites what a client sends.
const CF_CONNECTING_IP: HeaderName = HeaderName::from_static("cf-connecting-ip");

/// The country of a request according to Cloudflare (`request.cf.country`), as an extension of the request. Unlike a header,
/// no client can set it.
#[derive(Debug, Clone)]
pub struct CfCountry(pub String);

/// Where a request was initiated, according to the browser (W3C Fetch Metadata).
pub(super) const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The request headers that the gateway reads. It ignores `Content-Type`: clients send JSON under any type.
pub const HEADERS_READ: [HeaderName; 8] = [
    CF_CONNECTING_IP,
    USER_AGENT,
    ACCEPT,
    ACCEPT_LANGUAGE,
    ACCESS_CONTROL_REQUEST_METHOD,
    ORIGIN,
    SEC_FETCH_SITE,
    UPGRADE,
];

/// Reads a body of at most [`MAX_PAYLOAD_BYTES`] that arrives within [`MAX_BODY_SECONDS`]. The bytes are wiped from
/// memory when dropped.
pub(super) async fn read_body(
    body: impl RequestBody,
    timer: &impl Timer,
) -> Result<Zeroizing<Vec<u8>>, InvalidPayload> {
    // With one byte more than allowed, a body is known to be too large.
    let body = pin!(body.read(MAX_PAYLOAD_BYTES + 1));
    let timeout = pin!(timer.sleep(MAX_BODY_SECONDS * 1000));
    match select(body, timeout).await {
        Either::Left((Ok(body), _)) if body.len() > MAX_PAYLOAD_BYTES => Err(InvalidPayload::TooLarge),
        Either::Left((Ok(body), _)) => Ok(body),
        Either::Left((Err(BodyIncomplete), _)) => Err(InvalidPayload::Incomplete),
        Either::Right(_) => Err(InvalidPayload::TooSlow),
    }
}

/// Describes the client of a request.
pub(super) fn client<B>(request: &Request<B>) -> Client {
    let headers = request.headers();
    let header = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let country = request.extensions().get().map(|CfCountry(country)| country);
    Client {
        address: ClientAddress::from_header(header(CF_CONNECTING_IP)),
        // It is shown in a mail that people trust, so anything but a country code is dropped, even if it
        // comes from Cloudflare.
        country: country
            .filter(|code| {
                code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
            })
            .cloned(),
        device: DeviceFamily::of_user_agent(header(USER_AGENT).unwrap_or_default()),
        language: language(headers),
    }
}

/// Chooses the language that the browser prefers.
pub(super) fn language(headers: &HeaderMap) -> Language {
    let header = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Language::negotiate(header.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anything_but_a_country_code_is_dropped() {
        for (stated, country) in [
            ("DE", Some("DE")),
            ("T1", Some("T1")),
            ("de", None),
            ("DEU", None),
            ("", None),
            ("yours. Visit https://evil.example", None),
        ] {
            let mut request = Request::new(());
            request.extensions_mut().insert(CfCountry(stated.to_owned()));
            assert_eq!(client(&request).country.as_deref(), country, "{stated}");
        }
    }

    #[test]
    fn a_header_does_not_set_the_country() {
        let request = Request::get("/").header("cf-ipcountry", "DE").body(()).unwrap();
        assert_eq!(client(&request).country, None);
    }
}
