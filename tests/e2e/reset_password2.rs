//! docs/contract.md, section 1: each row of the table of outcomes.

use reqwest::{Client, redirect::Policy};
use reset_password2::password::{Verification, verify};
use serde_json::json;
use test_support::{
    account::Account,
    clock::now,
    http::{CLIENT_ADDRESS, fresh_address},
    observer::FAULT,
    password::{GOOD, OTHER, TOO_COMMON, TOO_SHORT},
    response::{call, errorcode, standard_response},
    texts::{detail, log},
    worker::Worker,
};

#[tokio::test]
async fn success_changes_the_password_and_both_cut_offs_and_is_audited() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let before = now();
    assert_eq!(errorcode(worker.reset_password2(account.payload(GOOD))).await, 0);
    let after = now();

    let row = worker.row(&account).await;
    let hash = row["password_hash"].as_str().unwrap();
    assert!(hash.starts_with("$pbkdf2-sha512$i=220000,l=64$"), "{hash}");
    assert_eq!(verify(GOOD, hash), Ok(Verification::Match { needs_rehash: false }));
    let changed_at = row["password_changed_at"].as_u64().unwrap();
    assert!((before..=after).contains(&changed_at), "{changed_at} is not in {before}..={after}");
    assert_eq!(row["sessions_valid_from"], changed_at);
    // The clocks of issuers may be a minute ahead.
    assert_eq!(row["codes_valid_from"], changed_at + 60_002);

    let audit = worker.audit_log(&account).await;
    assert_eq!(audit.len(), 1);
    assert_eq!(audit[0]["call"], "ResetPassword2");
    assert_eq!(audit[0]["outcome"], "redeemed");
    assert!((before..=after).contains(&audit[0]["at"].as_u64().unwrap()));
    assert!(audit[0]["address"].as_str().unwrap().starts_with("10."));

    worker.wait_until("the entry is removed", async || !worker.has_entry(&account).await).await;
}

/// The user logs in as usual, with a second factor if there is one (OWASP Forgot Password Cheat Sheet).
#[tokio::test]
async fn a_reset_logs_nobody_in() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let call = worker.reset_password2(account.payload(GOOD)).send().await.unwrap();
    assert!(!call.headers().contains_key("set-cookie"));
    assert_eq!(call.text().await.unwrap(), r#"{"result":true,"errormsg":null,"errorcode":0,"detail":null}"#);

    let Account { user_id, code, .. } = worker.user_with_code().await;
    let fields = format!("UserId={user_id}&PendingCode={code}&Password={}", GOOD.replace(' ', "+"));
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let form = client.post(worker.url("/resetPassword")).header(CLIENT_ADDRESS, fresh_address()).body(fields);
    let form = form.send().await.unwrap();
    assert_eq!(form.status(), 303);
    assert_eq!(form.headers()["location"], "/passwordChanged");
    assert!(!form.headers().contains_key("set-cookie"));
    assert_eq!(form.text().await.unwrap(), "");
}

/// The response is the same in every case, byte for byte.
#[tokio::test]
async fn not_authorized_does_not_reveal_why() {
    let worker = Worker::shared();
    let unknown = Account::new();

    let used = worker.user_with_code().await;
    assert_eq!(errorcode(worker.reset_password2(used.payload(GOOD))).await, 0);
    // As another location sees it, for a minute or more: KV still has the entry.
    worker.put(used.entry()).await;

    let expired = Account { expires_at: now() - 1, ..worker.user().await };
    worker.put(expired.entry()).await;

    let superseded = worker.user_with_code().await;
    let newer = format!(
        "UPDATE users SET codes_valid_from = {} WHERE user_id = '{}'",
        superseded.issued_at + 1,
        superseded.user_id
    );
    worker.sql(&[&newer]).await;

    let of_another_user =
        Account { user_id: worker.user_with_code().await.user_id, ..worker.user_with_code().await };

    let without_permission = Account::new();
    worker.enroll(&without_permission, &["Deposit", "Withdraw", "trading"]).await;
    worker.put(without_permission.entry()).await;

    let (locked, opted_out) = (worker.user_with_code().await, worker.user_with_code().await);
    for (account, column) in [(&locked, "locked_at = 0"), (&opted_out, "resets_allowed = 0")] {
        worker.sql(&[&format!("UPDATE users SET {column} WHERE user_id = '{}'", account.user_id)]).await;
    }

    let mut responses = Vec::new();
    for account in
        [&unknown, &used, &expired, &superseded, &of_another_user, &without_permission, &locked, &opted_out]
    {
        // A weak password reveals no more.
        for password in [OTHER, "weak"] {
            let response = worker.reset_password2(account.payload(password)).send().await.unwrap();
            let mut headers = response.headers().clone();
            for changing in ["date", "x-request-id", "test-operations", "test-rows-read"] {
                headers.remove(changing);
            }
            responses.push((response.status(), headers, response.text().await.unwrap()));
        }
    }
    assert_eq!(standard_response(&responses[0].2)["errorcode"], 20);
    for response in &responses {
        assert_eq!(response, &responses[0]);
    }

    assert!(worker.has_password(&used, GOOD).await);
    for account in [&superseded, &without_permission, &locked, &opted_out] {
        assert_eq!(worker.stored_hash(account).await, None);
    }
}

