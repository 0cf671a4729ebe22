//! The exchange's database, through wrangler.

use std::{
    env, iter,
    path::{Path, PathBuf},
    process::Command,
};

use serde::{Deserialize, de::DeserializeOwned};

use crate::Failure;

/// How often a command is tried again while the local database is locked. Each try takes seconds.
const MAX_RETRIES: u32 = 5;

/// The D1 database `EXCHANGE`.
pub(crate) struct Database {
    is_remote: bool,
    persist_to: Option<PathBuf>,
}

impl Database {
    pub(crate) fn new(is_remote: bool, persist_to: Option<PathBuf>) -> Self {
        Self { is_remote, persist_to }
    }

    /// Runs statements, and returns the rows of the last one.
    pub(crate) fn run<Row: DeserializeOwned>(&self, sql: &str) -> Result<Vec<Row>, Failure> {
        let mut command = wrangler();
        command.args(["d1", "execute", "EXCHANGE", "--json", "--command", sql]);
        command.arg(if self.is_remote { "--remote" } else { "--local" });
        if let Some(folder) = &self.persist_to {
            command.arg("--persist-to").arg(folder);
        }
        let mut tries = 0;
        let output = loop {
            match output(&mut command) {
                // `wrangler dev` is writing to the local database. Nothing was changed.
                Err(failure) if failure.contains("SQLITE_BUSY") && tries < MAX_RETRIES => tries += 1,
                output => break output?,
            }
        };
        let mut results: Vec<Response<Row>> = serde_json::from_str(&output)
            .map_err(|error| format!("wrangler printed no result: {error}\n{output}"))?;
        results.pop().map(|last| last.results).ok_or_else(|| "wrangler printed no result.".to_owned())
    }
}

#[derive(Deserialize)]
struct Response<Row> {
    results: Vec<Row>,
}

/// Returns a text as an SQL literal. `wrangler d1 execute` can't bind values.
pub(crate) fn literal(text: &str) -> Result<String, Failure> {
    if text.contains('\0') {
        return Err("A name cannot contain a NUL character.".to_owned());
    }
    Ok(format!("'{}'", text.replace('\'', "''")))
}

/// Returns a command that runs wrangler, as `make setup` has installed it.
pub(crate) fn wrangler() -> Command {
    let tools = Path::new("node_modules/.bin");
    let paths = env::var_os("PATH").unwrap_or_default();
    // wrangler needs the Node.js next to it.
    let paths = iter::once(tools.to_owned()).chain(env::split_paths(&paths));
    let mut command = Command::new(tools.join("wrangler"));
    command.env("WRANGLER_SEND_METRICS", "false");
    if let Ok(paths) = env::join_paths(paths) {
        command.env("PATH", paths);
    }
    command
}

/// Runs a command, and returns what it prints.
pub(crate) fn output(command: &mut Command) -> Result<String, Failure> {
    let output = command.output().map_err(|error| {
        format!("wrangler cannot be run: {error}. Run this in the project's folder, after `make setup`.")
    })?;
    let text = |bytes| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    Err(format!("wrangler failed.\n{}\n{}", text(&output.stdout), text(&output.stderr)))
}
