//! Many rows in one statement: a round trip to the database costs more than a row.
//!
//! The number of rows is padded to a power of two by repeating the last one, so that there are few distinct statements,
//! which stay prepared. So a statement must have the same effect if it names a row repeatedly: `IN (…)`,
//! `ON CONFLICT DO NOTHING`, `UPDATE … FROM (VALUES …)`.

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

    fn text(&self, rows: usize, numbered: bool) -> Arc<String> {
        let make = || {
            let mut text = self.before.to_owned();
            for row in 0..rows {
                text.push_str(if row == 0 { "" } else { ", " });
                let values: Vec<String> = (1..=self.columns)
                    .map(|column| match numbered {
                        true => format!("${}", row * self.columns + column),
                        false => "?".to_owned(),
                    })
                    .collect();
                let values = values.join(", ");
                // Writing to a string cannot fail.
                let _ = match self.columns {
                    1 => write!(text, "{values}"),
                    _ => write!(text, "({values})"),
                };
            }
            text + self.after
        };
        let kept = self.texts.get(rows.ilog2() as usize).map(|texts| match numbered {
            true => &texts.numbered,
            false => &texts.unnamed,
        });
        match kept {
            Some(kept) => kept.get_or_init(|| Arc::new(make())).clone(),
            None => Arc::new(make()),
        }
    }
}

/// Writes that are sent together: on SQLite in a single call, on PostgreSQL one after the other. They take effect in
/// the order in which they were added.
#[derive(Default)]
pub struct WriteSet<'w> {
    writes: Vec<Addition<'w>>,
}

/// A statement that binds rows by their index.
struct Addition<'w> {
    statement: &'static BulkStatement,
    rows: usize,
    bind: Box<dyn Fn(Bound, usize) -> Bound + Send + Sync + 'w>,
}

impl<'w> WriteSet<'w> {
    /// Adds a statement that writes exactly one row for each of `items`, like [`BulkStatement::write`].
    pub fn add<T: Sync>(
        &mut self,
        statement: &'static BulkStatement,
        items: &'w [T],
        bind: impl Fn(Bound, &T) -> Bound + Send + Sync + Copy + 'w,
    ) {
        for items in items.chunks(statement.most()) {
            self.writes.push(Addition {
                statement,
                rows: items.len(),
                bind: Box::new(move |query, index| bind(query, &items[index])),
            });
        }
    }

    /// Runs the statements.
    ///
    /// # Errors
    /// [`StoreError::Database`], and [`StoreError::Corrupt`] if the number of written rows differs.
    pub async fn run(self, conn: &mut Conn) -> Result<(), StoreError> {
        if conn.backend_name() == "SQLite" {
            return run_together(conn, &self.writes).await;
        }
        for write in &self.writes {
            run_together(conn, std::slice::from_ref(write)).await?;
        }
        Ok(())
    }
}

/// Runs several statements as one text.
async fn run_together(conn: &mut Conn, writes: &[Addition<'_>]) -> Result<(), StoreError> {
    if writes.is_empty() {
        return Ok(());
    }
    let numbered = conn.backend_name() != "SQLite";
    let texts: Vec<Arc<String>> = writes
        .iter()
        .map(|write| write.statement.text(write.rows.next_power_of_two(), numbered))
        .collect();
    let text = match texts.as_slice() {
        [only] => only.clone(),
        several => Arc::new(several.iter().map(|text| text.as_str()).collect::<Vec<_>>().join(";")),
    };
    // The SQL consists of constants of this crate and numbers.
    let mut query = sqlx::query(AssertSqlSafe(text));
    for write in writes {
        for place in 0..write.rows.next_power_of_two() {
            query = (write.bind)(query, place.min(write.rows - 1));
        }
    }
    let written = query.execute(&mut *conn).await?.rows_affected();
    let rows: usize = writes.iter().map(|write| write.rows).sum();
    if written != rows as u64 {
        let statements: Vec<&str> = writes.iter().map(|write| write.statement.before).collect();
        let why = format!("{written} rows were written for {rows}: {statements:?}");
        return Err(StoreError::corrupt("row", why));
    }
    Ok(())
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

    #[tokio::test]
    async fn a_write_set_writes_in_order_and_counts_its_rows() {
        static RENAME: BulkStatement = BulkStatement::new(
            "UPDATE server_meta SET value = new.column2 FROM (VALUES ",
            2,
            ") AS new WHERE server_meta.name = new.column1",
        );
        let (store, _folder) = testing::store().await;
        let story = store.writer().write(|conn| {
            async move {
                let names: Vec<String> = (0..17_000).map(|number| number.to_string()).collect();
                let mut writes = WriteSet::default();
                writes.add(&INSERT, &names, |query, name| query.bind(name.clone()).bind(""));
                writes.add(&RENAME, &names[..3], |query, name| query.bind(name.clone()).bind("new"));
                writes.add(&RENAME, &names[..0], |query, name| {
                    query.bind(name.clone()).bind("none")
                });
                writes.run(conn).await?;
                let sql = "SELECT COUNT(*) FROM server_meta WHERE value = 'new'";
                let renamed: i64 = sqlx::query_scalar(sql).fetch_one(&mut *conn).await?;
                assert_eq!(renamed, 3);

                let unknown = ["0", "unknown"];
                let mut missing = WriteSet::default();
                missing.add(&RENAME, &unknown, |query, name| query.bind(*name).bind("newer"));
                assert!(matches!(missing.run(conn).await, Err(StoreError::Corrupt { .. })));
                WriteSet::default().run(conn).await
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
