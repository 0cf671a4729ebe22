//! The gateway on stubs. `tests/e2e` tests it on the real runtime.

mod calls;
mod health;
mod openapi;
mod pages;
mod routes;

pub(super) use self::openapi::{errors, violations};
