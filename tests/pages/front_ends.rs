//! docs/contract.md, section 1: calls from a page on another origin. The tests check what the page read, and what reached the
//! Worker.

use serde_json::{Value, json};
use test_support::{
    account::Account,
    browser::Browser,
    front_end::{FETCH, FrontEnd, JQUERY},
    password::{GOOD, OTHER, TOO_SHORT},
    response::errormsg,
    site::Site,
    texts::detail,
    worker::{Options, Worker},
};

/// Checks that the page read this response, as a success or as an error: jQuery reports a response that it can't parse as
/// neither.
fn assert_read(read: &Value, status: u16, errorcode: u64, detail: Option<&str>) {
    let expected = json!({
        "outcome": if status == 200 { "success" } else { "error" },
        "status": status,
        "retryAfter": (status == 429).then_some("60"),
        "body": {
            "result": errorcode == 0,
            "errormsg": errormsg(errorcode),
            "errorcode": errorcode,
            "detail": detail,
        },
    });
    assert_eq!(*read, expected);
}

/// Options for headers that no form could send.
fn with_headers() -> Value {
    json!({"headers": {"Content-Type": "application/json", "X-Requested-With": "XMLHttpRequest"}})
}

/// What arrives of a preflight.
fn preflight() -> [Value; 2] {
    ["OPTIONS".into(), Value::Null]
}

/// Every response but the one to a client that calls too often.
async fn assert_reads_every_response(front_end: &FrontEnd<'_>) {
    let worker = front_end.worker;
    let account = worker.user_with_code().await;
    let stranger = Account::new();
    let unreadable = Account::new();
    worker.put(json!({ unreadable.key(): "no record" })).await;
    let gone = Account::new();
    worker.put(gone.entry()).await;
    let forgetful = worker.user().await;

    let not_a_guid = json!({"UserId": "5", "Password": GOOD, "PendingCode": "from the e-mail"});
    let too_large = stranger.payload_object(&"long ".repeat(4000));
    let user_name = json!({"UserName": forgetful.user_name()});
    for (name, payload, status, errorcode, detail) in [
        ("ResetPassword2", account.payload_object(TOO_SHORT), 200, 101, Some(detail::TOO_SHORT)),
        ("ResetPassword2", account.payload_object(GOOD), 200, 0, None),
        ("ResetPassword2", account.payload_object(OTHER), 200, 20, Some(detail::NOT_AUTHORIZED)),
        ("ResetPassword2", stranger.payload_object(GOOD), 200, 20, Some(detail::NOT_AUTHORIZED)),
        ("ResetPassword2", not_a_guid, 200, 100, Some(detail::NOT_A_GUID)),
        ("ResetPassword2", unreadable.payload_object(GOOD), 200, 102, Some(detail::UNAVAILABLE)),
        ("ResetPassword2", gone.payload_object(GOOD), 200, 104, Some(detail::USER_GONE)),
        ("ResetPassword2", too_large, 413, 100, Some(detail::BODY_TOO_LARGE)),
        ("ResetPassword3", stranger.payload_object(GOOD), 404, 106, Some(&detail::unknown_call())),
        ("ResetPassword", user_name, 200, 0, None),
    ] {
        let read = front_end.call(name, &payload).await;
        assert_read(&read, status, errorcode, detail);
        assert_eq!(front_end.take_arrivals().await, [front_end.simple_request()], "{name}: {payload}");
    }
    assert!(worker.has_password(&account, GOOD).await);
    worker.mail(&forgetful, 1).await;

    // Each front end uses the options that it knows.
    let get = json!({"method": "GET", "body": null, "data": null});
    let read = front_end.call_with(get, "ResetPassword2", &Value::Null).await;
    assert_read(&read, 405, 106, Some(detail::NOT_A_POST));
    assert_eq!(front_end.take_arrivals().await, [["GET".into(), Value::Null]]);

    let account = worker.user_with_code().await;
    let payload = account.payload_object(GOOD);
    let read = front_end.call_with(with_headers(), "ResetPassword2", &payload).await;
    assert_read(&read, 200, 0, None);
    assert_eq!(front_end.take_arrivals().await, [preflight(), ["POST".into(), "application/json".into()]]);
    assert!(worker.has_password(&account, GOOD).await);
}

