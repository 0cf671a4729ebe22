//! The Workers that several tests share. Each starts when it is first used.

use std::sync::OnceLock;

use tokio::sync::{Mutex, MutexGuard};

use crate::{
    little_memory::copy_with_little_memory,
    worker::{Options, Worker},
};

impl Worker {
    /// With the settings of wrangler.toml.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Worker> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(&Options::new("shared")))
    }

    /// With settings that differ from those of wrangler.toml: a minimal length of 8, the context words Example and `ExEx`,
    /// and `https://exchange.example` as the only allowed origin.
    pub fn configured() -> &'static Self {
        static CONFIGURED: OnceLock<Worker> = OnceLock::new();
        let vars = [
            "PASSWORD_MIN_LENGTH:8",
            "PASSWORD_CONTEXT_WORDS:Example, ExEx",
            "ALLOWED_ORIGIN:https://exchange.example",
        ];
        CONFIGURED.get_or_init(|| Self::start(&Options { vars: &vars, ..Options::new("configured") }))
    }

    /// With a `PASSWORD_MIN_LENGTH` that is too small.
    pub fn misconfigured() -> &'static Self {
        static MISCONFIGURED: OnceLock<Worker> = OnceLock::new();
        let vars = ["PASSWORD_MIN_LENGTH:7"];
        MISCONFIGURED.get_or_init(|| Self::start(&Options { vars: &vars, ..Options::new("misconfigured") }))
    }

    /// Without the tables in D1.
    pub fn without_schema() -> &'static Self {
        static WITHOUT_SCHEMA: OnceLock<Worker> = OnceLock::new();
        let options = Options { migrated: false, ..Options::new("no-schema") };
        WITHOUT_SCHEMA.get_or_init(|| Self::start(&options))
    }

    /// A Worker that may panic, for one test at a time: a panic also ends all concurrent requests.
    pub async fn may_panic() -> MutexGuard<'static, Self> {
        static MAY_PANIC: OnceLock<Mutex<Worker>> = OnceLock::new();
        MAY_PANIC.get_or_init(|| Mutex::new(Self::start(&Options::new("panicking")))).lock().await
    }

    /// A Worker with so little memory that a call can exhaust it, for one test at a time: that ends all concurrent requests.
    pub async fn with_little_memory() -> MutexGuard<'static, Self> {
        static WITH_LITTLE_MEMORY: OnceLock<Mutex<Worker>> = OnceLock::new();
        let start = || {
            let script = copy_with_little_memory();
            Mutex::new(Self::start(&Options { script: &script, ..Options::new("little-memory") }))
        };
        WITH_LITTLE_MEMORY.get_or_init(start).lock().await
    }
}
