//! The table `schedules`.

use super::{
    Conn, Row, StoreError,
    bulk::BulkStatement,
    columns,
    usage::{self, Kept},
};
use protocol::{
    id::{ScheduleId, TodoId, UserId},
    schedule::Schedule,
    time::Timestamp,
};
use sqlx::Row as _;
use std::collections::HashSet;

static FIND: BulkStatement = BulkStatement::new("SELECT * FROM schedules WHERE id IN (", 1, ")");
static OUTLINES: BulkStatement = BulkStatement::new(
    "SELECT id, owner_id, all_day, start_time, end_time, recurrence_rule, recurrence_end,
     octet_length(title) + octet_length(COALESCE(description, '')) AS text_bytes FROM schedules WHERE id IN (",
    1,
    ")",
);
static OWNERS: BulkStatement = BulkStatement::new("SELECT id, owner_id FROM schedules WHERE id IN (", 1, ")");
static OF_TODOS: BulkStatement = BulkStatement::new("SELECT * FROM schedules WHERE source_todo_id IN (", 1, ")");
// Nested resources are bounded: to about 65,536 characters, the earliest first.
static SHOWN_OF_TODOS: BulkStatement = BulkStatement::new(
    "SELECT * FROM (SELECT schedules.*, SUM(256 + LENGTH(title) + COALESCE(LENGTH(description), 0))
         OVER (PARTITION BY source_todo_id ORDER BY start_time, id) AS total
         FROM schedules WHERE source_todo_id IN (",
    1,
    ")) AS shown WHERE total <= 65536",
);
static DELETE: BulkStatement = BulkStatement::new("DELETE FROM schedules WHERE id IN (", 1, ")");
static FORGET_VISIBILITY: BulkStatement = BulkStatement::new(
    "DELETE FROM visibilities WHERE resource_type = 'schedule' AND resource_id IN (",
    1,
    ")",
);

/// The times of a schedule, and the length of its texts: sufficient to find its occurrences without reading the texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    pub id: ScheduleId,
    pub owner_id: UserId,
    /// Whether it lasts whole days: then its times are midnights in UTC.
    pub all_day: bool,
    /// The start; of a recurring schedule, the start of the rule.
    pub start_time: Timestamp,
    /// The end.
    pub end_time: Timestamp,
    /// RFC 5545 text; `None` if it does not recur.
    pub rule: Option<String>,
    /// The last instant at which an occurrence may start.
    pub recurrence_end: Option<Timestamp>,
    /// The size of its title and description in bytes.
    pub text_bytes: usize,
}

impl From<&Schedule> for Outline {
    fn from(schedule: &Schedule) -> Self {
        Self {
            id: schedule.id,
            owner_id: schedule.owner_id.clone(),
            all_day: schedule.all_day,
            start_time: schedule.start_time,
            end_time: schedule.end_time,
            rule: schedule.rule().map(str::to_owned),
            recurrence_end: schedule.recurrence_end,
            text_bytes: schedule.title.len() + schedule.description.as_deref().map_or(0, str::len),
        }
    }
}

/// Stores a new schedule.
pub async fn insert(conn: &mut Conn, schedule: &Schedule) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO schedules (id, owner_id, title, description, start_time, end_time, recurrence_rule, recurrence_end,
         tag_group_id, source_todo_id, from_deadline, state, created_at, all_day, earliest_start)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(schedule.id.to_string())
    .bind(schedule.owner_id.as_str())
    .bind(schedule.title.as_str())
    .bind(schedule.description.as_deref())
    .bind(schedule.start_time.millis())
    .bind(schedule.end_time.millis())
    .bind(schedule.recurrence_rule.as_deref())
    .bind(schedule.recurrence_end.map(Timestamp::millis))
    .bind(schedule.tag_group_id.map(|id| id.to_string()))
    .bind(schedule.source_todo_id.map(|id| id.to_string()))
    .bind(i64::from(schedule.from_deadline))
    .bind(schedule.state.as_str())
    .bind(schedule.created_at.millis())
    .bind(i64::from(schedule.all_day))
    .bind(schedule.earliest_start().millis())
    .execute(&mut *conn)
    .await?;
    usage::record(conn, Kept::Schedules, &[schedule.id], usage::Measured::new()).await
}

