//! Ports without any codes or users, for tests of the gateway.

use std::{
    cell::RefCell,
    future::{pending, ready},
};

use zeroize::Zeroizing;

use crate::{
    call_name::CallName,
    client::ClientAddress,
    lock_code::{LockCodeDigest, LockCodeRecord},
    message::Message,
    outcome::Outcome,
    password::{BreachList, NewPassword, PasswordHash, SALT_BYTES},
    pending_code::{CodeDigest, PendingCodeRecord},
    ports::{
        AccountLocks, BodyIncomplete, BreachCheckFailure, BreachedPasswords, CallLimit, CallLog, Check,
        Claim, Clock, CodeLimit, EnqueueError, ExchangeUsers, Hasher, Health, HealthCheck, Lock, LockCodes,
        LockError, LockVerdict, Outbox, PendingCodes, Randomness, RedeemError, Redemption, RequestBody,
        Timer, Try, Unavailable, Verdict,
    },
    settings::{InvalidSetting, Setting, Settings},
    unix_millis::UnixMillis,
};

/// No code was issued, and randomness and D1 are unavailable.
#[derive(Default)]
pub(super) struct StubPorts {
    /// Whether the rate limit refuses every call.
    pub(super) limited: bool,
    /// Whether the rate limit refuses every health check.
    pub(super) health_limited: bool,
    /// Whether KV, D1, and the queue are reachable for the health check.
    pub(super) reachable: [bool; 3],
    /// Whether randomness is available.
    pub(super) has_randomness: bool,
    /// How enqueuing fails, if it does.
    pub(super) enqueue_error: Option<EnqueueError>,
    /// The calls that were logged.
    pub(super) log: RefCell<Vec<(CallName, Outcome)>>,
}

/// A body without an end.
pub(super) struct Endless;

impl RequestBody for Endless {
    async fn read(self, _: usize) -> Result<Zeroizing<Vec<u8>>, BodyIncomplete> {
        pending().await
    }
}

/// Returns valid settings.
pub(super) fn settings() -> Result<Settings, InvalidSetting> {
    settings_with(Setting::LoginUrl, "")
}

/// Returns valid settings, except that `setting` has this value.
pub(super) fn settings_with(setting: Setting, value: &str) -> Result<Settings, InvalidSetting> {
    Settings::with(setting, value)
}

impl CallLog for StubPorts {
    fn log(&self, call: CallName, outcome: Outcome) {
        self.log.borrow_mut().push((call, outcome));
    }
}

impl HealthCheck for StubPorts {
    async fn count_health_check(&self, _: &ClientAddress) -> bool {
        !self.health_limited
    }

    async fn check_health(&self) -> Health {
        let [kv, d1, queue] = self.reachable.map(|reachable| Check { reachable, ms: 7 });
        Health { kv, d1, queue, last_event_delivered_at: UnixMillis::try_from(1000).ok() }
    }
}

impl CallLimit for StubPorts {
    async fn count_call(&self, _: &ClientAddress) -> bool {
        !self.limited
    }
}

impl CodeLimit for StubPorts {
    async fn count_attempt(&self, _: &CodeDigest) -> bool {
        !self.limited
    }
}

impl BreachedPasswords for StubPorts {
    async fn request_list(&self, _: String) -> impl Future<Output = Result<BreachList, BreachCheckFailure>> {
        ready(Err(BreachCheckFailure::Unavailable))
    }

    fn note_breach_check_failure(&self, _: BreachCheckFailure) {}
}

impl Timer for StubPorts {
    async fn sleep(&self, _: u64) {}
}

impl Hasher for StubPorts {
    fn hash(&self, password: &NewPassword, salt: [u8; SALT_BYTES]) -> PasswordHash {
        PasswordHash::derive(password, salt)
    }
}

impl Clock for StubPorts {
    fn now(&self) -> UnixMillis {
        UnixMillis::MAX
    }
}

impl Randomness for StubPorts {
    fn random<const N: usize>(&self) -> Result<[u8; N], Unavailable> {
        if self.has_randomness { Ok([7; N]) } else { Err(Unavailable) }
    }
}

impl Outbox for StubPorts {
    async fn enqueue(&self, _: &[Message]) -> Result<(), EnqueueError> {
        self.enqueue_error.map_or(Ok(()), Err)
    }
}

impl PendingCodes for StubPorts {
    async fn find(&self, _: &CodeDigest) -> Result<Option<PendingCodeRecord>, Unavailable> {
        Ok(None)
    }

    async fn store(&self, _: &CodeDigest, _: &PendingCodeRecord) -> Result<(), Unavailable> {
        Err(Unavailable)
    }

    fn remove_after_response(&self, _: CodeDigest) {}
}

impl ExchangeUsers for StubPorts {
    async fn can_redeem(&self, _: &Claim) -> Result<Verdict, Unavailable> {
        Err(Unavailable)
    }

    async fn redeem(&self, _: &Redemption, _: Try) -> Result<Verdict, RedeemError> {
        Err(RedeemError::NothingChanged)
    }
}

impl LockCodes for StubPorts {
    async fn find_lock_code(&self, _: &LockCodeDigest) -> Result<Option<LockCodeRecord>, Unavailable> {
        Ok(None)
    }

    async fn store_lock_code(&self, _: &LockCodeDigest, _: &LockCodeRecord) -> Result<(), Unavailable> {
        Err(Unavailable)
    }
}

impl AccountLocks for StubPorts {
    async fn lock(&self, _: &Lock) -> Result<LockVerdict, LockError> {
        Err(LockError::NotLocked)
    }
}
