//! docs/contract.md, section 2: 60 calls a minute from one address, whether over HTTP or over a WebSocket; as many
//! health checks; and 10 attempts a minute with one code.

use reqwest::StatusCode;
use serde_json::json;
use test_support::{
    account::Account,
    clock::{now, within_one_minute},
    http::{RESET_PASSWORD2, fresh_address},
    observer::OPERATIONS,
    password::{GOOD, TOO_SHORT},
    response::{assert_gateway_response, errorcode, standard_response},
    websocket::{Reply, Socket},
    worker::Worker,
};

/// How many of `calls` calls are limited, if the address of each is what `address` returns for its number.
async fn limited(worker: &Worker, calls: usize, address: impl Fn(usize) -> String) -> usize {
    let mut limited = 0;
    for call in 0..calls {
        let request = worker.post_from(&address(call), RESET_PASSWORD2);
        let response = request.body(Account::new().payload(GOOD)).send().await.unwrap();
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            limited += 1;
            assert_eq!(response.headers()["retry-after"], "60");
            assert_eq!(
                response.headers()["access-control-expose-headers"],
                "Retry-After, X-Outcome, X-Request-Id"
            );
            assert_eq!(response.headers()[OPERATIONS], "");
            assert_gateway_response(response, 429, 101).await;
        } else {
            assert_gateway_response(response, 200, 20).await;
        }
    }
    limited
}

/// An IPv6 client is its /64.
#[tokio::test]
async fn an_address_may_make_sixty_calls_a_minute() {
    let worker = Worker::shared();
    let of_one_address = within_one_minute(async || {
        let address = fresh_address();
        limited(worker, 70, |_| address.clone()).await
    });
    assert_eq!(of_one_address.await, 10);

    let fresh_subnet = || now() & 0xffff;
    let of_one_subnet = within_one_minute(async || {
        let subnet = fresh_subnet();
        limited(worker, 70, |call| format!("2001:db8:1:{subnet:x}:{call:x}::1")).await
    });
    assert_eq!(of_one_subnet.await, 10);
    let of_many_subnets = within_one_minute(async || {
        let subnet = fresh_subnet();
        limited(worker, 70, |call| format!("2001:db8:{:x}:{subnet:x}::1", call + 2)).await
    });
    assert_eq!(of_many_subnets.await, 0);
}

#[tokio::test]
async fn calls_over_http_and_over_a_websocket_count_together() {
    let worker = Worker::shared();
    let limited = within_one_minute(async || {
        let address = fresh_address();
        for _ in 0..40 {
            let payload = Account::new().payload(GOOD);
            let request = worker.post_from(&address, RESET_PASSWORD2).body(payload);
            assert_eq!(request.send().await.unwrap().status(), 200);
        }
        let mut socket = Socket::open_with(worker, &[("cf-connecting-ip", &address)]).await.unwrap();
        let mut limited = 0;
        for sequence in 0..30 {
            socket.call(sequence, "ResetPassword2", &Account::new().payload(GOOD)).await;
            let Reply { frame, errorcode } = socket.reply().await;
            assert_eq!(frame, json!([1, sequence, "ResetPassword2"]));
            limited += u64::from(errorcode == 101);
        }
        limited
    });
    assert_eq!(limited.await, 10);
}

#[tokio::test]
async fn health_checks_are_counted_apart_from_calls() {
    let worker = Worker::shared();
    let (health, call) = within_one_minute(async || {
        let address = fresh_address();
        let health =
            async || worker.get("/health").header("CF-Connecting-IP", &address).send().await.unwrap();
        for _ in 0..60 {
            assert_ne!(health().await.status(), 429);
        }
        let call = worker.post_from(&address, RESET_PASSWORD2).body(Account::new().payload(GOOD));
        (health().await, call.send().await.unwrap())
    })
    .await;
    assert_eq!(health.status(), 429);
    assert_eq!(health.headers()["retry-after"], "60");
    assert_eq!(standard_response(&health.text().await.unwrap())["errorcode"], 101);
    assert_gateway_response(call, 200, 20).await;
}

/// Whoever has the link can't make the Worker hash without end. Neither calls with another `UserId` nor attempts with another
/// code count.
#[tokio::test]
async fn a_code_may_be_tried_ten_times_a_minute() {
    let worker = Worker::shared();
    let (account, limited) = within_one_minute(async || {
        let account = worker.user_with_code().await;
        let wrong_user = Account { user_id: "0".to_owned(), ..account.clone() };
        for _ in 0..11 {
            assert_eq!(errorcode(worker.reset_password2(wrong_user.payload(GOOD))).await, 20);
        }
        for _ in 0..10 {
            assert_eq!(errorcode(worker.reset_password2(account.payload(TOO_SHORT))).await, 101);
        }
        let mut limited = Vec::new();
        for _ in 0..2 {
            limited.push(worker.reset_password2(account.payload(GOOD)).send().await.unwrap());
        }
        (account, limited)
    })
    .await;
    for response in limited {
        assert_eq!(response.headers()["retry-after"], "60");
        assert_eq!(response.headers()["x-outcome"], "too_many_attempts");
        assert_eq!(response.headers()[OPERATIONS], "kv.get");
        assert_gateway_response(response, 429, 101).await;
    }
    assert_eq!(worker.stored_hash(&account).await, None);
    assert!(worker.has_entry(&account).await);

    let other = account.with_another_code();
    worker.put(other.entry()).await;
    assert_eq!(errorcode(worker.reset_password2(other.payload(GOOD))).await, 0);
}
