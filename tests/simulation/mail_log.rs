//! When a mail is due (docs/contract.md, section 3), case by case.

use std::sync::atomic::Ordering;

use reset_password2::{
    ports::{NoticeLease, ResetMailLease},
    sql::mail_log,
    unix_millis::UnixMillis,
};

use crate::mails::{Mails, is_leased};

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

#[test]
fn a_mail_goes_to_the_address_on_file() {
    let mails = Mails::new();
    let ResetMailLease::Leased { recipient, .. } = mails.lease_for("ALICE", "request", 1, mails.now()) else {
        panic!()
    };
    assert_eq!((recipient.user_id.as_str(), recipient.email.as_str()), ("5", "alice@example.com"));
}

/// Whoever reads the former mailbox must not reset the password.
#[test]
fn a_change_of_address_voids_the_codes_in_the_former_mailbox() {
    let mails = Mails::new();
    let cut_off = || mails.database.value("SELECT codes_valid_from FROM users").as_u64().unwrap();
    let ResetMailLease::Leased { issued_at, .. } = mails.lease("request", 1, mails.now()) else { panic!() };
    mails.sent("request", 1);
    mails.database.execute("UPDATE users SET email = 'alice@example.com'");
    assert!(issued_at.as_u64() >= cut_off(), "the address is the same");
    mails.database.execute("UPDATE users SET email = 'new@example.com'");
    assert!(issued_at.as_u64() < cut_off());
}

/// A thief who reads the new mailbox must not get a code that was requested for the old one.
#[test]
fn a_request_from_before_a_change_of_address_is_settled() {
    let mails = Mails::new();
    let asked = mails.now();
    mails.wait(5_001);
    mails.database.execute("UPDATE users SET email = 'alice@example.com', locale = 'de'");
    assert!(is_leased(&mails.lease("request", 1, asked)), "the address is the same");
    mails.database.batch([mail_log::release("request")]);
    mails.database.execute("UPDATE users SET email = 'new@example.com'");
    assert_eq!(mails.lease("never tried", 2, asked), ResetMailLease::NotDue);
    assert!(is_leased(&mails.lease("later", 3, mails.now())));
}

/// A thief who reads the old mailbox must not get a code after support has changed the address.
#[test]
fn a_mail_that_was_tried_before_a_change_of_address_is_not_sent() {
    let mails = Mails::new();
    let asked = mails.now();
    assert!(is_leased(&mails.lease("request", 1, asked)));
    mails.database.batch([mail_log::release("request")]);
    mails.database.execute("UPDATE users SET email = 'new@example.com'");
    assert_eq!(mails.lease("request", 2, asked), ResetMailLease::NotDue);
}

#[test]
fn a_request_from_before_a_cut_off_is_settled() {
    let mails = Mails::new();
    let asked = mails.now();
    mails.wait(70_000);
    mails.database.execute("UPDATE users SET codes_valid_from = (SELECT now FROM clock)");
    assert_eq!(mails.lease("request", 1, asked), ResetMailLease::NotDue);
    assert!(is_leased(&mails.lease("later", 2, mails.now())));
}

#[test]
fn mails_to_another_address_do_not_count() {
    let mut mails = Mails::new();
    for _ in 0..3 {
        assert!(mails.ask());
        mails.wait(MINUTE + 1);
    }
    assert!(!mails.ask());
    mails.database.execute("UPDATE users SET email = 'corrected@example.com'");
    assert!(mails.ask());
}

#[test]
fn a_name_that_moves_to_another_user_settles_the_request() {
    let mails = Mails::new();
    let asked = mails.now();
    mails.lease("request", 1, asked);
    mails.database.batch([mail_log::release("request")]);
    mails.database.execute(
        "UPDATE users SET user_name = 'renamed';
         INSERT INTO users (user_id, user_name, email) VALUES ('6', 'alice', 'alice@example.com');
         INSERT INTO user_permissions VALUES ('6', 'Trading')",
    );
    assert_eq!(mails.lease("request", 2, asked), ResetMailLease::NotDue);
}

#[test]
fn a_mail_that_an_older_version_reserved_is_sent() {
    let mails = Mails::new();
    let asked = mails.now();
    mails.database.execute(
        "INSERT INTO mails (mail_id, kind, user_id, reserved_at) VALUES ('request', 'reset', '5', 1), ('attempt', 'changed', '5', 1);
         INSERT INTO audit_log (at, call, outcome, user_id, attempt_id, address)
         VALUES (1767225600000, 'ResetPassword2', 'redeemed', '5', 'attempt', 'unknown')",
    );
    assert!(is_leased(&mails.lease("request", 1, asked)));
    assert!(matches!(mails.notice("attempt", 0), NoticeLease::Leased { .. }));
}

