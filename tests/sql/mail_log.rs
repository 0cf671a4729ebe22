//! How many mails are due, and to whom.

use reset_password2::{
    ports::Reservation,
    sql::mail_log::{self, RecipientRow},
    unix_millis::UnixMillis,
    user_id::UserId,
};

use crate::database::Database;

fn reservation(rows: &[serde_json::Value]) -> Reservation {
    assert!(rows.len() <= 1, "{rows:?}");
    let row: Option<RecipientRow> = rows.first().map(|row| serde_json::from_value(row.clone()).unwrap());
    row.into()
}

fn reserve_reset_mail(database: &Database, request_id: &str, user_name: &str) -> Reservation {
    reservation(&database.batch(mail_log::reserve_reset_mail(request_id, user_name)))
}

fn reserve_notice(database: &Database, attempt_id: &str) -> Reservation {
    reservation(&database.batch(mail_log::reserve_notice(attempt_id)))
}

fn is_due(reservation: &Reservation) -> bool {
    matches!(reservation, Reservation::Due(_))
}

#[test]
fn a_mail_goes_to_the_user_of_that_name_in_any_ascii_letter_case() {
    let database = Database::with_alice();
    let Reservation::Due(recipient) = reserve_reset_mail(&database, "request", "ALICE") else { panic!() };
    assert_eq!((recipient.user_id.as_str(), recipient.email.as_str()), ("5", "alice@example.com"));
}

#[test]
fn users_without_an_address_or_a_permission_get_no_mail() {
    for state in [
        "UPDATE users SET email = NULL",
        "UPDATE user_permissions SET permission = 'Deposit'",
        "UPDATE users SET user_name = 'bob'",
    ] {
        let database = Database::with_alice();
        database.execute(state);
        assert_eq!(reserve_reset_mail(&database, "request", "alice"), Reservation::NotDue, "{state}");
    }
}

#[test]
fn a_request_that_is_delivered_again_reserves_no_second_mail() {
    let database = Database::with_alice();
    for _ in 0..5 {
        assert!(is_due(&reserve_reset_mail(&database, "request", "alice")));
    }
    assert_eq!(database.value("SELECT count(*) FROM mails"), 1);
    database.batch([mail_log::mark_sent("request")]);
    assert_eq!(reserve_reset_mail(&database, "request", "alice"), Reservation::Sent);
}

#[test]
fn a_user_gets_at_most_3_mails_an_hour_and_10_a_day() {
    let database = Database::with_alice();
    let mut sent = 0;
    for hour in 0..4 {
        for request in 0..4 {
            let due = is_due(&reserve_reset_mail(&database, &format!("{hour}.{request}"), "alice"));
            sent += u32::from(due);
            let expected = if hour < 3 { request < 3 } else { request < 1 };
            assert_eq!(due, expected, "hour {hour}, request {request}");
        }
        database.execute("UPDATE mails SET reserved_at = reserved_at - 3600001");
    }
    assert_eq!(sent, 10);
}

#[test]
fn a_mail_that_is_older_than_one_already_sent_is_not_sent() {
    let database = Database::with_alice();
    reserve_reset_mail(&database, "older", "alice");
    database.execute("UPDATE mails SET reserved_at = reserved_at - 1000");
    reserve_reset_mail(&database, "newer", "alice");
    assert!(is_due(&reserve_reset_mail(&database, "older", "alice")));
    database.batch([mail_log::mark_sent("newer")]);
    assert_eq!(reserve_reset_mail(&database, "older", "alice"), Reservation::NotDue);
}

#[test]
fn a_notice_is_due_only_for_an_attempt_that_committed() {
    let database = Database::with_alice();
    assert_eq!(reserve_notice(&database, "attempt"), Reservation::NotDue);
    database.execute(
        "INSERT INTO audit_log (at, call, outcome, user_id, attempt_id, address)
         VALUES (1767225600000, 'ResetPassword2', 'redeemed', '5', 'attempt', 'unknown')",
    );
    let Reservation::Due(recipient) = reserve_notice(&database, "attempt") else { panic!() };
    assert_eq!(recipient.changed_at, Some(UnixMillis::try_from(1_767_225_600_000).unwrap()));
}

#[test]
fn a_cut_off_only_moves_forward() {
    let database = Database::with_alice();
    let alice = UserId::try_from("5".to_owned()).unwrap();
    let supersede =
        |at: u64| database.batch([mail_log::supersede(&alice, UnixMillis::try_from(at).unwrap())]).len();
    assert_eq!(supersede(2000), 1);
    assert_eq!(supersede(2000), 0);
    assert_eq!(supersede(1999), 0);
    assert_eq!(database.value("SELECT codes_valid_from FROM users"), 2000);
    assert_eq!(supersede(2001), 1);
}
