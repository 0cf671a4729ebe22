//! What a reset, a lock and a change of address void, case by case.

use reset_password2::{
    client::ClientAddress,
    ports::{Lock, LockError, LockVerdict, ResetMailLease},
    sql::{
        lock::{self, LockVerdictRow},
        statement::Statement,
    },
    unix_millis::UnixMillis,
    user_id::UserId,
};
use uuid::Uuid;

use crate::{
    mails::{Mails, is_leased},
    redemption::{CODE, attempt, claim, redeem},
};

const MINUTE: u64 = 60_000;

fn cut_off(mails: &Mails, kind: &str) -> u64 {
    mails.database.value(&format!("SELECT {kind}_valid_from FROM users")).as_u64().unwrap()
}

/// Locks alice's account, as she does with a code that is valid, by a deadline.
fn lock_by(mails: &Mails, commit_before: u64) -> Result<LockVerdict, LockError> {
    lock_as(mails, 7, commit_before)
}

fn lock_as(mails: &Mails, attempt: u128, commit_before: u64) -> Result<LockVerdict, LockError> {
    let rows = mails.database.batch(lock_statements(mails, attempt, commit_before));
    serde_json::from_value::<LockVerdictRow>(rows[0].clone()).unwrap().verdict()
}

fn lock_statements(mails: &Mails, attempt: u128, commit_before: u64) -> [Statement; 4] {
    let lock = Lock {
        user_id: UserId::try_from("5".to_owned()).unwrap(),
        issued_at: UnixMillis::try_from(mails.now()).unwrap(),
        attempt_id: Uuid::from_u128(attempt),
        commit_before: UnixMillis::try_from(commit_before).unwrap(),
        reset_attempt_id: None,
        address: ClientAddress::from_header(Some("203.0.113.7")),
    };
    lock::lock(&lock, "request")
}

fn lock(mails: &Mails) -> Result<LockVerdict, LockError> {
    lock_by(mails, mails.now() + 1)
}

fn reset(mails: &Mails) {
    redeem(&mails.database, &attempt(1, claim(CODE, "5", cut_off(mails, "codes"))));
}

fn change_address(mails: &Mails) {
    mails.database.execute("UPDATE users SET email = 'new@example.com'");
}

/// The code of a mail is dated a minute ahead, and after a cut-off that is even further ahead.
#[test]
fn a_reset_a_lock_and_a_change_of_address_void_the_newest_code_however_far_ahead_it_is_dated() {
    let void: [fn(&Mails); 3] = [|mails| assert!(lock(mails).is_ok()), reset, change_address];
    for ahead in [0, MINUTE + 1, MINUTE + 1000, MINUTE + 5000] {
        for (is_sent, void) in [true, false].into_iter().flat_map(|is_sent| void.map(|void| (is_sent, void)))
        {
            let mails = Mails::new();
            mails.database.execute(&format!("UPDATE users SET codes_valid_from = {}", mails.now() + ahead));
            let ResetMailLease::Leased { issued_at, .. } = mails.lease("request", 1, mails.now()) else {
                panic!()
            };
            if is_sent {
                mails.sent("request", 1);
            }
            void(&mails);
            assert!(issued_at.as_u64() < cut_off(&mails, "codes"), "{ahead} {is_sent}");
        }
    }
}

/// The exchange may set `locked_at` alone, by its own clock, or to any number.
#[test]
fn the_owner_s_lock_ends_what_the_exchange_s_lock_has_left() {
    for locked_at in ["1", "now - 5000", "now", "now + 30000"] {
        let mails = Mails::new();
        reset(&mails);
        mails.wait(2 * MINUTE);
        mails.database.execute(&format!("UPDATE users SET locked_at = (SELECT {locked_at} FROM clock)"));
        mails.wait(MINUTE);
        assert_eq!(lock(&mails), Ok(LockVerdict::Locked));
        assert_eq!(cut_off(&mails, "sessions"), mails.now(), "{locked_at}");
        assert!(cut_off(&mails, "codes") > mails.now() + MINUTE, "{locked_at}");
        let rows = mails.database.value("SELECT locked_at < (SELECT now FROM clock) + 40000 FROM users");
        assert_eq!(rows, 1, "the exchange's time stays");
    }
}

/// Otherwise, each use of the button would send an e-mail and an event.
#[test]
fn a_lock_by_the_exchange_in_the_future_counts_as_the_owner_s_after_the_first_use_of_the_button() {
    let mails = Mails::new();
    mails.database.execute("UPDATE users SET locked_at = (SELECT now + 86400000 FROM clock)");
    for attempt in 7..10 {
        assert_eq!(lock_as(&mails, attempt, mails.now() + 1), Ok(LockVerdict::Locked));
        mails.wait(1000);
    }
    let told = mails.database.value("SELECT count(*) FROM mails WHERE kind = 'locked'");
    assert_eq!(told, 1);
    assert_eq!(mails.database.value("SELECT count(*) FROM audit_log WHERE outcome = 'locked'"), 1);
}

/// D1's clock goes on between two statements of a batch. The owner would get an e-mail about a lock that isn't there.
#[test]
fn a_lock_whose_deadline_passes_between_two_statements_is_complete() {
    let mails = Mails::new();
    let mut statements = lock_statements(&mails, 7, mails.now() + 1).into_iter();
    mails.database.batch(statements.next());
    mails.wait(1);
    let rows = mails.database.batch(statements);
    let verdict = serde_json::from_value::<LockVerdictRow>(rows[0].clone()).unwrap().verdict();
    assert_eq!(verdict, Ok(LockVerdict::Locked));
    assert_eq!(mails.database.value("SELECT locked_at IS NOT NULL FROM users"), 1);
}

#[test]
fn a_lock_that_comes_too_late_is_not_reported_as_done_because_the_exchange_has_locked_the_account() {
    let mails = Mails::new();
    assert_eq!(lock_by(&mails, mails.now()), Err(LockError::NotLocked));
    mails.database.execute("UPDATE users SET locked_at = (SELECT now FROM clock)");
    assert_eq!(lock_by(&mails, mails.now()), Err(LockError::Unclear), "it is locked, but its sessions go on");
    assert_eq!(cut_off(&mails, "sessions"), 0);
    assert_eq!(lock(&mails), Ok(LockVerdict::Locked));
    // Sent again, after its deadline: it has done what it reports.
    assert_eq!(lock_by(&mails, mails.now()), Ok(LockVerdict::Locked));
}

/// The mail was leased before that, and sent after the user had asked again.
#[test]
fn a_mail_whose_link_is_void_or_old_when_it_is_sent_settles_no_request() {
    let grow_old = |mails: &Mails| {
        mails.database.execute("UPDATE mails SET expires_at = (SELECT now + 310000 FROM clock)");
    };
    let outdate: [fn(&Mails); 2] = [reset, grow_old];
    for outdate in outdate {
        let mails = Mails::new();
        assert!(is_leased(&mails.lease("first", 1, mails.now())));
        mails.wait(10_000);
        outdate(&mails);
        mails.wait(10_000);
        let asked = mails.now();
        mails.wait(10_000);
        mails.sent("first", 1);
        assert!(is_leased(&mails.lease("second", 2, asked)));
    }
}
