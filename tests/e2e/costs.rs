//! docs/growth.md: what a reset costs, from operations that are counted here, and that it costs the same with many users.

use std::{env, fmt::Write as _, fs, ops::Range};

use serde_json::Value;
use test_support::{
    account::Account,
    http::fresh_address,
    password::GOOD,
    paths::root,
    worker::{Options, Worker},
};

const FILE: &str = "docs/growth.md";
const START: &str = "<!-- counted: begin -->\n";
const END: &str = "<!-- counted: end -->\n";

/// How many users, and old rows of each kind, there are in the small database and in the large one.
const FEW: u32 = 10;
const MANY: u32 = 100_000;

/// How often each scenario is counted. A notice that is delivered before its attempt has committed is delivered again, so the
/// least counts.
const RUNS: u32 = 3;

/// What costs money, with its price for a million in dollars (November 2026; the addresses are in docs/growth.md).
const PRICES: [(&str, &str, f64); 8] = [
    ("requests", "requests to the Worker", 0.30),
    ("cpu", "CPU time, in milliseconds", 0.02),
    ("kv.get", "KV reads", 0.50),
    ("kv writes", "KV writes and deletes", 5.00),
    ("rows read", "D1 rows read", 0.001),
    ("rows written", "D1 rows written, with indexes", 1.00),
    ("queue", "queue operations", 0.40),
    ("mails", "e-mails", 350.0),
];

/// The CPU time of a hash and of everything else in a reset, in milliseconds: the hash in the README, rounded up.
const CPU_MILLIS: f64 = 270.0;

/// What one scenario used, by the names in `PRICES`.
type Usage = [f64; PRICES.len()];

async fn totals(worker: &Worker) -> Value {
    worker.totals().await
}

/// Runs a scenario several times, and returns the least that one run used.
async fn least(worker: &Worker, cpu: f64, scenario: impl AsyncFn(Account)) -> Usage {
    let mut least = [f64::MAX; PRICES.len()];
    for _ in 0..RUNS {
        let account = worker.user().await;
        let before = totals(worker).await;
        scenario(account).await;
        let after = totals(worker).await;
        let used =
            |name: &str| after[name].as_f64().unwrap_or_default() - before[name].as_f64().unwrap_or_default();
        let usage = PRICES.map(|(name, ..)| match name {
            "cpu" => cpu,
            "kv writes" => used("kv.put") + used("kv.delete"),
            // Each message is written, read, and deleted.
            "queue" => used("messages") + 2.0 * used("deliveries"),
            name => used(name),
        });
        if usage.iter().sum::<f64>() < least.iter().sum::<f64>() {
            least = usage;
        }
    }
    least
}

/// A user who forgot the password: all pages, both mails, and the reset.
async fn reset(worker: &Worker, account: Account) {
    let post = async |path, form: String, success| {
        let form = worker.post_from(&fresh_address(), path).body(form);
        // The client follows the redirect, as a browser does.
        let response = form.header("Content-Type", "application/x-www-form-urlencoded").send().await.unwrap();
        assert_eq!((response.status().as_u16(), response.url().path()), (200, success), "{path}");
    };
    let get = async |path| assert_eq!(worker.get(path).send().await.unwrap().status(), 200, "{path}");
    get("/forgotPassword").await;
    post("/forgotPassword", format!("UserName={}", account.user_name()), "/linkRequested").await;
    let account = worker.with_code_in(&account, &worker.mail(&account, 1).await);
    worker.wait_until_marked(&account, 1).await;
    get("/resetPassword").await;
    let password = GOOD.replace(' ', "+");
    let form = format!("UserId={}&PendingCode={}&Password={password}", account.user_id, account.code);
    post("/resetPassword", form, "/passwordChanged").await;
    worker.wait_until_marked(&account, 2).await;
    worker.wait_until("the code leaves KV", async || !worker.has_entry(&account).await).await;
}

/// A call with a code that doesn't exist.
async fn refused(worker: &Worker) {
    worker.reset_password2(Account::new().payload(GOOD)).send().await.unwrap();
}

