//! The queue.

use crate::message::Message;

/// The queue of outgoing messages.
#[expect(async_fn_in_trait, reason = "a Worker has one thread, so no future needs to be Send")]
pub trait Outbox {
    /// Enqueues a message. Once this returns `Ok`, the message is delivered at least once, or ends up in the dead-letter
    /// queue.
    ///
    /// # Errors
    ///
    /// [`EnqueueError`], which says whether the message may have been enqueued.
    async fn enqueue(&self, message: &Message) -> Result<(), EnqueueError>;
}

/// A message could not be enqueued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnqueueError {
    /// The message was not sent.
    NotEnqueued,
    /// The message was sent, but its acceptance was not confirmed. It may be delivered.
    Unclear,
}
