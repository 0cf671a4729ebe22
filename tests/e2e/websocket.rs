//! Contract, section 2, WebSocket.

mod connections;
mod frames;

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use reset_password2::password::{Verification, verify};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest as _,
        http::{HeaderName, HeaderValue},
        protocol::CloseFrame,
    },
};

use crate::{
    outcomes::standard_response,
    worker::{Account, Worker, fresh_address},
};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection to the gateway, and the id of the request that opened it.
struct Socket(WebSocketStream<TcpStream>, String);

impl Socket {
    /// From an address that no other test has.
    async fn open(worker: &Worker) -> Self {
        Self::with(worker, &[]).await.unwrap()
    }

    async fn with(worker: &Worker, headers: &[(&'static str, &str)]) -> Result<Self, Error> {
        let host = worker.origin.strip_prefix("http://").unwrap();
        let mut request = format!("ws://{host}/WSGateway/").into_client_request().unwrap();
        let address = ("cf-connecting-ip", &*fresh_address());
        for &(name, value) in [address].iter().chain(headers) {
            request
                .headers_mut()
                .insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        let (socket, response) = client_async(request, TcpStream::connect(host).await.unwrap()).await?;
        Ok(Self(socket, response.headers()["x-request-id"].to_str().unwrap().to_owned()))
    }

    async fn send(&mut self, message: impl Into<Message>) {
        self.0.send(message.into()).await.unwrap();
    }

    async fn call(&mut self, sequence: u64, name: &str, payload: &str) {
        self.send(json!({"m": 0, "i": sequence, "n": name, "o": payload}).to_string()).await;
    }

    async fn next(&mut self) -> Message {
        timeout(PATIENCE, self.0.next()).await.expect("a message").unwrap().unwrap()
    }

    /// The next answer, as the contract has it: its keys in order, and a standard response object as a string in `o`.
    async fn answer(&mut self) -> Answer {
        let message = self.next().await;
        let text = message.to_text().unwrap();
        let frame: Value = serde_json::from_str(text).unwrap();
        let (m, i, n, o) = (&frame["m"], &frame["i"], &frame["n"], &frame["o"]);
        assert_eq!(text, format!(r#"{{"m":{m},"i":{i},"n":{n},"o":{o}}}"#));
        let response = standard_response(o.as_str().unwrap());
        Answer { label: json!([m, i, n]), errorcode: response["errorcode"].as_u64().unwrap() }
    }

    /// Waits for the end of the connection, and gives its code and how many messages came before it.
    async fn closed(&mut self) -> (u16, usize) {
        let mut before = 0;
        loop {
            match self.next().await {
                Message::Close(Some(CloseFrame { code, .. })) => return (code.into(), before),
                _ => before += 1,
            }
        }
    }
}

/// The answer to a frame: its `m`, `i` and `n`, and the `errorcode` in its `o`.
#[derive(Debug, PartialEq)]
struct Answer {
    label: Value,
    errorcode: u64,
}

impl Answer {
    fn new(label: Value, errorcode: u64) -> Self {
        Self { label, errorcode }
    }
}

async fn has_password(worker: &Worker, account: &Account, password: &str) -> bool {
    let hash = worker.stored_hash(account).await;
    hash.is_some_and(|hash| verify(password, &hash) == Ok(Verification::Match { needs_rehash: false }))
}
