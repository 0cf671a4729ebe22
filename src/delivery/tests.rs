//! Deliveries against fakes that fail on demand. The real parts are in `tests/e2e`.

use std::cell::{Cell, RefCell};

use super::*;

const NOW: u64 = 1_767_225_600_000;

fn millis(millis: u64) -> UnixMillis {
    millis.try_into().unwrap()
}

/// One user, and what may fail, each once.
struct Fake {
    now: Cell<u64>,
    reservation: RefCell<Reservation>,
    fails: RefCell<Vec<&'static str>>,
    /// What was done, in order.
    done: RefCell<Vec<&'static str>>,
    kept: RefCell<Vec<(CodeDigest, PendingCodeRecord)>>,
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
            kept: RefCell::default(),
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

    async fn deliver(&self, message: &Message) -> Delivered {
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

impl CodeStore for Fake {
    async fn keep(&self, code: &CodeDigest, record: &PendingCodeRecord) -> Result<(), Unavailable> {
        self.attempt("keep")?;
        self.kept.borrow_mut().push((code.clone(), record.clone()));
        Ok(())
    }
}

impl MailBook for Fake {
    async fn reserve_reset(&self, _: &str, _: &str) -> Result<Reservation, Unavailable> {
        self.attempt("reserve")?;
        Ok(self.reservation.borrow().clone())
    }

    async fn reserve_changed(&self, _: &str) -> Result<Reservation, Unavailable> {
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

impl Postman for Fake {
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
async fn a_mail_with_a_link_that_works() {
    let fake = Fake::new(alice(None));
    assert_eq!(fake.deliver(&reset()).await, Delivered::Done);
    assert_eq!(*fake.done.borrow(), ["reserve", "keep", "supersede", "send", "mark"]);

    let sent = fake.sent.borrow();
    let [(from, to, mail)] = sent.as_slice() else { panic!("{} mails", sent.len()) };
    assert_eq!((from.as_str(), to.as_str()), ("no-reply@exchange.example", "alice@example.com"));
    let link = "https://reset.example/resetPassword#UserId=5&PendingCode=";
    let (_, code) = mail.text.split_once(link).unwrap();
    let code = PendingCode::parse(&code[..36]).unwrap();

    let kept = fake.kept.borrow();
    let [(digest, record)] = kept.as_slice() else { panic!("{} codes", kept.len()) };
    assert_eq!(*digest, code.digest());
    assert_eq!(record.user_name.as_deref(), Some("alice"));
    assert_eq!(record.issued_at, millis(NOW));
    assert_eq!(record.expires_at, millis(NOW + 1_800_000));
    assert_eq!(*fake.superseded.borrow(), [record.issued_at]);
}

#[tokio::test]
async fn nobody_is_written_to_without_a_reservation() {
    for reservation in [Reservation::None, Reservation::Sent] {
        let fake = Fake::new(reservation);
        assert_eq!(fake.deliver(&reset()).await, Delivered::Done);
        assert_eq!(*fake.done.borrow(), ["reserve"]);
    }
}

/// Whatever fails, the mail goes out once: not never, and not twice.
#[tokio::test]
async fn a_failure_is_tried_again_and_a_second_mail_is_not_sent() {
    for message in [reset(), changed()] {
        for fails in ["reserve", "keep", "supersede", "send"] {
            let fake = Fake::new(alice(None));
            fake.fail(fails);
            let first = fake.deliver(&message).await;
            let second = fake.deliver(&message).await;
            // The notice neither keeps a code nor supersedes one.
            if first == Delivered::TryAgain {
                assert!(fake.done.borrow().contains(&fails));
            }
            assert_eq!(second, Delivered::Done, "{fails}");
            assert_eq!(fake.sent.borrow().len(), 1, "{fails}");
        }
        // The mail is out, and only the mark failed: the message is done.
        let fake = Fake::new(alice(None));
        fake.fail("mark");
        assert_eq!(fake.deliver(&message).await, Delivered::Done);
        // The same message once more, as a queue may deliver it.
        let fake = Fake::new(alice(None));
        assert_eq!(fake.deliver(&message).await, Delivered::Done);
        assert_eq!(fake.deliver(&message).await, Delivered::Done);
        assert_eq!(fake.sent.borrow().len(), 1);
    }
}

/// A new code voids the older ones only once KV has it.
#[tokio::test]
async fn a_code_that_kv_does_not_take_voids_none() {
    let fake = Fake::new(alice(None));
    fake.fail("keep");
    assert_eq!(fake.deliver(&reset()).await, Delivered::TryAgain);
    assert!(fake.superseded.borrow().is_empty());
}

#[tokio::test]
async fn a_code_is_not_void_from_birth() {
    let Reservation::Due(mut recipient) = alice(None) else { panic!() };
    recipient.codes_valid_from = millis(NOW + 500);
    let fake = Fake::new(Reservation::Due(recipient));
    assert_eq!(fake.deliver(&reset()).await, Delivered::Done);
    assert_eq!(fake.kept.borrow()[0].1.issued_at, millis(NOW + 501));
}

#[tokio::test]
async fn the_users_own_language_comes_first() {
    let subject = async |message: Message, locale| {
        let fake = Fake::new(alice(locale));
        assert_eq!(fake.deliver(&message).await, Delivered::Done);
        fake.sent.take().remove(0).2.subject
    };
    let english = subject(reset(), None).await;
    let german = subject(reset(), Some("de-AT")).await;
    assert_ne!(english, german);
    assert_eq!(subject(reset(), Some("tlh")).await, english);
    assert_eq!(subject(changed(), Some("fr")).await, subject(changed(), None).await);
}

/// The notice is in the queue before the attempt commits: it waits for it, but not forever.
#[tokio::test]
async fn an_attempt_that_is_not_there_yet_is_looked_for_again() {
    let fake = Fake::new(Reservation::None);
    assert_eq!(fake.deliver(&changed()).await, Delivered::TryAgain);
    fake.now.set(NOW + LONGEST_ATTEMPT_MILLIS - 1);
    assert_eq!(fake.deliver(&changed()).await, Delivered::TryAgain);
    *fake.reservation.borrow_mut() = alice(None);
    assert_eq!(fake.deliver(&changed()).await, Delivered::Done);
    assert_eq!(fake.sent.borrow().len(), 1);

    let never = Fake::new(Reservation::None);
    never.now.set(NOW + LONGEST_ATTEMPT_MILLIS);
    assert_eq!(never.deliver(&changed()).await, Delivered::Done);
    assert!(never.sent.borrow().is_empty());
}
