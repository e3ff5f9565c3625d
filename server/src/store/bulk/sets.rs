//! Statements that are sent together, since each trip to the database costs more than most statements: a task wakes
//! another thread or process and is woken by it.

use super::{Bound, BulkStatement, MAX_VALUES};
use crate::store::{Conn, Row, StoreError};
use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, Either, Executor, Row as _};
use std::{ops::Range, sync::Arc};

/// The maximum number of parameters in one statement of PostgreSQL is 65,535.
const MAX_PARAMETERS: usize = 2 * MAX_VALUES;

/// A statement that binds rows by their index.
struct Part<'s> {
    statement: &'static BulkStatement,
    rows: usize,
    bind: Box<dyn Fn(Bound, usize) -> Bound + Send + Sync + 's>,
}

impl<'s> Part<'s> {
    /// Parts for all items, each with as many rows as the database can bind at once.
    fn of<T: Sync>(
        statement: &'static BulkStatement,
        items: &'s [T],
        bind: impl Fn(Bound, &T) -> Bound + Send + Sync + Copy + 's,
    ) -> impl Iterator<Item = Self> {
        items.chunks(statement.most()).map(move |items| Self {
            statement,
            rows: items.len(),
            bind: Box::new(move |query, index| bind(query, &items[index])),
        })
    }

    fn bind_rows(&self, mut query: Bound, rows: usize) -> Bound {
        for row in 0..rows {
            query = (self.bind)(query, row.min(self.rows - 1));
        }
        query
    }
}

/// The padded number of rows of each part: the largest one's power of two, or that divided by a power of four. So there
/// are few combinations, and the texts of sets stay prepared.
fn padded_rows(parts: &[Part<'_>]) -> Vec<usize> {
    let largest = parts
        .iter()
        .map(|part| part.rows.next_power_of_two())
        .max()
        .unwrap_or(1);
    let padded = |part: &Part<'_>| {
        let mut rows = largest;
        while rows / 4 >= part.rows {
            rows /= 4;
        }
        rows.min(part.statement.most())
    };
    parts.iter().map(padded).collect()
}

/// The parts as one text for SQLite, which runs several statements in a row.
fn joined(parts: &[Part<'_>]) -> Bound {
    let padded = padded_rows(parts);
    let texts = parts.iter().zip(&padded);
    let texts: Vec<_> = texts.map(|(part, rows)| part.statement.text(*rows, false)).collect();
    let text = match texts.as_slice() {
        [only] => only.clone(),
        several => Arc::new(several.iter().map(|text| text.as_str()).collect::<Vec<_>>().join(";")),
    };
    bound(text, parts, &padded)
}

/// The parts as one statement of PostgreSQL that returns the number of written rows.
fn combined(parts: &[Part<'_>]) -> Bound {
    let padded = padded_rows(parts);
    let (mut first, mut clauses, mut counts) = (1, Vec::new(), Vec::new());
    for (index, (part, rows)) in parts.iter().zip(&padded).enumerate() {
        let text = part.statement.write_text(*rows, Some(first));
        first += rows * part.statement.columns;
        clauses.push(format!("w{index} AS ({text} RETURNING 1)"));
        counts.push(format!("(SELECT COUNT(*) FROM w{index})"));
    }
    let text = format!("WITH {} SELECT {}", clauses.join(", "), counts.join(" + "));
    bound(Arc::new(text), parts, &padded)
}

fn bound(text: Arc<String>, parts: &[Part<'_>], padded: &[usize]) -> Bound {
    // The SQL consists of constants of this crate and numbers.
    let query = sqlx::query(AssertSqlSafe(text));
    let parts = parts.iter().zip(padded);
    parts.fold(query, |query, (part, rows)| part.bind_rows(query, *rows))
}

fn is_sqlite(conn: &Conn) -> bool {
    conn.backend_name() == "SQLite"
}

/// Writes that are sent together, in a single trip. None of them may depend on another one's effect: on PostgreSQL they
/// are parts of one statement, which sees the rows from before it.
#[derive(Default)]
pub struct WriteSet<'w> {
    writes: Vec<Part<'w>>,
}

impl<'w> WriteSet<'w> {
    /// Adds a statement that writes exactly one row for each of `items`, like [`BulkStatement::write`].
    pub fn add<T: Sync>(
        &mut self,
        statement: &'static BulkStatement,
        items: &'w [T],
        bind: impl Fn(Bound, &T) -> Bound + Send + Sync + Copy + 'w,
    ) {
        self.writes.extend(Part::of(statement, items, bind));
    }

    /// Runs the statements.
    ///
    /// # Errors
    /// [`StoreError::Database`], and [`StoreError::Corrupt`] if the number of written rows differs.
    pub async fn run(self, conn: &mut Conn) -> Result<(), StoreError> {
        if self.writes.is_empty() {
            return Ok(());
        }
        let mut written = 0;
        if is_sqlite(conn) {
            written += joined(&self.writes).execute(&mut *conn).await?.rows_affected();
        } else {
            for parts in by_parameters(&self.writes) {
                let row = combined(parts).fetch_one(&mut *conn).await?;
                written += row.try_get::<i64, _>(0)?.unsigned_abs();
            }
        }
        let rows: usize = self.writes.iter().map(|write| write.rows).sum();
        if written != rows as u64 {
            let statements: Vec<&str> = self.writes.iter().map(|write| write.statement.before).collect();
            let why = format!("{written} rows were written for {rows}: {statements:?}");
            return Err(StoreError::corrupt("row", why));
        }
        Ok(())
    }
}

/// Splits parts into groups that have at most [`MAX_PARAMETERS`] parameters each.
fn by_parameters<'p, 's>(mut parts: &'p [Part<'s>]) -> Vec<&'p [Part<'s>]> {
    let mut groups = Vec::new();
    while !parts.is_empty() {
        let fits = |count: &usize| {
            let group = &parts[..*count];
            let parameters = group.iter().zip(padded_rows(group));
            let parameters = parameters.map(|(part, rows)| rows * part.statement.columns);
            parameters.sum::<usize>() <= MAX_PARAMETERS
        };
        // A single part always fits.
        let count = (1..=parts.len()).take_while(fits).last().unwrap_or(1);
        let (group, rest) = parts.split_at(count);
        groups.push(group);
        parts = rest;
    }
    groups
}

