//! Programs that tests run.

use std::{
    env,
    fs::File,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
};

use crate::paths::root;

/// A program of `node_modules`, which finds the others there, Node.js among them. It runs in the root of the workspace.
pub fn tool(name: &str) -> Command {
    let tools = root().join("node_modules/.bin");
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths([tools.clone()].into_iter().chain(env::split_paths(&path))).unwrap();
    let mut tool = Command::new(tools.join(name));
    tool.current_dir(root()).env("PATH", path);
    tool
}

/// A TCP port on which no process listens.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Starts `command`, and stops it when this process ends, even if it crashes: a shell waits for the end of its standard
/// input, which this process holds open, and then kills the program.
pub(crate) fn spawn_until_exit(command: &Command, log: &Path) -> Child {
    let log = File::create(log).unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", r#""$@" & started=$!; cat > /dev/null; kill "$started""#, "sh"]);
    shell.arg(command.get_program()).args(command.get_args());
    shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.current_dir(command.get_current_dir().unwrap());
    shell.stdin(Stdio::piped()).stdout(log.try_clone().unwrap()).stderr(log);
    shell.spawn().unwrap()
}
