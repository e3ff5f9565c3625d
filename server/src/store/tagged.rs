//! The tables `schedule_tags`, `todo_tags` and `timer_tags`: the tags of resources.

use super::{
    Conn, Row, StoreError,
    bulk::{self, BulkStatement, Read, ReadSet, WriteSet},
    columns, tags,
};
use protocol::{
    id::{ScheduleId, TagGroupId, TagId, TimerId, TodoId, UserId},
    limits,
    tag::Tag,
};
use sqlx::{AssertSqlSafe, Row as _};
use std::{
    collections::{HashMap, HashSet},
    fmt::Display,
    hash::Hash,
    str::FromStr,
};

// The tags of the schedules of a todo are bounded together, as the schedules are.
static SHOWN_WITHIN_TODOS: BulkStatement = BulkStatement::new(
    "SELECT * FROM (SELECT tags.*, link.schedule_id AS item,
         SUM(64 + LENGTH(tags.name) + COALESCE(LENGTH(tags.description), 0))
         OVER (PARTITION BY schedules.source_todo_id ORDER BY schedules.start_time, schedules.id, tags.id) AS total
         FROM schedule_tags link JOIN schedules ON schedules.id = link.schedule_id JOIN tags ON tags.id = link.tag_id
         WHERE link.schedule_id IN (",
    1,
    ")) AS shown WHERE total <= 65536",
);

/// The id of a resource that can have tags.
pub trait Tagged: Copy + Eq + Hash + Display + FromStr<Err: ToString> + Sync {
    /// The statements for its table.
    fn statements() -> &'static Statements;
}

/// The statements of one of the tables.
pub struct Statements {
    find: BulkStatement,
    find_ids: BulkStatement,
    shown: BulkStatement,
    clear: BulkStatement,
    insert: BulkStatement,
    with_tag: &'static str,
}

macro_rules! tagged {
    ($id:ident, $table:literal, $column:literal) => {
        impl Tagged for $id {
            fn statements() -> &'static Statements {
                static STATEMENTS: Statements = Statements {
                    find: BulkStatement::new(
                        concat!(
                            "SELECT tags.*, link.",
                            $column,
                            " AS item FROM ",
                            $table,
                            " link JOIN tags ON tags.id = link.tag_id WHERE link.",
                            $column,
                            " IN ("
                        ),
                        1,
                        ")",
                    ),
                    find_ids: BulkStatement::new(
                        concat!(
                            "SELECT tags.id, tags.group_id, link.",
                            $column,
                            " AS item FROM ",
                            $table,
                            " link JOIN tags ON tags.id = link.tag_id WHERE link.",
                            $column,
                            " IN ("
                        ),
                        1,
                        ")",
                    ),
                    // Nested resources are bounded: to about 65,536 characters, the oldest first.
                    shown: BulkStatement::new(
                        concat!(
                            "SELECT * FROM (SELECT tags.*, link.",
                            $column,
                            " AS item, SUM(64 + LENGTH(tags.name) + COALESCE(LENGTH(tags.description), 0))
                             OVER (PARTITION BY link.",
                            $column,
                            " ORDER BY tags.id) AS total FROM ",
                            $table,
                            " link JOIN tags ON tags.id = link.tag_id WHERE link.",
                            $column,
                            " IN ("
                        ),
                        1,
                        ")) AS shown WHERE total <= 65536",
                    ),
                    clear: BulkStatement::new(
                        concat!("DELETE FROM ", $table, " WHERE ", $column, " IN ("),
                        1,
                        ")",
                    ),
                    insert: BulkStatement::new(
                        concat!("INSERT INTO ", $table, " (", $column, ", tag_id) VALUES "),
                        2,
                        " ON CONFLICT DO NOTHING",
                    ),
                    with_tag: concat!("SELECT ", $column, " AS item FROM ", $table, " WHERE tag_id = $1"),
                };
                &STATEMENTS
            }
        }
    };
}

tagged!(ScheduleId, "schedule_tags", "schedule_id");
tagged!(TodoId, "todo_tags", "todo_id");
tagged!(TimerId, "timer_tags", "timer_id");

/// The tags of each resource, ordered by name; resources without any are not in the map.
pub async fn tags_of<T: Tagged>(conn: &mut Conn, ids: &[T]) -> Result<HashMap<T, Vec<Tag>>, StoreError> {
    by_item(conn, &T::statements().find, ids).await
}

/// The tags that are returned with each resource, ordered by name; resources without any are not in the map.
pub async fn shown_tags_of<T: Tagged>(conn: &mut Conn, ids: &[T]) -> Result<HashMap<T, Vec<Tag>>, StoreError> {
    by_item(conn, &T::statements().shown, ids).await
}

/// Like [`shown_tags_of`], as a part of a set.
pub fn shown_tags_in<'r, T: Tagged>(reads: &mut ReadSet<'r>, ids: &'r [T]) -> Read<'r, HashMap<T, Vec<Tag>>> {
    by_item_in(reads, &T::statements().shown, ids)
}

/// Those of the given tags, the oldest first, that are returned with a resource, as [`shown_tags_of`] reads them.
pub fn shown<'t>(tags: impl Iterator<Item = &'t Tag>) -> impl Iterator<Item = &'t Tag> {
    let chars = |text: &str| text.chars().count();
    let mut total = 0;
    tags.take_while(move |tag| {
        total += 64 + chars(&tag.name) + tag.description.as_deref().map_or(0, chars);
        total <= 65_536
    })
}

