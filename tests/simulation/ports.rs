//! The ports of one event in an isolate, on the simulated world.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use reset_password2::{
    call_name::CallName,
    client::ClientAddress,
    lock_code::{LockCodeDigest, LockCodeRecord},
    mail::Mail,
    message::Message,
    outcome::Outcome,
    password::{NewPassword, PasswordHash, SALT_BYTES},
    pending_code::{CodeDigest, PendingCode, PendingCodeRecord},
    ports::{
        AccountLocks, CallLimit, CallLog, Check, Claim, Clock, CodeLimit, EnqueueError, ExchangeUsers,
        Hasher, Health, HealthCheck, Lock, LockCodes, LockError, LockVerdict, MailLog, Mailer, NoticeLease,
        Outbox, PendingCodes, Randomness, RedeemError, Redemption, ResetMailLease, ResetMailRequest,
        SendError, Sender, Timer, Try, Unavailable, Verdict,
    },
    sql::{
        lock::{self, LockVerdictRow},
        mail_log::{self, DigestRow, NOTICE_LEASED, NoticeRow, ResetMailRow, UserIdRow},
        redemption::{self, VerdictRow},
        user_names::{self, NameRow},
    },
    unix_millis::UnixMillis,
    user_id::UserId,
};
use uuid::Uuid;

use crate::{
    locks::{lock_notice_arrived, notice_arrived},
    mail_checks::{check_hold, check_phrase},
    oracle::Arrived,
    world::World,
};

const USED: &str = "SELECT 1 FROM redeemed_codes WHERE code_digest = ?1";

/// The ports of one request, or of one delivery.
pub(crate) struct Isolate {
    pub(crate) world: Rc<World>,
    location: u64,
    /// The attempts that were sent to D1.
    pub(crate) attempts: RefCell<Vec<String>>,
    /// The ports that were used, in order.
    pub(crate) used: RefCell<Vec<&'static str>>,
    /// The attempt whose notice is being delivered.
    notice: RefCell<Option<String>>,
    /// The messages that a bug holds back until after the redemption.
    held_back: RefCell<Vec<Message>>,
    sent: Cell<bool>,
    /// Whether the user of the code was neither locked nor opted out when KV was asked.
    was_unrestricted: Cell<bool>,
}

impl Isolate {
    pub(crate) fn new(world: &Rc<World>, location: u64) -> Self {
        Self {
            world: Rc::clone(world),
            location,
            attempts: RefCell::default(),
            used: RefCell::default(),
            notice: RefCell::default(),
            held_back: RefCell::default(),
            sent: Cell::new(false),
            was_unrestricted: Cell::new(false),
        }
    }

    pub(crate) fn delivers(&self, message: &Message) {
        if let Message::PasswordChanged { attempt_id, .. } | Message::AccountLocked { attempt_id, .. } =
            message
        {
            *self.notice.borrow_mut() = Some(attempt_id.clone());
        }
    }

    pub(crate) fn uses(&self, port: &'static str) {
        self.used.borrow_mut().push(port);
    }

    /// The time that a request to another service takes.
    pub(crate) async fn travel(&self) {
        let slow = self.world.fault(5);
        let millis = self.world.executor.pick(if slow { 1_000..20_000 } else { 1..60 });
        self.world.executor.sleep(millis).await;
    }
}

impl CallLimit for Isolate {
    async fn count_call(&self, address: &ClientAddress) -> bool {
        self.uses("limit");
        self.world.executor.sleep(1).await;
        let allowed = self.world.is_within_limit(self.location, &address.network(), 60);
        if !allowed {
            self.world.coverage.sometimes("an attempt was rate-limited");
        }
        allowed
    }
}

impl CodeLimit for Isolate {
    async fn count_attempt(&self, code: &CodeDigest) -> bool {
        self.uses("code limit");
        self.world.executor.sleep(1).await;
        let allowed = self.world.is_within_limit(self.location, code.as_str(), 10);
        if !allowed {
            self.world.coverage.sometimes("a code was limited");
        }
        allowed
    }
}

impl Clock for Isolate {
    fn now(&self) -> UnixMillis {
        self.world.local_time(self.location)
    }
}

impl Timer for Isolate {
    async fn sleep(&self, millis: u64) {
        self.world.executor.sleep(millis).await;
    }
}

impl Randomness for Isolate {
    fn random<const N: usize>(&self) -> Result<[u8; N], Unavailable> {
        let mut bytes = [0; N];
        self.world.executor.fill(&mut bytes);
        if self.world.fault(1) { Err(Unavailable) } else { Ok(bytes) }
    }
}

