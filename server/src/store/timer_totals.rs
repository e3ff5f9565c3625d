//! Sums of the elapsed time of a user's timers. A timer's time is in whole seconds, truncated as everywhere it is shown,
//! so that a sum is that of the shown times; that of a running timer is computed for `now`.

use super::{Conn, Row, StoreError, columns, statement::Statement, timer_filter::Filter};
use protocol::{
    id::{TagGroupId, TagId, TodoId, UserId},
    rest::DayTotal,
    time::{DayRange, Timestamp, Zone},
};
use sqlx::Row as _;
use std::collections::HashMap;

/// The elapsed seconds of a timer; the argument is the parameter of the present.
fn seconds(now: &str) -> String {
    format!(
        "(timers.elapsed_millis + CASE WHEN timers.status = 'RUNNING' AND timers.started_at < {now}
         THEN {now} - timers.started_at ELSE 0 END) / 1000"
    )
}

/// The timers that match a filter by the days of their first start in a zone (default UTC); days without timers are left
/// out.
pub async fn by_day(
    conn: &mut Conn,
    owner: &UserId,
    filter: &Filter,
    (days, zone): (&DayRange, Option<&Zone>),
    now: Timestamp,
) -> Result<Vec<DayTotal>, StoreError> {
    let spans = days.spans(zone);
    if spans.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("");
    let (now, start) = (statement.bind(now), statement.bind(days.local_start()));
    let asked = spans
        .iter()
        .map(|span| [span.from.into(), span.until.into(), span.offset_millis.into()]);
    let (asked, seconds) = (statement.rows(asked), seconds(&now));
    let owner = statement.bind(owner.as_str());
    // CROSS JOIN is an inner join whose order SQLite keeps. The dividend is not negative, so truncation is right.
    statement.add(format_args!(
        "SELECT (timers.created_at + asked.column3 - {start}) / 86400000 AS day, COUNT(*) AS number,
         CAST(SUM({seconds}) AS BIGINT) AS seconds FROM (VALUES {asked}) AS asked CROSS JOIN timers
         WHERE timers.owner_id = {owner} AND timers.created_at >= asked.column1 AND timers.created_at < asked.column2"
    ));
    filter.add_to(&mut statement, conn);
    statement.add(" GROUP BY 1 ORDER BY 1");
    let total = |row: &Row| {
        let day: i64 = row.try_get("day")?;
        let day = u64::try_from(day).map_err(|error| StoreError::corrupt("day", error))?;
        Ok(DayTotal {
            date: days.date(day).to_string(),
            seconds: row.try_get("seconds")?,
            count: row.try_get("number")?,
        })
    };
    statement.query().fetch_all(conn).await?.iter().map(total).collect()
}

/// A todo and the time of its own timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnTime {
    pub id: TodoId,
    pub parent_id: Option<TodoId>,
    pub group_id: TagGroupId,
    /// Elapsed seconds.
    pub seconds: i64,
}

/// The time spent on each todo of a user.
pub async fn by_todo(conn: &mut Conn, owner: &UserId, now: Timestamp) -> Result<Vec<OwnTime>, StoreError> {
    let mut statement = Statement::new("");
    let (now, owner) = (statement.bind(now), statement.bind(owner.as_str()));
    let seconds = seconds(&now);
    statement.add(format_args!(
        "SELECT todos.id, todos.parent_id, todos.tag_group_id, CAST(COALESCE(SUM({seconds}), 0) AS BIGINT) AS seconds
         FROM todos LEFT JOIN timers ON timers.todo_id = todos.id AND timers.owner_id = todos.owner_id
         WHERE todos.owner_id = {owner} GROUP BY todos.id, todos.parent_id, todos.tag_group_id"
    ));
    let time = |row: &Row| {
        Ok(OwnTime {
            id: columns::id(row, "id")?,
            parent_id: columns::optional_id(row, "parent_id")?,
            group_id: columns::id(row, "tag_group_id")?,
            seconds: row.try_get("seconds")?,
        })
    };
    statement.query().fetch_all(conn).await?.iter().map(time).collect()
}

/// The time by tag of a user's timers with their first start from one instant up to another. A timer counts for each of
/// its tags: its own, and those of its schedule, or of its todo if it has no schedule (contract, REST 9.1).
pub async fn by_tag(
    conn: &mut Conn,
    owner: &UserId,
    (from, until): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<HashMap<TagId, i64>, StoreError> {
    let mut statement = Statement::new("");
    let (now, owner) = (statement.bind(now), statement.bind(owner.as_str()));
    let (from, until) = (statement.bind(from), statement.bind(until));
    let seconds = seconds(&now);
    let shown = |table: &str, on: &str| {
        format!(
            "SELECT timers.id, link.tag_id, {seconds} AS seconds FROM timers JOIN {table} AS link ON {on}
             WHERE timers.owner_id = {owner} AND timers.created_at >= {from} AND timers.created_at < {until}"
        )
    };
    let own = shown("timer_tags", "link.timer_id = timers.id");
    let of_schedule = shown("schedule_tags", "link.schedule_id = timers.schedule_id");
    let of_todo = shown(
        "todo_tags",
        "link.todo_id = timers.todo_id AND timers.schedule_id IS NULL",
    );
    // UNION counts a tag once that a timer has itself and by its link.
    statement.add(format_args!(
        "SELECT tag_id, CAST(SUM(seconds) AS BIGINT) AS seconds FROM ({own} UNION {of_schedule} UNION {of_todo}) AS shown
         GROUP BY tag_id"
    ));
    let time = |row: &Row| Ok((columns::id(row, "tag_id")?, row.try_get("seconds")?));
    statement.query().fetch_all(conn).await?.iter().map(time).collect()
}
