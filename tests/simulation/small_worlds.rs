//! Two redemptions of one code, one delivery of a newer code, and any single fault: every interleaving.
//!
//! Every request to KV, D1 or the mail service is one step, and nothing else is: what happens in between commutes.

use std::{
    cell::{Cell, RefCell},
    future::{poll_fn, ready},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use reset_password2::{
    calls::{CallRequest, ResetPassword2Error, reset_password2},
    client::{Client, ClientAddress},
    delivery::deliver,
    device::DeviceFamily,
    languages::Language,
    lock_code::{LockCodeDigest, LockCodeRecord},
    mail::Mail,
    message::Message,
    password::{BreachList, NewPassword, PasswordHash, SALT_BYTES},
    pending_code::{CodeDigest, PendingCode, PendingCodeRecord},
    ports::{
        AttemptResult, BreachCheckFailure, BreachedPasswords, CallLimit, Claim, Clock, CodeLimit,
        EnqueueError, EventLog, ExchangeUsers, Hasher, LockCodes, MailLog, Mailer, NoticeLease, Outbox,
        PendingCodes, Randomness, RedeemError, Redemption, ResetMailLease, ResetMailRequest, SendError,
        Sender, Timer, Try, Unavailable, Verdict, WebhookReceiver,
    },
    settings::Settings,
    sql::{
        mail_log::{self, DigestRow, ResetMailRow},
        redemption::{self, VerdictRow},
        statement::Statement,
    },
    unix_millis::UnixMillis,
    user_id::UserId,
    webhook::WebhookRequest,
};
use serde_json::Value as Json;

use crate::database::Database;

const CODE: &str = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";

/// Where a fault occurs: the actor, its step, and whether the step still takes effect.
type Fault = (usize, u32, bool);

/// What all actors share.
struct World {
    database: Database,
    kv: RefCell<Vec<(CodeDigest, PendingCodeRecord)>>,
    mailbox: RefCell<Vec<String>>,
    fault: Cell<Option<Fault>>,
}

/// The ports of one actor.
struct Actor {
    world: Rc<World>,
    number: usize,
    steps: Cell<u32>,
    random: Cell<u8>,
}

impl Actor {
    /// Waits until the schedule chooses this actor, and returns whether this step fails before or after its effect.
    async fn step(&self) -> (bool, bool) {
        let mut is_first = true;
        poll_fn(|_| if std::mem::take(&mut is_first) { Poll::Pending } else { Poll::Ready(()) }).await;
        let step = self.steps.replace(self.steps.get() + 1);
        match self.world.fault.get() {
            Some((actor, at, takes_effect)) if (actor, at) == (self.number, step) => {
                (!takes_effect, takes_effect)
            }
            _ => (false, false),
        }
    }

    async fn batch(&self, statements: impl IntoIterator<Item = Statement>) -> Result<Vec<Json>, Unavailable> {
        let (before, after) = self.step().await;
        if before {
            return Err(Unavailable);
        }
        let rows = self.world.database.batch(statements);
        if after { Err(Unavailable) } else { Ok(rows) }
    }
}

impl CallLimit for Actor {
    async fn count_call(&self, _: &ClientAddress) -> bool {
        true
    }
}

impl CodeLimit for Actor {
    async fn count_attempt(&self, _: &CodeDigest) -> bool {
        true
    }
}

impl Clock for Actor {
    fn now(&self) -> UnixMillis {
        let now = self.world.database.value("SELECT now FROM clock");
        UnixMillis::try_from(now.as_u64().unwrap()).unwrap()
    }
}

impl Timer for Actor {
    async fn sleep(&self, _: u64) {}
}

impl Randomness for Actor {
    fn random<const N: usize>(&self) -> Result<[u8; N], Unavailable> {
        self.random.set(self.random.get() + 1);
        Ok([self.random.get(); N])
    }
}

impl Hasher for Actor {
    fn hash(&self, _: &NewPassword, _: [u8; SALT_BYTES]) -> PasswordHash {
        let hash = format!("{}{}", self.number, "A".repeat(85));
        PasswordHash::from_phc(&format!("$pbkdf2-sha512$i=1000,l=64$AAAAAAAAAAAAAAAAAAAAAA${hash}")).unwrap()
    }
}

impl BreachedPasswords for Actor {
    async fn request_list(&self, _: String) -> impl Future<Output = Result<BreachList, BreachCheckFailure>> {
        ready(Err(BreachCheckFailure::Unavailable))
    }

    fn note_breach_check_failure(&self, _: BreachCheckFailure) {
        unreachable!("the check is off");
    }
}

impl Outbox for Actor {
    async fn enqueue(&self, _: &[Message]) -> Result<(), EnqueueError> {
        Ok(())
    }
}

impl PendingCodes for Actor {
    async fn find(&self, digest: &CodeDigest) -> Result<Option<PendingCodeRecord>, Unavailable> {
        let (before, after) = self.step().await;
        if before || after {
            return Err(Unavailable);
        }
        let kv = self.world.kv.borrow();
        Ok(kv.iter().find(|(known, _)| known == digest).map(|(_, record)| record.clone()))
    }

    async fn store(&self, digest: &CodeDigest, record: &PendingCodeRecord) -> Result<(), Unavailable> {
        let (before, after) = self.step().await;
        if !before {
            self.world.kv.borrow_mut().push((digest.clone(), record.clone()));
        }
        if before || after { Err(Unavailable) } else { Ok(()) }
    }

    /// KV may still find the code for a while.
    fn remove_after_response(&self, _: CodeDigest) {}
}

impl LockCodes for Actor {
    async fn find_lock_code(&self, _: &LockCodeDigest) -> Result<Option<LockCodeRecord>, Unavailable> {
        unreachable!("no account is locked")
    }

    async fn store_lock_code(&self, _: &LockCodeDigest, _: &LockCodeRecord) -> Result<(), Unavailable> {
        unreachable!("no notice is delivered")
    }
}

impl ExchangeUsers for Actor {
    async fn can_redeem(&self, claim: &Claim) -> Result<Verdict, Unavailable> {
        let rows = self.batch([redemption::can_redeem(claim)]).await?;
        let row: VerdictRow = serde_json::from_value(rows[0].clone()).unwrap();
        row.verdict().map_err(|_| Unavailable)
    }

    async fn redeem(&self, redemption: &Redemption, try_number: Try) -> Result<Verdict, RedeemError> {
        let rows = self.batch(redemption::redeem(redemption, try_number, "request")).await;
        let rows = rows.map_err(|_| RedeemError::Unclear)?;
        let row: VerdictRow = serde_json::from_value(rows[0].clone()).unwrap();
        row.verdict()
    }
}

impl MailLog for Actor {
    async fn index_user_names(&self) -> Result<(), Unavailable> {
        Ok(())
    }

    async fn users_with_address(&self, address: &str) -> Result<Vec<UserId>, Unavailable> {
        unreachable!("{address} is a user name")
    }

    async fn lease_reset_mail(&self, request: &ResetMailRequest<'_>) -> Result<ResetMailLease, Unavailable> {
        let rows = self.batch(mail_log::lease_reset_mail(request)).await?;
        let row: ResetMailRow = serde_json::from_value(rows[0].clone()).unwrap();
        Ok(row.into())
    }

    async fn mark_reset_mail_sent(
        &self,
        request_id: &str,
        code: &CodeDigest,
    ) -> Result<Vec<CodeDigest>, Unavailable> {
        let rows = self.batch(mail_log::mark_reset_mail_sent(request_id, code)).await?;
        let rows = rows.into_iter().map(|row| serde_json::from_value::<DigestRow>(row).unwrap());
        Ok(rows.filter_map(DigestRow::into_digest).collect())
    }

    async fn lease_notice(&self, _: &str, _: UnixMillis) -> Result<NoticeLease, Unavailable> {
        unreachable!("no notice is delivered")
    }

    async fn mark_notice_sent(&self, _: &str) -> Result<(), Unavailable> {
        unreachable!("no notice is delivered")
    }

    async fn release(&self, mail_id: &str) -> Result<(), Unavailable> {
        self.batch([mail_log::release(mail_id)]).await.map(|_| ())
    }

    async fn mark_mail_refused(&self, mail_id: &str) -> Result<(), Unavailable> {
        self.batch([mail_log::mark_mail_refused(mail_id)]).await.map(|_| ())
    }
}

impl EventLog for Actor {
    async fn find_event(&self, _: &str, _: UnixMillis) -> Result<AttemptResult, Unavailable> {
        unreachable!("the exchange receives no events here")
    }

    async fn record_event_delivery(&self) -> Result<(), Unavailable> {
        unreachable!("the exchange receives no events here")
    }
}

impl WebhookReceiver for Actor {
    async fn post(&self, _: &str, _: &WebhookRequest) -> Result<(), Unavailable> {
        unreachable!("the exchange receives no events here")
    }
}

impl Mailer for Actor {
    async fn send(&self, _: &Sender<'_>, _: &str, mail: &Mail) -> Result<(), SendError> {
        let (before, after) = self.step().await;
        if before {
            return Err(SendError::Temporary);
        }
        let (_, code) = mail.text.split_once("&PendingCode=").unwrap();
        self.world.mailbox.borrow_mut().push(code[..36].to_owned());
        if after { Err(SendError::Unclear) } else { Ok(()) }
    }
}

/// How the two redemptions ended.
type Results = Rc<RefCell<[Option<Result<(), ResetPassword2Error>>; 2]>>;

fn settings() -> Settings {
    let value = |name: &str| match name {
        "PUBLIC_URL" => Some("https://reset.example".to_owned()),
        "MAIL_FROM" => Some("no-reply@exchange.example".to_owned()),
        "BREACH_CHECK" => Some("off".to_owned()),
        _ => None,
    };
    Settings::read(|name| Ok(value(name))).unwrap()
}

async fn redeem(actor: Actor, settings: Rc<Settings>, results: Results) {
    let payload = format!(r#"{{"UserId":"5","Password":"four words that fit","PendingCode":"{CODE}"}}"#);
    let client = Client {
        address: ClientAddress::from_header(None),
        country: None,
        device: DeviceFamily::Other,
        language: Language::English,
    };
    let request = CallRequest { payload: Ok(payload.as_bytes()), client: &client, settings: Ok(&settings) };
    let result = reset_password2(&request, &actor).await;
    results.borrow_mut()[actor.number] = Some(result);
}

async fn send_newer_code(actor: Actor, settings: Rc<Settings>) {
    let message = Message::ResetPassword {
        request_id: "request".to_owned(),
        user_name: "alice".to_owned(),
        requested_at: None,
        language: Language::English,
    };
    deliver(&message, actor.now(), &settings, &actor).await;
}

/// Runs one schedule: at each step, the choice of an actor. Returns how many actors could be chosen at each step.
fn run(world: &Rc<World>, settings: &Rc<Settings>, schedule: &[usize], fault: Option<Fault>) -> Vec<usize> {
    world.fault.set(fault);
    world.mailbox.borrow_mut().clear();
    world.database.execute(
        "DELETE FROM users; DELETE FROM mails; DELETE FROM redeemed_codes; DELETE FROM audit_log;
         INSERT INTO users (user_id, user_name, email) VALUES ('5', 'alice', 'alice@example.com')",
    );
    let now = world.database.value("SELECT now FROM clock").as_u64().unwrap();
    let record = PendingCodeRecord {
        user_id: UserId::try_from("5".to_owned()).unwrap(),
        user_name: None,
        issued_at: UnixMillis::try_from(now).unwrap(),
        expires_at: UnixMillis::try_from(now + 600_000).unwrap(),
    };
    *world.kv.borrow_mut() = vec![(PendingCode::parse(CODE).unwrap().digest(), record)];

    let results = Results::default();
    let actor = |number: usize| Actor {
        world: Rc::clone(world),
        number,
        steps: Cell::new(0),
        random: Cell::new(u8::try_from(number).unwrap() * 50),
    };
    let mut tasks: Vec<Option<Pin<Box<dyn Future<Output = ()>>>>> = vec![
        Some(Box::pin(redeem(actor(0), Rc::clone(settings), Rc::clone(&results)))),
        Some(Box::pin(redeem(actor(1), Rc::clone(settings), Rc::clone(&results)))),
        Some(Box::pin(send_newer_code(actor(2), Rc::clone(settings)))),
    ];
    let mut context = Context::from_waker(Waker::noop());
    let mut poll = |task: &mut Option<Pin<Box<dyn Future<Output = ()>>>>| {
        if task.as_mut().is_some_and(|task| task.as_mut().poll(&mut context).is_ready()) {
            *task = None;
        }
    };
    // Up to the first step of each.
    tasks.iter_mut().for_each(&mut poll);
    let mut options = Vec::new();
    loop {
        let alive: Vec<usize> = (0..tasks.len()).filter(|index| tasks[*index].is_some()).collect();
        if alive.is_empty() {
            check(world, &results.borrow());
            return options;
        }
        let choice = schedule.get(options.len()).copied().unwrap_or(0);
        options.push(alive.len());
        poll(&mut tasks[alive[choice]]);
    }
}

/// Checks the promises at the end of a schedule.
fn check(world: &World, results: &[Option<Result<(), ResetPassword2Error>>; 2]) {
    let hash = world.database.value("SELECT password_hash FROM users");
    let changes = world.database.value("SELECT count(*) FROM audit_log WHERE outcome = 'redeemed'");
    assert!(changes == 0 || changes == 1, "{results:?}");
    assert_eq!(changes == 1, hash.is_string(), "{results:?}");
    assert_eq!(
        world.database.value("SELECT count(*) FROM mails WHERE kind = 'changed'"),
        changes,
        "{results:?}"
    );
    for (number, result) in results.iter().enumerate() {
        let stored = hash.as_str().is_some_and(|hash| hash.contains(&format!("${number}A")));
        match result.as_ref().unwrap() {
            Ok(()) => assert!(stored, "{results:?}"),
            Err(ResetPassword2Error::Unclear) => {}
            Err(_) => assert!(!stored, "{results:?}"),
        }
    }
    // The newest link works, unless the password was changed.
    let mailbox = world.mailbox.borrow();
    if let (Some(code), true) = (mailbox.last(), hash.is_null()) {
        let digest = PendingCode::parse(code).unwrap().digest();
        let kv = world.kv.borrow();
        let (_, record) = kv.iter().find(|(known, _)| *known == digest).expect("a code in a mail is in KV");
        let claim = Claim { code: digest, user_id: record.user_id.clone(), issued_at: record.issued_at };
        let rows = world.database.batch([redemption::can_redeem(&claim)]);
        let row: VerdictRow = serde_json::from_value(rows[0].clone()).unwrap();
        assert_eq!(row.verdict(), Ok(Verdict::Granted), "{results:?}");
    }
}

/// Returns the next schedule in depth-first order, given how many actors could be chosen at each step of the last one.
fn next(mut schedule: Vec<usize>, options: &[usize]) -> Option<Vec<usize>> {
    schedule.resize(options.len(), 0);
    while let Some(choice) = schedule.pop() {
        if choice + 1 < options[schedule.len()] {
            schedule.push(choice + 1);
            return Some(schedule);
        }
    }
    None
}

#[test]
fn every_interleaving_of_a_small_world_keeps_the_promises() {
    let database = Database::migrated();
    database.execute("INSERT INTO user_permissions VALUES ('5', 'Trading')");
    let world = Rc::new(World {
        database,
        kv: RefCell::default(),
        mailbox: RefCell::default(),
        fault: Cell::new(None),
    });
    let settings = Rc::new(settings());
    // One of two equal redemptions, and the delivery. Each fault is before or after the step's effect.
    let faults = [(0, 3), (2, 5)].into_iter().flat_map(|(actor, steps)| {
        (0..steps).flat_map(move |step| [false, true].map(|takes_effect| Some((actor, step, takes_effect))))
    });
    let mut interleavings = 0;
    for fault in [None].into_iter().chain(faults) {
        let mut schedule = Some(Vec::new());
        while let Some(current) = schedule {
            let options = run(&world, &settings, &current, fault);
            interleavings += 1;
            schedule = next(current, &options);
        }
    }
    println!("{interleavings} interleavings");
    assert!(interleavings > 5_000, "{interleavings}");
}
