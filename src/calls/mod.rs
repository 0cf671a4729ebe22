//! What each call means, in numbered steps, and how it fails. Each call has its own error type with its own texts.

mod call_request;
mod lock_account;
mod reset_password;
mod reset_password2;

pub use self::{
    call_request::{CallRequest, InvalidPayload, MAX_BODY_SECONDS, MAX_PAYLOAD_BYTES},
    lock_account::{LockAccountError, lock_account},
    reset_password::{ResetPasswordError, reset_password},
    reset_password2::{ResetPassword2Error, reset_password2},
};
