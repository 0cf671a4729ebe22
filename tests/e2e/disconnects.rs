//! Clients that disconnect in the middle of a call must not leak memory.
//!
//! The memory of a WebAssembly instance never shrinks, and an isolate may have 128 MB.

use std::fs;

use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::Client;
use test_support::{paths::root, websocket::Socket, workerd::Workerd};
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

/// Half of a call: 15 KiB of a body that is announced as 16,000 bytes.
const HALF_A_CALL: &str =
    "POST /AP/ResetPassword2 HTTP/1.1\r\nHost: workerd\r\nContent-Length: 16000\r\n\r\n";
const HALF_A_BODY: [u8; 15 * 1024] = [b' '; 15 * 1024];

/// Sends half of each of `calls` calls, and breaks the connections with a TCP reset.
async fn abandon_calls(workerd: &Workerd, calls: usize) {
    for _ in 0..calls / 50 {
        let mut sockets = Vec::new();
        for _ in 0..50 {
            let mut socket = TcpStream::connect(workerd.address).await.unwrap();
            socket.write_all(HALF_A_CALL.as_bytes()).await.unwrap();
            socket.write_all(&HALF_A_BODY).await.unwrap();
            socket.set_zero_linger().unwrap();
            sockets.push(socket);
        }
        // They have all arrived once a request after them gets a response.
        workerd.memory().await;
        drop(sockets);
    }
}

/// Opens WebSocket connections, makes a call on each, and breaks them with a TCP reset.
async fn abandon_connections(workerd: &Workerd, connections: usize) {
    for _ in 0..connections / 50 {
        let mut sockets = Vec::new();
        for _ in 0..50 {
            let mut socket = connect(workerd).await;
            socket.call(0, "ResetPassword2", "{}").await;
            socket.message().await;
            sockets.push(socket);
        }
        sockets.into_iter().for_each(Socket::reset);
    }
    workerd.memory().await;
}

async fn connect(workerd: &Workerd) -> Socket {
    Socket::connect(&workerd.address.to_string(), &[]).await.unwrap()
}

/// Checks that memory has grown by less than `mebibytes` since it was `before`.
async fn assert_memory(workerd: &Workerd, before: u64, mebibytes: u64) {
    let after = workerd.memory().await;
    assert!(after < before + mebibytes * 1024 * 1024, "{before} bytes before, {after} after");
}

/// Without `waitUntil`, each of these calls leaks 18 KB, 18 MB in all, and 7,000 of them end the isolate.
#[tokio::test]
async fn abandoned_calls_leak_no_memory() {
    let workerd = Workerd::start();
    abandon_calls(&workerd, 500).await;
    let before = workerd.memory().await;
    abandon_calls(&workerd, 1000).await;
    assert_memory(&workerd, before, 4).await;
}

#[tokio::test]
async fn broken_connections_leak_no_memory() {
    let workerd = Workerd::start();
    abandon_connections(&workerd, 500).await;
    let before = workerd.memory().await;
    abandon_connections(&workerd, 2000).await;
    assert_memory(&workerd, before, 1).await;
}

/// A compressed frame of 31 KB would become a message of 31 MB. workerd runs with the flags in wrangler.toml.
#[tokio::test]
async fn no_frame_is_compressed() {
    let flags = |file: &str| {
        let text = fs::read_to_string(root().join(file)).unwrap();
        text.split_once("Flags = [")
            .or_else(|| text.split_once("_flags = ["))
            .unwrap()
            .1
            .split_once(']')
            .unwrap()
            .0
            .to_owned()
    };
    assert_eq!(flags("tests/support/workerd/config.capnp"), flags("wrangler.toml"));
    let workerd = Workerd::start();
    let opening = Client::new()
        .get(format!("http://{}/WSGateway/", workerd.address))
        .header("Connection", "Upgrade")
        .header("Upgrade", "websocket")
        .header("Sec-WebSocket-Version", "13")
        .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("Sec-WebSocket-Extensions", "permessage-deflate");
    let response = opening.send().await.unwrap();
    assert_eq!(response.status(), 101);
    assert_eq!(response.headers().get("Sec-WebSocket-Extensions"), None);
}

#[tokio::test]
async fn a_huge_frame_is_not_copied_into_memory() {
    let workerd = Workerd::start();
    abandon_connections(&workerd, 50).await;
    let before = workerd.memory().await;
    let mut socket = connect(&workerd).await;
    socket.stream.send("\u{e9}".repeat(8 * 1024 * 1024).into()).await.unwrap();
    let reply = socket.stream.next().await.unwrap().unwrap();
    assert!(reply.to_text().unwrap().starts_with(r#"{"m":5,"#), "{reply}");
    assert_memory(&workerd, before, 1).await;
}