/// A request for a link for a user who doesn't exist.
async fn for_nobody(worker: &Worker) {
    let deliveries = totals(worker).await["deliveries"].as_u64().unwrap_or_default();
    worker.reset_password("nobody").send().await.unwrap();
    worker
        .wait_until("the delivery", async || totals(worker).await["deliveries"].as_u64() > Some(deliveries))
        .await;
    // The rows are counted once D1 has responded.
    worker
        .wait_until("its rows", async || {
            let before = totals(worker).await;
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            totals(worker).await == before
        })
        .await;
}

fn without_mails(usage: &Usage) -> f64 {
    cost(usage) - usage[PRICES.len() - 1] * PRICES[PRICES.len() - 1].2
}

/// What a million cost, in dollars.
fn cost(usage: &Usage) -> f64 {
    usage.iter().zip(PRICES).map(|(count, (.., price))| count * price).sum()
}

fn table(reset: &Usage, refused: &Usage, for_nobody: &Usage) -> String {
    let mut table = String::from(
        "| | price per million | a reset | a refused call | a request for nobody |\n| --- | --- | --- | --- | --- |\n",
    );
    for (index, (_, what, price)) in PRICES.iter().enumerate() {
        let [one, two, three] = [reset, refused, for_nobody].map(|usage| usage[index]);
        let price = if *price < 0.01 { format!("{price:.3}") } else { format!("{price:.2}") };
        writeln!(table, "| {what} | ${price} | {one} | {two} | {three} |").unwrap();
    }
    let [one, two, three] = [reset, refused, for_nobody].map(cost);
    writeln!(table, "| **cost of a million** | | **${one:.2}** | **${two:.2}** | **${three:.2}** |").unwrap();
    let [one, two, three] = [reset, refused, for_nobody].map(without_mails);
    writeln!(table, "| without e-mails | | ${one:.2} | ${two:.2} | ${three:.2} |").unwrap();
    table
}

/// Adds users with these numbers, and a row of each kind for each.
async fn fill(worker: &Worker, numbers: Range<u32>) {
    let Range { start, end } = numbers;
    let of = format!(
        "WITH RECURSIVE number(n) AS (SELECT {start} UNION ALL SELECT n + 1 FROM number WHERE n + 1 < {end}) SELECT"
    );
    for statement in [
        format!(
            "INSERT INTO users (user_id, user_name, email)
             {of} 'u' || n, 'user' || n, n || '@other.example' FROM number"
        ),
        format!("INSERT INTO user_permissions {of} 'u' || n, 'Trading' FROM number"),
        format!(
            "INSERT INTO mails (mail_id, kind, user_id, reserved_at, sent_at, recipient, code_digest, issued_at, expires_at)
             {of} 'm' || n, 'reset', 'u' || n, now, now, n || '@other.example', 'c' || n, now, now FROM number, clock"
        ),
        format!(
            "INSERT INTO audit_log (at, call, outcome, user_id, attempt_id, address)
             {of} now, 'ResetPassword2', 'redeemed', 'u' || n, 'a' || n, '' FROM number, clock"
        ),
        format!("INSERT INTO redeemed_codes {of} 'c' || n, 'u' || n, 'a' || n, now, now FROM number, clock"),
    ] {
        worker.sql(&[&statement]).await;
    }
}

#[tokio::test]
async fn a_reset_costs_what_the_document_says_and_the_same_with_many_users() {
    let worker = &Worker::start(&Options::new("costs"));
    let count = async || {
        [
            least(worker, CPU_MILLIS, async |account| reset(worker, account).await).await,
            least(worker, 1.0, async |_| refused(worker).await).await,
            least(worker, 1.0, async |_| for_nobody(worker).await).await,
        ]
    };
    fill(worker, 0..FEW).await;
    let few = count().await;
    let path = root().join(FILE);
    let document = fs::read_to_string(&path).unwrap();
    let (before, rest) = document.split_once(START).unwrap();
    let (printed, after) = rest.split_once(END).unwrap();
    let counted = table(&few[0], &few[1], &few[2]);
    if env::var_os("WRITE_GROWTH").is_some() {
        fs::write(&path, format!("{before}{START}\n{counted}\n{END}{after}")).unwrap();
    } else {
        assert_eq!(printed.trim(), counted.trim(), "{FILE}: run `make growth`");
    }

    fill(worker, FEW..MANY).await;
    let many = count().await;
    assert_eq!(many, few, "with {MANY} users");
}
