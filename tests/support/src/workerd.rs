//! The Worker on bare workerd: the proxy of `wrangler dev` hides from the Worker that a client has left.

use std::{
    fs::{self, File},
    net::SocketAddr,
    process::{Child, Stdio},
    time::Duration,
};

use tokio::net::TcpStream;

use crate::{
    paths::workers,
    process::{free_port, tool},
};

/// A running workerd. It stops when this is dropped.
pub struct Workerd {
    /// Where it listens.
    pub address: SocketAddr,
    process: Child,
}

impl Workerd {
    /// Starts workerd, and waits until it listens.
    pub async fn start() -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let folder = workers().join(format!("workerd-{}", address.port()));
        fs::create_dir_all(&folder).unwrap();
        let log = File::create(folder.join("log")).unwrap();
        let mut workerd = tool("workerd");
        workerd.args(["serve", "tests/support/workerd/config.capnp"]);
        workerd.args(["--socket-addr", &format!("http={address}")]);
        workerd.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let workerd = Self { address, process: workerd.spawn().unwrap() };
        for _ in 0..200 {
            if TcpStream::connect(address).await.is_ok() {
                return workerd;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("workerd is not ready");
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
