//! From starting workerd to its first response.

use std::time::{Duration, Instant};

use reqwest::Client;
use test_support::workerd::Workerd;

use crate::figures::{Figures, Times};

const STARTS: usize = 50;

/// How many times each is started before it is measured, so that its files are in memory.
const WARM_UP: usize = 2;

const BOUND: f64 = 1.6;

/// Compares the Worker, which shows its page, with a hello-world Worker in JavaScript.
pub(crate) async fn measure(figures: &mut Figures) {
    let client = Client::new();
    let (mut ours, mut hello_world) = (Times::default(), Times::default());
    for round in 0..WARM_UP + STARTS {
        let our_time = start(&client, "startUp", "/resetPassword").await;
        let hello_world_time = start(&client, "helloWorld", "/").await;
        if round >= WARM_UP {
            ours.push(our_time);
            hello_world.push(hello_world_time);
        }
    }
    figures.add("start-up vs. a hello-world Worker", &ours, &hello_world, BOUND);
}

async fn start(client: &Client, config: &str, path: &str) -> Duration {
    let start = Instant::now();
    let workerd = Workerd::start_with("tests/bench/workerd.capnp", config);
    let response = client.get(format!("http://{}{path}", workerd.address)).send().await.unwrap();
    assert_eq!(response.status(), 200);
    response.bytes().await.unwrap();
    start.elapsed()
}
