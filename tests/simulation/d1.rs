//! D1 as an isolate sees it: batches fail, hang, and commit after their caller has given up.

use std::rc::Rc;

use reset_password2::{
    ports::Unavailable,
    sql::statement::{Statement, Value},
};
use serde_json::Value as Json;

use crate::{
    actors::user_named,
    locks,
    oracle::Commit,
    ports::Isolate,
    world::{D1_JITTER, World},
};

impl Isolate {
    /// Sends a batch to D1.
    pub(crate) async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Vec<Json>>, String> {
        const LOST: &str = "D1_ERROR: Network connection lost.";
        let world = &self.world;
        self.travel().await;
        // Locks are rare, so they hang more often.
        if world.fault(if locks::is_lock(&statements) { 30 } else { 3 }) {
            // It hangs.
            world.executor.sleep(world.executor.pick(60_000..600_000)).await;
        }
        if world.fault(15) {
            let texts = [
                LOST,
                "D1_ERROR: D1 DB is overloaded. Too many requests queued.",
                "D1_ERROR: internal error",
            ];
            return Err(texts[usize::try_from(world.executor.pick(0..3)).unwrap()].to_owned());
        }
        if world.fault(5) {
            world.coverage.sometimes("SQLite rolled a batch back");
            return Err("D1_ERROR: database or disk is full: SQLITE_FULL".to_owned());
        }
        if world.fault(25) {
            // The batch is on its way, and its caller no longer waits for it.
            let soon = world.executor.chance(300);
            let (late, delay) =
                (Rc::clone(world), world.executor.pick(if soon { 0..300 } else { 0..200_000 }));
            world.executor.spawn(async move {
                late.executor.sleep(delay).await;
                if run(&late, statements).is_ok_and(|committed| committed) {
                    late.coverage.sometimes("a commit came after its caller had given up");
                }
            });
            return Err(LOST.to_owned());
        }
        let results = run_with_rows(world, statements).map_err(|error| {
            world.log(|| format!("D1: {error}"));
            format!("D1_ERROR: {error}: SQLITE_CONSTRAINT")
        });
        self.travel().await;
        if world.fault(40) { Err(LOST.to_owned()) } else { results.map(|(rows, _)| rows) }
    }

    pub(crate) async fn rows(
        &self,
        statements: impl IntoIterator<Item = Statement>,
    ) -> Result<Vec<Vec<Json>>, Unavailable> {
        self.batch(statements.into_iter().collect()).await.map_err(|_| Unavailable)
    }
}

/// Returns a value as text.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
    }
}

/// Runs a batch now, and tells the oracle what it has changed. Returns whether a redemption committed.
fn run(world: &Rc<World>, statements: Vec<Statement>) -> Result<bool, rusqlite::Error> {
    run_with_rows(world, statements).map(|(_, committed)| committed)
}

fn run_with_rows(
    world: &Rc<World>,
    statements: Vec<Statement>,
) -> Result<(Vec<Vec<Json>>, bool), rusqlite::Error> {
    world.tick_d1();
    // A redemption: the code, the user, the attempt, and the hash.
    let change = statements.iter().find(|statement| statement.sql.contains("SET password_hash"));
    let redemption = change.map(|change| {
        let value = |index: usize| text(&change.values[index]);
        (value(0), value(1), value(3), value(5))
    });
    let stored = |user_id: &str| {
        let sql = "SELECT password_hash, email, withdrawals_held_until FROM users WHERE user_id = ?1";
        world.database.borrow().row(sql, user_id)
    };
    let before = redemption.as_ref().and_then(|(_, user_id, ..)| stored(user_id));
    let request = Request::find(world, &statements);
    let lock = locks::Batch::find(world, &statements);
    let rows = world.database.borrow().try_batch(statements)?;
    if let Some(lock) = lock {
        lock.check(world);
    }
    if let Some(request) = request {
        request.check(world, !rows.last().unwrap()[0]["user_id"].is_null());
    }
    let Some((code, user_id, attempt, hash)) = redemption else { return Ok((rows, false)) };
    let after = stored(&user_id);
    let changed = before.as_ref().map(|row| &row[0]) != after.as_ref().map(|row| &row[0]);
    if changed {
        world.log(|| format!("D1 commits attempt {attempt} of user {user_id}"));
        let hold = world.settings.withdrawal_hold_hours * 3_600_000;
        let held_until = |row: Option<&Vec<Json>>| row.and_then(|row| row[2].as_u64()).unwrap_or_default();
        if held_until(before.as_ref()) > world.now() + hold + D1_JITTER {
            world.coverage.sometimes("a reset came while withdrawals were held for longer");
        }
        let held_until = held_until(after.as_ref());
        let email = after.and_then(|row| row[1].as_str().map(str::to_owned));
        let mut oracle = world.oracle.borrow_mut();
        if oracle.changed_at.contains_key(&user_id) {
            world.coverage.sometimes("a password was changed twice for one user");
        }
        oracle.committed(
            &attempt,
            &code,
            hold,
            Commit { user_id, email, hash, notices: 0, is_refused: false, at: world.now(), held_until },
        );
    }
    Ok((rows, changed))
}

