//! docs/contract.md, section 5: the hold on withdrawals, the lock, the opt-out and the anti-phishing phrase.

use serde_json::json;
use test_support::{
    account::Account,
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
