//! Deliveries on fakes that fail on demand. `tests/e2e` tests them on the real services.

use std::cell::{Cell, RefCell};

use super::{Status, deliver};
use crate::{
    device::DeviceFamily,
    languages::Language,
    mail::Mail,
    message::Message,
    pending_code::{CodeDigest, PendingCode, PendingCodeRecord},
    ports::{Clock, MailLog, Mailer, PendingCodes, Randomness, Recipient, Reservation, Unavailable},
    settings::Settings,
    unix_millis::UnixMillis,
    user_id::UserId,
};

const NOW: u64 = 1_767_225_600_000;

/// How long a notice waits for its attempt, in milliseconds.
const LONGEST_ATTEMPT_MILLIS: u64 = 120_000;

fn millis(millis: u64) -> UnixMillis {
    millis.try_into().unwrap()
}

/// One user, and the ports that fail, each once.
struct Fake {
    now: Cell<u64>,
    reservation: RefCell<Reservation>,
    fails: RefCell<Vec<&'static str>>,
    /// The ports that were used, in order.
    done: RefCell<Vec<&'static str>>,
    stored: RefCell<Vec<(CodeDigest, PendingCodeRecord)>>,
    superseded: RefCell<Vec<UnixMillis>>,
    sent: RefCell<Vec<(String, String, Mail)>>,
}

impl Fake {
    fn new(reservation: Reservation) -> Self {
        Self {
            now: Cell::new(NOW),
            reservation: RefCell::new(reservation),
            fails: RefCell::default(),
            done: RefCell::default(),
            stored: RefCell::default(),
            superseded: RefCell::default(),
            sent: RefCell::default(),
        }
    }

    fn fail(&self, what: &'static str) {
        self.fails.borrow_mut().push(what);
    }

    fn attempt(&self, what: &'static str) -> Result<(), Unavailable> {
        self.done.borrow_mut().push(what);
        let mut fails = self.fails.borrow_mut();
        match fails.iter().position(|fails| *fails == what) {
            Some(index) => {
                fails.remove(index);
                Err(Unavailable)
            }
            None => Ok(()),
        }
    }

    async fn deliver(&self, message: &Message) -> Status {
        let settings = Settings::read(|name| {
            Ok(match name {
                "PUBLIC_URL" => Some("https://reset.example".to_owned()),
                "MAIL_FROM" => Some("no-reply@exchange.example".to_owned()),
                _ => None,
            })
        });
        deliver(message, millis(NOW), &settings.unwrap(), self).await
    }
}

impl Clock for Fake {
    fn now(&self) -> UnixMillis {
        millis(self.now.get())
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

    fn remove_after_response(&self, _: CodeDigest) {}

    async fn store(&self, code: &CodeDigest, record: &PendingCodeRecord) -> Result<(), Unavailable> {
        self.attempt("store")?;
        self.stored.borrow_mut().push((code.clone(), record.clone()));
        Ok(())
    }
}

impl MailLog for Fake {
    async fn reserve_reset_mail(&self, _: &str, _: &str) -> Result<Reservation, Unavailable> {
        self.attempt("reserve")?;
        Ok(self.reservation.borrow().clone())
    }

    async fn reserve_notice(&self, _: &str) -> Result<Reservation, Unavailable> {
        self.attempt("reserve")?;
        Ok(self.reservation.borrow().clone())
    }

    async fn supersede(&self, _: &UserId, issued_at: UnixMillis) -> Result<(), Unavailable> {
        self.attempt("supersede")?;
        self.superseded.borrow_mut().push(issued_at);
        Ok(())
    }

