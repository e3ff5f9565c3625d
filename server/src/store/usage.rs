//! The table `user_usage`: each user's rows and bytes of text. Code that changes counted rows takes
//! a `measure` of them before and calls `record` after, in the same transaction.

use super::{
    Conn, Row, StoreError,
    bulk::{self, BulkStatement, Read, ReadSet, WriteSet},
};
use protocol::id::UserId;
use sqlx::Row as _;
use std::{
    collections::HashMap,
    fmt::Display,
    ops::{Add, Sub},
};

/// A user's usage, or a difference of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    pub timers: i64,
    pub schedules: i64,
    pub todos: i64,
    /// Tags and tag groups.
    pub tags: i64,
    /// Bytes of the texts of all these, and of exceptions of schedules.
    pub bytes: i64,
}

impl Usage {
    /// The usage of one new timer.
    pub fn of_timer(title: Option<&str>, description: Option<&str>) -> Self {
        let bytes = title.map_or(0, str::len) + description.map_or(0, str::len);
        Self {
            timers: 1,
            bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
            ..Self::default()
        }
    }
}

impl Add for Usage {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            timers: self.timers.saturating_add(other.timers),
            schedules: self.schedules.saturating_add(other.schedules),
            todos: self.todos.saturating_add(other.todos),
            tags: self.tags.saturating_add(other.tags),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }
}

impl Sub for Usage {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            timers: self.timers.saturating_sub(other.timers),
            schedules: self.schedules.saturating_sub(other.schedules),
            todos: self.todos.saturating_sub(other.todos),
            tags: self.tags.saturating_sub(other.tags),
            bytes: self.bytes.saturating_sub(other.bytes),
        }
    }
}

/// A table with counted rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    Timers,
    /// Including their exceptions.
    Schedules,
    Exceptions,
    Todos,
    Tags,
    /// Including their tags.
    TagGroups,
}

