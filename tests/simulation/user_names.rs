//! Which user a name finds (docs/contract.md, section 3).

use reset_password2::{
    ports::ResetMailRequest,
    sql::{mail_log, user_names},
    unix_millis::UnixMillis,
};

use crate::mails::{Mails, digest};

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
        user_with_address: None,
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
