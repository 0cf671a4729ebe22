//! docs/contract.md, section 2, HTTP: paths, methods, statuses, CORS and the size limit.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use test_support::{
    http::{RESET_PASSWORD2, fresh_address},
    observer::OPERATIONS,
    password::GOOD,
    response::{assert_gateway_response, errorcode},
    worker::Worker,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

#[tokio::test]
async fn the_path_is_case_insensitive_and_may_end_in_a_slash() {
    let worker = Worker::shared();
    for path in ["/AP/ResetPassword2", "/AP/ResetPassword2/", "/ap/resetpassword2", "/Ap/RESETPASSWORD2/?x=1"]
    {
        let account = worker.user_with_code().await;
        let request = worker.post_from(&fresh_address(), path).body(account.payload(GOOD));
        assert_eq!(errorcode(request).await, 0, "{path}");
    }
}

#[tokio::test]
async fn any_other_path_is_404() {
    let worker = Worker::shared();
    for path in [
        "/AP",
        "/AP/",
        "/AP/ResetPassword3",
        "/AP/ResetPassword2//",
        "/AP//ResetPassword2",
        "/AP/ResetPassword2/x",
        "/ResetPassword2",
        "/XAP/ResetPassword2",
        "/AP/ResetPassword2%00",
        "/AP/%52esetPassword2",
        "/AP/\u{1f511}",
    ] {
        for method in [Method::GET, Method::POST, Method::PUT] {
            let response = worker.request(method, path).send().await.unwrap();
            assert_gateway_response(response, 404, 106).await;
        }
    }
}

/// Mail scanners open every link, with GET and HEAD, and with anything that they find in it.
#[tokio::test]
async fn any_other_method_is_405_and_changes_nothing() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let path = format!("{RESET_PASSWORD2}?UserId={}&PendingCode={}", account.user_id, account.code);
    for method in [Method::GET, Method::PUT, Method::PATCH, Method::DELETE, Method::TRACE, Method::OPTIONS] {
        let mut request = worker.request(method.clone(), &path);
        if method != Method::GET {
            request = request.body(account.payload("what a scanner would set"));
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 405, "{method}");
        assert_eq!(response.headers()["allow"], "POST, OPTIONS", "{method}");
        assert_eq!(response.headers()[OPERATIONS], "", "{method}");
        assert_gateway_response(response, 405, 106).await;
    }
    let head = worker.request(Method::HEAD, RESET_PASSWORD2).send().await.unwrap();
    assert_eq!(head.status(), 405);
    assert_eq!(head.text().await.unwrap(), "");
    assert_eq!(errorcode(worker.reset_password2(account.payload(GOOD))).await, 0);
}

#[tokio::test]
async fn a_preflight_allows_every_origin_and_header() {
    let worker = Worker::shared();
    for path in [RESET_PASSWORD2, "/ap/NoSuchCall"] {
        let response = worker
            .request(Method::OPTIONS, path)
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
        assert_eq!(response.headers()[OPERATIONS], "");
    }
}

#[tokio::test]
async fn a_body_may_have_16_kib_and_no_more() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let payload = account.payload(GOOD);
    let padded = |length: usize| payload.clone() + &" ".repeat(length - payload.len());

    let response = worker.reset_password2(padded(16 * 1024 + 1)).send().await.unwrap();
    assert_eq!(response.headers()[OPERATIONS], "");
    assert_gateway_response(response, 413, 100).await;
    assert_eq!(errorcode(worker.reset_password2(padded(16 * 1024))).await, 0);
}

#[tokio::test]
async fn a_body_without_an_end_is_refused_while_it_is_being_sent() {
    let worker = Worker::shared();
    let (host, address) = (worker.host(), fresh_address());
    let mut socket = TcpStream::connect(host).await.unwrap();
    let head = format!(
        "POST {RESET_PASSWORD2} HTTP/1.1\r\nHost: {host}\r\nCF-Connecting-IP: {address}\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    // Seventeen chunks of 1 KiB, but not the final chunk.
    for _ in 0..17 {
        socket.write_all(format!("400\r\n{}\r\n", " ".repeat(1024)).as_bytes()).await.unwrap();
    }
    let mut response = vec![0; 1024];
    let read = timeout(Duration::from_secs(20), socket.read(&mut response)).await;
    let length = read.expect("a response before the end of the body").unwrap();
    let response = String::from_utf8_lossy(&response[..length]);
    assert!(response.starts_with("HTTP/1.1 413 "), "{response}");
}