/// Reads that are sent together: on SQLite in a single trip, on PostgreSQL one after the other.
#[derive(Default)]
pub struct ReadSet<'r> {
    reads: Vec<Part<'r>>,
}

/// A read of a set: what its rows are, and how they are decoded.
pub struct Read<'r, T> {
    parts: Range<usize>,
    decode: Decode<'r, T>,
}

type Decode<'r, T> = Box<dyn FnOnce(&[Row]) -> Result<T, StoreError> + Send + 'r>;

/// The rows found by a set.
pub struct Found {
    rows: Vec<Vec<Row>>,
}

impl<'r> ReadSet<'r> {
    /// Adds a statement that finds rows for `items`; its rows are decoded by `decode`.
    pub fn add<I: Sync, T>(
        &mut self,
        statement: &'static BulkStatement,
        items: &'r [I],
        bind: impl Fn(Bound, &I) -> Bound + Send + Sync + Copy + 'r,
        decode: impl FnOnce(&[Row]) -> Result<T, StoreError> + Send + 'r,
    ) -> Read<'r, T> {
        let start = self.reads.len();
        self.reads.extend(Part::of(statement, items, bind));
        Read {
            parts: start..self.reads.len(),
            decode: Box::new(decode),
        }
    }

    /// Runs the statements.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn run(self, conn: &mut Conn) -> Result<Found, StoreError> {
        let mut rows = Vec::with_capacity(self.reads.len());
        if is_sqlite(conn) && !self.reads.is_empty() {
            let mut results = Executor::fetch_many(&mut *conn, joined(&self.reads));
            let mut current = Vec::new();
            while let Some(result) = results.try_next().await? {
                match result {
                    Either::Right(row) => current.push(row),
                    // The end of a statement's rows.
                    Either::Left(_) => rows.push(std::mem::take(&mut current)),
                }
            }
        } else {
            for read in &self.reads {
                let padded = read.rows.next_power_of_two();
                let query = bound(read.statement.text(padded, true), std::slice::from_ref(read), &[padded]);
                rows.push(query.fetch_all(&mut *conn).await?);
            }
        }
        Ok(Found { rows })
    }
}

