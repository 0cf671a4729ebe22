//! The exchange's receiver of events, and what it must be told.

use std::{collections::HashMap, rc::Rc};

use reset_password2::{
    ports::{AttemptResult, EventLog, Unavailable, WebhookReceiver},
    sql::events::{self, EventRow},
    unix_millis::UnixMillis,
    webhook::WebhookRequest,
};
use serde_json::{Value as Json, json};

use crate::{ports::Isolate, world::World};

/// Where the exchange receives events, and the secret that signs them.
pub(crate) const WEBHOOK_URL: &str = "https://exchange.example/events";
pub(crate) const WEBHOOK_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// What the exchange has received.
#[derive(Default)]
pub(crate) struct Events {
    /// The bodies, by id, and how often each arrived.
    received: HashMap<String, (String, u32)>,
    /// Until when the receiver is down.
    down_until: u64,
}

impl Events {
    /// How many events of an attempt have arrived.
    pub(crate) fn count(&self, attempt: &str) -> u32 {
        self.received.get(attempt).map_or(0, |(_, count)| *count)
    }
}

impl EventLog for Isolate {
    async fn find_event(
        &self,
        attempt_id: &str,
        commit_before: UnixMillis,
    ) -> Result<AttemptResult, Unavailable> {
        let rows = self.rows([events::find_event(attempt_id, commit_before)]).await?;
        let row: EventRow = serde_json::from_value(rows[0][0].clone()).unwrap();
        Ok(row.result(attempt_id))
    }

    async fn record_event_delivery(&self) -> Result<(), Unavailable> {
        self.rows([events::record_event_delivery()]).await.map(|_| ())
    }
}

impl WebhookReceiver for Isolate {
    async fn post(&self, url: &str, request: &WebhookRequest) -> Result<(), Unavailable> {
        assert_eq!(url, WEBHOOK_URL);
        let world = &self.world;
        self.travel().await;
        if world.fault(2) {
            world.events.borrow_mut().down_until = world.now() + world.executor.pick(0..6 * 3_600_000);
        }
        let is_down = world.now() < world.events.borrow().down_until;
        if is_down || world.fault(40) {
            world.coverage.sometimes("an event was refused");
            return if world.has_bug("an event that was refused is done") {
                Ok(())
            } else {
                Err(Unavailable)
            };
        }
        if world.fault(20) {
            // It hangs, and perhaps arrives at last.
            if world.executor.chance(500) {
                let (late, request) = (Rc::clone(world), request.clone());
                let delay = world.executor.pick(0..60_000);
                world.executor.spawn(async move {
                    late.executor.sleep(delay).await;
                    arrive(&late, &request);
                });
            }
            world.executor.sleep(10_000).await;
            return Err(Unavailable);
        }
        let is_lost = world.fault(20);
        arrive(world, request);
        if is_lost {
            world.coverage.sometimes("an event arrived although its response was lost");
            return Err(Unavailable);
        }
        Ok(())
    }
}

/// The exchange receives an event, which must be true, and the same as before if it comes again.
fn arrive(world: &World, request: &WebhookRequest) {
    let WebhookRequest { id, body, .. } = request;
    world.log(|| format!("event {id} arrives: {body}"));
    let mut events = world.events.borrow_mut();
    let (first_body, count) = events.received.entry(id.clone()).or_insert((body.clone(), 0));
    *count += 1;
    let parsed: Json = serde_json::from_str(body).unwrap();
    let data = &parsed["data"];
    let is_true = match parsed["type"].as_str() {
        Some("password.changed") => world.oracle.borrow().commits.get(id).is_some_and(|commit| {
            data["user_id"] == commit.user_id && data["withdrawals_held_until"] == json!(commit.held_until)
        }),
        Some("user.locked") => {
            world.coverage.sometimes("the exchange was told of a lock");
            world.locks.borrow().locked_by(id).is_some_and(|user_id| data["user_id"] == user_id)
        }
        _ => false,
    };
    if *count > 1 {
        world.coverage.sometimes("an event arrived twice");
    }
    if !is_true || data["attempt_id"] != json!(id) || first_body != body {
        world.oracle.borrow_mut().breaks(format!("event {id} is untrue or has changed: {body}"));
    }
}

/// Checks that the exchange was told of every reset and every lock.
pub(crate) fn check_that_the_exchange_was_told(world: &World) {
    let attempts: Vec<String> =
        world.oracle.borrow().commits.keys().cloned().chain(world.locks.borrow().attempts()).collect();
    for attempt in attempts {
        if world.events.borrow().count(&attempt) == 0 {
            world.oracle.borrow_mut().breaks(format!("the exchange was not told of attempt {attempt}"));
        }
    }
}
