//! The call against fakes that fail on demand. The real parts are in `tests/e2e`.

use std::cell::{Cell, RefCell};

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    calls::{
        outside::{CallLimit, Clock, ExchangeUsers, IssuedCodes, Outbox, Randomness, Unavailable, Verdict},
        standard_response::StandardResponse,
    },
    client::ClientAddress,
    device::DeviceFamily,
    languages::Language,
    password::{Verification, Violation, verify},
    pending_code::{CodeDigest, PendingCodeRecord},
    unix_millis::UnixMillis,
};

const CODE: &str = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
const GOOD: &str = "four words that fit";
const NOW: u64 = 1_767_225_600_000;

/// How the store of users fails, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// It said that it rolled back.
    RolledBack,
    /// It broke before the write.
    BeforeWrite,
    /// It wrote, and its answer was lost.
    AfterWrite,
}

/// One user, "5", with one code.
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that may be otherwise")]
struct Fake {
    record: Result<Option<PendingCodeRecord>, Unavailable>,
    limited: bool,
    user_exists: bool,
    may_call: bool,
    faults: RefCell<Vec<Fault>>,
    /// Who redeemed the code, and the hash that was stored.
    redeemed: RefCell<Option<(Uuid, String)>>,
    writes: Cell<u32>,
    queue_fails: bool,
    enqueued: RefCell<Vec<Message>>,
    examine_fails: bool,
    /// What was asked of the world outside, in order.
    asked: RefCell<Vec<&'static str>>,
}

impl Fake {
    fn new() -> Self {
        let record = format!(
            r#"{{"UserId":"5","UserName":"alice","IssuedAt":{},"ExpiresAt":{}}}"#,
            NOW - 1000,
            NOW + 1000
        );
        Self {
            record: Ok(PendingCodeRecord::from_json(&record, NOW.try_into().unwrap()).ok()),
            limited: false,
            user_exists: true,
            may_call: true,
            faults: RefCell::default(),
            redeemed: RefCell::default(),
            writes: Cell::default(),
            queue_fails: false,
            enqueued: RefCell::default(),
            examine_fails: false,
            asked: RefCell::default(),
        }
    }

    fn with_faults(faults: &[Fault]) -> Self {
        let fake = Self::new();
        *fake.faults.borrow_mut() = faults.iter().rev().copied().collect();
        fake
    }

    fn ask(&self, what: &'static str) {
        self.asked.borrow_mut().push(what);
    }

    async fn call(&self, payload: &str) -> Result<(), Refusal> {
        let policy = Policy::new(15, ["exchange"]);
        let client = Client {
            address: ClientAddress::from_header(Some("203.0.113.7")),
            country: Some("DE".to_owned()),
            device: DeviceFamily::Other,
            language: Language::German,
        };
        reset_password2(payload.as_bytes(), &client, &policy, self).await
    }

    async fn call_with(&self, password: &str) -> Result<(), Refusal> {
        self.call(&payload("5", password)).await
    }

    fn has_stored(&self, password: &str) -> bool {
        self.redeemed.borrow().as_ref().is_some_and(|(_, hash)| {
            verify(password, hash) == Ok(Verification::Match { needs_rehash: false })
        })
    }
}

fn payload(user_id: &str, password: &str) -> String {
    serde_json::json!({"UserId": user_id, "Password": password, "PendingCode": CODE}).to_string()
}

impl CallLimit for Fake {
    async fn allows(&self, _: &ClientAddress) -> bool {
        self.ask("limit");
        !self.limited
    }
}

impl Clock for Fake {
    fn now(&self) -> UnixMillis {
        NOW.try_into().unwrap()
    }
}

impl Randomness for Fake {
    fn random<const N: usize>(&self) -> Result<[u8; N], Unavailable> {
        self.ask("random");
        let mut bytes = [0; N];
        getrandom::fill(&mut bytes).map_err(|_| Unavailable)?;
        Ok(bytes)
    }
}

impl IssuedCodes for Fake {
    async fn find(&self, digest: &CodeDigest) -> Result<Option<PendingCodeRecord>, Unavailable> {
        self.ask("find");
        let known = *digest == PendingCode::parse(CODE).unwrap().digest();
        self.record.clone().map(|record| record.filter(|_| known))
    }

