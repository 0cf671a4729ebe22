//! Clients that leave in the middle of a call, or of a connection: what they asked for must not stay behind.

use std::{
    net::SocketAddr,
    process::{Child, Stdio},
    time::Duration,
};

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::{io::AsyncWriteExt as _, net::TcpStream};
use tokio_tungstenite::client_async;

use crate::worker::{free_port, log_file, tool};

/// Half of a call: a body of which 15 KiB come, and the rest never.
const HALF_A_CALL: &str =
    "POST /AP/ResetPassword2 HTTP/1.1\r\nHost: workerd\r\nContent-Length: 16000\r\n\r\n";
const HALF_A_BODY: [u8; 15 * 1024] = [b' '; 15 * 1024];

/// Sends `calls` halves of a call, some at a time, and breaks each connection with a reset.
async fn abandon(address: SocketAddr, calls: usize) {
    for _ in 0..calls / 50 {
        let mut sockets = Vec::new();
        for _ in 0..50 {
            let mut socket = TcpStream::connect(address).await.unwrap();
            socket.write_all(HALF_A_CALL.as_bytes()).await.unwrap();
            socket.write_all(&HALF_A_BODY).await.unwrap();
            socket.set_zero_linger().unwrap();
            sockets.push(socket);
        }
        // A whole call behind them is answered: they have arrived.
        memory(address).await;
        drop(sockets);
    }
}

/// The bytes of the Worker's only instance.
async fn memory(address: SocketAddr) -> u64 {
    let memory = reqwest::get(format!("http://{address}/test/memory")).await.unwrap();
    let [bytes]: [u64; 1] = memory.json().await.unwrap();
    bytes
}

/// Bare workerd, for as long as this lives.
struct Workerd(Child, SocketAddr);

impl Workerd {
    async fn start() -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let mut workerd = tool("workerd");
        workerd.args(["serve", "tests/e2e/abandoned.capnp", "--socket-addr", &format!("http={address}")]);
        let log = log_file(&format!("workerd-{}", address.port()));
        workerd.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let workerd = Self(workerd.spawn().unwrap(), address);
        for _ in 0..200 {
            if TcpStream::connect(address).await.is_ok() {
                return workerd;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("workerd is not ready");
    }
}

impl Drop for Workerd {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Opens connections to the WebSocket gateway, some at a time, makes a call on each, and breaks it with a reset.
async fn abandon_connections(address: SocketAddr, connections: usize) {
    for _ in 0..connections / 50 {
        let mut sockets = Vec::new();
        for _ in 0..50 {
            let stream = TcpStream::connect(address).await.unwrap();
            stream.set_zero_linger().unwrap();
            let (mut socket, _) = client_async(format!("ws://{address}/WSGateway/"), stream).await.unwrap();
            socket.send(r#"{"m":0,"i":0,"n":"ResetPassword2","o":"{}"}"#.into()).await.unwrap();
            socket.next().await.unwrap().unwrap();
            sockets.push(socket);
        }
        drop(sockets);
    }
    memory(address).await;
}

#[tokio::test]
async fn connections_that_break_take_no_memory_with_them() {
    let workerd = Workerd::start().await;
    abandon_connections(workerd.1, 500).await;
    let before = memory(workerd.1).await;
    abandon_connections(workerd.1, 2000).await;
    let after = memory(workerd.1).await;
    assert!(after < before + 1024 * 1024, "{before} bytes before, {after} after");
}

/// An instance's memory never shrinks, and an isolate has 128 MB.
#[tokio::test]
async fn a_huge_frame_is_not_taken_in() {
    let workerd = Workerd::start().await;
    abandon_connections(workerd.1, 50).await;
    let before = memory(workerd.1).await;
    let stream = TcpStream::connect(workerd.1).await.unwrap();
    let (mut socket, _) = client_async(format!("ws://{}/WSGateway/", workerd.1), stream).await.unwrap();
    socket.send("\u{e9}".repeat(8 * 1024 * 1024).into()).await.unwrap();
    let answer = socket.next().await.unwrap().unwrap();
    assert!(answer.to_text().unwrap().starts_with(r#"{"m":5,"#), "{answer}");
    let after = memory(workerd.1).await;
    assert!(after < before + 1024 * 1024, "{before} bytes before, {after} after");
}

/// Without care, each of these calls leaves 18 KB behind for good, 18 MB in all, and 7,000 of them end the isolate.
#[tokio::test]
async fn clients_that_leave_take_no_memory_with_them() {
    let workerd = Workerd::start().await;
    abandon(workerd.1, 500).await;
    let before = memory(workerd.1).await;
    abandon(workerd.1, 1000).await;
    let after = memory(workerd.1).await;
    assert!(after < before + 4 * 1024 * 1024, "{before} bytes before, {after} after");
}
