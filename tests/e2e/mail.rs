//! Contract, sections 3 and 6.6: the mail with the link, the mail after the reset, and that none is lost or sent twice.

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use crate::{
    outcomes::{GOOD, OTHER, answer, standard_response},
    worker::{Account, Options, Worker, fresh_address},
};

/// A POST of `ResetPassword`.
fn forgot(worker: &Worker, user_name: &str) -> RequestBuilder {
    Client::new()
        .post(format!("{}/AP/ResetPassword", worker.origin))
        .header("CF-Connecting-IP", fresh_address())
        .header("Accept-Language", "en")
        .body(json!({"UserName": user_name}).to_string())
}

/// A user without a code.
async fn user(worker: &Worker) -> Account {
    let account = Account::new();
    worker.enrol(&account, &["Trading"]).await;
    account
}

/// The user with the code that stands in a mail.
fn with_code_of(worker: &Worker, account: &Account, mail: &str) -> Account {
    let link = format!("{}/resetPassword#UserId={}&PendingCode=", worker.origin, account.user_id);
    let (_, code) = mail.split_once(&link).unwrap_or_else(|| panic!("no link in {mail}"));
    Account { code: code[..36].parse().unwrap(), ..account.clone() }
}

async fn errorcode(worker: &Worker, account: &Account, password: &str) -> Value {
    answer(worker.post(account.payload(password))).await["errorcode"].clone()
}

#[tokio::test]
async fn a_mail_brings_a_link_that_works_once_and_then_the_user_is_told() {
    let worker = Worker::shared();
    let account = user(worker).await;
    // Any letter case will do.
    let name = format!("NAME{}", account.user_id);
    assert_eq!(answer(forgot(worker, &name)).await["errorcode"], 0);

    let mail = worker.mail(&account, 1).await;
    assert!(mail.contains("30 minutes"), "{mail}");
    let account = with_code_of(worker, &account, &mail);
    assert_eq!(errorcode(worker, &account, "too short").await, 101);
    assert_eq!(errorcode(worker, &account, GOOD).await, 0);
    assert_eq!(errorcode(worker, &account, OTHER).await, 20);

    let notice = worker.mail(&account, 2).await;
    assert!(notice.contains("changed"), "{notice}");
    assert!(!notice.contains(&account.code.to_string()), "{notice}");
}

