//! Contract, section 1: the front ends that exchanges have, on another origin. Each calls in its own way, and its page reads
//! every answer. Of an answer, what the page made of it is asserted; of a request, what came to the Worker.

mod site;

use reset_password2::password::{Verification, verify};
use serde_json::{Value, json};

use crate::{
    GOOD, OTHER,
    browser::Browser,
    worker::{Account, Options, Worker},
};
use site::Site;

/// A page, and the `Content-Type` under which its JSON comes.
const FETCH: (&str, &str) = ("fetch.html", "text/plain;charset=UTF-8");
const JQUERY: (&str, &str) = ("jquery.html", "application/x-www-form-urlencoded; charset=UTF-8");

/// A front end that a browser shows.
struct FrontEnd<'a> {
    browser: &'a Browser,
    worker: &'a Worker,
    origin: &'a str,
    content_type: &'static str,
}

impl<'a> FrontEnd<'a> {
    async fn open(
        (page, content_type): (&str, &'static str),
        site: &'a Site,
        worker: &'a Worker,
        browser: &'a Browser,
    ) -> Self {
        let origin = &site.origin;
        browser.goto(&format!("{origin}/{page}?gateway={}/AP/", worker.origin)).await;
        Self { browser, worker, origin, content_type }
    }

    /// Lets the page call as it does, and gives what it read.
    async fn calls(&self, name: &str, payload: &Value) -> Value {
        self.calls_with(json!({}), name, payload).await
    }

    /// Lets the page call with options of its way to call.
    async fn calls_with(&self, options: Value, name: &str, payload: &Value) -> Value {
        let script = "const [name, payload, options, show] = arguments; call(name, payload, options, show)";
        let arguments = vec![name.into(), payload.clone(), options];
        self.browser.client.execute_async(script, arguments).await.unwrap()
    }

    /// Lets the page call until an answer is not 200, and gives what it read last. Twice as many calls as are allowed, and
    /// one: a minute may end in between.
    async fn calls_too_often(&self, payload: &Value) -> Value {
        let script = "const [payload, show] = arguments; let calls = 0; \
                      const next = () => call('ResetPassword2', payload, {}, \
                      (read) => (++calls > 120 || read.status !== 200) ? show(read) : next()); next()";
        self.browser.client.execute_async(script, vec![payload.clone()]).await.unwrap()
    }

    /// The method and `Content-Type` of each request that came from the page since this was last asked.
    async fn arrived(&self) -> Vec<[Value; 2]> {
        let url = format!("{}/test/arrivals?from={}", self.worker.origin, self.origin);
        let arrivals: Vec<Value> =
            reqwest::Client::new().post(url).send().await.unwrap().json().await.unwrap();
        arrivals.iter().map(|it| [it["method"].clone(), it["headers"]["content-type"].clone()]).collect()
    }

    /// What comes of a call that needs no preflight: a POST that a form could have sent.
    fn simple(&self) -> [Value; 2] {
        ["POST".into(), self.content_type.into()]
    }
}

fn payload(account: &Account, password: &str) -> Value {
    serde_json::from_str(&account.payload(password)).unwrap()
}

/// That the page read this, as a success or as an error: jQuery tells an answer that it cannot parse from both.
fn assert_read(read: &Value, status: u16, errorcode: u64, detail: &str) {
    let (result, errormsg) = match errorcode {
        0 => (true, None),
        20 => (false, Some("Not Authorized")),
        100 => (false, Some("Invalid Response")),
        101 => (false, Some("Operation Failed")),
        102 => (false, Some("Server Error")),
        104 => (false, Some("Resource Not Found")),
        106 => (false, Some("Operation Not Supported")),
        code => panic!("errorcode {code}"),
    };
    let detail = (!result).then_some(detail);
    let expected = json!({
        "outcome": if status == 200 { "success" } else { "error" },
        "status": status,
        "retryAfter": (status == 429).then_some("60"),
        "answer": {"result": result, "errormsg": errormsg, "errorcode": errorcode, "detail": detail},
    });
    assert_eq!(*read, expected);
}

async fn assert_password(worker: &Worker, account: &Account, password: &str) {
    let hash = worker.stored_hash(account).await.unwrap();
    assert_eq!(verify(password, &hash), Ok(Verification::Match { needs_rehash: false }));
}

/// Every answer but the one to a client that calls too often.
async fn reads_every_answer(front_end: &FrontEnd<'_>) {
    const DEAD: &str = "This link does not work, or does not work any more. Ask for a new one.";
    let worker = front_end.worker;
    let account = worker.user_with_code().await;
    let stranger = Account::new();
    let broken = Account::new();
    worker.put(json!({ broken.key(): "no record" })).await;
    let gone = Account::new();
    worker.put(gone.entry()).await;
    let forgetful = Account::new();
    worker.enrol(&forgetful, &["Trading"]).await;

    let no_guid = json!({"UserId": "5", "Password": GOOD, "PendingCode": "from the e-mail"});
    let user_name = json!({"UserName": format!("name{}", forgetful.user_id)});
    let too_short = "This password is too short. Use at least 15 characters; a few words that have nothing to do with each other are easy to remember.";
    let not_a_guid = "PendingCode must be a GUID: 32 hexadecimal digits, with or without hyphens and braces.";
    let unread = "The password was not changed, and the link is as good as before. Try again in a minute, or ask for a new one.";
    let no_user = "This account does not exist any more. Contact the support of your exchange.";
    let no_call =
        "There is no such call here. The calls are POST /AP/ResetPassword and POST /AP/ResetPassword2.";
    let too_large = "The body is too large. Send at most 16384 bytes.";
    let cases = [
        ("ResetPassword2", payload(&account, "too short"), 200, 101, too_short),
        ("ResetPassword2", payload(&account, GOOD), 200, 0, ""),
        ("ResetPassword2", payload(&account, OTHER), 200, 20, DEAD),
        ("ResetPassword2", payload(&stranger, GOOD), 200, 20, DEAD),
        ("ResetPassword2", no_guid, 200, 100, not_a_guid),
        ("ResetPassword2", payload(&broken, GOOD), 200, 102, unread),
        ("ResetPassword2", payload(&gone, GOOD), 200, 104, no_user),
        ("ResetPassword2", payload(&stranger, &"long ".repeat(4000)), 413, 100, too_large),
        ("ResetPassword3", payload(&stranger, GOOD), 404, 106, no_call),
        ("ResetPassword", user_name, 200, 0, ""),
    ];
    for (name, payload, status, errorcode, detail) in cases {
        let read = front_end.calls(name, &payload).await;
        assert_read(&read, status, errorcode, detail);
        assert_eq!(front_end.arrived().await, [front_end.simple()], "{name}: {payload}");
    }
    assert_password(worker, &account, GOOD).await;
    worker.mail(&forgetful, 1).await;

    // Each front end takes the options that it knows.
    let get = json!({"method": "GET", "body": null, "data": null});
    let read = front_end.calls_with(get, "ResetPassword2", &Value::Null).await;
    assert_read(&read, 405, 106, "A call is sent as a POST with a JSON body.");
    assert_eq!(front_end.arrived().await, [["GET".into(), Value::Null]]);

    let account = worker.user_with_code().await;
    let read = front_end.calls_with(with_headers(), "ResetPassword2", &payload(&account, GOOD)).await;
    assert_read(&read, 200, 0, "");
    assert_eq!(front_end.arrived().await, [preflight(), ["POST".into(), "application/json".into()]]);
    assert_password(worker, &account, GOOD).await;
}

/// What no form could send.
fn with_headers() -> Value {
    json!({"headers": {"Content-Type": "application/json", "X-Requested-With": "XMLHttpRequest"}})
}

fn preflight() -> [Value; 2] {
    ["OPTIONS".into(), Value::Null]
}

#[tokio::test]
async fn a_page_of_another_origin_reads_every_answer() {
    let worker = Worker::shared();
    let browser = Browser::open().await;
    browser.sends_nothing_more().await;
    // One for each: a browser remembers a preflight for the origin.
    let sites = [(FETCH, Site::start().await), (JQUERY, Site::start().await)];
    for (page, site) in &sites {
        reads_every_answer(&FrontEnd::open(*page, site, worker, &browser).await).await;
    }
    // Last, since all these calls come from one address, this machine's, from which no other test calls this Worker.
    for (page, site) in &sites {
        let front_end = FrontEnd::open(*page, site, worker, &browser).await;
        let read = front_end.calls_too_often(&payload(&Account::new(), GOOD)).await;
        let detail = "Too many attempts from your network. Wait a minute, then try again: the link is as good as before.";
        assert_read(&read, 429, 101, detail);
        let arrived = front_end.arrived().await;
        assert!(arrived.iter().all(|request| *request == front_end.simple()), "{arrived:?}");
    }
}

/// Before version 4, jQuery looks for JSONP's `??` in JSON that goes as a form, as it does by default. It then asks for a
/// script: a GET, with the payload in the URL, of which this version tells the page nothing. A GET changes nothing, and
/// `jsonp: false` makes the call what it should be.
#[tokio::test]
async fn a_password_that_jquery_takes_for_jsonp_costs_nothing() {
    const PASSWORD: &str = "which four words??";
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let browser = Browser::open().await;
    let site = Site::start().await;
    let front_end = FrontEnd::open(JQUERY, &site, worker, &browser).await;
    let payload = payload(&account, PASSWORD);
    let script = "call('ResetPassword2', arguments[0], {}, () => {})";
    browser.client.execute(script, vec![payload.clone()]).await.unwrap();
    let scripts = "return performance.getEntriesByType('resource').map(({name}) => name).filter((url) => url.includes('/AP/'))";
    worker.eventually("a script", async || browser.js(scripts).await != json!([])).await;
    let url = browser.js(scripts).await[0].as_str().unwrap().to_owned();
    assert!(url.contains(&account.code.to_string()), "{url}");
    assert_eq!(worker.stored_hash(&account).await, None);

    let read = front_end.calls_with(json!({"jsonp": false}), "ResetPassword2", &payload).await;
    assert_read(&read, 200, 0, "");
    assert_password(worker, &account, PASSWORD).await;
}

#[tokio::test]
async fn where_an_origin_is_allowed_no_other_reads_an_answer() {
    let (allowed, other) = (Site::start().await, Site::start().await);
    let vars = [format!("ALLOWED_ORIGIN:{}", allowed.origin)];
    let options = Options { name: "allowed", migrated: false, vars: &[&vars[0]], ..Options::DEFAULT };
    let worker = Worker::start(&options);
    let browser = Browser::open().await;
    browser.sends_nothing_more().await;
    let stranger = payload(&Account::new(), GOOD);
    for page in [FETCH, JQUERY] {
        let front_end = FrontEnd::open(page, &allowed, &worker, &browser).await;
        let read = front_end.calls("ResetPassword2", &stranger).await;
        assert_eq!([&read["status"], &read["answer"]["errorcode"]], [200, 20]);
        let read = front_end.calls_with(with_headers(), "ResetPassword2", &stranger).await;
        assert_eq!([&read["status"], &read["answer"]["errorcode"]], [200, 20]);

        let front_end = FrontEnd::open(page, &other, &worker, &browser).await;
        for (options, arrives) in [(json!({}), front_end.simple()), (with_headers(), preflight())] {
            let read = front_end.calls_with(options, "ResetPassword2", &stranger).await;
            assert_eq!(read, json!({"outcome": "error", "status": 0, "retryAfter": null, "answer": null}));
            assert_eq!(front_end.arrived().await, [arrives]);
        }
    }
}
