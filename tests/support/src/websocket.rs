//! A client of the WebSocket gateway.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
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
    http::{CLIENT_ADDRESS, fresh_address},
    response::standard_response,
    worker::Worker,
};

/// How long a message may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A connection to the gateway.
pub struct Socket {
    /// The connection itself, to send what [`Socket::send`] and [`Socket::call`] can't.
    pub stream: WebSocketStream<TcpStream>,
    /// The id in the response that opened the connection.
    pub request_id: String,
}

impl Socket {
    /// Opens a connection from a fresh address.
    pub async fn open(worker: &Worker) -> Self {
        Self::open_with(worker, &[]).await.unwrap()
    }

    /// Opens a connection with more headers, from a fresh address if they don't name one.
    ///
    /// # Errors
    ///
    /// Whatever the gateway responds instead of opening the connection.
    pub async fn open_with(worker: &Worker, headers: &[(&'static str, &str)]) -> Result<Self, Error> {
        let address = (CLIENT_ADDRESS, &*fresh_address());
        let headers: Vec<_> = [address].into_iter().chain(headers.iter().copied()).collect();
        Self::connect(worker.host(), &headers).await
    }

    /// Opens a connection to a host with these headers; of two with the same name, the last counts.
    ///
    /// # Errors
    ///
    /// Whatever the gateway responds instead of opening the connection.
    pub async fn connect(host: &str, headers: &[(&'static str, &str)]) -> Result<Self, Error> {
        let mut request = format!("ws://{host}/WSGateway/").into_client_request().unwrap();
        for &(name, value) in headers {
            let value = HeaderValue::from_str(value).unwrap();
            request.headers_mut().insert(HeaderName::from_static(name), value);
        }
        let (stream, response) = client_async(request, TcpStream::connect(host).await.unwrap()).await?;
        let request_id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
        Ok(Self { stream, request_id })
    }

    /// Sends a message.
    pub async fn send(&mut self, message: impl Into<Message>) {
        self.stream.send(message.into()).await.unwrap();
    }

    /// Sends a request frame.
    pub async fn call(&mut self, sequence: u64, name: &str, payload: &str) {
        self.send(request_frame(sequence, name, payload)).await;
    }

    /// Waits for the next message.
    pub async fn message(&mut self) -> Message {
        timeout(TIMEOUT, self.stream.next()).await.expect("a message in time").unwrap().unwrap()
    }

    /// Waits for the next reply, and compares it with the contract: its keys are in order, and its `o` is a standard
    /// response object as a string.
    pub async fn reply(&mut self) -> Reply {
        let message = self.message().await;
        let text = message.to_text().unwrap();
        let frame: Value = serde_json::from_str(text).unwrap();
        let (m, i, n, o) = (&frame["m"], &frame["i"], &frame["n"], &frame["o"]);
        assert_eq!(text, format!(r#"{{"m":{m},"i":{i},"n":{n},"o":{o}}}"#));
        let response = standard_response(o.as_str().unwrap());
        Reply { frame: json!([m, i, n]), errorcode: response["errorcode"].as_u64().unwrap() }
    }

    /// Waits until the gateway closes the connection. Returns the status code, and how many messages came before.
    pub async fn closed(&mut self) -> (u16, usize) {
        let mut before = 0;
        loop {
            match self.message().await {
                Message::Close(Some(CloseFrame { code, .. })) => return (code.into(), before),
                _ => before += 1,
            }
        }
    }

    /// Breaks the connection with a TCP reset.
    pub fn reset(self) {
        self.stream.get_ref().set_zero_linger().unwrap();
    }
}

/// A request frame.
pub fn request_frame(sequence: u64, name: &str, payload: &str) -> String {
    json!({"m": 0, "i": sequence, "n": name, "o": payload}).to_string()
}

/// A reply frame.
#[derive(Debug, PartialEq)]
pub struct Reply {
    /// Its `m`, `i` and `n`.
    pub frame: Value,
    /// The `errorcode` in its `o`.
    pub errorcode: u64,
}

impl Reply {
    /// The reply with this `[m, i, n]` and `errorcode`.
    pub fn new(frame: Value, errorcode: u64) -> Self {
        Self { frame, errorcode }
    }
}