/// Whether there is such a user or not, the answer is the same to the byte, and nothing is looked up before it.
#[tokio::test]
async fn the_answer_does_not_tell_who_is_a_user() {
    let worker = Worker::shared();
    let account = user(worker).await;
    let mut answers = Vec::new();
    for name in [format!("name{}", account.user_id), "nobody of this name".to_owned()] {
        let response = forgot(worker, &name).send().await.unwrap();
        assert_eq!(response.headers()["test-operations"], "queue.send", "{name}");
        let mut headers = response.headers().clone();
        headers.remove("x-request-id");
        answers.push((headers, response.text().await.unwrap()));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(standard_response(&answers[0].1)["errorcode"], 0);
    assert_eq!(answer(forgot(worker, "")).await["errorcode"], 100);
    worker.mail(&account, 1).await;
}

#[tokio::test]
async fn a_newer_code_voids_the_older_one() {
    let worker = Worker::shared();
    let account = user(worker).await;
    let name = format!("name{}", account.user_id);
    answer(forgot(worker, &name)).await;
    let older = with_code_of(worker, &account, &worker.mail(&account, 1).await);
    answer(forgot(worker, &name)).await;
    let newer = with_code_of(worker, &account, &worker.mail(&account, 2).await);
    assert_eq!(errorcode(worker, &older, GOOD).await, 20);
    assert_eq!(errorcode(worker, &newer, GOOD).await, 0);
}

#[tokio::test]
async fn at_most_three_mails_an_hour_and_nobody_is_told() {
    let worker = Worker::shared();
    let account = user(worker).await;
    let other = user(worker).await;
    for _ in 0..5 {
        assert_eq!(answer(forgot(worker, &format!("name{}", account.user_id))).await["errorcode"], 0);
    }
    // The queue keeps no order, but a mail that was asked for after these is one that was waited for after these.
    worker.mail(&account, 3).await;
    answer(forgot(worker, &format!("name{}", other.user_id))).await;
    worker.mail(&other, 1).await;
    let booked = format!("SELECT 1 FROM mails WHERE user_id = '{}'", account.user_id);
    assert_eq!(worker.sql(&[&booked]).await.len(), 3);
    assert_eq!(worker.mails(&account).len(), 3);

    // And ten a day: seven more, an hour and more ago.
    for earlier in 0..7 {
        let row = format!(
            "INSERT INTO mails SELECT 'earlier-{}-{earlier}', 'reset', '{}', clock.now - 7200000, clock.now FROM clock",
            other.user_id, other.user_id
        );
        worker.sql(&[&row]).await;
    }
    for _ in 0..3 {
        answer(forgot(worker, &format!("name{}", other.user_id))).await;
    }
    worker.mail(&other, 3).await;
    let third = user(worker).await;
    answer(forgot(worker, &format!("name{}", third.user_id))).await;
    worker.mail(&third, 1).await;
    assert_eq!(worker.mails(&other).len(), 3);
}

/// A binding that fails is tried again, and the mail goes out once. Its address is not in the log.
#[tokio::test]
async fn a_mail_is_not_lost_and_not_sent_twice() {
    let worker = Worker::start(&Options { name: "mailer", ..Options::DEFAULT });
    let account = user(&worker).await;
    worker.mailer_fails(1).await;
    answer(forgot(&worker, &format!("name{}", account.user_id))).await;
    worker.logs("MAILER: no mail to <an address> today").await;
    let account = with_code_of(&worker, &account, &worker.mail(&account, 1).await);
    assert_eq!(errorcode(&worker, &account, GOOD).await, 0);
    worker.mail(&account, 2).await;
    let sent = format!("SELECT 1 FROM mails WHERE user_id = '{}' AND sent_at IS NOT NULL", account.user_id);
    worker.eventually("both marked", async || worker.sql(&[&sent]).await.len() == 2).await;
    assert_eq!(worker.mails(&account).len(), 2);
}

/// A mail that comes to be sent behind a newer one would void the link that the user is about to open.
#[tokio::test]
async fn a_late_retry_does_not_void_a_newer_link() {
    let worker = Worker::start(&Options { name: "late", ..Options::DEFAULT });
    let account = user(&worker).await;
    let name = format!("name{}", account.user_id);
    worker.mailer_fails(1).await;
    answer(forgot(&worker, &name)).await;
    worker.logs("MAILER: no mail to").await;
    answer(forgot(&worker, &name)).await;
    let account = with_code_of(&worker, &account, &worker.mail(&account, 1).await);
    // The newer message, and then the older one again, have been delivered.
    let delivered = async || worker.log().matches("QUEUE reset-password2-mail 1/1").count() >= 2;
    worker.eventually("the retry", delivered).await;
    assert_eq!(worker.mails(&account).len(), 1);
    assert_eq!(errorcode(&worker, &account, GOOD).await, 0);
}

/// The notice stands in the queue before the commit, so that nothing after the commit can lose it; and where there is no
/// commit, there is no notice.
#[tokio::test]
async fn the_user_is_told_of_what_committed_and_of_nothing_else() {
    let worker = Worker::shared();
    let told = worker.user_with_code().await;
    let request = worker.post(told.payload(GOOD)).header("Test-Fault", "d1:after,d1:before");
    assert_eq!(answer(request).await["errorcode"], 102);
    worker.mail(&told, 1).await;

    let spared = worker.user_with_code().await;
    let request = worker.post(spared.payload(GOOD)).header("Test-Fault", "d1:before,d1:before");
    assert_eq!(answer(request).await["errorcode"], 102);
    let after = worker.user_with_code().await;
    assert_eq!(errorcode(worker, &after, GOOD).await, 0);
    worker.mail(&after, 1).await;
    assert!(worker.mails(&spared).is_empty());
}

#[tokio::test]
async fn the_cron_removes_what_is_old_and_nothing_else() {
    let worker = Worker::start(&Options { name: "cron", ..Options::DEFAULT });
    let rows = [
        "INSERT INTO redeemed_codes SELECT 'old', '1', 'a', 0, now - 86500000 FROM clock",
        "INSERT INTO redeemed_codes SELECT 'new', '1', 'b', 0, now - 86300000 FROM clock",
        "INSERT INTO mails SELECT 'old', 'reset', '1', now - 172900000, NULL FROM clock",
        "INSERT INTO mails SELECT 'new', 'reset', '1', now - 172700000, NULL FROM clock",
        "INSERT INTO audit_log (at, call, outcome, user_id, attempt_id, address) SELECT now - 400 * 86400000 - 100000, 'old', '', '', 'a', '' FROM clock",
        "INSERT INTO audit_log (at, call, outcome, user_id, attempt_id, address) SELECT now - 400 * 86400000 + 100000, 'new', '', '', 'b', '' FROM clock",
    ];
    worker.sql(&rows).await;
    worker.clean_up().await;
    for rows in [
        "SELECT code_digest AS age FROM redeemed_codes",
        "SELECT mail_id AS age FROM mails",
        "SELECT call AS age FROM audit_log",
    ] {
        assert_eq!(worker.sql(&[rows]).await, [json!({"age": "new"})], "{rows}");
    }
}
