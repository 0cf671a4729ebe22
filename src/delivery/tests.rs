//! Deliveries on fakes that fail on demand. `tests/simulation` tests them with the real SQL, `tests/e2e` on the real services.

use std::cell::RefCell;

use super::{Status, deliver};
use crate::{
    device::DeviceFamily,
    languages::Language,
    lock_code::{LockCode, LockCodeDigest, LockCodeRecord},
    mail::Mail,
    message::Message,
    pending_code::{CodeDigest, PendingCode, PendingCodeRecord},
    ports::{
        AttemptResult, Clock, EventLog, LockCodes, MailLog, Mailer, NoticeLease, PendingCodes, Randomness,
        Recipient, ResetMailLease, ResetMailRequest, SendError, Sender, Timer, Unavailable, WebhookReceiver,
    },
    settings::{Setting, Settings},
    unix_millis::UnixMillis,
    user_id::UserId,
    webhook::WebhookRequest,
};

const NOW: u64 = 1_767_225_600_000;

fn millis(millis: u64) -> UnixMillis {
    millis.try_into().unwrap()
}

/// One user, and the ports that fail, each once.
struct Fake {
    reset_mail: ResetMailLease,
    notice: NoticeLease,
    send_error: Option<SendError>,
    fails: RefCell<Vec<&'static str>>,
    /// The ports that were called, in order.
    port_calls: RefCell<Vec<&'static str>>,
    stored: RefCell<Vec<(CodeDigest, PendingCodeRecord)>>,
    lock_codes: RefCell<Vec<(LockCodeDigest, LockCodeRecord)>>,
    removed: RefCell<Vec<CodeDigest>>,
    requested_at: RefCell<Vec<UnixMillis>>,
    /// The id of each reset mail, and the user with the address.
    leases: RefCell<Vec<(String, Option<String>)>>,
    deadlines: RefCell<Vec<UnixMillis>>,
    sent: RefCell<Vec<(String, String, Mail)>>,
}

impl Fake {
    fn new(locale: Option<&str>) -> Self {
        let recipient = Recipient {
            user_id: UserId::try_from("5".to_owned()).unwrap(),
            user_name: Some("alice".to_owned()),
            email: "alice@example.com".to_owned(),
            locale: locale.map(str::to_owned),
            phrase: Some("blue heron".to_owned().into()),
        };
        Self {
            reset_mail: ResetMailLease::Leased {
                recipient: recipient.clone(),
                issued_at: millis(NOW + 60_001),
                expires_at: millis(NOW + 1_800_000),
            },
            notice: NoticeLease::Leased {
                recipient,
                changed_at: Some(millis(NOW)),
                withdrawals_held_until: Some(millis(NOW + 86_400_000)),
                lock_code_expires_at: Some(millis(NOW + 604_800_000)),
            },
            send_error: None,
            fails: RefCell::default(),
            port_calls: RefCell::default(),
            stored: RefCell::default(),
            lock_codes: RefCell::default(),
            removed: RefCell::default(),
            requested_at: RefCell::default(),
            leases: RefCell::default(),
            deadlines: RefCell::default(),
            sent: RefCell::default(),
        }
    }

    fn failing(port: &'static str) -> Self {
        let fake = Self::new(None);
        fake.fails.borrow_mut().push(port);
        fake
    }

    fn record_port_call(&self, port: &'static str) -> Result<(), Unavailable> {
        self.port_calls.borrow_mut().push(port);
        let mut fails = self.fails.borrow_mut();
        match fails.iter().position(|fails| *fails == port) {
            Some(index) => {
                fails.remove(index);
                Err(Unavailable)
            }
            None => Ok(()),
        }
    }

    async fn deliver(&self, message: &Message) -> Status {
        let settings = Settings::with(Setting::LoginUrl, "");
        deliver(message, millis(NOW), &settings.unwrap(), self).await
    }
}

impl Timer for Fake {
    async fn sleep(&self, _: u64) {}
}

