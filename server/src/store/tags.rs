//! The table `tags`.

use super::{
    Conn, Row, StoreError,
    bulk::BulkStatement,
    columns, paging,
    usage::{self, Kept},
};
use crate::paging::{Listed, NameKey, Room, text_bytes};
use protocol::{
    id::{TagGroupId, TagId, UserId},
    tag::Tag,
};
use sqlx::Row as _;
use std::collections::{HashMap, HashSet};

static OWNERS: BulkStatement = BulkStatement::new("SELECT id, owner_id FROM tags WHERE id IN (", 1, ")");
// Nested resources are bounded: to about 131,072 characters, the oldest first.
static SHOWN_OF_GROUPS: BulkStatement = BulkStatement::new(
    "SELECT * FROM (SELECT tags.*, SUM(64 + LENGTH(name) + COALESCE(LENGTH(description), 0))
         OVER (PARTITION BY group_id ORDER BY id) AS total FROM tags WHERE group_id IN (",
    1,
    ")) AS shown WHERE total <= 131072",
);

static FIND: BulkStatement = BulkStatement::new("SELECT * FROM tags WHERE id IN (", 1, ")");

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

/// Stores the changes of a patch.
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

/// Deletes a tag. It is removed from all resources that have it.
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

/// The existing ones of the given tags, of any owner, unordered.
pub async fn find_all(conn: &mut Conn, ids: &[TagId]) -> Result<Vec<Tag>, StoreError> {
    let rows = FIND.fetch(conn, ids, |query, id| query.bind(id.to_string())).await?;
    rows.iter().map(tag).collect()
}

/// A tag's name and group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagName {
    pub id: TagId,
    pub group_id: TagGroupId,
    pub name: String,
}

/// The names of all tags of a user, ordered by name byte by byte.
pub async fn names(conn: &mut Conn, owner: &UserId) -> Result<Vec<TagName>, StoreError> {
    let rows = sqlx::query("SELECT id, group_id, name FROM tags WHERE owner_id = $1")
        .bind(owner.as_str())
        .fetch_all(conn)
        .await?;
    let name = |row: &Row| {
        Ok(TagName {
            id: columns::id(row, "id")?,
            group_id: columns::id(row, "group_id")?,
            name: row.try_get("name")?,
        })
    };
    let mut names = rows.iter().map(name).collect::<Result<Vec<_>, StoreError>>()?;
    names.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(names)
}

/// The tag with this name in a group.
pub async fn named(conn: &mut Conn, group: TagGroupId, name: &str) -> Result<Option<Tag>, StoreError> {
    let row = sqlx::query("SELECT * FROM tags WHERE group_id = $1 AND name = $2")
        .bind(group.to_string())
        .bind(name)
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(tag).transpose()
}

/// The size of a tag besides its texts, in bytes.
const TAG_BYTES: usize = 400;

impl Listed for Tag {
    type Key = NameKey;

    fn key(&self) -> NameKey {
        NameKey(self.name.clone(), self.id.0)
    }

    fn weigh(&self) -> usize {
        TAG_BYTES + text_bytes(self.description.as_deref().into_iter().chain([self.name.as_str()]))
    }
}

/// A user's tags, ordered by name, after a key, as far as the page has room.
pub async fn list(
    conn: &mut Conn,
    owner: &UserId,
    after: Option<&NameKey>,
    room: &mut Room,
) -> Result<Vec<Tag>, StoreError> {
    let sql = paging::by_name(conn, "tags");
    paging::fill(conn, paging::bind_by_name(sql, owner, after, room), room, tag).await
}

/// The tags that are returned within their groups, ordered by name; groups without any are not in the map.
pub async fn shown_of_groups(
    conn: &mut Conn,
    groups: &[TagGroupId],
) -> Result<HashMap<TagGroupId, Vec<Tag>>, StoreError> {
    let rows = SHOWN_OF_GROUPS
        .fetch(conn, groups, |query, id| query.bind(id.to_string()))
        .await?;
    let mut found: HashMap<TagGroupId, Vec<Tag>> = HashMap::new();
    for row in &rows {
        let tag = tag(row)?;
        found.entry(tag.group_id).or_default().push(tag);
    }
    for tags in found.values_mut() {
        tags.sort_by_key(Listed::key);
    }
    Ok(found)
}

/// The ids of a group's tags.
pub async fn ids_of_group(conn: &mut Conn, group: TagGroupId) -> Result<Vec<TagId>, StoreError> {
    let rows = sqlx::query("SELECT id FROM tags WHERE group_id = $1")
        .bind(group.to_string())
        .fetch_all(conn)
        .await?;
    rows.iter().map(|row| columns::id(row, "id")).collect()
}

/// Those of the given tags that belong to the user.
pub async fn owned(conn: &mut Conn, owner: &UserId, ids: &[TagId]) -> Result<HashSet<TagId>, StoreError> {
    let rows = OWNERS.fetch(conn, ids, |query, id| query.bind(id.to_string())).await?;
    columns::owned(&rows, owner)
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
