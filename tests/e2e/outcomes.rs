//! Contract, section 1: each row of the table, and what existing clients send.

use reset_password2::password::{Verification, verify};
use serde_json::{Value, json};

use crate::worker::{Account, Worker, now, tool};

pub(crate) const GOOD: &str = "four words that fit";
pub(crate) const OTHER: &str = "another set of words";

/// The answer to a call: always 200, always a standard response object with its keys in order.
pub(crate) async fn answer(request: reqwest::RequestBuilder) -> Value {
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json; charset=utf-8");
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    standard_response(&response.text().await.unwrap())
}

/// A standard response object, byte for byte as the contract has it.
pub(crate) fn standard_response(text: &str) -> Value {
    let object: Value = serde_json::from_str(text).unwrap();
    let (result, message) = match object["errorcode"].as_u64().unwrap() {
        0 => (true, "null"),
        20 => (false, r#""Not Authorized""#),
        100 => (false, r#""Invalid Response""#),
        101 => (false, r#""Operation Failed""#),
        102 => (false, r#""Server Error""#),
        104 => (false, r#""Resource Not Found""#),
        106 => (false, r#""Operation Not Supported""#),
        code => panic!("errorcode {code}"),
    };
    let (code, detail) = (&object["errorcode"], &object["detail"]);
    let expected =
        format!(r#"{{"result":{result},"errormsg":{message},"errorcode":{code},"detail":{detail}}}"#);
    assert_eq!(text, expected);
    assert_eq!(detail.is_null(), result);
    object
}

async fn errorcode(worker: &Worker, payload: String) -> u64 {
    answer(worker.post(payload)).await["errorcode"].as_u64().unwrap()
}

#[tokio::test]
async fn a_good_call_changes_the_password_and_both_cut_offs_and_is_audited() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let before = now();
    assert_eq!(errorcode(worker, account.payload(GOOD)).await, 0);
    let after = now();

    let row = worker.row(&account).await;
    let hash = row["password_hash"].as_str().unwrap();
    assert!(hash.starts_with("$pbkdf2-sha512$i=220000,l=64$"), "{hash}");
    assert_eq!(verify(GOOD, hash), Ok(Verification::Match { needs_rehash: false }));
    for time in ["password_changed_at", "codes_valid_from", "sessions_valid_from"] {
        let time = row[time].as_u64().unwrap();
        assert!((before..=after).contains(&time), "{time}: {before}..={after}");
    }
    assert!(row["codes_valid_from"].as_u64().unwrap() > account.issued_at);

    let audit = format!("SELECT * FROM audit_log WHERE user_id = '{}'", account.user_id);
    let audit = worker.sql(&[&audit]).await;
    assert_eq!(audit.len(), 1);
    assert_eq!(audit[0]["call"], "ResetPassword2");
    assert_eq!(audit[0]["outcome"], "redeemed");
    assert!((before..=after).contains(&audit[0]["at"].as_u64().unwrap()));
    assert!(audit[0]["address"].as_str().unwrap().starts_with("10."));

    worker.eventually("the code leaves KV", async || !worker.keys().await.contains(&account.key())).await;
}

/// The hash is one that an implementation that is not ours verifies: OpenSSL's, through Node.js.
#[tokio::test]
async fn openssl_verifies_what_is_stored() {
    const VERIFY: &str = r#"
        const [phc, password] = process.argv.slice(1);
        const [, id, i, l, salt, hash] = phc.match(/^\$pbkdf2-(sha512)\$i=(\d+),l=(\d+)\$([^$]{22})\$([^$]{86})$/);
        const key = crypto.pbkdf2Sync(password.normalize("NFC"), Buffer.from(salt, "base64"), +i, +l, id);
        process.exit(key.equals(Buffer.from(hash, "base64")) ? 0 : 1);
    "#;
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let password = "cafe\u{301} au lait pour moi 🔑";
    assert_eq!(errorcode(worker, account.payload(password)).await, 0);

    let hash = worker.stored_hash(&account).await.unwrap();
    let verify =
        |password: &str| tool("node").args(["-e", VERIFY, "--", &hash, password]).status().unwrap().code();
    assert_eq!(verify(password), Some(0));
    assert_eq!(verify("caf\u{e9} au lait pour moi 🔑"), Some(0));
    assert_eq!(verify("cafe au lait pour moi 🔑"), Some(1));
}

/// One answer for all of these, to the byte.
#[tokio::test]
async fn not_authorized_does_not_tell_why() {
    let worker = Worker::shared();
    let unknown = Account::new();

    let used = worker.user_with_code().await;
    assert_eq!(errorcode(worker, used.payload(GOOD)).await, 0);
    // As another location sees it, for a minute or more: KV still has the entry.
    worker.put(used.entry()).await;

    let expired = Account { expires_at: now() - 1, ..Account::new() };
    worker.enrol(&expired, &["Trading"]).await;
    worker.put(expired.entry()).await;

    let superseded = worker.user_with_code().await;
    let newer = format!(
        "UPDATE users SET codes_valid_from = {} WHERE user_id = '{}'",
        superseded.issued_at + 1,
        superseded.user_id
    );
    worker.sql(&[&newer]).await;

    let anothers = worker.user_with_code().await;
    let anothers = Account { user_id: worker.user_with_code().await.user_id, ..anothers };

    let may_not = Account::new();
    worker.enrol(&may_not, &["Deposit", "Withdraw", "trading"]).await;
    worker.put(may_not.entry()).await;

    let mut answers = Vec::new();
    for account in [&unknown, &used, &expired, &superseded, &anothers, &may_not] {
        // A weak password does not tell more.
        for password in [OTHER, "weak"] {
            let response = worker.post(account.payload(password)).send().await.unwrap();
            let mut headers = response.headers().clone();
            headers.remove("test-operations");
            headers.remove("test-rows-read");
            headers.remove("date");
            headers.remove("x-request-id");
            answers.push((response.status(), headers, response.text().await.unwrap()));
        }
    }
    assert_eq!(standard_response(&answers[0].2)["errorcode"], 20);
    for answer in &answers {
        assert_eq!(answer, &answers[0]);
    }

    let hash = worker.stored_hash(&used).await.unwrap();
    assert_eq!(verify(GOOD, &hash), Ok(Verification::Match { needs_rehash: false }));
    for account in [&superseded, &may_not] {
        assert_eq!(worker.stored_hash(account).await, None);
    }
}

/// The primary key refuses a used code without the help of the cut-off, and no cut-off moves back.
#[tokio::test]
async fn a_used_code_stays_used_whatever_the_cut_off_says() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let id = &account.user_id;
    let ahead = now() + 3_600_000;
    worker.sql(&[&format!("UPDATE users SET sessions_valid_from = {ahead} WHERE user_id = '{id}'")]).await;
    assert_eq!(errorcode(worker, account.payload(GOOD)).await, 0);
    assert_eq!(worker.row(&account).await["sessions_valid_from"], ahead);
    let claim = format!("SELECT expires_at FROM redeemed_codes WHERE user_id = '{id}'");
    assert_eq!(worker.sql(&[&claim]).await, [json!({"expires_at": account.expires_at})]);

    worker.sql(&[&format!("UPDATE users SET codes_valid_from = 0 WHERE user_id = '{id}'")]).await;
    worker.put(account.entry()).await;
    for password in [OTHER, "weak"] {
        assert_eq!(errorcode(worker, account.payload(password)).await, 20, "{password}");
    }
    let hash = worker.stored_hash(&account).await.unwrap();
    assert_eq!(verify(GOOD, &hash), Ok(Verification::Match { needs_rehash: false }));
}

#[tokio::test]
async fn operators_and_traders_may_call() {
    let worker = Worker::shared();
    for permission in ["Operator", "Trading"] {
        let account = Account::new();
        worker.enrol(&account, &["Deposit", permission]).await;
        worker.put(account.entry()).await;
        assert_eq!(errorcode(worker, account.payload(GOOD)).await, 0, "{permission}");
    }
}

#[tokio::test]
async fn a_reset_voids_the_other_codes_of_the_user() {
    let worker = Worker::shared();
    let first = worker.user_with_code().await;
    let second = first.with_another_code();
    worker.put(second.entry()).await;
    assert_eq!(errorcode(worker, second.payload(GOOD)).await, 0);
    assert_eq!(errorcode(worker, first.payload(OTHER)).await, 20);
}

/// A clock that runs ahead, as issuers may have, does not let an older code live on.
#[tokio::test]
async fn a_code_from_a_clock_that_runs_ahead_is_void_once_it_is_used() {
    let worker = Worker::shared();
    let account = Account { issued_at: now() + 30_000, ..Account::new() };
    worker.enrol(&account, &["Trading"]).await;
    worker.put(account.entry()).await;
    assert_eq!(errorcode(worker, account.payload(GOOD)).await, 0);
    assert_eq!(worker.row(&account).await["codes_valid_from"], account.issued_at + 1);
    // Its row may be gone, and its entry may be back.
    worker.sql(&[&format!("DELETE FROM redeemed_codes WHERE user_id = '{}'", account.user_id)]).await;
    worker.put(account.entry()).await;
    assert_eq!(errorcode(worker, account.payload(OTHER)).await, 20);

    // Further ahead, it is the issuer's mistake, and would lock the user out.
    let account = Account { issued_at: now() + 300_000, ..Account::new() };
    worker.enrol(&account, &["Trading"]).await;
    worker.put(account.entry()).await;
    assert_eq!(errorcode(worker, account.payload(GOOD)).await, 102);
    worker.logs("PENDING_CODES: the IssuedAt of a pending-code entry must be").await;
}

/// A session that was opened with the old password while the Worker hashed is over too.
#[tokio::test]
async fn the_cut_off_is_when_the_password_changed_not_when_the_call_came() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let before = now();
    let request = worker.post(account.payload(GOOD)).header("Test-Fault", "d1:slow");
    assert_eq!(answer(request).await["errorcode"], 0);
    let cut_off = worker.row(&account).await["sessions_valid_from"].as_u64().unwrap();
    assert!(cut_off >= before + 500, "{before} {cut_off}");
}

#[tokio::test]
async fn a_refused_attempt_costs_nothing() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let wrong_user = Account { user_id: "0".to_owned(), ..account.clone() };
    let refused = [
        (account.payload("too short"), 101),
        (account.payload("1qaz2wsx3edc4rfv"), 101),
        (account.payload(&format!("my name{} is long", account.user_id)), 101),
        (wrong_user.payload(GOOD), 20),
        (account.payload(""), 100),
        (account.payload(GOOD).replace("UserId", "User"), 100),
        (account.payload(GOOD)[1..].to_owned(), 100),
    ];
    for (payload, code) in refused {
        assert_eq!(errorcode(worker, payload.clone()).await, code, "{payload}");
    }
    assert_eq!(worker.stored_hash(&account).await, None);
    assert_eq!(errorcode(worker, account.payload(GOOD)).await, 0);
}

#[tokio::test]
async fn the_user_is_gone() {
    let worker = Worker::shared();
    let account = Account::new();
    worker.put(account.entry()).await;
    assert_eq!(errorcode(worker, account.payload(GOOD)).await, 104);

    // A code that was used is not good, even where its user is gone.
    let used = worker.user_with_code().await;
    assert_eq!(errorcode(worker, used.payload(GOOD)).await, 0);
    worker.sql(&[&format!("DELETE FROM users WHERE user_id = '{}'", used.user_id)]).await;
    worker.put(used.entry()).await;
    assert_eq!(errorcode(worker, used.payload(OTHER)).await, 20);
}

/// No body brings anything but a standard response, and what is invalid says which key breaks which rule.
#[tokio::test]
async fn what_is_invalid_is_named_and_never_repeated() {
    let worker = Worker::shared();
    let bodies: [(Vec<u8>, &str); 12] = [
        (b"".into(), "The body"),
        (b"\xff\xfe{}".into(), "The body"),
        (b"UserId=5&Password=secret-value".into(), "The body"),
        ("[".repeat(16_000).into(), "The body"),
        (format!(r#"{{"x":{}}}"#, "[".repeat(16_000)).into(), "The body"),
        (br#"{"UserId":"secret-value\ud800"}"#.into(), "The body"),
        (br#"{"x":1e99999}"#.into(), "The body"),
        (br#"{"UserId":5,"USERID":"secret-value"}"#.into(), "UserId"),
        (br#"{"UserId":{"a":"secret-value"}}"#.into(), "UserId"),
        (br#"{"UserId":5,"Password":["secret-value"]}"#.into(), "Password"),
        (br#"{"UserId":5,"Password":"secret-value\u0000"}"#.into(), "Password"),
        (br#"{"UserId":5,"Password":"x","PendingCode":"secret-value"}"#.into(), "PendingCode"),
    ];
    for (body, names) in bodies {
        let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
        let answer = answer(worker.post(body)).await;
        assert_eq!(answer["errorcode"], 100, "{shown}");
        let detail = answer["detail"].as_str().unwrap();
        assert!(detail.starts_with(names), "{shown}: {detail}");
        assert!(!detail.contains("secret-value"), "{detail}");
    }
}

/// Every spelling that existing clients send.
#[tokio::test]
async fn what_existing_clients_send() {
    let worker = Worker::shared();
    for spelling in 0..8 {
        let account = worker.user_with_code().await;
        let Account { user_id, code, .. } = &account;
        let integer: u64 = user_id.parse().unwrap();
        let (payload, content_type) = match spelling {
            0 => {
                (json!({"userId": user_id, "password": GOOD, "pendingCode": code}), Some("application/json"))
            }
            1 => (json!({"USERID": integer, "PASSWORD": GOOD, "PENDINGCODE": code}), None),
            2 => (
                json!({"UserId": integer, "Password": GOOD, "PendingCode": code.simple().to_string()}),
                Some("text/plain;charset=UTF-8"),
            ),
            3 => (
                json!({"UserId": user_id, "Password": GOOD, "PendingCode": code.braced().to_string().to_uppercase()}),
                Some("application/x-www-form-urlencoded"),
            ),
            4 => (
                json!({"UserId": user_id, "Password": GOOD, "PendingCode": code.simple().to_string().to_uppercase()}),
                Some("application/x-www-form-urlencoded; charset=UTF-8"),
            ),
            5 => (
                json!({"UserId": user_id, "Password": GOOD, "PendingCode": code, "verifycode": code, "x": [{}]}),
                Some("multipart/form-data"),
            ),
            6 => (
                json!({"UserId": user_id, "Password": GOOD, "PendingCode": format!("{{{}}}", code.simple())}),
                Some("nonsense"),
            ),
            _ => {
                (json!({"UserId": user_id, "Password": GOOD, "PendingCode": format!(" {code}\n")}), Some(""))
            }
        };
        let mut request =
            worker.post(payload.to_string()).header("User-Agent", "Exchange-Söftware/1.0".as_bytes());
        if let Some(content_type) = content_type {
            request = request.header("Content-Type", content_type);
        }
        assert_eq!(answer(request).await["errorcode"], 0, "{payload} as {content_type:?}");
    }
}
