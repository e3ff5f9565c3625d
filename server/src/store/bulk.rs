//! Many rows in one statement: a round trip to the database costs more than a row.
//!
//! The number of rows is padded to a power of two by repeating the last one, so that there are few distinct statements,
//! which stay prepared. So a statement must have the same effect if it names a row repeatedly: `IN (…)`,
//! `ON CONFLICT DO NOTHING`, `UPDATE … FROM (VALUES …)`.

mod sets;

pub use sets::{Found, Read, ReadSet, WriteSet};

use super::{Conn, Row, StoreError};
use sqlx::{Any, AssertSqlSafe, any::AnyArguments, query::Query};
use std::{
    fmt::Write,
    sync::{Arc, OnceLock},
};

/// The maximum number of bound values of SQLite (SQLITE_MAX_VARIABLE_NUMBER); PostgreSQL allows twice as many.
const MAX_VALUES: usize = 32_766;
/// Statements for 1, 2, 4, … rows.
const SIZES: usize = 15;

/// A statement for any number of rows, stored in a `static`.
pub struct BulkStatement {
    before: &'static str,
    columns: usize,
    after: &'static str,
    texts: [Texts; SIZES],
}

/// A statement's text on each database.
struct Texts {
    numbered: OnceLock<Arc<String>>,
    /// SQLite treats `$1` as a name and looks names up one by one: with a thousand values that is most of its work.
    unnamed: OnceLock<Arc<String>>,
}

/// Runs a single read of a set.
///
/// # Errors
/// [`StoreError`].
pub async fn read<'r, T>(conn: &mut Conn, add: impl FnOnce(&mut ReadSet<'r>) -> Read<'r, T>) -> Result<T, StoreError> {
    let mut reads = ReadSet::default();
    let read = add(&mut reads);
    reads.run(conn).await?.take(read)
}

/// A statement with the values bound so far.
pub type Bound = Query<'static, Any, AnyArguments>;

impl BulkStatement {
    /// `before`, then the rows with their number of columns, then `after`: `($1, $2), ($3, $4)`; of a single column
    /// without parentheses, as in `IN ($1, $2)`.
    pub const fn new(before: &'static str, columns: usize, after: &'static str) -> Self {
        Self {
            before,
            columns,
            after,
            texts: [const {
                Texts {
                    numbered: OnceLock::new(),
                    unnamed: OnceLock::new(),
                }
            }; SIZES],
        }
    }

    /// The rows found for `items`, each bound by `bind`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn fetch<T>(
        &self,
        conn: &mut Conn,
        items: &[T],
        bind: impl Fn(Bound, &T) -> Bound,
    ) -> Result<Vec<Row>, StoreError> {
        let mut found = Vec::new();
        for items in items.chunks(self.most()) {
            found.append(&mut self.bound(conn, items, &bind).fetch_all(&mut *conn).await?);
        }
        Ok(found)
    }

    /// Writes `items`, each bound by `bind` and each to exactly one row.
    ///
    /// # Errors
    /// [`StoreError::Database`], and [`StoreError::Corrupt`] if the number of written rows differs.
    pub async fn write<T>(
        &self,
        conn: &mut Conn,
        items: &[T],
        bind: impl Fn(Bound, &T) -> Bound,
    ) -> Result<(), StoreError> {
        for items in items.chunks(self.most()) {
            let written = self
                .bound(conn, items, &bind)
                .execute(&mut *conn)
                .await?
                .rows_affected();
            if written != items.len() as u64 {
                let why = format!("{written} rows were written for {}: {}", items.len(), self.before);
                return Err(StoreError::corrupt("row", why));
            }
        }
        Ok(())
    }

    /// The largest power of two of rows that the database can bind at once.
    fn most(&self) -> usize {
        let most = (MAX_VALUES / self.columns).min(1 << (SIZES - 1));
        1 << most.ilog2()
    }

    fn bound<T>(&self, conn: &Conn, items: &[T], bind: impl Fn(Bound, &T) -> Bound) -> Bound {
        let rows = items.len().next_power_of_two();
        // The SQL consists of constants of this crate and numbers.
        let numbered = conn.backend_name() != "SQLite";
        let mut query = sqlx::query(AssertSqlSafe(self.text(rows, numbered)));
        for place in 0..rows {
            query = bind(query, &items[place.min(items.len() - 1)]);
        }
        query
    }

    /// The text for SQLite, or that for PostgreSQL with parameters from `$1`.
    fn text(&self, rows: usize, numbered: bool) -> Arc<String> {
        let make = || Arc::new(self.write_text(rows, numbered.then_some(1)));
        let kept = self.texts.get(rows.ilog2() as usize).map(|texts| match numbered {
            true => &texts.numbered,
            false => &texts.unnamed,
        });
        match kept {
            Some(kept) => kept.get_or_init(make).clone(),
            None => make(),
        }
    }

    /// The text with parameters from this number on; `None`: without numbers.
    fn write_text(&self, rows: usize, first: Option<usize>) -> String {
        let mut text = self.before.to_owned();
        for row in 0..rows {
            text.push_str(if row == 0 { "" } else { ", " });
            let value = |column| match first {
                Some(first) => format!("${}", first + row * self.columns + column),
                None => "?".to_owned(),
            };
            let values: Vec<String> = (0..self.columns).map(value).collect();
            let values = values.join(", ");
            // Writing to a string cannot fail.
            let _ = match self.columns {
                1 => write!(text, "{values}"),
                _ => write!(text, "({values})"),
            };
        }
        text + self.after
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing;
    use futures_util::FutureExt;

    static INSERT: BulkStatement = BulkStatement::new(
        "INSERT INTO server_meta (name, value) VALUES ",
        2,
        " ON CONFLICT DO NOTHING",
    );
    static FIND: BulkStatement = BulkStatement::new("SELECT name FROM server_meta WHERE name IN (", 1, ")");

    #[tokio::test]
    async fn any_number_of_rows_can_be_written_and_found() {
        let (store, _folder) = testing::store().await;
        let story = store.writer().write(|conn| {
            async move {
                for (round, count) in [0, 1, 3, 5, 17_000].into_iter().enumerate() {
                    let names: Vec<String> = (0..count).map(|number| format!("{round} {number}")).collect();
                    INSERT
                        .write(conn, &names, |query, name| query.bind(name.clone()).bind(""))
                        .await?;
                    let found = FIND.fetch(conn, &names, |query, name| query.bind(name.clone())).await?;
                    assert_eq!(found.len(), count);
                }
                let again = INSERT
                    .write(conn, &["0", "1 0"], |query, name| query.bind(*name).bind(""))
                    .await;
                assert!(
                    matches!(again, Err(StoreError::Corrupt { .. })),
                    "one row existed already"
                );
                Ok::<_, StoreError>(())
            }
            .boxed()
        });
        story.await.unwrap();
    }

    #[test]
    fn a_row_is_a_list_of_values() {
        assert_eq!(
            *FIND.text(2, true),
            "SELECT name FROM server_meta WHERE name IN ($1, $2)"
        );
        assert!(INSERT.text(2, true).contains("VALUES ($1, $2), ($3, $4) ON CONFLICT"));
        assert!(INSERT.text(2, false).contains("VALUES (?, ?), (?, ?) ON CONFLICT"));
    }
}
