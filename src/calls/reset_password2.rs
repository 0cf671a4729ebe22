//! `ResetPassword2`: changes the password of a user who holds a pending code. Category System, permissions Operator and
//! Trading, synchronous.
//!
//! In scope: everything between the bytes of the payload and the decision. Out of scope: how the call arrives and how its
//! response leaves (`gateway`), and how the stores are reached (`edge`).

mod breach_check;

use uuid::Builder;
use zeroize::Zeroizing;

use super::call_request::{CallRequest, InvalidPayload};
use crate::{
    json_object::{InvalidJson, JsonObject},
    message::Message,
    outcome::Outcome,
    password::{NewPassword, Violation},
    pending_code::PendingCode,
    ports::{CallPorts, Claim, EnqueueError, RedeemError, Redemption, Try, Unavailable, Verdict},
    settings::InvalidSetting,
    user_id::UserId,
};

/// How long an attempt may take to commit, from just before its notice is enqueued, in milliseconds. D1 ends a query after 30
/// seconds, and the Worker sends the batch at most twice.
const ATTEMPT_MILLIS: u64 = 120_000;

/// How long to wait before a batch is sent again, in milliseconds: D1 recommends backing off after an error.
const RETRY_DELAY_MILLIS: u64 = 300;

const MILLIS_PER_HOUR: u64 = 3_600_000;

/// Changes the password of a user who holds a pending code.
///
/// 1. **Parse** the payload.
/// 2. **Limit** how often the client's address may call.
/// 3. **Look up** the code in KV: was it issued?
/// 4. **Check** that it was issued to this user and has not expired. A call without a valid code ends here, before anything
///    is hashed or written. A second limit, per code, caps the number of hashes that one code can cause.
/// 5. **Apply the password policy.** A violation is reported only if D1 can still redeem the code, so that a user
///    doesn't think of a better password for a link that no longer works.
/// 6. **Hash** the password, and meanwhile ask whether it is known from a breach. If so, that is a violation of the
///    policy, too. If the service doesn't say, the password counts as unknown.
/// 7. **Enqueue the notice**: "if this attempt commits, notify the user"; and the same for the exchange, if it receives
///    events. Enqueued before redemption so that neither can be lost; the consumer checks whether the attempt committed.
/// 8. **Redeem** the code in D1, which alone decides, and hold withdrawals in the same transaction. A lock that arrives
///    before it wins. If the response is lost, send the same attempt again: the second response says how the attempt ended.
/// 9. **Clean up** after the response: remove the code from KV.
///
/// # Errors
///
/// [`ResetPassword2Error`]. Unless the error is [`Unclear`](ResetPassword2Error::Unclear), the attempt did
/// not use up the code.
pub async fn reset_password2(
    request: &CallRequest<'_>,
    ports: &impl CallPorts,
) -> Result<(), ResetPassword2Error> {
    let settings = request.settings?;
    let client = request.client;

    // 1. Parse.
    let payload = Payload::parse(request.payload?)?;

    // 2. Limit.
    if !ports.count_call(&client.address).await {
        return Err(ResetPassword2Error::TooManyAttempts);
    }

    // 3. Look up.
    let code = payload.pending_code.digest();
    let record = ports.find(&code).await?.ok_or(ResetPassword2Error::NotAuthorized)?;

    // 4. Check.
    if !record.is_valid_for(&payload.user_id, ports.now()) {
        return Err(ResetPassword2Error::NotAuthorized);
    }
    if !ports.count_attempt(&code).await {
        return Err(ResetPassword2Error::TooManyAttempts);
    }
    let claim = Claim { code, user_id: payload.user_id, issued_at: record.issued_at };

    // 5. Apply the password policy.
    if let Err(violation) = settings.policy.check(&payload.password, record.user_name.as_deref()) {
        require_granted(ports.can_redeem(&claim).await?)?;
        return Err(violation.into());
    }

    // 6. Hash, and check for a breach.
    let breach_check = breach_check::start(&payload.password, settings, ports).await;
    let password_hash = ports.hash(&payload.password, ports.random()?);
    if breach_check.finds_password(ports).await {
        require_granted(ports.can_redeem(&claim).await?)?;
        return Err(Violation::Breached.into());
    }

    // 7. Enqueue the notice and the event.
    let attempt_id = Builder::from_random_bytes(ports.random()?).into_uuid();
    let commit_before = ports.now().plus(ATTEMPT_MILLIS);
    let notice = Message::PasswordChanged {
        attempt_id: attempt_id.to_string(),
        commit_before: Some(commit_before),
        country: client.country.clone(),
        device: client.device,
        language: client.language,
    };
    ports.enqueue(&request.messages(notice, &attempt_id, commit_before)).await?;

    // 8. Redeem.
    let expires_at = record.expires_at;
    let address = client.address;
    let withdrawal_hold_millis = settings.withdrawal_hold_hours * MILLIS_PER_HOUR;
    let redemption = Redemption {
        claim,
        attempt_id,
        commit_before,
        expires_at,
        password_hash,
        withdrawal_hold_millis,
        address,
    };
    require_granted(redeem(&redemption, ports).await?)?;

    // 9. Clean up.
    ports.remove_after_response(redemption.claim.code);
    Ok(())
}

/// The payload, `{"UserId": …, "Password": …, "PendingCode": …}`.
struct Payload {
    user_id: UserId,
    password: NewPassword,
    pending_code: PendingCode,
}

