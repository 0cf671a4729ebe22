//! A service that knows breached passwords, with the range API of Have I Been Pwned, and every way to fail.

use std::{
    collections::HashMap,
    future::pending,
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use reset_password2::password::{BreachQuery, NewPassword};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::sleep,
};

/// A password that the service knows.
pub const BREACHED: &str = "words from a data breach";

/// The line of [`BREACHED`].
const LISTED: &str = "D4F84497DA837B2969561E1A8C2975F3E11:7\r\n";

/// A line of padding.
const PADDING: &str = "0018A45C4D1DEF81644B54AB7F969B88D65:0\r\n";

/// How the service responds to the request about a password.
#[derive(Debug, Clone, Copy)]
pub enum Behavior {
    /// With a list, after this time.
    Late(Duration),
    /// Never.
    Stalls,
    /// With a page.
    Lies,
    /// With status 503.
    Fails,
    /// With a redirect to a list that contains [`BREACHED`].
    Redirects,
    /// With lines of a list, without end.
    NeverEnds,
    /// By closing the connection.
    HangsUp,
}

/// What the service received, and how it responds.
#[derive(Default)]
struct State {
    heads: Vec<String>,
    behaviors: HashMap<String, Behavior>,
}

/// The service. It stops when this is dropped.
pub struct RangeServer {
    /// The value of `BREACH_CHECK_URL`.
    pub url: String,
    state: Arc<Mutex<State>>,
    server: JoinHandle<()>,
}

impl RangeServer {
    /// Starts the service.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/range/", listener.local_addr().unwrap());
        let state: Arc<Mutex<State>> = Arc::default();
        let shared = Arc::clone(&state);
        let server = tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                // The Worker may stop reading at any time.
                tokio::spawn(serve(socket, Arc::clone(&shared)));
            }
        });
        Self { url, state, server }
    }

    /// Responds in this way to requests about a password.
    pub fn behave(&self, password: &str, behavior: Behavior) {
        self.state.lock().unwrap().behaviors.insert(range(password), behavior);
    }

    /// Returns the heads of the requests about a password.
    pub fn requests(&self, password: &str) -> Vec<String> {
        let start = format!("GET /range/{} ", range(password));
        self.state.lock().unwrap().heads.iter().filter(|head| head.starts_with(&start)).cloned().collect()
    }
}

impl Drop for RangeServer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn range(password: &str) -> String {
    BreachQuery::new(&NewPassword::new(password)).range().to_owned()
}

async fn serve(mut socket: TcpStream, state: Arc<Mutex<State>>) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if socket.read_buf(&mut head).await? == 0 {
            return Ok(());
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let range = head.split(['/', ' ']).nth(3).unwrap_or_default().to_owned();
    let behavior = {
        let mut state = state.lock().unwrap();
        state.heads.push(head);
        state.behaviors.get(&range).copied().unwrap_or(Behavior::Late(Duration::ZERO))
    };
    let listed = if range == self::range(BREACHED) { LISTED } else { "" };
    let (status, headers, body) = match behavior {
        Behavior::Late(delay) => {
            sleep(delay).await;
            ("200 OK", String::new(), [PADDING, listed].concat())
        }
        Behavior::Stalls => pending().await,
        Behavior::Lies => ("200 OK", String::new(), "<!doctype html>".to_owned()),
        Behavior::Fails => ("503 Service Unavailable", String::new(), [PADDING, listed].concat()),
        Behavior::Redirects => {
            ("302 Found", format!("Location: /range/{}\r\n", self::range(BREACHED)), String::new())
        }
        Behavior::NeverEnds => {
            socket.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n").await?;
            loop {
                socket.write_all(PADDING.repeat(1000).as_bytes()).await?;
            }
        }
        Behavior::HangsUp => return Ok(()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    socket.write_all((head + &body).as_bytes()).await
}
