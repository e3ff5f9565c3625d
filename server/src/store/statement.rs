//! Statements whose conditions depend on the request. Each combination of conditions is a text of its own, so that the
//! database plans it for these conditions alone.

use protocol::time::Timestamp;
use sqlx::{Any, AssertSqlSafe, any::AnyArguments, query::Query};
use std::fmt::{Display, Write};

/// A statement that is being written.
pub struct Statement {
    sql: String,
    values: Vec<Value>,
}

/// A bound value.
pub enum Value {
    Number(i64),
    Text(String),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<Timestamp> for Value {
    fn from(instant: Timestamp) -> Self {
        Self::Number(instant.millis())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Statement {
    /// A statement that begins with this text, which must be a constant of this crate, like all texts that are added.
    pub fn new(sql: &str) -> Self {
        Self {
            sql: sql.to_owned(),
            values: Vec::new(),
        }
    }

    /// Adds text.
    pub fn add(&mut self, sql: impl Display) {
        // Writing to a string cannot fail.
        let _ = write!(self.sql, "{sql}");
    }

    /// Binds a value; returns its parameter, such as `$3`, which may be added repeatedly.
    pub fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// The rows of a `VALUES` list, each of which is bound.
    pub fn rows<const N: usize>(&mut self, rows: impl IntoIterator<Item = [Value; N]>) -> String {
        let row = |row: [Value; N]| format!("({})", row.map(|value| self.bind(value)).join(", "));
        rows.into_iter().map(row).collect::<Vec<_>>().join(", ")
    }

    /// The statement with its values.
    pub fn query(self) -> Query<'static, Any, AnyArguments> {
        let query = sqlx::query(AssertSqlSafe(self.sql));
        self.values.into_iter().fold(query, |query, value| match value {
            Value::Number(number) => query.bind(number),
            Value::Text(text) => query.bind(text),
        })
    }
}
