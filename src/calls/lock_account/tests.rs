//! The call on fakes that fail on demand. `tests/e2e` tests it on the real services.

use std::cell::{Cell, RefCell};

use super::*;
use crate::{
    client::{Client, ClientAddress},
    device::DeviceFamily,
    languages::Language,
    lock_code::{LockCodeDigest, LockCodeRecord},
    pending_code::CodeDigest,
    ports::{AccountLocks, CallLimit, Clock, CodeLimit, LockCodes, Outbox, Randomness, Timer},
    settings::{Setting, Settings},
    unix_millis::UnixMillis,
};

const CODE: &str = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
const GOOD: &str = r#"{"UserId":"5","LockCode":"f81d4fae-7dec-11d0-a765-00a0c91e6bf6"}"#;
const NOW: u64 = 1_767_225_600_000;

/// A user, "5", with one lock code.
#[expect(clippy::struct_excessive_bools, reason = "each is an independent condition")]
struct Fake {
    expires_at: u64,
    limited: bool,
    code_limited: bool,
    kv_fails: bool,
    queue_fails: bool,
    /// What the store returns, the last first.
    results: RefCell<Vec<Result<LockVerdict, LockError>>>,
    locks: RefCell<Vec<(String, Option<String>)>>,
    enqueued: RefCell<Vec<Message>>,
    slept: Cell<u64>,
}

impl Fake {
    fn new(results: &[Result<LockVerdict, LockError>]) -> Self {
        Self {
            expires_at: NOW + 1,
            limited: false,
            code_limited: false,
            kv_fails: false,
            queue_fails: false,
            results: RefCell::new(results.iter().rev().copied().collect()),
            locks: RefCell::default(),
            enqueued: RefCell::default(),
            slept: Cell::default(),
        }
    }

    async fn call(&self, payload: &str) -> Result<(), LockAccountError> {
        let settings = Settings::with(Setting::LoginUrl, "");
        let client = Client {
            address: ClientAddress::from_header(Some("203.0.113.7")),
            country: None,
            device: DeviceFamily::Other,
            language: Language::German,
        };
        let request = CallRequest {
            payload: Ok(payload.as_bytes()),
            client: &client,
            settings: settings.as_ref().map_err(|invalid| *invalid),
        };
        lock_account(&request, self).await
    }
}

impl CallLimit for Fake {
    async fn count_call(&self, _: &ClientAddress) -> bool {
        !self.limited
    }
}

impl CodeLimit for Fake {
    async fn count_attempt(&self, _: &CodeDigest) -> bool {
        !self.code_limited
    }
}

impl Clock for Fake {
    fn now(&self) -> UnixMillis {
        NOW.try_into().unwrap()
    }
}

impl Timer for Fake {
    async fn sleep(&self, millis: u64) {
        self.slept.set(self.slept.get() + millis);
    }
}

impl Randomness for Fake {
    fn random<const N: usize>(&self) -> Result<[u8; N], Unavailable> {
        Ok([7; N])
    }
}

impl LockCodes for Fake {
    async fn find_lock_code(&self, digest: &LockCodeDigest) -> Result<Option<LockCodeRecord>, Unavailable> {
        if self.kv_fails {
            return Err(Unavailable);
        }
        let json = format!(
            r#"{{"UserId":"5","IssuedAt":{},"ExpiresAt":{},"AttemptId":"reset"}}"#,
            NOW - 1000,
            self.expires_at
        );
        let is_known = *digest == LockCode::parse(CODE).unwrap().digest();
        Ok(LockCodeRecord::from_json(&json).filter(|_| is_known))
    }

    async fn store_lock_code(&self, _: &LockCodeDigest, _: &LockCodeRecord) -> Result<(), Unavailable> {
        unreachable!("the call stores no code")
    }
}

impl Outbox for Fake {
    async fn enqueue(&self, messages: &[Message]) -> Result<(), EnqueueError> {
        assert!(self.locks.borrow().is_empty(), "enqueued after the lock");
        self.enqueued.borrow_mut().extend_from_slice(messages);
        if self.queue_fails { Err(EnqueueError::Unclear) } else { Ok(()) }
    }
}

