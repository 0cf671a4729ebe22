//! The outside world as the calls see it: ports that respond at once, fail as an input says, and record what happened.

use std::{
    cell::{Cell, RefCell},
    future::ready,
    pin::pin,
    task::{Context, Poll, Waker},
};

use reset_password2::{
    call_name::CallName,
    client::{Client, ClientAddress},
    device::DeviceFamily,
    languages::Language,
    lock_code::{LockCodeDigest, LockCodeRecord},
    message::Message,
    outcome::Outcome,
    password::{BreachList, NewPassword, PasswordHash, SALT_BYTES},
    pending_code::{CodeDigest, PendingCode, PendingCodeRecord},
    ports::{
        AccountLocks, BreachCheckFailure, BreachedPasswords, CallLimit, CallLog, Check, Claim, Clock,
        CodeLimit, EnqueueError, ExchangeUsers, Hasher, Health, HealthCheck, Lock, LockCodes, LockError,
        LockVerdict, Outbox, PendingCodes, Randomness, RedeemError, Redemption, Timer, Try, Unavailable,
        Verdict,
    },
    unix_millis::UnixMillis,
    user_id::UserId,
};

/// A code that was issued to [`USER_ID`].
pub(super) const CODE: &str = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
pub(super) const USER_ID: &str = "5";

const NOW: u64 = 1_767_225_600_000;

/// What fails, one bit each. The verdicts take two bits.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Faults(pub(super) u32);

impl Faults {
    fn has(self, bit: u32) -> bool {
        self.0 >> bit & 1 == 1
    }

    fn number(self, bit: u32, count: u32) -> u32 {
        (self.0 >> bit & 7) % count
    }
}

#[derive(Default)]
pub(super) struct World {
    pub(super) faults: Faults,
    /// Whether every code was issued, whatever it is, and to whom.
    pub(super) every_code_belongs_to: Option<UserId>,
    /// The codes that were looked up, and whether one was found.
    pub(super) looked_up: RefCell<Vec<CodeDigest>>,
    pub(super) found: Cell<bool>,
    pub(super) attempts_counted: Cell<u32>,
    /// The users whose codes D1 was asked about.
    pub(super) d1: RefCell<Vec<UserId>>,
    pub(super) breach_checks: Cell<u32>,
    pub(super) hashed: RefCell<Vec<NewPassword>>,
    pub(super) enqueued: RefCell<Vec<Message>>,
    pub(super) committed: Cell<bool>,
    pub(super) removed: Cell<u32>,
    pub(super) log: RefCell<Vec<(CallName, Outcome)>>,
    pub(super) may_still_commit: Cell<bool>,
}

impl World {
    /// Whether nothing was read or changed for the sake of a call.
    pub(super) fn is_untouched(&self) -> bool {
        self.looked_up.borrow().is_empty() && self.enqueued.borrow().is_empty() && self.is_spared()
    }

    /// Whether nothing happened that is reserved for holders of a code (docs/contract.md, section 6).
    pub(super) fn is_spared(&self) -> bool {
        let notices = self.enqueued.borrow();
        let has_notice = notices.iter().any(|message| matches!(message, Message::PasswordChanged { .. }));
        self.attempts_counted.get() == 0
            && self.d1.borrow().is_empty()
            && self.breach_checks.get() == 0
            && self.hashed.borrow().is_empty()
            && !has_notice
            && !self.committed.get()
            && self.removed.get() == 0
    }

    /// Whether it is unknown if an attempt committed.
    pub(super) fn is_unclear(&self) -> bool {
        self.may_still_commit.get()
    }

    fn verdict(&self, bit: u32) -> Verdict {
        match self.faults.number(bit, 4) {
            0 | 3 => Verdict::Granted,
            1 => Verdict::Refused,
            _ => Verdict::UserGone,
        }
    }
}

/// Runs a future whose ports respond at once.
pub(super) fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the future waits for something other than the ports"),
    }
}

pub(super) fn client() -> Client {
    Client {
        address: ClientAddress::from_header(Some("203.0.113.7")),
        country: None,
        device: DeviceFamily::Other,
        language: Language::English,
    }
}

impl CallLimit for World {
    async fn count_call(&self, _: &ClientAddress) -> bool {
        !self.faults.has(0)
    }
}

impl CodeLimit for World {
    async fn count_attempt(&self, _: &CodeDigest) -> bool {
        self.attempts_counted.set(self.attempts_counted.get() + 1);
        !self.faults.has(1)
    }
}

impl BreachedPasswords for World {
    async fn request_list(
        &self,
        url: String,
    ) -> impl Future<Output = Result<BreachList, BreachCheckFailure>> {
        // The service learns five digits, and nothing else.
        let digits = url.strip_prefix("https://api.pwnedpasswords.com/range/").unwrap();
        assert!(digits.len() == 5 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()), "{url}");
        self.breach_checks.set(self.breach_checks.get() + 1);
        let list = BreachList::parse(format!("{}:0", "0".repeat(35))).unwrap();
        ready(if self.faults.has(12) { Err(BreachCheckFailure::Unavailable) } else { Ok(list) })
    }

    fn note_breach_check_failure(&self, _: BreachCheckFailure) {}
}

