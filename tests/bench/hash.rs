//! The hash of a password, in CPU time, because it takes so long that other programs interrupt it.

use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use reset_password2::password::ROUNDS;
use serde_json::json;
use test_support::{
    http::RESET_PASSWORD2,
    password::{GOOD, TOO_SHORT},
    process::tool,
    workerd::Workerd,
};
use uuid::Uuid;

use crate::figures::{Figures, Times};

const HASHES: usize = 40;

/// V8 compiles the hash with its optimizing compiler while it runs for the first time.
const WARM_UP: usize = 2;

const BOUND_TO_BARE: f64 = 1.05;
const BOUND_TO_OPENSSL: f64 = 1.6;

/// Prints how many microseconds OpenSSL takes, and the first eight bytes of the hash.
const OPENSSL: &str = r#"
    const [rounds] = process.argv.slice(1).map(Number);
    const start = process.cpuUsage();
    const hash = crypto.pbkdf2Sync("four words that fit", "sixteen  random!", rounds, 64, "sha512");
    const { user, system } = process.cpuUsage(start);
    console.log(user + system, hash.readBigUInt64BE().toString());
"#;

/// Compares the hash with the bare crates in the same workerd, and with OpenSSL. The time of the hash is the
/// difference between a successful call and a call whose password is rejected, with bindings that respond at
/// once.
pub(crate) async fn measure(figures: &mut Figures) {
    let bench =
        Bench { workerd: Workerd::start_with("tests/bench/workerd.capnp", "hash"), client: Client::new() };
    let (mut ours, mut bare, mut openssl) = (Times::default(), Times::default(), Times::default());
    for round in 0..WARM_UP + HASHES {
        let rejected_call = bench.call(TOO_SHORT, 101).await;
        let successful_call = bench.call(GOOD, 0).await;
        let (bare_time, bare_hash) = bench.bare().await;
        let (openssl_time, openssl_hash) = from_openssl();
        assert_eq!(bare_hash, openssl_hash);
        if round >= WARM_UP {
            ours.push(successful_call.checked_sub(rejected_call).unwrap());
            bare.push(bare_time);
            openssl.push(openssl_time);
        }
    }
    figures.add("hash vs. the bare crates in WebAssembly", &ours, &bare, BOUND_TO_BARE);
    figures.add("hash vs. OpenSSL's PBKDF2", &ours, &openssl, BOUND_TO_OPENSSL);
}

struct Bench {
    workerd: Workerd,
    client: Client,
}

impl Bench {
    async fn call(&self, password: &str, errorcode: u8) -> Duration {
        let payload = json!({"UserId": 5, "Password": password, "PendingCode": Uuid::new_v4()});
        let request = self.client.post(self.url(RESET_PASSWORD2)).body(payload.to_string());
        let (time, response) = self.measure(request).await;
        assert!(response.contains(&format!(r#""errorcode":{errorcode},"#)), "{response}");
        time
    }

    async fn bare(&self) -> (Duration, String) {
        self.measure(self.client.get(self.url(&format!("/bare?rounds={ROUNDS}")))).await
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.workerd.address)
    }

    async fn measure(&self, request: RequestBuilder) -> (Duration, String) {
        let start = self.workerd.cpu_time();
        let response = request.send().await.unwrap().text().await.unwrap();
        (self.workerd.cpu_time().checked_sub(start).unwrap(), response)
    }
}

fn from_openssl() -> (Duration, String) {
    let output = tool("node").args(["-e", OPENSSL, &ROUNDS.to_string()]).output().unwrap().stdout;
    let output = String::from_utf8(output).unwrap();
    let (micros, hash) = output.trim().split_once(' ').expect(&output);
    (Duration::from_micros(micros.parse().unwrap()), hash.to_owned())
}
