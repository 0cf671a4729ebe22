//! The entry point of the calls. Every call passes through here, however it arrived, and is logged.
//!
//! Each call is performed by its own function, and its errors become responses.

use std::fmt::Display;

use super::admission::Admission;
#[cfg(test)]
use crate::calls::InvalidPayload;
use crate::{
    call_name::CallName,
    calls::{self, CallRequest, LockAccountError, ResetPassword2Error, ResetPasswordError},
    outcome::Outcome,
    ports::{CallLog, GatewayPorts},
    standard_response::StandardResponse,
};

/// Performs a call, and returns the response.
pub(super) async fn dispatch(
    call: CallName,
    request: &CallRequest<'_>,
    ports: &impl GatewayPorts,
) -> StandardResponse {
    match call {
        CallName::ResetPassword => response(reset_password(request, ports).await),
        CallName::ResetPassword2 => response(reset_password2(request, ports).await),
        CallName::LockAccount => response(lock_account(request, ports).await),
    }
}

/// Refuses a call because the client has made too many, and returns the response.
pub(super) fn refuse(call: CallName, ports: &impl CallLog) -> StandardResponse {
    let response = match call {
        CallName::ResetPassword => response(Err(ResetPasswordError::TooManyAttempts)),
        CallName::ResetPassword2 => response(Err(ResetPassword2Error::TooManyAttempts)),
        CallName::LockAccount => response(Err(LockAccountError::TooManyAttempts)),
    };
    ports.log(call, response.outcome());
    response
}

/// Returns the response to a call during which the Worker panicked.
pub(super) fn after_panic(call: CallName) -> StandardResponse {
    match call {
        CallName::ResetPassword => response(Err(ResetPasswordError::Unclear)),
        CallName::ResetPassword2 => response(Err(ResetPassword2Error::Unclear)),
        CallName::LockAccount => response(Err(LockAccountError::Unclear)),
    }
}

/// Performs the call `ResetPassword`. A page shows the error itself.
pub(super) async fn reset_password(
    request: &CallRequest<'_>,
    ports: &impl GatewayPorts,
) -> Result<(), ResetPasswordError> {
    let result = match Admission::of(request) {
        Some(_admission) => calls::reset_password(request, ports).await,
        None => Err(ResetPasswordError::TooManyAttempts),
    };
    log(CallName::ResetPassword, result, ports);
    result
}

/// Performs the call `ResetPassword2`. A page shows the error itself.
pub(super) async fn reset_password2(
    request: &CallRequest<'_>,
    ports: &impl GatewayPorts,
) -> Result<(), ResetPassword2Error> {
    let result = match Admission::of(request) {
        Some(_admission) => calls::reset_password2(request, ports).await,
        None => Err(ResetPassword2Error::TooManyAttempts),
    };
    log(CallName::ResetPassword2, result, ports);
    result
}

/// Performs the call `LockAccount`. A page shows the error itself.
pub(super) async fn lock_account(
    request: &CallRequest<'_>,
    ports: &impl GatewayPorts,
) -> Result<(), LockAccountError> {
    let result = match Admission::of(request) {
        Some(_admission) => calls::lock_account(request, ports).await,
        None => Err(LockAccountError::TooManyAttempts),
    };
    log(CallName::LockAccount, result, ports);
    result
}

/// Logs how a call ended.
fn log(call: CallName, result: Result<(), impl Into<Outcome>>, ports: &impl CallLog) {
    ports.log(call, result.map_or_else(Into::into, |()| Outcome::Done));
}

/// Turns the result of a call into a response. The message of an error is its `detail`.
fn response(result: Result<(), impl Into<Outcome> + Display>) -> StandardResponse {
    match result {
        Ok(()) => StandardResponse::success(),
        Err(error) => {
            let detail = error.to_string();
            StandardResponse::failure(error.into(), detail)
        }
    }
}

/// Returns the responses to a call that failed, one for each of its errors. `payloads` are the errors of its
/// payload.
#[cfg(test)]
pub(super) fn failures(call: CallName, payloads: &[InvalidPayload]) -> Vec<StandardResponse> {
    use super::tests::{errors, violations};

    match call {
        CallName::ResetPassword => errors::<ResetPasswordError>(payloads).map(Err).map(response).collect(),
        CallName::ResetPassword2 => errors::<ResetPassword2Error>(payloads)
            .chain(violations().map(ResetPassword2Error::from))
            .map(Err)
            .map(response)
            .collect(),
        CallName::LockAccount => errors::<LockAccountError>(payloads).map(Err).map(response).collect(),
    }
}