impl Clock for Fake {
    fn now(&self) -> UnixMillis {
        unreachable!("a mail states the time of what it is about")
    }
}

/// `event.rs` has tests of its own.
impl EventLog for Fake {
    async fn find_event(&self, _: &str, _: UnixMillis) -> Result<AttemptResult, Unavailable> {
        unreachable!("a mail is no event")
    }

    async fn record_event_delivery(&self) -> Result<(), Unavailable> {
        unreachable!("a mail is no event")
    }
}

impl WebhookReceiver for Fake {
    async fn post(&self, _: &str, _: &WebhookRequest) -> Result<(), Unavailable> {
        unreachable!("a mail is no event")
    }
}

impl Randomness for Fake {
    fn random<const N: usize>(&self) -> Result<[u8; N], Unavailable> {
        let mut bytes = [0; N];
        getrandom::fill(&mut bytes).map_err(|_| Unavailable)?;
        Ok(bytes)
    }
}

impl PendingCodes for Fake {
    async fn find(&self, _: &CodeDigest) -> Result<Option<PendingCodeRecord>, Unavailable> {
        unreachable!("a delivery looks up no code")
    }

    async fn store(&self, code: &CodeDigest, record: &PendingCodeRecord) -> Result<(), Unavailable> {
        self.record_port_call("store")?;
        self.stored.borrow_mut().push((code.clone(), record.clone()));
        Ok(())
    }

    fn remove_after_response(&self, code: CodeDigest) {
        self.removed.borrow_mut().push(code);
    }
}

impl LockCodes for Fake {
    async fn find_lock_code(&self, _: &LockCodeDigest) -> Result<Option<LockCodeRecord>, Unavailable> {
        unreachable!("a delivery looks up no code")
    }

    async fn store_lock_code(
        &self,
        code: &LockCodeDigest,
        record: &LockCodeRecord,
    ) -> Result<(), Unavailable> {
        self.record_port_call("store")?;
        self.lock_codes.borrow_mut().push((code.clone(), record.clone()));
        Ok(())
    }
}

impl MailLog for Fake {
    async fn index_user_names(&self) -> Result<(), Unavailable> {
        self.record_port_call("index")
    }

    async fn users_with_address(&self, address: &str) -> Result<Vec<UserId>, Unavailable> {
        self.record_port_call("find users")?;
        let ids = if address == "shared@example.com" { vec!["5", "6"] } else { vec![] };
        Ok(ids.into_iter().map(|id| UserId::try_from(id.to_owned()).unwrap()).collect())
    }

    async fn lease_reset_mail(&self, request: &ResetMailRequest<'_>) -> Result<ResetMailLease, Unavailable> {
        self.record_port_call("lease")?;
        self.requested_at.borrow_mut().push(request.requested_at);
        let user_id = request.user_with_address.map(|user_id| user_id.as_str().to_owned());
        self.leases.borrow_mut().push((request.request_id.to_owned(), user_id));
        Ok(self.reset_mail.clone())
    }

    async fn mark_reset_mail_sent(&self, _: &str, code: &CodeDigest) -> Result<Vec<CodeDigest>, Unavailable> {
        self.record_port_call("mark")?;
        assert_eq!(*code, self.stored.borrow().last().unwrap().0);
        Ok(vec![PendingCode::from(uuid::Uuid::nil()).digest()])
    }

    async fn lease_notice(&self, _: &str, commit_before: UnixMillis) -> Result<NoticeLease, Unavailable> {
        self.record_port_call("lease")?;
        self.deadlines.borrow_mut().push(commit_before);
        Ok(self.notice.clone())
    }

    async fn mark_notice_sent(&self, _: &str) -> Result<(), Unavailable> {
        self.record_port_call("mark")
    }

    async fn release(&self, _: &str) -> Result<(), Unavailable> {
        self.record_port_call("release")
    }

    async fn mark_mail_refused(&self, _: &str) -> Result<(), Unavailable> {
        self.record_port_call("refuse")
    }
}