impl Found {
    /// The result of a read.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for rows that cannot be decoded.
    pub fn take<T>(&mut self, read: Read<'_, T>) -> Result<T, StoreError> {
        let mut rows = Vec::new();
        for part in self.rows.get_mut(read.parts).unwrap_or_default() {
            rows.append(part);
        }
        (read.decode)(&rows)
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
    static RENAME: BulkStatement = BulkStatement::new(
        "UPDATE server_meta SET value = new.column2 FROM (VALUES ",
        2,
        ") AS new WHERE server_meta.name = new.column1",
    );
    static FIND: BulkStatement = BulkStatement::new("SELECT name, value FROM server_meta WHERE name IN (", 1, ")");

    fn insert<'w>(writes: &mut WriteSet<'w>, names: &'w [String]) {
        writes.add(&INSERT, names, |query, name| query.bind(name.clone()).bind(""));
    }

    fn rename<'w>(writes: &mut WriteSet<'w>, names: &'w [String]) {
        writes.add(&RENAME, names, |query, name| query.bind(name.clone()).bind("new"));
    }

    fn values<'r>(reads: &mut ReadSet<'r>, names: &'r [String]) -> Read<'r, Vec<String>> {
        let decode = |rows: &[Row]| rows.iter().map(|row| Ok(row.try_get("value")?)).collect();
        reads.add(&FIND, names, |query, name| query.bind(name.clone()), decode)
    }

    fn names(prefix: &str, count: usize) -> Vec<String> {
        (0..count).map(|number| format!("{prefix} {number}")).collect()
    }

    #[tokio::test]
    async fn sets_write_and_find_any_number_of_rows_and_count_them() {
        let (store, _folder) = testing::store().await;
        let story = store.writer().write(|conn| {
            async move {
                let (old, new) = (names("old", 17_000), names("new", 40_000));
                let mut writes = WriteSet::default();
                insert(&mut writes, &old);
                writes.run(conn).await?;
                let mut writes = WriteSet::default();
                rename(&mut writes, &old[..3]);
                rename(&mut writes, &old[..0]);
                insert(&mut writes, &new);
                writes.run(conn).await?;

                let unknown = names("unknown", 2);
                let mut reads = ReadSet::default();
                let none = values(&mut reads, &old[..0]);
                let all_new = values(&mut reads, &new);
                let some_old = values(&mut reads, &old[2..4]);
                let missing = values(&mut reads, &unknown);
                let mut found = reads.run(conn).await?;
                assert_eq!(found.take(some_old)?.concat(), "new");
                assert_eq!(found.take(missing)?, [""; 0]);
                assert_eq!(found.take(all_new)?.len(), 40_000);
                assert_eq!(found.take(none)?, [""; 0]);

                let mut missing = WriteSet::default();
                rename(&mut missing, &unknown);
                assert!(matches!(missing.run(conn).await, Err(StoreError::Corrupt { .. })));
                WriteSet::default().run(conn).await
            }
            .boxed()
        });
        story.await.unwrap();
    }

    #[test]
    fn padding_is_by_powers_of_four_below_the_largest_part() {
        let items = names("item", 33);
        let part = |rows: usize| Part::of(&FIND, &items[..rows], |query, _| query).next().unwrap();
        let padded = |rows: &[usize]| padded_rows(&rows.iter().map(|rows| part(*rows)).collect::<Vec<_>>());
        assert_eq!(padded(&[33, 17, 16, 4, 3, 1]), [64, 64, 16, 4, 4, 1]);
        assert_eq!(padded(&[8, 2, 1]), [8, 2, 2]);
        assert_eq!(padded(&[1]), [1]);
    }

    #[test]
    fn writes_become_one_statement_with_consecutive_parameters() {
        let items = names("item", 2);
        let parts: Vec<_> = Part::of(&INSERT, &items, |query, _| query)
            .chain(Part::of(&RENAME, &items[..1], |query, _| query))
            .collect();
        assert_eq!(
            INSERT.write_text(1, Some(5)),
            "INSERT INTO server_meta (name, value) VALUES ($5, $6) ON CONFLICT DO NOTHING"
        );
        let text = sqlx::Execute::sql(combined(&parts)).as_str().to_owned();
        assert!(text.starts_with("WITH w0 AS (INSERT"), "{text}");
        assert!(text.contains("($5, $6), ($7, $8)) AS new"), "{text}");
        assert!(
            text.ends_with("RETURNING 1) SELECT (SELECT COUNT(*) FROM w0) + (SELECT COUNT(*) FROM w1)"),
            "{text}"
        );
    }
}
