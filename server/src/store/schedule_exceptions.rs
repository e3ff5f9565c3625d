//! The table `schedule_exceptions`, with its tags.

use super::{
    Conn, Row, StoreError,
    bulk::BulkStatement,
    columns,
    usage::{self, Kept},
};
use protocol::{
    id::{ScheduleId, TagId},
    time::Timestamp,
};
use sqlx::Row as _;
use std::collections::HashMap;
use uuid::Uuid;

/// An occurrence that differs from the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// The id, used for its tags only.
    pub id: Uuid,
    /// The recurring schedule.
    pub schedule_id: ScheduleId,
    /// The occurrence's start by the rule.
    pub instance_start: Timestamp,
    /// Whether the occurrence is removed.
    pub removed: bool,
    /// `None`: the schedule's title; likewise for the following fields.
    pub title: Option<String>,
    pub description: Option<String>,
    /// The changed start.
    pub start_time: Option<Timestamp>,
    /// The changed end.
    pub end_time: Option<Timestamp>,
}

/// The effect of an exception on its occurrence, without texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    pub id: Uuid,
    /// The recurring schedule.
    pub schedule_id: ScheduleId,
    /// The occurrence's start by the rule.
    pub instance_start: Timestamp,
    /// Whether the occurrence is removed.
    pub removed: bool,
    /// The changed start.
    pub start_time: Option<Timestamp>,
    /// The changed end.
    pub end_time: Option<Timestamp>,
    /// The size of its own title and description in bytes.
    pub text_bytes: usize,
}

impl From<&Exception> for Outline {
    fn from(exception: &Exception) -> Self {
        let bytes = |text: &Option<String>| text.as_deref().map_or(0, str::len);
        Self {
            id: exception.id,
            schedule_id: exception.schedule_id,
            instance_start: exception.instance_start,
            removed: exception.removed,
            start_time: exception.start_time,
            end_time: exception.end_time,
            text_bytes: bytes(&exception.title) + bytes(&exception.description),
        }
    }
}

