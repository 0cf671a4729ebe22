//! Owners who lock their accounts with the code in a notice, and the support that unlocks them again.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    rc::Rc,
};

use reset_password2::sql::statement::{Statement, Value};
use serde_json::{Value as Json, json};

use crate::{
    actors::{USERS, call},
    d1::text,
    kv::LOCATIONS,
    support_staff::Restriction,
    world::{D1_JITTER, World},
};

const LINK: &str = "/lockAccount#UserId=";

/// A lock that was committed, and the mails about it.
struct Committed {
    user_id: String,
    at: u64,
    /// The addresses that must be told, and those that were.
    recipients: BTreeSet<String>,
    told: BTreeSet<String>,
    /// The addresses whose mail was refused for good.
    refused: BTreeSet<String>,
}

/// What has happened to locks.
#[derive(Default)]
pub(crate) struct Locks {
    /// The lock codes that have arrived, each with its user.
    codes: Vec<(String, String)>,
    committed: HashMap<String, Committed>,
    denied: HashSet<String>,
    unlocked_at: HashMap<String, u64>,
}

impl Locks {
    /// Returns the attempts whose lock somebody should have been told of by now, but hasn't.
    pub(crate) fn without_mail(&self, now: u64) -> Vec<String> {
        let lacks = |lock: &Committed| {
            now > lock.at + 15 * 60_000
                && !lock.recipients.iter().all(|to| lock.told.contains(to) || lock.refused.contains(to))
        };
        self.committed.iter().filter(|(_, lock)| lacks(lock)).map(|(attempt, _)| attempt.clone()).collect()
    }

    /// The attempts that have locked an account.
    pub(crate) fn attempts(&self) -> Vec<String> {
        self.committed.keys().cloned().collect()
    }

    /// Returns the user whose account an attempt has locked.
    pub(crate) fn locked_by(&self, attempt: &str) -> Option<&str> {
        self.committed.get(attempt).map(|lock| lock.user_id.as_str())
    }

    /// The mail service refused a mail for good.
    pub(crate) fn refused(&mut self, attempt: &str, to: &str) {
        if let Some(lock) = self.committed.get_mut(attempt) {
            lock.refused.insert(to.to_owned());
        }
    }
}

/// A notice has arrived: it may have a lock code.
pub(crate) fn notice_arrived(world: &World, text: &str) {
    let Some((_, link)) = text.split_once(LINK) else { return };
    let (user_id, rest) = link.split_once("&LockCode=").unwrap();
    world.locks.borrow_mut().codes.push((user_id.to_owned(), rest[..36].to_owned()));
}

/// A mail about a lock has arrived.
pub(crate) fn lock_notice_arrived(world: &World, attempt: &str, to: &str) {
    world.log(|| format!("the mail about lock {attempt} arrives at {to}"));
    let mut locks = world.locks.borrow_mut();
    let is_right = locks.committed.get_mut(attempt).is_some_and(|lock| {
        lock.told.insert(to.to_owned());
        if lock.told.len() > 1 {
            world.coverage.sometimes("a lock was told of at two addresses");
        }
        lock.recipients.contains(to)
    });
    if !is_right {
        world.oracle.borrow_mut().breaks(format!("{to} was told of lock {attempt}"));
    }
}

/// Whether a batch locks an account.
pub(crate) fn is_lock(statements: &[Statement]) -> bool {
    statements.first().is_some_and(|first| first.sql.starts_with("-- Records that the account is locked"))
}

/// What the batch of a lock is about, before it runs.
pub(crate) struct Batch {
    user_id: String,
    attempt: String,
    issued_at: u64,
    /// Whether the account counts as locked: `locked_at`, and `sessions_valid_from`. A lock by the exchange alone ends no session, so
    /// it does not count.
    was_locked: bool,
    recipients: BTreeSet<String>,
}

impl Batch {
    /// Returns what the batch is about, if it locks an account.
    pub(crate) fn find(world: &World, statements: &[Statement]) -> Option<Self> {
        let [first, notices, ..] = statements else { return None };
        if !is_lock(statements) {
            return None;
        }
        let value = |index: usize| text(&first.values[index]);
        let user_id = value(1);
        let row = state(world, &user_id);
        let reset = match &notices.values[4] {
            Value::Text(reset) => reset.clone(),
            Value::Integer(_) => unreachable!("an id"),
        };
        let reset_email = world.oracle.borrow().commits.get(&reset).and_then(|commit| commit.email.clone());
        let email = row.as_ref().and_then(|row| row[1].as_str().map(str::to_owned));
        Some(Self {
            attempt: value(0),
            issued_at: value(2).parse().unwrap(),
            was_locked: row.as_ref().is_some_and(|row| row[0].is_u64() && row[3].as_u64() >= row[0].as_u64()),
            recipients: email.into_iter().chain(reset_email).collect(),
            user_id,
        })
    }

