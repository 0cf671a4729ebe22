//! The body of a request.

use zeroize::Zeroizing;

/// The body of a request.
#[expect(async_fn_in_trait, reason = "a Worker has one thread, so no future needs to be Send")]
pub trait RequestBody {
    /// Reads the body, but no more than `max_bytes` of it, even if it never ends.
    ///
    /// # Errors
    ///
    /// [`BodyIncomplete`] if the connection ended before the body.
    async fn read(self, max_bytes: usize) -> Result<Zeroizing<Vec<u8>>, BodyIncomplete>;
}

/// The connection ended before the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyIncomplete;

/// A body that has arrived, as tests and the simulation have it.
impl<B: AsRef<[u8]>> RequestBody for B {
    async fn read(self, max_bytes: usize) -> Result<Zeroizing<Vec<u8>>, BodyIncomplete> {
        let bytes = self.as_ref();
        Ok(Zeroizing::new(bytes[..bytes.len().min(max_bytes)].to_owned()))
    }
}