impl Mailer for Fake {
    async fn send(&self, from: &Sender<'_>, to: &str, mail: &Mail) -> Result<(), SendError> {
        self.port_calls.borrow_mut().push("send");
        if let Some(error) = self.send_error {
            return Err(error);
        }
        self.sent.borrow_mut().push((
            format!("{} <{}>", from.name, from.address),
            to.to_owned(),
            mail.clone(),
        ));
        Ok(())
    }
}

/// A text that names the exchange.
fn of_exchange(text: &str) -> String {
    text.replace("{}", "Example Exchange")
}

fn reset() -> Message {
    reset_requested_at(None)
}

fn reset_requested_at(requested_at: Option<u64>) -> Message {
    Message::ResetPassword {
        request_id: "request".to_owned(),
        user_name: "alice".to_owned(),
        requested_at: requested_at.map(millis),
        language: Language::English,
    }
}

fn reset_of(user_name: &str) -> Message {
    Message::ResetPassword {
        request_id: "request".to_owned(),
        user_name: user_name.to_owned(),
        requested_at: None,
        language: Language::English,
    }
}

#[tokio::test]
async fn each_user_with_the_address_gets_a_mail_and_a_failure_of_one_is_retried() {
    let lease = |id: &str, user: Option<&str>| (id.to_owned(), user.map(str::to_owned));
    let each = [lease("request/5", Some("5")), lease("request/6", Some("6"))];
    for (fails, status, sent) in
        [("", Status::Done, 2), ("lease", Status::Retry, 1), ("store", Status::Retry, 1)]
    {
        let fake = Fake::failing(fails);
        assert_eq!(fake.deliver(&reset_of("shared@example.com")).await, status, "{fails}");
        assert_eq!(fake.sent.borrow().len(), sent, "{fails}");
        assert!(each.ends_with(&fake.leases.borrow()), "{fails}: {:?}", fake.leases);
    }
}

#[tokio::test]
async fn what_is_nobodys_address_is_a_user_name() {
    let fake = Fake::new(None);
    assert_eq!(fake.deliver(&reset_of("alice@work")).await, Status::Done);
    assert_eq!(*fake.leases.borrow(), [("request".to_owned(), None)]);
    // Without an @, nobody is looked up by address.
    let fake = Fake::new(None);
    assert_eq!(fake.deliver(&reset_of("alice")).await, Status::Done);
    assert!(!fake.port_calls.borrow().contains(&"find users"));
}

/// A name that isn't indexed may be the one that was entered. After a large import, indexing takes longer than a request lives, so
/// what consists of ASCII, as nearly all addresses do, doesn't wait for it.
#[tokio::test]
async fn an_address_waits_until_users_can_be_found_and_unless_it_is_ascii_until_all_names_are_indexed() {
    for (fails, address, status) in [
        ("find users", "shared@example.com", Status::Retry),
        ("index", "sh\u{e4}red@example.com", Status::Retry),
        ("index", "shared@example.com", Status::Done),
    ] {
        let fake = Fake::failing(fails);
        assert_eq!(fake.deliver(&reset_of(address)).await, status, "{fails} {address}");
        assert_eq!(fake.sent.borrow().is_empty(), status == Status::Retry, "{fails} {address}");
    }
}

fn changed(commit_before: Option<u64>) -> Message {
    Message::PasswordChanged {
        attempt_id: "attempt".to_owned(),
        commit_before: commit_before.map(millis),
        country: Some("DE".to_owned()),
        device: DeviceFamily::Mac,
        language: Language::French,
    }
}

