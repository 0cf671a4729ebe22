//! The runs: chaos, then calm, then the checks.

use std::{
    collections::{BTreeMap, HashMap},
    env,
    rc::Rc,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Instant,
};

use reset_password2::{
    pending_code::{PendingCode, PendingCodeRecord},
    ports::{Claim, Verdict},
    sql::redemption::{self, VerdictRow},
    unix_millis::UnixMillis,
    user_id::UserId,
};

use crate::{
    actors::{USERS, create_users, exchange, operator, request_link, stranger, user, void_codes},
    bugs::{BUGS, Bug},
    coverage::SOMETIMES,
    events::check_that_the_exchange_was_told,
    locks::owners,
    support_staff::support,
    world::World,
};

/// How long the chaos lasts, in virtual time.
const CHAOS: u64 = 24 * 3_600_000;

/// How long faults take to settle, in milliseconds: the longest retry delay, and a lease.
const SETTLE: u64 = 10 * 60_000;

/// What a run has found.
struct Report {
    broken: Vec<String>,
    steps: u64,
    coverage: BTreeMap<&'static str, u64>,
    trace: Vec<String>,
}

/// Runs one seed.
fn run(seed: u64, bug: Option<Bug>, with_trace: bool) -> Report {
    let world = World::new(seed, bug);
    *world.trace.borrow_mut() = with_trace.then(Vec::new);
    create_users(&world);
    let executor = Rc::clone(&world.executor);
    executor.set_evictions_per_million(1_000);
    for user_id in 1..=USERS {
        executor.spawn(user(Rc::clone(&world), user_id.to_string()));
    }
    executor.spawn(stranger(Rc::clone(&world)));
    executor.spawn(stranger(Rc::clone(&world)));
    executor.spawn(exchange(Rc::clone(&world)));
    executor.spawn(operator(Rc::clone(&world)));
    executor.spawn(support(Rc::clone(&world)));
    executor.spawn(owners(Rc::clone(&world)));
    executor.spawn(support(Rc::clone(&world)));

    let mut watched = 0;
    let mut after_step = || {
        watched = watched % USERS + 1;
        world.observe_user(&watched.to_string());
        if executor.steps().is_multiple_of(16) {
            check_that_the_newest_link_works(&world, &watched.to_string());
        }
    };
    let mut until = executor.now();
    let end = until + CHAOS;
    while until < end && world.oracle.borrow().broken.is_empty() {
        until += executor.pick(3_600_000..4 * 3_600_000);
        world.faults.set(true);
        executor.run_until(until, &mut after_step);
        // Calm, in which strangers go on. A user who asks must get in.
        world.faults.set(false);
        until += SETTLE;
        executor.run_until(until, &mut after_step);
        for user_id in 1..=USERS {
            check_that_a_user_gets_in(&world, &user_id.to_string(), &mut after_step);
        }
        until = executor.now();
    }
    if executor.evicted() > 0 {
        world.coverage.sometimes("an isolate was evicted");
    }
    settle(&world);

    let mut coverage = BTreeMap::new();
    world.coverage.add_to(&mut coverage);
    let broken = std::mem::take(&mut world.oracle.borrow_mut().broken);
    let trace = world.trace.borrow_mut().take().unwrap_or_default();
    Report { broken, steps: executor.steps(), coverage, trace }
}

/// No user is locked out: a user who asks gets a mail within ten minutes, or the newest mail has a link that works for at
/// least five more minutes.
fn check_that_a_user_gets_in(world: &Rc<World>, user_id: &str, after_step: &mut dyn FnMut()) {
    if !may_get_mail(world, user_id) {
        return;
    }
    check_that_no_code_was_used_up_for_nothing(world);
    if world.executor.chance(200) {
        void_a_link_on_its_way(world, user_id, after_step);
    }
    let asked_at = world.now();
    let newest_works = works_for(world, user_id, 300_000);
    let (asking, asker) = (Rc::clone(world), user_id.to_owned());
    world.executor.spawn(async move {
        // An isolate may die before it responds: then the user asks again.
        while request_link(&asking, &asker).await.as_deref() != Some("done") {}
    });
    // Long enough for a message whose consumer dies twice, and that then waits for a lease to end.
    let mut could_get_mail = true;
    world.executor.run_until(asked_at + 600_000, &mut || {
        after_step();
        could_get_mail &= may_get_mail(world, user_id);
    });
    // A request that arrives while an operator has taken the permission away is settled, even if it comes back.
    if !could_get_mail {
        return;
    }
    let since = |times: &HashMap<String, u64>| times.get(user_id).is_some_and(|time| *time >= asked_at);
    // The link was used in the meantime, or the exchange voided it.
    let is_void = since(&world.oracle.borrow().changed_at) || since(&world.oracle.borrow().voided_at);
    let got_mail = world
        .oracle
        .borrow()
        .mailbox
        .get(user_id)
        .is_some_and(|mails| mails.iter().any(|mail| mail.at >= asked_at));
    if newest_works && !got_mail {
        world.coverage.sometimes("a request got no mail because the newest link works");
    }
    if !newest_works && !got_mail && !is_void {
        world.oracle.borrow_mut().breaks(format!("user {user_id} asked at {asked_at} and is locked out"));
    }
    if got_mail && !is_void && !works_for(world, user_id, 60_000) {
        world.oracle.borrow_mut().breaks(format!("the newest mail of user {user_id} has an invalid link"));
    }
}

