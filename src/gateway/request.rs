//! What is read of a request.

use std::error::Error;

use ::http::{
    HeaderMap, HeaderName,
    header::{ACCEPT_LANGUAGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, UPGRADE, USER_AGENT},
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

/// Set by Cloudflare, whatever a client sends.
const CF_CONNECTING_IP: HeaderName = HeaderName::from_static("cf-connecting-ip");
const CF_IPCOUNTRY: HeaderName = HeaderName::from_static("cf-ipcountry");

/// The request headers that are read. A call's Content-Type is not: clients send its JSON under any.
pub const HEADERS_READ: [HeaderName; 7] = [
    CF_CONNECTING_IP,
    CF_IPCOUNTRY,
    USER_AGENT,
    ACCEPT_LANGUAGE,
    ACCESS_CONTROL_REQUEST_METHOD,
    ORIGIN,
    UPGRADE,
];

/// The body of a request.
pub trait RequestBody: Body<Error: Into<Box<dyn Error + Send + Sync>>> {}

impl<B: Body<Error: Into<Box<dyn Error + Send + Sync>>>> RequestBody for B {}

/// Reads a body, and no more of it than may be.
pub(super) async fn read(body: impl RequestBody) -> Result<Zeroizing<Vec<u8>>, InvalidPayload> {
    match Limited::new(body, MAX_PAYLOAD_BYTES).collect().await {
        Ok(body) => Ok(Zeroizing::new(body.to_bytes().into())),
        Err(error) if error.is::<LengthLimitError>() => Err(InvalidPayload::TooLarge),
        Err(_) => Err(InvalidPayload::CutOff),
    }
}

/// What the headers tell of the client.
pub(super) fn client(headers: &HeaderMap) -> Client {
    let header = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    Client {
        address: ClientAddress::from_header(header(CF_CONNECTING_IP)),
        // What is shown in a mail must be what it says it is, whoever set the header.
        country: header(CF_IPCOUNTRY)
            .filter(|code| {
                code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
            })
            .map(str::to_owned),
        device: DeviceFamily::of_user_agent(header(USER_AGENT).unwrap_or_default()),
        language: Language::negotiate(header(ACCEPT_LANGUAGE).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use ::http::HeaderValue;

    use super::*;

    /// It stands in a mail that people trust.
    #[test]
    fn a_country_is_two_letters_or_nothing() {
        for (header, country) in [
            ("DE", Some("DE")),
            ("T1", Some("T1")),
            ("de", None),
            ("DEU", None),
            ("", None),
            ("yours. Visit https://evil.example", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CF_IPCOUNTRY, HeaderValue::from_static(header));
            assert_eq!(client(&headers).country.as_deref(), country, "{header}");
        }
    }
}