    fn remove_after_answer(&self, _: CodeDigest) {
        self.ask("remove");
    }
}

impl Outbox for Fake {
    async fn enqueue(&self, message: &Message) -> Result<(), Unavailable> {
        self.ask("enqueue");
        self.enqueued.borrow_mut().push(message.clone());
        if self.queue_fails { Err(Unavailable) } else { Ok(()) }
    }
}

impl ExchangeUsers for Fake {
    async fn examine(&self, _: &Claim) -> Result<Verdict, Unavailable> {
        self.ask("examine");
        if self.examine_fails {
            return Err(Unavailable);
        }
        Ok(match &*self.redeemed.borrow() {
            None if self.user_exists && self.may_call => Verdict::Granted,
            None if !self.user_exists => Verdict::UserGone,
            _ => Verdict::Refused,
        })
    }

    async fn redeem(&self, redemption: &Redemption) -> Result<Verdict, RedeemError> {
        self.ask("redeem");
        let fault = self.faults.borrow_mut().pop();
        match fault {
            Some(Fault::RolledBack) => return Err(RedeemError::NothingChanged),
            Some(Fault::BeforeWrite) => return Err(RedeemError::Unclear),
            Some(Fault::AfterWrite) | None => {}
        }
        let mut redeemed = self.redeemed.borrow_mut();
        if redeemed.is_none() && self.user_exists && self.may_call {
            self.writes.set(self.writes.get() + 1);
            *redeemed = Some((redemption.attempt_id, redemption.password_hash.as_phc().to_owned()));
        }
        match &*redeemed {
            _ if fault == Some(Fault::AfterWrite) => Err(RedeemError::Unclear),
            Some((attempt_id, _)) if *attempt_id == redemption.attempt_id => Ok(Verdict::Granted),
            None if !self.user_exists => Ok(Verdict::UserGone),
            _ => Ok(Verdict::Refused),
        }
    }
}

/// What a call that ends before the hash may ask of the world outside.
const STRANGER: [&str; 2] = ["limit", "find"];

#[tokio::test]
async fn a_good_call_changes_the_password_in_this_order() {
    let fake = Fake::new();
    assert_eq!(fake.call_with(GOOD).await, Ok(()));
    assert!(fake.has_stored(GOOD));
    assert_eq!(*fake.asked.borrow(), ["limit", "find", "random", "random", "enqueue", "redeem", "remove"]);
}

#[tokio::test]
async fn a_code_works_once() {
    let fake = Fake::new();
    assert_eq!(fake.call_with(GOOD).await, Ok(()));
    assert_eq!(fake.call_with("another set of words").await, Err(Refusal::NotAuthorized));
    assert!(fake.has_stored(GOOD));
}

#[tokio::test]
async fn a_stranger_costs_a_look_up_and_no_more() {
    let unknown = payload("5", GOOD).replace(CODE, "00000000-0000-4000-8000-000000000000");
    let expired = |by: u64| {
        let mut fake = Fake::new();
        if let Ok(Some(record)) = &mut fake.record {
            record.expires_at = (NOW - by).try_into().unwrap();
        }
        fake
    };
    let cases = [
        ("an unknown code", Fake::new(), unknown),
        ("another user's code", Fake::new(), payload("6", GOOD)),
        ("another user's code, and a weak password", Fake::new(), payload("6", "weak")),
        ("a code that expires now", expired(0), payload("5", GOOD)),
        ("an expired code", expired(1), payload("5", GOOD)),
    ];
    for (what, fake, payload) in cases {
        assert_eq!(fake.call(&payload).await, Err(Refusal::NotAuthorized), "{what}");
        assert_eq!(*fake.asked.borrow(), STRANGER, "{what}");
    }
}

