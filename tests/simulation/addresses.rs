//! Which users an e-mail address finds (docs/contract.md, section 3).

use reset_password2::{
    ports::{ResetMailLease, ResetMailRequest},
    sql::mail_log::{self, ResetMailRow, UserIdRow},
    unix_millis::UnixMillis,
    user_id::UserId,
};

use crate::mails::{Mails, digest};

/// Returns the ids of the users whom an address finds.
fn found(mails: &Mails, address: &str) -> Vec<String> {
    let rows = mails.database.batch([mail_log::users_with_address(address)]);
    let ids = rows.into_iter().map(|row| serde_json::from_value::<UserIdRow>(row).unwrap().into_user_id());
    ids.map(|id| id.unwrap().as_str().to_owned()).collect()
}

fn add(mails: &Mails, user_id: &str, email: &str) {
    mails.database.execute(&format!(
        "INSERT INTO users (user_id, user_name, email) VALUES ('{user_id}', 'name{user_id}', '{email}');
         INSERT INTO user_permissions VALUES ('{user_id}', 'Trading')"
    ));
}

fn lease(mails: &Mails, user_id: &str, address: &str) -> ResetMailLease {
    let user_id = UserId::try_from(user_id.to_owned()).unwrap();
    let id = format!("request/{}", user_id.as_str());
    let request = ResetMailRequest {
        request_id: &id,
        user_name: address,
        user_with_address: Some(&user_id),
        requested_at: UnixMillis::try_from(mails.now()).unwrap(),
        code: &digest(user_id.as_str().parse().unwrap()),
        code_lifetime_seconds: 1800,
    };
    let rows = mails.database.batch(mail_log::lease_reset_mail(&request));
    serde_json::from_value::<ResetMailRow>(rows[0].clone()).unwrap().into()
}

#[test]
fn every_user_with_the_address_is_found_in_any_ascii_case() {
    let mails = Mails::new();
    add(&mails, "6", "Alice@Example.com");
    add(&mails, "7", "bob@example.com");
    add(&mails, "8", "Müller@example.com");
    for address in ["alice@example.com", "ALICE@EXAMPLE.COM", " alice@example.com\n"] {
        assert_eq!(found(&mails, address), ["5", "6"], "{address}");
    }
    assert_eq!(found(&mails, "Müller@EXAMPLE.com"), ["8"]);
    assert!(found(&mails, "alice").is_empty() && found(&mails, "@example.com").is_empty());
    assert!(found(&mails, "%@example.com").is_empty());
}

#[test]
fn an_address_that_is_a_user_name_is_that_of_nobody_else() {
    let mails = Mails::new();
    mails.add_user("6", "ALICE@example.com");
    assert!(found(&mails, "alice@example.com").is_empty());
    assert_eq!(mails.found("alice@example.com").as_deref(), Some("6"));
}

#[test]
fn each_user_gets_a_mail_within_limits_of_their_own_and_at_the_address_on_file() {
    let mails = Mails::new();
    add(&mails, "6", "Alice@Example.com");
    for (user_id, email) in [("5", "alice@example.com"), ("6", "Alice@Example.com")] {
        let ResetMailLease::Leased { recipient, .. } = lease(&mails, user_id, "ALICE@example.com") else {
            panic!("{user_id}")
        };
        assert_eq!((recipient.user_id.as_str(), recipient.email.as_str()), (user_id, email));
    }
}

/// A user who was found may have another address by the time at which the mail is leased.
#[test]
fn a_user_whose_address_was_changed_gets_no_mail() {
    let mails = Mails::new();
    assert_eq!(lease(&mails, "5", "other@example.com"), ResetMailLease::NotDue);
    assert_eq!(lease(&mails, "6", "alice@example.com"), ResetMailLease::NotDue);
}

#[test]
fn a_request_causes_ten_mails_at_most() {
    let mails = Mails::new();
    for user_id in 10..30 {
        add(&mails, &user_id.to_string(), "shared@example.com");
    }
    assert_eq!(found(&mails, "shared@example.com").len(), 10);
    // Users who can get none take no place.
    mails.database.execute("DELETE FROM user_permissions WHERE user_id < '20'");
    mails.database.execute("UPDATE users SET locked_at = 1 WHERE user_id = '20'");
    mails.database.execute("UPDATE users SET resets_allowed = 0 WHERE user_id = '21'");
    let ids: Vec<_> = (22..30).map(|id| id.to_string()).collect();
    assert_eq!(found(&mails, "shared@example.com"), ids);
}

#[test]
fn addresses_are_found_by_an_index() {
    let mails = Mails::new();
    let plan = mails.database.plan(&mail_log::users_with_address("alice@example.com"));
    assert!(!plan.iter().any(|step| step.starts_with("SCAN users")), "{plan:#?}");
    assert!(plan.iter().any(|step| step.contains("users_by_email")), "{plan:#?}");
}