impl Hasher for Isolate {
    fn hash(&self, _: &NewPassword, salt: [u8; SALT_BYTES]) -> PasswordHash {
        self.uses("hash");
        // Not a hash, but unique.
        let salt = Uuid::from_bytes(salt).simple().to_string();
        let (salt, hash) = (&salt[..22], format!("{salt:A<85}A"));
        // The last character of the salt encodes two bits only.
        let salt = format!("{}A", &salt[..21]);
        PasswordHash::from_phc(&format!("$pbkdf2-sha512$i=1000,l=64${salt}${hash}")).unwrap()
    }
}

impl PendingCodes for Isolate {
    async fn find(&self, digest: &CodeDigest) -> Result<Option<PendingCodeRecord>, Unavailable> {
        let value = self.read(&digest.kv_key()).await?;
        let record = value.map(|json| PendingCodeRecord::from_json(&json, self.now()));
        let record = record.transpose().map_err(|_| Unavailable)?;
        let user_id = record.as_ref().map(|record| record.user_id.as_str());
        let oracle = self.world.oracle.borrow();
        self.was_unrestricted.set(user_id.is_some_and(|user_id| !oracle.is_restricted(user_id)));
        Ok(record)
    }

    async fn store(&self, digest: &CodeDigest, record: &PendingCodeRecord) -> Result<(), Unavailable> {
        self.write(&digest.kv_key(), serde_json::to_string(record).unwrap(), record.expires_at).await
    }

    fn remove_after_response(&self, digest: CodeDigest) {
        let (world, location) = (Rc::clone(&self.world), self.location);
        self.world.executor.spawn_mortal(async move {
            world.executor.sleep(20).await;
            if !world.fault(20) {
                let propagation = world.executor.pick(0..90_000);
                world.kv.borrow_mut().write(location, &digest.kv_key(), None, world.now(), propagation);
            }
        });
    }
}

impl LockCodes for Isolate {
    async fn find_lock_code(&self, digest: &LockCodeDigest) -> Result<Option<LockCodeRecord>, Unavailable> {
        let value = self.read(&digest.kv_key()).await?;
        value.map(|json| LockCodeRecord::from_json(&json).ok_or(Unavailable)).transpose()
    }

    async fn store_lock_code(
        &self,
        digest: &LockCodeDigest,
        record: &LockCodeRecord,
    ) -> Result<(), Unavailable> {
        self.write(&digest.kv_key(), serde_json::to_string(record).unwrap(), record.expires_at).await
    }
}

impl Isolate {
    /// Reads a value from KV.
    async fn read(&self, key: &str) -> Result<Option<String>, Unavailable> {
        self.uses("kv.get");
        self.travel().await;
        if self.world.fault(5) {
            return Err(Unavailable);
        }
        let (value, is_stale) = self.world.kv.borrow_mut().read(self.location, key, self.world.now());
        if is_stale {
            let what = if value.is_some() { "KV returned a stale value" } else { "KV remembered a miss" };
            self.world.coverage.sometimes(what);
        }
        Ok(value)
    }

    /// Writes a value to KV.
    async fn write(&self, key: &str, json: String, expires_at: UnixMillis) -> Result<(), Unavailable> {
        self.travel().await;
        if self.world.fault(10) {
            return Err(Unavailable);
        }
        let propagation = self.world.executor.pick(0..90_000);
        let value = Some((json, expires_at.as_u64()));
        self.world.kv.borrow_mut().write(self.location, key, value, self.world.now(), propagation);
        if self.world.fault(10) {
            self.world.coverage.sometimes("KV failed after a write");
            return Err(Unavailable);
        }
        Ok(())
    }
}

impl AccountLocks for Isolate {
    async fn lock(&self, lock: &Lock) -> Result<LockVerdict, LockError> {
        self.uses("d1");
        self.attempts.borrow_mut().push(lock.attempt_id.to_string());
        let rows =
            self.batch(lock::lock(lock, "request").into()).await.map_err(|error| lock::lock_error(&error))?;
        let row: LockVerdictRow = serde_json::from_value(rows.last().unwrap()[0].clone()).unwrap();
        row.verdict()
    }
}

impl Outbox for Isolate {
    async fn enqueue(&self, messages: &[Message]) -> Result<(), EnqueueError> {
        self.uses("queue.send");
        self.travel().await;
        let is_unclear = self.world.fault(20);
        for message in messages {
            let bug = match message {
                Message::PasswordChanged { .. } => "the notice is enqueued after the redemption",
                Message::Event { .. } => "the event is enqueued after the redemption",
                Message::ResetPassword { .. } | Message::AccountLocked { .. } => "",
            };
            if self.world.has_bug(bug) {
                self.held_back.borrow_mut().push(message.clone());
            } else if !is_unclear {
                self.world.enqueue(message.clone());
            } else if self.world.executor.chance(500) {
                self.world.coverage.sometimes("a message was lost by the caller but enqueued");
                self.world.enqueue(message.clone());
            }
        }
        if is_unclear { Err(EnqueueError::Unclear) } else { Ok(()) }
    }
}