#[tokio::test]
async fn what_d1_alone_knows() {
    let fake = Fake { may_call: false, ..Fake::new() };
    assert_eq!(fake.call_with(GOOD).await, Err(Refusal::NotAuthorized));
    assert_eq!(fake.call_with("short").await, Err(Refusal::NotAuthorized));
    let fake = Fake { user_exists: false, ..Fake::new() };
    assert_eq!(fake.call_with(GOOD).await, Err(Refusal::UserGone));
    assert_eq!(fake.call_with("short").await, Err(Refusal::UserGone));
}

#[tokio::test]
async fn a_weak_password_leaves_the_code_usable() {
    let fake = Fake::new();
    let refusals = [
        ("short", Violation::TooShort { min_length: 15 }),
        ("1qaz2wsx3edc4rfv", Violation::TooCommon),
        ("alice in wonderland", Violation::ContainsUserName),
        ("the Exchange of words", Violation::ContainsContextWord),
    ];
    for (password, violation) in refusals {
        assert_eq!(fake.call_with(password).await, Err(Refusal::Policy(violation)), "{password}");
    }
    assert_eq!(*fake.asked.borrow(), ["limit", "find", "examine"].repeat(refusals.len()));
    assert_eq!(fake.call_with(GOOD).await, Ok(()));
    // Now the code is used, and that is all there is to say.
    assert_eq!(fake.call_with("short").await, Err(Refusal::NotAuthorized));
}

/// Where D1 cannot say whether the code is still good, nothing is said of the password.
#[tokio::test]
async fn a_weak_password_where_d1_is_away() {
    let mut fake = Fake::new();
    fake.examine_fails = true;
    assert_eq!(fake.call_with("short").await, Err(Refusal::Unavailable));
    assert_eq!(fake.call_with(GOOD).await, Ok(()));
}

#[tokio::test]
async fn one_password_is_stored_differently_each_time() {
    let hash = async || {
        let fake = Fake::new();
        assert_eq!(fake.call_with(GOOD).await, Ok(()));
        fake.redeemed.take().unwrap().1
    };
    assert_ne!(hash().await, hash().await);
}

#[tokio::test]
async fn a_limited_call_is_not_looked_up() {
    let mut fake = Fake::new();
    fake.limited = true;
    assert_eq!(fake.call_with(GOOD).await, Err(Refusal::TooManyAttempts));
    assert_eq!(*fake.asked.borrow(), ["limit"]);
    fake.limited = false;
    assert_eq!(fake.call_with(GOOD).await, Ok(()));
}

/// What tells the user is in the queue before the password is changed, and names the very attempt.
#[tokio::test]
async fn the_user_will_be_told() {
    let fake = Fake::new();
    assert_eq!(fake.call_with(GOOD).await, Ok(()));
    let redeemed = fake.redeemed.borrow();
    let (attempt_id, _) = redeemed.as_ref().unwrap();
    let told = Message::PasswordChanged {
        attempt_id: attempt_id.to_string(),
        country: Some("DE".to_owned()),
        device: DeviceFamily::Other,
        language: Language::German,
    };
    assert_eq!(*fake.enqueued.borrow(), [told]);
}

#[tokio::test]
async fn a_queue_that_fails_leaves_the_code_usable() {
    let mut fake = Fake::new();
    fake.queue_fails = true;
    assert_eq!(fake.call_with(GOOD).await, Err(Refusal::Unavailable));
    assert!(!fake.asked.borrow().contains(&"redeem"));
    fake.queue_fails = false;
    assert_eq!(fake.call_with(GOOD).await, Ok(()));
}

#[tokio::test]
async fn a_failed_look_up_leaves_the_code_usable() {
    let mut fake = Fake::new();
    let record = std::mem::replace(&mut fake.record, Err(Unavailable));
    assert_eq!(fake.call_with(GOOD).await, Err(Refusal::Unavailable));
    assert_eq!(*fake.asked.borrow(), STRANGER);
    fake.record = record;
    assert_eq!(fake.call_with(GOOD).await, Ok(()));
}

