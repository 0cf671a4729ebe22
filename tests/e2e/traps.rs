//! What becomes of calls if the module traps without a panic, because its memory is exhausted.

use futures_util::future::join_all;
use serde_json::{Value, json};
use test_support::{
    account::Account,
    http::{RESET_PASSWORD2, fresh_address},
    observer::{FAULT, NAME},
    password::GOOD,
    response::{call, errorcode, request_id, standard_response},
    texts::{detail, log},
    websocket::{Reply, Socket},
    worker::Worker,
};

use crate::log::lines;

/// Status code of RFC 6455, section 7.4.1.
const INTERNAL_ERROR: u16 = 1011;

/// A payload that takes 16 times its size in memory when it is parsed.
fn exhausting_payload() -> String {
    format!(r#"{{"UserId":"5","x":[{}1]}}"#, "1,".repeat(7000))
}

/// Makes a call, and checks that its response and its only line in the log are those after a trap.
async fn assert_trapped(worker: &Worker, payload: String, headers: [(&str, &str); 2]) {
    let [name, fault] = headers;
    let request = worker.reset_password2(payload).header(name.0, name.1).header(fault.0, fault.1);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    let request_id = request_id(&response);
    let response = standard_response(&response.text().await.unwrap());
    assert_eq!(response["errorcode"], 102);
    assert!(response["detail"].as_str().unwrap().starts_with(detail::UNCLEAR), "{response}");
    assert_trap_is_logged(worker, &request_id, &[Value::Null]).await;
}

/// Checks that the log has one line for each of these values of `frame`, and no others.
async fn assert_trap_is_logged(worker: &Worker, request_id: &str, frames: &[Value]) {
    let lines = lines(worker, request_id, frames.len()).await;
    for (line, frame) in lines.iter().zip(frames) {
        assert_eq!(line["error"], log::TRAP, "{line}");
        assert_eq!(&line["frame"], frame, "{line}");
        assert_eq!(line["location"].as_str().unwrap().len(), 3, "{line}");
    }
}

/// Checks that the calls of these accounts changed nothing, and that their codes still work.
async fn assert_codes_remain_usable(worker: &Worker, accounts: &[Account]) {
    for account in accounts {
        assert_eq!(worker.stored_hash(account).await, None);
        assert_eq!(call(worker.reset_password2(account.payload(GOOD))).await["errorcode"], 0);
    }
}

#[tokio::test]
async fn calls_get_a_response_if_memory_is_exhausted() {
    let worker = Worker::with_little_memory().await;
    let mut accounts = Vec::new();
    for _ in 0..5 {
        accounts.push(worker.user_with_code().await);
    }
    let names: Vec<String> = (0..accounts.len()).map(|index| format!("exhausted-{index}")).collect();
    let waiting = accounts.iter().zip(&names).map(|(account, name)| {
        assert_trapped(&worker, account.payload(GOOD), [(NAME, name), (FAULT, "kv:wait")])
    });
    let exhausting = async {
        for name in &names {
            worker.wait_for_operation(name).await;
        }
        let calls = (0..20).map(|_| assert_trapped(&worker, exhausting_payload(), [(NAME, ""), (FAULT, "")]));
        join_all(calls).await;
    };
    tokio::join!(join_all(waiting), exhausting);

    // KV's responses arrive, and must be ignored.
    for name in &names {
        worker.release(name).await;
    }
    assert_codes_remain_usable(&worker, &accounts).await;
}

/// Each call takes a little memory and waits, so memory can run out at any point of a call, also before its promise has been
/// returned to the runtime.
#[tokio::test]
async fn calls_get_a_response_no_matter_when_memory_runs_out() {
    const CALLS: u64 = 300;
    let worker = Worker::with_little_memory().await;
    let address = fresh_address();
    let calls = (0..CALLS).map(|_| {
        let payload = Account::new().payload(GOOD);
        let request = worker.post_from(&address, RESET_PASSWORD2).body(payload).header(NAME, "many");
        errorcode(request.header(FAULT, "limit:fail,kv:wait"))
    });
    let release = async {
        worker.wait_until("all calls", async || worker.posts(&address).await == CALLS).await;
        worker.release("many").await;
    };
    let (errorcodes, ()) = tokio::join!(join_all(calls), release);
    let trapped = errorcodes.iter().filter(|&&errorcode| errorcode == 102).count();
    assert!(trapped > 100, "{trapped}");
    // The code of the others, which had not run out of memory when they were released, is unknown.
    assert!(errorcodes.iter().all(|errorcode| [20, 102].contains(errorcode)), "{errorcodes:?}");
}

#[tokio::test]
async fn calls_get_a_reply_on_every_connection_if_memory_is_exhausted() {
    let worker = Worker::with_little_memory().await;
    let account = worker.user_with_code().await;
    let mut silent = Socket::open(&worker).await;
    silent.call(0, "ResetPassword2", "{}").await;
    assert_eq!(silent.reply().await.errorcode, 100);
    let mut busy = Socket::open_with(&worker, &[(NAME, "busy"), (FAULT, "kv:wait")]).await.unwrap();
    busy.call(6, "ResetPassword2", &account.payload(GOOD)).await;
    worker.wait_for_operation("busy").await;

    let mut socket = Socket::open(&worker).await;
    socket.call(4, "ResetPassword2", &exhausting_payload()).await;
    for (socket, sequence) in [(&mut socket, 4), (&mut busy, 6)] {
        assert_eq!(socket.reply().await, Reply::new(json!([1, sequence, "ResetPassword2"]), 102));
        assert_eq!(socket.closed().await, (INTERNAL_ERROR, 0));
        assert_trap_is_logged(&worker, &socket.request_id, &[Value::Null, json!(sequence)]).await;
    }
    assert_eq!(silent.closed().await, (INTERNAL_ERROR, 0));

    worker.release("busy").await;
    assert_codes_remain_usable(&worker, &[account]).await;
    let mut next = Socket::open(&worker).await;
    next.call(0, "ResetPassword2", "{}").await;
    assert_eq!(next.reply().await.errorcode, 100);
}
