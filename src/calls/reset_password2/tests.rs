//! The call on fakes that fail on demand. `tests/e2e` tests it on the real services.

use std::{
    cell::{Cell, RefCell},
    future::pending,
};

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    client::{Client, ClientAddress},
    device::DeviceFamily,
    languages::Language,
    password::{BreachList, PasswordHash, SALT_BYTES, Verification, verify},
    pending_code::{CodeDigest, PendingCodeRecord},
    ports::{
        BreachCheckFailure, BreachedPasswords, CallLimit, Clock, CodeLimit, ExchangeUsers, Hasher, Outbox,
        PendingCodes, Randomness, Timer,
    },
    settings::{Setting, Settings},
    standard_response::StandardResponse,
    unix_millis::UnixMillis,
};

const CODE: &str = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
const GOOD: &str = "four words that fit";
/// A list of breached passwords that contains nothing but padding.
const PADDING: &str = "0018A45C4D1DEF81644B54AB7F969B88D65:0";
const NOW: u64 = 1_767_225_600_000;

/// How the user store fails, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// It reports that it rolled back.
    RolledBack,
    /// It fails before the write, and the response is lost.
    BeforeWrite,
    /// It writes, and the response is lost.
    AfterWrite,
}

/// A user, "5", with one code.
#[expect(clippy::struct_excessive_bools, reason = "each is an independent condition")]
struct Fake {
    record: Result<Option<PendingCodeRecord>, Unavailable>,
    limited: bool,
    code_limited: bool,
    user_exists: bool,
    may_call: bool,
    faults: RefCell<Vec<Fault>>,
    /// The attempt that redeemed the code, and the hash that was stored.
    redeemed: RefCell<Option<(Uuid, String)>>,
    writes: Cell<u32>,
    /// For how long withdrawals were held, in milliseconds.
    held_for: Cell<u64>,
    queue_fails: bool,
    enqueued: RefCell<Vec<Message>>,
    can_redeem_fails: bool,
    /// What the service that knows breached passwords responds, if it does.
    breach_list: Option<Result<&'static str, BreachCheckFailure>>,
    breach_check_failure: Cell<Option<BreachCheckFailure>>,
    /// The ports that were used, in order.
    port_calls: RefCell<Vec<&'static str>>,
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
            code_limited: false,
            user_exists: true,
            may_call: true,
            faults: RefCell::default(),
            redeemed: RefCell::default(),
            writes: Cell::default(),
            held_for: Cell::default(),
            queue_fails: false,
            enqueued: RefCell::default(),
            can_redeem_fails: false,
            breach_list: Some(Ok(PADDING)),
            breach_check_failure: Cell::default(),
            port_calls: RefCell::default(),
        }
    }

    fn with_faults(faults: &[Fault]) -> Self {
        let fake = Self::new();
        *fake.faults.borrow_mut() = faults.iter().rev().copied().collect();
        fake
    }

    fn record_port_call(&self, what: &'static str) {
        self.port_calls.borrow_mut().push(what);
    }

    async fn call(&self, payload: &str) -> Result<(), ResetPassword2Error> {
        let settings = Settings::with(Setting::PasswordContextWords, "exchange");
        let client = Client {
            address: ClientAddress::from_header(Some("203.0.113.7")),
            country: Some("DE".to_owned()),
            device: DeviceFamily::Other,
            language: Language::German,
        };
        let request = CallRequest {
            payload: Ok(payload.as_bytes()),
            client: &client,
            settings: settings.as_ref().map_err(|invalid| *invalid),
        };
        reset_password2(&request, self).await
    }

    async fn call_with(&self, password: &str) -> Result<(), ResetPassword2Error> {
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
    async fn count_call(&self, _: &ClientAddress) -> bool {
        self.record_port_call("limit");
        !self.limited
    }
}

impl CodeLimit for Fake {
    async fn count_attempt(&self, _: &CodeDigest) -> bool {
        self.record_port_call("code limit");
        !self.code_limited
    }
}

