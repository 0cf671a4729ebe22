//! docs/contract.md, section 3, and section 6, promise 6: the mail with the link, the notice after a reset, and that none is
//! lost or sent twice.
//!
//! Whether a mail is due is tested case by case, with a clock that the test sets, in `tests/simulation/mail_log.rs`. The tests
//! here show that the Worker on the real services follows the same rules. Instead of waiting, they move a user's mails back
//! in time.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::json;
use test_support::{
    account::Account,
    observer::{FAULT, OPERATIONS},
    password::{GOOD, OTHER, TOO_SHORT},
    response::{errorcode, standard_response},
    texts::mail,
    worker::{Options, Worker},
};
use uuid::Variant;

/// A little more than a minute, in milliseconds.
const A_MINUTE: u64 = 61_000;

/// What the log says if the mailer of `observed.mjs` fails.
const MAILER_FAILED: &str = "MAILER: E_DELIVERY_FAILED no mail to <…> today: <…>";

/// Requests a mail for a user.
async fn request_mail(worker: &Worker, account: &Account) {
    assert_eq!(errorcode(worker.reset_password(&account.user_name())).await, 0);
}

async fn reset(worker: &Worker, account: &Account, password: &str) -> u64 {
    errorcode(worker.reset_password2(account.payload(password))).await
}

#[tokio::test]
async fn a_mailed_link_works_once_and_a_notice_follows() {
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
    let names = [account.user_name(), "nobody of this name".to_owned()];
    for user_name in names.into_iter().chain([account.email(), "nobody@example.com".to_owned()]) {
        let response = worker.reset_password(&user_name).send().await.unwrap();
        assert_eq!(response.headers()[OPERATIONS], "queue.sendBatch", "{user_name}");
        let mut headers = response.headers().clone();
        headers.remove("x-request-id");
        responses.push((headers, response.text().await.unwrap()));
    }
    assert!(responses.iter().all(|response| *response == responses[0]), "{responses:?}");
    assert_eq!(standard_response(&responses[0].1)["errorcode"], 0);
    worker.mail(&account, 1).await;
}

#[tokio::test]
async fn each_user_with_the_address_gets_a_link_of_their_own() {
    let worker = Worker::shared();
    let (one, other) = (worker.user().await, worker.user().await);
    let share = format!("UPDATE users SET email = '{}' WHERE user_id = '{}'", one.email(), other.user_id);
    worker.sql(&[&share]).await;
    let address = format!(" {} ", one.email().to_uppercase());
    assert_eq!(errorcode(worker.reset_password(&address)).await, 0);
    worker.mail(&one, 2).await;
    for account in [&one, &other] {
        let is_theirs = |mail: &&String| mail.contains(&format!("\nUser name: {}\n", account.user_name()));
        let mails = worker.mails(&one);
        let mail = mails.iter().find(is_theirs).unwrap();
        assert_eq!(reset(worker, &worker.with_code_in(account, mail), GOOD).await, 0);
    }
}

/// 122 random bits: all of a version 4 GUID but its version and its variant (RFC 9562, section 5.4).
#[tokio::test]
async fn each_mailed_code_is_a_new_random_guid() {
    let worker = Worker::shared();
    let mut codes = BTreeSet::new();
    for _ in 0..3 {
        let account = worker.user().await;
        request_mail(worker, &account).await;
        let code = worker.with_code_in(&account, &worker.mail(&account, 1).await).code;
        assert_eq!((code.get_version_num(), code.get_variant()), (4, Variant::RFC4122), "{code}");
        codes.insert(code);
    }
    assert_eq!(codes.len(), 3);
}

/// The name is a value of the statement, not a part of it.
#[tokio::test]
async fn a_user_name_cannot_inject_sql() {
    let worker = Worker::shared();
    let account = worker.user().await;
    let id = &account.user_id;
    for user_name in [format!("' OR user_id = '{id}"), format!("x\" OR user_id = '{id}' --"), "%".to_owned()]
    {
        assert_eq!(errorcode(worker.reset_password(&user_name)).await, 0, "{user_name}");
    }
    wait_for_earlier_mails(worker).await;
    assert!(worker.mails(&account).is_empty());
}

#[tokio::test]
async fn an_empty_user_name_is_invalid() {
    assert_eq!(errorcode(Worker::shared().reset_password("")).await, 100);
}

/// Even while KV still has the older code.
#[tokio::test]
async fn a_newer_code_voids_the_older_one() {
    let worker = Worker::shared();
    let account = worker.user().await;
    request_mail(worker, &account).await;
    let older = worker.with_code_in(&account, &worker.mail(&account, 1).await);
    worker.wait_until_marked(&account, 1).await;
    let times = format!("SELECT issued_at, expires_at FROM mails WHERE user_id = '{}'", account.user_id);
    let times = worker.sql(&[&times]).await.remove(0);
    let time = |name: &str| times[name].as_u64().unwrap();
    let older = Account { issued_at: time("issued_at"), expires_at: time("expires_at"), ..older };

    worker.age_mails(&account, A_MINUTE).await;
    request_mail(worker, &account).await;
    let newer = worker.with_code_in(&account, &worker.mail(&account, 2).await);
    worker.wait_until("the older code leaves KV", async || !worker.has_entry(&older).await).await;
    worker.put(older.entry()).await;
    assert_eq!(reset(worker, &older, GOOD).await, 20);
    assert_eq!(reset(worker, &newer, GOOD).await, 0);
}

