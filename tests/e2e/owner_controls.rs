//! docs/contract.md, section 5: the hold on withdrawals, the lock, the opt-out and the anti-phishing phrase.

use reset_password2::languages::Language;
use serde_json::json;
use test_support::{
    account::Account,
    http::fresh_address,
    password::GOOD,
    response::{call, errorcode},
    secrets,
    texts::{log, mail},
    worker::Worker,
};

async fn set(worker: &Worker, account: &Account, column: &str) {
    worker.sql(&[&format!("UPDATE users SET {column} WHERE user_id = '{}'", account.user_id)]).await;
}

#[tokio::test]
async fn a_reset_holds_withdrawals_and_the_notice_states_what_is_stored() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let response = call(worker.reset_password2(account.payload(GOOD))).await;
    assert_eq!(response, json!({"result": true, "errormsg": null, "errorcode": 0, "detail": null}));

    let row = worker.row(&account).await;
    let held_until = row["withdrawals_held_until"].as_u64().unwrap();
    assert_eq!(held_until, row["password_changed_at"].as_u64().unwrap() + 24 * 3_600_000);
    let minute = format!("SELECT strftime('%Y-%m-%d %H:%M UTC', {held_until} / 1000, 'unixepoch') AS minute");
    let minute = worker.sql(&[&minute]).await;
    let stated = format!("{}{}\n", mail::HELD_UNTIL, minute[0]["minute"].as_str().unwrap());
    let notice = worker.mail(&account, 1).await;
    assert!(notice.contains(&stated), "{stated}: {notice}");
}

/// The response is that of every other call (`the_response_does_not_reveal_who_is_a_user`).
#[tokio::test]
async fn a_user_who_may_not_reset_gets_no_mail_until_it_is_allowed_again() {
    let worker = Worker::shared();
    for (restriction, end, reason) in [
        ("locked_at = 1767225600000", "locked_at = NULL", log::LOCKED),
        ("resets_allowed = 0", "resets_allowed = 1", log::OPTED_OUT),
    ] {
        let account = worker.user().await;
        set(worker, &account, restriction).await;
        assert_eq!(errorcode(worker.reset_password(&account.user_name())).await, 0);
        worker.wait_for_log(reason).await;
        assert!(worker.mails(&account).is_empty());
        set(worker, &account, end).await;
        assert_eq!(errorcode(worker.reset_password(&account.user_name())).await, 0);
        worker.mail(&account, 1).await;
    }
}

#[tokio::test]
async fn both_mails_show_the_phrase_and_no_log_does() {
    const PHRASE: &str = "a heron on the <roof>";
    let worker = Worker::shared();
    secrets::record(PHRASE);
    let account = worker.user().await;
    set(worker, &account, &format!("mail_phrase = '{PHRASE}'")).await;
    assert_eq!(errorcode(worker.reset_password(&account.user_name())).await, 0);
    let reset_mail = worker.mail(&account, 1).await;
    let account = worker.with_code_in(&account, &reset_mail);
    assert_eq!(errorcode(worker.reset_password2(account.payload(GOOD))).await, 0);
    let notice = worker.mail(&account, 2).await;
    for mail in [reset_mail, notice] {
        assert!(mail.contains(&format!("{}{PHRASE}\n", mail::PHRASE)), "{mail}");
    }
    assert!(!worker.log().contains(PHRASE));
}

/// Resets the password, and returns the link and the lock code in the notice.
async fn reset_and_get_lock_link(worker: &Worker, account: &Account) -> (String, String) {
    assert_eq!(errorcode(worker.reset_password2(account.payload(GOOD))).await, 0);
    let notice = worker.mail(account, 1).await;
    let link = notice.lines().find(|line| line.contains("/lockAccount#")).unwrap().to_owned();
    let (_, code) = link.split_once("LockCode=").unwrap();
    secrets::record(code);
    (link.clone(), code.to_owned())
}

/// docs/contract.md, section 4.
#[tokio::test]
async fn the_owner_locks_the_account_with_the_link_in_the_notice_and_support_unlocks_it() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let (link, code) = reset_and_get_lock_link(worker, &account).await;
    assert!(link.starts_with(&worker.url("/lockAccount#UserId=")), "{link}");

    // A scanner opens the link.
    let page = worker.get("/lockAccount").send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(worker.row(&account).await["locked_at"].is_null());

    let payload = json!({"UserId": account.user_id, "LockCode": code}).to_string();
    let lock = || worker.post_from(&fresh_address(), "/AP/LockAccount").body(payload.clone());
    let other = json!({"UserId": "another", "LockCode": code}).to_string();
    let unknown = json!({"UserId": account.user_id, "LockCode": "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"});
    for wrong in [other, unknown.to_string()] {
        assert_eq!(errorcode(worker.post_from(&fresh_address(), "/AP/LockAccount").body(wrong)).await, 20);
    }
    assert!(worker.row(&account).await["locked_at"].is_null());

    // Twice is harmless.
    assert_eq!(errorcode(lock()).await, 0);
    let row = worker.row(&account).await;
    let locked_at = row["locked_at"].as_u64().unwrap();
    assert_eq!(row["codes_valid_from"], locked_at + 60_002);
    assert_eq!(row["sessions_valid_from"], locked_at);
    assert_eq!(errorcode(lock()).await, 0);
    assert_eq!(worker.row(&account).await["locked_at"], locked_at);
    let mail = worker.mail(&account, 2).await;
    assert!(mail.contains(Language::English.texts().locked_mail.contact), "{mail}");

    // No reset until the account is unlocked, and then no lock with the old code.
    assert_eq!(errorcode(worker.reset_password(&account.user_name())).await, 0);
    worker.wait_for_log(log::LOCKED).await;
    set(worker, &account, "locked_at = NULL").await;
    assert_eq!(errorcode(lock()).await, 20);
    assert!(worker.row(&account).await["locked_at"].is_null());
    assert_eq!(worker.mails(&account).len(), 2);
}

#[tokio::test]
async fn a_thief_who_changes_the_address_does_not_keep_the_lock_from_the_owner() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let (_, code) = reset_and_get_lock_link(worker, &account).await;
    set(worker, &account, "email = 'thief@example.com'").await;
    let payload = json!({"UserId": account.user_id, "LockCode": code}).to_string();
    assert_eq!(errorcode(worker.post_from(&fresh_address(), "/AP/LockAccount").body(payload)).await, 0);
    let mail = worker.mail(&account, 2).await;
    assert!(mail.contains(Language::English.texts().locked_mail.contact), "{mail}");
}

#[tokio::test]
async fn a_pending_code_cannot_lock_and_a_lock_code_cannot_reset() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let pending = json!({"UserId": account.user_id, "LockCode": account.code}).to_string();
    assert_eq!(errorcode(worker.post_from(&fresh_address(), "/AP/LockAccount").body(pending)).await, 20);
    let (_, code) = reset_and_get_lock_link(worker, &account).await;
    let reset = json!({"UserId": account.user_id, "PendingCode": code, "Password": GOOD}).to_string();
    assert_eq!(errorcode(worker.reset_password2(reset)).await, 20);
}
