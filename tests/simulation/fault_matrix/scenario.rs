//! One call of one user in a world where exactly the planned faults happen, and what came of it.

use std::{cell::RefCell, rc::Rc};

use ::http::{Request, Response};
use reset_password2::gateway::handle;
use serde_json::{Value as Json, json};

use super::{
    faults::{Fault, Plan, Step},
    ports::FaultyPorts,
};
use crate::{
    actors::{create_users, request_link, use_code},
    ports::Isolate,
    world::World,
};

/// The user.
const USER: &str = "1";

/// How long everything takes to settle, in milliseconds: a lease, and the delays of the retries. Less than a link works.
const SETTLE: u64 = 10 * 60_000;

/// What the user does, who has got a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// Uses the link.
    ResetPassword2,
    /// Uses the link, with a password that the policy rejects.
    WeakPassword,
    /// Requests another link.
    ResetPassword,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Observed {
    pub(super) answer: Option<Answer>,
    /// Whether the stored hash is another one.
    pub(super) is_changed: bool,
    /// How many codes are recorded as redeemed.
    pub(super) redeemed: u64,
    /// How many notices went to the address on file. The oracle fails if one goes elsewhere.
    pub(super) notices: u32,
    /// How many times the exchange got the event.
    pub(super) events: u32,
    /// How many more mails with a link arrived.
    pub(super) links: usize,
    /// Whether the link that the user already had worked afterwards.
    pub(super) old_link_works: bool,
    /// Whether the newest link worked afterwards.
    pub(super) newest_link_works: bool,
    /// The steps that were reached.
    pub(super) reached: Vec<Step>,
}

/// A response.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) error_code: u64,
    pub(super) outcome: String,
    pub(super) detail: Option<String>,
    /// How long the client waited, in milliseconds.
    pub(super) waited: u64,
}

/// Runs a scenario twice: the same happens, and then either link is used.
pub(super) fn run(action: Action, faults: &[(Step, Fault)]) -> Observed {
    let mut observed = Scenario::run(action, faults).finish(true);
    observed.newest_link_works = Scenario::run(action, faults).finish(false).newest_link_works;
    observed
}

struct Scenario {
    world: Rc<World>,
    plan: Rc<Plan>,
    old_link: String,
    answer: Option<Answer>,
}

impl Scenario {
    fn run(action: Action, faults: &[(Step, Fault)]) -> Self {
        let world = World::new(1, None);
        world.faults.set(false);
        create_users(&world);
        let asking = Rc::clone(&world);
        world.executor.spawn(async move {
            request_link(&asking, USER).await;
        });
        // KV has the code everywhere by then, and another mail may be sent.
        settle(&world, 3 * 60_000);
        let old_link = newest_link(&world);
        let plan = Rc::new(Plan::new(faults));
        let (name, payload) = match action {
            Action::ResetPassword2 => ("ResetPassword2", payload("four words that fit", &old_link)),
            Action::WeakPassword => ("ResetPassword2", payload("short", &old_link)),
            Action::ResetPassword => ("ResetPassword", json!({"UserName": "name1"})),
        };
        let answer = call(&world, &plan, name, &payload);
        settle(&world, SETTLE);
        assert!(plan.has_happened(), "{faults:?}: {:?}", plan.reached.borrow());
        let answer = answer.borrow().clone();
        Self { world, plan, old_link, answer }
    }

    /// Notes what came of it, and uses a link.
    fn finish(self, old_link: bool) -> Observed {
        let world = &self.world;
        let hash = hash(world);
        let redeemed = world.database.borrow().value("SELECT count(*) FROM redeemed_codes").as_u64().unwrap();
        let notices = world.oracle.borrow().commits.values().map(|commit| commit.notices).sum();
        let events = world.oracle.borrow().commits.keys().map(|id| world.events.borrow().count(id)).sum();
        let links = world.oracle.borrow().mailbox[USER].len() - 1;
        let code = if old_link { self.old_link } else { newest_link(world) };
        let outcome: Rc<RefCell<Option<String>>> = Rc::default();
        let (using, to) = (Rc::clone(world), Rc::clone(&outcome));
        world.executor.spawn(async move {
            *to.borrow_mut() = use_code(&using, USER, &code, "another four words").await;
        });
        settle(world, 60_000);
        let works = outcome.borrow().as_deref() == Some("done");
        assert_eq!(works, hash != self::hash(world), "a link changes the password if it works");
        assert!(world.oracle.borrow().broken.is_empty(), "{:?}", world.oracle.borrow().broken);
        Observed {
            answer: self.answer,
            is_changed: !hash.is_null(),
            redeemed,
            notices,
            events,
            links,
            old_link_works: works,
            newest_link_works: works,
            reached: self.plan.reached.borrow().clone(),
        }
    }
}

fn settle(world: &Rc<World>, millis: u64) {
    world.executor.run_until(world.now() + millis, &mut || world.observe_user(USER));
}

fn payload(password: &str, code: &str) -> Json {
    json!({"UserId": USER, "Password": password, "PendingCode": code})
}

fn newest_link(world: &World) -> String {
    world.oracle.borrow().mailbox[USER].last().unwrap().code.clone()
}

fn hash(world: &World) -> Json {
    let row = world.database.borrow().row("SELECT password_hash FROM users WHERE user_id = ?1", USER);
    row.unwrap().remove(0)
}

/// Makes a call. The answer appears in what this returns.
fn call(world: &Rc<World>, plan: &Rc<Plan>, name: &str, payload: &Json) -> Rc<RefCell<Option<Answer>>> {
    let request = Request::post(format!("https://reset.example/AP/{name}"))
        .header("cf-connecting-ip", "203.0.113.201")
        .body(payload.to_string())
        .unwrap();
    let isolate = Rc::new(Isolate::new(world, 0));
    let ports = FaultyPorts { isolate: Rc::clone(&isolate), plan: Rc::clone(plan), delivered: None };
    let answer: Rc<RefCell<Option<Answer>>> = Rc::default();
    let is_reset = name == "ResetPassword2";
    let (world, to, sent_at) = (Rc::clone(world), Rc::clone(&answer), world.now());
    Rc::clone(&world.executor).spawn(async move {
        let response = handle(request, &Ok(world.settings.clone()), &ports).await;
        let answer = parse(&response, world.now() - sent_at);
        if is_reset {
            world.oracle.borrow_mut().responded(&isolate.attempts.borrow(), &answer.outcome);
        }
        *to.borrow_mut() = Some(answer);
    });
    answer
}

fn parse(response: &Response<String>, waited: u64) -> Answer {
    let body: Json = serde_json::from_str(response.body()).unwrap();
    Answer {
        error_code: body["errorcode"].as_u64().unwrap(),
        outcome: response.headers()["x-outcome"].to_str().unwrap().to_owned(),
        detail: body["detail"].as_str().map(str::to_owned),
        waited,
    }
}
