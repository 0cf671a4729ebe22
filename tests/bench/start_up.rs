//! From starting workerd to its first response.

use std::time::{Duration, Instant};

use reqwest::Client;
use test_support::workerd::Workerd;

use crate::figures::{Figures, Times};

const STARTS: usize = 50;

/// How many times each is started before it is measured, so that its files are in memory.
const WARM_UP: usize = 2;

const BOUND: f64 = 1.6;
const MODULE_BOUND: f64 = 1.4;
const FIRST_REQUEST_BOUND: f64 = 8.0;

/// Compares the Worker, which shows its page, with a hello-world Worker in JavaScript. Then divides the difference: what the
/// size of the module causes, and what the first request of an isolate takes longer than the second.
pub(crate) async fn measure(figures: &mut Figures) {
    let (mut ours, mut hello_world, mut unused_module) =
        (Times::default(), Times::default(), Times::default());
    let (mut first_request, mut second_request) = (Times::default(), Times::default());
    for round in 0..WARM_UP + STARTS {
        let our_start = start("startUp", "/resetPassword").await;
        let hello_world_start = start("helloWorld", "/").await;
        let unused_module_start = start("unusedModule", "/").await;
        if round >= WARM_UP {
            ours.push(our_start.total);
            hello_world.push(hello_world_start.total);
            unused_module.push(unused_module_start.total);
            first_request.push(our_start.first_request);
            second_request.push(our_start.second_request);
        }
    }
    figures.add("start-up vs. a hello-world Worker", &ours, &hello_world, BOUND);
    figures.add("hello-world with our module vs. without", &unused_module, &hello_world, MODULE_BOUND);
    figures.add("our first request vs. the second", &first_request, &second_request, FIRST_REQUEST_BOUND);
}

struct Start {
    total: Duration,
    first_request: Duration,
    second_request: Duration,
}

async fn start(config: &str, path: &str) -> Start {
    let start = Instant::now();
    let workerd = Workerd::start_with("tests/bench/workerd.capnp", config);
    let first_request = request(&workerd, path).await;
    let total = start.elapsed();
    Start { total, first_request, second_request: request(&workerd, path).await }
}

/// Sends a request on a connection of its own.
async fn request(workerd: &Workerd, path: &str) -> Duration {
    let client = Client::new();
    let start = Instant::now();
    let response = client.get(format!("http://{}{path}", workerd.address)).send().await.unwrap();
    assert_eq!(response.status(), 200);
    response.bytes().await.unwrap();
    start.elapsed()
}
