//! The events that the exchange gets (docs/contract.md, section 7), in the form of the
//! [Standard Webhooks specification](https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).

use std::ops::RangeInclusive;

use base64ct::{Base64, Encoding as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{secret::Secret, unix_millis::UnixMillis, user_id::UserId, utc};

/// The length of a signing secret in bytes, by the specification.
const SECRET_BYTES: RangeInclusive<usize> = 24..=64;

/// Where events go, and the secret that signs them.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// The URL of the receiver.
    pub url: String,
    /// The signing secret.
    pub secret: WebhookSecret,
}

/// A signing secret. Wiped from memory when dropped; `Debug` doesn't print it.
#[derive(Debug, Clone)]
pub struct WebhookSecret(Secret<Vec<u8>>);

impl WebhookSecret {
    /// Parses `whsec_` and the Base64 of 24 to 64 bytes. Returns `None` if the text is anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(Base64::decode_vec(text.strip_prefix("whsec_")?).ok()?);
        SECRET_BYTES.contains(&bytes.len()).then(|| Self(Secret::new(bytes)))
    }

    /// Returns the value of `webhook-signature`: a version, a comma, and the Base64 of an HMAC-SHA-256.
    fn sign(&self, id: &str, timestamp: u64, body: &str) -> String {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of any length (RFC 2104, section 2)")]
        let mac = Hmac::<Sha256>::new_from_slice(self.0.expose()).expect("a key");
        let mac = mac.chain_update(format!("{id}.{timestamp}.{body}")).finalize().into_bytes();
        format!("v1,{}", Base64::encode_string(&mac))
    }
}

/// Something that has happened to a user's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What has happened.
    pub kind: EventKind,
    /// The user's id.
    pub user_id: UserId,
    /// The unique id of the attempt that did it. It is the event's id, too.
    pub attempt_id: String,
    /// When it happened.
    pub at: UnixMillis,
}

/// What has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// The password was changed.
    PasswordChanged {
        /// Until when the change holds withdrawals, or `None` if it doesn't.
        withdrawals_held_until: Option<UnixMillis>,
    },
    /// The account was locked.
    UserLocked,
}

/// The request that delivers an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookRequest {
    /// The value of `webhook-id`. It is the same if the event is delivered again.
    pub id: String,
    /// The value of `webhook-timestamp`: the time of this delivery, in Unix seconds.
    pub timestamp: u64,
    /// The value of `webhook-signature`.
    pub signature: String,
    /// The body, in JSON. It is the same if the event is delivered again.
    pub body: String,
}

impl Event {
    /// Returns the request that delivers the event, signed at the time `now`. `country` is where the attempt came from.
    #[must_use]
    pub fn request(&self, country: Option<&str>, secret: &WebhookSecret, now: UnixMillis) -> WebhookRequest {
        let data = Data { user_id: self.user_id.as_str(), attempt_id: &self.attempt_id, country };
        let timestamp = utc::rfc3339(self.at);
        let body = match self.kind {
            EventKind::PasswordChanged { withdrawals_held_until } => to_json(&Body {
                r#type: "password.changed",
                timestamp,
                data: DataWithHold { data, withdrawals_held_until },
            }),
            EventKind::UserLocked => to_json(&Body { r#type: "user.locked", timestamp, data }),
        };
        let id = self.attempt_id.clone();
        let timestamp = now.as_u64() / 1000;
        let signature = secret.sign(&id, timestamp, &body);
        WebhookRequest { id, timestamp, signature, body }
    }
}

#[derive(Serialize)]
struct Body<D> {
    r#type: &'static str,
    timestamp: String,
    data: D,
}

#[derive(Serialize)]
struct Data<'a> {
    user_id: &'a str,
    attempt_id: &'a str,
    country: Option<&'a str>,
}

#[derive(Serialize)]
struct DataWithHold<'a> {
    #[serde(flatten)]
    data: Data<'a>,
    withdrawals_held_until: Option<UnixMillis>,
}

#[expect(clippy::expect_used, reason = "strings and numbers can always be serialized")]
fn to_json(body: &impl Serialize) -> String {
    serde_json::to_string(body).expect("serializable")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: EventKind) -> Event {
        Event {
            kind,
            user_id: UserId::try_from("5".to_owned()).unwrap(),
            attempt_id: "a1".to_owned(),
            at: UnixMillis::try_from(1_795_521_600_789).unwrap(),
        }
    }

    /// The example of the specification's reference implementations.
    #[test]
    fn a_signature_is_that_of_the_reference_implementations() {
        let secret = WebhookSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_is_the_base64_of_24_to_64_bytes() {
        let of_bytes = |count| format!("whsec_{}", Base64::encode_string(&vec![7; count]));
        assert!(
            WebhookSecret::parse(&of_bytes(24)).is_some() && WebhookSecret::parse(&of_bytes(64)).is_some()
        );
        let too_short = of_bytes(23);
        let unprefixed = &of_bytes(24)["whsec_".len()..];
        let unpadded = of_bytes(25).trim_end_matches('=').to_owned();
        let with_space = of_bytes(24) + " ";
        for invalid in ["", "whsec_", &too_short, &of_bytes(65), unprefixed, &unpadded, &with_space] {
            assert!(WebhookSecret::parse(invalid).is_none(), "{invalid}");
        }
    }

    #[test]
    fn the_body_is_as_documented() {
        let secret = WebhookSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let now = UnixMillis::try_from(1_795_521_700_999).unwrap();
        let held_until = UnixMillis::try_from(1_795_608_000_789).unwrap();
        let changed = EventKind::PasswordChanged { withdrawals_held_until: Some(held_until) };
        let request = event(changed).request(Some("DE"), &secret, now);
        assert_eq!(
            request.body,
            r#"{"type":"password.changed","timestamp":"2026-11-24T12:00:00.789Z","data":{"user_id":"5","attempt_id":"a1","country":"DE","withdrawals_held_until":1795608000789}}"#
        );
        assert_eq!((request.id.as_str(), request.timestamp), ("a1", 1_795_521_700));
        let not_held = EventKind::PasswordChanged { withdrawals_held_until: None };
        let request = event(not_held).request(None, &secret, now);
        assert!(
            request.body.ends_with(r#""country":null,"withdrawals_held_until":null}}"#),
            "{}",
            request.body
        );
        let request = event(EventKind::UserLocked).request(None, &secret, now);
        assert_eq!(
            request.body,
            r#"{"type":"user.locked","timestamp":"2026-11-24T12:00:00.789Z","data":{"user_id":"5","attempt_id":"a1","country":null}}"#
        );
    }
}
