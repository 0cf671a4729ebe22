//! The chromedriver that all browsers share.

use std::{
    env, fs,
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command},
    sync::OnceLock,
    time::{Duration, Instant},
};

use crate::{
    paths::{root, suite, temporary},
    process::{free_port, spawn_until_exit},
};

/// How long chromedriver may take to start.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A running chromedriver. It stops when this process ends, and the browsers that it started stop with it.
pub(crate) struct Chromedriver {
    /// Its scheme, host and port.
    pub(crate) origin: String,
    _process: Child,
}

impl Chromedriver {
    /// Starts it when it is first used.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<Chromedriver> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    fn start() -> Self {
        let port = free_port();
        let program = env::var_os("CHROMEDRIVER").unwrap_or_else(|| "/usr/bin/chromedriver".into());
        let mut command = Command::new(program);
        command.arg(format!("--port={port}")).current_dir(root());
        fs::create_dir_all(folder()).unwrap();
        let log = folder().join("chromedriver.log");
        let process = spawn_until_exit(&command, &log);
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(start.elapsed() < TIMEOUT, "not ready: {}", fs::read_to_string(&log).unwrap());
            std::thread::sleep(Duration::from_millis(20));
        }
        Self { origin: format!("http://127.0.0.1:{port}"), _process: process }
    }
}

/// A folder for its log and for the profiles of browsers.
pub(crate) fn folder() -> PathBuf {
    temporary().join("browsers").join(suite())
}
