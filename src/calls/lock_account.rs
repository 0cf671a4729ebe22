//! `LockAccount`: locks the account of a user who did not change the password. The link is in the notice that the password was
//! changed. Category System, synchronous.

use uuid::Builder;
use zeroize::Zeroizing;

use super::call_request::{CallRequest, InvalidPayload};
use crate::{
    json_object::{InvalidJson, JsonObject},
    lock_code::LockCode,
    message::Message,
    outcome::Outcome,
    ports::{EnqueueError, Lock, LockError, LockPorts, LockVerdict, Unavailable},
    settings::InvalidSetting,
    user_id::UserId,
};

/// How long an attempt may take to commit, from just before its message is enqueued, in milliseconds. D1 ends a query after 30
/// seconds, and the Worker sends the batch at most twice.
const ATTEMPT_MILLIS: u64 = 120_000;

/// How long to wait before the batch is sent again, in milliseconds: D1 recommends backing off after an error.
const RETRY_DELAY_MILLIS: u64 = 300;

/// Locks the account of a user who holds a lock code. To lock it again changes nothing and succeeds.
///
/// 1. **Parse** the payload, `{"UserId": …, "LockCode": …}`.
/// 2. **Limit** how often the client's address may call.
/// 3. **Look up** the code in KV, and check that it was issued to this user and has not expired. A second limit, per code, caps
///    the messages and batches that one code can cause.
/// 4. **Enqueue** the mail: "if this attempt locks the account, tell the user"; and the same for the exchange, if it receives
///    events. Enqueued before the lock so that neither can be lost.
/// 5. **Lock** the account in D1, end its sessions, and void its codes, in one transaction. If the response is lost, send the
///    same attempt again: the second response says how it ended.
///
/// # Errors
///
/// [`LockAccountError`].
pub async fn lock_account(request: &CallRequest<'_>, ports: &impl LockPorts) -> Result<(), LockAccountError> {
    request.settings?;
    let client = request.client;

    // 1. Parse.
    let payload = Payload::parse(request.payload?)?;

    // 2. Limit.
    if !ports.count_call(&client.address).await {
        return Err(LockAccountError::TooManyAttempts);
    }

    // 3. Look up.
    let code = payload.lock_code.digest();
    let record = ports.find_lock_code(&code).await?.ok_or(LockAccountError::NotAuthorized)?;
    if !record.is_valid_for(&payload.user_id, ports.now()) {
        return Err(LockAccountError::NotAuthorized);
    }
    if !ports.count_attempt(code.digest()).await {
        return Err(LockAccountError::TooManyAttempts);
    }

    // 4. Enqueue.
    let attempt_id = Builder::from_random_bytes(ports.random()?).into_uuid();
    let commit_before = ports.now().plus(ATTEMPT_MILLIS);
    let message = Message::AccountLocked {
        attempt_id: attempt_id.to_string(),
        commit_before,
        language: client.language,
    };
    ports.enqueue(&request.messages(message, &attempt_id, commit_before)).await?;

    // 5. Lock.
    let lock = Lock {
        user_id: payload.user_id,
        issued_at: record.issued_at,
        attempt_id,
        commit_before,
        reset_attempt_id: record.attempt_id,
        address: client.address,
    };
    match lock_or_try_again(&lock, ports).await? {
        LockVerdict::Locked => Ok(()),
        LockVerdict::Refused => Err(LockAccountError::NotAuthorized),
    }
}

/// The payload, `{"UserId": …, "LockCode": …}`.
struct Payload {
    user_id: UserId,
    lock_code: LockCode,
}

impl Payload {
    fn parse(payload: &[u8]) -> Result<Self, InvalidJson> {
        const USER_ID: &str = "UserId";
        const LOCK_CODE: &str = "LockCode";

        let mut payload = JsonObject::parse(payload, [USER_ID, LOCK_CODE])?;
        let user_id = payload.take_string_or_integer(USER_ID)?;
        let lock_code = Zeroizing::new(payload.take_string(LOCK_CODE)?);
        Ok(Self {
            user_id: user_id.try_into().map_err(|_| InvalidJson::Empty(USER_ID))?,
            lock_code: LockCode::parse(&lock_code).map_err(|_| InvalidJson::NotAGuid(LOCK_CODE))?,
        })
    }
}

/// Locks the account. If the response is lost, sends the same attempt again.
async fn lock_or_try_again(lock: &Lock, ports: &impl LockPorts) -> Result<LockVerdict, LockError> {
    match ports.lock(lock).await {
        Err(LockError::Unclear) => {
            ports.sleep(RETRY_DELAY_MILLIS).await;
            // Whatever fails now, the first batch may have locked the account.
            ports.lock(lock).await.map_err(|_| LockError::Unclear)
        }
        verdict => verdict,
    }
}

/// Why `LockAccount` failed. The message is the `detail` of the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, strum::EnumIter)]
pub enum LockAccountError {
    /// The payload is invalid.
    #[error(transparent)]
    #[strum(disabled)]
    InvalidPayload(#[from] InvalidPayload),
    /// The address has made too many calls, or there were too many attempts with this code.
    #[error("Too many attempts. Wait a minute, then try again.")]
    TooManyAttempts,
    /// The code is unknown, expired, void, or another user's. These cases can't be told apart.
    #[error("This link is invalid or has expired. Contact the exchange's support.")]
    NotAuthorized,
    /// A store or the queue failed before anything was changed.
    #[error("This attempt did not lock the account. Try again in a minute.")]
    Unavailable,
    /// It is unknown whether the account was locked.
    #[error("It is not known whether the account was locked. Try again: to lock it twice does no harm.")]
    Unclear,
    /// A setting of the Worker is invalid.
    #[strum(disabled)]
    #[error("{0} This attempt did not lock the account.")]
    Misconfigured(InvalidSetting),
}

impl From<LockAccountError> for Outcome {
    fn from(error: LockAccountError) -> Self {
        match error {
            LockAccountError::InvalidPayload(_) => Self::Invalid,
            LockAccountError::TooManyAttempts => Self::TooManyAttempts,
            LockAccountError::NotAuthorized => Self::NotAuthorized,
            LockAccountError::Unavailable => Self::Unavailable,
            LockAccountError::Unclear => Self::Unclear,
            LockAccountError::Misconfigured(_) => Self::Misconfigured,
        }
    }
}

impl From<InvalidJson> for LockAccountError {
    fn from(invalid: InvalidJson) -> Self {
        Self::InvalidPayload(invalid.into())
    }
}

impl From<InvalidSetting> for LockAccountError {
    fn from(invalid: InvalidSetting) -> Self {
        Self::Misconfigured(invalid)
    }
}

impl From<Unavailable> for LockAccountError {
    fn from(_: Unavailable) -> Self {
        Self::Unavailable
    }
}

/// Nothing was locked yet, whether the message was enqueued or not: the consumer finds no attempt that has committed.
impl From<EnqueueError> for LockAccountError {
    fn from(_: EnqueueError) -> Self {
        Self::Unavailable
    }
}

impl From<LockError> for LockAccountError {
    fn from(error: LockError) -> Self {
        match error {
            LockError::NotLocked => Self::Unavailable,
            LockError::Unclear => Self::Unclear,
        }
    }
}

#[cfg(test)]
mod tests;
