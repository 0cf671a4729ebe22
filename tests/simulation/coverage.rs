//! What must happen sometimes, so that the simulation isn't vacuous.

use std::{cell::RefCell, collections::BTreeMap};

/// What a normal run must see at least once.
pub(crate) const SOMETIMES: [&str; 48] = [
    "a password was changed",
    "a password was changed twice for one user",
    "a code was refused",
    "a password was rejected",
    "a breached password was rejected",
    "a breach check got no response in time",
    "a breach check failed",
    "an attempt was rate-limited",
    "a code was limited",
    "an outcome was unclear",
    "an unclear attempt had committed",
    "an unclear attempt had not committed",
    "a lost response was resolved",
    "a commit came after its caller had given up",
    "an attempt came too late",
    "SQLite rolled a batch back",
    "two attempts with one code were in progress at once",
    "KV returned a stale value",
    "KV remembered a miss",
    "KV failed after a write",
    "a message was delivered twice at once",
    "a message was delivered again after it was done",
    "a message was lost by the caller but enqueued",
    "a message was replayed days later",
    "a message went to the dead-letter queue",
    "a mail was refused for now",
    "a mail was refused for good",
    "a mail arrived although its response was lost",
    "a mail arrived late",
    "a link was voided while its mail was being sent",
    "a stranger caused a mail",
    "a request got no mail because the newest link works",
    "an isolate was evicted",
    "a request came from before a change of address",
    "an address found its user",
    "an address was changed between a commit and its notice",
    "a lock or an opt-out came between the check and the claim",
    "a mail was requested for a user who may not reset",
    "a reset came while withdrawals were held for longer",
    "a notice arrived after its hold was over",
    "a mail showed a phrase",
    "an owner locked the account",
    "a lock code from before an unlock was refused",
    "a lock was told of at two addresses",
    "an event was refused",
    "an event arrived twice",
    "an event arrived although its response was lost",
    "the exchange was told of a lock",
];

/// Counts what has happened.
#[derive(Default)]
pub(crate) struct Coverage(RefCell<BTreeMap<&'static str, u64>>);

impl Coverage {
    pub(crate) fn sometimes(&self, what: &'static str) {
        debug_assert!(SOMETIMES.contains(&what), "{what}");
        *self.0.borrow_mut().entry(what).or_default() += 1;
    }

    pub(crate) fn add_to(&self, total: &mut BTreeMap<&'static str, u64>) {
        for (what, count) in &*self.0.borrow() {
            *total.entry(what).or_default() += count;
        }
    }
}