impl ExchangeUsers for Isolate {
    async fn can_redeem(&self, claim: &Claim) -> Result<Verdict, Unavailable> {
        self.uses("d1");
        let rows = self.rows([redemption::can_redeem(claim)]).await?;
        let row: VerdictRow = serde_json::from_value(rows.last().unwrap()[0].clone()).unwrap();
        row.verdict().map_err(|_| Unavailable)
    }

    async fn redeem(&self, redemption: &Redemption, try_number: Try) -> Result<Verdict, RedeemError> {
        self.uses("d1");
        let world = &self.world;
        let code = redemption.claim.code.as_str().to_owned();
        let mut attempt = redemption.attempt_id.to_string();
        let mut statements = redemption::redeem(redemption, try_number, "request");
        if try_number == Try::Again && world.has_bug("a retry has another attempt id") {
            attempt = Uuid::from_u128(redemption.attempt_id.as_u128() ^ 1).to_string();
            for statement in &mut statements {
                statement.values[3] = attempt.as_str().into();
            }
        }
        self.attempts.borrow_mut().push(attempt);
        let together = {
            let mut in_progress = world.in_progress.borrow_mut();
            let count = in_progress.entry(code.clone()).or_default();
            *count += 1;
            *count > 1
        };
        if together {
            world.coverage.sometimes("two attempts with one code were in progress at once");
        }
        let result = self.batch(statements).await;
        if let Some(count) = world.in_progress.borrow_mut().get_mut(&code) {
            *count -= 1;
        }
        for message in self.held_back.take() {
            if !world.fault(100) {
                world.enqueue(message);
            }
        }
        let rows = result.map_err(|error| {
            if world.has_bug("every D1 error is taken for a rollback") {
                return RedeemError::NothingChanged;
            }
            redemption::redeem_error(&error)
        })?;
        let row: VerdictRow = serde_json::from_value(rows.last().unwrap()[0].clone()).unwrap();
        let verdict = row.verdict();
        let user_id = redemption.claim.user_id.as_str();
        let is_unused = world.database.borrow().row(USED, &code).is_none();
        if verdict == Ok(Verdict::Refused)
            && self.was_unrestricted.get()
            && is_unused
            && world.oracle.borrow().is_restricted(user_id)
        {
            world.coverage.sometimes("a lock or an opt-out came between the check and the claim");
        }
        if try_number == Try::Again {
            world.coverage.sometimes("a lost response was resolved");
        }
        if verdict == Err(RedeemError::TooLate) {
            world.coverage.sometimes("an attempt came too late");
        }
        verdict
    }
}

impl MailLog for Isolate {
    async fn index_user_names(&self) -> Result<(), Unavailable> {
        let rows = self.rows([user_names::names_without_key()]).await?;
        let names = rows[0].iter().map(|row| serde_json::from_value::<NameRow>(row.clone()).unwrap());
        let names: Vec<_> = names.collect();
        if !names.is_empty() {
            self.rows([user_names::store_name_keys(&names)]).await?;
        }
        Ok(())
    }

    async fn users_with_address(&self, address: &str) -> Result<Vec<UserId>, Unavailable> {
        let rows = self.rows([mail_log::users_with_address(address)]).await?;
        let ids = rows[0].iter().map(|row| serde_json::from_value::<UserIdRow>(row.clone()).unwrap());
        Ok(ids.filter_map(UserIdRow::into_user_id).collect())
    }

    async fn lease_reset_mail(&self, request: &ResetMailRequest<'_>) -> Result<ResetMailLease, Unavailable> {
        let rows = self.rows(mail_log::lease_reset_mail(request)).await?;
        let row: ResetMailRow = serde_json::from_value(rows.last().unwrap()[0].clone()).unwrap();
        let lease = row.into();
        if self.world.has_bug("older codes are voided before the mail is sent")
            && let ResetMailLease::Leased { recipient, issued_at, .. } = &lease
        {
            self.world.database.borrow().execute(&format!(
                "UPDATE users SET codes_valid_from = max(codes_valid_from, {}) WHERE user_id = '{}'",
                issued_at.as_u64(),
                recipient.user_id.as_str()
            ));
        }
        Ok(lease)
    }

    async fn mark_reset_mail_sent(
        &self,
        request_id: &str,
        code: &CodeDigest,
    ) -> Result<Vec<CodeDigest>, Unavailable> {
        let rows = self.rows(mail_log::mark_reset_mail_sent(request_id, code)).await?;
        let rows =
            rows.last().unwrap().iter().map(|row| serde_json::from_value::<DigestRow>(row.clone()).unwrap());
        Ok(rows.filter_map(DigestRow::into_digest).collect())
    }