impl BreachedPasswords for Fake {
    async fn request_list(
        &self,
        url: String,
    ) -> impl Future<Output = Result<BreachList, BreachCheckFailure>> {
        self.record_port_call("request breaches");
        assert!(url.starts_with("https://api.pwnedpasswords.com/range/") && url.len() == 42, "{url}");
        async move {
            self.record_port_call("receive breaches");
            match self.breach_list {
                Some(response) => response.map(|list| BreachList::parse(list.to_owned()).unwrap()),
                None => pending().await,
            }
        }
    }

    fn note_breach_check_failure(&self, failure: BreachCheckFailure) {
        self.breach_check_failure.set(Some(failure));
    }
}

impl Timer for Fake {
    async fn sleep(&self, _: u64) {
        self.record_port_call("sleep");
    }
}

impl Hasher for Fake {
    fn hash(&self, password: &NewPassword, salt: [u8; SALT_BYTES]) -> PasswordHash {
        self.record_port_call("hash");
        PasswordHash::derive(password, salt)
    }
}

impl Clock for Fake {
    fn now(&self) -> UnixMillis {
        NOW.try_into().unwrap()
    }
}

impl Randomness for Fake {
    fn random<const N: usize>(&self) -> Result<[u8; N], Unavailable> {
        self.record_port_call("random");
        let mut bytes = [0; N];
        getrandom::fill(&mut bytes).map_err(|_| Unavailable)?;
        Ok(bytes)
    }
}

impl PendingCodes for Fake {
    async fn find(&self, digest: &CodeDigest) -> Result<Option<PendingCodeRecord>, Unavailable> {
        self.record_port_call("find");
        let known = *digest == PendingCode::parse(CODE).unwrap().digest();
        self.record.clone().map(|record| record.filter(|_| known))
    }

    async fn store(&self, _: &CodeDigest, _: &PendingCodeRecord) -> Result<(), Unavailable> {
        unreachable!("the call stores no code")
    }

    fn remove_after_response(&self, _: CodeDigest) {
        self.record_port_call("remove");
    }
}

impl Outbox for Fake {
    async fn enqueue(&self, messages: &[Message]) -> Result<(), EnqueueError> {
        self.record_port_call("enqueue");
        self.enqueued.borrow_mut().extend_from_slice(messages);
        if self.queue_fails { Err(EnqueueError::Unclear) } else { Ok(()) }
    }
}

impl ExchangeUsers for Fake {
    async fn can_redeem(&self, _: &Claim) -> Result<Verdict, Unavailable> {
        self.record_port_call("can_redeem");
        if self.can_redeem_fails {
            return Err(Unavailable);
        }
        Ok(match &*self.redeemed.borrow() {
            None if self.user_exists && self.may_call => Verdict::Granted,
            None if !self.user_exists => Verdict::UserGone,
            _ => Verdict::Refused,
        })
    }

