//! What one reader may see: the settings, with what `friendships` says of the reader and the owner.

use crate::{
    service::sharing::{Level, Reader, Relation, ResourceId, Shared},
    store::{Conn, Row, StoreError},
};
use protocol::id::UserId;
use sqlx::{AssertSqlSafe, Row as _};
use std::{
    collections::{HashMap, HashSet},
    fmt::Write,
};

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
