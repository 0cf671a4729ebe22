//! An exchange's receiver of events, with every way to fail.

use std::{
    collections::HashMap,
    future::pending,
    io::{self, Write as _},
    process::{Command, Stdio},
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::paths::root;

/// How the receiver responds to the first event of a user. It accepts all others.
#[derive(Debug, Clone, Copy)]
pub enum Behavior {
    /// With status 503.
    Fails,
    /// With a redirect to a path where it accepts everything.
    Redirects,
    /// By closing the connection.
    HangsUp,
    /// Never.
    Stalls,
    /// With something that isn't HTTP.
    Garbled,
    /// With status 204.
    NoContent,
    /// With status 200, and a body without end.
    NeverEnds,
}

/// An event that the receiver got.
#[derive(Debug, Clone)]
pub struct Received {
    /// The first line of the request.
    pub line: String,
    /// The headers, with their names in lower case.
    pub headers: HashMap<String, String>,
    /// The body.
    pub body: String,
}

impl Received {
    /// Verifies the event with the reference implementation in JavaScript.
    pub fn verify(&self, secret: &str) -> bool {
        let mut node = Command::new("node")
            .arg(root().join("tests/support/verify_webhook.mjs"))
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let event = json!({"secret": secret, "headers": self.headers, "body": self.body});
        node.stdin.take().unwrap().write_all(event.to_string().as_bytes()).unwrap();
        node.wait().unwrap().success()
    }

    /// The body, parsed.
    pub fn event(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

#[derive(Default)]
struct State {
    received: Vec<Received>,
    behaviors: HashMap<String, Behavior>,
}

/// The receiver. It stops when this is dropped.
pub struct WebhookReceiver {
    /// The value of `WEBHOOK_URL`.
    pub url: String,
    state: Arc<Mutex<State>>,
    server: JoinHandle<()>,
}

impl WebhookReceiver {
    /// Starts the receiver.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/events?of=resets", listener.local_addr().unwrap());
        let state: Arc<Mutex<State>> = Arc::default();
        let shared = Arc::clone(&state);
        let server = tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                // The Worker may stop waiting at any time.
                tokio::spawn(serve(socket, Arc::clone(&shared)));
            }
        });
        Self { url, state, server }
    }

    /// Responds in this way to the first event of a user.
    pub fn behave(&self, user_id: &str, behavior: Behavior) {
        self.state.lock().unwrap().behaviors.insert(user_id.to_owned(), behavior);
    }

    /// Returns the events of a user, in the order in which they arrived.
    pub fn events(&self, user_id: &str) -> Vec<Received> {
        let state = self.state.lock().unwrap();
        let of_user = |received: &&Received| received.event()["data"]["user_id"] == user_id;
        state.received.iter().filter(of_user).cloned().collect()
    }
}

impl Drop for WebhookReceiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(mut socket: TcpStream, state: Arc<Mutex<State>>) -> io::Result<()> {
    let received = read(&mut socket).await?;
    let user_id = received.event()["data"]["user_id"].as_str().unwrap_or_default().to_owned();
    let behavior = {
        let mut state = state.lock().unwrap();
        state.received.push(received);
        state.behaviors.remove(&user_id)
    };
    let response = match behavior {
        None => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
        Some(Behavior::NoContent) => "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
        Some(Behavior::Fails) => {
            "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        }
        Some(Behavior::Redirects) => {
            "HTTP/1.1 307 Temporary Redirect\r\nLocation: /redirected\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        }
        Some(Behavior::HangsUp) => return Ok(()),
        Some(Behavior::Stalls) => pending().await,
        Some(Behavior::Garbled) => "200 OK\r\n\r\n",
        Some(Behavior::NeverEnds) => {
            socket.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n").await?;
            loop {
                socket.write_all(&[b' '; 10_000]).await?;
            }
        }
    };
    socket.write_all(response.as_bytes()).await
}

async fn read(socket: &mut TcpStream) -> io::Result<Received> {
    let mut bytes = Vec::new();
    loop {
        if socket.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let mut lines = head.lines();
        let line = lines.next().unwrap_or_default().to_owned();
        let headers: HashMap<String, String> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let length: usize = headers["content-length"].parse().unwrap();
        if body.len() >= length {
            return Ok(Received { line, headers, body: body.to_owned() });
        }
    }
}