/// The primary key rejects a used code even without the cut-off, and no cut-off moves back.
#[tokio::test]
async fn a_used_code_stays_used_whatever_the_cut_off_is() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let id = &account.user_id;
    let ahead = now() + 3_600_000;
    worker.sql(&[&format!("UPDATE users SET sessions_valid_from = {ahead} WHERE user_id = '{id}'")]).await;
    assert_eq!(errorcode(worker.reset_password2(account.payload(GOOD))).await, 0);
    assert_eq!(worker.row(&account).await["sessions_valid_from"], ahead);
    let claim = format!("SELECT expires_at FROM redeemed_codes WHERE user_id = '{id}'");
    assert_eq!(worker.sql(&[&claim]).await, [json!({"expires_at": account.expires_at})]);

    worker.sql(&[&format!("UPDATE users SET codes_valid_from = 0 WHERE user_id = '{id}'")]).await;
    worker.put(account.entry()).await;
    for password in [OTHER, "weak"] {
        assert_eq!(errorcode(worker.reset_password2(account.payload(password))).await, 20, "{password}");
    }
    assert!(worker.has_password(&account, GOOD).await);
}

#[tokio::test]
async fn operators_and_traders_may_reset() {
    let worker = Worker::shared();
    for permission in ["Operator", "Trading"] {
        let account = Account::new();
        worker.enroll(&account, &["Deposit", permission]).await;
        worker.put(account.entry()).await;
        assert_eq!(errorcode(worker.reset_password2(account.payload(GOOD))).await, 0, "{permission}");
    }
}

#[tokio::test]
async fn a_reset_voids_the_other_codes_of_the_user() {
    let worker = Worker::shared();
    let first = worker.user_with_code().await;
    let second = first.with_another_code();
    worker.put(second.entry()).await;
    assert_eq!(errorcode(worker.reset_password2(second.payload(GOOD))).await, 0);
    assert_eq!(errorcode(worker.reset_password2(first.payload(OTHER))).await, 20);
}

/// The cut-off is past the `IssuedAt` of every code that was issued before, even if the issuer's clock is a minute ahead.
#[tokio::test]
async fn a_code_from_a_clock_that_is_ahead_is_void_once_used() {
    let worker = Worker::shared();
    let account = Account { issued_at: now() + 30_000, ..worker.user().await };
    worker.put(account.entry()).await;
    let unused = Account { issued_at: now() + 60_000, ..account.with_another_code() };
    worker.put(unused.entry()).await;
    assert_eq!(errorcode(worker.reset_password2(account.payload(GOOD))).await, 0);
    assert!(worker.row(&account).await["codes_valid_from"].as_u64().unwrap() > unused.issued_at);
    assert_eq!(errorcode(worker.reset_password2(unused.payload(OTHER))).await, 20);
    // Even if its row is gone, and its entry is back.
    worker.sql(&[&format!("DELETE FROM redeemed_codes WHERE user_id = '{}'", account.user_id)]).await;
    worker.put(account.entry()).await;
    assert_eq!(errorcode(worker.reset_password2(account.payload(OTHER))).await, 20);
}

