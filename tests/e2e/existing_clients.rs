//! docs/contract.md, section 1: what existing clients send, and what existing logins verify.

use serde_json::json;
use test_support::{
    account::Account, apex, password::GOOD, process::tool, response::errorcode, response::standard_response,
    worker::Worker,
};

#[tokio::test]
async fn every_spelling_that_existing_clients_send_is_accepted() {
    let worker = Worker::shared();
    for spelling in 0..8 {
        let account = worker.user_with_code().await;
        let Account { user_id, code, .. } = &account;
        let number: u64 = user_id.parse().unwrap();
        let simple = code.simple().to_string();
        let (payload, content_type) = match spelling {
            0 => {
                (json!({"userId": user_id, "password": GOOD, "pendingCode": code}), Some("application/json"))
            }
            1 => (json!({"USERID": number, "PASSWORD": GOOD, "PENDINGCODE": code}), None),
            2 => (
                json!({"UserId": number, "Password": GOOD, "PendingCode": simple}),
                Some("text/plain;charset=UTF-8"),
            ),
            3 => (
                json!({"UserId": user_id, "Password": GOOD, "PendingCode": code.braced().to_string().to_uppercase()}),
                Some("application/x-www-form-urlencoded"),
            ),
            4 => (
                json!({"UserId": user_id, "Password": GOOD, "PendingCode": simple.to_uppercase()}),
                Some("application/x-www-form-urlencoded; charset=UTF-8"),
            ),
            5 => (
                json!({"UserId": user_id, "Password": GOOD, "PendingCode": code, "verifycode": code, "x": [{}]}),
                Some("multipart/form-data"),
            ),
            6 => (
                json!({"UserId": user_id, "Password": GOOD, "PendingCode": format!("{{{simple}}}")}),
                Some("nonsense"),
            ),
            _ => {
                (json!({"UserId": user_id, "Password": GOOD, "PendingCode": format!(" {code}\n")}), Some(""))
            }
        };
        let mut request = worker
            .reset_password2(payload.to_string())
            .header("User-Agent", "Exchange-Söftware/1.0".as_bytes());
        if let Some(content_type) = content_type {
            request = request.header("Content-Type", content_type);
        }
        assert_eq!(errorcode(request).await, 0, "{payload} as {content_type:?}");
    }
}

#[tokio::test]
async fn openssl_verifies_the_stored_hash() {
    const VERIFY: &str = r#"
        const [phc, password] = process.argv.slice(1);
        const [, id, i, l, salt, hash] = phc.match(/^\$pbkdf2-(sha512)\$i=(\d+),l=(\d+)\$([^$]{22})\$([^$]{86})$/);
        const key = crypto.pbkdf2Sync(password.normalize("NFC"), Buffer.from(salt, "base64"), +i, +l, id);
        process.exit(key.equals(Buffer.from(hash, "base64")) ? 0 : 1);
    "#;
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let password = "cafe\u{301} au lait pour moi 🔑";
    assert_eq!(errorcode(worker.reset_password2(account.payload(password))).await, 0);

    let hash = worker.stored_hash(&account).await.unwrap();
    let verify =
        |password: &str| tool("node").args(["-e", VERIFY, "--", &hash, password]).status().unwrap().code();
    assert_eq!(verify(password), Some(0));
    assert_eq!(verify("caf\u{e9} au lait pour moi 🔑"), Some(0));
    assert_eq!(verify("cafe au lait pour moi 🔑"), Some(1));
}

#[tokio::test]
async fn the_exchanges_own_websocket_client_gets_every_outcome() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let refused = apex::call(
        worker,
        &json!([
            ["ResetPassword2", account.payload_object("weak")],
            ["ResetPassword2", {"UserId": "5"}],
            ["ResetPassword2", Account::new().payload_object(GOOD)],
            ["ResetPassword", {"UserName": "nobody"}],
        ]),
    );
    let (promised, called_back) = refused.split_at(4);
    for ((promised, called_back), errorcode) in promised.iter().zip(called_back).zip([101, 100, 20, 0]) {
        assert_eq!(promised["errorcode"], errorcode);
        assert_eq!(called_back["m"], 1);
        assert_eq!(&standard_response(called_back["o"].as_str().unwrap()), promised);
    }

    // Of two calls with one code, one succeeds.
    let mut errorcodes: Vec<u64> =
        apex::call(worker, &json!([["ResetPassword2", account.payload_object(GOOD)]]))
            .iter()
            .map(|reply| reply["o"].as_str().map_or(reply.clone(), standard_response))
            .map(|response| response["errorcode"].as_u64().unwrap())
            .collect();
    errorcodes.sort_unstable();
    assert_eq!(errorcodes, [0, 20]);
    assert!(worker.has_password(&account, GOOD).await);
}