/// Contract, promises 2 and 3: whatever the store does, what is said is true, nothing is written twice, and a code
/// whose redemption did not commit still works.
#[tokio::test]
async fn an_unclear_outcome_is_made_clear() {
    use Fault::{AfterWrite, BeforeWrite, RolledBack};
    let cases: [(&[Fault], Result<(), Refusal>, bool); 10] = [
        (&[], Ok(()), true),
        (&[RolledBack], Err(Refusal::Unavailable), false),
        (&[BeforeWrite], Ok(()), true),
        (&[AfterWrite], Ok(()), true),
        // The second look fails too.
        (&[BeforeWrite, BeforeWrite], Err(Refusal::Unclear), false),
        (&[BeforeWrite, RolledBack], Err(Refusal::Unclear), false),
        (&[BeforeWrite, AfterWrite], Err(Refusal::Unclear), true),
        (&[AfterWrite, BeforeWrite], Err(Refusal::Unclear), true),
        (&[AfterWrite, RolledBack], Err(Refusal::Unclear), true),
        (&[AfterWrite, AfterWrite], Err(Refusal::Unclear), true),
    ];
    for (faults, outcome, committed) in cases {
        let fake = Fake::with_faults(faults);
        assert_eq!(fake.call_with(GOOD).await, outcome, "{faults:?}");
        assert_eq!(fake.has_stored(GOOD), committed, "{faults:?}");
        assert_eq!(fake.writes.get(), u32::from(committed), "{faults:?}");

        let again = if committed { Err(Refusal::NotAuthorized) } else { Ok(()) };
        assert_eq!(fake.call_with("another set of words").await, again, "{faults:?}");
    }
}

#[tokio::test]
async fn what_clients_send() {
    let spellings = [
        r#"{"UserId":"5","Password":"four words that fit","PendingCode":"f81d4fae-7dec-11d0-a765-00a0c91e6bf6"}"#,
        r#"{"userId":"5","password":"four words that fit","pendingCode":"f81d4fae-7dec-11d0-a765-00a0c91e6bf6"}"#,
        r#"{"USERID":5,"PASSWORD":"four words that fit","PENDINGCODE":"{F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6}"}"#,
        r#" {"pendingcode":"f81d4fae7dec11d0a76500a0c91e6bf6","Extra":[{}],"Extra":1,"userid":5,"PassWord":"\u0066our words that fit"} "#,
    ];
    for payload in spellings {
        let fake = Fake::new();
        assert_eq!(fake.call(payload).await, Ok(()), "{payload}");
        assert!(fake.has_stored(GOOD), "{payload}");
    }
}