    /// Checks what the batch has done.
    pub(crate) fn check(self, world: &Rc<World>) {
        let Self { user_id, attempt, issued_at, was_locked, recipients } = self;
        let row = state(world, &user_id).unwrap();
        let has_locked = !was_locked && row[0].is_u64() && row[3].as_u64() >= Some(world.now());
        let mut locks = world.locks.borrow_mut();
        let unlocked_at = locks.unlocked_at.get(&user_id).copied().unwrap_or_default();
        let is_void = issued_at + D1_JITTER < unlocked_at;
        if !has_locked {
            if is_void {
                world.coverage.sometimes("a lock code from before an unlock was refused");
            }
            return;
        }
        world.coverage.sometimes("an owner locked the account");
        world.log(|| format!("D1 locks {user_id} for attempt {attempt}"));
        let mut broken = Vec::new();
        if is_void {
            broken.push(format!("{user_id} was locked with a code from before the unlock at {unlocked_at}"));
        }
        if locks.denied.contains(&attempt) {
            broken.push(format!("lock {attempt} committed after a response that it did not"));
        }
        let (codes, sessions) = (row[2].as_u64().unwrap(), row[3].as_u64().unwrap());
        if codes < world.now() + 60_000 || sessions < world.now() {
            broken.push(format!("the lock of {user_id} leaves codes or sessions valid"));
        }
        let lock = Committed {
            user_id: user_id.clone(),
            at: world.now(),
            recipients,
            told: BTreeSet::default(),
            refused: BTreeSet::default(),
        };
        if locks.committed.insert(attempt.clone(), lock).is_some() {
            broken.push(format!("lock {attempt} committed twice"));
        }
        drop(locks);
        let mut oracle = world.oracle.borrow_mut();
        for promise in broken {
            oracle.breaks(promise);
        }
        oracle.restricted(&user_id, Restriction::Lock, true);
        oracle.voided_at.insert(user_id.clone(), world.now());
        drop(oracle);
        // The owner calls support.
        let support = Rc::clone(world);
        world.executor.spawn(async move {
            support.executor.sleep(support.executor.pick(1..20_000)).await;
            unlock(&support, &user_id);
        });
    }
}

fn state(world: &World, user_id: &str) -> Option<Vec<Json>> {
    let sql = "SELECT locked_at, email, codes_valid_from, sessions_valid_from FROM users WHERE user_id = ?1";
    world.database.borrow().row(sql, user_id)
}

/// Support unlocks a user, if somebody has locked the account.
pub(crate) fn unlock(world: &World, user_id: &str) {
    world.tick_d1();
    world.log(|| format!("support unlocks {user_id}"));
    let sql = format!("UPDATE users SET locked_at = NULL WHERE user_id = '{user_id}'");
    let was_locked = state(world, user_id).is_some_and(|row| !row[0].is_null());
    world.database.borrow().execute(&sql);
    if was_locked {
        world.locks.borrow_mut().unlocked_at.insert(user_id.to_owned(), world.now());
    }
    world.oracle.borrow_mut().restricted(user_id, Restriction::Lock, false);
}

/// Owners, who use the lock codes that they have: new ones, old ones, and sometimes several times. Nobody locks anything while it
/// is checked that no user is locked out.
pub(crate) async fn owners(world: Rc<World>) {
    let executor = Rc::clone(&world.executor);
    while !world.is_over.get() {
        executor.sleep(executor.pick(0..1_800_000)).await;
        let codes = world.locks.borrow().codes.len();
        if codes == 0 || !world.faults.get() {
            continue;
        }
        let back = executor.pick(0..if executor.chance(600) { 2 } else { 20 });
        let index = codes.saturating_sub(1 + usize::try_from(back).unwrap());
        let (user_id, code) = world.locks.borrow().codes[index].clone();
        for _ in 0..executor.pick(1..3) {
            let user_id =
                if executor.chance(50) { executor.pick(1..USERS + 1).to_string() } else { user_id.clone() };
            let (owner, code) = (Rc::clone(&world), code.clone());
            executor.spawn(async move { lock(&owner, &user_id, &code).await });
            executor.sleep(executor.pick(0..2_000)).await;
        }
    }
}

async fn lock(world: &Rc<World>, user_id: &str, code: &str) {
    let location = world.executor.pick(0..LOCATIONS);
    world.log(|| format!("a lock code of {user_id} is used at {location}"));
    let payload = json!({"UserId": user_id, "LockCode": code}).to_string();
    call(world, "LockAccount", payload, location).await;
}

/// Checks the response to a lock: "done" is true, and anything but "done" and "unclear" stays true.
pub(crate) fn check_response(
    world: &World,
    attempts: &[String],
    outcome: &str,
    user_id: &str,
    began_at: u64,
) {
    let mut locks = world.locks.borrow_mut();
    let is_locked = state(world, user_id).is_some_and(|row| !row[0].is_null());
    let was_unlocked = locks.unlocked_at.get(user_id).is_some_and(|at| *at >= began_at);
    let committed = attempts.iter().find(|attempt| locks.committed.contains_key(*attempt)).cloned();
    let broken = match outcome {
        "done" => !is_locked && !was_unlocked,
        // The account was unlocked before the response to a lost batch.
        "not_authorized" if was_unlocked => false,
        "unclear" => false,
        _ => {
            locks.denied.extend(attempts.iter().cloned());
            committed.is_some()
        }
    };
    if broken {
        world
            .oracle
            .borrow_mut()
            .breaks(format!("a lock of {user_id} was reported as {outcome}: {attempts:?}"));
    }
}
