//! The table `todos`.

use super::{
    Conn, Row, StoreError,
    bulk::BulkStatement,
    columns,
    statement::Statement,
    text_pattern::TextPattern,
    usage::{self, Kept},
};
use crate::paging::TimeKey;
use protocol::{
    id::{TagGroupId, TodoId, UserId},
    time::Timestamp,
    todo::{Todo, TodoStatus},
};
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

static FIND: BulkStatement = BulkStatement::new("SELECT * FROM todos WHERE id IN (", 1, ")");
static OWNERS: BulkStatement = BulkStatement::new("SELECT id, owner_id FROM todos WHERE id IN (", 1, ")");
static PLACES: BulkStatement = BulkStatement::new(
    "SELECT id, parent_id, tag_group_id, status, deadline, created_at FROM todos WHERE id IN (",
    1,
    ")",
);
static DELETE: BulkStatement = BulkStatement::new("DELETE FROM todos WHERE id IN (", 1, ")");
static FORGET_VISIBILITY: BulkStatement = BulkStatement::new(
    "DELETE FROM visibilities WHERE resource_type = 'todo' AND resource_id IN (",
    1,
    ")",
);

/// Stores a new todo.
pub async fn insert(conn: &mut Conn, todo: &Todo) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO todos (id, owner_id, title, description, deadline, tag_group_id, parent_id, status, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(todo.id.to_string())
    .bind(todo.owner_id.as_str())
    .bind(todo.title.as_str())
    .bind(todo.description.as_deref())
    .bind(todo.deadline.map(Timestamp::millis))
    .bind(todo.tag_group_id.to_string())
    .bind(todo.parent_id.map(|id| id.to_string()))
    .bind(todo.status.as_str())
    .bind(todo.created_at.millis())
    .execute(&mut *conn)
    .await?;
    usage::record(conn, Kept::Todos, &[todo.id], usage::Measured::new()).await
}

/// Stores the changes of a patch.
pub async fn update(conn: &mut Conn, todo: &Todo) -> Result<(), StoreError> {
    let before = usage::measure(conn, Kept::Todos, &[todo.id]).await?;
    sqlx::query(
        "UPDATE todos SET title = $2, description = $3, deadline = $4, tag_group_id = $5, parent_id = $6, status = $7
         WHERE id = $1",
    )
    .bind(todo.id.to_string())
    .bind(todo.title.as_str())
    .bind(todo.description.as_deref())
    .bind(todo.deadline.map(Timestamp::millis))
    .bind(todo.tag_group_id.to_string())
    .bind(todo.parent_id.map(|id| id.to_string()))
    .bind(todo.status.as_str())
    .execute(&mut *conn)
    .await?;
    usage::record(conn, Kept::Todos, &[todo.id], before).await
}

/// Deletes todos and their visibility; their children become roots. The caller removes the links of timers.
pub async fn delete(conn: &mut Conn, ids: &[TodoId]) -> Result<(), StoreError> {
    let before = usage::measure(conn, Kept::Todos, ids).await?;
    for statement in [&FORGET_VISIBILITY, &DELETE] {
        statement
            .fetch(conn, ids, |query, id| query.bind(id.to_string()))
            .await?;
    }
    usage::record(conn, Kept::Todos, ids, before).await
}

/// The existing ones of the given todos, of any owner, unordered.
pub async fn find_all(conn: &mut Conn, ids: &[TodoId]) -> Result<Vec<Todo>, StoreError> {
    let rows = FIND.fetch(conn, ids, |query, id| query.bind(id.to_string())).await?;
    rows.iter().map(todo).collect()
}

/// One todo, of any owner.
pub async fn find(conn: &mut Conn, id: TodoId) -> Result<Option<Todo>, StoreError> {
    Ok(find_all(conn, &[id]).await?.pop())
}

/// The columns that decide whether and where a todo is in a list, without texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TodoPlace {
    pub id: TodoId,
    /// The parent.
    pub parent_id: Option<TodoId>,
    pub tag_group_id: TagGroupId,
    pub status: TodoStatus,
    pub deadline: Option<Timestamp>,
    pub created_at: Timestamp,
}

/// The sort key of lists of todos (contract, REST 8.3): status, whether there is no deadline, the deadline, newest
/// first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TodoKey(TodoStatus, bool, Option<i64>, Reverse<TimeKey>);

impl TodoPlace {
    /// The sort key.
    pub fn key(&self) -> TodoKey {
        let newest = Reverse(TimeKey(self.created_at.millis(), self.id.0));
        let deadline = self.deadline.map(Timestamp::millis);
        TodoKey(self.status, deadline.is_none(), deadline, newest)
    }
}

impl From<&Todo> for TodoPlace {
    fn from(todo: &Todo) -> Self {
        Self {
            id: todo.id,
            parent_id: todo.parent_id,
            tag_group_id: todo.tag_group_id,
            status: todo.status,
            deadline: todo.deadline,
            created_at: todo.created_at,
        }
    }
}