#[tokio::test]
async fn a_reset_mail_contains_the_link_to_a_stored_code() {
    let fake = Fake::new(None);
    assert_eq!(fake.deliver(&reset()).await, Status::Done);
    assert_eq!(*fake.port_calls.borrow(), ["index", "lease", "store", "send", "mark"]);

    let sent = fake.sent.borrow();
    let [(from, to, mail)] = sent.as_slice() else { panic!("{} mails", sent.len()) };
    assert_eq!(
        (from.as_str(), to.as_str()),
        ("Example Exchange <no-reply@exchange.example>", "alice@example.com")
    );
    assert!(mail.text.contains("for 30 minutes"), "{}", mail.text);
    let link = "https://reset.example/resetPassword#UserId=5&PendingCode=";
    let (_, code) = mail.text.split_once(link).unwrap();
    let code = PendingCode::parse(&code[..36]).unwrap();

    let stored = fake.stored.borrow();
    let [(digest, record)] = stored.as_slice() else { panic!("{} codes", stored.len()) };
    assert_eq!(*digest, code.digest());
    assert_eq!(record.user_name.as_deref(), Some("alice"));
    assert_eq!(record.issued_at, millis(NOW + 60_001));
    assert_eq!(record.expires_at, millis(NOW + 1_800_000));
    // The codes that the mail supersedes leave KV.
    assert_eq!(fake.removed.borrow().len(), 1);
}

#[tokio::test]
async fn without_a_lease_no_mail_is_sent() {
    for (reset_mail, status) in [
        (ResetMailLease::NotDue, Status::Done),
        (ResetMailLease::Blocked, Status::Retry),
        (ResetMailLease::CutOff, Status::Done),
        (ResetMailLease::Locked, Status::Done),
        (ResetMailLease::OptedOut, Status::Done),
    ] {
        let fake = Fake { reset_mail, ..Fake::new(None) };
        assert_eq!(fake.deliver(&reset()).await, status);
        assert_eq!(*fake.port_calls.borrow(), ["index", "lease"]);
    }
    for (notice, status) in [(NoticeLease::NotDue, Status::Done), (NoticeLease::Blocked, Status::Retry)] {
        let fake = Fake { notice, ..Fake::new(None) };
        assert_eq!(fake.deliver(&changed(None)).await, status);
        assert_eq!(*fake.port_calls.borrow(), ["lease"]);
    }
}

/// A message from the dead-letter queue is enqueued again, perhaps days later.
#[tokio::test]
async fn a_replayed_request_counts_from_when_it_was_made() {
    for (requested_at, counts_from) in [
        (None, NOW),
        (Some(NOW - 59_000), NOW),
        (Some(NOW + 9), NOW),
        (Some(NOW - 86_400_000), NOW - 86_340_000),
    ] {
        let fake = Fake::new(None);
        fake.deliver(&reset_requested_at(requested_at)).await;
        assert_eq!(*fake.requested_at.borrow(), [millis(counts_from)], "{requested_at:?}");
    }
}

/// Perhaps the user would be found by another spelling.
#[tokio::test]
async fn a_user_is_not_missing_until_all_names_are_indexed() {
    let fake = Fake { reset_mail: ResetMailLease::NotDue, ..Fake::failing("index") };
    assert_eq!(fake.deliver(&reset()).await, Status::Retry);
    assert_eq!(fake.deliver(&reset()).await, Status::Done);
    // A user who is found gets the mail.
    assert_eq!(Fake::failing("index").deliver(&reset()).await, Status::Done);
}

#[tokio::test]
async fn a_code_that_kv_did_not_store_is_not_sent_and_voids_nothing() {
    let fake = Fake::failing("store");
    assert_eq!(fake.deliver(&reset()).await, Status::Retry);
    assert_eq!(*fake.port_calls.borrow(), ["index", "lease", "store", "release"]);
}

#[tokio::test]
async fn an_error_of_the_mail_service_decides_what_becomes_of_the_lease() {
    for (error, last, status) in [
        (SendError::Temporary, "release", Status::Retry),
        (SendError::Permanent, "refuse", Status::Done),
        // The mail may still arrive, so the lease must end by itself.
        (SendError::Unclear, "send", Status::Retry),
    ] {
        for message in [reset(), changed(None)] {
            let fake = Fake { send_error: Some(error), ..Fake::new(None) };
            assert_eq!(fake.deliver(&message).await, status, "{error:?}");
            assert_eq!(fake.port_calls.borrow().last(), Some(&last), "{error:?}");
            assert!(fake.removed.borrow().is_empty());
        }
    }
}