static FIND: BulkStatement = BulkStatement::new("SELECT * FROM schedule_exceptions WHERE id IN (", 1, ")");
static DELETE: BulkStatement = BulkStatement::new("DELETE FROM schedule_exceptions WHERE id IN (", 1, ")");
static COUNTS: BulkStatement = BulkStatement::new(
    "SELECT schedule_id, COUNT(*) AS number FROM schedule_exceptions WHERE schedule_id IN (",
    1,
    ") GROUP BY schedule_id",
);
static OUTLINES: BulkStatement = BulkStatement::new(
    "SELECT id, schedule_id, instance_start, removed, start_time, end_time,
     octet_length(COALESCE(title, '')) + octet_length(COALESCE(description, '')) AS text_bytes
     FROM schedule_exceptions WHERE schedule_id IN (",
    1,
    ")",
);
static TAG: BulkStatement = BulkStatement::new(
    "INSERT INTO schedule_exception_tags (exception_id, tag_id) VALUES ",
    2,
    " ON CONFLICT DO NOTHING",
);

/// The existing ones of the given exceptions.
pub async fn find_all(conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<Exception>, StoreError> {
    let rows = FIND.fetch(conn, ids, |query, id| query.bind(id.to_string())).await?;
    rows.iter().map(exception).collect()
}

/// The number of exceptions of schedules; schedules without any are not in the map.
pub async fn counts(conn: &mut Conn, ids: &[ScheduleId]) -> Result<HashMap<ScheduleId, usize>, StoreError> {
    let rows = COUNTS.fetch(conn, ids, |query, id| query.bind(id.to_string())).await?;
    rows.iter()
        .map(|row| Ok((columns::id(row, "schedule_id")?, columns::size(row, "number")?)))
        .collect()
}

/// Outlines of the exceptions of schedules, by the start of their occurrence.
pub async fn outlines(conn: &mut Conn, ids: &[ScheduleId]) -> Result<Vec<Outline>, StoreError> {
    let rows = OUTLINES
        .fetch(conn, ids, |query, id| query.bind(id.to_string()))
        .await?;
    let mut found = rows.iter().map(outline).collect::<Result<Vec<_>, _>>()?;
    found.sort_by_key(|exception| (exception.schedule_id, exception.instance_start));
    Ok(found)
}

/// Inserts or updates an exception.
pub async fn put(conn: &mut Conn, exception: &Exception) -> Result<(), StoreError> {
    let before = usage::measure(conn, Kept::Exceptions, &[exception.id]).await?;
    sqlx::query(
        "INSERT INTO schedule_exceptions (id, schedule_id, instance_start, removed, title, description, start_time, end_time)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE SET removed = excluded.removed, title = excluded.title,
         description = excluded.description, start_time = excluded.start_time, end_time = excluded.end_time",
    )
    .bind(exception.id.to_string())
    .bind(exception.schedule_id.to_string())
    .bind(exception.instance_start.millis())
    .bind(i64::from(exception.removed))
    .bind(exception.title.as_deref())
    .bind(exception.description.as_deref())
    .bind(exception.start_time.map(Timestamp::millis))
    .bind(exception.end_time.map(Timestamp::millis))
    .execute(&mut *conn)
    .await?;
    if let Some(start) = exception.start_time {
        // A list of a window finds the schedule by it.
        sqlx::query("UPDATE schedules SET earliest_start = $2 WHERE id = $1 AND earliest_start > $2")
            .bind(exception.schedule_id.to_string())
            .bind(start.millis())
            .execute(&mut *conn)
            .await?;
    }
    usage::record(conn, Kept::Exceptions, &[exception.id], before).await
}

/// Deletes exceptions.
pub async fn delete(conn: &mut Conn, ids: &[Uuid]) -> Result<(), StoreError> {
    let before = usage::measure(conn, Kept::Exceptions, ids).await?;
    DELETE.write(conn, ids, |query, id| query.bind(id.to_string())).await?;
    usage::record(conn, Kept::Exceptions, ids, before).await
}

/// Gives exceptions another schedule of the same owner, and other starts of their occurrences by its rule.
pub async fn relocate(conn: &mut Conn, schedule: ScheduleId, places: &[(Uuid, Timestamp)]) -> Result<(), StoreError> {
    // First to places that nothing else has, since one may move to where another one is: before the year 1, in order.
    for (index, (id, _)) in places.iter().enumerate() {
        let free = i64::MIN + i64::try_from(index).unwrap_or(i64::MAX);
        set_place(conn, *id, schedule, free).await?;
    }
    for (id, start) in places {
        set_place(conn, *id, schedule, start.millis()).await?;
    }
    Ok(())
}

async fn set_place(conn: &mut Conn, id: Uuid, schedule: ScheduleId, start: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE schedule_exceptions SET schedule_id = $2, instance_start = $3 WHERE id = $1")
        .bind(id.to_string())
        .bind(schedule.to_string())
        .bind(start)
        .execute(conn)
        .await?;
    Ok(())
}

/// Sets the tags of an exception.
pub async fn replace_tags(conn: &mut Conn, id: Uuid, tags: &[TagId]) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM schedule_exception_tags WHERE exception_id = $1")
        .bind(id.to_string())
        .execute(&mut *conn)
        .await?;
    TAG.write(conn, tags, |query, tag| {
        query.bind(id.to_string()).bind(tag.to_string())
    })
    .await
}

fn outline(row: &Row) -> Result<Outline, StoreError> {
    Ok(Outline {
        id: columns::id(row, "id")?,
        schedule_id: columns::id(row, "schedule_id")?,
        instance_start: columns::instant(row, "instance_start")?,
        removed: columns::switch(row, "removed")?,
        start_time: columns::optional_instant(row, "start_time")?,
        end_time: columns::optional_instant(row, "end_time")?,
        text_bytes: columns::size(row, "text_bytes")?,
    })
}

fn exception(row: &Row) -> Result<Exception, StoreError> {
    Ok(Exception {
        id: columns::id(row, "id")?,
        schedule_id: columns::id(row, "schedule_id")?,
        instance_start: columns::instant(row, "instance_start")?,
        removed: columns::switch(row, "removed")?,
        title: row.try_get("title")?,
        description: row.try_get("description")?,
        start_time: columns::optional_instant(row, "start_time")?,
        end_time: columns::optional_instant(row, "end_time")?,
    })
}