    async fn redeem(&self, redemption: &Redemption, try_number: Try) -> Result<Verdict, RedeemError> {
        self.record_port_call(if try_number == Try::First { "redeem" } else { "redeem again" });
        let fault = self.faults.borrow_mut().pop();
        match fault {
            Some(Fault::RolledBack) => return Err(RedeemError::NothingChanged),
            Some(Fault::BeforeWrite) => return Err(RedeemError::Unclear),
            Some(Fault::AfterWrite) | None => {}
        }
        let mut redeemed = self.redeemed.borrow_mut();
        if redeemed.is_none() && self.user_exists && self.may_call {
            self.writes.set(self.writes.get() + 1);
            self.held_for.set(redemption.withdrawal_hold_millis);
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

/// The ports that a stranger's call uses.
const STRANGER: [&str; 2] = ["limit", "find"];

#[tokio::test]
async fn the_steps_run_in_the_documented_order() {
    let fake = Fake::new();
    assert_eq!(fake.call_with(GOOD).await, Ok(()));
    assert!(fake.has_stored(GOOD));
    assert_eq!(fake.held_for.get(), 24 * 3_600_000);
    assert_eq!(
        *fake.port_calls.borrow(),
        [
            "limit",
            "find",
            "code limit",
            "request breaches",
            "random",
            "hash",
            "receive breaches",
            "random",
            "enqueue",
            "redeem",
            "remove"
        ]
    );
}

#[tokio::test]
async fn a_code_works_once() {
    let fake = Fake::new();
    assert_eq!(fake.call_with(GOOD).await, Ok(()));
    assert_eq!(fake.call_with("another set of words").await, Err(ResetPassword2Error::NotAuthorized));
    assert!(fake.has_stored(GOOD));
}

#[tokio::test]
async fn a_stranger_costs_one_lookup_and_nothing_else() {
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
        assert_eq!(fake.call(&payload).await, Err(ResetPassword2Error::NotAuthorized), "{what}");
        assert_eq!(*fake.port_calls.borrow(), STRANGER, "{what}");
    }
}

#[tokio::test]
async fn d1_refuses_what_kv_cannot_know() {
    let fake = Fake { may_call: false, ..Fake::new() };
    assert_eq!(fake.call_with(GOOD).await, Err(ResetPassword2Error::NotAuthorized));
    assert_eq!(fake.call_with("short").await, Err(ResetPassword2Error::NotAuthorized));
    let fake = Fake { user_exists: false, ..Fake::new() };
    assert_eq!(fake.call_with(GOOD).await, Err(ResetPassword2Error::UserGone));
    assert_eq!(fake.call_with("short").await, Err(ResetPassword2Error::UserGone));
}

#[tokio::test]
async fn a_weak_password_leaves_the_code_usable() {
    let fake = Fake::new();
    let refusals = [
        ("short", Violation::TooShort { min_length: 15 }),
        ("1qaz2wsx3edc4rfv", Violation::Common),
        ("alice in wonderland", Violation::ContainsUserName),
        ("the Exchange of words", Violation::ContainsServiceName),
    ];
    for (password, violation) in refusals {
        assert_eq!(
            fake.call_with(password).await,
            Err(ResetPassword2Error::PasswordRejected(violation)),
            "{password}"
        );
    }
    assert_eq!(
        *fake.port_calls.borrow(),
        ["limit", "find", "code limit", "can_redeem"].repeat(refusals.len())
    );
    assert_eq!(fake.call_with(GOOD).await, Ok(()));
    // Now the code is used, and nothing else is reported.
    assert_eq!(fake.call_with("short").await, Err(ResetPassword2Error::NotAuthorized));
}

#[tokio::test]
async fn a_violation_is_not_reported_while_d1_is_unavailable() {
    let mut fake = Fake::new();
    fake.can_redeem_fails = true;
    assert_eq!(fake.call_with("short").await, Err(ResetPassword2Error::Unavailable));
    assert_eq!(fake.call_with(GOOD).await, Ok(()));
}

#[tokio::test]
async fn a_breached_password_leaves_the_code_usable() {
    // The end of the SHA-1 of `GOOD`.
    let listed = Some(Ok("1AD1F68508AF3EBECD55609DCBF268CA4D3:7"));
    let mut fake = Fake { breach_list: listed, ..Fake::new() };
    assert_eq!(fake.call_with(GOOD).await, Err(ResetPassword2Error::PasswordRejected(Violation::Breached)));
    assert_eq!(fake.enqueued.borrow().len(), 0);
    // The violation is reported only if the link still works.
    fake.may_call = false;
    assert_eq!(fake.call_with(GOOD).await, Err(ResetPassword2Error::NotAuthorized));
    fake.may_call = true;
    assert_eq!(fake.call_with("another set of words").await, Ok(()));
}

#[tokio::test]
async fn a_breach_check_that_fails_keeps_nobody_from_a_reset() {
    use BreachCheckFailure::{InvalidResponse, NoResponse, Unavailable};

    for (breach_list, failure) in [
        (None, NoResponse),
        (Some(Err(Unavailable)), Unavailable),
        (Some(Err(InvalidResponse)), InvalidResponse),
    ] {
        let fake = Fake { breach_list, ..Fake::new() };
        assert_eq!(fake.call_with(GOOD).await, Ok(()), "{failure:?}");
        assert_eq!(fake.breach_check_failure.get(), Some(failure));
        assert!(fake.has_stored(GOOD));
    }
}

#[tokio::test]
async fn the_same_password_gets_a_different_hash_each_time() {
    let hash = async || {
        let fake = Fake::new();
        assert_eq!(fake.call_with(GOOD).await, Ok(()));
        fake.redeemed.take().unwrap().1
    };
    assert_ne!(hash().await, hash().await);
}

#[tokio::test]
async fn a_rate_limited_call_is_not_looked_up() {
    let mut fake = Fake::new();
    fake.limited = true;
    assert_eq!(fake.call_with(GOOD).await, Err(ResetPassword2Error::TooManyAttempts));
    assert_eq!(*fake.port_calls.borrow(), ["limit"]);
    fake.limited = false;
    assert_eq!(fake.call_with(GOOD).await, Ok(()));
}

#[tokio::test]
async fn an_attempt_beyond_the_limit_of_its_code_costs_no_hash() {
    let mut fake = Fake::new();
    fake.code_limited = true;
    assert_eq!(fake.call_with(GOOD).await, Err(ResetPassword2Error::TooManyAttempts));
    assert_eq!(*fake.port_calls.borrow(), ["limit", "find", "code limit"]);
    fake.code_limited = false;
    assert_eq!(fake.call_with(GOOD).await, Ok(()));
}

#[tokio::test]
async fn the_notice_names_the_attempt_that_is_redeemed() {
    let fake = Fake::new();
    assert_eq!(fake.call_with(GOOD).await, Ok(()));
    let redeemed = fake.redeemed.borrow();
    let (attempt_id, _) = redeemed.as_ref().unwrap();
    let told = Message::PasswordChanged {
        attempt_id: attempt_id.to_string(),
        commit_before: Some((NOW + 120_000).try_into().unwrap()),
        country: Some("DE".to_owned()),
        device: DeviceFamily::Other,
        language: Language::German,
    };
    assert_eq!(*fake.enqueued.borrow(), [told]);
}

#[tokio::test]
async fn a_failing_queue_leaves_the_code_usable() {
    let mut fake = Fake::new();
    fake.queue_fails = true;
    assert_eq!(fake.call_with(GOOD).await, Err(ResetPassword2Error::Unavailable));
    assert!(!fake.port_calls.borrow().contains(&"redeem"));
    fake.queue_fails = false;
    assert_eq!(fake.call_with(GOOD).await, Ok(()));
}

#[tokio::test]
async fn a_failing_lookup_leaves_the_code_usable() {
    let mut fake = Fake::new();
    let record = std::mem::replace(&mut fake.record, Err(Unavailable));
    assert_eq!(fake.call_with(GOOD).await, Err(ResetPassword2Error::Unavailable));
    assert_eq!(*fake.port_calls.borrow(), STRANGER);
    fake.record = record;
    assert_eq!(fake.call_with(GOOD).await, Ok(()));
}

/// docs/contract.md, section 6, promises 2 and 3: whatever the store does, the response is true, nothing is written twice,
/// and a code whose redemption did not commit still works.
#[tokio::test]
async fn a_lost_response_is_resolved_by_sending_the_attempt_again() {
    use Fault::{AfterWrite, BeforeWrite, RolledBack};
    let cases: [(&[Fault], Result<(), ResetPassword2Error>, bool); 10] = [
        (&[], Ok(()), true),
        (&[RolledBack], Err(ResetPassword2Error::Unavailable), false),
        (&[BeforeWrite], Ok(()), true),
        (&[AfterWrite], Ok(()), true),
        // The second batch fails too.
        (&[BeforeWrite, BeforeWrite], Err(ResetPassword2Error::Unclear), false),
        (&[BeforeWrite, RolledBack], Err(ResetPassword2Error::Unclear), false),
        (&[BeforeWrite, AfterWrite], Err(ResetPassword2Error::Unclear), true),
        (&[AfterWrite, BeforeWrite], Err(ResetPassword2Error::Unclear), true),
        (&[AfterWrite, RolledBack], Err(ResetPassword2Error::Unclear), true),
        (&[AfterWrite, AfterWrite], Err(ResetPassword2Error::Unclear), true),
    ];
    for (faults, outcome, committed) in cases {
        let fake = Fake::with_faults(faults);
        assert_eq!(fake.call_with(GOOD).await, outcome, "{faults:?}");
        assert_eq!(fake.has_stored(GOOD), committed, "{faults:?}");
        assert_eq!(fake.writes.get(), u32::from(committed), "{faults:?}");

        let again = if committed { Err(ResetPassword2Error::NotAuthorized) } else { Ok(()) };
        assert_eq!(fake.call_with("another set of words").await, again, "{faults:?}");
    }
}

#[tokio::test]
async fn every_spelling_that_clients_send_is_accepted() {
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
async fn an_invalid_payload_is_rejected_with_its_rule_and_costs_nothing() {
    use InvalidJson::{
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
        assert_eq!(
            fake.call(payload).await,
            Err(ResetPassword2Error::InvalidPayload(invalid.into())),
            "{payload}"
        );
        assert!(fake.port_calls.borrow().is_empty(), "{payload}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_parsed_or_rejected(payload in any::<Vec<u8>>()) {
        let _ = Payload::parse(&payload);
    }

    #[test]
    fn any_text_close_to_a_payload_is_parsed_or_rejected(
        payload in r#"\{("(UserId|Password|PendingCode|x)":("[a-f0-9{}\\u-]{0,40}"|-?[0-9]{1,30}(\.[0-9])?(e[0-9]{1,4})?|\[+|null|\{\}),?){0,5}\}?"#
    ) {
        let _ = Payload::parse(payload.as_bytes());
    }

    #[test]
    fn a_payload_is_parsed_as_it_was_meant(
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

        let payload = Payload::parse(payload.as_bytes()).unwrap();
        prop_assert_eq!(payload.user_id.as_str(), user_id);
        let expected = NewPassword::new(&password);
        prop_assert_eq!(payload.password.expose(), expected.expose());
        prop_assert_eq!(payload.pending_code.digest(), PendingCode::from(guid).digest());
    }
}

#[test]
fn each_error_has_the_code_of_the_contract() {
    let rows = [
        (ResetPassword2Error::NotAuthorized, 20, "Not Authorized"),
        (ResetPassword2Error::from(InvalidJson::Missing("UserId")), 100, "Invalid Response"),
        (ResetPassword2Error::PasswordRejected(Violation::Common), 101, "Operation Failed"),
        (ResetPassword2Error::TooManyAttempts, 101, "Operation Failed"),
        (ResetPassword2Error::Unavailable, 102, "Server Error"),
        (ResetPassword2Error::Unclear, 102, "Server Error"),
        (ResetPassword2Error::UserGone, 104, "Resource Not Found"),
    ];
    for (error, code, message) in rows {
        let response = StandardResponse::failure(error.into(), error.to_string());
        let json: serde_json::Value = serde_json::from_str(&response.to_json()).unwrap();
        assert_eq!(json["result"], false);
        assert_eq!(json["errorcode"], code);
        assert_eq!(json["errormsg"], message);
        assert!(json["detail"].is_string());
    }
}