#[test]
fn users_without_an_address_or_a_permission_get_no_mail() {
    for state in [
        "UPDATE users SET email = NULL",
        "UPDATE user_permissions SET permission = 'Deposit'",
        "UPDATE users SET user_name = 'bob'",
    ] {
        let mails = Mails::new();
        mails.database.execute(state);
        assert_eq!(mails.lease("request", 1, mails.now()), ResetMailLease::NotDue, "{state}");
    }
}

#[test]
fn while_a_mail_is_being_sent_every_other_delivery_waits() {
    let mails = Mails::new();
    assert!(is_leased(&mails.lease("one", 1, mails.now())));
    assert_eq!(mails.lease("one", 2, mails.now()), ResetMailLease::Blocked);
    assert_eq!(mails.lease("other", 3, mails.now()), ResetMailLease::Blocked);
    mails.sent("one", 1);
    assert_eq!(mails.lease("one", 4, mails.now()), ResetMailLease::NotDue);
    assert_eq!(mails.lease("other", 5, mails.now()), ResetMailLease::NotDue);
}

/// D1's clock may step back by a moment, for example when another machine takes over.
#[test]
fn a_clock_that_steps_back_by_a_moment_ends_no_lease() {
    let mails = Mails::new();
    assert!(is_leased(&mails.lease("one", 1, mails.now())));
    mails.database.execute(
        "INSERT INTO mails (mail_id, kind, user_id, recipient, reserved_at) VALUES ('attempt', 'changed', '5', 'a@example.com', 1);
         INSERT INTO audit_log (at, call, outcome, user_id, attempt_id, address, notice_booked)
         VALUES (1767225600000, 'ResetPassword2', 'redeemed', '5', 'attempt', 'unknown', 1)",
    );
    assert!(matches!(mails.notice("attempt", 0), NoticeLease::Leased { .. }));
    mails.clock.fetch_sub(1000, Ordering::Relaxed);
    assert_eq!(mails.lease("one", 2, mails.now()), ResetMailLease::Blocked);
    assert_eq!(mails.lease("other", 3, mails.now()), ResetMailLease::Blocked);
    assert_eq!(mails.notice("attempt", 0), NoticeLease::Blocked);
}

#[test]
fn a_lease_ends_after_two_minutes_or_when_it_is_released() {
    let mails = Mails::new();
    let asked = mails.now();
    assert!(is_leased(&mails.lease("request", 1, asked)));
    mails.wait(2 * MINUTE);
    assert!(is_leased(&mails.lease("request", 2, asked)));
    mails.database.batch([mail_log::release("request")]);
    assert!(is_leased(&mails.lease("request", 3, asked)));
}

#[test]
fn older_codes_are_voided_only_once_the_mail_was_sent() {
    let mut mails = Mails::new();
    let cut_off =
        |mails: &Mails| mails.database.value("SELECT codes_valid_from FROM users").as_u64().unwrap();
    assert!(mails.ask());
    let first = cut_off(&mails);
    assert!(first > mails.now());
    mails.wait(2 * MINUTE);
    mails.lease("second", 50, mails.now());
    assert_eq!(cut_off(&mails), first);
    // The first code leaves KV.
    assert_eq!(mails.sent("second", 50), 1);
    assert!(cut_off(&mails) > first);
}

/// A queue consumer may make 1,000 requests for all of its messages, and each code that leaves KV takes one.
#[test]
fn a_mail_after_an_outage_removes_few_codes_from_kv() {
    let mails = Mails::new();
    mails.database.execute(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 3000)
         INSERT INTO mails (mail_id, kind, user_id, recipient, reserved_at, lease_until, code_digest, issued_at, expires_at)
         SELECT 'unsent ' || n, 'reset', '5', 'alice@example.com', now, 0, 'digest ' || n, now + n, now + 1800000
         FROM numbers, clock",
    );
    mails.lease("request", 1, mails.now());
    assert_eq!(mails.sent("request", 1), 20);
}

#[test]
fn a_delivery_that_lost_its_lease_marks_and_voids_nothing() {
    let mails = Mails::new();
    let asked = mails.now();
    mails.lease("request", 1, asked);
    mails.wait(2 * MINUTE);
    mails.lease("request", 2, asked);
    mails.sent("request", 1);
    assert_eq!(mails.database.value("SELECT codes_valid_from FROM users"), 0);
}

#[test]
fn a_user_gets_no_mail_within_a_minute_and_at_most_3_an_hour() {
    let mut mails = Mails::new();
    assert!(mails.ask());
    mails.wait(MINUTE - 1);
    assert!(!mails.ask());
    for _ in 0..2 {
        mails.wait(MINUTE);
        assert!(mails.ask());
    }
    mails.wait(MINUTE);
    assert!(!mails.ask());
    mails.wait(HOUR);
    assert!(mails.ask());
}

