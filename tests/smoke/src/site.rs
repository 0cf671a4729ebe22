//! The deployed Worker, and requests to it.

use std::{fmt::Display, time::Duration};

use futures_util::{SinkExt as _, StreamExt as _};
use http::{HeaderMap, Method, Request, Uri};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::time::timeout;
use tokio_tungstenite::{
    client_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

use crate::connection::{Connection, connect};

/// How long a request may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A site at which the Worker is deployed.
pub(crate) struct Site {
    is_tls: bool,
    /// As the header `Host` has it.
    authority: String,
    host: String,
    port: u16,
}

/// A response.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// As text, with U+FFFD for what is not UTF-8.
    pub(crate) body: String,
}

impl Response {
    /// The value of a header, or nothing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Site {
    /// Parses the URL of a site.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub(crate) fn new(url: &str) -> Result<Self, String> {
        let uri: Uri = url.parse().map_err(|error| format!("{url}: {error}"))?;
        let is_tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(format!("{url}: the URL must begin with https:// or http://")),
        };
        let authority = uri.authority().filter(|_| uri.path() == "/" && uri.query().is_none());
        let authority = authority.ok_or_else(|| format!("{url}: the URL must have a host, and no path"))?;
        let port = authority.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        Ok(Self { is_tls, authority: authority.to_string(), host: authority.host().to_owned(), port })
    }

    /// Sends a request on a connection of its own.
    ///
    /// # Errors
    ///
    /// What went wrong.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Response, String> {
        let exchange = async {
            let (mut sender, connection) =
                http1::handshake(TokioIo::new(self.connect().await?)).await.map_err(text)?;
            let mut request = Request::builder().method(method).uri(path).header("Host", &self.authority);
            for &(name, value) in [("User-Agent", "reset-password2-smoke")].iter().chain(headers) {
                request = request.header(name, value);
            }
            let request = request.body(Full::new(Bytes::from(body.to_owned()))).map_err(text)?;
            tokio::spawn(connection);
            let response = sender.send_request(request).await.map_err(text)?;
            let (head, body) = response.into_parts();
            let body = body.collect().await.map_err(text)?;
            Ok((head, body.to_bytes()))
        };
        let (head, body) = in_time(exchange).await?;
        let body = String::from_utf8_lossy(&body).into_owned();
        Ok(Response { status: head.status.as_u16(), headers: head.headers, body })
    }

    /// Opens a WebSocket, sends a frame, and returns the reply.
    ///
    /// # Errors
    ///
    /// What went wrong.
    pub(crate) async fn send_frame(&self, path: &str, frame: String) -> Result<String, String> {
        let scheme = if self.is_tls { "wss" } else { "ws" };
        let url = format!("{scheme}://{}{path}", self.authority);
        let exchange = async {
            let request = url.into_client_request().map_err(text)?;
            let (mut socket, _) = client_async(request, self.connect().await?).await.map_err(text)?;
            socket.send(frame.into()).await.map_err(text)?;
            let reply = loop {
                match socket.next().await {
                    Some(Ok(Message::Text(reply))) => break reply.to_string(),
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    Some(Ok(message)) => return Err(format!("no reply, but {message:?}")),
                    Some(Err(error)) => return Err(error.to_string()),
                    None => return Err("the connection ended without a reply".to_owned()),
                }
            };
            let _ = socket.close(None).await;
            Ok(reply)
        };
        in_time(exchange).await
    }

    async fn connect(&self) -> Result<Box<dyn Connection>, String> {
        connect(&self.host, self.port, self.is_tls).await
    }
}

/// An error as a text.
fn text(error: impl Display) -> String {
    error.to_string()
}

async fn in_time<T>(exchange: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    timeout(TIMEOUT, exchange)
        .await
        .map_err(|_| format!("no response within {} seconds", TIMEOUT.as_secs()))?
}
