//! The floods.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::StreamExt as _;
use reqwest::Client;
use serde_json::json;
use test_support::{
    account::Account,
    http::{CLIENT_ADDRESS, RESET_PASSWORD, RESET_PASSWORD2},
    password::GOOD,
    websocket::Socket,
    worker::Worker,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, sleep, timeout_at},
};
use uuid::Uuid;

/// How many connections make calls at the same time.
const CONNECTIONS: usize = 8;

/// How many addresses the calls come from. The local rate limiter becomes slower with each.
const ADDRESSES: usize = 500;

/// How many calls a second the paced floods make in all, so that they leave time for other programs on two cores.
const PACE: u32 = 50;

/// How many silent connections and how many slow bodies are open at the same time.
const SILENT: usize = 2000;
const SLOW: usize = 1000;

/// How many e-mails are requested for one user.
const REQUESTS: usize = 10_000;

/// A name that the floods request e-mails for.
const VICTIM: &str = "victim of the flood";

/// What is done beside the honest resets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flood {
    PacedRefusals,
    Refusals,
    SilentWebSockets,
    SlowBodies,
    Requests,
}

/// A flood in progress.
pub(crate) struct Running {
    calls: Arc<AtomicUsize>,
    tasks: JoinSet<()>,
    until: Instant,
    is_counted: bool,
}

impl Running {
    /// Waits for its end, and returns how many calls were made, or how many connections opened.
    pub(crate) async fn finish(mut self) -> usize {
        if !self.is_counted {
            tokio::time::sleep_until(self.until).await;
            self.tasks.abort_all();
        }
        while self.tasks.join_next().await.is_some() {}
        self.calls.load(Ordering::Relaxed)
    }
}

impl Flood {
    pub(crate) const ALL: [Self; 5] =
        [Self::PacedRefusals, Self::Refusals, Self::SilentWebSockets, Self::SlowBodies, Self::Requests];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::PacedRefusals => "refused calls, 50 per second",
            Self::Refusals => "refused calls, full speed",
            Self::SilentWebSockets => "2,000 silent WebSockets",
            Self::SlowBodies => "1,000 slow bodies at any time",
            Self::Requests => "10,000 ResetPassword calls for one user",
        }
    }

    /// Starts the flood.
    pub(crate) async fn start(self, worker: &'static Worker, time: Duration) -> Running {
        let calls = Arc::new(AtomicUsize::new(0));
        let mut tasks = JoinSet::new();
        if self == Self::SilentWebSockets {
            let sockets = silent_web_sockets(worker).await;
            calls.store(sockets.len(), Ordering::Relaxed);
            tasks.spawn(async move {
                std::future::pending::<()>().await;
                drop(sockets);
            });
        }
        let until = Instant::now() + time;
        match self {
            Self::SilentWebSockets => {}
            Self::SlowBodies => {
                for slot in 0..SLOW {
                    tasks.spawn(slow_bodies(worker, slot, Arc::clone(&calls)));
                }
            }
            Self::PacedRefusals | Self::Refusals | Self::Requests => {
                if self == Self::Requests {
                    let victim = Account::new();
                    worker.enroll(&victim, &["Trading"]).await;
                    let id = &victim.user_id;
                    worker
                        .sql(&[&format!("UPDATE users SET user_name = '{VICTIM}' WHERE user_id = '{id}'")])
                        .await;
                }
                for _ in 0..CONNECTIONS {
                    tasks.spawn(self.make_calls(worker, until, Arc::clone(&calls)));
                }
            }
        }
        Running { calls, tasks, until, is_counted: self == Self::Requests }
    }

    /// Makes calls, one after another.
    async fn make_calls(self, worker: &'static Worker, until: Instant, calls: Arc<AtomicUsize>) {
        let client = Client::new();
        let mut pace = interval(Duration::from_secs(1) * u32::try_from(CONNECTIONS).unwrap() / PACE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let number = calls.fetch_add(1, Ordering::Relaxed);
            let is_over = if self == Self::Requests { number >= REQUESTS } else { Instant::now() >= until };
            if is_over {
                calls.fetch_sub(1, Ordering::Relaxed);
                return;
            }
            if self == Self::PacedRefusals {
                pace.tick().await;
            }
            let (path, payload) = if self == Self::Requests {
                (RESET_PASSWORD, json!({"UserName": VICTIM}).to_string())
            } else {
                let payload = json!({"UserId": "5", "Password": GOOD, "PendingCode": Uuid::new_v4()});
                (RESET_PASSWORD2, payload.to_string())
            };
            let request = client.post(worker.url(path)).header(CLIENT_ADDRESS, address(number));
            let response = request.body(payload).send().await.unwrap();
            response.bytes().await.unwrap();
        }
    }

    /// Checks what the flood has left behind.
    pub(crate) async fn check(self, worker: &Worker) {
        if self == Self::Requests {
            // The requests are delivered by now, or wait in the queue.
            let mails = "SELECT count(*) AS mails FROM mails JOIN users USING (user_id)
                         WHERE users.user_name = 'victim of the flood' AND sent_at IS NOT NULL";
            let rows = worker.sql(&[mails]).await;
            println!("{:<44}{:>9}", "  e-mails to that user so far", rows[0]["mails"]);
        }
    }
}

/// The address of a call.
fn address(number: usize) -> String {
    let number = number % ADDRESSES;
    format!("198.18.{}.{}", number / 250, number % 250)
}

async fn silent_web_sockets(worker: &'static Worker) -> Vec<Socket> {
    let opened = futures_util::stream::iter(0..SILENT).map(|number| async move {
        let address = address(number);
        Socket::open_with(worker, &[(CLIENT_ADDRESS, &address)]).await.unwrap()
    });
    opened.buffer_unordered(CONNECTIONS).collect().await
}

/// Sends bodies that never end, a byte at a time, one after another.
async fn slow_bodies(worker: &'static Worker, slot: usize, calls: Arc<AtomicUsize>) {
    let head = format!(
        "POST {RESET_PASSWORD2} HTTP/1.1\r\nHost: worker\r\nConnection: close\r\nCF-Connecting-IP: {}\r\n\
         Content-Length: 1000\r\n\r\n{{",
        address(slot)
    );
    // Not all at once.
    sleep(Duration::from_millis(u64::try_from(slot).unwrap() * 4)).await;
    loop {
        let mut socket = TcpStream::connect(worker.host()).await.unwrap();
        if socket.write_all(head.as_bytes()).await.is_ok() {
            calls.fetch_add(1, Ordering::Relaxed);
        }
        let mut byte = [0];
        loop {
            // Until the Worker responds, or gives up.
            let next = Instant::now() + Duration::from_secs(5);
            if timeout_at(next, socket.read(&mut byte)).await.is_ok() || socket.write_all(b" ").await.is_err()
            {
                break;
            }
        }
    }
}
