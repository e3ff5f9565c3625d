//! The table `tag_groups`.

use super::{
    Conn, Row, StoreError, columns, paging,
    usage::{self, Kept},
};
use crate::paging::{Listed, NameKey, Room, text_bytes};
use protocol::{
    id::{TagGroupId, UserId},
    tag::{GoalRatios, TagGroup},
};
use sqlx::Row as _;

/// Stores a new group.
pub async fn insert(conn: &mut Conn, group: &TagGroup) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO tag_groups (id, owner_id, name, color, description, goal_ratios, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(group.id.to_string())
    .bind(group.owner_id.as_str())
    .bind(group.name.as_str())
    .bind(group.color.as_str())
    .bind(group.description.as_deref())
    .bind(ratios(group)?)
    .bind(group.created_at.millis())
    .bind(group.updated_at.millis())
    .execute(&mut *conn)
    .await?;
    usage::record(conn, Kept::TagGroups, &[group.id], usage::Measured::new()).await
}

/// Stores the changes of a patch.
pub async fn update(conn: &mut Conn, group: &TagGroup) -> Result<(), StoreError> {
    let before = usage::measure(conn, Kept::TagGroups, &[group.id]).await?;
    sqlx::query(
        "UPDATE tag_groups SET name = $2, color = $3, description = $4, goal_ratios = $5, updated_at = $6 WHERE id = $1",
    )
    .bind(group.id.to_string())
    .bind(group.name.as_str())
    .bind(group.color.as_str())
    .bind(group.description.as_deref())
    .bind(ratios(group)?)
    .bind(group.updated_at.millis())
    .execute(&mut *conn)
    .await?;
    usage::record(conn, Kept::TagGroups, &[group.id], before).await
}

/// Deletes a group with its tags and todos; schedules are unlinked from it.
pub async fn delete(conn: &mut Conn, id: TagGroupId) -> Result<(), StoreError> {
    let before = usage::measure(conn, Kept::TagGroups, &[id]).await?;
    sqlx::query("DELETE FROM tag_groups WHERE id = $1")
        .bind(id.to_string())
        .execute(&mut *conn)
        .await?;
    usage::record(conn, Kept::TagGroups, &[id], before).await
}

/// A user's group.
pub async fn find(conn: &mut Conn, owner: &UserId, id: TagGroupId) -> Result<Option<TagGroup>, StoreError> {
    let row = sqlx::query("SELECT * FROM tag_groups WHERE id = $1 AND owner_id = $2")
        .bind(id.to_string())
        .bind(owner.as_str())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(group).transpose()
}

/// The size of a group besides its texts in bytes, and of each goal besides its name.
const GROUP_BYTES: usize = 400;
const GOAL_BYTES: usize = 30;

impl Listed for TagGroup {
    type Key = NameKey;

    fn key(&self) -> NameKey {
        NameKey(self.name.clone(), self.id.0)
    }

    fn weigh(&self) -> usize {
        let goals = self
            .goal_ratios
            .iter()
            .flatten()
            .map(|(name, _)| name.len() + GOAL_BYTES);
        let texts = text_bytes(self.description.as_deref().into_iter().chain([self.name.as_str()]));
        GROUP_BYTES + texts + goals.sum::<usize>()
    }
}

/// A user's groups, ordered by name byte by byte, after a key, as far as the page has room.
pub async fn list(
    conn: &mut Conn,
    owner: &UserId,
    after: Option<&NameKey>,
    room: &mut Room,
) -> Result<Vec<TagGroup>, StoreError> {
    let sql = paging::by_name(conn, "tag_groups");
    paging::fill(conn, paging::bind_by_name(sql, owner, after, room), room, group).await
}

/// The goals of all groups of a user, ordered by the groups' names byte by byte.
pub async fn goals(conn: &mut Conn, owner: &UserId) -> Result<Vec<(TagGroupId, Option<GoalRatios>)>, StoreError> {
    let rows = sqlx::query("SELECT id, name, goal_ratios FROM tag_groups WHERE owner_id = $1")
        .bind(owner.as_str())
        .fetch_all(conn)
        .await?;
    let mut groups = Vec::new();
    for row in &rows {
        let (name, id): (String, TagGroupId) = (row.try_get("name")?, columns::id(row, "id")?);
        groups.push(((name, id), (id, parsed_ratios(row)?)));
    }
    groups.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(groups.into_iter().map(|(_, goals)| goals).collect())
}

fn ratios(group: &TagGroup) -> Result<Option<String>, StoreError> {
    let text = group.goal_ratios.as_ref().map(serde_json::to_string).transpose();
    text.map_err(|error| StoreError::corrupt("goal ratios", error))
}

fn parsed_ratios(row: &Row) -> Result<Option<GoalRatios>, StoreError> {
    let ratios: Option<String> = row.try_get("goal_ratios")?;
    let ratios = ratios.map(|text| serde_json::from_str(&text)).transpose();
    ratios.map_err(|error| StoreError::corrupt("goal ratios", error))
}

fn group(row: &Row) -> Result<TagGroup, StoreError> {
    Ok(TagGroup {
        id: columns::id(row, "id")?,
        owner_id: UserId(row.try_get("owner_id")?),
        name: row.try_get("name")?,
        color: row.try_get("color")?,
        description: row.try_get("description")?,
        goal_ratios: parsed_ratios(row)?,
        created_at: columns::instant(row, "created_at")?,
        updated_at: columns::instant(row, "updated_at")?,
    })
}
