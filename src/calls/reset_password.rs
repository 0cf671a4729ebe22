//! `ResetPassword`: requests the mail with the link. Category System, synchronous.
//!
//! The call only enqueues a message, so it takes the same time for every user name. Whether the user exists is checked when
//! the message is delivered ([`delivery`](crate::delivery)).

use uuid::Builder;

use super::call_request::{CallRequest, InvalidPayload};
use crate::{
    json_object::{InvalidJson, JsonObject},
    message::Message,
    outcome::Outcome,
    ports::{CallLimit, Clock, EnqueueError, Outbox, Randomness, Unavailable},
    settings::InvalidSetting,
};

/// Requests a mail with a link to choose a new password.
///
/// 1. **Parse** the payload, `{"UserName": …}`.
/// 2. **Limit** how often the client's address may call.
/// 3. **Enqueue** the request.
///
/// # Errors
///
/// [`ResetPasswordError`]. An unknown user name is not an error.
pub async fn reset_password(
    request: &CallRequest<'_>,
    ports: &(impl CallLimit + Clock + Outbox + Randomness),
) -> Result<(), ResetPasswordError> {
    request.settings?;

    // 1. Parse.
    let user_name = parse(request.payload?)?;

    // 2. Limit.
    if !ports.count_call(&request.client.address).await {
        return Err(ResetPasswordError::TooManyAttempts);
    }

    // 3. Enqueue.
    let request_id = Builder::from_random_bytes(ports.random()?).into_uuid().to_string();
    let requested_at = Some(ports.now());
    let language = request.client.language;
    ports.enqueue(&[Message::ResetPassword { request_id, user_name, requested_at, language }]).await?;
    Ok(())
}

fn parse(payload: &[u8]) -> Result<String, InvalidJson> {
    const USER_NAME: &str = "UserName";

    JsonObject::parse(payload, [USER_NAME])?.take_string(USER_NAME)
}

/// Why `ResetPassword` failed. The message is the `detail` of the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, strum::EnumIter)]
pub enum ResetPasswordError {
    /// The payload is invalid.
    #[error(transparent)]
    #[strum(disabled)]
    InvalidPayload(#[from] InvalidPayload),
    /// A limit on calls was exceeded.
    #[error("Too many attempts. Wait a minute, then try again.")]
    TooManyAttempts,
    /// The message was not enqueued.
    #[error("Your request was not accepted. Try again in a minute.")]
    Unavailable,
    /// The message may have been enqueued.
    #[error(
        "It is not known whether your request was accepted. If no e-mail arrives within a few minutes, try again."
    )]
    Unclear,
    /// A setting of the Worker is invalid.
    #[strum(disabled)]
    #[error("{0} Your request was not accepted.")]
    Misconfigured(InvalidSetting),
}

impl From<ResetPasswordError> for Outcome {
    fn from(error: ResetPasswordError) -> Self {
        match error {
            ResetPasswordError::InvalidPayload(_) => Self::Invalid,
            ResetPasswordError::TooManyAttempts => Self::TooManyAttempts,
            ResetPasswordError::Unavailable => Self::Unavailable,
            ResetPasswordError::Unclear => Self::Unclear,
            ResetPasswordError::Misconfigured(_) => Self::Misconfigured,
        }
    }
}

impl From<InvalidJson> for ResetPasswordError {
    fn from(invalid: InvalidJson) -> Self {
        Self::InvalidPayload(invalid.into())
    }
}

impl From<InvalidSetting> for ResetPasswordError {
    fn from(invalid: InvalidSetting) -> Self {
        Self::Misconfigured(invalid)
    }
}

impl From<Unavailable> for ResetPasswordError {
    fn from(_: Unavailable) -> Self {
        Self::Unavailable
    }
}

impl From<EnqueueError> for ResetPasswordError {
    fn from(error: EnqueueError) -> Self {
        match error {
            EnqueueError::NotEnqueued => Self::Unavailable,
            EnqueueError::Unclear => Self::Unclear,
        }
    }
}

#[cfg(test)]
mod tests;