/// A request for a reset mail, before its mail is leased.
struct Request {
    user_id: String,
    requested_at: u64,
    is_by_name: bool,
    volume: Vec<u64>,
}

impl Request {
    /// Returns the request, if the batch leases a mail to a user who exists.
    fn find(world: &World, statements: &[Statement]) -> Option<Self> {
        let first = statements.first().filter(|first| first.sql.starts_with("-- Leases the reset mail"))?;
        let value = |index: usize| text(&first.values[index]);
        let is_by_name = value(6).is_empty();
        let user_id = if is_by_name { user_named(&value(1))? } else { value(6) };
        let volume = volume(world, &user_id);
        Some(Self { user_id, requested_at: value(2).parse().unwrap(), is_by_name, volume })
    }

    fn check(&self, world: &World, is_leased: bool) {
        let Self { user_id, requested_at, is_by_name, volume } = self;
        if is_leased {
            check_volume(world, user_id, volume);
            if !is_by_name {
                world.coverage.sometimes("an address found its user");
            }
        }
        check_restriction(world, user_id, is_leased);
        check_address(world, user_id, *requested_at, is_leased);
    }
}

/// Returns how many mails a user has had within a minute, an hour, and a day since the last reset, and whether a link
/// works.
fn volume(world: &World, user_id: &str) -> Vec<u64> {
    let row = world.database.borrow().row(
        "SELECT count(CASE WHEN sent_at > now - 60000 THEN 1 END), count(CASE WHEN sent_at > now - 3600000 THEN 1 END),
                count(CASE WHEN sent_at > now - 86400000 THEN 1 END),
                max(CASE WHEN expires_at >= now + 300000 AND issued_at >= codes_valid_from THEN 1 ELSE 0 END)
         FROM mails JOIN users USING (user_id), clock
         WHERE kind = 'reset' AND user_id = ?1 AND sent_at > coalesce(password_changed_at, 0) AND recipient = email",
        user_id,
    );
    row.unwrap().iter().map(|value| value.as_u64().unwrap_or_default()).collect()
}

/// Checks that a mail is due: there were few, or no link works for five more minutes.
fn check_volume(world: &World, user_id: &str, volume: &[u64]) {
    let [minute, hour, day, works] = volume else { panic!("four numbers") };
    if *works == 1 && (*minute > 0 || *hour >= 3 || *day >= 10) {
        world.oracle.borrow_mut().breaks(format!("user {user_id} gets too many mails: {volume:?}"));
    }
}

/// Checks that a user who is locked or has opted out gets no mail.
fn check_restriction(world: &World, user_id: &str, is_leased: bool) {
    if !world.oracle.borrow().is_restricted(user_id) {
        return;
    }
    world.coverage.sometimes("a mail was requested for a user who may not reset");
    if is_leased {
        let message = format!("a mail was leased for user {user_id}, who may not reset");
        world.oracle.borrow_mut().breaks(message);
    }
}

/// Checks that a mail goes to the address that was on file when it was requested. The clocks of D1 and the queue may
/// differ by five seconds.
fn check_address(world: &World, user_id: &str, requested_at: u64, is_leased: bool) {
    let changed_at = world.oracle.borrow().address_changed_at.get(user_id).copied();
    if changed_at.is_some_and(|changed_at| changed_at > requested_at + 5_000 + D1_JITTER) {
        world.coverage.sometimes("a request came from before a change of address");
        if is_leased {
            let message =
                format!("a mail that user {user_id} requested at {requested_at} goes to another address");
            world.oracle.borrow_mut().breaks(message);
        }
    }
}
