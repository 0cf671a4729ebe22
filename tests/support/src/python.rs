//! Programs in Python, from the virtual environments that the Makefile creates.

use std::process::Command;

use crate::paths::root;

/// The Python with the packages of `tests/<suite>/requirements.txt`, in the root of the workspace.
pub fn python(suite: &str, arguments: &[&str]) -> Command {
    let python = root().join(format!(".tools/python-{suite}/bin/python"));
    assert!(python.exists(), "{} is missing: run `make python`", python.display());
    let mut command = Command::new(python);
    command.current_dir(root()).env("PYTHONDONTWRITEBYTECODE", "1").args(arguments);
    command
}
