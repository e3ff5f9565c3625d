//! The tables `visibilities` and `visibility_entries`: the visibility settings of resources.

mod readers;
mod summaries;

use super::{Conn, Row, StoreError, bulk::BulkStatement, columns};
use protocol::{
    id::UserId,
    sharing::{Level, Reader, ResourceKind},
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row as _};
use std::{
    collections::{
        HashMap,
        hash_map::Entry::{Occupied, Vacant},
    },
    fmt::Write,
};
use uuid::Uuid;

pub use readers::{Known, known, shared_with};
pub use summaries::{SharedItem, SharedItems, shared_with_each, shared_with_friends};

static DELETE: BulkStatement = BulkStatement::new(
    "DELETE FROM visibilities WHERE (resource_type, resource_id) IN (VALUES ",
    2,
    ")",
);
static FIND: BulkStatement = BulkStatement::new(
    "SELECT v.id, v.resource_id, v.owner_id, v.level, v.created_at, v.updated_at, e.kind, e.value
     FROM visibilities AS v LEFT JOIN visibility_entries AS e ON e.visibility_id = v.id
     WHERE (v.resource_type, v.resource_id) IN (VALUES ",
    2,
    ") ORDER BY e.place",
);

/// A setting, whole (contract, REST 11.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visibility {
    pub id: Uuid,
    pub resource: ResourceKind,
    /// The resource's id.
    pub resource_id: Uuid,
    /// The resource's owner.
    pub owner: UserId,
    pub level: Level,
    /// The list of the level, as it was given.
    pub entries: Vec<Entry>,
    /// When it was first set.
    pub created_at: Timestamp,
    /// When it was last set.
    pub updated_at: Timestamp,
}

impl Visibility {
    /// Whether a reader is on the list of the level.
    pub fn lists(&self, reader: &Reader) -> bool {
        self.entries.iter().any(|entry| {
            let wanted = match entry.kind {
                EntryKind::User => Some(reader.user.as_str()),
                EntryKind::Email => reader.email.as_deref(),
                EntryKind::Domain => reader.domain(),
            };
            wanted == Some(entry.key().as_str())
        })
    }
}

/// An entry of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The kind of `value`.
    pub kind: EntryKind,
    /// As it was given.
    pub value: String,
}

/// The kinds of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A user's id.
    User,
    Email,
    /// The part of addresses after the `@`.
    Domain,
}

impl EntryKind {
    const ALL: [Self; 3] = [Self::User, Self::Email, Self::Domain];

    fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Email => "email",
            Self::Domain => "domain",
        }
    }
}

impl Entry {
    /// The value that a reader is compared with: ids unchanged, addresses and domains in lower case.
    pub fn key(&self) -> String {
        match self.kind {
            EntryKind::User => self.value.clone(),
            EntryKind::Email | EntryKind::Domain => self.value.trim().to_lowercase(),
        }
    }
}

/// Replaces the setting of a resource; id and `created_at` stay those of the first one.
pub async fn put(conn: &mut Conn, new: &Visibility) -> Result<Visibility, StoreError> {
    let row = sqlx::query(
        "INSERT INTO visibilities (id, resource_type, resource_id, owner_id, level, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (resource_type, resource_id) DO UPDATE SET owner_id = excluded.owner_id, level = excluded.level,
         updated_at = excluded.updated_at RETURNING id, created_at",
    )
    .bind(new.id.to_string())
    .bind(new.resource.as_str())
    .bind(new.resource_id.to_string())
    .bind(new.owner.as_str())
    .bind(new.level.as_str())
    .bind(new.created_at.millis())
    .bind(new.updated_at.millis())
    .fetch_one(&mut *conn)
    .await?;
    let id: String = row.try_get("id")?;
    sqlx::query("DELETE FROM visibility_entries WHERE visibility_id = $1")
        .bind(&id)
        .execute(&mut *conn)
        .await?;
    insert_entries(conn, &id, &new.entries).await?;
    Ok(Visibility {
        id: id.parse().map_err(|error| StoreError::corrupt("id", error))?,
        created_at: Timestamp::from_millis(row.try_get("created_at")?),
        ..new.clone()
    })
}

