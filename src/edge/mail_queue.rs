//! The queue `MAIL_QUEUE`, at both of its ends.

use std::rc::Rc;

use worker::{
    Context, Env, MessageBatch, MessageExt as _, QueueContentType, QueueRetryOptionsBuilder,
    RawMessageBuilder,
};

use super::{
    Edge, RequestTag,
    in_flight::{InFlight, survive_panics},
    settings,
};
use crate::{
    calls::outside::{Clock as _, Outbox, Unavailable},
    delivery::{Delivered, Message, deliver},
    unix_millis::UnixMillis,
};

/// The shortest and the longest that a message waits for another try, in seconds.
const SHORTEST_RETRY_DELAY_SECONDS: u32 = 5;
const LONGEST_RETRY_DELAY_SECONDS: u32 = 3600;

impl Outbox for Edge {
    async fn enqueue(&self, message: &Message) -> Result<(), Unavailable> {
        let sent = async {
            let message = RawMessageBuilder::new(serde_json::to_string(message)?.into());
            let queue = self.env.queue("MAIL_QUEUE")?;
            queue.send_raw(message.build_with_content_type(QueueContentType::Text)).await
        };
        // What was computed before is what the call did itself: the hash.
        self.trace.computed().await;
        self.trace.step(&self.trace.queue, sent).await.map_err(|error: worker::Error| {
            self.error(&format!("MAIL_QUEUE: {error}"));
            Unavailable
        })
    }
}

/// Delivers a batch from the queue. Each message is acknowledged or retried by itself.
pub(crate) async fn deliver_all(batch: MessageBatch<String>, env: Env, context: Context) {
    survive_panics();
    // Where a setting makes no sense, the messages wait until it does, or for the dead-letter queue.
    let tag = RequestTag::new();
    let _place = InFlight::unanswered(tag.clone());
    let Ok(settings) = settings(&env, &tag) else {
        let later = QueueRetryOptionsBuilder::new().with_delay_seconds(LONGEST_RETRY_DELAY_SECONDS).build();
        return batch.retry_all_with_options(&later);
    };
    let edge = Edge::new(env, Rc::new(context), tag);
    for message in batch.raw_iter() {
        let body = message.body().as_string().unwrap_or_default();
        let enqueued_at = UnixMillis::try_from(message.timestamp().as_millis()).unwrap_or(edge.now());
        let delivered = match serde_json::from_slice(body.as_bytes()) {
            Ok(body) => deliver(&body, enqueued_at, &settings, &edge).await,
            Err(error) => {
                edge.error(&format!("MAIL_QUEUE: a message that is none of ours: {:?}", error.classify()));
                Delivered::TryAgain
            }
        };
        match delivered {
            Delivered::Done => message.ack(),
            Delivered::TryAgain => message.retry_with_options(
                &QueueRetryOptionsBuilder::new()
                    .with_delay_seconds(retry_delay(enqueued_at, edge.now()))
                    .build(),
            ),
        }
    }
}

/// As long again as the message has waited: so each delay is twice the one before.
fn retry_delay(enqueued_at: UnixMillis, now: UnixMillis) -> u32 {
    let seconds = u32::try_from(now.millis_since(enqueued_at) / 1000).unwrap_or(u32::MAX);
    seconds.clamp(SHORTEST_RETRY_DELAY_SECONDS, LONGEST_RETRY_DELAY_SECONDS)
}
