//! The proof in `src/sql/redemption.rs`, case by case.

use reset_password2::{
    client::ClientAddress,
    password::{NewPassword, PasswordHash},
    pending_code::PendingCode,
    ports::{Claim, RedeemError, Redemption, Try, Verdict},
    sql::redemption::{self, VerdictRow},
    unix_millis::UnixMillis,
    user_id::UserId,
};
use uuid::Uuid;

use crate::database::Database;

pub(crate) const CODE: &str = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
const OTHER_CODE: &str = "00000000-0000-4000-8000-000000000000";
pub(crate) const ISSUED_AT: u64 = 1_767_225_600_000;

pub(crate) fn claim(code: &str, user_id: &str, issued_at: u64) -> Claim {
    Claim {
        code: PendingCode::parse(code).unwrap().digest(),
        user_id: UserId::try_from(user_id.to_owned()).unwrap(),
        issued_at: UnixMillis::try_from(issued_at).unwrap(),
    }
}

/// Returns an attempt. Its password hash is unique to `attempt`.
pub(crate) fn attempt(attempt: u128, claim: Claim) -> Redemption {
    let salt = attempt.to_be_bytes();
    Redemption {
        claim,
        attempt_id: Uuid::from_u128(attempt),
        commit_before: UnixMillis::MAX,
        expires_at: UnixMillis::try_from(ISSUED_AT + 3_600_000).unwrap(),
        password_hash: PasswordHash::derive(&NewPassword::new("four words that fit"), salt),
        withdrawal_hold_millis: 0,
        address: ClientAddress::from_header(Some("203.0.113.7")),
    }
}

pub(crate) fn redeem(database: &Database, redemption: &Redemption) -> Verdict {
    verdict(&database.batch(redemption::redeem(redemption, Try::First, "request"))).unwrap()
}

pub(crate) fn can_redeem(database: &Database, claim: &Claim) -> Verdict {
    verdict(&database.batch([redemption::can_redeem(claim)])).unwrap()
}

fn verdict(rows: &[serde_json::Value]) -> Result<Verdict, RedeemError> {
    let [row] = rows else { panic!("not one row: {rows:?}") };
    serde_json::from_value::<VerdictRow>(row.clone()).unwrap().verdict()
}

pub(crate) fn stored_hash(database: &Database) -> Option<String> {
    database.value("SELECT password_hash FROM users WHERE user_id = '5'").as_str().map(str::to_owned)
}

#[test]
fn of_two_attempts_with_one_code_the_first_is_granted_and_its_hash_is_stored() {
    let database = Database::with_alice();
    let (first, second) = (attempt(1, claim(CODE, "5", ISSUED_AT)), attempt(2, claim(CODE, "5", ISSUED_AT)));
    assert_eq!(redeem(&database, &first), Verdict::Granted);
    assert_eq!(redeem(&database, &second), Verdict::Refused);
    assert_eq!(stored_hash(&database).as_deref(), Some(first.password_hash.as_phc()));
    assert_eq!(database.value("SELECT count(*) FROM audit_log"), 1);
}

/// Each guard refuses the second attempt without the other.
#[test]
fn a_used_code_is_refused_by_its_claim_and_by_the_cut_off() {
    let first = || attempt(1, claim(CODE, "5", ISSUED_AT));
    let second = attempt(2, claim(CODE, "5", ISSUED_AT));

    let database = Database::with_alice();
    redeem(&database, &first());
    database.execute("UPDATE users SET codes_valid_from = 0");
    assert_eq!(redeem(&database, &second), Verdict::Refused);
    assert_eq!(stored_hash(&database).as_deref(), Some(first().password_hash.as_phc()));

    let database = Database::with_alice();
    redeem(&database, &first());
    database.execute("DELETE FROM redeemed_codes");
    assert_eq!(redeem(&database, &second), Verdict::Refused);
    assert_eq!(stored_hash(&database).as_deref(), Some(first().password_hash.as_phc()));
}

#[test]
fn an_attempt_that_is_sent_again_is_granted_again_and_changes_nothing() {
    let database = Database::with_alice();
    let redemption = attempt(1, claim(CODE, "5", ISSUED_AT));
    redeem(&database, &redemption);
    // Another reset, and a cut-off that was moved back, between the two batches.
    database
        .execute("UPDATE users SET password_hash = 'later', codes_valid_from = 0, sessions_valid_from = 0");
    assert_eq!(redeem(&database, &redemption), Verdict::Granted);
    assert_eq!(stored_hash(&database).as_deref(), Some("later"));
    assert_eq!(database.value("SELECT codes_valid_from + sessions_valid_from FROM users"), 0);
    assert_eq!(database.value("SELECT count(*) FROM audit_log"), 1);
}