    async fn lease_notice(
        &self,
        attempt_id: &str,
        commit_before: UnixMillis,
    ) -> Result<NoticeLease, Unavailable> {
        let rows = self.rows(mail_log::lease_notice(attempt_id, commit_before)).await?;
        let is_leased = !rows[NOTICE_LEASED].is_empty();
        let row: NoticeRow = serde_json::from_value(rows.last().unwrap()[0].clone()).unwrap();
        Ok(row.lease(is_leased))
    }

    async fn mark_notice_sent(&self, attempt_id: &str) -> Result<(), Unavailable> {
        self.rows([mail_log::mark_notice_sent(attempt_id)]).await.map(|_| ())
    }

    async fn release(&self, mail_id: &str) -> Result<(), Unavailable> {
        self.rows([mail_log::release(mail_id)]).await.map(|_| ())
    }

    async fn mark_mail_refused(&self, mail_id: &str) -> Result<(), Unavailable> {
        self.rows([mail_log::mark_mail_refused(mail_id)]).await.map(|_| ())
    }
}

impl Mailer for Isolate {
    async fn send(&self, _: &Sender<'_>, to: &str, mail: &Mail) -> Result<(), SendError> {
        let world = &self.world;
        self.travel().await;
        if world.mailer_is_slow.take() {
            world.executor.sleep(world.executor.pick(1_000..20_000)).await;
        }
        if world.suppressed.borrow().contains(to) {
            world.coverage.sometimes("a mail was refused for good");
            if let Some(attempt) = &*self.notice.borrow() {
                world.oracle.borrow_mut().refused(attempt);
                world.locks.borrow_mut().refused(attempt, to);
            }
            return Err(SendError::Permanent);
        }
        if world.full.borrow().contains(to) || world.fault(40) {
            world.coverage.sometimes("a mail was refused for now");
            return Err(SendError::Temporary);
        }
        if world.fault(20) {
            // It hangs, and perhaps arrives at last.
            if world.executor.chance(500) {
                let (late, to, mail, notice) =
                    (Rc::clone(world), to.to_owned(), mail.clone(), self.notice.borrow().clone());
                let delay = world.executor.pick(0..60_000);
                world.executor.spawn(async move {
                    late.executor.sleep(delay).await;
                    late.coverage.sometimes("a mail arrived late");
                    arrive(&late, &to, &mail, notice.as_deref());
                });
            }
            world.executor.sleep(30_000).await;
            return Err(SendError::Unclear);
        }
        let is_lost = world.fault(20);
        arrive(world, to, mail, self.notice.borrow().as_deref());
        if is_lost {
            world.coverage.sometimes("a mail arrived although its response was lost");
            return Err(SendError::Unclear);
        }
        self.sent.set(true);
        Ok(())
    }
}

/// Puts a mail into its mailbox.
fn arrive(world: &World, to: &str, mail: &Mail, notice: Option<&str>) {
    if let Some(attempt) = notice
        && mail.text.contains("account has been locked with the link")
    {
        return lock_notice_arrived(world, attempt, to);
    }
    if let Some(attempt) = notice {
        notice_arrived(world, &mail.text);
        world.log(|| format!("notice for {attempt} arrives at {to}"));
        check_hold(world, attempt, &mail.text);
        let user_id = world.oracle.borrow().commits.get(attempt).map(|commit| commit.user_id.clone());
        if let Some(user_id) = user_id {
            check_phrase(world, &user_id, &mail.text);
        }
        return world.oracle.borrow_mut().noticed(attempt, to);
    }
    let (_, link) = mail.text.split_once("#UserId=").unwrap();
    let (user_id, rest) = link.split_once("&PendingCode=").unwrap();
    let code = rest[..36].to_owned();
    world.log(|| {
        format!(
            "reset mail for {user_id} arrives at {to}: {}",
            PendingCode::parse(&code).unwrap().digest().as_str()
        )
    });
    check_phrase(world, user_id, &mail.text);
    let arrived = Arrived { at: world.now(), user_id: user_id.to_owned(), code };
    world.oracle.borrow_mut().mailbox.entry(user_id.to_owned()).or_default().push(arrived);
}

impl CallLog for Isolate {
    fn log(&self, _: CallName, _: Outcome) {}
}

impl HealthCheck for Isolate {
    async fn count_health_check(&self, _: &ClientAddress) -> bool {
        true
    }

    async fn check_health(&self) -> Health {
        let check = Check { reachable: true, ms: 0 };
        Health { kv: check, d1: check, queue: check, last_event_delivered_at: None }
    }
}
