//! docs/monitoring.md: each query answers its question on data that the Worker has written, and so does the dashboard.
//!
//! `make test` installs ClickHouse first.

mod analytics_engine;
mod dashboard;
mod log;
mod page;

use std::collections::BTreeMap;

use reqwest::RequestBuilder;
use serde_json::{Value, json};
use test_support::{
    account::Account,
    http::fresh_address,
    observer::FAULT,
    password::{GOOD, TOO_SHORT},
    worker::{Options, Worker},
};

use analytics_engine::SAMPLE_INTERVAL;
use page::{Query, Source, queries};

/// More calls than a client may make in a minute.
const TOO_MANY: usize = 200;

const TEN_MINUTES: u64 = 600_000;

/// What the Worker did, and what it wrote about that.
struct Written {
    worker: Worker,
    /// How many calls there were, by their names and outcomes.
    calls: BTreeMap<(&'static str, String), u64>,
    lines: Vec<Value>,
    recording: Value,
    points: Vec<Value>,
    /// A user with many links.
    pestered: Account,
}

impl Written {
    async fn new() -> Self {
        let config =
            "\n[[analytics_engine_datasets]]\nbinding = \"CALLS\"\ndataset = \"reset_password2_calls\"\n";
        let worker = Worker::start(&Options { config, ..Options::new("monitoring") });
        let mut calls = BTreeMap::new();
        let mut count = async |name, request: RequestBuilder| {
            let outcome = outcome(request).await;
            *calls.entry((name, outcome.clone())).or_default() += 1;
            outcome
        };

        for _ in 0..2 {
            let payload = worker.user_with_code().await.payload(GOOD);
            count("ResetPassword2", worker.reset_password2(payload)).await;
        }
        for _ in 0..3 {
            count("ResetPassword2", worker.reset_password2(Account::new().payload(GOOD))).await;
        }
        let account = worker.user_with_code().await;
        count("ResetPassword2", worker.reset_password2(account.payload(TOO_SHORT))).await;
        count("ResetPassword2", worker.reset_password2(account.payload(GOOD)).header(FAULT, "kv:fail")).await;
        count("ResetPassword2", worker.reset_password2("{}")).await;
        let address = fresh_address();
        let guess = || worker.post_from(&address, "/AP/ResetPassword2").body(Account::new().payload(GOOD));
        let mut guesses = 0;
        while count("ResetPassword2", guess()).await != "too_many_attempts" {
            guesses += 1;
            assert!(guesses < TOO_MANY);
        }

        worker.put(account.lock_entry()).await;
        let lock = json!({"UserId": account.user_id, "LockCode": account.code}).to_string();
        count("LockAccount", worker.post_from(&fresh_address(), "/AP/LockAccount").body(lock)).await;

        let pestered = worker.user().await;
        count("ResetPassword", worker.reset_password(&pestered.user_name())).await;
        worker.wait_until_marked(&pestered, 1).await;
        worker.fail_mailer(u32::MAX).await;
        let waiting = worker.user().await;
        count("ResetPassword", worker.reset_password(&waiting.user_name())).await;
        worker.wait_for_log("MAILER: ").await;
        worker.age_mails(&waiting, TEN_MINUTES + 1).await;
        age_records(&worker, &pestered).await;

        let made: u64 = calls.values().sum();
        worker.wait_until("a line for each call", async || count_calls(&lines(&worker)) == made).await;
        let points = worker.data_points().await;
        assert_eq!(points.len() as u64, made);
        let lines = lines(&worker);
        let recording = log::record(&lines);
        Self { worker, calls, lines, recording, points, pestered }
    }

    fn count(&self, name: &str, outcomes: &[&str]) -> u64 {
        let of = |(call, outcome): &(&str, String)| *call == name && outcomes.contains(&outcome.as_str());
        self.calls.iter().filter(|(call, _)| of(call)).map(|(_, count)| count).sum()
    }

