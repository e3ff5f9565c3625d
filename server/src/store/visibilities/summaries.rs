//! What an owner shares with friends: numbers and titles, for the owner.

use crate::store::{Conn, Row, StoreError, columns};
use protocol::{
    id::UserId,
    sharing::{Level, ResourceKind},
};
use sqlx::{AssertSqlSafe, Row as _};
use std::{collections::HashMap, fmt::Write};

/// Things that are shared with the same users.
#[derive(Clone, Debug, Default)]
pub struct SharedItems {
    /// The number of all of them.
    pub count: i64,
    /// The last shared ones, the newest first, at most 20.
    pub newest: Vec<SharedItem>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedItem {
    pub kind: ResourceKind,
    pub level: Level,
    pub title: Option<String>,
}

/// The maximum number of titles.
pub const LISTED: usize = 20;

/// The titles of resources: `shown` has their types and ids.
const TITLES: &str = "LEFT JOIN timers AS t ON shown.resource_type = 'timer' AND t.id = shown.resource_id
    LEFT JOIN schedules AS s ON shown.resource_type = 'schedule' AND s.id = shown.resource_id
    LEFT JOIN todos AS d ON shown.resource_type = 'todo' AND d.id = shown.resource_id
    ORDER BY shown.updated_at DESC, shown.id DESC";

/// What an owner shares with all friends, or with everybody. One statement.
pub async fn shared_with_friends(conn: &mut Conn, owner: &UserId) -> Result<SharedItems, StoreError> {
    let sql = format!(
        "SELECT shown.*, COALESCE(t.title, s.title, d.title) AS title FROM (
            SELECT v.id, v.resource_type, v.resource_id, v.level, v.updated_at, COUNT(*) OVER () AS number
            FROM visibilities AS v WHERE v.owner_id = $1 AND v.level IN ('friends', 'public')
            ORDER BY v.updated_at DESC, v.id DESC LIMIT {LISTED}) AS shown {TITLES}"
    );
    // The SQL consists of constants of this crate.
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(owner.as_str())
        .fetch_all(conn)
        .await?;
    let mut shared = SharedItems::default();
    for row in &rows {
        add(&mut shared, row)?;
    }
    Ok(shared)
}

/// What an owner shares with each of some friends by name; friends without any are left out. One statement, whose cost
/// depends on the owner's own settings.
pub async fn shared_with_each(
    conn: &mut Conn,
    owner: &UserId,
    friends: &[UserId],
) -> Result<HashMap<UserId, SharedItems>, StoreError> {
    if friends.is_empty() {
        return Ok(HashMap::new());
    }
    // Padded, so that the database has few prepared texts.
    let count = friends.len().next_power_of_two();
    let mut query = sqlx::query(AssertSqlSafe(each_sql(count))).bind(owner.as_str().to_owned());
    for place in 0..count {
        query = query.bind(friends[place.min(friends.len() - 1)].as_str().to_owned());
    }
    let mut all: HashMap<UserId, SharedItems> = HashMap::new();
    for row in query.fetch_all(conn).await? {
        let friend = UserId(row.try_get("match_key")?);
        add(all.entry(friend).or_default(), &row)?;
    }
    Ok(all)
}

fn each_sql(count: usize) -> String {
    // CROSS JOIN is an inner join whose order SQLite keeps: it starts from the owner's settings. The titles are read of the
    // listed ones only.
    let mut sql = String::from(
        "SELECT shown.*, COALESCE(t.title, s.title, d.title) AS title FROM (SELECT ranked.* FROM (
            SELECT e.match_key, v.id, v.resource_type, v.resource_id, v.level, v.updated_at,
            COUNT(*) OVER (PARTITION BY e.match_key) AS number,
            ROW_NUMBER() OVER (PARTITION BY e.match_key ORDER BY v.updated_at DESC, v.id DESC) AS place
            FROM visibilities AS v CROSS JOIN visibility_entries AS e
            WHERE v.owner_id = $1 AND v.level = 'selected' AND e.visibility_id = v.id
            AND e.kind = 'user' AND e.match_key IN (",
    );
    for place in 0..count {
        // Writing to a string cannot fail.
        let _ = write!(sql, "{}${}", if place == 0 { "" } else { ", " }, place + 2);
    }
    let _ = write!(sql, ")) AS ranked WHERE ranked.place <= {LISTED}) AS shown {TITLES}");
    sql
}

fn add(shared: &mut SharedItems, row: &Row) -> Result<(), StoreError> {
    shared.count = row.try_get("number")?;
    shared.newest.push(SharedItem {
        kind: columns::parsed(row, "resource_type")?,
        level: columns::parsed(row, "level")?,
        title: row.try_get("title")?,
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{
        testing,
        visibilities::{Entry, EntryKind, Visibility, put},
    };
    use futures_util::FutureExt;
    use protocol::time::Timestamp;
    use uuid::Uuid;

    fn setting(owner: &str, level: Level, at: i64, friends: &[&str]) -> Visibility {
        let entry = |friend: &&str| Entry {
            kind: EntryKind::User,
            value: (*friend).to_owned(),
        };
        Visibility {
            id: Uuid::now_v7(),
            resource: ResourceKind::Todo,
            resource_id: Uuid::now_v7(),
            owner: owner.into(),
            level,
            entries: friends.iter().map(entry).collect(),
            created_at: Timestamp::from_millis(at),
            updated_at: Timestamp::from_millis(at),
        }
    }

    #[tokio::test]
    async fn shared_items_are_counted_and_the_newest_are_listed() {
        let (store, _folder) = testing::store().await;
        let story = store.writer().write(|conn| {
            async move {
                for at in 0..25 {
                    let level = if at == 24 { Level::Public } else { Level::Friends };
                    put(conn, &setting("ada", level, at, &[])).await?;
                    put(conn, &setting("ada", Level::Selected, at, &["ben"])).await?;
                }
                put(conn, &setting("ada", Level::Private, 90, &[])).await?;
                put(conn, &setting("ada", Level::Selected, 90, &["ben", "eve"])).await?;
                put(conn, &setting("zoe", Level::Friends, 90, &[])).await?;
                put(conn, &setting("zoe", Level::Selected, 90, &["ben"])).await?;

                let all = shared_with_friends(conn, &"ada".into()).await?;
                assert_eq!((all.count, all.newest.len()), (25, LISTED));
                assert_eq!(all.newest[0].level, Level::Public);
                let friends = ["ben".into(), "eve".into(), "joe".into()];
                let each = shared_with_each(conn, &"ada".into(), &friends).await?;
                let of = |friend: &str| {
                    let found = each.get(&UserId::from(friend));
                    found.map(|found| (found.count, found.newest.len()))
                };
                assert_eq!(of("ben"), Some((26, LISTED)));
                assert_eq!((of("eve"), of("joe")), (Some((1, 1)), None));
                let nobody = shared_with_each(conn, &"ada".into(), &[]).await?;
                assert!(nobody.is_empty());
                Ok::<_, StoreError>(())
            }
            .boxed()
        });
        story.await.unwrap();
    }
}
