//! The D1 database `EXCHANGE`.

use serde::Deserialize;
use worker::{D1Database, D1PreparedStatement, D1Result, Env, Error, js_sys, wasm_bindgen::JsValue};

use super::runtime::Runtime;
use crate::{
    ports::Unavailable,
    sql::statement::{Statement, Value},
};

/// The name of the binding.
pub(super) const BINDING: &str = "EXCHANGE";

/// The database, ready to run statements.
pub(super) struct Database(D1Database);

impl Database {
    pub(super) fn open(env: &Env) -> Result<Self, Error> {
        env.d1(BINDING).map(Self)
    }

    /// Binds the values of a statement. Nothing is sent.
    pub(super) fn prepare(&self, statement: &Statement) -> Result<D1PreparedStatement, Error> {
        let values: Vec<JsValue> = statement.values.iter().map(to_js).collect();
        self.0.prepare(statement.sql).bind(&values)
    }

    /// Runs a batch, which is one transaction, and returns the result of each statement.
    pub(super) async fn batch(
        &self,
        statements: impl IntoIterator<Item = Statement>,
    ) -> Result<Vec<D1Result>, Error> {
        let prepared = statements.into_iter().map(|statement| self.prepare(&statement));
        self.run(prepared.collect::<Result<_, _>>()?).await
    }

    /// Runs a batch of prepared statements.
    pub(super) async fn run(&self, statements: Vec<D1PreparedStatement>) -> Result<Vec<D1Result>, Error> {
        self.0.batch(statements).await
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "the integers are at most UnixMillis::MAX, which an f64 holds exactly"
)]
fn to_js(value: &Value) -> JsValue {
    match value {
        Value::Text(text) => text.into(),
        Value::Integer(number) => (*number as f64).into(),
    }
}

impl Runtime {
    /// Logs an error of D1, and returns its message.
    pub(super) fn log_d1_error(&self, error: &Error) -> String {
        let message = error_message(error);
        self.log_error(&format!("{BINDING}: {message}"));
        message
    }

    /// Runs a batch, and logs an error.
    pub(super) async fn run(
        &self,
        batch: impl IntoIterator<Item = Statement>,
    ) -> Result<Vec<D1Result>, Unavailable> {
        let results = async { Database::open(&self.env)?.batch(batch).await };
        results.await.map_err(|error| self.unavailable(&error))
    }

    /// Returns the rows of a result.
    pub(super) fn rows<Row: for<'de> Deserialize<'de>>(
        &self,
        result: Option<&D1Result>,
    ) -> Result<Vec<Row>, Unavailable> {
        let rows = result.map_or_else(|| Ok(Vec::new()), D1Result::results);
        rows.map_err(|error| self.unavailable(&error))
    }

    fn unavailable(&self, error: &Error) -> Unavailable {
        self.log_d1_error(error);
        Unavailable
    }
}

/// Returns the message of a D1 error. It never contains a bound value.
pub(super) fn error_message(error: &Error) -> String {
    match error {
        Error::D1(error) => AsRef::<js_sys::Error>::as_ref(error).message().into(),
        other => other.to_string(),
    }
}
