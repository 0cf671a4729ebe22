//! When a mail is due (docs/contract.md, section 3), case by case.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use reset_password2::{
    pending_code::{CodeDigest, PendingCode},
    ports::{NoticeLease, ResetMailLease, ResetMailRequest},
    sql::{
        mail_log::{self, NOTICE_LEASED, NoticeRow, ResetMailRow},
        user_names::{self, NameRow},
    },
    unix_millis::UnixMillis,
};
use uuid::Uuid;

use crate::database::Database;

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

const STATEMENTS_OF_VERSION_0_1_0: u32 = 13;

/// Alice's mails, at a time that the test sets.
struct Mails {
    database: Database,
    clock: Arc<AtomicU64>,
    requests: u32,
}

impl Mails {
    fn new() -> Self {
        let clock = Arc::new(AtomicU64::new(1_767_225_600_000));
        let database = Database::with_alice();
        database.use_clock(Arc::clone(&clock));
        Self { database, clock, requests: 0 }
    }

    fn now(&self) -> u64 {
        self.clock.load(Ordering::Relaxed)
    }

    fn wait(&self, millis: u64) {
        self.clock.fetch_add(millis, Ordering::Relaxed);
    }

    fn lease(&self, request_id: &str, code: u128, requested_at: u64) -> ResetMailLease {
        self.lease_for("alice", request_id, code, requested_at)
    }

    fn lease_for(&self, user_name: &str, request_id: &str, code: u128, requested_at: u64) -> ResetMailLease {
        let request = ResetMailRequest {
            request_id,
            user_name,
            requested_at: UnixMillis::try_from(requested_at).unwrap(),
            code: &digest(code),
            code_lifetime_seconds: 1800,
        };
        let rows = self.database.batch(mail_log::lease_reset_mail(&request));
        let row: ResetMailRow = serde_json::from_value(rows[0].clone()).unwrap();
        row.into()
    }

    /// Returns the id of the user who gets a mail that is requested for `user_name`.
    fn found(&self, user_name: &str) -> Option<String> {
        let rows = self.database.batch([user_names::names_without_key()]);
        let names = rows.into_iter().map(|row| serde_json::from_value::<NameRow>(row).unwrap());
        self.database.batch([user_names::store_name_keys(&names.collect::<Vec<_>>())]);
        self.database.execute("DELETE FROM mails");
        match self.lease_for(user_name, "request", 1, self.now()) {
            ResetMailLease::Leased { recipient, .. } => Some(recipient.user_id.as_str().to_owned()),
            _ => None,
        }
    }

    fn add_user(&self, user_id: &str, user_name: &str) {
        self.database.execute(&format!(
            "INSERT INTO users (user_id, user_name, email) VALUES ('{user_id}', '{user_name}', 'a@example.com');
             INSERT INTO user_permissions VALUES ('{user_id}', 'Trading')"
        ));
    }

    fn sent(&self, request_id: &str, code: u128) -> usize {
        self.database.batch(mail_log::mark_reset_mail_sent(request_id, &digest(code))).len()
    }

    /// Asks for a mail now, and sends it if it is due. Returns whether it was.
    fn ask(&mut self) -> bool {
        self.requests += 1;
        let request_id = format!("request {}", self.requests);
        let code = u128::from(self.requests);
        let is_due = is_leased(&self.lease(&request_id, code, self.now()));
        if is_due {
            self.sent(&request_id, code);
        }
        is_due
    }

    fn notice(&self, attempt_id: &str, commit_before: u64) -> NoticeLease {
        let commit_before = UnixMillis::try_from(commit_before).unwrap();
        let rows = self.database.try_batch(mail_log::lease_notice(attempt_id, commit_before)).unwrap();
        let row: NoticeRow = serde_json::from_value(rows.last().unwrap()[0].clone()).unwrap();
        row.lease(!rows[NOTICE_LEASED].is_empty())
    }
}

fn digest(code: u128) -> CodeDigest {
    PendingCode::from(Uuid::from_u128(code)).digest()
}

fn is_leased(lease: &ResetMailLease) -> bool {
    matches!(lease, ResetMailLease::Leased { .. })
}

#[test]
fn a_mail_goes_to_the_address_on_file() {
    let mails = Mails::new();
    let ResetMailLease::Leased { recipient, .. } = mails.lease_for("ALICE", "request", 1, mails.now()) else {
        panic!()
    };
    assert_eq!((recipient.user_id.as_str(), recipient.email.as_str()), ("5", "alice@example.com"));
}

#[test]
fn every_spelling_of_a_user_name_finds_the_user() {
    let mails = Mails::new();
    for (index, (stored, requested)) in [
        ("bob", " BOB "),
        ("Kim ", "kim"),
        ("Ärger", "äRGER"),
        ("МАША", "маша"),
        ("ΟΔΟΣ", "οδος"),
        ("José", "JOSE\u{301}"),
        ("JOSE\u{301}E", "joséE\u{3000}"),
    ]
    .into_iter()
    .enumerate()
    {
        let user_id = (index + 10).to_string();
        mails.add_user(&user_id, stored);
        for spelling in [stored, requested] {
            assert_eq!(mails.found(spelling), Some(user_id.clone()), "{stored} {spelling}");
        }
    }
    assert_eq!(mails.found("Jose"), None);
}

