//! The Worker under `wrangler dev`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};

use crate::{
    paths::{root, workers},
    process::{free_port, spawn_until_exit, tool},
};

/// `wrangler dev` takes 3 seconds on an idle machine; a loaded one with two cores gets 20 times that.
const START_TIMEOUT: Duration = Duration::from_mins(1);

/// How long [`Worker::wait_until`] waits.
const WAIT_TIMEOUT: Duration = Duration::from_secs(30);

/// A running Worker, with its own port and its own state.
pub struct Worker {
    origin: String,
    log: PathBuf,
    _process: Child,
}

/// How a Worker is started.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Names its folder. Within a suite, each Worker has a different one.
    pub name: &'a str,
    /// The module that wraps the Worker, from the root of the workspace.
    pub script: &'a str,
    /// Whether D1 has its tables.
    pub migrated: bool,
    /// `NAME:VALUE`, in place of what wrangler.toml says.
    pub vars: &'a [&'a str],
    /// Appended to wrangler.toml.
    pub config: &'a str,
}

impl<'a> Options<'a> {
    /// Watched by `observed.mjs`, with its tables in D1 and the settings of wrangler.toml.
    pub const fn new(name: &'a str) -> Self {
        Self { name, script: "tests/support/observed.mjs", migrated: true, vars: &[], config: "" }
    }
}

impl Worker {
    /// Starts a Worker. It stops when this process ends.
    pub fn start(options: &Options) -> Self {
        let folder = workers().join(options.name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let state = folder.join("state");
        if options.migrated {
            copy_migrated_state(&state);
        }

        let mut dev = wrangler(&state);
        dev.arg("dev").arg(root().join(options.script)).args(["--ip", "127.0.0.1"]);
        // Mails link to the Worker itself, so its port must be known before it starts.
        let port = free_port();
        dev.args(["--port", &port.to_string(), "--inspector-port", "0"]);
        dev.args(["--var", &format!("PUBLIC_URL:http://127.0.0.1:{port}")]);
        // Only the tests of the breach check have a service that they may ask.
        dev.args(["--var", "BREACH_CHECK:off"]);
        for var in options.vars {
            dev.args(["--var", var]);
        }
        if !options.config.is_empty() {
            dev.arg("--config").arg(write_config(&folder, options.config));
        }
        let log = folder.join("log");
        let process = spawn_until_exit(&dev, &log);
        let origin = wait_until_ready(&log);
        Self { origin, log, _process: process }
    }

    /// Its scheme, host and port.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Its host and port.
    pub fn host(&self) -> &str {
        self.origin.strip_prefix("http://").unwrap()
    }

    /// The URL of a path that starts with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Where it keeps KV, D1 and the queue.
    pub fn state_folder(&self) -> PathBuf {
        self.log.with_file_name("state")
    }

    /// Everything it has printed.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// Waits until it has printed `text`.
    pub async fn wait_for_log(&self, text: &str) {
        self.wait_until(text, async || self.log().contains(text)).await;
    }

    /// Waits until `condition` holds. `what` describes it, for the message of the failure.
    pub async fn wait_until(&self, what: &str, mut condition: impl AsyncFnMut() -> bool) {
        let start = Instant::now();
        while !condition().await {
            assert!(start.elapsed() < WAIT_TIMEOUT, "{what}:\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Waits until the log names the Worker's origin, and returns it.
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

/// Writes wrangler.toml without its build command, and with more after it.
fn write_config(folder: &Path, more: &str) -> PathBuf {
    const BUILD: &str = "command = \"make build\"\nwatch_dir = \"src\"\n";
    let config = fs::read_to_string(root().join("wrangler.toml")).unwrap();
    let (before, after) = config.split_once(BUILD).expect(BUILD);
    let path = folder.join("wrangler.toml");
    // Relative to the file, which is elsewhere now.
    let assets = |text: &str| text.replace("\"assets\"", &format!("\"{}\"", root().join("assets").display()));
    fs::write(&path, [&assets(before), &assets(after), more].concat()).unwrap();
    path
}

/// Gives a Worker a D1 with empty tables. Migrating takes wrangler seconds, so it is done once.
fn copy_migrated_state(state: &Path) {
    static MIGRATED: OnceLock<PathBuf> = OnceLock::new();
    let migrated = MIGRATED.get_or_init(|| {
        let state = workers().join("migrated");
        let _ = fs::remove_dir_all(&state);
        let migrate = ["d1", "migrations", "apply", "EXCHANGE", "--local"];
        let output = wrangler(&state).args(migrate).stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        state
    });
    let copied = Command::new("cp").arg("-R").args([migrated, state]).status().unwrap();
    assert!(copied.success());
}

fn wrangler(state: &Path) -> Command {
    let mut wrangler = tool("wrangler");
    wrangler.env("CI", "true").env("WRANGLER_SEND_METRICS", "false");
    wrangler.arg("--persist-to").arg(state);
    wrangler
}
