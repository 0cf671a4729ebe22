//! The event that tells the exchange what an attempt has done.

use super::{send::mark_sent, status::Status};
use crate::{
    ports::{AttemptResult, Clock, EventLog, Timer, Unavailable, WebhookReceiver},
    settings::Settings,
    unix_millis::UnixMillis,
};

/// What Cloudflare says if it doesn't know the country of an address.
const UNKNOWN_COUNTRY: &str = "XX";

/// Delivers the event of an attempt, if the attempt committed.
///
/// Like a notice, its message was enqueued before the attempt and is delivered again until the attempt has committed or no longer
/// can. Unlike a mail, an event may be delivered twice: its receiver knows it by its id. Without a receiver, the message waits: a
/// version of the Worker with one may be running as well, or the setting may come back.
pub(super) async fn send_event(
    attempt_id: &str,
    commit_before: UnixMillis,
    country: Option<&str>,
    settings: &Settings,
    ports: &(impl Clock + EventLog + Timer + WebhookReceiver),
) -> Result<Status, Unavailable> {
    let Some(webhook) = &settings.webhook else { return Ok(Status::Retry) };
    let event = match ports.find_event(attempt_id, commit_before).await? {
        AttemptResult::Committed(event) => event,
        AttemptResult::MayCommit => return Ok(Status::Retry),
        AttemptResult::NothingChanged => return Ok(Status::Done),
    };
    let country = country.filter(|country| *country != UNKNOWN_COUNTRY);
    let request = event.request(country, &webhook.secret, ports.now());
    ports.post(&webhook.url, &request).await?;
    mark_sent(ports, async || ports.record_event_delivery().await).await;
    Ok(Status::Done)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::{
        settings::WrongType,
        user_id::UserId,
        webhook::{Event, EventKind, WebhookRequest},
    };

    const NOW: u64 = 1_795_521_600_000;
    const URL: &str = "https://exchange.example/events";

    struct Fake {
        result: AttemptResult,
        fails: &'static str,
        country: &'static str,
        port_calls: RefCell<Vec<&'static str>>,
        posted: RefCell<Option<WebhookRequest>>,
    }

    impl Fake {
        fn new(result: AttemptResult) -> Self {
            Self {
                result,
                fails: "",
                country: "DE",
                port_calls: RefCell::default(),
                posted: RefCell::default(),
            }
        }

        fn call(&self, port: &'static str) -> Result<(), Unavailable> {
            self.port_calls.borrow_mut().push(port);
            if self.fails == port { Err(Unavailable) } else { Ok(()) }
        }

        async fn deliver(&self, url: &str) -> Result<Status, Unavailable> {
            let settings = Settings::read(|name| -> Result<_, WrongType> {
                Ok(match name {
                    "PUBLIC_URL" => Some("https://reset.example".to_owned()),
                    "MAIL_FROM" => Some("no-reply@exchange.example".to_owned()),
                    "WEBHOOK_URL" => Some(url.to_owned()),
                    "WEBHOOK_SECRET" => Some("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned()),
                    _ => None,
                })
            });
            let deadline = UnixMillis::try_from(NOW + 120_000).unwrap();
            send_event("a1", deadline, Some(self.country), &settings.unwrap(), self).await
        }
    }

    impl Clock for Fake {
        fn now(&self) -> UnixMillis {
            NOW.try_into().unwrap()
        }
    }

    impl Timer for Fake {
        async fn sleep(&self, _: u64) {}
    }

    impl EventLog for Fake {
        async fn find_event(&self, id: &str, deadline: UnixMillis) -> Result<AttemptResult, Unavailable> {
            assert_eq!((id, deadline.as_u64()), ("a1", NOW + 120_000));
            self.call("find")?;
            Ok(self.result.clone())
        }

        async fn record_event_delivery(&self) -> Result<(), Unavailable> {
            self.call("record")
        }
    }

    impl WebhookReceiver for Fake {
        async fn post(&self, url: &str, request: &WebhookRequest) -> Result<(), Unavailable> {
            assert_eq!(url, URL);
            self.call("post")?;
            *self.posted.borrow_mut() = Some(request.clone());
            Ok(())
        }
    }

    fn committed() -> AttemptResult {
        AttemptResult::Committed(Event {
            kind: EventKind::PasswordChanged { withdrawals_held_until: None },
            user_id: UserId::try_from("5".to_owned()).unwrap(),
            attempt_id: "a1".to_owned(),
            at: (NOW - 3000).try_into().unwrap(),
        })
    }

    #[tokio::test]
    async fn an_attempt_that_committed_is_told_and_recorded() {
        let fake = Fake::new(committed());
        assert_eq!(fake.deliver(URL).await, Ok(Status::Done));
        assert_eq!(*fake.port_calls.borrow(), ["find", "post", "record"]);
        let request = fake.posted.take().unwrap();
        assert_eq!((request.id.as_str(), request.timestamp), ("a1", NOW / 1000));
        assert!(request.body.contains(r#""country":"DE""#), "{}", request.body);
    }

    #[tokio::test]
    async fn a_country_that_cloudflare_does_not_know_is_not_told() {
        let fake = Fake { country: "XX", ..Fake::new(committed()) };
        assert_eq!(fake.deliver(URL).await, Ok(Status::Done));
        let request = fake.posted.take().unwrap();
        assert!(!request.body.contains("XX"), "{}", request.body);
    }

    #[tokio::test]
    async fn nothing_is_told_before_the_commit_or_without_one() {
        for (result, status) in
            [(AttemptResult::MayCommit, Status::Retry), (AttemptResult::NothingChanged, Status::Done)]
        {
            let fake = Fake::new(result);
            assert_eq!(fake.deliver(URL).await, Ok(status));
            assert_eq!(*fake.port_calls.borrow(), ["find"]);
        }
    }

    #[tokio::test]
    async fn a_failure_is_retried_but_an_event_that_was_received_is_done() {
        for (fails, port_calls, status) in [
            ("find", vec!["find"], Err(Unavailable)),
            ("post", vec!["find", "post"], Err(Unavailable)),
            ("record", vec!["find", "post", "record", "record", "record"], Ok(Status::Done)),
        ] {
            let fake = Fake { fails, ..Fake::new(committed()) };
            assert_eq!(fake.deliver(URL).await, status, "{fails}");
            assert_eq!(*fake.port_calls.borrow(), port_calls);
        }
    }

    #[tokio::test]
    async fn without_a_receiver_the_message_waits() {
        let fake = Fake::new(committed());
        assert_eq!(fake.deliver("").await, Ok(Status::Retry));
        assert!(fake.port_calls.borrow().is_empty());
    }
}