/// One statement for any number of entries.
async fn insert_entries(conn: &mut Conn, visibility_id: &str, entries: &[Entry]) -> Result<(), StoreError> {
    if entries.is_empty() {
        return Ok(());
    }
    let mut sql = String::from("INSERT INTO visibility_entries (visibility_id, kind, match_key, value, place) VALUES ");
    for place in 0..entries.len() {
        let (comma, first) = (if place == 0 { "" } else { ", " }, 4 * place + 2);
        // Writing to a string cannot fail.
        let _ = write!(
            sql,
            "{comma}($1, ${first}, ${}, ${}, ${})",
            first + 1,
            first + 2,
            first + 3
        );
    }
    // Duplicates are stored once.
    sql.push_str(" ON CONFLICT DO NOTHING");
    let mut query = sqlx::query(AssertSqlSafe(sql)).bind(visibility_id);
    for (place, entry) in entries.iter().enumerate() {
        let place = i64::try_from(place).unwrap_or(i64::MAX);
        query = query
            .bind(entry.kind.as_str())
            .bind(entry.key())
            .bind(entry.value.as_str())
            .bind(place);
    }
    query.execute(conn).await?;
    Ok(())
}

/// The setting of a resource, with its list in the given order.
pub async fn find(conn: &mut Conn, kind: ResourceKind, id: Uuid) -> Result<Option<Visibility>, StoreError> {
    Ok(find_all(conn, kind, &[id]).await?.remove(&id))
}

/// The settings of those of the resources of one kind that have one.
pub async fn find_all(
    conn: &mut Conn,
    kind: ResourceKind,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Visibility>, StoreError> {
    let rows = FIND
        .fetch(conn, ids, |query, id| query.bind(kind.as_str()).bind(id.to_string()))
        .await?;
    let mut found: HashMap<Uuid, Visibility> = HashMap::new();
    for row in &rows {
        let resource_id = columns::id(row, "resource_id")?;
        let setting = match found.entry(resource_id) {
            Occupied(known) => known.into_mut(),
            Vacant(new) => new.insert(setting(row, kind, resource_id)?),
        };
        let kind: Option<String> = row.try_get("kind")?;
        let kind = EntryKind::ALL
            .into_iter()
            .find(|known| Some(known.as_str()) == kind.as_deref());
        if let Some(kind) = kind {
            let value = row.try_get("value")?;
            setting.entries.push(Entry { kind, value });
        }
    }
    Ok(found)
}

/// A row of a setting, without its list.
fn setting(row: &Row, kind: ResourceKind, resource_id: Uuid) -> Result<Visibility, StoreError> {
    Ok(Visibility {
        id: columns::id(row, "id")?,
        resource: kind,
        resource_id,
        owner: UserId(row.try_get("owner_id")?),
        level: columns::parsed(row, "level")?,
        entries: Vec::new(),
        created_at: columns::instant(row, "created_at")?,
        updated_at: columns::instant(row, "updated_at")?,
    })
}

/// Deletes the setting of a resource.
pub async fn delete(conn: &mut Conn, kind: ResourceKind, ids: &[Uuid]) -> Result<(), StoreError> {
    DELETE
        .fetch(conn, ids, |query, id| query.bind(kind.as_str()).bind(id.to_string()))
        .await?;
    Ok(())
}

/// Deletes the settings of resources that no longer exist, however they were deleted; ids are never reused.
pub async fn forget_gone(conn: &mut Conn) -> Result<u64, StoreError> {
    let result = sqlx::query(
        "DELETE FROM visibilities WHERE
         (resource_type = 'schedule' AND NOT EXISTS (SELECT 1 FROM schedules WHERE id = visibilities.resource_id))
         OR (resource_type = 'timer' AND NOT EXISTS (SELECT 1 FROM timers WHERE id = visibilities.resource_id))
         OR (resource_type = 'todo' AND NOT EXISTS (SELECT 1 FROM todos WHERE id = visibilities.resource_id))",
    )
    .execute(conn)
    .await?;
    Ok(result.rows_affected())
}

/// The number of entries on the lists of all of a user's settings.
pub async fn count_entries(conn: &mut Conn, owner: &UserId) -> Result<i64, StoreError> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS number FROM visibilities AS v
         CROSS JOIN visibility_entries AS e WHERE e.visibility_id = v.id AND v.owner_id = $1",
    )
    .bind(owner.as_str())
    .fetch_one(conn)
    .await?;
    Ok(row.try_get("number")?)
}

/// Removes two users from each other's lists.
pub async fn unlist(conn: &mut Conn, one: &UserId, other: &UserId) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM visibility_entries WHERE kind = 'user' AND (
         (match_key = $1 AND visibility_id IN (SELECT id FROM visibilities WHERE owner_id = $2))
         OR (match_key = $2 AND visibility_id IN (SELECT id FROM visibilities WHERE owner_id = $1)))",
    )
    .bind(one.as_str())
    .bind(other.as_str())
    .execute(conn)
    .await?;
    Ok(())
}
