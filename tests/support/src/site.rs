//! The web site of an exchange, with front ends on another origin than the Worker's: another port.

use std::{fs, io, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::timeout,
};

use crate::paths::root;

/// How long a connection may last: browsers open some ahead of time.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The longest head of a request. Chromium sends less than 1 KiB.
const MAX_HEAD_BYTES: usize = 8 * 1024;

/// A server of the front ends in `clients/`, and of jQuery. It stops when this is dropped.
pub struct Site {
    /// Its scheme, host and port.
    pub origin: String,
    server: JoinHandle<()>,
}

impl Site {
    /// Starts the server.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                // If this fails, the test misses the page, and fails too.
                tokio::spawn(timeout(TIMEOUT, serve(socket)));
            }
        });
        Self { origin, server }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(mut socket: TcpStream) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < MAX_HEAD_BYTES {
        if socket.read_buf(&mut head).await? == 0 {
            return Ok(());
        }
    }
    let head = String::from_utf8_lossy(&head);
    let path = head.strip_prefix("GET ").and_then(|rest| rest.split([' ', '?']).next()).unwrap_or_default();
    let (status, content_type, body) = match path {
        "/fetch.html" => ("200 OK", "text/html", include_bytes!("../clients/fetch.html").to_vec()),
        "/jquery.html" => ("200 OK", "text/html", include_bytes!("../clients/jquery.html").to_vec()),
        "/jquery.js" => ("200 OK", "text/javascript", jquery()?),
        _ => ("404 Not Found", "text/plain", Vec::new()),
    };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).await?;
    socket.write_all(&body).await
}

fn jquery() -> io::Result<Vec<u8>> {
    fs::read(root().join("node_modules/jquery/dist/jquery.js"))
}
