//! A running Worker, and a test's own hands in its KV and D1.

use std::{
    collections::BTreeSet,
    env,
    fs::{self, File, OpenOptions},
    io::Write as _,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use reset_password2::pending_code::PendingCode;
use serde_json::{Value, json};
use uuid::Uuid;

/// `wrangler dev` starts in 3 seconds here; a loaded machine of two cores gets ten times that, twice.
const START_TIMEOUT: Duration = Duration::from_mins(1);

/// How long a test waits for what follows an answer.
const FOLLOW_UP_TIMEOUT: Duration = Duration::from_secs(30);

/// A Worker under `wrangler dev`, with its own port and its own state.
pub(crate) struct Worker {
    pub(crate) origin: String,
    pub(crate) log: PathBuf,
    _process: Child,
}

/// How a Worker is started.
pub(crate) struct Options<'a> {
    /// Names its folder.
    pub(crate) name: &'a str,
    /// What stands around it.
    pub(crate) script: &'a str,
    /// With its tables in D1.
    pub(crate) migrated: bool,
    /// `NAME:VALUE` over what wrangler.toml says.
    pub(crate) vars: &'a [&'a str],
    /// What is put behind wrangler.toml.
    pub(crate) more: &'a str,
}

impl Options<'_> {
    /// Under the eyes of `observed.mjs`, with its tables in D1 and the settings of wrangler.toml.
    pub(crate) const DEFAULT: Self =
        Self { name: "shared", script: "tests/e2e/observed.mjs", migrated: true, vars: &[], more: "" };
}

