//! The lock, the opt-out, the hold on withdrawals and the anti-phishing phrase (docs/contract.md, section 5), case by case.

use std::sync::atomic::Ordering;

use reset_password2::{
    ports::{NoticeLease, ResetMailLease, Verdict},
    sql::mail_log,
    unix_millis::UnixMillis,
};

use crate::{
    mails::{Mails, is_leased},
    redemption::{CODE, ISSUED_AT, attempt, claim, redeem, stored_hash},
};

const HOUR: u64 = 3_600_000;

fn held_until(mails: &Mails) -> u64 {
    mails.database.value("SELECT withdrawals_held_until FROM users").as_u64().unwrap()
}

/// Resets alice's password, and returns the id of the attempt.
fn reset(mails: &Mails, hold_hours: u64) -> String {
    let mut redemption = attempt(1, claim(CODE, "5", ISSUED_AT));
    redemption.withdrawal_hold_millis = hold_hours * HOUR;
    assert_eq!(redeem(&mails.database, &redemption), Verdict::Granted);
    redemption.attempt_id.to_string()
}

/// The time that the notice states.
fn stated(mails: &Mails, attempt_id: &str) -> Option<u64> {
    let NoticeLease::Leased { withdrawals_held_until, .. } = mails.notice(attempt_id, 0) else { panic!() };
    mails.database.batch([mail_log::release(attempt_id)]);
    withdrawals_held_until.map(UnixMillis::as_u64)
}

/// The check in step 5 comes before the hash; the claim decides.
#[test]
fn a_lock_or_an_opt_out_that_arrives_between_the_check_and_the_claim_wins() {
    for (lock, unlock) in
        [("locked_at = 1", "locked_at = NULL"), ("resets_allowed = 0", "resets_allowed = 1")]
    {
        let mails = Mails::new();
        let redemption = attempt(1, claim(CODE, "5", ISSUED_AT));
        mails.database.execute(&format!("UPDATE users SET {lock}"));
        assert_eq!(redeem(&mails.database, &redemption), Verdict::Refused);
        assert_eq!(stored_hash(&mails.database), None);
        assert_eq!(mails.database.value("SELECT count(*) FROM redeemed_codes"), 0);
        // The code was not used up.
        mails.database.execute(&format!("UPDATE users SET {unlock}"));
        assert_eq!(redeem(&mails.database, &redemption), Verdict::Granted);
    }
}

#[test]
fn a_user_who_is_locked_or_has_opted_out_gets_no_mail_and_the_lease_says_why() {
    for (lock, unlock, expected) in [
        ("locked_at = 0", "locked_at = NULL", ResetMailLease::Locked),
        ("resets_allowed = 0", "resets_allowed = 1", ResetMailLease::OptedOut),
    ] {
        let mails = Mails::new();
        mails.database.execute(&format!("UPDATE users SET {lock}"));
        assert_eq!(mails.lease("request", 1, mails.now()), expected);
        assert_eq!(mails.database.value("SELECT count(*) FROM mails"), 0);
        mails.database.execute(&format!("UPDATE users SET {unlock}"));
        assert!(is_leased(&mails.lease("request", 2, mails.now())));
        // A retry of a mail that was leased before the lock.
        mails.database.batch([mail_log::release("request")]);
        mails.database.execute(&format!("UPDATE users SET {lock}"));
        assert_eq!(mails.lease("request", 3, mails.now()), expected);
    }
}

#[test]
fn a_reset_holds_withdrawals_and_never_shortens_a_hold() {
    let mails = Mails::new();
    reset(&mails, 24);
    assert_eq!(held_until(&mails), mails.now() + 24 * HOUR);

    let mails = Mails::new();
    let longer = mails.now() + 48 * HOUR;
    mails.database.execute(&format!("UPDATE users SET withdrawals_held_until = {longer}"));
    let attempt_id = reset(&mails, 24);
    assert_eq!(held_until(&mails), longer);
    assert_eq!(stated(&mails, &attempt_id), Some(longer), "what is stored, not what was asked for");
}

/// Not even a time that has passed.
#[test]
fn a_hold_of_zero_hours_changes_nothing_and_is_not_mentioned() {
    let mails = Mails::new();
    for before in [0, 7, mails.now() + HOUR] {
        let mails = Mails::new();
        mails.database.execute(&format!("UPDATE users SET withdrawals_held_until = {before}"));
        let attempt_id = reset(&mails, 0);
        assert_eq!(held_until(&mails), before);
        assert_eq!(stated(&mails, &attempt_id), None);
    }
}

/// A notice may be delivered days later.
#[test]
fn the_notice_states_the_hold_of_its_own_attempt_while_it_lasts() {
    let mails = Mails::new();
    let until = mails.now() + 24 * HOUR;
    let attempt_id = reset(&mails, 24);
    mails.wait(HOUR);
    assert_eq!(stated(&mails, &attempt_id), Some(until));
    // A later reset, or the exchange, prolongs the hold.
    mails.database.execute(&format!("UPDATE users SET withdrawals_held_until = {}", until + HOUR));
    assert_eq!(stated(&mails, &attempt_id), Some(until));
    // The exchange has ended it.
    mails.database.execute("UPDATE users SET withdrawals_held_until = 0");
    assert_eq!(stated(&mails, &attempt_id), None);
    mails.database.execute(&format!("UPDATE users SET withdrawals_held_until = {until}"));
    mails.clock.store(until - 1, Ordering::Relaxed);
    assert_eq!(stated(&mails, &attempt_id), Some(until));
    mails.wait(1);
    assert_eq!(stated(&mails, &attempt_id), None);
}

#[test]
fn each_mail_has_the_phrase_on_file_when_it_is_sent() {
    let mails = Mails::new();
    let attempt_id = reset(&mails, 24);
    mails.database.execute("UPDATE users SET mail_phrase = 'blue heron'");
    let NoticeLease::Leased { recipient, .. } = mails.notice(&attempt_id, 0) else { panic!() };
    assert_eq!(recipient.phrase, Some("blue heron".to_owned().into()));
    mails.database.execute("UPDATE users SET mail_phrase = 'red kite'");
    let asked = mails.now() + HOUR;
    mails.wait(HOUR);
    let ResetMailLease::Leased { recipient, .. } = mails.lease("request", 1, asked) else { panic!() };
    assert_eq!(recipient.phrase, Some("red kite".to_owned().into()));
}

#[test]
fn the_schema_rejects_what_the_contract_does_not_allow_and_names_the_rule() {
    let mails = Mails::new();
    let phrase = |length: usize| format!("mail_phrase = '{}'", "é".repeat(length));
    mails.database.execute(&format!("UPDATE users SET {}", phrase(100)));
    for (value, rule) in [
        (phrase(101), "mail_phrase_has_at_most_100_characters"),
        ("resets_allowed = 2".to_owned(), "resets_allowed_is_0_or_1"),
        ("withdrawals_held_until = -1".to_owned(), "withdrawals_held_until_is_a_time"),
    ] {
        let error = mails.database.try_execute(&format!("UPDATE users SET {value}")).unwrap_err();
        assert!(error.to_string().contains(rule), "{error}");
    }
}