impl AccountLocks for Fake {
    async fn lock(&self, lock: &Lock) -> Result<LockVerdict, LockError> {
        assert_eq!((lock.user_id.as_str(), lock.issued_at.as_u64()), ("5", NOW - 1000));
        self.locks.borrow_mut().push((lock.attempt_id.to_string(), lock.reset_attempt_id.clone()));
        self.results.borrow_mut().pop().unwrap()
    }
}

#[tokio::test]
async fn a_lock_is_announced_before_it_is_made() {
    let fake = Fake::new(&[Ok(LockVerdict::Locked)]);
    assert_eq!(fake.call(GOOD).await, Ok(()));
    let [(attempt, reset)] = &fake.locks.borrow()[..] else { panic!() };
    assert_eq!(reset.as_deref(), Some("reset"));
    let expected = Message::AccountLocked {
        attempt_id: attempt.clone(),
        commit_before: (NOW + ATTEMPT_MILLIS).try_into().unwrap(),
        language: Language::German,
    };
    assert_eq!(fake.enqueued.borrow()[..], [expected]);
}

#[tokio::test]
async fn every_invalid_code_is_refused_alike_and_causes_no_work() {
    let mut expired = Fake::new(&[]);
    expired.expires_at = NOW;
    let others = [
        (expired, GOOD.to_owned()),
        (Fake::new(&[]), GOOD.replace("\"5\"", "\"6\"")),
        (Fake::new(&[]), GOOD.replace("f81d", "f81e")),
    ];
    for (fake, payload) in others {
        assert_eq!(fake.call(&payload).await, Err(LockAccountError::NotAuthorized), "{payload}");
        assert!(fake.enqueued.borrow().is_empty() && fake.locks.borrow().is_empty(), "{payload}");
    }
    let void = Fake::new(&[Ok(LockVerdict::Refused)]);
    assert_eq!(void.call(GOOD).await, Err(LockAccountError::NotAuthorized));
}

#[tokio::test]
async fn a_lost_response_is_resolved_by_sending_the_attempt_again() {
    use LockError::{NotLocked, Unclear};
    for (results, expected) in [
        ([Err(Unclear), Ok(LockVerdict::Locked)], Ok(())),
        ([Err(Unclear), Ok(LockVerdict::Refused)], Err(LockAccountError::NotAuthorized)),
        ([Err(Unclear), Err(Unclear)], Err(LockAccountError::Unclear)),
        // The second batch was rolled back, but the first may have committed.
        ([Err(Unclear), Err(NotLocked)], Err(LockAccountError::Unclear)),
    ] {
        let fake = Fake::new(&results);
        assert_eq!(fake.call(GOOD).await, expected, "{results:?}");
        let locks = fake.locks.borrow();
        assert!(locks.len() == 2 && locks[0] == locks[1] && fake.slept.get() == RETRY_DELAY_MILLIS);
    }
    let fake = Fake::new(&[Err(NotLocked)]);
    assert_eq!(fake.call(GOOD).await, Err(LockAccountError::Unavailable));
}

#[tokio::test]
async fn limits_and_failures_lock_nothing() {
    use LockAccountError::{TooManyAttempts, Unavailable};
    let new = || Fake::new(&[]);
    for (fake, expected) in [
        (Fake { limited: true, ..new() }, TooManyAttempts),
        (Fake { code_limited: true, ..new() }, TooManyAttempts),
        (Fake { kv_fails: true, ..new() }, Unavailable),
        (Fake { queue_fails: true, ..new() }, Unavailable),
    ] {
        assert_eq!(fake.call(GOOD).await, Err(expected));
        assert!(fake.locks.borrow().is_empty());
    }
}

#[tokio::test]
async fn a_payload_must_have_a_user_and_a_guid() {
    for (payload, detail) in [
        ("{}", "UserId is missing."),
        (r#"{"UserId":"5"}"#, "LockCode is missing."),
        (r#"{"UserId":"5","LockCode":"x"}"#, "LockCode must be a GUID"),
    ] {
        let error = Fake::new(&[]).call(payload).await.unwrap_err();
        assert!(error.to_string().contains(detail), "{error}");
    }
}
