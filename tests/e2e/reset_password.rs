//! docs/contract.md, section 3, and section 6, promise 6: the mail with the link, the notice after a reset, and that none is
//! lost or sent twice.

use serde_json::json;
use test_support::{
    account::Account,
    observer::{FAULT, OPERATIONS},
    password::{GOOD, OTHER, TOO_SHORT},
    response::{errorcode, standard_response},
    texts::mail,
    worker::{Options, Worker},
};

/// Requests a mail for a user.
async fn request_mail(worker: &Worker, account: &Account) {
    assert_eq!(errorcode(worker.reset_password(&account.user_name())).await, 0);
}

async fn reset(worker: &Worker, account: &Account, password: &str) -> u64 {
    errorcode(worker.reset_password2(account.payload(password))).await
}

#[tokio::test]
async fn a_mail_brings_a_link_that_works_once_and_a_notice_follows() {
    let worker = Worker::shared();
    let account = worker.user().await;
    // User names are case-insensitive.
    let user_name = account.user_name().to_uppercase();
    assert_eq!(errorcode(worker.reset_password(&user_name)).await, 0);

    let mail = worker.mail(&account, 1).await;
    assert!(mail.contains(mail::LIFETIME), "{mail}");
    let account = worker.with_code_in(&account, &mail);
    assert_eq!(reset(worker, &account, TOO_SHORT).await, 101);
    assert_eq!(reset(worker, &account, GOOD).await, 0);
    assert_eq!(reset(worker, &account, OTHER).await, 20);

    let notice = worker.mail(&account, 2).await;
    assert!(notice.contains(mail::CHANGED), "{notice}");
    assert!(!notice.contains(&account.code.to_string()), "{notice}");
}

/// The response is the same, byte for byte, whether or not the user exists, and nothing is looked up before it.
#[tokio::test]
async fn the_response_does_not_reveal_who_is_a_user() {
    let worker = Worker::shared();
    let account = worker.user().await;
    let mut responses = Vec::new();
    for user_name in [account.user_name(), "nobody of this name".to_owned()] {
        let response = worker.reset_password(&user_name).send().await.unwrap();
        assert_eq!(response.headers()[OPERATIONS], "queue.send", "{user_name}");
        let mut headers = response.headers().clone();
        headers.remove("x-request-id");
        responses.push((headers, response.text().await.unwrap()));
    }
    assert_eq!(responses[0], responses[1]);
    assert_eq!(standard_response(&responses[0].1)["errorcode"], 0);
    worker.mail(&account, 1).await;
}

#[tokio::test]
async fn an_empty_user_name_is_invalid() {
    assert_eq!(errorcode(Worker::shared().reset_password("")).await, 100);
}

#[tokio::test]
async fn a_newer_code_voids_the_older_one() {
    let worker = Worker::shared();
    let account = worker.user().await;
    request_mail(worker, &account).await;
    let older = worker.with_code_in(&account, &worker.mail(&account, 1).await);
    request_mail(worker, &account).await;
    let newer = worker.with_code_in(&account, &worker.mail(&account, 2).await);
    assert_eq!(reset(worker, &older, GOOD).await, 20);
    assert_eq!(reset(worker, &newer, GOOD).await, 0);
}

/// The response does not reveal that there will be no mail.
#[tokio::test]
async fn a_user_gets_at_most_three_mails_an_hour() {
    let worker = Worker::shared();
    let account = worker.user().await;
    for _ in 0..5 {
        request_mail(worker, &account).await;
    }
    worker.mail(&account, 3).await;
    wait_for_earlier_mails(worker).await;
    let reserved = format!("SELECT 1 FROM mails WHERE user_id = '{}'", account.user_id);
    assert_eq!(worker.sql(&[&reserved]).await.len(), 3);
    assert_eq!(worker.mails(&account).len(), 3);
}

#[tokio::test]
async fn a_user_gets_at_most_ten_mails_a_day() {
    let worker = Worker::shared();
    let account = worker.user().await;
    let id = &account.user_id;
    // Seven mails, two hours ago.
    for earlier in 0..7 {
        let row = format!(
            "INSERT INTO mails SELECT 'earlier-{id}-{earlier}', 'reset', '{id}', clock.now - 7200000, clock.now FROM clock"
        );
        worker.sql(&[&row]).await;
    }
    for _ in 0..4 {
        request_mail(worker, &account).await;
    }
    worker.mail(&account, 3).await;
    wait_for_earlier_mails(worker).await;
    assert_eq!(worker.mails(&account).len(), 3);
}