#[tokio::test]
async fn a_page_of_another_origin_can_read_every_response() {
    let worker = Worker::shared();
    let browser = Browser::open().await;
    browser.clear_headers().await;
    // A site for each, since a browser remembers the preflights of an origin.
    let sites = [(FETCH, Site::start().await), (JQUERY, Site::start().await)];
    for (kind, site) in &sites {
        assert_reads_every_response(&FrontEnd::open(*kind, site, worker, &browser).await).await;
    }
    // This comes last, since these calls come from this machine's own address. No other test calls this Worker from it.
    for (kind, site) in &sites {
        let front_end = FrontEnd::open(*kind, site, worker, &browser).await;
        let read = front_end.call_until_limited(&Account::new().payload_object(GOOD)).await;
        assert_read(&read, 429, 101, Some(detail::TOO_MANY_ATTEMPTS));
        let arrivals = front_end.take_arrivals().await;
        assert!(arrivals.iter().all(|arrival| *arrival == front_end.simple_request()), "{arrivals:?}");
    }
}

/// Before version 4, jQuery looks for JSONP's `??` even in JSON that is sent as a form, which is the default. It then loads
/// a script: a GET with the payload in the URL, whose failure this version doesn't report. A GET changes nothing, and with
/// `jsonp: false` the call is made.
#[tokio::test]
async fn a_password_that_jquery_takes_for_jsonp_does_not_use_up_the_code() {
    const PASSWORD: &str = "which four words??";
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let browser = Browser::open().await;
    let site = Site::start().await;
    let front_end = FrontEnd::open(JQUERY, &site, worker, &browser).await;
    let payload = account.payload_object(PASSWORD);
    let script = "call('ResetPassword2', arguments[0], {}, () => {})";
    browser.client.execute(script, vec![payload.clone()]).await.unwrap();
    let scripts = "return performance.getEntriesByType('resource').map(({name}) => name).filter((url) => url.includes('/AP/'))";
    worker.wait_until("a script", async || browser.js(scripts).await != json!([])).await;
    let url = browser.js(scripts).await[0].as_str().unwrap().to_owned();
    assert!(url.contains(&account.code.to_string()), "{url}");
    assert_eq!(worker.stored_hash(&account).await, None);

    let read = front_end.call_with(json!({"jsonp": false}), "ResetPassword2", &payload).await;
    assert_read(&read, 200, 0, None);
    assert!(worker.has_password(&account, PASSWORD).await);
}

#[tokio::test]
async fn only_the_allowed_origin_can_read_responses() {
    let (allowed, other) = (Site::start().await, Site::start().await);
    let allowed_origin = format!("ALLOWED_ORIGIN:{}", allowed.origin);
    let vars = [&*allowed_origin];
    let worker = Worker::start(&Options { migrated: false, vars: &vars, ..Options::new("allowed") });
    let browser = Browser::open().await;
    browser.clear_headers().await;
    let payload = Account::new().payload_object(GOOD);
    for kind in [FETCH, JQUERY] {
        let front_end = FrontEnd::open(kind, &allowed, &worker, &browser).await;
        for options in [json!({}), with_headers()] {
            let read = front_end.call_with(options, "ResetPassword2", &payload).await;
            assert_eq!([&read["status"], &read["body"]["errorcode"]], [200, 20]);
        }

        let front_end = FrontEnd::open(kind, &other, &worker, &browser).await;
        for (options, arrival) in [(json!({}), front_end.simple_request()), (with_headers(), preflight())] {
            let read = front_end.call_with(options, "ResetPassword2", &payload).await;
            assert_eq!(read, json!({"outcome": "error", "status": 0, "retryAfter": null, "body": null}));
            assert_eq!(front_end.take_arrivals().await, [arrival]);
        }
    }
}
