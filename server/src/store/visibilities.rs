//! The tables `visibilities` and `visibility_entries`, with what `friendships` says of the two.

use super::{Conn, Row, StoreError};
use crate::service::sharing::{Level, Reader, Relation, ResourceId, ResourceKind, Shared};
use protocol::{id::UserId, time::Timestamp};
use sqlx::{AssertSqlSafe, Row as _};
use std::{
    collections::{HashMap, HashSet},
    fmt::Write,
};
use uuid::Uuid;

/// The most ids in one statement: SQLite binds 32,766 values.
const MOST_IDS: usize = 16_384;

/// What there is to know of a resource that has a setting, as far as one reader is concerned.
#[derive(Clone, Debug)]
pub struct Known {
    /// Whose it is.
    pub owner: UserId,
    /// For whom it is meant.
    pub level: Level,
    /// What the owner and the reader are to each other.
    pub relation: Relation,
    /// The reader is on the list of the level.
    pub listed: bool,
}

/// What is known of those resources that have a setting.
pub async fn known<I: ResourceId>(
    conn: &mut Conn,
    reader: &Reader,
    ids: &[I],
) -> Result<HashMap<I, Known>, StoreError> {
    let mut all = HashMap::new();
    for ids in ids.chunks(MOST_IDS) {
        // Padded, so that the database keeps few texts prepared.
        let count = ids.len().next_power_of_two();
        let mut query = sqlx::query(AssertSqlSafe(known_sql(count)))
            .bind(reader.user.as_str().to_owned())
            .bind(reader.email.clone())
            .bind(reader.domain().map(str::to_owned))
            .bind(I::KIND.as_str());
        for place in 0..count {
            query = query.bind(ids[place.min(ids.len() - 1)].to_string());
        }
        for row in query.fetch_all(&mut *conn).await? {
            all.insert(id(&row)?, read_known(&row)?);
        }
    }
    Ok(all)
}

