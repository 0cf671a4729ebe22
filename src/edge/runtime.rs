//! The bindings and the context of one event, on which the ports are implemented.

use std::{cell::Cell, rc::Rc, time::Duration};

use worker::{Context, Delay, Env};

use super::{clock::now, request_tag::RequestTag, timings::Timings};
use crate::{
    password::{NewPassword, PasswordHash, SALT_BYTES},
    ports::{BreachCheckFailure, Clock, Hasher, Randomness, Timer, Unavailable},
    unix_millis::UnixMillis,
};

/// The Workers runtime, for one event or for one call on a WebSocket.
pub(super) struct Runtime {
    pub(super) env: Env,
    pub(super) context: Rc<Context>,
    pub(super) tag: RequestTag,
    pub(super) timings: Timings,
    /// Why the breach check said nothing, if it failed.
    pub(super) breach_check_failure: Cell<Option<BreachCheckFailure>>,
}

impl Runtime {
    pub(super) fn new(env: Env, context: Rc<Context>, tag: RequestTag) -> Self {
        let breach_check_failure = Cell::default();
        Self { env, context, tag, timings: Timings::start(), breach_check_failure }
    }

    /// Logs an error under the tag of the event.
    pub(super) fn log_error(&self, error: &str) {
        self.tag.log_error(error);
    }
}

impl Clock for Runtime {
    fn now(&self) -> UnixMillis {
        now()
    }
}

impl Timer for Runtime {
    async fn sleep(&self, millis: u64) {
        Delay::from(Duration::from_millis(millis)).await;
    }
}

impl Hasher for Runtime {
    fn hash(&self, password: &NewPassword, salt: [u8; SALT_BYTES]) -> PasswordHash {
        PasswordHash::derive(password, salt)
    }
}

impl Randomness for Runtime {
    fn random<const N: usize>(&self) -> Result<[u8; N], Unavailable> {
        let mut bytes = [0; N];
        match getrandom::fill(&mut bytes) {
            Ok(()) => Ok(bytes),
            Err(error) => {
                self.log_error(&format!("getrandom: {error}"));
                Err(Unavailable)
            }
        }
    }
}
