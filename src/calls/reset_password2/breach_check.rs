//! Whether the new password is known from a breach. The check never keeps a user from a reset by failing.

use std::pin::pin;

use futures_util::future::{Either, select};

use crate::{
    password::{BreachList, BreachQuery, NewPassword},
    ports::{BreachCheckFailure, BreachedPasswords, Timer},
    settings::Settings,
};

/// How long to wait for the service after the password has been hashed, in milliseconds.
const TIMEOUT_MILLIS: u64 = 800;

/// A check in progress.
pub(super) struct BreachCheck<List> {
    query: BreachQuery,
    list: Option<List>,
}

/// Starts the check, unless the exchange has turned it off.
pub(super) async fn start<P: BreachedPasswords>(
    password: &NewPassword,
    settings: &Settings,
    ports: &P,
) -> BreachCheck<impl Future<Output = Result<BreachList, BreachCheckFailure>>> {
    let query = BreachQuery::new(password);
    let list = match &settings.breach_check_url {
        Some(url) => Some(ports.request_list(format!("{url}{}", query.range())).await),
        None => None,
    };
    BreachCheck { query, list }
}

impl<List: Future<Output = Result<BreachList, BreachCheckFailure>>> BreachCheck<List> {
    /// Waits for the response, and returns whether the password is known from a breach. If the check fails, the password
    /// counts as unknown.
    pub(super) async fn finds_password(self, ports: &(impl BreachedPasswords + Timer)) -> bool {
        let Self { query, list: Some(list) } = self else { return false };
        let result = match select(pin!(list), pin!(ports.sleep(TIMEOUT_MILLIS))).await {
            Either::Left((list, _)) => list.map(|list| query.is_listed_in(&list)),
            Either::Right(_) => Err(BreachCheckFailure::NoResponse),
        };
        result.unwrap_or_else(|failure| {
            ports.note_breach_check_failure(failure);
            false
        })
    }
}