fn known_sql(count: usize) -> String {
    let mut sql = String::from(
        "SELECT v.resource_id, v.owner_id, v.level, COALESCE(asked.status, asking.status) AS relation,
         CASE WHEN EXISTS (
             SELECT 1 FROM visibility_entries AS e WHERE e.visibility_id = v.id AND (
                 (v.level = 'selected' AND e.kind = 'user' AND e.match_key = $1)
                 OR (v.level = 'allowed_emails' AND e.kind = 'email' AND e.match_key = $2)
                 OR (v.level = 'allowed_emails' AND e.kind = 'domain' AND e.match_key = $3))
         ) THEN 1 ELSE 0 END AS listed
         FROM visibilities AS v
         LEFT JOIN friendships AS asked ON asked.requester_id = v.owner_id AND asked.addressee_id = $1
         LEFT JOIN friendships AS asking ON asking.requester_id = $1 AND asking.addressee_id = v.owner_id
         WHERE v.resource_type = $4 AND v.resource_id IN (",
    );
    for place in 0..count {
        // Writing to a string cannot fail.
        let _ = write!(sql, "{}${}", if place == 0 { "" } else { ", " }, place + 5);
    }
    sql + ")"
}

/// All of one kind that others share with a reader.
///
/// A pair has one record, so that friends are not blocked; the other ways ask for a block.
pub async fn shared_with<I: ResourceId>(conn: &mut Conn, reader: &Reader) -> Result<Vec<Shared<I>>, StoreError> {
    let rows = sqlx::query(SHARED_WITH)
        .bind(reader.user.as_str())
        .bind(reader.email.as_deref())
        .bind(reader.domain())
        .bind(I::KIND.as_str())
        .fetch_all(conn)
        .await?;
    let mut known = HashSet::new();
    let mut all = Vec::new();
    for row in &rows {
        let shared = Shared {
            id: id(row)?,
            owner: UserId(row.try_get("owner_id")?),
        };
        // By address and by domain at once.
        if known.insert(shared.id) {
            all.push(shared);
        }
    }
    Ok(all)
}

// CROSS JOIN is an inner join, which SQLite goes through from the left: from the reader's few friends and entries.
const SHARED_WITH: &str = "
    SELECT v.resource_id, v.owner_id FROM visibilities AS v
    WHERE v.resource_type = $4 AND v.level = 'public' AND v.owner_id <> $1
    AND NOT EXISTS (SELECT 1 FROM friendships AS f
        WHERE f.requester_id = v.owner_id AND f.addressee_id = $1 AND f.status = 'blocked')
    AND NOT EXISTS (SELECT 1 FROM friendships AS f
        WHERE f.requester_id = $1 AND f.addressee_id = v.owner_id AND f.status = 'blocked')
    UNION ALL
    SELECT v.resource_id, v.owner_id FROM friendships AS f
    CROSS JOIN visibilities AS v WHERE v.owner_id = f.addressee_id AND v.resource_type = $4
    AND f.requester_id = $1 AND f.status = 'accepted' AND (v.level = 'friends' OR (v.level = 'selected' AND EXISTS (
        SELECT 1 FROM visibility_entries AS e WHERE e.visibility_id = v.id AND e.kind = 'user' AND e.match_key = $1)))
    UNION ALL
    SELECT v.resource_id, v.owner_id FROM friendships AS f
    CROSS JOIN visibilities AS v WHERE v.owner_id = f.requester_id AND v.resource_type = $4
    AND f.addressee_id = $1 AND f.status = 'accepted' AND (v.level = 'friends' OR (v.level = 'selected' AND EXISTS (
        SELECT 1 FROM visibility_entries AS e WHERE e.visibility_id = v.id AND e.kind = 'user' AND e.match_key = $1)))
    UNION ALL
    SELECT v.resource_id, v.owner_id FROM visibility_entries AS e
    CROSS JOIN visibilities AS v WHERE v.id = e.visibility_id
    AND ((e.kind = 'email' AND e.match_key = $2) OR (e.kind = 'domain' AND e.match_key = $3))
    AND v.resource_type = $4 AND v.level = 'allowed_emails' AND v.owner_id <> $1
    AND NOT EXISTS (SELECT 1 FROM friendships AS f
        WHERE f.requester_id = v.owner_id AND f.addressee_id = $1 AND f.status = 'blocked')
    AND NOT EXISTS (SELECT 1 FROM friendships AS f
        WHERE f.requester_id = $1 AND f.addressee_id = v.owner_id AND f.status = 'blocked')";

fn read_known(row: &Row) -> Result<Known, StoreError> {
    let level: String = row.try_get("level")?;
    let relation: Option<String> = row.try_get("relation")?;
    Ok(Known {
        owner: UserId(row.try_get("owner_id")?),
        level: Level::parse(&level).ok_or_else(|| StoreError::corrupt("level", level))?,
        relation: match relation.as_deref() {
            Some("accepted") => Relation::Friends,
            Some("blocked") => Relation::Blocked,
            _ => Relation::None,
        },
        listed: row.try_get::<i64, _>("listed")? != 0,
    })
}

fn id<I: ResourceId>(row: &Row) -> Result<I, StoreError> {
    let text: String = row.try_get("resource_id")?;
    text.parse()
        .map_err(|error: I::Err| StoreError::corrupt("resource id", error))
}

/// A setting, whole (contract, REST 11.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visibility {
    /// Its id.
    pub id: Uuid,
    /// Of what.
    pub resource: ResourceKind,
    /// Of which.
    pub resource_id: Uuid,
    /// Whose that is.
    pub owner: UserId,
    /// For whom it is meant.
    pub level: Level,
    /// The list that belongs to the level, as it was given.
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

/// Somebody on a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What `value` is.
    pub kind: EntryKind,
    /// As it was given.
    pub value: String,
}