/// Stores the changes of a patch.
pub async fn update(conn: &mut Conn, schedule: &Schedule) -> Result<(), StoreError> {
    let before = usage::measure(conn, Kept::Schedules, &[schedule.id]).await?;
    sqlx::query(
        "UPDATE schedules SET title = $2, description = $3, start_time = $4, end_time = $5, recurrence_rule = $6,
         recurrence_end = $7, tag_group_id = $8, source_todo_id = $9, from_deadline = $10, state = $11, all_day = $12,
         earliest_start = COALESCE(
             (SELECT MIN(start_time) FROM schedule_exceptions WHERE schedule_id = $1 AND start_time < $13), $13)
         WHERE id = $1",
    )
    .bind(schedule.id.to_string())
    .bind(schedule.title.as_str())
    .bind(schedule.description.as_deref())
    .bind(schedule.start_time.millis())
    .bind(schedule.end_time.millis())
    .bind(schedule.recurrence_rule.as_deref())
    .bind(schedule.recurrence_end.map(Timestamp::millis))
    .bind(schedule.tag_group_id.map(|id| id.to_string()))
    .bind(schedule.source_todo_id.map(|id| id.to_string()))
    .bind(i64::from(schedule.from_deadline))
    .bind(schedule.state.as_str())
    .bind(i64::from(schedule.all_day))
    .bind(schedule.earliest_start().millis())
    .execute(&mut *conn)
    .await?;
    usage::record(conn, Kept::Schedules, &[schedule.id], before).await
}

/// Deletes schedules, their exceptions and their visibility. The caller removes the links of timers.
pub async fn delete(conn: &mut Conn, ids: &[ScheduleId]) -> Result<(), StoreError> {
    let before = usage::measure(conn, Kept::Schedules, ids).await?;
    for statement in [&FORGET_VISIBILITY, &DELETE] {
        statement
            .fetch(conn, ids, |query, id| query.bind(id.to_string()))
            .await?;
    }
    usage::record(conn, Kept::Schedules, ids, before).await
}

/// The existing ones of the given schedules, of any owner, unordered.
pub async fn find_all(conn: &mut Conn, ids: &[ScheduleId]) -> Result<Vec<Schedule>, StoreError> {
    let rows = FIND.fetch(conn, ids, |query, id| query.bind(id.to_string())).await?;
    rows.iter().map(schedule).collect()
}

/// One schedule, of any owner.
pub async fn find(conn: &mut Conn, id: ScheduleId) -> Result<Option<Schedule>, StoreError> {
    Ok(find_all(conn, &[id]).await?.pop())
}

/// A user's schedules that may overlap a window: those that overlap it themselves, borders included, and recurring ones
/// of which an occurrence may start before its end. Unordered.
pub async fn around(
    conn: &mut Conn,
    owner: &UserId,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Schedule>, StoreError> {
    let rows = sqlx::query(
        "SELECT * FROM schedules WHERE owner_id = $1 AND start_time <= $2 AND end_time >= $3
         UNION ALL
         SELECT * FROM schedules WHERE owner_id = $1 AND earliest_start <= $2 AND recurrence_rule <> ''
         AND (start_time > $2 OR end_time < $3)",
    )
    .bind(owner.as_str())
    .bind(until.millis())
    .bind(from.millis())
    .fetch_all(conn)
    .await?;
    rows.iter().map(schedule).collect()
}

/// Outlines of the schedules that [`around`] finds.
pub async fn outlines_around(
    conn: &mut Conn,
    owner: &UserId,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Outline>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, owner_id, all_day, start_time, end_time, recurrence_rule, recurrence_end,
         octet_length(title) + octet_length(COALESCE(description, '')) AS text_bytes
         FROM schedules WHERE owner_id = $1 AND start_time <= $2 AND end_time >= $3
         UNION ALL
         SELECT id, owner_id, all_day, start_time, end_time, recurrence_rule, recurrence_end,
         octet_length(title) + octet_length(COALESCE(description, '')) AS text_bytes
         FROM schedules WHERE owner_id = $1 AND earliest_start <= $2 AND recurrence_rule <> ''
         AND (start_time > $2 OR end_time < $3)",
    )
    .bind(owner.as_str())
    .bind(until.millis())
    .bind(from.millis())
    .fetch_all(conn)
    .await?;
    rows.iter().map(outline).collect()
}

