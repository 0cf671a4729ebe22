//! Bodies that are sent to do harm: in one-byte chunks, or slowly.

use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use reqwest::Client;
use serde_json::Value;
use test_support::{
    account::Account,
    http::{RESET_PASSWORD2, fresh_address},
    observer::{FAULT, NAME},
    password::GOOD,
    response::standard_response,
    texts::detail,
    worker::{Options, Worker},
    workerd::Workerd,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

/// The length of the bodies, which is just allowed.
const LENGTH: usize = 16_300;

/// Where [`Workerd`] reads a body without giving it to the Worker.
const READ_ONLY: &str = "/test/read";

/// A request with these headers and this body, as it is on the wire.
fn post(path: &str, headers: &str, body: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nHost: workerd\r\nConnection: close\r\n{headers}\r\n{body}")
}

/// A request whose body is `chunks` chunks of `size` bytes.
fn chunked(path: &str, headers: &str, chunks: usize, size: usize) -> String {
    let chunk = format!("{size:x}\r\n{}\r\n", "x".repeat(size));
    let headers = format!("Transfer-Encoding: chunked\r\n{headers}");
    post(path, &headers, &format!("{}0\r\n\r\n", chunk.repeat(chunks)))
}

async fn send(host: &str, request: &str) -> TcpStream {
    let mut socket = TcpStream::connect(host).await.unwrap();
    socket.write_all(request.as_bytes()).await.unwrap();
    socket
}

/// Reads a response to its end.
async fn response(mut socket: TcpStream) -> String {
    let mut response = String::new();
    let read = timeout(Duration::from_mins(1), socket.read_to_string(&mut response)).await;
    read.expect("a response in time").unwrap();
    response
}

/// Sends `number` requests, one after another, and returns the CPU time that they took.
async fn cpu_time(workerd: &Workerd, number: usize, request: &str) -> Duration {
    let before = workerd.cpu_time();
    for _ in 0..number {
        response(send(&workerd.address.to_string(), request).await).await;
    }
    workerd.cpu_time().saturating_sub(before)
}

/// The runtime itself takes 45 ms to put such a body together. When each chunk was passed to the Worker, it took
/// 270 ms.
#[tokio::test]
async fn one_byte_chunks_take_little_more_time_than_the_runtime_needs_to_read_them() {
    let workerd = Workerd::start();
    let [read_only, call] = [READ_ONLY, RESET_PASSWORD2].map(|path| chunked(path, "", LENGTH, 1));
    cpu_time(&workerd, 2, &call).await;
    let read_only = cpu_time(&workerd, 10, &read_only).await;
    let call = cpu_time(&workerd, 10, &call).await;
    assert!(call < read_only * 2, "{call:?} instead of {read_only:?}");
}

/// Each used to take thirty times its size.
#[tokio::test]
async fn concurrent_bodies_of_one_byte_chunks_take_little_memory() {
    const MAX_GROWTH: u64 = 2 * 1024 * 1024;
    let workerd = Workerd::start();
    let host = workerd.address.to_string();
    let request = chunked(RESET_PASSWORD2, "", LENGTH, 1);
    response(send(&host, &request).await).await;
    let before = workerd.memory().await;
    let (all_but_the_end, end) = request.split_at(request.len() - "0\r\n\r\n".len());
    let mut sockets = Vec::new();
    for _ in 0..250 {
        sockets.push(send(&host, all_but_the_end).await);
    }
    for mut socket in sockets {
        socket.write_all(end.as_bytes()).await.unwrap();
        assert!(response(socket).await.starts_with("HTTP/1.1 200 "));
    }
    let after = workerd.memory().await;
    assert!(after - before < MAX_GROWTH, "{before} bytes before, {after} after");
}

/// Whether the body has a length or not, and whatever kind of stream it is.
#[tokio::test]
async fn what_was_read_is_wiped() {
    let workerd = Workerd::start();
    let host = workerd.address.to_string();
    let payload = r#"{"UserId":5,"Password":"four words that fit"}"#;
    let with_length = format!("Content-Length: {}\r\n", payload.len());
    let with_chunk = format!("{:x}\r\n{payload}\r\n0\r\n\r\n", payload.len());
    let values = "Test-Stream: values\r\n";
    let requests = [
        post(RESET_PASSWORD2, &with_length, payload),
        post(RESET_PASSWORD2, "Transfer-Encoding: chunked\r\n", &with_chunk),
        post(RESET_PASSWORD2, &format!("{values}{with_length}"), payload),
        post(RESET_PASSWORD2, &format!("{values}Transfer-Encoding: chunked\r\n"), &with_chunk),
        chunked(RESET_PASSWORD2, "", 17, 1024),
    ];
    for request in &requests[..4] {
        let response = response(send(&host, request).await).await;
        assert!(response.contains("PendingCode is missing"), "{response}");
    }
    let too_large = response(send(&host, &requests[4]).await).await;
    assert!(too_large.starts_with("HTTP/1.1 413 "), "{too_large}");
    let left = numbers(&workerd, "/test/buffers").await;
    assert!(left.len() >= 5 && left.iter().all(|left| *left == 0), "{left:?}");
}

/// Returns the numbers that [`Workerd`] responds with.
async fn numbers(workerd: &Workerd, path: &str) -> Vec<usize> {
    let response = Client::new().get(format!("http://{}{path}", workerd.address)).send().await.unwrap();
    response.json().await.unwrap()
}

/// Buffers grow with what has arrived: each of these ends just before, at, or just after the end of one.
#[tokio::test]
async fn a_body_of_any_length_is_read_to_its_end() {
    let workerd = Workerd::start();
    let host = workerd.address.to_string();
    for length in [511, 512, 513, 1023, 1024, 1025, 8192, 16_383, 16_384, 16_385] {
        let body = format!("{:length$}", r#"{"UserId":5,"Password":"four words that fit"}"#);
        for headers in [format!("Content-Length: {length}\r\n"), "Transfer-Encoding: chunked\r\n".to_owned()]
        {
            let is_chunked = headers.starts_with("Transfer");
            let body = if is_chunked { format!("{length:x}\r\n{body}\r\n0\r\n\r\n") } else { body.clone() };
            let response = response(send(&host, &post(RESET_PASSWORD2, &headers, &body)).await).await;
            let expected = if length > 16_384 { "The body is too large" } else { "PendingCode is missing" };
            assert!(response.contains(expected), "{length} {headers}: {response}");
        }
    }
}

/// 6,500 announced bodies of 16 KiB would fill the memory of an isolate.
#[tokio::test]
async fn a_body_that_was_only_announced_takes_little_memory() {
    let workerd = Workerd::start();
    let announced = post(RESET_PASSWORD2, "Content-Length: 16384\r\n", "");
    let _waiting = send(&workerd.address.to_string(), &announced).await;
    let begun = async {
        loop {
            let sizes = numbers(&workerd, "/test/buffer-sizes").await;
            if !sizes.is_empty() {
                break sizes;
            }
        }
    };
    assert_eq!(timeout(Duration::from_mins(1), begun).await.unwrap(), [512]);
}

/// Each takes some 70 KiB until it has a response, even if the rate limit refuses it: without this limit, one address could fill
/// the memory of an isolate.
#[tokio::test]
async fn at_most_50_calls_with_a_large_payload_are_in_progress() {
    let worker = Worker::start(&Options { migrated: false, ..Options::new("large-payloads") });
    let call = async |password: &str, fault: &str| {
        let call =
            worker.post_from(&fresh_address(), RESET_PASSWORD2).header(NAME, "large").header(FAULT, fault);
        call.body(Account::new().payload(password)).send().await.unwrap().status().as_u16()
    };
    let large = "\u{1f300}".repeat(3900);
    let mut calls: FuturesUnordered<_> = (0..60).map(|_| call(&large, "kv:wait")).collect();
    for _ in 0..10 {
        assert_eq!(calls.next().await, Some(429));
    }
    // Other calls are not affected.
    assert_eq!(call(GOOD, "none").await, 200);
    worker.release("large").await;
    assert_eq!(calls.collect::<Vec<_>>().await, [200; 50]);
}

/// The limit is 20 seconds, which pass here in one. Each response comes while the client still waits to send the rest.
#[tokio::test]
async fn a_body_that_does_not_arrive_in_time_is_rejected() {
    let vars = ["TEST_SPEED_UP:20"];
    let worker = Worker::start(&Options { vars: &vars, migrated: false, ..Options::new("slow-bodies") });
    let begin = async |path: &str, framing: &str| {
        let headers = format!("CF-Connecting-IP: {}\r\n{framing}\r\n", fresh_address());
        send(worker.host(), &post(path, &headers, "1\r\n{\r\n")).await
    };
    for framing in ["Content-Length: 100", "Transfer-Encoding: chunked"] {
        for path in ["/AP/ResetPassword", RESET_PASSWORD2] {
            let start = Instant::now();
            let response = response(begin(path, framing).await).await;
            let waited = start.elapsed();
            assert!((Duration::from_millis(900)..Duration::from_secs(8)).contains(&waited), "{waited:?}");
            assert!(response.starts_with("HTTP/1.1 408 "), "{response}");
            assert!(response.to_lowercase().contains("x-outcome: invalid\r\n"), "{response}");
            let body = &response[response.find('{').unwrap()..=response.rfind('}').unwrap()];
            let body: Value = standard_response(body);
            assert_eq!(body["errorcode"], 100);
            assert_eq!(body["detail"], detail::BODY_TOO_SLOW);
        }
    }
    for path in ["/resetPassword", "/forgotPassword"] {
        let response = response(begin(path, "Content-Length: 100").await).await;
        assert!(response.starts_with("HTTP/1.1 408 "), "{response}");
        assert!(response.contains("<form"), "{response}");
    }
}
