//! What the gateway reads from a request.

use std::error::Error;

use ::http::{
    HeaderMap, HeaderName, Request,
    header::{ACCEPT, ACCEPT_LANGUAGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, UPGRADE, USER_AGENT},
};
use http_body::Body;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use zeroize::Zeroizing;

use crate::{
    calls::{InvalidPayload, MAX_PAYLOAD_BYTES},
    client::{Client, ClientAddress},
    device::DeviceFamily,
    languages::Language,
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

/// The body of a request.
pub trait RequestBody: Body<Error: Into<Box<dyn Error + Send + Sync>>> {}

impl<B: Body<Error: Into<Box<dyn Error + Send + Sync>>>> RequestBody for B {}

/// Reads a body of at most [`MAX_PAYLOAD_BYTES`]. The bytes are wiped from memory when dropped.
pub(super) async fn read_body(body: impl RequestBody) -> Result<Zeroizing<Vec<u8>>, InvalidPayload> {
    match Limited::new(body, MAX_PAYLOAD_BYTES).collect().await {
        Ok(body) => Ok(Zeroizing::new(body.to_bytes().into())),
        Err(error) if error.is::<LengthLimitError>() => Err(InvalidPayload::TooLarge),
        Err(_) => Err(InvalidPayload::Incomplete),
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
