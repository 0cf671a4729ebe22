//! The Worker on bare workerd: the proxy of `wrangler dev` hides from the Worker that a client has left.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader, pipe},
    net::SocketAddr,
    process::{Child, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use serde_json::Value;

use crate::{paths::workers, process::tool};

/// A running workerd. It stops when this is dropped.
pub struct Workerd {
    /// Where it listens.
    pub address: SocketAddr,
    process: Child,
}

impl Workerd {
    /// Starts workerd with the Worker, and waits until it listens.
    pub fn start() -> Self {
        Self::start_with("tests/support/workerd/config.capnp", "config")
    }

    /// Starts workerd with the configuration `name` in a file, and waits until it listens on its only socket.
    pub fn start_with(file: &str, name: &str) -> Self {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let folder = workers().join(format!("workerd-{}", STARTED.fetch_add(1, Ordering::Relaxed)));
        fs::create_dir_all(&folder).unwrap();
        let log = File::create(folder.join("log")).unwrap();
        // workerd reports its address on a file descriptor, and a child process gets only the standard ones.
        // It reads nothing, so it can use its standard input for the report.
        let (report, control) = pipe().unwrap();
        let mut workerd = tool("workerd");
        workerd.args(["serve", "--control-fd", "0", file, name]);
        workerd.stdin(Stdio::from(control)).stdout(log.try_clone().unwrap()).stderr(log);
        let process = workerd.spawn().unwrap();
        // Closes this end of the pipe, so that reading ends if workerd does.
        drop(workerd);
        let mut line = String::new();
        BufReader::new(report).read_line(&mut line).unwrap();
        let event: Value = serde_json::from_str(&line).expect("workerd listens: see its log");
        let port = u16::try_from(event["port"].as_u64().unwrap()).unwrap();
        Self { address: SocketAddr::from(([127, 0, 0, 1], port)), process }
    }

    /// The CPU time that the Worker's thread has used so far, as Linux reports it.
    pub fn cpu_time(&self) -> Duration {
        let path = format!("/proc/{}/schedstat", self.process.id());
        let nanos = fs::read_to_string(&path).expect(&path);
        Duration::from_nanos(nanos.split(' ').next().unwrap().parse().unwrap())
    }

    /// The size of the memory of the Worker's only WebAssembly instance, in bytes.
    pub async fn memory(&self) -> u64 {
        let memory = reqwest::get(format!("http://{}/test/memory", self.address)).await.unwrap();
        let [bytes]: [u64; 1] = memory.json().await.unwrap();
        bytes
    }
}

impl Drop for Workerd {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