#[tokio::test]
async fn what_is_invalid() {
    use InvalidPayload::{
        ContainsNul, Empty, Missing, NotAGuid, NotAString, NotAStringOrInteger, NotAnObject, Repeated,
    };
    let deep = format!(r#"{{"UserId":5,"Extra":{}1{}}}"#, "[".repeat(8000), "]".repeat(8000));
    let cases = [
        ("", NotAnObject),
        ("null", NotAnObject),
        ("[]", NotAnObject),
        (r#""UserId""#, NotAnObject),
        ("{}{}", NotAnObject),
        (r#"{"UserId":5"#, NotAnObject),
        ("UserId=5&Password=x", NotAnObject),
        (&deep, NotAnObject),
        (&"[".repeat(16_000), NotAnObject),
        (r#"{"UserId":5,"Extra":"\ud800"}"#, NotAnObject),
        (r#"{"UserId":5,"Extra":1e999}"#, NotAnObject),
        ("{\"UserId\":\"5\0\"}", NotAnObject),
        ("{}", Missing("UserId")),
        (r#"{"UserId":5}"#, Missing("Password")),
        (r#"{"UserId":5,"Password":"x"}"#, Missing("PendingCode")),
        (r#"{"UserId":5,"userid":5}"#, Repeated("UserId")),
        (r#"{"Password":"x","UserId":5,"PASSWORD":"y"}"#, Repeated("Password")),
        (r#"{"UserId":""}"#, Empty("UserId")),
        (r#"{"UserId":"5\u0000"}"#, ContainsNul("UserId")),
        (r#"{"UserId":null}"#, NotAStringOrInteger("UserId")),
        (r#"{"UserId":5.0}"#, NotAStringOrInteger("UserId")),
        (r#"{"UserId":1e3}"#, NotAStringOrInteger("UserId")),
        (r#"{"UserId":123456789012345678901234567890}"#, NotAStringOrInteger("UserId")),
        (r#"{"UserId":[5]}"#, NotAStringOrInteger("UserId")),
        (r#"{"UserId":5,"Password":""}"#, Empty("Password")),
        (r#"{"UserId":5,"Password":12345678}"#, NotAString("Password")),
        (r#"{"UserId":5,"Password":null}"#, NotAString("Password")),
        (r#"{"UserId":5,"Password":"x\u0000y"}"#, ContainsNul("Password")),
        (r#"{"UserId":5,"Password":"x","PendingCode":""}"#, Empty("PendingCode")),
        (r#"{"UserId":5,"Password":"x","PendingCode":7}"#, NotAString("PendingCode")),
        (r#"{"UserId":5,"Password":"x","PendingCode":"x"}"#, NotAGuid("PendingCode")),
    ];
    for (payload, invalid) in cases {
        let fake = Fake::new();
        assert_eq!(fake.call(payload).await, Err(Refusal::Invalid(invalid)), "{payload}");
        assert!(fake.asked.borrow().is_empty(), "{payload}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(payload in any::<Vec<u8>>()) {
        let _ = Request::parse(&payload);
    }

    /// Text that is nearly a payload finds more than bytes do.
    #[test]
    fn any_near_payload_is_read_or_refused(
        payload in r#"\{("(UserId|Password|PendingCode|x)":("[a-f0-9{}\\u-]{0,40}"|-?[0-9]{1,30}(\.[0-9])?(e[0-9]{1,4})?|\[+|null|\{\}),?){0,5}\}?"#
    ) {
        let _ = Request::parse(payload.as_bytes());
    }

    /// Every payload is read as it was meant, in whatever order, letter case and spelling.
    #[test]
    fn what_is_sent_is_what_is_read(
        user_id in "[^\0]{1,20}",
        password in "[^\0]{1,40}",
        guid in any::<u128>(),
        upper in any::<[bool; 4]>(),
        order in Just([0, 1, 2, 3]).prop_shuffle(),
    ) {
        let case = |index: usize, text: &str| if upper[index] { text.to_uppercase() } else { text.to_lowercase() };
        let guid = Uuid::from_u128(guid);
        let members = [
            format!("{}:{}", case(0, r#""UserId""#), serde_json::json!(user_id)),
            format!("{}:{}", case(1, r#""Password""#), serde_json::json!(password)),
            format!(r#"{}:"{}""#, case(2, r#""PendingCode""#), case(3, &guid.to_string())),
            r#""Extra":[1,{"UserId":2}]"#.to_owned(),
        ];
        let payload = format!("{{{}}}", order.map(|index| members[index].as_str()).join(","));

        let request = Request::parse(payload.as_bytes()).unwrap();
        prop_assert_eq!(request.user_id.as_str(), user_id);
        let expected = NewPassword::new(&password);
        prop_assert_eq!(request.password.expose(), expected.expose());
        prop_assert_eq!(request.pending_code.digest(), PendingCode::from(guid).digest());
    }
}

/// The contract's table, and that nothing that was sent comes back.
#[test]
fn each_refusal_has_its_row() {
    let rows = [
        (Refusal::NotAuthorized, 20, "Not Authorized"),
        (Refusal::Invalid(InvalidPayload::Missing("UserId")), 100, "Invalid Response"),
        (Refusal::Policy(Violation::TooCommon), 101, "Operation Failed"),
        (Refusal::TooManyAttempts, 101, "Operation Failed"),
        (Refusal::Unavailable, 102, "Server Error"),
        (Refusal::Unclear, 102, "Server Error"),
        (Refusal::UserGone, 104, "Resource Not Found"),
    ];
    for (refusal, code, message) in rows {
        let json: serde_json::Value =
            serde_json::from_str(&StandardResponse::from(refusal).to_json()).unwrap();
        assert_eq!(json["result"], false);
        assert_eq!(json["errorcode"], code);
        assert_eq!(json["errormsg"], message);
        assert!(json["detail"].is_string());
    }
}