    async fn mark_sent(&self, _: &str) -> Result<(), Unavailable> {
        self.attempt("mark")?;
        *self.reservation.borrow_mut() = Reservation::Sent;
        Ok(())
    }
}

impl Mailer for Fake {
    async fn send(&self, from: &str, to: &str, mail: &Mail) -> Result<(), Unavailable> {
        self.attempt("send")?;
        self.sent.borrow_mut().push((from.to_owned(), to.to_owned(), mail.clone()));
        Ok(())
    }
}

fn alice(locale: Option<&str>) -> Reservation {
    Reservation::Due(Recipient {
        user_id: UserId::try_from("5".to_owned()).unwrap(),
        user_name: Some("alice".to_owned()),
        email: "alice@example.com".to_owned(),
        locale: locale.map(str::to_owned),
        codes_valid_from: millis(0),
        changed_at: Some(millis(NOW)),
    })
}

fn reset() -> Message {
    Message::ResetPassword {
        request_id: "request".to_owned(),
        user_name: "alice".to_owned(),
        language: Language::English,
    }
}

fn changed() -> Message {
    Message::PasswordChanged {
        attempt_id: "attempt".to_owned(),
        country: Some("DE".to_owned()),
        device: DeviceFamily::Mac,
        language: Language::French,
    }
}

#[tokio::test]
async fn a_reset_mail_contains_the_link_to_a_stored_code() {
    let fake = Fake::new(alice(None));
    assert_eq!(fake.deliver(&reset()).await, Status::Done);
    assert_eq!(*fake.done.borrow(), ["reserve", "store", "supersede", "send", "mark"]);

    let sent = fake.sent.borrow();
    let [(from, to, mail)] = sent.as_slice() else { panic!("{} mails", sent.len()) };
    assert_eq!((from.as_str(), to.as_str()), ("no-reply@exchange.example", "alice@example.com"));
    let link = "https://reset.example/resetPassword#UserId=5&PendingCode=";
    let (_, code) = mail.text.split_once(link).unwrap();
    let code = PendingCode::parse(&code[..36]).unwrap();

    let stored = fake.stored.borrow();
    let [(digest, record)] = stored.as_slice() else { panic!("{} codes", stored.len()) };
    assert_eq!(*digest, code.digest());
    assert_eq!(record.user_name.as_deref(), Some("alice"));
    assert_eq!(record.issued_at, millis(NOW));
    assert_eq!(record.expires_at, millis(NOW + 1_800_000));
    assert_eq!(*fake.superseded.borrow(), [record.issued_at]);
}

#[tokio::test]
async fn without_a_reservation_no_mail_is_sent() {
    for reservation in [Reservation::NotDue, Reservation::Sent] {
        let fake = Fake::new(reservation);
        assert_eq!(fake.deliver(&reset()).await, Status::Done);
        assert_eq!(*fake.done.borrow(), ["reserve"]);
    }
}

#[tokio::test]
async fn whatever_fails_exactly_one_mail_is_sent() {
    for message in [reset(), changed()] {
        for fails in ["reserve", "store", "supersede", "send"] {
            let fake = Fake::new(alice(None));
            fake.fail(fails);
            let first = fake.deliver(&message).await;
            let second = fake.deliver(&message).await;
            // The notice neither stores a code nor supersedes one.
            if first == Status::Retry {
                assert!(fake.done.borrow().contains(&fails));
            }
            assert_eq!(second, Status::Done, "{fails}");
            assert_eq!(fake.sent.borrow().len(), 1, "{fails}");
        }
        // The mail was sent and only the mark failed, so the message is done.
        let fake = Fake::new(alice(None));
        fake.fail("mark");
        assert_eq!(fake.deliver(&message).await, Status::Done);
        // The same message again, as a queue may deliver it.
        let fake = Fake::new(alice(None));
        assert_eq!(fake.deliver(&message).await, Status::Done);
        assert_eq!(fake.deliver(&message).await, Status::Done);
        assert_eq!(fake.sent.borrow().len(), 1);
    }
}

#[tokio::test]
async fn a_code_that_kv_did_not_store_voids_no_older_code() {
    let fake = Fake::new(alice(None));
    fake.fail("store");
    assert_eq!(fake.deliver(&reset()).await, Status::Retry);
    assert!(fake.superseded.borrow().is_empty());
}

#[tokio::test]
async fn a_new_code_is_later_than_the_cut_off() {
    let Reservation::Due(mut recipient) = alice(None) else { panic!() };
    recipient.codes_valid_from = millis(NOW + 500);
    let fake = Fake::new(Reservation::Due(recipient));
    assert_eq!(fake.deliver(&reset()).await, Status::Done);
    assert_eq!(fake.stored.borrow()[0].1.issued_at, millis(NOW + 501));
}

#[tokio::test]
async fn the_locale_of_the_user_takes_precedence() {
    let subject = async |message: Message, locale| {
        let fake = Fake::new(alice(locale));
        assert_eq!(fake.deliver(&message).await, Status::Done);
        fake.sent.take().remove(0).2.subject
    };
    let english = subject(reset(), None).await;
    let german = subject(reset(), Some("de-AT")).await;
    assert_ne!(english, german);
    assert_eq!(subject(reset(), Some("tlh")).await, english);
    assert_eq!(subject(changed(), Some("fr")).await, subject(changed(), None).await);
}

#[tokio::test]
async fn a_notice_waits_for_its_attempt_but_not_forever() {
    let fake = Fake::new(Reservation::NotDue);
    assert_eq!(fake.deliver(&changed()).await, Status::Retry);
    fake.now.set(NOW + LONGEST_ATTEMPT_MILLIS - 1);
    assert_eq!(fake.deliver(&changed()).await, Status::Retry);
    *fake.reservation.borrow_mut() = alice(None);
    assert_eq!(fake.deliver(&changed()).await, Status::Done);
    assert_eq!(fake.sent.borrow().len(), 1);

    let never = Fake::new(Reservation::NotDue);
    never.now.set(NOW + LONGEST_ATTEMPT_MILLIS);
    assert_eq!(never.deliver(&changed()).await, Status::Done);
    assert!(never.sent.borrow().is_empty());
}
