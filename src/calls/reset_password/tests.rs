use std::cell::RefCell;

use super::*;
use crate::{
    client::{Client, ClientAddress},
    device::DeviceFamily,
    languages::Language,
    settings::{Setting, Settings},
    unix_millis::UnixMillis,
};

const NOW: UnixMillis = UnixMillis::MAX;

/// A queue that fails on demand.
#[derive(Default)]
struct Fake {
    limited: bool,
    no_randomness: bool,
    enqueue_error: Option<EnqueueError>,
    enqueued: RefCell<Vec<Message>>,
}

impl CallLimit for Fake {
    async fn count_call(&self, _: &ClientAddress) -> bool {
        !self.limited
    }
}

impl Clock for Fake {
    fn now(&self) -> UnixMillis {
        NOW
    }
}

impl Randomness for Fake {
    fn random<const N: usize>(&self) -> Result<[u8; N], Unavailable> {
        if self.no_randomness { Err(Unavailable) } else { Ok([7; N]) }
    }
}

impl Outbox for Fake {
    async fn enqueue(&self, messages: &[Message]) -> Result<(), EnqueueError> {
        self.enqueued.borrow_mut().extend_from_slice(messages);
        self.enqueue_error.map_or(Ok(()), Err)
    }
}

impl Fake {
    async fn call(&self, payload: &str) -> Result<(), ResetPasswordError> {
        self.call_with(Ok(payload.as_bytes()), "no-reply@exchange.example").await
    }

    async fn call_with(
        &self,
        payload: Result<&[u8], InvalidPayload>,
        mail_from: &str,
    ) -> Result<(), ResetPasswordError> {
        let settings = Settings::with(Setting::MailFrom, mail_from);
        let client = Client {
            address: ClientAddress::from_header(Some("203.0.113.7")),
            country: None,
            device: DeviceFamily::Other,
            language: Language::Japanese,
        };
        let settings = settings.as_ref().map_err(|invalid| *invalid);
        reset_password(&CallRequest { payload, client: &client, settings }, self).await
    }
}

const ALICE: &str = r#"{"username":"alice","extra":1}"#;

#[tokio::test]
async fn any_user_name_is_enqueued_as_it_was_sent() {
    let fake = Fake::default();
    assert_eq!(fake.call(ALICE).await, Ok(()));
    let [Message::ResetPassword { request_id, user_name, requested_at, language }] =
        &fake.enqueued.borrow()[..]
    else {
        panic!("not one request")
    };
    assert_eq!((user_name.as_str(), *language), ("alice", Language::Japanese));
    assert_eq!(request_id.len(), 36);
    assert_eq!(*requested_at, Some(NOW));
}

#[tokio::test]
async fn an_invalid_payload_is_rejected_with_its_rule() {
    let fake = Fake::default();
    for (payload, invalid) in [
        ("", InvalidJson::NotAnObject),
        ("{}", InvalidJson::Missing("UserName")),
        (r#"{"UserName":5}"#, InvalidJson::NotAString("UserName")),
        (r#"{"UserName":""}"#, InvalidJson::Empty("UserName")),
        (r#"{"UserName":"a\u0000"}"#, InvalidJson::ContainsNul("UserName")),
        (r#"{"UserName":"a","USERNAME":"b"}"#, InvalidJson::Repeated("UserName")),
    ] {
        assert_eq!(fake.call(payload).await, Err(invalid.into()), "{payload}");
    }
    let too_large = fake.call_with(Err(InvalidPayload::TooLarge), "a@exchange.example").await;
    assert_eq!(too_large, Err(InvalidPayload::TooLarge.into()));
    assert!(fake.enqueued.borrow().is_empty());
}

#[tokio::test]
async fn each_failure_has_its_error() {
    let limited = Fake { limited: true, ..Fake::default() };
    assert_eq!(limited.call(ALICE).await, Err(ResetPasswordError::TooManyAttempts));
    let no_randomness = Fake { no_randomness: true, ..Fake::default() };
    assert_eq!(no_randomness.call(ALICE).await, Err(ResetPasswordError::Unavailable));
    let misconfigured = Fake::default().call_with(Ok(ALICE.as_bytes()), "").await;
    assert_eq!(misconfigured, Err(InvalidSetting(Setting::MailFrom).into()));
    for (enqueue_error, error) in [
        (EnqueueError::NotEnqueued, ResetPasswordError::Unavailable),
        (EnqueueError::Unclear, ResetPasswordError::Unclear),
    ] {
        let fake = Fake { enqueue_error: Some(enqueue_error), ..Fake::default() };
        assert_eq!(fake.call(ALICE).await, Err(error));
    }
}