#[tokio::test]
async fn a_user_name_is_found_in_any_spelling() {
    let worker = Worker::shared();
    let account = worker.user().await;
    let id = &account.user_id;
    worker.sql(&[&format!("UPDATE users SET user_name = 'Ärger {id}' WHERE user_id = '{id}'")]).await;
    assert_eq!(errorcode(worker.reset_password(&format!(" a\u{308}RGER {id}"))).await, 0);
    worker.mail(&account, 1).await;
}

#[tokio::test]
async fn concurrent_requests_cause_one_mail() {
    let worker = Worker::start(&Options::new("at-once"));
    let account = worker.user().await;
    let requests = (0..5).map(|_| request_mail(&worker, &account));
    join_all(requests).await;
    // Those that were blocked by the first are delivered again.
    worker.wait_until("all are settled", async || acknowledged(&worker) == 5).await;
    assert_eq!(worker.mails(&account).len(), 1);
}

/// The responses do not reveal that there will be no mail.
#[tokio::test]
async fn a_user_gets_at_most_three_mails_an_hour_unless_the_link_is_about_to_expire() {
    let worker = Worker::shared();
    let account = worker.user().await;
    for number in 1..=3 {
        request_mail(worker, &account).await;
        worker.mail(&account, number).await;
        worker.wait_until_marked(&account, number).await;
        if number == 1 {
            // Less than a minute after the first mail.
            request_mail(worker, &account).await;
            wait_for_earlier_mails(worker).await;
            assert_eq!(worker.mails(&account).len(), 1);
        }
        worker.age_mails(&account, A_MINUTE).await;
    }
    request_mail(worker, &account).await;
    wait_for_earlier_mails(worker).await;
    assert_eq!(worker.mails(&account).len(), 3);

    // The newest link works for four more minutes.
    worker.age_mails(&account, 25 * A_MINUTE).await;
    request_mail(worker, &account).await;
    let account = worker.with_code_in(&account, &worker.mail(&account, 4).await);
    assert_eq!(reset(worker, &account, GOOD).await, 0);
}

#[tokio::test]
async fn a_user_gets_at_most_ten_mails_a_day() {
    let worker = Worker::shared();
    let account = worker.user().await;
    let id = &account.user_id;
    // Nine mails, two hours ago.
    for earlier in 0..9 {
        let row = format!(
            "INSERT INTO mails (mail_id, kind, user_id, recipient, reserved_at, sent_at, issued_at, expires_at)
             SELECT 'earlier-{id}-{earlier}', 'reset', '{id}', email,
                    now - 7200000, now - 7200000, now - 7200000, now - 5400000
             FROM clock, users WHERE user_id = '{id}'"
        );
        worker.sql(&[&row]).await;
    }
    request_mail(worker, &account).await;
    worker.mail(&account, 1).await;
    worker.wait_until_marked(&account, 10).await;
    worker.age_mails(&account, A_MINUTE).await;
    request_mail(worker, &account).await;
    wait_for_earlier_mails(worker).await;
    assert_eq!(worker.mails(&account).len(), 1);
}

/// Waits for a mail that is requested now. The queue keeps no order, but a mail that is requested after others is likely to
/// arrive after them.
async fn wait_for_earlier_mails(worker: &Worker) {
    let account = worker.user().await;
    request_mail(worker, &account).await;
    worker.mail(&account, 1).await;
}

/// How many messages have been delivered and need no further delivery, as wrangler reports it.
fn acknowledged(worker: &Worker) -> u32 {
    let log = worker.log();
    let batches = log.split("QUEUE reset-password2-mail ").skip(1);
    batches.map(|batch| batch.split_once('/').unwrap().0.parse::<u32>().unwrap()).sum()
}

/// The log does not contain the address, although the message of the binding does.
#[tokio::test]
async fn a_failed_mail_voids_nothing_and_is_retried_until_it_is_sent_once() {
    let worker = Worker::start(&Options::new("mailer"));
    let account = worker.user().await;
    request_mail(&worker, &account).await;
    let older = worker.with_code_in(&account, &worker.mail(&account, 1).await);
    worker.wait_until_marked(&account, 1).await;
    worker.age_mails(&account, A_MINUTE).await;

    worker.fail_mailer(1).await;
    request_mail(&worker, &account).await;
    worker.wait_for_log(MAILER_FAILED).await;
    // Only the password is refused.
    assert_eq!(reset(&worker, &older, TOO_SHORT).await, 101);
    let newer = worker.with_code_in(&account, &worker.mail(&account, 2).await);
    worker.wait_until_marked(&account, 2).await;
    assert_eq!(reset(&worker, &older, GOOD).await, 20);
    assert_eq!(reset(&worker, &newer, GOOD).await, 0);
    worker.mail(&account, 3).await;
    worker.wait_until_marked(&account, 3).await;
    assert_eq!(worker.mails(&account).len(), 3);
}

