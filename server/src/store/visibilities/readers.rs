//! What one reader may see: the settings, combined with `friendships` and `blocks` between the reader and the owner.

use crate::store::{Conn, Row, StoreError, columns};
use protocol::{
    id::UserId,
    sharing::{Level, Reader, Relation, ResourceId, Shared},
};
use sqlx::{AssertSqlSafe, Row as _};
use std::{
    collections::{HashMap, HashSet},
    fmt::Write,
    sync::LazyLock,
};

/// The maximum number of ids in one statement: SQLite binds 32,766 values.
const MOST_IDS: usize = 16_384;

/// The input of the access rule for a resource with a setting and one reader.
#[derive(Clone, Debug)]
pub struct Known {
    /// The owner.
    pub owner: UserId,
    /// The level.
    pub level: Level,
    /// The relation between the owner and the reader.
    pub relation: Relation,
    /// Whether the reader is on the list of the level.
    pub listed: bool,
}

/// The rule's input for those resources that have a setting.
pub async fn known<I: ResourceId>(
    conn: &mut Conn,
    reader: &Reader,
    ids: &[I],
) -> Result<HashMap<I, Known>, StoreError> {
    let mut all = HashMap::new();
    for ids in ids.chunks(MOST_IDS) {
        // Padded, so that the database has few prepared texts.
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
        "SELECT v.resource_id, v.owner_id, v.level, CASE
             WHEN EXISTS (SELECT 1 FROM blocks AS b WHERE b.blocker_id = v.owner_id AND b.blocked_id = $1) THEN 'blocked'
             WHEN EXISTS (SELECT 1 FROM blocks AS b WHERE b.blocker_id = $1 AND b.blocked_id = v.owner_id) THEN 'blocked'
             ELSE COALESCE(asked.status, asking.status) END AS relation,
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

/// The resources of one kind that others share with a reader: first those of friends and those shared with the reader's
/// address, then the newest public ones of strangers, at most `MOST_OF_STRANGERS`.
///
/// A block ends a friendship, so friends need no check for blocks; the other levels have one. The amount read does not
/// depend on how much strangers publish.
pub async fn shared_with<I: ResourceId>(conn: &mut Conn, reader: &Reader) -> Result<Vec<Shared<I>>, StoreError> {
    let rows = sqlx::query(AssertSqlSafe(SHARED_WITH.as_str()))
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
            by_stranger: columns::switch(row, "by_stranger")?,
        };
        // By address and by domain in one statement.
        if known.insert(shared.id) {
            all.push(shared);
        }
    }
    all.sort_by_key(|shared| shared.by_stranger);
    Ok(all)
}

/// The maximum number of strangers' public resources in one read.
pub const MOST_OF_STRANGERS: usize = 200;
/// The maximum number of public resources examined for them: some belong to the reader or to blocked users.
const MOST_PUBLIC: usize = 1_000;
/// The maximum number of settings examined that name the reader's address, and of those that name its domain. Ids are
/// UUIDv7, so the greatest ids are the newest.
const MOST_ADDRESSED: usize = 1_000;

// CROSS JOIN is an inner join whose order SQLite keeps: it starts from the reader's few friends and entries.
static SHARED_WITH: LazyLock<String> = LazyLock::new(|| {
    let not_blocked = |owner: &str| {
        format!(
            "NOT EXISTS (SELECT 1 FROM blocks AS b WHERE b.blocker_id = {owner} AND b.blocked_id = $1)
            AND NOT EXISTS (SELECT 1 FROM blocks AS b WHERE b.blocker_id = $1 AND b.blocked_id = {owner})"
        )
    };
    let not_friends = |owner: &str| {
        format!(
            "NOT EXISTS (SELECT 1 FROM friendships AS f
                WHERE f.requester_id = {owner} AND f.addressee_id = $1 AND f.status = 'accepted')
            AND NOT EXISTS (SELECT 1 FROM friendships AS f
                WHERE f.requester_id = $1 AND f.addressee_id = {owner} AND f.status = 'accepted')"
        )
    };
    let of_friends = |me: &str, friend: &str| {
        format!(
            "SELECT v.resource_id, v.owner_id, 0 AS by_stranger FROM friendships AS f
            CROSS JOIN visibilities AS v WHERE v.owner_id = f.{friend} AND v.resource_type = $4
            AND f.{me} = $1 AND f.status = 'accepted'
            AND (v.level IN ('friends', 'public') OR (v.level = 'selected' AND EXISTS (SELECT 1
                FROM visibility_entries AS e WHERE e.visibility_id = v.id AND e.kind = 'user' AND e.match_key = $1)))"
        )
    };
    let addressed = |kind: &str, key: &str| {
        let not_blocked = not_blocked("v.owner_id");
        format!(
            "SELECT v.resource_id, v.owner_id, 0 AS by_stranger FROM (
                SELECT e.visibility_id FROM visibility_entries AS e WHERE e.kind = '{kind}' AND e.match_key = {key}
                ORDER BY e.visibility_id DESC LIMIT {MOST_ADDRESSED}) AS newest
            CROSS JOIN visibilities AS v WHERE v.id = newest.visibility_id
            AND v.resource_type = $4 AND v.level = 'allowed_emails' AND v.owner_id <> $1 AND {not_blocked}"
        )
    };
    let strangers = format!(
        "{} AND {}",
        not_friends("newest.owner_id"),
        not_blocked("newest.owner_id")
    );
    [
        of_friends("requester_id", "addressee_id"),
        of_friends("addressee_id", "requester_id"),
        addressed("email", "$2"),
        addressed("domain", "$3"),
        format!(
            "SELECT public.resource_id, public.owner_id, 1 AS by_stranger FROM (
                SELECT newest.resource_id, newest.owner_id FROM (
                    SELECT resource_id, owner_id, updated_at, id FROM visibilities
                    WHERE resource_type = $4 AND level = 'public'
                    ORDER BY updated_at DESC, id DESC LIMIT {MOST_PUBLIC}) AS newest
                WHERE newest.owner_id <> $1 AND {strangers}
                ORDER BY newest.updated_at DESC, newest.id DESC LIMIT {MOST_OF_STRANGERS}) AS public"
        ),
    ]
    .join(" UNION ALL ")
});

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
