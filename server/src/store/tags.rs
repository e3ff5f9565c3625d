//! The table `tags`.

use super::{
    Conn, Row, StoreError, columns,
    rows::Rows,
    usage::{self, Kept},
};
use protocol::{
    id::{TagGroupId, TagId, UserId},
    tag::Tag,
};
use sqlx::Row as _;
use std::collections::{HashMap, HashSet};

static OWNERS: Rows = Rows::new("SELECT id, owner_id FROM tags WHERE id IN (", 1, ")");

static FIND: Rows = Rows::new("SELECT * FROM tags WHERE id IN (", 1, ")");

/// Stores a new tag.
pub async fn insert(conn: &mut Conn, tag: &Tag) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO tags (id, owner_id, group_id, name, color, description, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(tag.id.to_string())
    .bind(tag.owner_id.as_str())
    .bind(tag.group_id.to_string())
    .bind(tag.name.as_str())
    .bind(tag.color.as_str())
    .bind(tag.description.as_deref())
    .bind(tag.created_at.millis())
    .bind(tag.updated_at.millis())
    .execute(&mut *conn)
    .await?;
    usage::record(conn, Kept::Tags, &[tag.id], usage::Measured::new()).await
}

/// Stores what a patch changes.
pub async fn update(conn: &mut Conn, tag: &Tag) -> Result<(), StoreError> {
    let before = usage::measure(conn, Kept::Tags, &[tag.id]).await?;
    sqlx::query("UPDATE tags SET name = $2, color = $3, description = $4, updated_at = $5 WHERE id = $1")
        .bind(tag.id.to_string())
        .bind(tag.name.as_str())
        .bind(tag.color.as_str())
        .bind(tag.description.as_deref())
        .bind(tag.updated_at.millis())
        .execute(&mut *conn)
        .await?;
    usage::record(conn, Kept::Tags, &[tag.id], before).await
}

/// Forgets a tag. It is removed from whatever had it.
pub async fn delete(conn: &mut Conn, id: TagId) -> Result<(), StoreError> {
    let before = usage::measure(conn, Kept::Tags, &[id]).await?;
    sqlx::query("DELETE FROM tags WHERE id = $1")
        .bind(id.to_string())
        .execute(&mut *conn)
        .await?;
    usage::record(conn, Kept::Tags, &[id], before).await
}

/// A user's tag.
pub async fn find(conn: &mut Conn, owner: &UserId, id: TagId) -> Result<Option<Tag>, StoreError> {
    let row = sqlx::query("SELECT * FROM tags WHERE id = $1 AND owner_id = $2")
        .bind(id.to_string())
        .bind(owner.as_str())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(tag).transpose()
}

/// Those of the tags that are there, whoever owns them, in no order.
pub async fn find_all(conn: &mut Conn, ids: &[TagId]) -> Result<Vec<Tag>, StoreError> {
    let rows = FIND.fetch(conn, ids, |query, id| query.bind(id.to_string())).await?;
    rows.iter().map(tag).collect()
}

/// The tag of a group that is called so.
pub async fn named(conn: &mut Conn, group: TagGroupId, name: &str) -> Result<Option<Tag>, StoreError> {
    let row = sqlx::query("SELECT * FROM tags WHERE group_id = $1 AND name = $2")
        .bind(group.to_string())
        .bind(name)
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(tag).transpose()
}

/// A user's tags, ordered by name.
pub async fn list(conn: &mut Conn, owner: &UserId) -> Result<Vec<Tag>, StoreError> {
    let rows = sqlx::query("SELECT * FROM tags WHERE owner_id = $1")
        .bind(owner.as_str())
        .fetch_all(conn)
        .await?;
    sorted(rows.iter().map(tag).collect::<Result<_, _>>()?)
}

/// A group's tags, ordered by name.
pub async fn of_group(conn: &mut Conn, group: TagGroupId) -> Result<Vec<Tag>, StoreError> {
    let rows = sqlx::query("SELECT * FROM tags WHERE group_id = $1")
        .bind(group.to_string())
        .fetch_all(conn)
        .await?;
    sorted(rows.iter().map(tag).collect::<Result<_, _>>()?)
}

/// Whose those of the tags are that are there.
pub async fn owners(conn: &mut Conn, ids: &[TagId]) -> Result<HashMap<TagId, UserId>, StoreError> {
    let rows = OWNERS.fetch(conn, ids, |query, id| query.bind(id.to_string())).await?;
    columns::owners(&rows)
}

/// Those of the tags that are the user's.
pub async fn owned(conn: &mut Conn, owner: &UserId, ids: &[TagId]) -> Result<HashSet<TagId>, StoreError> {
    let rows = OWNERS.fetch(conn, ids, |query, id| query.bind(id.to_string())).await?;
    columns::owned(&rows, owner)
}

/// Byte by byte, whatever the database's own order (contract, REST 6.3).
fn sorted(mut tags: Vec<Tag>) -> Result<Vec<Tag>, StoreError> {
    tags.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(tags)
}

pub(super) fn tag(row: &Row) -> Result<Tag, StoreError> {
    Ok(Tag {
        id: columns::id(row, "id")?,
        owner_id: UserId(row.try_get("owner_id")?),
        group_id: columns::id(row, "group_id")?,
        name: row.try_get("name")?,
        color: row.try_get("color")?,
        description: row.try_get("description")?,
        created_at: columns::instant(row, "created_at")?,
        updated_at: columns::instant(row, "updated_at")?,
    })
}
