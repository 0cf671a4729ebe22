//! A database like D1: SQLite, where a batch is one transaction.

use std::{fs, path::Path};

use reset_password2::sql::statement::{Statement, Value};
use rusqlite::{Connection, ToSql, params_from_iter, types::ValueRef};
use serde_json::{Map, Value as Json, json};

/// A database with the exchange's tables.
pub(crate) struct Database(Connection);

impl Database {
    /// Opens an empty database, and applies all migrations.
    pub(crate) fn migrated() -> Self {
        let connection = Connection::open_in_memory().unwrap();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
        let mut migrations: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        migrations.sort();
        for migration in migrations {
            connection.execute_batch(&fs::read_to_string(migration).unwrap()).unwrap();
        }
        Self(connection)
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

    /// Runs statements of the test's own.
    pub(crate) fn execute(&self, sql: &str) {
        self.0.execute_batch(sql).unwrap();
    }

    /// Runs a batch, and returns the rows of its last statement.
    pub(crate) fn batch(&self, statements: impl IntoIterator<Item = Statement>) -> Vec<Json> {
        let transaction = self.0.unchecked_transaction().unwrap();
        let rows = statements.into_iter().fold(Vec::new(), |_, statement| run(&transaction, &statement));
        transaction.commit().unwrap();
        rows
    }

    /// Returns the first column of the only row.
    pub(crate) fn value(&self, sql: &str) -> Json {
        self.0.query_row(sql, [], |row| Ok(to_json(row.get_ref(0)?))).unwrap()
    }
}

fn run(connection: &Connection, statement: &Statement) -> Vec<Json> {
    let mut prepared = connection.prepare(statement.sql).unwrap();
    let names: Vec<String> = prepared.column_names().into_iter().map(str::to_owned).collect();
    // Like D1, which takes numbers as doubles.
    #[expect(clippy::cast_precision_loss, reason = "as in edge/d1.rs")]
    let values = statement.values.iter().map(|value| -> Box<dyn ToSql> {
        match value {
            Value::Text(text) => Box::new(text.clone()),
            Value::Integer(number) => Box::new(*number as f64),
        }
    });
    let mut rows = prepared.query(params_from_iter(values)).unwrap();
    let mut objects = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let columns = names.iter().enumerate();
        let object: Map<String, Json> =
            columns.map(|(index, name)| (name.clone(), to_json(row.get_ref(index).unwrap()))).collect();
        objects.push(Json::Object(object));
    }
    objects
}

fn to_json(value: ValueRef<'_>) -> Json {
    match value {
        ValueRef::Null => Json::Null,
        ValueRef::Integer(number) => json!(number),
        ValueRef::Real(number) => json!(number),
        ValueRef::Text(text) => json!(std::str::from_utf8(text).unwrap()),
        ValueRef::Blob(_) => panic!("no column is a blob"),
    }
}
