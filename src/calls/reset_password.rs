//! `ResetPassword`: the call before [`ResetPassword2`](mod@super::reset_password2), which asks for the e-mail with the link.
//!
//! It only puts a message into the queue, whatever the name, and so takes the same time for everybody: whether there is
//! such a user is found out by whoever delivers the mail ([`delivery`](crate::delivery)).

use uuid::Builder;

use super::{
    outside::{CallLimit, Outbox, Randomness},
    payload::{InvalidPayload, Payload},
    refusal::Refusal,
};
use crate::{client::Client, delivery::Message};

/// Asks for a mail with a link to a new password.
///
/// 1. **Parse** the payload, `{"UserName": …}`.
/// 2. **Limit** how often the address may call.
/// 3. **Enqueue** the request.
///
/// # Errors
///
/// A [`Refusal`]; that there is no such user is none.
pub async fn reset_password(
    payload: &[u8],
    client: &Client,
    outside: &(impl CallLimit + Outbox + Randomness),
) -> Result<(), Refusal> {
    // 1. Parse.
    let user_name = parse(payload)?;

    // 2. Limit.
    if !outside.allows(&client.address).await {
        return Err(Refusal::TooManyAttempts);
    }

    // 3. Enqueue.
    let request_id = Builder::from_random_bytes(outside.random()?).into_uuid().to_string();
    outside.enqueue(&Message::ResetPassword { request_id, user_name, language: client.language }).await?;
    Ok(())
}

fn parse(payload: &[u8]) -> Result<String, InvalidPayload> {
    const USER_NAME: &str = "UserName";

    Payload::read(payload, [USER_NAME])?.string(USER_NAME)
}