/// A cut-off that is far ahead would lock the user out.
#[tokio::test]
async fn a_code_from_a_clock_that_is_far_ahead_is_reported_as_the_issuers_mistake() {
    let worker = Worker::shared();
    let account = Account { issued_at: now() + 300_000, ..worker.user().await };
    worker.put(account.entry()).await;
    assert_eq!(errorcode(worker.reset_password2(account.payload(GOOD))).await, 102);
    worker.wait_for_log(log::ENTRY_FROM_THE_FUTURE).await;
}

/// Sessions that are opened with the old password while the Worker hashes the new one end too.
#[tokio::test]
async fn the_cut_off_is_when_the_password_changed_not_when_the_call_arrived() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let before = now();
    let request = worker.reset_password2(account.payload(GOOD)).header(FAULT, "d1:slow");
    assert_eq!(errorcode(request).await, 0);
    let cut_off = worker.row(&account).await["sessions_valid_from"].as_u64().unwrap();
    assert!(cut_off >= before + 500, "{cut_off} is less than 500 ms after {before}");
}

#[tokio::test]
async fn a_refused_attempt_does_not_use_up_the_code() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let wrong_user = Account { user_id: "0".to_owned(), ..account.clone() };
    for (payload, expected) in [
        (account.payload(TOO_SHORT), 101),
        (account.payload(TOO_COMMON), 101),
        (account.payload(&format!("my {} is long", account.user_name())), 101),
        (wrong_user.payload(GOOD), 20),
        (account.payload(""), 100),
        (account.payload(GOOD).replace("UserId", "User"), 100),
        (account.payload(GOOD)[1..].to_owned(), 100),
    ] {
        assert_eq!(errorcode(worker.reset_password2(payload.clone())).await, expected, "{payload}");
    }
    assert_eq!(worker.stored_hash(&account).await, None);
    assert_eq!(errorcode(worker.reset_password2(account.payload(GOOD))).await, 0);
}

#[tokio::test]
async fn a_good_code_of_a_deleted_user_is_104_and_a_used_one_is_20() {
    let worker = Worker::shared();
    let account = Account::new();
    worker.put(account.entry()).await;
    assert_eq!(errorcode(worker.reset_password2(account.payload(GOOD))).await, 104);

    let used = worker.user_with_code().await;
    assert_eq!(errorcode(worker.reset_password2(used.payload(GOOD))).await, 0);
    worker.sql(&[&format!("DELETE FROM users WHERE user_id = '{}'", used.user_id)]).await;
    worker.put(used.entry()).await;
    assert_eq!(errorcode(worker.reset_password2(used.payload(OTHER))).await, 20);
}

/// The detail says which key breaks a rule. No body causes anything but a standard response.
#[tokio::test]
async fn an_invalid_body_is_named_but_never_repeated() {
    let worker = Worker::shared();
    let bodies: [(Vec<u8>, &str); 12] = [
        (b"".into(), detail::INVALID_BODY),
        (b"\xff\xfe{}".into(), detail::INVALID_BODY),
        (b"UserId=5&Password=secret-value".into(), detail::INVALID_BODY),
        ("[".repeat(16_000).into(), detail::INVALID_BODY),
        (format!(r#"{{"x":{}}}"#, "[".repeat(16_000)).into(), detail::INVALID_BODY),
        (br#"{"UserId":"secret-value\ud800"}"#.into(), detail::INVALID_BODY),
        (br#"{"x":1e99999}"#.into(), detail::INVALID_BODY),
        (br#"{"UserId":5,"USERID":"secret-value"}"#.into(), "UserId"),
        (br#"{"UserId":{"a":"secret-value"}}"#.into(), "UserId"),
        (br#"{"UserId":5,"Password":["secret-value"]}"#.into(), "Password"),
        (br#"{"UserId":5,"Password":"secret-value\u0000"}"#.into(), "Password"),
        (br#"{"UserId":5,"Password":"x","PendingCode":"secret-value"}"#.into(), "PendingCode"),
    ];
    for (body, named) in bodies {
        let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
        let response = call(worker.reset_password2(body)).await;
        assert_eq!(response["errorcode"], 100, "{shown}");
        let detail = response["detail"].as_str().unwrap();
        assert!(detail.starts_with(named), "{shown}: {detail}");
        assert!(!detail.contains("secret-value"), "{detail}");
    }
}
