//! The service that knows breached passwords.

use crate::password::BreachList;

/// Why a breach check says nothing about a password. The word is in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum BreachCheckFailure {
    /// The service didn't respond in time.
    NoResponse,
    /// The service could not be reached, or responded with an error or too much.
    Unavailable,
    /// The response is not a list of hashes.
    InvalidResponse,
}

/// A service with the range API of [Have I Been Pwned](https://haveibeenpwned.com/API/v3#PwnedPasswords).
#[expect(async_fn_in_trait, reason = "a Worker has one thread, so no future needs to be Send")]
pub trait BreachedPasswords {
    /// Sends a request for the list at `url`, and returns a future of the list.
    ///
    /// When this method returns, the request is on its way, so that the service works while the caller computes. An
    /// implementation follows no redirects and bounds the size of the response. It doesn't have to bound the time.
    async fn request_list(&self, url: String)
    -> impl Future<Output = Result<BreachList, BreachCheckFailure>>;

    /// Notes in the log line of the call that the check failed. The call continues.
    fn note_breach_check_failure(&self, failure: BreachCheckFailure);
}
