//! A database like D1: SQLite, where a batch is one transaction, with the real migrations.

use std::{
    borrow::Cow,
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use reset_password2::sql::statement::{Statement, Value};
use rusqlite::{Connection, ToSql, functions::FunctionFlags, params_from_iter, types::ValueRef};
use serde_json::{Map, Value as Json, json};

/// An edit to the statements: a planted bug.
pub(crate) type SqlBug = (&'static str, &'static str);

/// A database with the exchange's tables.
pub(crate) struct Database {
    connection: Connection,
    bug: Option<SqlBug>,
}

impl Database {
    /// Opens an empty database, and applies all migrations.
    pub(crate) fn migrated() -> Self {
        let connection = Connection::open_in_memory().unwrap();
        connection.set_prepared_statement_cache_capacity(100);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
        let mut migrations: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        migrations.sort();
        for migration in migrations {
            connection.execute_batch(&fs::read_to_string(migration).unwrap()).unwrap();
        }
        Self { connection, bug: None }
    }

    /// Returns a database with the user "5", alice, who may trade.
    pub(crate) fn with_alice() -> Self {
        let database = Self::migrated();
        database.execute(
            "INSERT INTO users (user_id, user_name, email) VALUES ('5', 'alice', 'alice@example.com');
             INSERT INTO user_permissions VALUES ('5', 'Trading')",
        );
        database
    }

    /// Replaces SQLite's clock with one in milliseconds that the test sets.
    pub(crate) fn use_clock(&self, clock: Arc<AtomicU64>) {
        self.connection
            .create_scalar_function("unixepoch", -1, FunctionFlags::SQLITE_UTF8, move |_| {
                #[expect(clippy::cast_precision_loss, reason = "exact until the year 287,396")]
                Ok(clock.load(Ordering::Relaxed) as f64 / 1000.0)
            })
            .unwrap();
    }

    /// Edits every statement from now on.
    pub(crate) fn plant(&mut self, bug: SqlBug) {
        self.bug = Some(bug);
    }

    /// Runs the test's own statements.
    pub(crate) fn execute(&self, sql: &str) {
        self.connection.execute_batch(sql).unwrap();
    }

    /// Runs the test's own statements, which may fail.
    pub(crate) fn try_execute(&self, sql: &str) -> Result<(), rusqlite::Error> {
        self.connection.execute_batch(sql)
    }

    /// Prepares a statement, which fails if it doesn't fit the schema.
    pub(crate) fn prepare(&self, sql: &str) {
        self.connection.prepare(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    }

    /// Returns the names of a table's columns.
    pub(crate) fn columns(&self, table: &str) -> Vec<String> {
        let statement = self.connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
        statement.column_names().into_iter().map(str::to_owned).collect()
    }

    /// Returns the steps of SQLite's plan for a statement.
    pub(crate) fn plan(&self, statement: &Statement) -> Vec<String> {
        let mut plan = self.connection.prepare(&format!("EXPLAIN QUERY PLAN {}", statement.sql)).unwrap();
        let mut rows = plan.raw_query();
        let mut steps = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            steps.push(row.get("detail").unwrap());
        }
        steps
    }

    /// Runs a batch, and returns the rows of its last statement.
    pub(crate) fn batch(&self, statements: impl IntoIterator<Item = Statement>) -> Vec<Json> {
        self.try_batch(statements).unwrap().pop().unwrap()
    }

    /// Runs a batch, and returns the rows of each statement.
    pub(crate) fn try_batch(
        &self,
        statements: impl IntoIterator<Item = Statement>,
    ) -> Result<Vec<Vec<Json>>, rusqlite::Error> {
        let transaction = self.connection.unchecked_transaction()?;
        let rows = statements.into_iter().map(|statement| self.run(&transaction, &statement));
        let rows = rows.collect::<Result<_, _>>()?;
        transaction.commit()?;
        Ok(rows)
    }

    /// Returns the first column of the only row.
    pub(crate) fn value(&self, sql: &str) -> Json {
        let mut statement = self.connection.prepare_cached(sql).unwrap();
        statement.query_row([], |row| Ok(to_json(row.get_ref(0)?))).unwrap()
    }

    /// Returns the first row, or `None`.
    pub(crate) fn row(&self, sql: &str, parameter: &str) -> Option<Vec<Json>> {
        let mut statement = self.connection.prepare_cached(sql).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([parameter]).unwrap();
        let row = rows.next().unwrap()?;
        Some((0..columns).map(|index| to_json(row.get_ref(index).unwrap())).collect())
    }

    fn run(&self, connection: &Connection, statement: &Statement) -> Result<Vec<Json>, rusqlite::Error> {
        let sql = match self.bug {
            Some((correct, wrong)) if statement.sql.contains(correct) => {
                Cow::Owned(statement.sql.replacen(correct, wrong, 1))
            }
            _ => Cow::Borrowed(statement.sql),
        };
        let mut prepared = connection.prepare_cached(&sql)?;
        let names: Vec<String> = prepared.column_names().into_iter().map(str::to_owned).collect();
        // Like D1, which takes numbers as doubles.
        #[expect(clippy::cast_precision_loss, reason = "as in edge/d1.rs")]
        let values = statement.values.iter().map(|value| -> Box<dyn ToSql> {
            match value {
                Value::Text(text) => Box::new(text.clone()),
                Value::Integer(number) => Box::new(*number as f64),
            }
        });
        // D1 requires exactly as many values as the statement has parameters. A planted bug may remove one.
        let count = prepared.parameter_count();
        assert!(count == statement.values.len() || self.bug.is_some(), "{sql}");
        let values = values.take(count);
        let mut rows = prepared.query(params_from_iter(values))?;
        let mut objects = Vec::new();
        while let Some(row) = rows.next()? {
            let columns = names.iter().enumerate();
            let object: Map<String, Json> =
                columns.map(|(index, name)| (name.clone(), to_json(row.get_ref(index).unwrap()))).collect();
            objects.push(Json::Object(object));
        }
        Ok(objects)
    }
}

fn to_json(value: ValueRef<'_>) -> Json {
    match value {
        ValueRef::Null => Json::Null,
        ValueRef::Integer(number) => json!(number),
        ValueRef::Real(number) => json!(number),
        // As D1 does.
        ValueRef::Text(text) => json!(String::from_utf8_lossy(text)),
        ValueRef::Blob(_) => panic!("no column is a blob"),
    }
}
