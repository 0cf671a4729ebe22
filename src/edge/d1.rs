//! The D1 database `EXCHANGE`.

use worker::{D1Database, Error, console_error, js_sys};

use super::Edge;

impl Edge {
    pub(super) fn exchange(&self) -> Result<D1Database, Error> {
        self.env.d1("EXCHANGE")
    }
}

/// Logs what D1 says of an error, and gives it: never a value that was bound.
pub(super) fn log(error: &Error) -> String {
    let message = match error {
        Error::D1(error) => AsRef::<js_sys::Error>::as_ref(error).message().into(),
        other => other.to_string(),
    };
    console_error!("EXCHANGE: {message}");
    message
}