impl Payload {
    fn parse(payload: &[u8]) -> Result<Self, InvalidJson> {
        const USER_ID: &str = "UserId";
        const PASSWORD: &str = "Password";
        const PENDING_CODE: &str = "PendingCode";

        let mut payload = JsonObject::parse(payload, [USER_ID, PASSWORD, PENDING_CODE])?;
        let user_id = payload.take_string_or_integer(USER_ID)?;
        let password = Zeroizing::new(payload.take_string(PASSWORD)?);
        let pending_code = Zeroizing::new(payload.take_string(PENDING_CODE)?);
        Ok(Self {
            user_id: user_id.try_into().map_err(|_| InvalidJson::Empty(USER_ID))?,
            password: NewPassword::new(&password),
            pending_code: PendingCode::parse(&pending_code)
                .map_err(|_| InvalidJson::NotAGuid(PENDING_CODE))?,
        })
    }
}

/// Redeems the code. If the response is lost, sends the same attempt again.
async fn redeem(redemption: &Redemption, ports: &impl CallPorts) -> Result<Verdict, RedeemError> {
    match ports.redeem(redemption, Try::First).await {
        Err(RedeemError::Unclear) => {
            ports.sleep(RETRY_DELAY_MILLIS).await;
            ports.redeem(redemption, Try::Again).await.map_err(|error| match error {
                RedeemError::TooLate => RedeemError::TooLate,
                // The first batch may have committed.
                RedeemError::NothingChanged | RedeemError::Unclear => RedeemError::Unclear,
            })
        }
        verdict => verdict,
    }
}

fn require_granted(verdict: Verdict) -> Result<(), ResetPassword2Error> {
    match verdict {
        Verdict::Granted => Ok(()),
        Verdict::Refused => Err(ResetPassword2Error::NotAuthorized),
        Verdict::UserGone => Err(ResetPassword2Error::UserGone),
    }
}

/// Why `ResetPassword2` failed. The message is the `detail` of the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, strum::EnumIter)]
pub enum ResetPassword2Error {
    /// The payload is invalid.
    #[error(transparent)]
    #[strum(disabled)]
    InvalidPayload(#[from] InvalidPayload),
    /// The address has made too many calls, or there were too many attempts with this code.
    #[error("Too many attempts. This attempt did not use up the link. Wait a minute, then try again.")]
    TooManyAttempts,
    /// The code is unknown, expired, used, superseded, or another user's, or the user is locked or may not reset the
    /// password. These cases can't be told apart.
    #[error("This link is invalid or has expired. Request a new one.")]
    NotAuthorized,
    /// The password breaks a rule of the policy.
    #[error(transparent)]
    #[strum(disabled)]
    PasswordRejected(#[from] Violation),
    /// The code is valid, but the user no longer exists.
    #[error("This account no longer exists. Contact the exchange's support.")]
    UserGone,
    /// A store or the queue failed before anything was changed.
    #[error("The password was not changed, and this attempt did not use up the link. Try again in a minute.")]
    Unavailable,
    /// It is unknown whether the attempt committed, because D1's first response was lost and the second didn't settle it, or
    /// because the Worker panicked. The password may have been changed.
    #[error(
        "It is not known whether the password was changed. Try to log in with the new one. If that fails, use the link again. If that fails too, request a new link."
    )]
    Unclear,
    /// A setting of the Worker is invalid.
    #[strum(disabled)]
    #[error("{0} The password was not changed, and this attempt did not use up the link.")]
    Misconfigured(InvalidSetting),
}

impl From<ResetPassword2Error> for Outcome {
    fn from(error: ResetPassword2Error) -> Self {
        match error {
            ResetPassword2Error::InvalidPayload(_) => Self::Invalid,
            ResetPassword2Error::TooManyAttempts => Self::TooManyAttempts,
            ResetPassword2Error::NotAuthorized => Self::NotAuthorized,
            ResetPassword2Error::PasswordRejected(violation) => Self::PasswordRejected(violation),
            ResetPassword2Error::UserGone => Self::UserGone,
            ResetPassword2Error::Unavailable => Self::Unavailable,
            ResetPassword2Error::Unclear => Self::Unclear,
            ResetPassword2Error::Misconfigured(_) => Self::Misconfigured,
        }
    }
}

impl From<InvalidJson> for ResetPassword2Error {
    fn from(invalid: InvalidJson) -> Self {
        Self::InvalidPayload(invalid.into())
    }
}

impl From<InvalidSetting> for ResetPassword2Error {
    fn from(invalid: InvalidSetting) -> Self {
        Self::Misconfigured(invalid)
    }
}

impl From<Unavailable> for ResetPassword2Error {
    fn from(_: Unavailable) -> Self {
        Self::Unavailable
    }
}

/// Whether the notice was enqueued doesn't matter here: without a commit, the consumer drops it.
impl From<EnqueueError> for ResetPassword2Error {
    fn from(_: EnqueueError) -> Self {
        Self::Unavailable
    }
}

impl From<RedeemError> for ResetPassword2Error {
    fn from(error: RedeemError) -> Self {
        match error {
            RedeemError::NothingChanged | RedeemError::TooLate => Self::Unavailable,
            RedeemError::Unclear => Self::Unclear,
        }
    }
}

#[cfg(test)]
mod tests;
