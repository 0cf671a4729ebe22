//! The D1 database `EXCHANGE`.

use worker::{D1Database, Error, js_sys};

use super::Edge;

impl Edge {
    pub(super) fn exchange(&self) -> Result<D1Database, Error> {
        self.env.d1("EXCHANGE")
    }

    /// Logs what D1 says of an error, and gives it.
    pub(super) fn d1_error(&self, error: &Error) -> String {
        let message = message(error);
        self.error(&format!("EXCHANGE: {message}"));
        message
    }
}

/// What D1 says of an error: never a value that was bound.
pub(super) fn message(error: &Error) -> String {
    match error {
        Error::D1(error) => AsRef::<js_sys::Error>::as_ref(error).message().into(),
        other => other.to_string(),
    }
}