/// The tags of schedules that are returned within their todos, like [`shown_tags_of`].
pub async fn shown_within_todos(
    conn: &mut Conn,
    ids: &[ScheduleId],
) -> Result<HashMap<ScheduleId, Vec<Tag>>, StoreError> {
    by_item(conn, &SHOWN_WITHIN_TODOS, ids).await
}

async fn by_item<T: Tagged>(
    conn: &mut Conn,
    statement: &'static BulkStatement,
    ids: &[T],
) -> Result<HashMap<T, Vec<Tag>>, StoreError> {
    bulk::read(conn, |reads| by_item_in(reads, statement, ids)).await
}

fn by_item_in<'r, T: Tagged>(
    reads: &mut ReadSet<'r>,
    statement: &'static BulkStatement,
    ids: &'r [T],
) -> Read<'r, HashMap<T, Vec<Tag>>> {
    let decode = |rows: &[Row]| {
        let mut found: HashMap<T, Vec<Tag>> = HashMap::new();
        for row in rows {
            let tags = found.entry(columns::id(row, "item")?).or_default();
            tags.push(tags::tag(row)?);
        }
        for tags in found.values_mut() {
            tags.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        }
        Ok(found)
    };
    reads.add(statement, ids, |query, id| query.bind(id.to_string()), decode)
}

/// The tags of each resource by id, with their groups; resources without any are not in the map.
pub async fn tag_ids_of<T: Tagged>(
    conn: &mut Conn,
    ids: &[T],
) -> Result<HashMap<T, Vec<(TagId, TagGroupId)>>, StoreError> {
    let rows = T::statements()
        .find_ids
        .fetch(conn, ids, |query, id| query.bind(id.to_string()))
        .await?;
    let mut found: HashMap<T, Vec<(TagId, TagGroupId)>> = HashMap::new();
    for row in &rows {
        let tag = (columns::id(row, "id")?, columns::id(row, "group_id")?);
        found.entry(columns::id(row, "item")?).or_default().push(tag);
    }
    Ok(found)
}

/// The ids of all resources with a tag, of any owner.
pub async fn with_tag<T: Tagged>(conn: &mut Conn, tag: TagId) -> Result<HashSet<T>, StoreError> {
    let rows = sqlx::query(T::statements().with_tag)
        .bind(tag.to_string())
        .fetch_all(conn)
        .await?;
    rows.iter().map(|row| columns::id(row, "item")).collect()
}

/// Sets the tags of each resource; neither list has duplicates.
pub async fn replace<T: Tagged>(conn: &mut Conn, ids: &[T], tags: &[TagId]) -> Result<(), StoreError> {
    let statements = T::statements();
    statements
        .clear
        .fetch(conn, ids, |query, id| query.bind(id.to_string()))
        .await?;
    let pairs: Vec<(T, TagId)> = ids.iter().flat_map(|id| tags.iter().map(|tag| (*id, *tag))).collect();
    let mut writes = WriteSet::default();
    insert(&mut writes, &pairs);
    writes.run(conn).await
}

/// Adds tags to resources that do not have them; no pair is listed twice.
pub fn insert<'w, T: Tagged>(writes: &mut WriteSet<'w>, pairs: &'w [(T, TagId)]) {
    let insert = &T::statements().insert;
    writes.add(insert, pairs, |query, (id, tag)| {
        query.bind(id.to_string()).bind(tag.to_string())
    });
}

/// The number of a user's todos by tag, with the tag's name, for the most used tags. With a group: only its todos and
/// its tags.
pub async fn todos_by_tag(
    conn: &mut Conn,
    owner: &UserId,
    group: Option<TagGroupId>,
) -> Result<Vec<(TagId, String, i64)>, StoreError> {
    let in_group = match group {
        Some(_) => "AND todos.tag_group_id = $3 AND tags.group_id = $3",
        None => "",
    };
    // The SQL consists of constants. CROSS JOIN is an inner join whose order SQLite keeps.
    let sql = format!(
        "SELECT tags.id, tags.name, COUNT(*) AS todos FROM todos CROSS JOIN todo_tags CROSS JOIN tags
         WHERE todos.owner_id = $1 AND todo_tags.todo_id = todos.id AND tags.id = todo_tags.tag_id {in_group}
         GROUP BY tags.id, tags.name ORDER BY COUNT(*) DESC, tags.id LIMIT $2"
    );
    let most = i64::try_from(limits::PAGE_ITEMS).unwrap_or(i64::MAX);
    let mut query = sqlx::query(AssertSqlSafe(sql)).bind(owner.as_str()).bind(most);
    if let Some(group) = group {
        query = query.bind(group.to_string());
    }
    let rows = query.fetch_all(conn).await?;
    let counted = |row: &Row| Ok((columns::id(row, "id")?, row.try_get("name")?, row.try_get("todos")?));
    rows.iter().map(counted).collect()
}