/// The user asks, and the exchange voids the link while its mail is being sent. What the user asks next must not be
/// taken for settled by that mail.
fn void_a_link_on_its_way(world: &Rc<World>, user_id: &str, after_step: &mut dyn FnMut()) {
    let (asking, asker) = (Rc::clone(world), user_id.to_owned());
    world.mailer_is_slow.set(true);
    world.executor.spawn(async move {
        request_link(&asking, &asker).await;
    });
    let is_being_sent = "SELECT 1 FROM mails, clock WHERE user_id = ?1 AND kind = 'reset'
         AND sent_at IS NULL AND refused_at IS NULL AND lease_until > clock.now";
    // Unless the newest link works and no mail is due.
    for _ in 0..50 {
        world.executor.run_until(world.now() + 100, after_step);
        world.tick_d1();
        if world.database.borrow().row(is_being_sent, user_id).is_some() {
            world.coverage.sometimes("a link was voided while its mail was being sent");
            break;
        }
    }
    void_codes(world, user_id);
    world.executor.run_until(world.now() + 1, after_step);
}

/// The newest mail has a link that works, unless it was used, has expired, or was voided by the exchange. Nothing that failed
/// has voided it.
fn check_that_the_newest_link_works(world: &World, user_id: &str) {
    let newest = world.oracle.borrow().mailbox.get(user_id).and_then(|mails| mails.last().cloned());
    let Some(newest) = newest else { return };
    // The code was issued at most a lease and a slow mail before the mail arrived.
    let issued = newest.at - 180_000;
    let since = |times: &HashMap<String, u64>| times.get(user_id).is_some_and(|time| *time >= issued);
    let is_void = since(&world.oracle.borrow().changed_at) || since(&world.oracle.borrow().voided_at);
    let is_old = world.now() > issued + 1_800_000;
    check_that_older_links_are_void(world, user_id);
    if !is_void && !is_old && may_reset(world, user_id) && !works_for(world, user_id, 0) {
        let message = format!(
            "the newest mail of user {user_id}, of {}, has an invalid link at {}",
            newest.at,
            world.now()
        );
        world.oracle.borrow_mut().breaks(message);
    }
}

/// Once a newer mail was sent, the links in older ones are void.
fn check_that_older_links_are_void(world: &World, user_id: &str) {
    let valid = world.database.borrow().row(
        "SELECT count(*) FROM mails AS older JOIN mails AS newer USING (user_id) JOIN users USING (user_id)
         WHERE user_id = ?1 AND older.kind = 'reset' AND newer.kind = 'reset' AND newer.sent_at IS NOT NULL
           AND older.issued_at < newer.issued_at AND older.issued_at >= users.codes_valid_from",
        user_id,
    );
    if valid.is_some_and(|row| row[0] != 0) {
        world.oracle.borrow_mut().breaks(format!("an older link of user {user_id} is valid"));
    }
}

/// A code is used up only by an attempt that committed.
fn check_that_no_code_was_used_up_for_nothing(world: &World) {
    let used_up = world.database.borrow().value(
        "SELECT count(*) FROM redeemed_codes WHERE NOT EXISTS
           (SELECT 1 FROM audit_log WHERE audit_log.attempt_id = redeemed_codes.attempt_id AND outcome = 'redeemed')",
    );
    if used_up != 0 {
        world.oracle.borrow_mut().breaks(format!("{used_up} codes were used up for nothing"));
    }
}

fn may_reset(world: &World, user_id: &str) -> bool {
    let permission = "SELECT 1 FROM user_permissions JOIN users USING (user_id)
         WHERE user_id = ?1 AND permission <> 'Deposit' AND locked_at IS NULL AND resets_allowed = 1";
    world.database.borrow().row(permission, user_id).is_some()
}

fn may_get_mail(world: &World, user_id: &str) -> bool {
    let row = world.database.borrow().row(
        "SELECT email FROM users WHERE user_id = ?1 AND locked_at IS NULL AND resets_allowed = 1 AND EXISTS
           (SELECT 1 FROM user_permissions AS held WHERE held.user_id = users.user_id AND permission <> 'Deposit')",
        user_id,
    );
    let email = row.and_then(|row| row[0].as_str().map(str::to_owned));
    email.is_some_and(|email| {
        !world.suppressed.borrow().contains(&email) && !world.full.borrow().contains(&email)
    })
}

