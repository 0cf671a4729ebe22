//! Both ends of the queue `MAIL_QUEUE`.

use std::{pin::pin, rc::Rc, time::Duration};

use futures_util::{
    future::{Either, join_all, select},
    join,
};
use worker::{
    Context, Delay, Env, MessageBatch, MessageExt as _, QueueContentType, QueueRetryOptionsBuilder,
    RawMessage, RawMessageBuilder, js_sys::Promise,
};

use super::{
    clock::now,
    request_tag::RequestTag,
    runtime::Runtime,
    trap_guard::{guard_event, install_handlers},
    vars::settings,
};
use crate::{
    delivery::{self, deliver},
    message::Message,
    ports::{EnqueueError, Outbox},
    settings::Settings,
    unix_millis::UnixMillis,
};

/// The name of the binding.
pub(super) const BINDING: &str = "MAIL_QUEUE";

/// The shortest and the longest delay before a retry, in seconds.
const MIN_RETRY_DELAY_SECONDS: u32 = 5;
const MAX_RETRY_DELAY_SECONDS: u32 = 3600;

/// The longest delay while a setting is invalid, in seconds: mail goes out soon after the setting is fixed, and messages wait
/// for two days before they go to the dead-letter queue.
const MAX_MISCONFIGURED_DELAY_SECONDS: u32 = 1800;

/// How long one delivery may take: less than a lease lasts.
const TIMEOUT: Duration = Duration::from_secs(90);

impl Outbox for Runtime {
    async fn enqueue(&self, messages: &[Message]) -> Result<(), EnqueueError> {
        // The time since the last port was used went into the call's own work: the hash.
        self.timings.record_compute().await;
        let log = |error: &worker::Error| self.log_error(&format!("{BINDING}: {error}"));
        let prepare = || -> worker::Result<_> {
            let json = messages.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
            let message = |json| RawMessageBuilder::new(json).build_with_content_type(QueueContentType::Text);
            let messages: Vec<_> = json.into_iter().map(|json| message(json.into())).collect();
            Ok((messages, self.env.queue(BINDING)?))
        };
        // Nothing has been sent so far.
        let (messages, queue) = prepare().inspect_err(log).map_err(|_| EnqueueError::NotEnqueued)?;
        let sent = queue.send_raw_batch(messages);
        let sent = self.timings.time(&self.timings.queue, sent).await;
        sent.inspect_err(log).map_err(|_| EnqueueError::Unclear)
    }
}

/// Handles a batch of messages, and returns a promise for the runtime.
pub(crate) fn queue(batch: MessageBatch<String>, env: Env, context: Context) -> Promise {
    install_handlers();
    let tag = RequestTag::new();
    guard_event(&tag.clone(), deliver_batch(batch, env, context, tag))
}

/// Delivers a batch of messages: the mails concurrently, and beside them the events, one after another. Each message is
/// acknowledged or retried on its own.
async fn deliver_batch(batch: MessageBatch<String>, env: Env, context: Context, tag: RequestTag) {
    // With an invalid setting, the messages wait until it is fixed, or until they go to the dead-letter queue.
    let Ok(settings) = settings(&env, &tag) else {
        for message in batch.raw_iter() {
            let delay =
                retry_delay_seconds(enqueued_at(&message), now()).min(MAX_MISCONFIGURED_DELAY_SECONDS);
            message.retry_with_options(&QueueRetryOptionsBuilder::new().with_delay_seconds(delay).build());
        }
        return;
    };
    let runtime = Runtime::new(env, Rc::new(context), tag);
    let parsed = batch.raw_iter().map(|message| (parse(&message), message));
    let (events, mails): (Vec<_>, Vec<_>) =
        parsed.partition(|(body, _)| matches!(body, Ok(Message::Event { .. })));
    let deliver_one = async |(body, message)| deliver_one(body, message, &settings, &runtime).await;
    // A Worker may wait for six responses at a time. So only one of them is the receiver's, and mails don't wait for a receiver
    // that is slow.
    let events = async {
        for event in events {
            deliver_one(event).await;
        }
    };
    join!(events, join_all(mails.into_iter().map(deliver_one)));
}

fn parse(message: &RawMessage) -> serde_json::Result<Message> {
    serde_json::from_slice(message.body().as_string().unwrap_or_default().as_bytes())
}

async fn deliver_one(
    body: serde_json::Result<Message>,
    message: RawMessage,
    settings: &Settings,
    runtime: &Runtime,
) {
    let enqueued_at = enqueued_at(&message);
    let status = match body {
        Ok(body) => {
            let delivery = deliver(&body, enqueued_at, settings, runtime);
            match select(pin!(delivery), Delay::from(TIMEOUT)).await {
                Either::Left((status, _)) => status,
                Either::Right(_) => {
                    runtime.log_error(&format!("{BINDING}: a delivery took too long"));
                    delivery::Status::Retry
                }
            }
        }
        Err(error) => {
            runtime.log_error(&format!("{BINDING}: a message can't be parsed: {:?}", error.classify()));
            delivery::Status::Retry
        }
    };
    match status {
        delivery::Status::Done => message.ack(),
        delivery::Status::Retry => message.retry_with_options(
            &QueueRetryOptionsBuilder::new()
                .with_delay_seconds(retry_delay_seconds(enqueued_at, now()))
                .build(),
        ),
    }
}

fn enqueued_at(message: &RawMessage) -> UnixMillis {
    UnixMillis::try_from(message.timestamp().as_millis()).unwrap_or(now())
}

/// Returns the age of the message, within bounds: each delay is about twice the previous one.
fn retry_delay_seconds(enqueued_at: UnixMillis, now: UnixMillis) -> u32 {
    let age = u32::try_from(now.millis_since(enqueued_at) / 1000).unwrap_or(u32::MAX);
    age.clamp(MIN_RETRY_DELAY_SECONDS, MAX_RETRY_DELAY_SECONDS)
}
