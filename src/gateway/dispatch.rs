//! The entry to the calls. Every call passes through here, however it arrived, and is logged.

use crate::{
    call_name::CallName,
    calls::{self, CallError, CallRequest, ResetPassword2Error, ResetPasswordError},
    outcome::Outcome,
    ports::{CallLog, GatewayPorts},
};

/// Performs a call.
pub(super) async fn dispatch(
    call: CallName,
    request: &CallRequest<'_>,
    ports: &impl GatewayPorts,
) -> Result<(), CallError> {
    match call {
        CallName::ResetPassword => Ok(reset_password(request, ports).await?),
        CallName::ResetPassword2 => Ok(reset_password2(request, ports).await?),
    }
}

/// Performs the call `ResetPassword`.
pub(super) async fn reset_password(
    request: &CallRequest<'_>,
    ports: &impl GatewayPorts,
) -> Result<(), ResetPasswordError> {
    let result = calls::reset_password(request, ports).await;
    log(CallName::ResetPassword, result, ports);
    result
}

/// Performs the call `ResetPassword2`.
pub(super) async fn reset_password2(
    request: &CallRequest<'_>,
    ports: &impl GatewayPorts,
) -> Result<(), ResetPassword2Error> {
    let result = calls::reset_password2(request, ports).await;
    log(CallName::ResetPassword2, result, ports);
    result
}

/// Logs how a call ended.
pub(super) fn log(call: CallName, result: Result<(), impl Into<Outcome>>, ports: &impl CallLog) {
    ports.log(call, result.map_or_else(Into::into, |()| Outcome::Done));
}
