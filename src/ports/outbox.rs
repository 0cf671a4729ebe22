//! The queue.

use crate::message::Message;

/// The queue of outgoing messages.
#[expect(async_fn_in_trait, reason = "a Worker has one thread, so no future needs to be Send")]
pub trait Outbox {
    /// Enqueues messages, all in one request. Once this returns `Ok`, each is delivered at least once, or ends up in the
    /// dead-letter queue.
    ///
    /// # Errors
    ///
    /// [`EnqueueError`], which says whether messages may have been enqueued.
    async fn enqueue(&self, messages: &[Message]) -> Result<(), EnqueueError>;
}

/// Messages could not be enqueued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnqueueError {
    /// No message was sent.
    NotEnqueued,
    /// The messages were sent, but their acceptance was not confirmed. Any of them may be delivered.
    Unclear,
}