/// The list positions of a user's todos, in the order of lists.
pub async fn places(conn: &mut Conn, owner: &UserId) -> Result<Vec<TodoPlace>, StoreError> {
    let sql = "SELECT id, parent_id, tag_group_id, status, deadline, created_at FROM todos WHERE owner_id = $1";
    let rows = sqlx::query(sql).bind(owner.as_str()).fetch_all(conn).await?;
    in_order(&rows)
}

/// A user's todos whose title or description contains a text.
pub async fn with_text(conn: &mut Conn, owner: &UserId, text: &TextPattern) -> Result<HashSet<TodoId>, StoreError> {
    let mut statement = Statement::new("");
    let (operator, pattern) = text.condition(conn);
    let (owner, pattern) = (statement.bind(owner.as_str()), statement.bind(pattern));
    statement.add(format_args!(
        "SELECT id FROM todos WHERE owner_id = {owner}
         AND (title {operator} {pattern} OR description {operator} {pattern})"
    ));
    let rows = statement.query().fetch_all(conn).await?;
    rows.iter().map(|row| columns::id(row, "id")).collect()
}

/// The list positions of the existing ones of the given todos, of any owner, in the order of lists.
pub async fn places_of(conn: &mut Conn, ids: &[TodoId]) -> Result<Vec<TodoPlace>, StoreError> {
    let rows = PLACES.fetch(conn, ids, |query, id| query.bind(id.to_string())).await?;
    in_order(&rows)
}

fn in_order(rows: &[Row]) -> Result<Vec<TodoPlace>, StoreError> {
    let place = |row: &Row| {
        Ok(TodoPlace {
            id: columns::id(row, "id")?,
            parent_id: columns::optional_id(row, "parent_id")?,
            tag_group_id: columns::id(row, "tag_group_id")?,
            status: columns::parsed(row, "status")?,
            deadline: columns::optional_instant(row, "deadline")?,
            created_at: columns::instant(row, "created_at")?,
        })
    };
    let mut places = rows.iter().map(place).collect::<Result<Vec<_>, StoreError>>()?;
    places.sort_by_key(TodoPlace::key);
    Ok(places)
}

/// The number of a user's todos, or of those in a group.
pub async fn count(conn: &mut Conn, owner: &UserId, group: Option<TagGroupId>) -> Result<i64, StoreError> {
    let sql = match group {
        Some(_) => "SELECT COUNT(*) FROM todos WHERE owner_id = $1 AND tag_group_id = $2",
        None => "SELECT COUNT(*) FROM todos WHERE owner_id = $1",
    };
    let mut query = sqlx::query_scalar(sql).bind(owner.as_str());
    if let Some(group) = group {
        query = query.bind(group.to_string());
    }
    Ok(query.fetch_one(conn).await?)
}

/// The numbers of a user's todos by group; groups without any are left out.
pub async fn count_by_group(conn: &mut Conn, owner: &UserId) -> Result<HashMap<TagGroupId, i64>, StoreError> {
    let sql = "SELECT tag_group_id, COUNT(*) AS number FROM todos WHERE owner_id = $1 GROUP BY tag_group_id";
    let rows = sqlx::query(sql).bind(owner.as_str()).fetch_all(conn).await?;
    let count = |row: &Row| Ok((columns::id(row, "tag_group_id")?, row.try_get("number")?));
    rows.iter().map(count).collect()
}

/// The todos of a group.
pub async fn of_group(conn: &mut Conn, group: TagGroupId) -> Result<Vec<TodoId>, StoreError> {
    let rows = sqlx::query("SELECT id FROM todos WHERE tag_group_id = $1")
        .bind(group.to_string())
        .fetch_all(conn)
        .await?;
    rows.iter().map(|row| columns::id(row, "id")).collect()
}

/// The owners of the existing ones of the given todos.
pub async fn owners(conn: &mut Conn, ids: &[TodoId]) -> Result<HashMap<TodoId, UserId>, StoreError> {
    let rows = OWNERS.fetch(conn, ids, |query, id| query.bind(id.to_string())).await?;
    columns::owners(&rows)
}

/// Those of the given todos that belong to the user.
pub async fn owned(conn: &mut Conn, owner: &UserId, ids: &[TodoId]) -> Result<HashSet<TodoId>, StoreError> {
    let rows = OWNERS.fetch(conn, ids, |query, id| query.bind(id.to_string())).await?;
    columns::owned(&rows, owner)
}

fn todo(row: &Row) -> Result<Todo, StoreError> {
    Ok(Todo {
        id: columns::id(row, "id")?,
        owner_id: UserId(row.try_get("owner_id")?),
        title: row.try_get("title")?,
        description: row.try_get("description")?,
        deadline: columns::optional_instant(row, "deadline")?,
        tag_group_id: columns::id(row, "tag_group_id")?,
        parent_id: columns::optional_id(row, "parent_id")?,
        status: columns::parsed(row, "status")?,
        created_at: columns::instant(row, "created_at")?,
    })
}