#[test]
fn of_several_users_that_match_the_one_with_the_stored_spelling_counts() {
    let mails = Mails::new();
    mails.add_user("6", "Ärger");
    mails.add_user("7", "ärger");
    mails.add_user("8", "alice ");
    for (name, user_id) in [
        ("Ärger", Some("6")),
        ("ärger", Some("7")),
        ("ÄRGER", Some("6")),
        ("a\u{308}rger", None),
        ("alice", Some("5")),
        ("alice ", Some("8")),
        // Otherwise, the stranger 8 would have locked 5 out.
        ("Alice", Some("5")),
        (" alice", None),
    ] {
        assert_eq!(mails.found(name).as_deref(), user_id, "{name}");
    }
}

#[test]
fn a_renamed_user_is_found_by_the_new_name_only() {
    let mails = Mails::new();
    mails.add_user("6", "Ärger");
    assert_eq!(mails.found("ÄRGER").as_deref(), Some("6"));
    mails.database.execute("UPDATE users SET user_name = 'Über' WHERE user_id = '6'");
    assert_eq!(mails.found("ÄRGER"), None);
    assert_eq!(mails.found("ÜBER").as_deref(), Some("6"));
    mails.database.execute("UPDATE users SET user_name = 'bob' WHERE user_id = '6'");
    assert_eq!(mails.found("ÜBER"), None);
    assert_eq!(mails.found("BOB").as_deref(), Some("6"));
}

/// Otherwise, each mail would cost as many reads as there are users.
#[test]
fn user_names_are_found_by_an_index() {
    let mails = Mails::new();
    let request = ResetMailRequest {
        request_id: "request",
        user_name: "alice",
        requested_at: UnixMillis::MAX,
        code: &digest(1),
        code_lifetime_seconds: 1800,
    };
    let statements = mail_log::lease_reset_mail(&request)
        .into_iter()
        .chain([user_names::names_without_key(), user_names::store_name_keys(&[])]);
    for statement in statements {
        let plan = mails.database.plan(&statement);
        let is_full_scan =
            |step: &&String| step.starts_with("SCAN users") && !step.contains("users_without_name_key");
        assert_eq!(plan.iter().find(is_full_scan), None, "{plan:#?}");
    }
}

/// Otherwise, it would be read again and again, and keep later names from being read.
#[test]
fn a_name_that_is_not_unicode_gets_a_key() {
    let mails = Mails::new();
    mails.database.execute(
        "INSERT INTO users (user_id, user_name) VALUES ('6', CAST(x'c3a4ff' AS TEXT)), ('7', 'ä' || char(0) || 'a')",
    );
    mails.found("alice");
    let missing = "SELECT count(*) FROM users WHERE user_id IN ('6', '7') AND user_name_key IS NULL";
    assert_eq!(mails.database.value(missing), 0);
}

#[test]
fn a_replaced_user_is_found_by_the_new_name_only() {
    let mails = Mails::new();
    mails.add_user("6", "Ärger");
    assert_eq!(mails.found("ÄRGER").as_deref(), Some("6"));
    mails.database.execute(
        "INSERT OR REPLACE INTO users (user_id, user_name, email, user_name_key)
         SELECT user_id, 'bob', email, user_name_key FROM users WHERE user_id = '6'",
    );
    assert_eq!(mails.found("ÄrgeR"), None);
    assert_eq!(mails.found("BOB").as_deref(), Some("6"));
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
    mails.wait(1);
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

/// docs/contract.md, section 5.
#[test]
fn the_contract_names_every_column_that_an_exchange_may_use() {
    let mails = Mails::new();
    for table in ["users", "user_permissions", "redeemed_codes"] {
        let row = include_str!("../../docs/contract.md")
            .lines()
            .find(|line| line.starts_with(&format!("| `{table}` |")));
        let columns = mails.database.columns(table);
        assert!(columns.len() > 1, "{table}");
        for column in columns {
            assert!(row.unwrap().contains(&format!("`{column}`")), "{table}.{column}");
        }
    }
}

#[test]
fn the_statements_of_the_previous_version_run_on_the_newest_schema() {
    let mails = Mails::new();
    let statements = include_str!("version_0_1_0.sql").split(';').filter(|sql| !sql.trim().is_empty());
    let mut count = 0;
    for statement in statements {
        mails.database.prepare(statement);
        count += 1;
    }
    assert_eq!(count, STATEMENTS_OF_VERSION_0_1_0);
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
    let NoticeLease::Leased { recipient, changed_at } = mails.notice("attempt", 0) else { panic!() };
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