#[test]
fn whoever_asks_gets_a_mail_if_the_newest_link_is_about_to_expire() {
    let mut mails = Mails::new();
    for _ in 0..3 {
        assert!(mails.ask());
        mails.wait(MINUTE + 1);
    }
    assert!(!mails.ask());
    mails.wait(24 * MINUTE - 2);
    assert!(!mails.ask(), "the link works for five more minutes");
    mails.wait(2);
    assert!(mails.ask(), "the link works for less than five minutes");
    assert!(!mails.ask(), "the new link works");
}

#[test]
fn a_stranger_cannot_use_up_the_mails_of_a_day() {
    let mut mails = Mails::new();
    let mut sent = 0;
    for _ in 0..24 * 60 {
        sent += u32::from(mails.ask());
        mails.wait(MINUTE);
    }
    // Ten, and one whenever the newest link is about to expire.
    assert!((10..=70).contains(&sent), "{sent}");
    mails.wait(HOUR);
    assert!(mails.ask());
}

#[test]
fn a_reset_starts_the_count_again_and_settles_earlier_requests() {
    let mut mails = Mails::new();
    for _ in 0..3 {
        assert!(mails.ask());
        mails.wait(MINUTE + 1);
    }
    let asked = mails.now();
    mails.wait(10_000);
    mails.database.execute(
        "UPDATE users SET password_changed_at = (SELECT now FROM clock), codes_valid_from = (SELECT now + 60001 FROM clock)",
    );
    assert_eq!(mails.lease("from before the reset", 50, asked), ResetMailLease::NotDue);
    mails.wait(10_000);
    assert!(mails.ask());
}

#[test]
fn a_request_that_is_older_than_the_lifetime_of_a_code_is_settled() {
    let mails = Mails::new();
    let asked = mails.now();
    mails.wait(30 * MINUTE);
    assert_eq!(mails.lease("old", 1, asked), ResetMailLease::NotDue);
}

#[test]
fn no_mail_is_sent_while_every_code_would_be_void() {
    let mails = Mails::new();
    let later = mails.now() + HOUR;
    mails.database.execute(&format!("UPDATE users SET codes_valid_from = {later}"));
    assert_eq!(mails.lease("request", 1, mails.now()), ResetMailLease::CutOff);
}

#[test]
fn mails_from_the_future_do_not_count() {
    let mut mails = Mails::new();
    mails.wait(365 * 24 * HOUR);
    for _ in 0..3 {
        mails.ask();
        mails.wait(MINUTE + 1);
    }
    mails.database.execute("UPDATE users SET codes_valid_from = 0");
    mails.clock.fetch_sub(365 * 24 * HOUR, Ordering::Relaxed);
    mails.database.execute("UPDATE mails SET expires_at = 0");
    assert!(mails.ask());
}

#[test]
fn a_notice_waits_for_its_attempt_until_the_deadline() {
    let mails = Mails::new();
    let deadline = mails.now() + 2 * MINUTE;
    assert_eq!(mails.notice("attempt", deadline), NoticeLease::Blocked);
    mails.wait(2 * MINUTE);
    assert_eq!(mails.notice("attempt", deadline), NoticeLease::NotDue);
}

#[test]
fn a_notice_goes_once_to_the_recorded_address() {
    let mails = Mails::new();
    mails.database.execute(
        "INSERT INTO mails (mail_id, kind, user_id, recipient, reserved_at) VALUES ('attempt', 'changed', '5', 'old@example.com', 1);
         INSERT INTO audit_log (at, call, outcome, user_id, attempt_id, address, notice_booked)
         VALUES (1767225600000, 'ResetPassword2', 'redeemed', '5', 'attempt', 'unknown', 1)",
    );
    let NoticeLease::Leased { recipient, changed_at, .. } = mails.notice("attempt", 0) else { panic!() };
    assert_eq!(recipient.email, "old@example.com");
    assert_eq!(changed_at, Some(UnixMillis::try_from(1_767_225_600_000).unwrap()));
    assert_eq!(mails.notice("attempt", 0), NoticeLease::Blocked);
    mails.database.batch([mail_log::mark_notice_sent("attempt")]);
    assert_eq!(mails.notice("attempt", 0), NoticeLease::NotDue);
}

#[test]
fn an_attempt_that_an_older_version_committed_causes_a_notice() {
    let mails = Mails::new();
    mails.database.execute(
        "INSERT INTO audit_log (at, call, outcome, user_id, attempt_id, address)
         VALUES (1767225600000, 'ResetPassword2', 'redeemed', '5', 'attempt', 'unknown')",
    );
    assert!(matches!(mails.notice("attempt", 0), NoticeLease::Leased { .. }));
}

#[test]
fn a_refused_mail_is_settled() {
    let mails = Mails::new();
    mails.lease("request", 1, mails.now());
    mails.database.batch([mail_log::mark_mail_refused("request")]);
    assert_eq!(mails.lease("request", 2, mails.now()), ResetMailLease::NotDue);
}
