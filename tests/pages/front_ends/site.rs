//! Where the front ends are served: another origin than the Worker's, since its port is another.

use std::{fs, io, path::Path, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::timeout,
};

/// How long a connection may last: a browser opens some ahead of need.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The longest head of a request. Chromium sends less than 1 KiB.
const MAX_HEAD_BYTES: usize = 8 * 1024;

/// A server of these pages and nothing else. It ends with the test.
pub(super) struct Site {
    pub(super) origin: String,
    server: JoinHandle<()>,
}

impl Site {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                // Where this fails, the test does too: it misses the page.
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
    let target = head.strip_prefix("GET ").and_then(|rest| rest.split([' ', '?']).next()).unwrap_or_default();
    let (status, content_type, body) = match target {
        "/fetch.html" => ("200 OK", "text/html", include_bytes!("fetch.html").to_vec()),
        "/jquery.html" => ("200 OK", "text/html", include_bytes!("jquery.html").to_vec()),
        "/jquery.js" => ("200 OK", "text/javascript", jquery()),
        _ => ("404 Not Found", "text/plain", Vec::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    socket.write_all(head.as_bytes()).await?;
    socket.write_all(&body).await
}

fn jquery() -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("node_modules/jquery/dist/jquery.js")).unwrap()
}