/// Outlines of the existing ones of the given schedules, of any owner, unordered.
pub async fn outlines(conn: &mut Conn, ids: &[ScheduleId]) -> Result<Vec<Outline>, StoreError> {
    let rows = OUTLINES
        .fetch(conn, ids, |query, id| query.bind(id.to_string()))
        .await?;
    rows.iter().map(outline).collect()
}

/// The schedules of todos, ordered by start.
pub async fn of_todos(conn: &mut Conn, todos: &[TodoId]) -> Result<Vec<Schedule>, StoreError> {
    by_start(conn, &OF_TODOS, todos).await
}

/// The schedules that are returned within their todos, ordered by start.
pub async fn shown_of_todos(conn: &mut Conn, todos: &[TodoId]) -> Result<Vec<Schedule>, StoreError> {
    by_start(conn, &SHOWN_OF_TODOS, todos).await
}

async fn by_start(
    conn: &mut Conn,
    statement: &'static BulkStatement,
    todos: &[TodoId],
) -> Result<Vec<Schedule>, StoreError> {
    let rows = statement
        .fetch(conn, todos, |query, id| query.bind(id.to_string()))
        .await?;
    let mut found = rows.iter().map(schedule).collect::<Result<Vec<_>, _>>()?;
    found.sort_by_key(|schedule| (schedule.start_time, schedule.id));
    Ok(found)
}

/// Those of the given schedules that belong to the user.
pub async fn owned(conn: &mut Conn, owner: &UserId, ids: &[ScheduleId]) -> Result<HashSet<ScheduleId>, StoreError> {
    let rows = OWNERS.fetch(conn, ids, |query, id| query.bind(id.to_string())).await?;
    columns::owned(&rows, owner)
}

fn outline(row: &Row) -> Result<Outline, StoreError> {
    let rule: Option<String> = row.try_get("recurrence_rule")?;
    Ok(Outline {
        id: columns::id(row, "id")?,
        owner_id: UserId(row.try_get("owner_id")?),
        all_day: columns::switch(row, "all_day")?,
        start_time: columns::instant(row, "start_time")?,
        end_time: columns::instant(row, "end_time")?,
        rule: rule.filter(|rule| !rule.is_empty()),
        recurrence_end: columns::optional_instant(row, "recurrence_end")?,
        text_bytes: columns::size(row, "text_bytes")?,
    })
}

fn schedule(row: &Row) -> Result<Schedule, StoreError> {
    Ok(Schedule {
        id: columns::id(row, "id")?,
        owner_id: UserId(row.try_get("owner_id")?),
        title: row.try_get("title")?,
        description: row.try_get("description")?,
        all_day: columns::switch(row, "all_day")?,
        start_time: columns::instant(row, "start_time")?,
        end_time: columns::instant(row, "end_time")?,
        recurrence_rule: row.try_get("recurrence_rule")?,
        recurrence_end: columns::optional_instant(row, "recurrence_end")?,
        tag_group_id: columns::optional_id(row, "tag_group_id")?,
        source_todo_id: columns::optional_id(row, "source_todo_id")?,
        from_deadline: columns::switch(row, "from_deadline")?,
        state: columns::parsed(row, "state")?,
        created_at: columns::instant(row, "created_at")?,
    })
}
