//! `make bench`: what the README says about speed. Each figure is a ratio of two things that are measured in turn, in the same
//! run.

use std::time::{Duration, Instant};

use reqwest::Client;
use test_support::{
    account::Account,
    http::{CLIENT_ADDRESS, RESET_PASSWORD2, fresh_address},
    password::{GOOD, TOO_SHORT},
    process::tool,
    worker::{Options, Worker},
};

/// How often each thing with a hash is measured.
const HASHES: usize = 30;

/// How often each thing without a hash is measured, after a tenth as many to warm up.
const CALLS: usize = 600;

/// Between two calls: what follows a response, as the line in the log does, must not burden the next call.
const PAUSE: Duration = Duration::from_millis(5);

/// The largest ratios that pass.
const MAX_REFUSED_CALL: f64 = 1.25;
const MAX_HASH: f64 = 1.6;

/// Prints how many milliseconds OpenSSL's PBKDF2 takes with the same parameters.
const OPENSSL: &str = r#"
    const start = performance.now();
    crypto.pbkdf2Sync("four words that fit", crypto.randomBytes(16), 220000, 64, "sha512");
    console.log(performance.now() - start);
"#;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let options = Options { script: "tests/bench/side_by_side.mjs", ..Options::new("bench") };
    let bench = Bench { worker: Worker::start(&options), client: Client::new() };
    let refused_call = bench.refused_call().await;
    let hash = bench.hash().await;
    assert!(refused_call <= MAX_REFUSED_CALL, "a refused call is too slow");
    assert!(hash <= MAX_HASH, "the hash is too slow");
}

struct Bench {
    worker: Worker,
    client: Client,
}

impl Bench {
    /// Measures a call, and checks its `errorcode`.
    async fn call(&self, path: &str, payload: String, errorcode: u64) -> Duration {
        let request = self.client.post(self.worker.url(path)).header(CLIENT_ADDRESS, fresh_address());
        let start = Instant::now();
        let response = request.body(payload).send().await.unwrap();
        let text = response.text().await.unwrap();
        let time = start.elapsed();
        assert!(text.contains(&format!(r#""errorcode":{errorcode},"#)), "{text}");
        tokio::time::sleep(PAUSE).await;
        time
    }

    /// Compares a refused call with a minimal JavaScript Worker, and returns the ratio.
    async fn refused_call(&self) -> f64 {
        let (mut ours, mut minimal, mut unlimited) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..CALLS + CALLS / 10 {
            let payload = Account::new().payload(GOOD);
            let mut turns =
                [(RESET_PASSWORD2, &mut ours), ("/minimal", &mut minimal), ("/unlimited", &mut unlimited)];
            // Each is first in a third of the rounds.
            turns.rotate_left(round % 3);
            for (path, times) in turns {
                let time = self.call(path, payload.clone(), 20).await;
                if round >= CALLS / 10 {
                    times.push(time);
                }
            }
        }

        let (ours, minimal, unlimited) = (median(&mut ours), median(&mut minimal), median(&mut unlimited));
        println!("a refused call                          {ours:>8.2} ms");
        println!("the same in a minimal JavaScript Worker {minimal:>8.2} ms");
        println!(
            "  ratio                                 {:>8.2}     at most {MAX_REFUSED_CALL:.2}",
            ours / minimal
        );
        println!("and in one without the limit            {unlimited:>8.2} ms");
        println!("  ratio                                 {:>8.2}", ours / unlimited);
        ours / minimal
    }

    /// Compares the hash with OpenSSL's, and returns the ratio.
    async fn hash(&self) -> f64 {
        let (mut reset, mut refused, mut openssl) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..HASHES {
            let account = self.worker.user_with_code().await;
            refused.push(self.call(RESET_PASSWORD2, account.payload(TOO_SHORT), 101).await);
            reset.push(self.call(RESET_PASSWORD2, account.payload(GOOD), 0).await);
            let output = tool("node").args(["-e", OPENSSL]).output().unwrap().stdout;
            let millis: f64 = String::from_utf8(output).unwrap().trim().parse().unwrap();
            openssl.push(Duration::from_secs_f64(millis / 1000.0));
        }

        let (reset, refused, openssl) = (median(&mut reset), median(&mut refused), median(&mut openssl));
        let hash = reset - refused;
        println!("a good call                             {reset:>8.2} ms");
        println!("  of which hash, queue and D1           {hash:>8.2} ms");
        println!("OpenSSL's PBKDF2, through Node.js       {openssl:>8.2} ms");
        println!("  ratio                                 {:>8.2}     at most {MAX_HASH:.2}", hash / openssl);
        hash / openssl
    }
}

/// The median, in milliseconds.
fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1000.0
}
