//! `ResetPassword2`: the last step of a forgotten password. Category System, permissions Operator and Trading,
//! synchronous.
//!
//! In scope: everything between the payload's bytes and the decision. Out of scope: how the call arrived and how its
//! answer leaves (`gateway`), and how the stores are reached (`edge`).

use uuid::Builder;
use zeroize::Zeroizing;

use super::{
    outside::{Claim, Outside, RedeemError, Redemption},
    payload::{InvalidPayload, Payload},
    refusal::Refusal,
};
use crate::{
    client::Client,
    delivery::Message,
    password::{NewPassword, PasswordHash, Policy},
    pending_code::PendingCode,
    user_id::UserId,
};

/// Changes the password of a user who holds a pending code.
///
/// 1. **Parse** the payload.
/// 2. **Limit** how often the address may call.
/// 3. **Look up** the code in KV: was it ever issued?
/// 4. **Bind** it: is it this user's, and not expired? Up to here a stranger can come, so up to here nothing is hashed
///    and nothing is written.
/// 5. **Policy**: may this password be chosen? If not, it is only said to somebody whose code D1 still finds good: nobody
///    should look for a better password for a link that is dead.
/// 6. **Hash** the password.
/// 7. **Announce** the attempt: a message goes into the queue, "tell the user if this attempt redeemed the code". It goes
///    there first, so that it cannot be lost after the redemption: whoever delivers it looks what became of the attempt.
/// 8. **Redeem** the code for the hash, in D1, which alone decides. If its answer is lost, ask again for the same
///    attempt: the second answer tells what became of the first.
/// 9. **Clean up** after the answer: the code's entry leaves KV.
///
/// # Errors
///
/// A [`Refusal`], after which the code is as good as before, unless it is [`Unclear`](Refusal::Unclear).
pub async fn reset_password2(
    payload: &[u8],
    client: &Client,
    policy: &Policy,
    outside: &impl Outside,
) -> Result<(), Refusal> {
    // 1. Parse.
    let request = Request::parse(payload)?;

    // 2. Limit.
    if !outside.allows(&client.address).await {
        return Err(Refusal::TooManyAttempts);
    }

    // 3. Look up.
    let code = request.pending_code.digest();
    let record = outside.find(&code).await?.ok_or(Refusal::NotAuthorized)?;

    // 4. Bind.
    if !record.is_good_for(&request.user_id, outside.now()) {
        return Err(Refusal::NotAuthorized);
    }

    let claim = Claim { code, user_id: request.user_id, issued_at: record.issued_at };

    // 5. Policy.
    if let Err(violation) = policy.check(&request.password, record.user_name.as_deref()) {
        outside.examine(&claim).await?.granted()?;
        return Err(violation.into());
    }

    // 6. Hash.
    let password_hash = PasswordHash::derive(&request.password, outside.random()?);

    // 7. Announce.
    let attempt_id = Builder::from_random_bytes(outside.random()?).into_uuid();
    outside.enqueue(&Message::password_changed(attempt_id, client)).await?;

    // 8. Redeem.
    let redemption = Redemption {
        claim,
        attempt_id,
        expires_at: record.expires_at,
        password_hash,
        address: client.address,
    };
    let answer = match outside.redeem(&redemption).await {
        Err(RedeemError::Unclear) => outside.redeem(&redemption).await.map_err(|_| RedeemError::Unclear),
        clear => clear,
    };
    answer?.granted()?;

    // 9. Clean up.
    outside.remove_after_answer(redemption.claim.code);
    Ok(())
}

/// The payload: `{"UserId": …, "Password": …, "PendingCode": …}`.
#[derive(Debug)]
struct Request {
    user_id: UserId,
    password: NewPassword,
    pending_code: PendingCode,
}

impl Request {
    fn parse(payload: &[u8]) -> Result<Self, InvalidPayload> {
        const USER_ID: &str = "UserId";
        const PASSWORD: &str = "Password";
        const PENDING_CODE: &str = "PendingCode";

        let mut payload = Payload::read(payload, [USER_ID, PASSWORD, PENDING_CODE])?;
        let user_id = payload.string_or_integer(USER_ID)?;
        let password = Zeroizing::new(payload.string(PASSWORD)?);
        let pending_code = Zeroizing::new(payload.string(PENDING_CODE)?);
        Ok(Self {
            user_id: user_id.try_into().map_err(|_| InvalidPayload::Empty(USER_ID))?,
            password: NewPassword::new(&password),
            pending_code: PendingCode::parse(&pending_code)
                .map_err(|_| InvalidPayload::NotAGuid(PENDING_CODE))?,
        })
    }
}

#[cfg(test)]
mod tests;
