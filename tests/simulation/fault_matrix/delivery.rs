//! The queue and its consumer, as `edge/queue.rs` runs it.

use std::{cell::Cell, future::poll_fn, pin::pin, rc::Rc, task::Poll};

use reset_password2::{
    delivery::{Status, deliver},
    message::Message,
    unix_millis::UnixMillis,
};

use super::{
    faults::{Fault, LATE, Plan, Step},
    ports::FaultyPorts,
};
use crate::{ports::Isolate, world::World};

/// How long a delivery may take, in milliseconds.
const TIMEOUT: u64 = 90_000;

/// Delivers a message until it is done.
pub(super) async fn consume(world: Rc<World>, plan: Rc<Plan>, message: Message) {
    let executor = Rc::clone(&world.executor);
    let enqueued_at = world.now();
    executor.sleep(1_000).await;
    let step = match message {
        Message::PasswordChanged { .. } => Step::DeliverNotice,
        Message::ResetPassword { .. } => Step::DeliverRequest,
        Message::Event { .. } => Step::DeliverEvent,
        Message::AccountLocked { .. } => unreachable!("no account is locked"),
    };
    let fault = plan.reach(step);
    if fault == Some(Fault::Delayed) {
        executor.sleep(LATE).await;
    }
    let is_repeated = Cell::new(fault == Some(Fault::Twice));
    loop {
        if fault == Some(Fault::TwiceAtOnce) {
            let (world, plan, message) = (Rc::clone(&world), Rc::clone(&plan), message.clone());
            executor.spawn(async move {
                deliver_once(&world, &plan, &message, enqueued_at).await;
            });
        }
        let status = deliver_once(&world, &plan, &message, enqueued_at).await;
        if status == Some(Status::Done) && !is_repeated.replace(false) {
            return;
        }
        executor.sleep((world.now() - enqueued_at).clamp(5_000, 3_600_000)).await;
    }
}

/// Delivers a message. Returns `None` if that takes too long.
async fn deliver_once(
    world: &Rc<World>,
    plan: &Rc<Plan>,
    message: &Message,
    enqueued_at: u64,
) -> Option<Status> {
    let isolate = Isolate::new(world, 0);
    isolate.delivers(message);
    let ports =
        FaultyPorts { isolate: Rc::new(isolate), plan: Rc::clone(plan), delivered: Some(message.clone()) };
    let enqueued_at = UnixMillis::try_from(enqueued_at).unwrap();
    let mut delivery = pin!(deliver(message, enqueued_at, &world.settings, &ports));
    let until = world.now() + TIMEOUT;
    poll_fn(|context| match delivery.as_mut().poll(context) {
        Poll::Ready(status) => Poll::Ready(Some(status)),
        Poll::Pending if world.now() >= until => Poll::Ready(None),
        Poll::Pending => Poll::Pending,
    })
    .await
}
