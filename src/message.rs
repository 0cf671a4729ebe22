//! The messages in the queue.

use serde::{Deserialize, Serialize};

use crate::{device::DeviceFamily, languages::Language, unix_millis::UnixMillis};

/// A message in the queue. It leads to at most one mail to each address, or to more as long as it is unclear
/// whether the last was sent. Or it leads to an event, at least once.
///
/// Messages wait in the queue across deployments, so this version must be able to read the messages of older
/// versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Message {
    /// A link was requested.
    ResetPassword {
        /// The unique id of the request.
        request_id: String,
        /// The user name from the request. There may be no such user.
        user_name: String,
        /// The time of the request, by the clock of a Worker. Messages of older versions don't have it.
        #[serde(default)]
        requested_at: Option<UnixMillis>,
        /// The language of the requesting browser.
        language: Language,
    },
    /// An attempt to redeem a code was about to be made. If it committed, the user must be notified.
    PasswordChanged {
        /// The unique id of the attempt.
        attempt_id: String,
        /// The time by which the attempt must commit, by D1's clock. Messages of older versions don't have it.
        #[serde(default)]
        commit_before: Option<UnixMillis>,
        /// The country that the attempt came from.
        country: Option<String>,
        /// The device that the attempt came from.
        device: DeviceFamily,
        /// The language of the browser that the attempt came from.
        language: Language,
    },
    /// An account was about to be locked. If it was, its owner must be told.
    AccountLocked {
        /// The unique id of the attempt.
        attempt_id: String,
        /// The time by which the attempt must commit, by D1's clock.
        commit_before: UnixMillis,
        /// The language of the browser that the attempt came from.
        language: Language,
    },
    /// An attempt to change a password or to lock an account was about to be made. If it committed, the exchange must be told.
    Event {
        /// The unique id of the attempt.
        attempt_id: String,
        /// The time by which the attempt must commit, by D1's clock.
        commit_before: UnixMillis,
        /// The country that the attempt came from.
        country: Option<String>,
    },
}