#[tokio::test]
async fn a_refusal_that_was_not_recorded_is_retried() {
    let fake = Fake { send_error: Some(SendError::Permanent), ..Fake::failing("refuse") };
    assert_eq!(fake.deliver(&reset()).await, Status::Retry);
}

#[tokio::test]
async fn marking_is_tried_three_times_and_then_the_message_is_done() {
    for message in [reset(), changed(None)] {
        let fake = Fake::new(None);
        fake.fails.borrow_mut().extend(["mark", "mark"]);
        assert_eq!(fake.deliver(&message).await, Status::Done);
        assert_eq!(fake.port_calls.borrow().iter().filter(|port| **port == "mark").count(), 3);

        let fake = Fake::new(None);
        fake.fails.borrow_mut().extend(["mark"; 9]);
        assert_eq!(fake.deliver(&message).await, Status::Done);
        assert_eq!(fake.port_calls.borrow().iter().filter(|port| **port == "mark").count(), 3);
        assert!(fake.removed.borrow().is_empty());
    }
}

#[tokio::test]
async fn a_failing_log_is_retried() {
    for message in [reset(), changed(None)] {
        assert_eq!(Fake::failing("lease").deliver(&message).await, Status::Retry);
    }
}

#[tokio::test]
async fn the_locale_of_the_user_takes_precedence() {
    let subject = async |message: Message, locale| {
        let fake = Fake::new(locale);
        assert_eq!(fake.deliver(&message).await, Status::Done);
        fake.sent.take().remove(0).2.subject
    };
    let english = subject(reset(), None).await;
    assert_ne!(english, subject(reset(), Some("de-AT")).await);
    assert_eq!(subject(reset(), Some("tlh")).await, english);
}

