//! The languages, and how their programs are run.

use std::{
    process::{Command, Output, Stdio},
    time::Duration,
};

use test_support::{process::tool, worker::Worker};
use tokio::{io::AsyncWriteExt as _, time::timeout};

use crate::printed::{file, folder};

/// A program takes a second at most here, including Java's compilation.
const RUN_TIMEOUT: Duration = Duration::from_mins(1);

/// A language with two programs on the page.
pub(crate) struct Language {
    pub(crate) name: &'static str,
    pub(crate) runtime: &'static str,
    /// The first number of the oldest version that works.
    pub(crate) min_version: u32,
    /// The info string of the program that issues a code.
    pub(crate) issue: &'static str,
    /// The info string of the program that verifies a password.
    pub(crate) verify: &'static str,
}

/// In the order of the page.
pub(crate) const LANGUAGES: [Language; 3] = [
    Language {
        name: "Node.js",
        runtime: "node",
        min_version: 22,
        issue: "js issue.mjs",
        verify: "js verify.mjs",
    },
    Language {
        name: "Python",
        runtime: "python3",
        min_version: 3,
        issue: "python issue.py",
        verify: "python verify.py",
    },
    Language {
        name: "Java",
        runtime: "java",
        min_version: 17,
        issue: "java Issue.java",
        verify: "java Verify.java",
    },
];

impl Language {
    /// Names its programs, for messages.
    pub(crate) fn programs(&self) -> String {
        format!("{}: {} and {}", self.name, file(self.issue), file(self.verify))
    }

    /// The version of its runtime, if that is installed and new enough.
    pub(crate) fn installed_version(&self) -> Option<String> {
        let output =
            self.runtime().arg("--version").output().ok().filter(|output| output.status.success())?;
        let version = String::from_utf8(output.stdout).ok()?.lines().next()?.to_owned();
        let number = version.split(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty())?;
        (number.parse::<u32>().ok()? >= self.min_version).then_some(version)
    }

    fn runtime(&self) -> Command {
        if self.runtime == "node" { tool("node") } else { Command::new(self.runtime) }
    }

    fn program(&self, info: &str) -> Command {
        let mut program = self.runtime();
        match file(info).strip_suffix(".java") {
            Some(class) => program.arg("-cp").arg(folder()).arg(class),
            None => program.arg(folder().join(file(info))),
        };
        // Arguments are in the locale's encoding.
        program.env("LC_ALL", "C.UTF-8").env("NO_PROXY", "127.0.0.1");
        program
    }

    /// Compiles Java's programs. `java Issue.java` would do that each time.
    pub(crate) fn compile(&self) {
        if self.runtime == "java" {
            let sources = [self.issue, self.verify].map(|info| folder().join(file(info)));
            let compiled = Command::new("javac").args(sources).env("LC_ALL", "C.UTF-8").status().unwrap();
            assert!(compiled.success());
        }
    }

    /// The command that issues a code.
    pub(crate) fn issue_command(
        &self,
        worker: &Worker,
        namespace: &str,
        token: &str,
        arguments: &[&str],
    ) -> Command {
        let mut program = self.program(self.issue);
        program.env("KV_NAMESPACE_URL", namespace).env("CLOUDFLARE_API_TOKEN", token);
        program.env("PUBLIC_URL", worker.origin()).args(arguments);
        program
    }

    /// Issues a code.
    pub(crate) async fn issue(
        &self,
        worker: &Worker,
        namespace: &str,
        token: &str,
        arguments: &[&str],
    ) -> Output {
        run(self.issue_command(worker, namespace, token, arguments), "").await
    }

    /// Verifies a password.
    pub(crate) async fn verify(&self, password: &str, stored: &str) -> Output {
        let mut program = self.program(self.verify);
        program.arg(stored);
        run(program, password).await
    }
}

/// Runs a program with this standard input.
pub(crate) async fn run(command: Command, input: &str) -> Output {
    let mut command = tokio::process::Command::from(command);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let run = async {
        let mut program = command.spawn().unwrap();
        let mut stdin = program.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).await.unwrap();
        drop(stdin);
        program.wait_with_output().await.unwrap()
    };
    timeout(RUN_TIMEOUT, run).await.expect("the program ends in time")
}

/// Checks that a program succeeded, and returns the one line that it printed.
pub(crate) fn success(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    one_line(output)
}

/// The one line that a program printed.
pub(crate) fn one_line(output: &Output) -> String {
    let text = str::from_utf8(&output.stdout).unwrap();
    text.strip_suffix('\n').filter(|line| !line.contains('\n')).expect(text).to_owned()
}

/// Checks that a program failed, printed nothing, and mentioned `reason` in its message, which is returned.
pub(crate) fn error(output: &Output, reason: &str) -> String {
    assert!(!output.status.success() && output.stdout.is_empty(), "{output:?}");
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.contains(reason), "{reason}: {message}");
    message
}
