//! The table `schedule_exceptions`, with its tags.

use super::{Conn, Row, StoreError, columns, rows::Rows};
use protocol::{
    id::{ScheduleId, TagId},
    time::Timestamp,
};
use sqlx::Row as _;
use uuid::Uuid;

/// An occurrence that is not as the rule says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Its id, for its tags only.
    pub id: Uuid,
    /// The recurring schedule.
    pub schedule_id: ScheduleId,
    /// When the rule has it start.
    pub instance_start: Timestamp,
    /// It does not happen.
    pub removed: bool,
    /// `None`: as the schedule's; so are all of these.
    pub title: Option<String>,
    /// More about it.
    pub description: Option<String>,
    /// When it starts instead.
    pub start_time: Option<Timestamp>,
    /// When it ends instead.
    pub end_time: Option<Timestamp>,
}

static OF: Rows = Rows::new("SELECT * FROM schedule_exceptions WHERE schedule_id IN (", 1, ")");
static TAG: Rows = Rows::new(
    "INSERT INTO schedule_exception_tags (exception_id, tag_id) VALUES ",
    2,
    " ON CONFLICT DO NOTHING",
);

/// The exceptions of schedules, by what they stand for.
pub async fn of_schedules(conn: &mut Conn, ids: &[ScheduleId]) -> Result<Vec<Exception>, StoreError> {
    let rows = OF.fetch(conn, ids, |query, id| query.bind(id.to_string())).await?;
    let mut found = rows.iter().map(exception).collect::<Result<Vec<_>, _>>()?;
    found.sort_by_key(|exception| (exception.schedule_id, exception.instance_start));
    Ok(found)
}

/// Stores an exception, or what has changed about it.
pub async fn put(conn: &mut Conn, exception: &Exception) -> Result<(), StoreError> {
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
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives an exception exactly these tags.
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