/// The browser may be a thief's.
#[tokio::test]
async fn without_a_locale_the_notice_is_in_english_and_in_the_language_of_the_browser() {
    let notice = async |locale| {
        let fake = Fake::new(locale);
        assert_eq!(fake.deliver(&changed(None)).await, Status::Done);
        fake.sent.take().remove(0).2
    };
    let (both, french) = (notice(None).await, notice(Some("fr")).await);
    let [in_english, in_french] =
        [Language::English, Language::French].map(|of| of_exchange(of.texts().notice.changed));
    let subject = format!("{} – Example Exchange", Language::English.texts().notice.subject);
    assert_eq!(both.subject, subject);
    assert!(both.text.starts_with(&in_english) && both.text.contains(&in_french));
    assert!(both.html.contains(r#"<div lang="en""#) && both.html.contains(r#"<div lang="fr""#));
    assert_eq!(both.html.matches("</body>").count(), 1);
    assert!(french.text.starts_with(&in_french) && !french.text.contains(&in_english));
}

#[tokio::test]
async fn without_a_locale_the_notice_is_in_english_once_if_that_is_the_language_of_the_browser() {
    let fake = Fake::new(None);
    let Message::PasswordChanged { attempt_id, commit_before, country, device, .. } = changed(None) else {
        panic!()
    };
    let language = Language::English;
    let message = Message::PasswordChanged { attempt_id, commit_before, country, device, language };
    assert_eq!(fake.deliver(&message).await, Status::Done);
    let text = fake.sent.take().remove(0).2.text;
    assert_eq!(text.matches(&of_exchange(language.texts().notice.changed)).count(), 1, "{text}");
}

#[tokio::test]
async fn every_mail_has_the_phrase_and_the_notice_has_the_hold() {
    let fake = Fake::new(Some("en"));
    for message in [reset(), changed(None)] {
        assert_eq!(fake.deliver(&message).await, Status::Done);
    }
    let sent = fake.sent.take();
    for (_, _, mail) in &sent {
        assert!(mail.text.contains("\nblue heron\n") && mail.html.contains(">blue heron<"), "{}", mail.text);
    }
    let held = format!("{}2026-01-02 00:00 UTC", Language::English.texts().notice.withdrawals_held);
    assert_eq!(sent.iter().map(|(_, _, mail)| mail.text.contains(&held)).collect::<Vec<_>>(), [false, true]);
}

#[tokio::test]
async fn the_deadline_is_that_of_the_message_or_two_minutes_after_it_was_enqueued() {
    for (stated, deadline) in [(Some(NOW + 7), NOW + 7), (None, NOW + 120_000)] {
        let fake = Fake::new(None);
        fake.deliver(&changed(stated)).await;
        assert_eq!(*fake.deadlines.borrow(), [millis(deadline)]);
    }
}

#[tokio::test]
async fn a_notice_contains_the_link_to_a_stored_lock_code() {
    let fake = Fake::new(Some("en"));
    assert_eq!(fake.deliver(&changed(None)).await, Status::Done);
    assert_eq!(*fake.port_calls.borrow(), ["lease", "store", "send", "mark"]);
    let sent = fake.sent.borrow();
    let (_, code) =
        sent[0].2.text.split_once("https://reset.example/lockAccount#UserId=5&LockCode=").unwrap();
    let stored = fake.lock_codes.borrow();
    let [(digest, record)] = stored.as_slice() else { panic!("{} codes", stored.len()) };
    assert_eq!(*digest, LockCode::parse(&code[..36]).unwrap().digest());
    assert_eq!((record.issued_at, record.expires_at), (millis(NOW), millis(NOW + 604_800_000)));
    assert_eq!((record.user_id.as_str(), record.attempt_id.as_deref()), ("5", Some("attempt")));
}

#[tokio::test]
async fn a_notice_waits_until_its_lock_code_is_stored() {
    let fake = Fake::failing("store");
    assert_eq!(fake.deliver(&changed(None)).await, Status::Retry);
    assert_eq!(*fake.port_calls.borrow(), ["lease", "store", "release"]);
    assert_eq!(fake.deliver(&changed(None)).await, Status::Done);
}

/// The account is locked, or was unlocked after the reset.
#[tokio::test]
async fn a_notice_whose_lock_code_would_be_void_has_none() {
    let mut fake = Fake::new(Some("en"));
    let NoticeLease::Leased { lock_code_expires_at, .. } = &mut fake.notice else { panic!() };
    *lock_code_expires_at = None;
    assert_eq!(fake.deliver(&changed(None)).await, Status::Done);
    assert!(fake.lock_codes.borrow().is_empty());
    let sent = fake.sent.borrow();
    assert!(!sent[0].2.text.contains("lockAccount") && sent[0].2.text.contains("/forgotPassword"));
}

#[tokio::test]
async fn a_lock_is_told_of_at_both_addresses() {
    let message = Message::AccountLocked {
        attempt_id: "lock".to_owned(),
        commit_before: millis(NOW),
        language: Language::French,
    };
    let fake = Fake::new(None);
    assert_eq!(fake.deliver(&message).await, Status::Done);
    assert_eq!(*fake.port_calls.borrow(), ["lease", "send", "mark", "lease", "send", "mark"]);
    let [english, french] =
        [Language::English, Language::French].map(|of| of_exchange(of.texts().locked_mail.locked));
    let texts: Vec<_> = fake.sent.take().into_iter().map(|(.., mail)| mail.text).collect();
    assert_eq!(texts.len(), 2);
    assert!(texts.iter().all(|text| text.contains(&english) && text.contains(&french)), "{texts:?}");

    let blocked = Fake { notice: NoticeLease::Blocked, ..Fake::new(None) };
    assert_eq!(blocked.deliver(&message).await, Status::Retry);
    let not_due = Fake { notice: NoticeLease::NotDue, ..Fake::new(None) };
    assert_eq!(not_due.deliver(&message).await, Status::Done);
}
