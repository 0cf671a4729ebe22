//! The ways in which the Worker uses D1, each performed for many users, and what D1 says about each statement.

use std::{collections::BTreeMap, fs, sync::LazyLock};

use serde_json::{Value, json};
use test_support::{
    account::Account, clock::now, http::fresh_address, password::GOOD, paths::root, response::errorcode,
    secrets, worker::Worker,
};

use crate::fill::user;

/// How often each step is performed, each time for another user.
const RUNS: usize = 50;

/// How many old rows of each kind there are at night.
const OLD_ROWS: usize = 10;

/// What a statement did in all its executions in a step.
#[derive(Debug, Default)]
pub(crate) struct Executions {
    /// The most rows that it read.
    pub(crate) rows_read: u64,
    /// The most rows that it wrote, with those of indexes.
    pub(crate) rows_written: u64,
    milliseconds: Vec<f64>,
}

impl Executions {
    /// The mean time that it took, in milliseconds. The local D1 counts whole milliseconds, so a median would be 0 or 1.
    #[expect(clippy::cast_precision_loss, reason = "it is the number of runs")]
    pub(crate) fn mean(&self) -> f64 {
        self.milliseconds.iter().sum::<f64>() / self.milliseconds.len() as f64
    }
}

/// A step, and what its statements did, by their file in src/sql.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) statements: BTreeMap<String, Executions>,
}

impl Step {
    pub(crate) fn rows_read(&self) -> u64 {
        self.statements.values().map(|statement| statement.rows_read).sum()
    }

    pub(crate) fn rows_written(&self) -> u64 {
        self.statements.values().map(|statement| statement.rows_written).sum()
    }

    /// The sum of the mean times of its statements, in milliseconds.
    pub(crate) fn milliseconds(&self) -> f64 {
        self.statements.values().map(Executions::mean).sum()
    }
}

/// Performs all steps on a database with so many users.
pub(crate) async fn perform(worker: &Worker, users: u64) -> Vec<Step> {
    const GROUPS: u64 = 4;
    // Spread over the whole table, and different in each group.
    let group = |group: u64| -> Vec<Account> {
        let runs = RUNS as u64;
        (0..runs).map(|run| user((2 * (run * GROUPS + group) + 1) * users / (2 * runs * GROUPS))).collect()
    };
    worker.take_statements().await;
    let mut steps = Vec::new();

    for account in group(0) {
        assert_eq!(errorcode(worker.reset_password(&account.user_name())).await, 0);
    }
    steps.push(take(worker, "a link, by user name", "superseded_codes.sql").await);

    for account in group(1) {
        assert_eq!(errorcode(worker.reset_password(&account.email())).await, 0);
    }
    steps.push(take(worker, "a link, by e-mail address", "superseded_codes.sql").await);

    for run in 0..RUNS {
        assert_eq!(errorcode(worker.reset_password(&format!("nobody{run}"))).await, 0);
    }
    steps.push(take(worker, "a link, for nobody", "reset_mail_lease.sql").await);

    let holders = group(2);
    for account in &holders {
        worker.put(account.entry()).await;
        assert_eq!(errorcode(worker.reset_password2(account.payload(GOOD))).await, 0);
    }
    steps.push(take(worker, "a reset, and its notice", "mark_notice_sent.sql").await);

    for account in &holders {
        let notice = worker.mail(account, 1).await;
        let code = notice.lines().find_map(|line| Some(line.split_once("LockCode=")?.1)).unwrap();
        secrets::record(code);
        let payload = json!({"UserId": account.user_id, "LockCode": code}).to_string();
        assert_eq!(errorcode(worker.post_from(&fresh_address(), "/AP/LockAccount").body(payload)).await, 0);
    }
    steps.push(take(worker, "a lock, and its mail", "mark_notice_sent.sql").await);

    for account in group(3) {
        worker.put(account.entry()).await;
        assert_eq!(errorcode(worker.reset_password2(account.payload("short"))).await, 101);
    }
    steps.push(take(worker, "a rejected password", "can_redeem.sql").await);

    for _ in 0..RUNS {
        add_old_rows(worker).await;
        worker.run_cron().await;
    }
    steps.push(take(worker, "a night's clean-up", "remove_audit_rows.sql").await);

    // A result is reused for three seconds.
    for _ in 0..RUNS / 5 {
        worker.check_health("").await;
    }
    steps.push(take_some(worker, "a health check", "check_tables.sql", RUNS / 5).await);
    steps
}

async fn add_old_rows(worker: &Worker) {
    const OLD: u64 = 1000 * 86_400_000;
    let old = now() - OLD;
    let mut statements = Vec::new();
    for _ in 0..OLD_ROWS {
        let id = uuid::Uuid::new_v4();
        statements.push(format!("INSERT INTO redeemed_codes VALUES ('{id}', '1', '{id}', {old}, {old})"));
        statements.push(format!(
            "INSERT INTO mails (mail_id, kind, user_id, reserved_at, sent_at) VALUES ('{id}', 'changed', '1', {old}, {old})"
        ));
        statements.push(format!(
            "INSERT INTO audit_log (at, call, outcome, user_id, attempt_id, address)
             VALUES ({old}, 'ResetPassword2', 'redeemed', '1', '{id}', '')"
        ));
    }
    let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
    worker.sql(&statements).await;
}

async fn take(worker: &Worker, name: &'static str, last: &str) -> Step {
    take_some(worker, name, last, RUNS).await
}

/// Waits until `last`, the last statement of a step, was executed so many times, and takes all its statements.
async fn take_some(worker: &Worker, name: &'static str, last: &str, runs: usize) -> Step {
    let mut step = Step { name, statements: BTreeMap::new() };
    worker
        .wait_until(name, async || {
            for executed in worker.take_statements().await {
                let statement = step.statements.entry(file(&executed)).or_default();
                statement.rows_read = statement.rows_read.max(executed["rows_read"].as_u64().unwrap());
                statement.rows_written =
                    statement.rows_written.max(executed["rows_written"].as_u64().unwrap());
                statement.milliseconds.push(executed["duration"].as_f64().unwrap());
            }
            step.statements.get(last).is_some_and(|statement| statement.milliseconds.len() >= runs)
        })
        .await;
    step
}

/// The file in src/sql that an executed statement is in.
fn file(executed: &Value) -> String {
    static FILES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
        let files = fs::read_dir(root().join("src/sql")).unwrap().map(|file| file.unwrap().path());
        let sql = files.filter(|path| path.extension().is_some_and(|extension| extension == "sql"));
        sql.map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (fs::read_to_string(path).unwrap(), name)
        })
        .collect()
    });
    let sql = executed["sql"].as_str().unwrap();
    FILES.get(sql).unwrap_or_else(|| panic!("not in src/sql: {sql}")).clone()
}

/// The size of the database, in bytes.
pub(crate) async fn size(worker: &Worker) -> u64 {
    worker.take_statements().await;
    worker.run_cron().await;
    worker.take_statements().await.last().unwrap()["size_after"].as_u64().unwrap()
}