/// The runtime delivers one batch after another, and the code that a mail has superseded is removed from KV after that.
#[tokio::test]
async fn no_mail_waits_until_kv_has_removed_a_superseded_code() {
    let worker = Worker::start(&Options::new("slow-kv"));
    let [account, next] = [worker.user().await, worker.user().await];
    request_mail(&worker, &account).await;
    worker.wait_until_marked(&account, 1).await;
    worker.age_mails(&account, A_MINUTE).await;
    worker.slow_deletions().await;
    request_mail(&worker, &account).await;
    worker.wait_until_marked(&account, 2).await;
    request_mail(&worker, &next).await;
    worker.mail(&next, 1).await;
}

/// A mail that is sent after a newer one would void the link that the user is about to open.
#[tokio::test]
async fn a_late_retry_does_not_void_a_newer_link() {
    let worker = Worker::start(&Options::new("late"));
    let account = worker.user().await;
    worker.fail_mailer(1).await;
    request_mail(&worker, &account).await;
    let released = format!(
        "SELECT mail_id FROM mails WHERE user_id = '{}' AND sent_at IS NULL AND lease_until = 0",
        account.user_id
    );
    worker.wait_until("the failed mail", async || !worker.sql(&[&released]).await.is_empty()).await;
    worker.wait_for_log(MAILER_FAILED).await;
    let failed = worker.sql(&[&released]).await;
    request_mail(&worker, &account).await;
    let account = worker.with_code_in(&account, &worker.mail(&account, 1).await);
    // The newer message, and then the older one again, have been delivered.
    worker.wait_until("the retry", async || acknowledged(&worker) == 2).await;
    assert_eq!(worker.mails(&account).len(), 1);
    assert_eq!(worker.sql(&[&released]).await, failed, "the newer request was served");
    assert_eq!(reset(&worker, &account, GOOD).await, 0);
}

/// The notice is enqueued before the commit, so that no failure after the commit can lose it.
#[tokio::test]
async fn a_notice_is_sent_if_and_only_if_the_change_committed() {
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

/// A notice that was not sent is kept for 30 days.
#[tokio::test]
async fn the_cron_removes_expired_rows_and_nothing_else() {
    const DAY: u64 = 86_400_000;
    let worker = Worker::start(&Options::new("cron"));
    for (name, kind, age, settled) in [
        ("old", "reset", 9 * DAY + 100_000, "NULL, NULL"),
        ("new", "reset", 9 * DAY - 100_000, "NULL, NULL"),
        ("old sent notice", "changed", 9 * DAY + 100_000, "now - 777700000, NULL"),
        ("old refused notice", "changed", 9 * DAY + 100_000, "NULL, now - 777700000"),
        ("new sent notice", "changed", 9 * DAY + 100_000, "now - 777500000, NULL"),
        ("old unsent notice", "changed", 30 * DAY + 100_000, "NULL, NULL"),
        ("unsent notice", "changed", 30 * DAY - 100_000, "NULL, NULL"),
    ] {
        let row = format!(
            "INSERT INTO mails (mail_id, kind, user_id, reserved_at, sent_at, refused_at)
             SELECT '{name}', '{kind}', '1', now - {age}, {settled} FROM clock"
        );
        worker.sql(&[&row]).await;
    }
    worker
        .sql(&[
            "INSERT INTO redeemed_codes SELECT 'old', '1', 'a', 0, now - 86500000 FROM clock",
            "INSERT INTO redeemed_codes SELECT 'new', '1', 'b', 0, now - 86300000 FROM clock",
            "INSERT INTO audit_log (at, call, outcome, user_id, attempt_id, address) SELECT now - 400 * 86400000 - 100000, 'old', '', '', 'a', '' FROM clock",
            "INSERT INTO audit_log (at, call, outcome, user_id, attempt_id, address) SELECT now - 400 * 86400000 + 100000, 'new', '', '', 'b', '' FROM clock",
        ])
        .await;
    worker.run_cron().await;
    for (rows, kept) in [
        ("SELECT code_digest AS name FROM redeemed_codes", vec!["new"]),
        (
            "SELECT mail_id AS name FROM mails ORDER BY mail_id",
            vec!["new", "new sent notice", "unsent notice"],
        ),
        ("SELECT call AS name FROM audit_log", vec!["new"]),
    ] {
        let kept: Vec<_> = kept.into_iter().map(|name| json!({"name": name})).collect();
        assert_eq!(worker.sql(&[rows]).await, kept, "{rows}");
    }
}