#[test]
fn a_redemption_voids_older_codes_and_ends_sessions_but_moves_no_cut_off_back() {
    let database = Database::with_alice();
    let before = database.value("SELECT now FROM clock").as_u64().unwrap();
    redeem(&database, &attempt(1, claim(CODE, "5", ISSUED_AT)));
    for cut_off in ["codes_valid_from", "sessions_valid_from", "password_changed_at"] {
        assert!(
            database.value(&format!("SELECT {cut_off} FROM users")).as_u64() >= Some(before),
            "{cut_off}"
        );
    }
    assert_eq!(can_redeem(&database, &claim(OTHER_CODE, "5", before - 1)), Verdict::Refused);

    // A code from a clock that is ahead of D1's.
    let database = Database::with_alice();
    redeem(&database, &attempt(1, claim(CODE, "5", before + 50_000)));
    assert_eq!(can_redeem(&database, &claim(OTHER_CODE, "5", before + 59_000)), Verdict::Refused);

    let database = Database::with_alice();
    let later = before + 1_000_000;
    database.execute(&format!("UPDATE users SET sessions_valid_from = {later}"));
    redeem(&database, &attempt(1, claim(CODE, "5", ISSUED_AT)));
    assert_eq!(database.value("SELECT sessions_valid_from FROM users"), later);
}

#[test]
fn a_redemption_and_its_preview_decide_alike() {
    let cases = [
        ("", Verdict::Granted),
        ("UPDATE user_permissions SET permission = 'Operator'", Verdict::Granted),
        ("UPDATE user_permissions SET permission = 'Withdraw'", Verdict::Refused),
        ("DELETE FROM user_permissions", Verdict::Refused),
        ("DELETE FROM users", Verdict::UserGone),
        ("UPDATE users SET codes_valid_from = 1767225600000", Verdict::Granted),
        ("UPDATE users SET codes_valid_from = 1767225600001", Verdict::Refused),
        ("UPDATE users SET locked_at = 1767225600000", Verdict::Refused),
        // Whatever the exchange stores to lock a user.
        ("UPDATE users SET locked_at = 0", Verdict::Refused),
        ("UPDATE users SET resets_allowed = 0", Verdict::Refused),
        ("UPDATE users SET resets_allowed = 0; UPDATE users SET resets_allowed = 1", Verdict::Granted),
    ];
    for (state, expected) in cases {
        let database = Database::with_alice();
        database.execute(state);
        assert_eq!(can_redeem(&database, &claim(CODE, "5", ISSUED_AT)), expected, "{state}");
        assert_eq!(redeem(&database, &attempt(1, claim(CODE, "5", ISSUED_AT))), expected, "{state}");
        // Now the code is used, or nothing has changed.
        let again = if expected == Verdict::Granted { Verdict::Refused } else { expected };
        assert_eq!(can_redeem(&database, &claim(CODE, "5", ISSUED_AT)), again, "{state}");
        assert_eq!(stored_hash_or_none(&database).is_some(), expected == Verdict::Granted, "{state}");
    }
}

fn stored_hash_or_none(database: &Database) -> Option<String> {
    database.value("SELECT max(password_hash) FROM users").as_str().map(str::to_owned)
}

#[test]
fn an_attempt_that_was_refused_when_it_was_sent_again_never_commits() {
    let database = Database::with_alice();
    database.execute("UPDATE user_permissions SET permission = 'Withdraw'");
    let redemption = attempt(1, claim(CODE, "5", ISSUED_AT));
    let again = redemption::redeem(&redemption, Try::Again, "request");
    assert_eq!(verdict(&database.batch(again)), Ok(Verdict::Refused));
    // The first batch arrives at last, now that the user may reset the password.
    database.execute("UPDATE user_permissions SET permission = 'Trading'");
    assert_eq!(redeem(&database, &redemption), Verdict::Refused);
    assert_eq!(stored_hash(&database), None);
    // Another attempt may redeem the code.
    assert_eq!(redeem(&database, &attempt(2, claim(CODE, "5", ISSUED_AT))), Verdict::Granted);
}

#[test]
fn an_attempt_cannot_commit_after_its_deadline() {
    let database = Database::with_alice();
    let mut redemption = attempt(1, claim(CODE, "5", ISSUED_AT));
    redemption.commit_before = UnixMillis::try_from(ISSUED_AT).unwrap();
    let late = verdict(&database.batch(redemption::redeem(&redemption, Try::First, "request")));
    assert_eq!(late, Err(RedeemError::TooLate));
    assert_eq!(stored_hash(&database), None);
}

#[test]
fn the_notice_is_recorded_with_the_address_on_file_at_the_commit() {
    let database = Database::with_alice();
    let redemption = attempt(1, claim(CODE, "5", ISSUED_AT));
    redeem(&database, &redemption);
    database.execute("UPDATE users SET email = 'thief@example.com'");
    redeem(&database, &redemption);
    let recorded =
        database.row("SELECT recipient FROM mails WHERE mail_id = ?1", &redemption.attempt_id.to_string());
    assert_eq!(recorded, Some(vec!["alice@example.com".into()]));
}
