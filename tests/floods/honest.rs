//! Users who reset their passwords, one per second.

use std::time::{Duration, Instant};

use reqwest::Client;
use serde_json::{Map, Value};
use test_support::{
    account::Account,
    http::{CLIENT_ADDRESS, RESET_PASSWORD2},
    password::GOOD,
    worker::Worker,
};
use tokio::{task::JoinSet, time::interval};

/// How long a user waits.
const PATIENCE: Duration = Duration::from_secs(30);

/// The times of successful resets, in milliseconds, and how many were made.
pub(crate) struct Honest {
    sorted: Vec<f64>,
    made: usize,
}

impl Honest {
    /// Makes one reset per second.
    pub(crate) async fn run(worker: &'static Worker, seconds: u64) -> Self {
        let accounts: Vec<Account> = (0..seconds).map(|_| Account::new()).collect();
        let rows = accounts.iter().flat_map(|account| {
            let (id, name, email) = (&account.user_id, account.user_name(), account.email());
            [
                format!("INSERT INTO users (user_id, user_name, email) VALUES ('{id}', '{name}', '{email}')"),
                format!("INSERT INTO user_permissions VALUES ('{id}', 'Trading')"),
            ]
        });
        let rows: Vec<String> = rows.collect();
        worker.sql(&rows.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let mut entries = Map::new();
        for account in &accounts {
            entries.extend(account.entry().as_object().unwrap().clone());
        }
        worker.put(Value::Object(entries)).await;

        let client = Client::builder().timeout(PATIENCE).build().unwrap();
        let mut resets = JoinSet::new();
        let mut second = interval(Duration::from_secs(1));
        for (number, account) in accounts.into_iter().enumerate() {
            second.tick().await;
            let request = client
                .post(worker.url(RESET_PASSWORD2))
                .header(CLIENT_ADDRESS, format!("192.0.2.{}", number % 250))
                .body(account.payload(GOOD));
            resets.spawn(async move {
                let start = Instant::now();
                let response = request.send().await.ok()?.text().await.ok()?;
                let time = start.elapsed().as_secs_f64() * 1000.0;
                if !response.contains(r#""errorcode":0,"#) {
                    println!("{response}");
                    return None;
                }
                Some(time)
            });
        }
        let times = resets.join_all().await;
        let made = times.len();
        let mut sorted: Vec<f64> = times.into_iter().flatten().collect();
        sorted.sort_unstable_by(f64::total_cmp);
        Self { sorted, made }
    }

    pub(crate) fn made(&self) -> usize {
        self.made
    }

    pub(crate) fn successes(&self) -> usize {
        self.sorted.len()
    }

    pub(crate) fn all_succeeded(&self) -> bool {
        self.successes() == self.made
    }

    pub(crate) fn median(&self) -> f64 {
        self.sorted.get(self.sorted.len() / 2).copied().unwrap_or(f64::NAN)
    }

    pub(crate) fn p95(&self) -> f64 {
        self.sorted.get((self.sorted.len() * 95).div_ceil(100).saturating_sub(1)).copied().unwrap_or(f64::NAN)
    }
}