    /// The greatest duration of a step, in all resets.
    fn slowest(&self, step: &str) -> Value {
        let resets =
            self.lines.iter().filter(|line| line["call"] == "ResetPassword2" && line["outcome"] == "done");
        json!(resets.map(|line| line["ms"][step].as_u64().unwrap()).max().unwrap())
    }
}

async fn outcome(request: RequestBuilder) -> String {
    let response = request.send().await.unwrap();
    response.headers()["x-outcome"].to_str().unwrap().to_owned()
}

/// The lines in JSON that the Worker itself wrote to its log.
fn lines(worker: &Worker) -> Vec<Value> {
    let log = worker.log();
    // wrangler colors errors.
    let json = |line: &str| serde_json::from_str(&line[line.find('{')?..=line.rfind('}')?]).ok();
    log.lines().filter_map(json).filter(|line: &Value| line["request_id"].is_string()).collect()
}

fn count_calls(lines: &[Value]) -> u64 {
    lines.iter().filter(|line| line["call"].is_string()).count() as u64
}

/// Five links for one user within a day, and all that is recorded about resets and locks happened ten minutes ago, after the
/// last event was delivered.
async fn age_records(worker: &Worker, Account { user_id, .. }: &Account) {
    let more_links = format!(
        "INSERT INTO mails (mail_id, kind, user_id, recipient, reserved_at, sent_at)
         SELECT mail_id || number.value, kind, user_id, recipient, reserved_at, sent_at
         FROM mails, json_each('[2,3,4,5]') AS number WHERE user_id = '{user_id}'"
    );
    let age = format!("UPDATE audit_log SET at = at - {TEN_MINUTES}");
    // Neither a refused attempt nor an old one has an event that should have arrived today.
    let without_event = format!(
        "INSERT INTO audit_log (at, call, outcome, user_id, attempt_id, address)
         SELECT now - {TEN_MINUTES}, 'ResetPassword2', 'refused', '{user_id}', 'refused', '' FROM clock
         UNION ALL SELECT now - 100 * 3600000, 'ResetPassword2', 'redeemed', '{user_id}', 'old', '' FROM clock"
    );
    let given_up = format!(
        "INSERT INTO mails (mail_id, kind, user_id, recipient, reserved_at, expires_at)
         SELECT 'given up', 'reset', '{user_id}', 'a@example.com', now - 30 * 3600000, now - 29 * 3600000 FROM clock"
    );
    let last = format!("UPDATE event_deliveries SET last_delivered_at = now - 2 * {TEN_MINUTES} FROM clock");
    worker.sql(&[&more_links, &age, &without_event, &given_up, &last]).await;
}

/// Links from existing e-mails carry the code in their query.
#[test]
fn cloudflare_keeps_no_urls_of_requests() {
    const SETTINGS: &str = include_str!("../../wrangler.toml");
    assert!(SETTINGS.contains("\n[observability.logs]\nenabled = true\ninvocation_logs = false\n"));
    assert_eq!(SETTINGS.matches("observability").count(), 1, "such as observability.traces");
}

#[tokio::test]
async fn each_query_answers_its_question() {
    let written = &Written::new().await;
    let failures = ["unavailable", "unclear", "misconfigured"];
    let refusals = ["invalid", "not_authorized", "too_many_attempts"];
    // Enough for a flood.
    assert!(written.count("ResetPassword2", &refusals) * SAMPLE_INTERVAL > 600);
    let sum =
        |rows: &[Value], column: &str| rows.iter().map(|row| row[column].as_u64().unwrap()).sum::<u64>();

    let mut asked = Vec::new();
    for Query { question, source, text } in queries() {
        asked.push((question, source));
        let rows = match source {
            Source::AnalyticsEngine => analytics_engine::run(text, &written.points),
            Source::D1 => written.worker.sql(&[text]).await,
            Source::Log => match log::run(text, &written.recording) {
                Value::Array(rows) => rows,
                row => vec![row],
            },
        };
        let weight = if source == Source::AnalyticsEngine { SAMPLE_INTERVAL } else { 1 };
        let expect = |column: &str, count: u64| {
            assert_eq!(sum(&rows, column), weight * count, "{question} {source:?}: {rows:?}");
        };
        match (question, source) {
            ("How many resets are there, and why are calls refused?", _) => {
                let counted = rows.iter().map(|row| {
                    let [call, outcome] = ["call", "outcome"].map(|column| row[column].as_str().unwrap());
                    ((call, outcome.to_owned()), row["calls"].as_u64().unwrap() / weight)
                });
                assert_eq!(counted.collect::<BTreeMap<_, _>>(), written.calls);
            }
            ("How slow are resets?", Source::AnalyticsEngine) => {
                expect("resets", 2);
                assert_eq!(rows[0]["p95_ms"], written.slowest("total"));
                assert_eq!(rows[0]["p95_of_d1_ms"], written.slowest("d1"));
                assert!(rows[0]["median_ms"].as_u64() <= rows[0]["p95_ms"].as_u64());
            }
            ("How slow are resets?", Source::Log) => {
                expect("resets", 2);
                assert_eq!(rows[0]["slowest_ms"], written.slowest("total"));
                assert_eq!(rows[0]["slowest_d1_ms"], written.slowest("d1"));
            }
            ("Do calls fail, and because of what?", Source::AnalyticsEngine) => {
                let done = written.calls.iter().filter(|((_, outcome), _)| outcome == "done");
                expect("done", done.map(|(_, count)| count).sum());
                expect("failed", written.count("ResetPassword2", &failures));
            }
            ("Do calls fail, and because of what?", Source::Log) => {
                let errors =
                    |of: &str| rows.iter().find(|row| row["because_of"] == of).map(|row| &row["errors"]);
                assert_eq!(errors("PENDING_CODES"), Some(&json!(1)), "{rows:?}");
                assert!(errors("MAILER").unwrap().as_u64() >= Some(1), "{rows:?}");
            }
            ("Is this a flood?", _) => {
                expect("refused", written.count("ResetPassword2", &refusals));
                expect("rate_limited", 1);
                if source == Source::AnalyticsEngine {
                    let few = analytics_engine::run(text, &written.points[..20]);
                    assert!(few.is_empty(), "no flood: {few:?}");
                }
            }
            ("Is somebody trying to lock users out?", Source::D1) => {
                assert_eq!(rows, [json!({"user_id": written.pestered.user_id, "links": 5})]);
            }
            ("Is somebody trying to lock users out?", _) => {
                expect("requests", 2);
                expect("resets", 2);
                expect("locks", 1);
            }
            ("Are e-mails waiting?", Source::D1) => {
                let [row] = &rows[..] else { panic!("{rows:?}") };
                assert_eq!(
                    [&row["kind"], &row["waiting"], &row["given_up"]],
                    [&json!("reset"), &json!(1), &json!(1)]
                );
            }
            // Two resets and a lock.
            ("Do events arrive?", Source::D1) => assert_eq!(rows, [json!({"undelivered": 3})]),
            (question, source) => panic!("no test for {question} {source:?}"),
        }
    }
    assert_eq!(asked.len(), 13, "{asked:?}");
    dashboard::check(&written.points);
}
