//! The folders that tests read and write.

use std::{
    env,
    path::{Path, PathBuf},
};

/// The root of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap()
}

/// A folder for what tests leave behind.
pub fn temporary() -> PathBuf {
    root().join("target/tmp")
}

/// The folder with a subfolder for each Worker that the test target `suite` started: its state, its log, and the secrets
/// that were sent to it.
pub fn workers_of(suite: &str) -> PathBuf {
    temporary().join("workers").join(suite)
}

/// [`workers_of`] the running test target.
pub fn workers() -> PathBuf {
    workers_of(&suite())
}

/// The name of the running test target.
///
/// A library can't see which target it is compiled for, but Cargo names the executable `<target>-<hash>`.
pub fn suite() -> String {
    let executable = env::current_exe().unwrap();
    let name = executable.file_stem().unwrap().to_str().unwrap();
    name.rsplit_once('-').map_or(name, |(target, _)| target).to_owned()
}
