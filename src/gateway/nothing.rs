//! A world outside with nothing in it, for tests of the gateway.

use std::cell::RefCell;

use super::{CallLog, Probe, Probed, Reach};
use crate::{
    calls::{
        Call, Refusal,
        outside::{
            CallLimit, Claim, Clock, ExchangeUsers, IssuedCodes, Outbox, Randomness, RedeemError, Redemption,
            Unavailable, Verdict,
        },
    },
    client::ClientAddress,
    delivery::Message,
    pending_code::{CodeDigest, PendingCodeRecord},
    settings::{InvalidSetting, Settings},
    unix_millis::UnixMillis,
};

/// No code was issued, and what is not there cannot be reached.
#[derive(Default)]
pub(super) struct Nothing {
    /// Nobody may call any more.
    pub(super) limited: bool,
    /// KV, D1 and the queue are there after all.
    pub(super) reachable: [bool; 3],
    /// The calls that were made.
    pub(super) log: RefCell<Vec<(Call, Result<(), Refusal>)>>,
}

/// The settings that are needed, and one more.
pub(super) fn settings_with(name: &str, value: &str) -> Result<Settings, InvalidSetting> {
    let set = [(name, value), ("PUBLIC_URL", "https://reset.example"), ("MAIL_FROM", "a@exchange.example")];
    Settings::read(|asked| {
        Ok(set.iter().find(|(name, _)| *name == asked).map(|(_, value)| (*value).to_owned()))
    })
}

impl CallLog for Nothing {
    fn log(&self, call: Call, outcome: Result<(), Refusal>) {
        self.log.borrow_mut().push((call, outcome));
    }
}

impl Probe for Nothing {
    async fn probe(&self) -> Reach {
        let [kv, d1, queue] = self.reachable.map(|reachable| Probed { reachable, ms: 7 });
        Reach { kv, d1, queue }
    }
}

impl CallLimit for Nothing {
    async fn allows(&self, _: &ClientAddress) -> bool {
        !self.limited
    }
}

impl Clock for Nothing {
    fn now(&self) -> UnixMillis {
        UnixMillis::MAX
    }
}

impl Randomness for Nothing {
    fn random<const N: usize>(&self) -> Result<[u8; N], Unavailable> {
        Err(Unavailable)
    }
}

impl Outbox for Nothing {
    async fn enqueue(&self, _: &Message) -> Result<(), Unavailable> {
        Ok(())
    }
}

impl IssuedCodes for Nothing {
    async fn find(&self, _: &CodeDigest) -> Result<Option<PendingCodeRecord>, Unavailable> {
        Ok(None)
    }

    fn remove_after_answer(&self, _: CodeDigest) {}
}

impl ExchangeUsers for Nothing {
    async fn examine(&self, _: &Claim) -> Result<Verdict, Unavailable> {
        Err(Unavailable)
    }

    async fn redeem(&self, _: &Redemption) -> Result<Verdict, RedeemError> {
        Err(RedeemError::NothingChanged)
    }
}
