//! How a delivery ended.

/// How a delivery ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The message needs no further delivery.
    Done,
    /// Something failed or can't be known yet. Deliver the message again later.
    Retry,
}