/// Whether the link in the newest mail can be redeemed now, and is known for `millis` more.
fn works_for(world: &World, user_id: &str, millis: u64) -> bool {
    let newest = world.oracle.borrow().mailbox.get(user_id).and_then(|mails| mails.last().cloned());
    let Some(mail) = newest else { return false };
    let digest = PendingCode::parse(&mail.code).unwrap().digest();
    let json = world.kv.borrow().newest_value(&digest.kv_key(), world.now());
    let Some(json) = json else { return false };
    let record = PendingCodeRecord::from_json(&json, UnixMillis::MAX).unwrap();
    world.tick_d1();
    let claim =
        Claim { code: digest, user_id: UserId::try_from(mail.user_id).unwrap(), issued_at: record.issued_at };
    let rows = world.database.borrow().batch([redemption::can_redeem(&claim)]);
    let verdict: VerdictRow = serde_json::from_value(rows[0].clone()).unwrap();
    verdict.verdict() == Ok(Verdict::Granted) && record.expires_at.as_u64() >= world.now() + millis
}

/// Waits until every message is done, and checks what must be true then.
fn settle(world: &Rc<World>) {
    world.faults.set(false);
    world.executor.set_evictions_per_million(0);
    world.is_over.set(true);
    if !world.oracle.borrow().broken.is_empty() {
        return;
    }
    // Until the last actor has stopped, and the last dead letter was replayed.
    let end = world.now() + 14 * 24 * 3_600_000;
    while world.now() < end && world.oracle.borrow().broken.is_empty() {
        world.executor.run_until(world.now() + 3_600_000, &mut || {});
    }
    check_that_the_exchange_was_told(world);
    let untold = world.locks.borrow().without_mail(world.now());
    let mut oracle = world.oracle.borrow_mut();
    for attempt in untold {
        oracle.breaks(format!("not everybody was told of lock {attempt}"));
    }
    if world.open_messages.get() > 0 {
        oracle.breaks(format!("{} messages never came to an end", world.open_messages.get()));
    }
    let missing: Vec<String> = oracle
        .commits
        .iter()
        .filter(|(_, commit)| commit.lacks_notice(world.now()))
        .map(|(attempt, _)| attempt.clone())
        .collect();
    for attempt in missing {
        oracle.breaks(format!("no notice was sent for attempt {attempt}"));
    }
}

/// How many seeds a test runs.
fn seeds() -> u64 {
    env::var("SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(40)
}

/// Runs jobs on two threads, and returns their results in order.
fn on_two_threads<T: Send>(jobs: u64, job: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let next = AtomicU64::new(0);
    let work = || {
        let mut results = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= jobs {
                return results;
            }
            results.push((number, job(number)));
        }
    };
    let mut results = thread::scope(|scope| {
        let other = scope.spawn(work);
        let mut results = work();
        results.extend(other.join().unwrap());
        results
    });
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}

#[test]
fn the_promises_hold_whatever_fails() {
    let started = Instant::now();
    let (mut steps, mut coverage) = (0, BTreeMap::new());
    for (seed, report) in on_two_threads(seeds(), |seed| run(seed, None, false)).into_iter().enumerate() {
        assert!(
            report.broken.is_empty(),
            "seed {seed} breaks {:#?}\nReplay it: SEED={seed} cargo test --test simulation replay -- --ignored --nocapture",
            report.broken
        );
        steps += report.steps;
        for (what, count) in report.coverage {
            *coverage.entry(what).or_default() += count;
        }
    }
    println!("{} seeds, {steps} steps, {:.0} s", seeds(), started.elapsed().as_secs_f64());
    for what in SOMETIMES {
        println!("{:>9} times: {what}", coverage.get(what).copied().unwrap_or(0_u64));
    }
    let never: Vec<_> = SOMETIMES.into_iter().filter(|what| !coverage.contains_key(what)).collect();
    assert!(never.is_empty(), "never happened: {never:#?}");
}

#[test]
fn every_planted_bug_is_caught() {
    let caught = on_two_threads(BUGS.len() as u64, |index| {
        let bug = BUGS[usize::try_from(index).unwrap()];
        let first = |seed| run(seed, Some(bug), false).broken.into_iter().next();
        (0..4 * seeds()).find_map(|seed| Some((seed, first(seed)?)))
    });
    let mut missed = Vec::new();
    for (bug, caught) in BUGS.iter().zip(caught) {
        match caught {
            Some((seed, broken)) => println!("{}: seed {seed}: {broken}", bug.name),
            None => missed.push(bug.name),
        }
    }
    assert!(missed.is_empty(), "not caught: {missed:#?}");
}

#[test]
fn a_seed_always_runs_the_same_way() {
    let (one, other) = (run(7, None, true), run(7, None, true));
    assert_eq!(one.steps, other.steps);
    assert_eq!(one.trace, other.trace);
}

/// Replays the seed in the environment variable SEED, and prints its trace.
#[test]
#[ignore = "replays one seed: SEED=n"]
fn replay() {
    let seed = env::var("SEED").expect("SEED=n, the seed to replay").parse().expect("SEED, a number");
    let bug = env::var("BUG").ok();
    let bug = bug.map(|name| *BUGS.iter().find(|bug| bug.name == name).expect("a planted bug"));
    let report = run(seed, bug, true);
    for line in &report.trace {
        println!("{line}");
    }
    assert!(report.broken.is_empty(), "{:#?}", report.broken);
}