impl Clock for World {
    fn now(&self) -> UnixMillis {
        UnixMillis::try_from(NOW).unwrap()
    }
}

impl Timer for World {
    async fn sleep(&self, _: u64) {}
}

impl Randomness for World {
    fn random<const N: usize>(&self) -> Result<[u8; N], Unavailable> {
        if self.faults.has(2) { Err(Unavailable) } else { Ok([7; N]) }
    }
}

impl Hasher for World {
    fn hash(&self, password: &NewPassword, _: [u8; SALT_BYTES]) -> PasswordHash {
        self.hashed.borrow_mut().push(NewPassword::new(password.expose()));
        let output = "A".repeat(86);
        PasswordHash::from_phc(&format!("$pbkdf2-sha512$i=1000,l=64$AAECAwQFBgcICQoLDA0ODw${output}"))
            .unwrap()
    }
}

impl PendingCodes for World {
    async fn find(&self, digest: &CodeDigest) -> Result<Option<PendingCodeRecord>, Unavailable> {
        self.looked_up.borrow_mut().push(digest.clone());
        if self.faults.has(3) {
            return Err(Unavailable);
        }
        let user_id = match &self.every_code_belongs_to {
            Some(user_id) => user_id.clone(),
            None if *digest == PendingCode::parse(CODE).unwrap().digest() => {
                UserId::try_from(USER_ID.to_owned()).unwrap()
            }
            None => return Ok(None),
        };
        let has_expired = self.faults.has(4);
        self.found.set(!has_expired);
        Ok(Some(PendingCodeRecord {
            user_id,
            user_name: None,
            issued_at: UnixMillis::try_from(NOW - 1000).unwrap(),
            expires_at: UnixMillis::try_from(if has_expired { NOW } else { NOW + 1 }).unwrap(),
        }))
    }

    async fn store(&self, _: &CodeDigest, _: &PendingCodeRecord) -> Result<(), Unavailable> {
        panic!("a call stores no code")
    }

    fn remove_after_response(&self, _: CodeDigest) {
        self.removed.set(self.removed.get() + 1);
    }
}

impl Outbox for World {
    async fn enqueue(&self, messages: &[Message]) -> Result<(), EnqueueError> {
        match self.faults.number(5, 4) {
            1 => return Err(EnqueueError::NotEnqueued),
            2 => return Err(EnqueueError::Unclear),
            _ => self.enqueued.borrow_mut().extend_from_slice(messages),
        }
        if self.faults.number(5, 4) == 3 { Err(EnqueueError::Unclear) } else { Ok(()) }
    }
}

impl ExchangeUsers for World {
    async fn can_redeem(&self, claim: &Claim) -> Result<Verdict, Unavailable> {
        self.d1.borrow_mut().push(claim.user_id.clone());
        if self.faults.has(8) { Err(Unavailable) } else { Ok(self.verdict(9)) }
    }

    async fn redeem(&self, redemption: &Redemption, try_number: Try) -> Result<Verdict, RedeemError> {
        self.d1.borrow_mut().push(redemption.claim.user_id.clone());
        // The second try of an attempt finds out how the first one ended, or ends it.
        let fault = self.faults.number(if try_number == Try::First { 12 } else { 15 }, 6);
        let has_committed = self.committed.get();
        let verdict = self.verdict(9);
        match fault {
            0 => {
                self.may_still_commit.set(false);
                self.committed.set(has_committed || verdict == Verdict::Granted);
                Ok(if has_committed { Verdict::Granted } else { verdict })
            }
            1 => Err(RedeemError::NothingChanged),
            2 if !has_committed => {
                self.may_still_commit.set(false);
                Err(RedeemError::TooLate)
            }
            // The response is lost, before or after the commit.
            _ => {
                self.committed.set(has_committed || (fault == 3 && verdict == Verdict::Granted));
                self.may_still_commit.set(true);
                Err(RedeemError::Unclear)
            }
        }
    }
}

impl CallLog for World {
    fn log(&self, call: CallName, outcome: Outcome) {
        self.log.borrow_mut().push((call, outcome));
    }
}

impl HealthCheck for World {
    async fn count_health_check(&self, _: &ClientAddress) -> bool {
        !self.faults.has(0)
    }

    async fn check_health(&self) -> Health {
        let [kv, d1, queue] = [3, 8, 5].map(|bit| Check { reachable: !self.faults.has(bit), ms: 7 });
        Health { kv, d1, queue, last_event_delivered_at: None }
    }
}

/// No lock code was issued.
impl LockCodes for World {
    async fn find_lock_code(&self, _: &LockCodeDigest) -> Result<Option<LockCodeRecord>, Unavailable> {
        if self.faults.has(3) { Err(Unavailable) } else { Ok(None) }
    }

    async fn store_lock_code(&self, _: &LockCodeDigest, _: &LockCodeRecord) -> Result<(), Unavailable> {
        unreachable!("a call stores no code")
    }
}

impl AccountLocks for World {
    async fn lock(&self, _: &Lock) -> Result<LockVerdict, LockError> {
        unreachable!("no lock code was issued")
    }
}