/// Waits for a mail that is requested now. The queue keeps no order, but a mail that is requested after others is likely to
/// arrive after them.
async fn wait_for_earlier_mails(worker: &Worker) {
    let account = worker.user().await;
    request_mail(worker, &account).await;
    worker.mail(&account, 1).await;
}

/// The log does not contain the address, although the message of the binding does.
#[tokio::test]
async fn a_mail_is_retried_until_it_is_sent_once() {
    let worker = Worker::start(&Options::new("mailer"));
    let account = worker.user().await;
    worker.fail_mailer(1).await;
    request_mail(&worker, &account).await;
    worker.wait_for_log("MAILER: no mail to <address> today").await;
    let account = worker.with_code_in(&account, &worker.mail(&account, 1).await);
    assert_eq!(reset(&worker, &account, GOOD).await, 0);
    worker.mail(&account, 2).await;
    let sent = format!("SELECT 1 FROM mails WHERE user_id = '{}' AND sent_at IS NOT NULL", account.user_id);
    worker.wait_until("both are marked as sent", async || worker.sql(&[&sent]).await.len() == 2).await;
    assert_eq!(worker.mails(&account).len(), 2);
}

/// A mail that is sent after a newer one would void the link that the user is about to open.
#[tokio::test]
async fn a_late_retry_does_not_void_a_newer_link() {
    let worker = Worker::start(&Options::new("late"));
    let account = worker.user().await;
    worker.fail_mailer(1).await;
    request_mail(&worker, &account).await;
    worker.wait_for_log("MAILER: no mail to").await;
    request_mail(&worker, &account).await;
    let account = worker.with_code_in(&account, &worker.mail(&account, 1).await);
    // The newer message, and then the older one again, have been delivered.
    let delivered = async || worker.log().matches("QUEUE reset-password2-mail 1/1").count() >= 2;
    worker.wait_until("the retry", delivered).await;
    assert_eq!(worker.mails(&account).len(), 1);
    assert_eq!(reset(&worker, &account, GOOD).await, 0);
}

/// The notice is enqueued before the commit, so that no failure after the commit can lose it.
#[tokio::test]
async fn a_notice_is_sent_exactly_if_the_change_was_committed() {
    let worker = Worker::shared();
    let committed = worker.user_with_code().await;
    let request = worker.reset_password2(committed.payload(GOOD)).header(FAULT, "d1:after,d1:before");
    assert_eq!(errorcode(request).await, 102);
    worker.mail(&committed, 1).await;

    let failed = worker.user_with_code().await;
    let request = worker.reset_password2(failed.payload(GOOD)).header(FAULT, "d1:before,d1:before");
    assert_eq!(errorcode(request).await, 102);
    let later = worker.user_with_code().await;
    assert_eq!(reset(worker, &later, GOOD).await, 0);
    worker.mail(&later, 1).await;
    assert!(worker.mails(&failed).is_empty());
}

#[tokio::test]
async fn the_cron_removes_expired_rows_and_nothing_else() {
    let worker = Worker::start(&Options::new("cron"));
    worker
        .sql(&[
            "INSERT INTO redeemed_codes SELECT 'old', '1', 'a', 0, now - 86500000 FROM clock",
            "INSERT INTO redeemed_codes SELECT 'new', '1', 'b', 0, now - 86300000 FROM clock",
            "INSERT INTO mails SELECT 'old', 'reset', '1', now - 172900000, NULL FROM clock",
            "INSERT INTO mails SELECT 'new', 'reset', '1', now - 172700000, NULL FROM clock",
            "INSERT INTO audit_log (at, call, outcome, user_id, attempt_id, address) SELECT now - 400 * 86400000 - 100000, 'old', '', '', 'a', '' FROM clock",
            "INSERT INTO audit_log (at, call, outcome, user_id, attempt_id, address) SELECT now - 400 * 86400000 + 100000, 'new', '', '', 'b', '' FROM clock",
        ])
        .await;
    worker.run_cron().await;
    for rows in [
        "SELECT code_digest AS age FROM redeemed_codes",
        "SELECT mail_id AS age FROM mails",
        "SELECT call AS age FROM audit_log",
    ] {
        assert_eq!(worker.sql(&[rows]).await, [json!({"age": "new"})], "{rows}");
    }
}
