//! The links of timers: schedules, todos and, by `timer_tags`, tags.

use super::{Conn, Row, StoreError, bulk::BulkStatement, paging, timer_history::timer_columns, timers};
use crate::paging::{Room, TimeKey};
use protocol::{
    id::{ScheduleId, TagId, TodoId, UserId},
    timers::Timer,
};
use std::{collections::BTreeMap, fmt::Display};

static BY_SCHEDULE: BulkStatement = BulkStatement::new(
    concat!("SELECT ", timer_columns!(), " FROM timers WHERE schedule_id IN ("),
    1,
    ")",
);
static BY_TODO: BulkStatement = BulkStatement::new(
    concat!("SELECT ", timer_columns!(), " FROM timers WHERE todo_id IN ("),
    1,
    ")",
);
static BY_TAG: BulkStatement = BulkStatement::new(
    concat!(
        "SELECT ",
        timer_columns!(),
        " FROM timers WHERE id IN (SELECT timer_id FROM timer_tags WHERE tag_id IN ("
    ),
    1,
    "))",
);
static UPDATE: BulkStatement = BulkStatement::new(
    "UPDATE timers SET schedule_id = new.column2, todo_id = new.column3, updated_at = new.column4 FROM (VALUES ",
    4,
    ") AS new WHERE timers.id = new.column1",
);

/// Resources that are about to be deleted, and that timers may be linked to.
#[derive(Clone, Debug, Default)]
pub struct DeletionSet {
    pub schedules: Vec<ScheduleId>,
    pub todos: Vec<TodoId>,
    pub tags: Vec<TagId>,
}

/// The timers that are linked to any of these, oldest first, without duplicates.
pub async fn naming(conn: &mut Conn, named: &DeletionSet) -> Result<Vec<Timer>, StoreError> {
    let mut found = by(conn, &BY_SCHEDULE, &named.schedules).await?;
    found.append(&mut by(conn, &BY_TODO, &named.todos).await?);
    found.append(&mut by(conn, &BY_TAG, &named.tags).await?);
    let timers = found.iter().map(timers::timer).collect::<Result<Vec<_>, _>>()?;
    let each: BTreeMap<_, _> = timers.into_iter().map(|timer| (timer.id, timer)).collect();
    Ok(each.into_values().collect())
}

async fn by(conn: &mut Conn, statement: &'static BulkStatement, ids: &[impl Display]) -> Result<Vec<Row>, StoreError> {
    statement.fetch(conn, ids, |query, id| query.bind(id.to_string())).await
}

/// Stores the current links of the timers.
pub async fn update(conn: &mut Conn, timers: &[Timer]) -> Result<(), StoreError> {
    UPDATE
        .write(conn, timers, |query, timer| {
            query
                .bind(timer.id.to_string())
                .bind(timer.schedule_id.map(|id| id.to_string()))
                .bind(timer.todo_id.map(|id| id.to_string()))
                .bind(timer.updated_at.millis())
        })
        .await
}

/// What a timer can be linked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkedTo {
    /// A schedule.
    Schedule(ScheduleId),
    /// A todo.
    Todo(TodoId),
}

macro_rules! list_by {
    ($column:literal) => {
        concat!(
            "SELECT ",
            timer_columns!(),
            " FROM timers WHERE ",
            $column,
            " = $1 AND owner_id = $2 AND (created_at, id) < ($3, $4) ORDER BY created_at DESC, id DESC LIMIT $5"
        )
    };
}

macro_rules! active_by {
    ($column:literal) => {
        concat!(
            "SELECT ",
            timer_columns!(),
            " FROM timers WHERE ",
            $column,
            " = $1 AND owner_id = $2 AND status IN ('RUNNING', 'PAUSED') ORDER BY created_at DESC, id DESC LIMIT 1"
        )
    };
}

/// A user's timers of a schedule or todo, newest first, after a key as far as there is room.
pub async fn list(
    conn: &mut Conn,
    owner: &UserId,
    link: LinkedTo,
    after: Option<&TimeKey>,
    room: &mut Room,
) -> Result<Vec<Timer>, StoreError> {
    let query = match link {
        LinkedTo::Schedule(id) => sqlx::query(list_by!("schedule_id")).bind(id.to_string()),
        LinkedTo::Todo(id) => sqlx::query(list_by!("todo_id")).bind(id.to_string()),
    };
    let after = after.unwrap_or(&TimeKey::START);
    let query = query
        .bind(owner.as_str())
        .bind(after.0)
        .bind(after.1.to_string())
        .bind(room.rows());
    paging::fill(conn, query, room, timers::timer).await
}

/// A user's newest RUNNING or PAUSED timer of a schedule or todo.
pub async fn active(conn: &mut Conn, owner: &UserId, link: LinkedTo) -> Result<Option<Timer>, StoreError> {
    let query = match link {
        LinkedTo::Schedule(id) => sqlx::query(active_by!("schedule_id")).bind(id.to_string()),
        LinkedTo::Todo(id) => sqlx::query(active_by!("todo_id")).bind(id.to_string()),
    };
    let row = query.bind(owner.as_str()).fetch_optional(conn).await?;
    row.as_ref().map(timers::timer).transpose()
}
