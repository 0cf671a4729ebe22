//! Contract, section 2, HTTP: paths, methods, statuses, CORS, the cap and the limit.

use reqwest::{Client, Method, Response, StatusCode};

use crate::{
    outcomes::{GOOD, answer, standard_response},
    worker::{Account, Worker, fresh_address, now},
};

/// The gateway's own word: JSON, with its errorcode, for a page of any origin.
async fn gateway_answer(response: Response, status: u16, errorcode: u64) {
    assert_eq!(response.status(), status);
    assert_eq!(response.headers()["content-type"], "application/json; charset=utf-8");
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    let answer = standard_response(&response.text().await.unwrap());
    assert_eq!(answer["errorcode"], errorcode);
}

#[tokio::test]
async fn any_spelling_of_the_path() {
    let worker = Worker::shared();
    for path in ["AP/ResetPassword2", "AP/ResetPassword2/", "ap/resetpassword2", "Ap/RESETPASSWORD2/?x=1"] {
        let account = worker.user_with_code().await;
        let request = Client::new()
            .post(format!("{}/{path}", worker.origin))
            .header("CF-Connecting-IP", fresh_address())
            .body(account.payload(GOOD));
        assert_eq!(answer(request).await["errorcode"], 0, "{path}");
    }
}

#[tokio::test]
async fn another_path_is_no_call() {
    let worker = Worker::shared();
    let paths = [
        "",
        "AP",
        "AP/",
        "AP/ResetPassword3",
        "AP/ResetPassword2//",
        "AP//ResetPassword2",
        "AP/ResetPassword2/x",
        "ResetPassword2",
        "XAP/ResetPassword2",
        "AP/ResetPassword2%00",
        "AP/%52esetPassword2",
        "AP/\u{1f511}",
    ];
    for path in paths {
        for method in [Method::GET, Method::POST, Method::PUT] {
            let url = format!("{}/{path}", worker.origin);
            let response = Client::new().request(method.clone(), url).send().await.unwrap();
            gateway_answer(response, 404, 106).await;
        }
    }
}

/// Mail scanners open every link, with GET and HEAD, and with whatever they find in it.
#[tokio::test]
async fn another_method_changes_nothing() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let methods = [Method::GET, Method::PUT, Method::PATCH, Method::DELETE, Method::TRACE, Method::OPTIONS];
    for method in methods {
        let query = format!("?UserId={}&PendingCode={}", account.user_id, account.code);
        let mut request = Client::new().request(method.clone(), worker.call() + &query);
        if method != Method::GET {
            request = request.body(account.payload("what a scanner would set"));
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 405, "{method}");
        assert_eq!(response.headers()["allow"], "POST, OPTIONS", "{method}");
        assert_eq!(response.headers()["test-operations"], "", "{method}");
        gateway_answer(response, 405, 106).await;
    }
    let head = Client::new().head(worker.call()).send().await.unwrap();
    assert_eq!(head.status(), 405);
    assert_eq!(head.text().await.unwrap(), "");
    assert_eq!(answer(worker.post(account.payload(GOOD))).await["errorcode"], 0);
}

#[tokio::test]
async fn a_page_of_another_origin_may_call_with_any_header() {
    let worker = Worker::shared();
    for url in [worker.call(), format!("{}/ap/NoSuchCall", worker.origin)] {
        let response = Client::new()
            .request(Method::OPTIONS, url)
            .header("Origin", "https://exchange.example")
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", "content-type,x-custom,authorization")
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
        assert_eq!(response.headers()["access-control-allow-origin"], "*");
        assert_eq!(response.headers()["access-control-allow-methods"], "POST, OPTIONS");
        assert_eq!(response.headers()["access-control-allow-headers"], "*, Authorization");
        assert_eq!(response.headers()["access-control-max-age"], "86400");
        assert_eq!(response.headers()["test-operations"], "");
    }
}

#[tokio::test]
async fn the_cap_is_16_kib() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let payload = account.payload(GOOD);
    let padded = |length: usize| payload.clone() + &" ".repeat(length - payload.len());

    let response = worker.post(padded(16 * 1024 + 1)).send().await.unwrap();
    assert_eq!(response.headers()["test-operations"], "");
    gateway_answer(response, 413, 100).await;
    assert_eq!(answer(worker.post(padded(16 * 1024))).await["errorcode"], 0);
}

/// A body without an end is refused at the cap: the answer comes while it is still being sent.
#[tokio::test]
async fn the_cap_holds_while_reading() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let worker = Worker::shared();
    let address = worker.origin.strip_prefix("http://").unwrap();
    let mut socket = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /AP/ResetPassword2 HTTP/1.1\r\nHost: {address}\r\nCF-Connecting-IP: {}\r\nTransfer-Encoding: chunked\r\n\r\n",
        fresh_address()
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    // Seventeen chunks of 1 KiB, and no end.
    for _ in 0..17 {
        socket.write_all(format!("400\r\n{}\r\n", " ".repeat(1024)).as_bytes()).await.unwrap();
    }
    let mut answer = vec![0; 1024];
    let read = tokio::time::timeout(std::time::Duration::from_secs(20), socket.read(&mut answer)).await;
    let answer = String::from_utf8_lossy(&answer[..read.expect("an answer before the body's end").unwrap()])
        .into_owned();
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

/// How many of `calls` calls, sent within one minute of the clock from the addresses that `address` makes, are limited:
/// the local runtime counts by such minutes.
async fn limited(
    worker: &Worker,
    calls: usize,
    mut address: impl FnMut() -> Box<dyn Fn(usize) -> String>,
) -> usize {
    for _ in 0..5 {
        let (minute, address) = (now() / 60_000, address());
        let mut limited = 0;
        for call in 0..calls {
            let request = Client::new()
                .post(worker.call())
                .header("CF-Connecting-IP", address(call))
                .body(Account::new().payload(GOOD));
            let response = request.send().await.unwrap();
            if response.status() == StatusCode::TOO_MANY_REQUESTS {
                limited += 1;
                assert_eq!(response.headers()["retry-after"], "60");
                assert_eq!(response.headers()["access-control-expose-headers"], "Retry-After, X-Request-Id");
                assert_eq!(response.headers()["test-operations"], "");
                gateway_answer(response, 429, 101).await;
            } else {
                gateway_answer(response, 200, 20).await;
            }
        }
        if now() / 60_000 == minute {
            return limited;
        }
    }
    panic!("{calls} calls take more than a minute");
}

#[tokio::test]
async fn sixty_calls_a_minute_for_one_address() {
    let worker = Worker::shared();
    let one = || -> Box<dyn Fn(usize) -> String> {
        let address = fresh_address();
        Box::new(move |_| address.clone())
    };
    assert_eq!(limited(worker, 70, one).await, 10);

    // An IPv6 client is its /64, whatever the rest of its address; its neighbour is another.
    let subnet = || now() & 0xffff;
    let of_one = || -> Box<dyn Fn(usize) -> String> {
        let subnet = subnet();
        Box::new(move |call| format!("2001:db8:1:{subnet:x}:{call:x}::1"))
    };
    assert_eq!(limited(worker, 70, of_one).await, 10);
    let of_many = || -> Box<dyn Fn(usize) -> String> {
        let subnet = subnet();
        Box::new(move |call| format!("2001:db8:{:x}:{subnet:x}::1", call + 2))
    };
    assert_eq!(limited(worker, 70, of_many).await, 0);
}