impl Worker {
    /// The Worker that most tests share, with the settings of wrangler.toml.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<Worker> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(&Options::DEFAULT))
    }

    /// Starts a Worker. It ends with this process.
    pub(crate) fn start(options: &Options) -> Self {
        let folder = workers().join(options.name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let state = folder.join("state");
        let log = folder.join("log");
        if options.migrated {
            // Made once: wrangler takes seconds for it.
            static MIGRATED: OnceLock<PathBuf> = OnceLock::new();
            let migrated = MIGRATED.get_or_init(migrated_state);
            let copied = Command::new("cp").arg("-R").args([migrated, &state]).status().unwrap();
            assert!(copied.success());
        }

        let mut dev = wrangler(&state);
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(options.script);
        dev.arg("dev").arg(script).args(["--ip", "127.0.0.1"]);
        // The links in mails lead to the Worker itself, so its port must be known before it starts.
        let port = free_port();
        dev.args(["--port", &port.to_string(), "--inspector-port", "0"]);
        dev.args(["--var", &format!("PUBLIC_URL:http://127.0.0.1:{port}")]);
        for var in options.vars {
            dev.args(["--var", var]);
        }
        if !options.more.is_empty() {
            let config = folder.join("wrangler.toml");
            let build = "command = \"make build\"\nwatch_dir = \"src\"\n";
            let (before, after) = include_str!("../../wrangler.toml").split_once(build).expect(build);
            fs::write(&config, [before, after, options.more].concat()).unwrap();
            dev.arg("--config").arg(config);
        }
        let process = until_this_process_ends(&dev, &log);
        let origin = wait_until_ready(&log);
        Self { origin, log, _process: process }
    }

    /// What it printed.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// Waits until it has printed `text`.
    pub(crate) async fn logs(&self, text: &str) {
        self.eventually(text, async || self.log().contains(text)).await;
    }

    /// The URL of the call.
    pub(crate) fn call(&self) -> String {
        format!("{}/AP/ResetPassword2", self.origin)
    }

    /// A POST of the call from an address that no other test has.
    pub(crate) fn post(&self, body: impl Into<reqwest::Body>) -> reqwest::RequestBuilder {
        reqwest::Client::new().post(self.call()).header("CF-Connecting-IP", fresh_address()).body(body)
    }

    /// Runs SQL in D1, and gives the rows of the last statement.
    pub(crate) async fn sql(&self, statements: &[&str]) -> Vec<Value> {
        let answer = self.test("sql", json!(statements)).await;
        let results: Vec<Value> = answer.json().await.unwrap();
        results.last().unwrap()["results"].as_array().unwrap().clone()
    }

    /// Puts entries into KV.
    pub(crate) async fn put(&self, entries: Value) {
        self.test("kv", entries).await;
    }

    /// The keys in KV.
    pub(crate) async fn keys(&self) -> Vec<String> {
        self.test("kv/keys", Value::Null).await.json().await.unwrap()
    }

    /// Lets the request called `name` go on, which `kv:wait` holds.
    pub(crate) async fn release(&self, name: &str) {
        self.test(&format!("release?of={name}"), Value::Null).await;
    }

    /// What the request called `name` asked of KV, D1 and the queue, before its answer and after.
    pub(crate) async fn operations(&self, name: &str) -> Vec<String> {
        self.test(&format!("operations?of={name}"), Value::Null).await.json().await.unwrap()
    }

    /// What was written to Analytics Engine.
    pub(crate) async fn points(&self) -> Vec<Value> {
        self.test("points", Value::Null).await.json().await.unwrap()
    }

    async fn test(&self, what: &str, body: Value) -> reqwest::Response {
        let url = format!("{}/test/{what}", self.origin);
        let answer = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{what}: {}", self.log());
        answer
    }

    /// Lets the e-mail binding fail so many times.
    pub(crate) async fn mailer_fails(&self, times: u32) {
        self.test("mailer-fails", json!(times)).await;
    }

    /// Lets the Worker panic when it delivers the next message.
    pub(crate) async fn queue_panics(&self) {
        self.test("queue-panics", Value::Null).await;
    }

    /// Lets the cron run.
    pub(crate) async fn clean_up(&self) {
        self.test("scheduled", Value::Null).await;
    }

    /// The texts of the mails that were sent to a user, as wrangler saved them.
    pub(crate) fn mails(&self, account: &Account) -> Vec<String> {
        let log = self.log();
        let recipient = format!("To: {}@example.com\n", account.user_id);
        log.split("send_email binding called")
            .filter(|mail| mail.contains(&recipient))
            .filter_map(|mail| mail.lines().find_map(|line| line.strip_prefix("Text: ")))
            .map(|path| fs::read_to_string(path.trim()).unwrap())
            .collect()
    }

    /// Waits until so many mails were sent to a user, and gives the last.
    pub(crate) async fn mail(&self, account: &Account, number: usize) -> String {
        self.eventually("a mail", async || self.mails(account).len() >= number).await;
        self.mails(account).remove(number - 1)
    }

    /// A new user who may trade, with a code.
    pub(crate) async fn user_with_code(&self) -> Account {
        let account = Account::new();
        self.enrol(&account, &["Trading"]).await;
        self.put(account.entry()).await;
        account
    }

    /// Writes a user into D1.
    pub(crate) async fn enrol(&self, account: &Account, permissions: &[&str]) {
        let id = &account.user_id;
        let user = format!(
            "INSERT INTO users (user_id, user_name, email) VALUES ('{id}', 'name{id}', '{id}@example.com')"
        );
        let grants: Vec<String> = permissions
            .iter()
            .map(|permission| format!("INSERT INTO user_permissions VALUES ('{id}', '{permission}')"))
            .collect();
        let statements: Vec<&str> =
            [user.as_str()].into_iter().chain(grants.iter().map(String::as_str)).collect();
        self.sql(&statements).await;
    }

    /// The user's row.
    pub(crate) async fn row(&self, account: &Account) -> Value {
        self.sql(&[&format!("SELECT * FROM users WHERE user_id = '{}'", account.user_id)]).await.remove(0)
    }

    /// The hash that is stored for the user.
    pub(crate) async fn stored_hash(&self, account: &Account) -> Option<String> {
        self.row(account).await["password_hash"].as_str().map(str::to_owned)
    }

    /// Waits until `condition` holds.
    pub(crate) async fn eventually(&self, what: &str, mut condition: impl AsyncFnMut() -> bool) {
        let start = Instant::now();
        while !condition().await {
            assert!(start.elapsed() < FOLLOW_UP_TIMEOUT, "{what}:\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// A user of the exchange, and the code that was sent to them.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) user_id: String,
    pub(crate) code: Uuid,
    pub(crate) issued_at: u64,
    pub(crate) expires_at: u64,
}

impl Account {
    /// A user whom no other test knows, with a code that is good for an hour.
    pub(crate) fn new() -> Self {
        let now = now();
        Self {
            user_id: fresh_number().to_string(),
            code: Uuid::new_v4(),
            issued_at: now,
            expires_at: now + 3_600_000,
        }
    }

    /// The same user with another code.
    pub(crate) fn with_another_code(&self) -> Self {
        Self { code: Uuid::new_v4(), ..self.clone() }
    }

    pub(crate) fn key(&self) -> String {
        PendingCode::from(self.code).digest().kv_key()
    }

    /// The KV entry of the code.
    pub(crate) fn entry(&self) -> Value {
        remember(&self.code.to_string());
        let record = json!({
            "UserId": self.user_id,
            "UserName": format!("name{}", self.user_id),
            "IssuedAt": self.issued_at,
            "ExpiresAt": self.expires_at,
        });
        json!({ self.key(): record.to_string() })
    }

    /// The payload of the call.
    pub(crate) fn payload(&self, password: &str) -> String {
        remember(password);
        remember(&self.code.to_string());
        json!({"UserId": self.user_id, "Password": password, "PendingCode": self.code}).to_string()
    }
}

/// Where a Worker that does not run under `wrangler dev` logs to.
pub(crate) fn log_file(name: &str) -> File {
    let folder = workers().join(name);
    fs::create_dir_all(&folder).unwrap();
    File::create(folder.join("log")).unwrap()
}

/// Where the Workers of these tests have their folders, with what they log.
fn workers() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("workers").join(env!("CARGO_CRATE_NAME"))
}

/// Writes a secret down for `tests/no_secret_logged.rs`, which looks whether any log has it.
pub(crate) fn remember(secret: &str) {
    static KNOWN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let mut known = KNOWN.lock().unwrap();
    if known.insert(secret.to_owned()) {
        fs::create_dir_all(workers()).unwrap();
        let mut file = OpenOptions::new().create(true).append(true).open(workers().join("secrets")).unwrap();
        file.write_all(format!("{}\n", json!(secret)).as_bytes()).unwrap();
    }
}

pub(crate) fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(now.as_millis()).unwrap()
}

fn fresh_number() -> u32 {
    static LAST: AtomicU32 = AtomicU32::new(0);
    LAST.fetch_add(1, Ordering::Relaxed) + 1
}

/// An address in 10.0.0.0/8 that nobody else calls from.
pub(crate) fn fresh_address() -> String {
    let [_, a, b, c] = fresh_number().to_be_bytes();
    format!("10.{a}.{b}.{c}")
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A tool of `node_modules`, which finds the others there, its Node.js among them.
pub(crate) fn tool(name: &str) -> Command {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tools = root.join("node_modules/.bin");
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths([tools.clone()].into_iter().chain(env::split_paths(&path))).unwrap();
    let mut tool = Command::new(tools.join(name));
    tool.current_dir(root).env("PATH", path);
    tool
}

/// Waits until the Worker has a port, and gives its origin.
fn wait_until_ready(log: &Path) -> String {
    let start = Instant::now();
    loop {
        let log = fs::read_to_string(log).unwrap();
        let origin = log.split_once("Ready on ").and_then(|(_, rest)| rest.split_once('\n'));
        if let Some((origin, _)) = origin {
            return origin.trim().to_owned();
        }
        assert!(start.elapsed() < START_TIMEOUT, "not ready:\n{log}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The state of a Worker that has its tables in D1, and nothing in them.
fn migrated_state() -> PathBuf {
    let state = workers().join("migrated");
    let _ = fs::remove_dir_all(&state);
    let migrate = ["d1", "migrations", "apply", "EXCHANGE", "--local"];
    let output = wrangler(&state).args(migrate).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    state
}

fn wrangler(state: &Path) -> Command {
    let mut wrangler = tool("wrangler");
    wrangler.env("CI", "true").env("WRANGLER_SEND_METRICS", "false");
    wrangler.arg("--persist-to").arg(state);
    wrangler
}

/// Runs `command` until this process ends, however it ends: a shell waits for the end of its standard input, which this
/// process holds open, and then stops what it started.
pub(crate) fn until_this_process_ends(command: &Command, log: &Path) -> Child {
    let log = File::create(log).unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", r#""$@" & started=$!; cat > /dev/null; kill "$started""#, "sh"]);
    shell.arg(command.get_program()).args(command.get_args());
    shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.current_dir(command.get_current_dir().unwrap());
    shell.stdin(Stdio::piped()).stdout(log.try_clone().unwrap()).stderr(log);
    shell.spawn().unwrap()
}