/// What stands on lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A user's id.
    User,
    /// An address.
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
    /// What a reader must be or have: ids are compared as they are, addresses and domains in lower case.
    pub fn key(&self) -> String {
        match self.kind {
            EntryKind::User => self.value.clone(),
            EntryKind::Email | EntryKind::Domain => self.value.trim().to_lowercase(),
        }
    }
}

/// Sets who may see something, in place of what was set before; the id and `created_at` stay those of the first time.
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

/// One statement, however many.
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
    // What is given twice stands there once.
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

/// The setting of something, with its list in the order in which it was given.
pub async fn find(conn: &mut Conn, kind: ResourceKind, id: Uuid) -> Result<Option<Visibility>, StoreError> {
    let rows = sqlx::query(
        "SELECT v.id, v.owner_id, v.level, v.created_at, v.updated_at, e.kind, e.value FROM visibilities AS v
         LEFT JOIN visibility_entries AS e ON e.visibility_id = v.id
         WHERE v.resource_type = $1 AND v.resource_id = $2 ORDER BY e.place",
    )
    .bind(kind.as_str())
    .bind(id.to_string())
    .fetch_all(conn)
    .await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let (visibility_id, level): (String, String) = (first.try_get("id")?, first.try_get("level")?);
    let mut entries = Vec::new();
    for row in &rows {
        let kind: Option<String> = row.try_get("kind")?;
        let kind = EntryKind::ALL
            .into_iter()
            .find(|known| Some(known.as_str()) == kind.as_deref());
        if let Some(kind) = kind {
            let value = row.try_get("value")?;
            entries.push(Entry { kind, value });
        }
    }
    Ok(Some(Visibility {
        id: visibility_id
            .parse()
            .map_err(|error| StoreError::corrupt("id", error))?,
        resource: kind,
        resource_id: id,
        owner: UserId(first.try_get("owner_id")?),
        level: Level::parse(&level).ok_or_else(|| StoreError::corrupt("level", level))?,
        entries,
        created_at: Timestamp::from_millis(first.try_get("created_at")?),
        updated_at: Timestamp::from_millis(first.try_get("updated_at")?),
    }))
}

/// Forgets the setting of something.
pub async fn delete(conn: &mut Conn, kind: ResourceKind, id: Uuid) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM visibilities WHERE resource_type = $1 AND resource_id = $2")
        .bind(kind.as_str())
        .bind(id.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets the settings of what is gone: whatever took it along, its id is never given again.
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

/// Takes two users off each other's lists.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{testing, timers};

    /// How SQLite goes about a statement.
    async fn plan(store: &crate::store::Store, sql: &str) -> Vec<String> {
        let sql = format!("EXPLAIN QUERY PLAN {sql}");
        let rows = store
            .read(async |conn| {
                sqlx::query(AssertSqlSafe(sql))
                    .fetch_all(conn)
                    .await
                    .map_err(StoreError::from)
            })
            .await
            .unwrap();
        rows.iter().map(|row| row.get::<String, _>("detail")).collect()
    }

    #[tokio::test]
    async fn what_every_read_asks_is_found_by_an_index() {
        let (store, database) = testing::store().await;
        if !database.url.starts_with("sqlite:") {
            // PostgreSQL plans by the size of the tables, and these are empty.
            return;
        }
        for (sql, index) in [
            (known_sql(4), "sqlite_autoindex_visibilities"),
            (SHARED_WITH.to_owned(), "visibilities_by_level"),
            (SHARED_WITH.to_owned(), "friendships_by_requester"),
            (SHARED_WITH.to_owned(), "friendships_by_addressee"),
            (SHARED_WITH.to_owned(), "visibility_entries_by_key"),
            (timers::LIST.to_owned(), "timers_by_"),
        ] {
            let plan = plan(&store, &sql).await;
            assert!(!plan.iter().any(|step| step.starts_with("SCAN")), "{plan:#?}");
            assert!(plan.iter().any(|step| step.contains(index)), "{index}: {plan:#?}");
        }
    }
}
