//! How many calls with a large payload are in progress at once.
//!
//! Until its call has a response, a payload of 16 KiB takes some 70 KiB of the module's memory, which never shrinks, and in a form twice
//! that. Some 1,500 of them at once, even if the rate limit refuses them, would fill an isolate for good. Nearly all passwords fit into a
//! kilobyte, so few users ever notice this limit.

use std::cell::Cell;

use crate::calls::CallRequest;

/// How many bytes a payload may have without being large.
const LARGE_BYTES: usize = 1024;

/// How many calls with a large payload may be in progress.
const MAX_LARGE: u32 = 50;

thread_local! {
    /// How many are in progress in this instance of the module.
    static LARGE: Cell<u32> = const { Cell::new(0) };
}

/// The permission to perform a call, until this is dropped.
pub(super) struct Admission {
    is_large: bool,
}

impl Admission {
    /// Admits a call, unless its payload is large and too many of those are in progress.
    pub(super) fn of(request: &CallRequest<'_>) -> Option<Self> {
        let is_large = request.payload.is_ok_and(|payload| payload.len() > LARGE_BYTES);
        if is_large {
            let large = LARGE.get();
            LARGE.set((large < MAX_LARGE).then_some(large + 1)?);
        }
        Some(Self { is_large })
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        if self.is_large {
            LARGE.set(LARGE.get() - 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use ::http::Request;

    use super::*;
    use crate::{
        calls::InvalidPayload,
        gateway::{request::client, stub_ports::settings},
    };

    fn admit(payload: Result<&[u8], InvalidPayload>) -> Option<Admission> {
        let settings = settings();
        let settings = settings.as_ref().map_err(|invalid| *invalid);
        Admission::of(&CallRequest { payload, client: &client(&Request::new(())), settings })
    }

    #[test]
    fn of_the_calls_with_a_large_payload_50_are_in_progress_and_others_are_not_affected() {
        let large = [b' '; LARGE_BYTES + 1];
        let mut admitted: Vec<_> = (0..MAX_LARGE).map(|_| admit(Ok(&large)).unwrap()).collect();
        assert!(admit(Ok(&large)).is_none());
        assert!(admit(Ok(&large[1..])).is_some());
        assert!(admit(Err(InvalidPayload::TooLarge)).is_some());
        assert!(admit(Ok(&large)).is_none());
        admitted.pop();
        admitted.push(admit(Ok(&large)).unwrap());
        assert!(admit(Ok(&large)).is_none());
        drop(admitted);
        assert!(admit(Ok(&large)).is_some());
    }
}