/// A statement for the usage by owner: number of rows and bytes of texts. The table's migration computes the same sums.
static TIMERS: BulkStatement = BulkStatement::new(
    "SELECT owner_id, COUNT(*) AS number,
     SUM(octet_length(COALESCE(title, '')) + octet_length(COALESCE(description, ''))) AS bytes
     FROM timers WHERE id IN (",
    1,
    ") GROUP BY owner_id",
);
static SCHEDULES: BulkStatement = BulkStatement::new(
    "SELECT owner_id, COUNT(*) AS number,
     SUM(octet_length(title) + octet_length(COALESCE(description, '')) + octet_length(COALESCE(recurrence_rule, '')))
     AS bytes FROM schedules WHERE id IN (",
    1,
    ") GROUP BY owner_id",
);
static EXCEPTIONS_OF: BulkStatement = BulkStatement::new(
    "SELECT s.owner_id, COUNT(*) AS number,
     SUM(octet_length(COALESCE(e.title, '')) + octet_length(COALESCE(e.description, ''))) AS bytes
     FROM schedule_exceptions AS e JOIN schedules AS s ON s.id = e.schedule_id WHERE e.schedule_id IN (",
    1,
    ") GROUP BY s.owner_id",
);
static EXCEPTIONS: BulkStatement = BulkStatement::new(
    "SELECT s.owner_id, COUNT(*) AS number,
     SUM(octet_length(COALESCE(e.title, '')) + octet_length(COALESCE(e.description, ''))) AS bytes
     FROM schedule_exceptions AS e JOIN schedules AS s ON s.id = e.schedule_id WHERE e.id IN (",
    1,
    ") GROUP BY s.owner_id",
);
static TODOS: BulkStatement = BulkStatement::new(
    "SELECT owner_id, COUNT(*) AS number, SUM(octet_length(title) + octet_length(COALESCE(description, ''))) AS bytes
     FROM todos WHERE id IN (",
    1,
    ") GROUP BY owner_id",
);
static TAGS: BulkStatement = BulkStatement::new(
    "SELECT owner_id, COUNT(*) AS number, SUM(octet_length(name) + octet_length(COALESCE(description, ''))) AS bytes
     FROM tags WHERE id IN (",
    1,
    ") GROUP BY owner_id",
);
static TAGS_OF: BulkStatement = BulkStatement::new(
    "SELECT owner_id, COUNT(*) AS number, SUM(octet_length(name) + octet_length(COALESCE(description, ''))) AS bytes
     FROM tags WHERE group_id IN (",
    1,
    ") GROUP BY owner_id",
);
static TAG_GROUPS: BulkStatement = BulkStatement::new(
    "SELECT owner_id, COUNT(*) AS number,
     SUM(octet_length(name) + octet_length(COALESCE(description, '')) + octet_length(COALESCE(goal_ratios, '')))
     AS bytes FROM tag_groups WHERE id IN (",
    1,
    ") GROUP BY owner_id",
);

static FIND: BulkStatement = BulkStatement::new("SELECT * FROM user_usage WHERE user_id IN (", 1, ")");
// A user may be listed repeatedly, with the same values.
static PUT: BulkStatement = BulkStatement::new(
    "INSERT INTO user_usage (user_id, timers, schedules, todos, tags, bytes)
     SELECT DISTINCT column1, column2, column3, column4, column5, column6 FROM (VALUES ",
    6,
    ") AS new WHERE true
     ON CONFLICT (user_id) DO UPDATE SET timers = excluded.timers, schedules = excluded.schedules,
     todos = excluded.todos, tags = excluded.tags, bytes = excluded.bytes",
);

impl Kept {
    /// The statements: for the table's own rows, then for dependent rows.
    fn statements(self) -> [Option<&'static BulkStatement>; 2] {
        match self {
            Self::Timers => [Some(&TIMERS), None],
            Self::Schedules => [Some(&SCHEDULES), Some(&EXCEPTIONS_OF)],
            Self::Exceptions => [None, Some(&EXCEPTIONS)],
            Self::Todos => [Some(&TODOS), None],
            Self::Tags => [Some(&TAGS), None],
            Self::TagGroups => [Some(&TAG_GROUPS), Some(&TAGS_OF)],
        }
    }

    /// The usage of a number of rows; exceptions count by their bytes only.
    fn rows(self, number: i64, own: bool) -> Usage {
        let mut usage = Usage::default();
        match self {
            Self::Timers => usage.timers = number,
            Self::Schedules if own => usage.schedules = number,
            Self::Schedules | Self::Exceptions => {}
            Self::Todos => usage.todos = number,
            Self::Tags | Self::TagGroups => usage.tags = number,
        }
        usage
    }
}

/// The usage of rows by their owners.
pub(super) type Measured = HashMap<UserId, Usage>;

/// The usage of the existing ones of the given rows.
pub(super) async fn measure<I: Display>(conn: &mut Conn, kept: Kept, ids: &[I]) -> Result<Measured, StoreError> {
    let mut measured = Measured::new();
    for (place, statement) in kept.statements().into_iter().enumerate() {
        let Some(statement) = statement else { continue };
        let rows = statement
            .fetch(conn, ids, |query, id| query.bind(id.to_string()))
            .await?;
        for row in &rows {
            let usage = Usage {
                bytes: row.try_get("bytes")?,
                ..kept.rows(row.try_get("number")?, place == 0)
            };
            let sum = measured.entry(UserId(row.try_get("owner_id")?)).or_default();
            *sum = *sum + usage;
        }
    }
    Ok(measured)
}

/// Records the difference since the rows were measured.
pub(super) async fn record<I: Display>(
    conn: &mut Conn,
    kept: Kept,
    ids: &[I],
    before: Measured,
) -> Result<(), StoreError> {
    let mut changes = measure(conn, kept, ids).await?;
    for (user, usage) in before {
        let change = changes.entry(user).or_default();
        *change = *change - usage;
    }
    for (user, change) in changes.into_iter().filter(|(_, change)| *change != Usage::default()) {
        add(conn, &user, change).await?;
    }
    Ok(())
}

async fn add(conn: &mut Conn, user: &UserId, change: Usage) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO user_usage (user_id, timers, schedules, todos, tags, bytes) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (user_id) DO UPDATE SET timers = user_usage.timers + excluded.timers,
         schedules = user_usage.schedules + excluded.schedules, todos = user_usage.todos + excluded.todos,
         tags = user_usage.tags + excluded.tags, bytes = user_usage.bytes + excluded.bytes",
    )
    .bind(user.as_str())
    .bind(change.timers)
    .bind(change.schedules)
    .bind(change.todos)
    .bind(change.tags)
    .bind(change.bytes)
    .execute(conn)
    .await?;
    Ok(())
}

/// The usage of users.
pub async fn of(conn: &mut Conn, users: &[&UserId]) -> Result<HashMap<UserId, Usage>, StoreError> {
    bulk::read(conn, |reads| of_in(reads, users)).await
}

/// Like [`of`], as a part of a set.
pub fn of_in<'r>(reads: &mut ReadSet<'r>, users: &'r [&UserId]) -> Read<'r, HashMap<UserId, Usage>> {
    let decode = |rows: &[Row]| {
        let mut found: HashMap<UserId, Usage> = users.iter().map(|user| ((*user).clone(), Usage::default())).collect();
        for row in rows {
            found.insert(UserId(row.try_get("user_id")?), usage(row)?);
        }
        Ok(found)
    };
    reads.add(&FIND, users, |query, user| query.bind(user.as_str().to_owned()), decode)
}

/// Stores the usage of users.
pub fn put<'w>(writes: &mut WriteSet<'w>, usages: &'w [(&'w UserId, Usage)]) {
    writes.add(&PUT, usages, |query, (user, usage)| {
        query
            .bind(user.as_str())
            .bind(usage.timers)
            .bind(usage.schedules)
            .bind(usage.todos)
            .bind(usage.tags)
            .bind(usage.bytes)
    });
}

fn usage(row: &Row) -> Result<Usage, StoreError> {
    Ok(Usage {
        timers: row.try_get("timers")?,
        schedules: row.try_get("schedules")?,
        todos: row.try_get("todos")?,
        tags: row.try_get("tags")?,
        bytes: row.try_get("bytes")?,
    })
}
