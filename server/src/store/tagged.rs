//! The tables `schedule_tags`, `todo_tags` and `timer_tags`: what has which tags.

use super::{Conn, StoreError, columns, rows::Rows, tags};
use protocol::{
    id::{ScheduleId, TagGroupId, TagId, TimerId, TodoId},
    tag::Tag,
};
use std::{collections::HashMap, fmt::Display, hash::Hash, str::FromStr};

/// What can have tags, by its id.
pub trait Tagged: Copy + Eq + Hash + Display + FromStr<Err: ToString> {
    /// Its statements.
    fn statements() -> &'static Statements;
}

/// The statements of one of the tables.
pub struct Statements {
    find: Rows,
    find_ids: Rows,
    clear: Rows,
    insert: Rows,
}

macro_rules! tagged {
    ($id:ident, $table:literal, $column:literal) => {
        impl Tagged for $id {
            fn statements() -> &'static Statements {
                static STATEMENTS: Statements = Statements {
                    find: Rows::new(
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
                    find_ids: Rows::new(
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
                    clear: Rows::new(
                        concat!("DELETE FROM ", $table, " WHERE ", $column, " IN ("),
                        1,
                        ")",
                    ),
                    insert: Rows::new(
                        concat!("INSERT INTO ", $table, " (", $column, ", tag_id) VALUES "),
                        2,
                        " ON CONFLICT DO NOTHING",
                    ),
                };
                &STATEMENTS
            }
        }
    };
}

tagged!(ScheduleId, "schedule_tags", "schedule_id");
tagged!(TodoId, "todo_tags", "todo_id");
tagged!(TimerId, "timer_tags", "timer_id");

/// The tags of each, ordered by name; what has none is not in the map.
pub async fn tags_of<T: Tagged>(conn: &mut Conn, ids: &[T]) -> Result<HashMap<T, Vec<Tag>>, StoreError> {
    let rows = T::statements()
        .find
        .fetch(conn, ids, |query, id| query.bind(id.to_string()))
        .await?;
    let mut found: HashMap<T, Vec<Tag>> = HashMap::new();
    for row in &rows {
        found
            .entry(columns::id(row, "item")?)
            .or_default()
            .push(tags::tag(row)?);
    }
    for tags in found.values_mut() {
        tags.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    }
    Ok(found)
}

/// The tags of each by id, with the groups that they are in; what has none is not in the map.
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

/// Gives each exactly these tags; neither list names one twice.
pub async fn replace<T: Tagged>(conn: &mut Conn, ids: &[T], tags: &[TagId]) -> Result<(), StoreError> {
    let statements = T::statements();
    statements
        .clear
        .fetch(conn, ids, |query, id| query.bind(id.to_string()))
        .await?;
    let pairs: Vec<(T, TagId)> = ids.iter().flat_map(|id| tags.iter().map(|tag| (*id, *tag))).collect();
    insert(conn, &pairs).await
}

/// Gives tags to what has them not; no pair is named twice.
pub async fn insert<T: Tagged>(conn: &mut Conn, pairs: &[(T, TagId)]) -> Result<(), StoreError> {
    T::statements()
        .insert
        .write(conn, pairs, |query, (id, tag)| {
            query.bind(id.to_string()).bind(tag.to_string())
        })
        .await
}
