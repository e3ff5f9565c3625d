//! The tables `notifications` and `muted_notifications`.

use super::{Conn, Row, StoreError, bulk::BulkStatement, columns, paging};
use crate::paging::{Listed, Room, text_bytes};
use protocol::{
    id::{NotificationId, UserId},
    notification::{EntityType, Notification, NotificationKind, NotificationSettings},
    time::Timestamp,
};
use sqlx::Row as _;
use std::collections::HashSet;
use uuid::Uuid;

/// A notification to store.
#[derive(Clone, Debug)]
pub struct NewNotification {
    pub id: NotificationId,
    /// The user who is told.
    pub user: UserId,
    pub kind: NotificationKind,
    /// The user who caused it.
    pub actor: UserId,
    pub entity_type: EntityType,
    pub entity_id: String,
    pub created_at: Timestamp,
}

/// Which unread notifications of users are meant.
#[derive(Clone, Copy, Debug)]
pub struct Cause<'c> {
    pub user: &'c UserId,
    pub kind: NotificationKind,
    pub actor: &'c UserId,
}

static MUTED: BulkStatement = BulkStatement::new(
    "SELECT user_id, kind FROM muted_notifications WHERE user_id IN (",
    1,
    ")",
);
static INSERT: BulkStatement = BulkStatement::new(
    "INSERT INTO notifications (id, user_id, kind, actor_id, entity_type, entity_id, created_at) VALUES ",
    7,
    " ON CONFLICT DO NOTHING",
);
static UNREAD_ABOUT: BulkStatement = BulkStatement::new(
    "SELECT id, user_id, kind, actor_id, entity_id FROM notifications
     WHERE read_at IS NULL AND (user_id, entity_id) IN (VALUES ",
    2,
    ")",
);
static DELETE: BulkStatement = BulkStatement::new("DELETE FROM notifications WHERE id IN (", 1, ")");

/// Stores notifications, except those of kinds that their users have switched off, and those that a user was told and has
/// not read. Returns the users of the others.
pub async fn insert(conn: &mut Conn, mut new: Vec<NewNotification>) -> Result<Vec<UserId>, StoreError> {
    let muted = MUTED.fetch(conn, &new, |query, new| query.bind(new.user.0.clone()));
    let muted: HashSet<(String, String)> = muted
        .await?
        .iter()
        .map(|row| Ok((row.try_get("user_id")?, row.try_get("kind")?)))
        .collect::<Result<_, StoreError>>()?;
    let unread: HashSet<Told> = unread_about(conn, &new, |new| (new.user.0.clone(), new.entity_id.clone()))
        .await?
        .into_iter()
        .map(|(_, told)| told)
        .collect();
    new.retain(|new| {
        let (user, kind) = (new.user.0.clone(), new.kind.as_str().to_owned());
        let told = (user.clone(), kind.clone(), new.actor.0.clone(), new.entity_id.clone());
        !muted.contains(&(user, kind)) && !unread.contains(&told)
    });
    INSERT
        .write(conn, &new, |query, new| {
            query
                .bind(new.id.to_string())
                .bind(new.user.0.clone())
                .bind(new.kind.as_str())
                .bind(new.actor.0.clone())
                .bind(new.entity_type.as_str())
                .bind(new.entity_id.clone())
                .bind(new.created_at.millis())
        })
        .await?;
    Ok(new.into_iter().map(|new| new.user).collect())
}

/// A user, a kind, who caused it, and what it is about.
type Told = (String, String, String, String);

/// The unread notifications of users about entities, with their ids.
async fn unread_about<T>(
    conn: &mut Conn,
    items: &[T],
    of: impl Fn(&T) -> (String, String),
) -> Result<Vec<(String, Told)>, StoreError> {
    let rows = UNREAD_ABOUT.fetch(conn, items, |query, item| {
        let (user, entity) = of(item);
        query.bind(user).bind(entity)
    });
    let read = |row: &Row| {
        let told = (
            row.try_get("user_id")?,
            row.try_get("kind")?,
            row.try_get("actor_id")?,
            row.try_get("entity_id")?,
        );
        Ok((row.try_get("id")?, told))
    };
    rows.await?.iter().map(read).collect()
}

/// Marks the unread notifications of a cause as read; returns their number.
pub async fn settle(conn: &mut Conn, cause: Cause<'_>, now: Timestamp) -> Result<u64, StoreError> {
    let sql = "UPDATE notifications SET read_at = $4
               WHERE user_id = $1 AND kind = $2 AND actor_id = $3 AND read_at IS NULL";
    let settled = sqlx::query(sql)
        .bind(cause.user.as_str())
        .bind(cause.kind.as_str())
        .bind(cause.actor.as_str())
        .bind(now.millis());
    Ok(settled.execute(conn).await?.rows_affected())
}

/// Deletes the unread notifications of a cause; returns their number.
pub async fn withdraw(conn: &mut Conn, cause: Cause<'_>) -> Result<u64, StoreError> {
    let sql = "DELETE FROM notifications WHERE user_id = $1 AND kind = $2 AND actor_id = $3 AND read_at IS NULL";
    let withdrawn = sqlx::query(sql)
        .bind(cause.user.as_str())
        .bind(cause.kind.as_str())
        .bind(cause.actor.as_str());
    Ok(withdrawn.execute(conn).await?.rows_affected())
}

/// Deletes a user's unread notifications that another user caused; returns their number.
pub async fn withdraw_all_of(conn: &mut Conn, user: &UserId, actor: &UserId) -> Result<u64, StoreError> {
    let sql = "DELETE FROM notifications WHERE user_id = $1 AND actor_id = $2 AND read_at IS NULL";
    let withdrawn = sqlx::query(sql).bind(user.as_str()).bind(actor.as_str());
    Ok(withdrawn.execute(conn).await?.rows_affected())
}

/// Deletes users' unread notifications that something was shared with them; returns the users who had one.
pub async fn withdraw_shared(conn: &mut Conn, users: &[UserId], entity: Uuid) -> Result<Vec<UserId>, StoreError> {
    let entity = entity.to_string();
    let mut found = unread_about(conn, users, |user| (user.0.clone(), entity.clone())).await?;
    found.retain(|(_, (_, kind, ..))| kind == NotificationKind::Shared.as_str());
    DELETE
        .write(conn, &found, |query, (id, _)| query.bind(id.clone()))
        .await?;
    Ok(found.into_iter().map(|(_, (user, ..))| UserId(user)).collect())
}

/// The size of a notification besides its texts, in bytes.
const NOTIFICATION_BYTES: usize = 400;

impl Listed for Notification {
    type Key = NotificationId;

    fn key(&self) -> NotificationId {
        self.id
    }

    fn weigh(&self) -> usize {
        let texts = [self.actor.as_str(), self.entity_id.as_str()].into_iter();
        NOTIFICATION_BYTES + 2 * text_bytes(texts.chain(self.actor_name.as_deref()))
    }
}

const ALL: &str = "SELECT n.*, u.display_name AS actor_name FROM notifications AS n
                   LEFT JOIN users AS u ON u.id = n.actor_id
                   WHERE n.user_id = $1 AND n.id < $2 ORDER BY n.id DESC LIMIT $3";
const UNREAD: &str = "SELECT n.*, u.display_name AS actor_name FROM notifications AS n
                      LEFT JOIN users AS u ON u.id = n.actor_id
                      WHERE n.user_id = $1 AND n.id < $2 AND n.read_at IS NULL ORDER BY n.id DESC LIMIT $3";

/// A user's notifications, newest first, before one of them, as far as the page has room.
pub async fn list(
    conn: &mut Conn,
    user: &UserId,
    is_unread: bool,
    before: Option<&NotificationId>,
    room: &mut Room,
) -> Result<Vec<Notification>, StoreError> {
    let before = before.map_or_else(Uuid::max, |id| id.0);
    let query = sqlx::query(if is_unread { UNREAD } else { ALL })
        .bind(user.as_str())
        .bind(before.to_string())
        .bind(room.rows());
    paging::fill(conn, query, room, notification).await
}

/// The number of a user's unread notifications.
pub async fn unread(conn: &mut Conn, user: &UserId) -> Result<u64, StoreError> {
    let sql = "SELECT COUNT(*) FROM notifications WHERE user_id = $1 AND read_at IS NULL";
    let count: i64 = sqlx::query_scalar(sql).bind(user.as_str()).fetch_one(conn).await?;
    Ok(count.unsigned_abs())
}

/// One of a user's notifications.
pub async fn find(conn: &mut Conn, user: &UserId, id: NotificationId) -> Result<Option<Notification>, StoreError> {
    let sql = "SELECT n.*, u.display_name AS actor_name FROM notifications AS n
               LEFT JOIN users AS u ON u.id = n.actor_id WHERE n.user_id = $1 AND n.id = $2";
    let row = sqlx::query(sql).bind(user.as_str()).bind(id.to_string());
    row.fetch_optional(conn).await?.as_ref().map(notification).transpose()
}

/// Marks one unread notification as read.
pub async fn read(conn: &mut Conn, id: NotificationId, now: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE notifications SET read_at = $2 WHERE id = $1 AND read_at IS NULL";
    sqlx::query(sql)
        .bind(id.to_string())
        .bind(now.millis())
        .execute(conn)
        .await?;
    Ok(())
}

/// Marks all of a user's notifications as read; returns the number of those that were not.
pub async fn read_all(conn: &mut Conn, user: &UserId, now: Timestamp) -> Result<u64, StoreError> {
    let sql = "UPDATE notifications SET read_at = $2 WHERE user_id = $1 AND read_at IS NULL";
    let read = sqlx::query(sql).bind(user.as_str()).bind(now.millis()).execute(conn);
    Ok(read.await?.rows_affected())
}

/// The kinds that a user is told about.
pub async fn settings(conn: &mut Conn, user: &UserId) -> Result<NotificationSettings, StoreError> {
    let sql = "SELECT kind FROM muted_notifications WHERE user_id = $1";
    let rows = sqlx::query(sql).bind(user.as_str()).fetch_all(conn).await?;
    let mut settings = NotificationSettings::default();
    for row in &rows {
        settings = settings.with(columns::parsed(row, "kind")?, false);
    }
    Ok(settings)
}

/// Stores the kinds that a user is told about.
pub async fn put_settings(conn: &mut Conn, user: &UserId, settings: &NotificationSettings) -> Result<(), StoreError> {
    for kind in NotificationKind::ALL {
        let sql = match settings.has(*kind) {
            true => "DELETE FROM muted_notifications WHERE user_id = $1 AND kind = $2",
            false => "INSERT INTO muted_notifications (user_id, kind) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        };
        let query = sqlx::query(sql).bind(user.as_str()).bind(kind.as_str());
        query.execute(&mut *conn).await?;
    }
    Ok(())
}

/// Deletes the notifications that were read before an instant; returns their number.
pub async fn forget_read(conn: &mut Conn, before: Timestamp) -> Result<u64, StoreError> {
    let sql = "DELETE FROM notifications WHERE read_at < $1";
    Ok(sqlx::query(sql)
        .bind(before.millis())
        .execute(conn)
        .await?
        .rows_affected())
}

/// Deletes the notifications about shared things that do not exist any more; returns their number.
pub async fn forget_gone(conn: &mut Conn) -> Result<u64, StoreError> {
    let sql = "DELETE FROM notifications WHERE kind = 'shared'
               AND NOT EXISTS (SELECT 1 FROM timers WHERE timers.id = notifications.entity_id)
               AND NOT EXISTS (SELECT 1 FROM todos WHERE todos.id = notifications.entity_id)
               AND NOT EXISTS (SELECT 1 FROM schedules WHERE schedules.id = notifications.entity_id)";
    Ok(sqlx::query(sql).execute(conn).await?.rows_affected())
}

fn notification(row: &Row) -> Result<Notification, StoreError> {
    Ok(Notification {
        id: columns::id(row, "id")?,
        kind: columns::parsed(row, "kind")?,
        actor: UserId(row.try_get("actor_id")?),
        actor_name: row.try_get("actor_name")?,
        entity_type: columns::parsed(row, "entity_type")?,
        entity_id: row.try_get("entity_id")?,
        created_at: columns::instant(row, "created_at")?,
        read_at: columns::optional_instant(row, "read_at")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{testing, users};
    use futures_util::FutureExt;

    fn new(user: &UserId, kind: NotificationKind, entity: &str) -> NewNotification {
        NewNotification {
            id: NotificationId(Uuid::now_v7()),
            user: user.clone(),
            kind,
            actor: "eve".into(),
            entity_type: EntityType::Task,
            entity_id: entity.to_owned(),
            created_at: Timestamp::from_millis(1),
        }
    }

    #[tokio::test]
    async fn the_same_is_told_once_until_it_is_read_and_not_what_is_switched_off() {
        let (store, _database) = testing::store().await;
        let story = store.writer().write(|conn| {
            async move {
                use NotificationKind::{FriendRequest, Shared};
                let ada = users::find_or_add(conn, "https://idp.example", "ada", Timestamp::default()).await?;
                let ben = users::find_or_add(conn, "https://idp.example", "ben", Timestamp::default()).await?;
                let off = NotificationSettings::default().with(Shared, false);
                put_settings(conn, &ben, &off).await?;
                assert_eq!(settings(conn, &ben).await?, off);
                let both = |entity| vec![new(&ada, Shared, entity), new(&ben, Shared, entity)];
                assert_eq!(insert(conn, both("1")).await?, std::slice::from_ref(&ada));
                insert(conn, both("1")).await?;
                insert(conn, vec![new(&ada, FriendRequest, "1"), new(&ben, FriendRequest, "1")]).await?;
                assert_eq!((unread(conn, &ada).await?, unread(conn, &ben).await?), (2, 1));

                assert_eq!(read_all(conn, &ada, Timestamp::from_millis(5)).await?, 2);
                assert_eq!(read_all(conn, &ada, Timestamp::from_millis(6)).await?, 0);
                insert(conn, both("1")).await?;
                assert_eq!(unread(conn, &ada).await?, 1, "it was read, so it is told again");
                assert_eq!(forget_read(conn, Timestamp::from_millis(5)).await?, 0);
                assert_eq!(forget_read(conn, Timestamp::from_millis(6)).await?, 2);
                assert_eq!(forget_gone(conn).await?, 1, "there is no such todo");
                assert_eq!(withdraw_all_of(conn, &ben, &"eve".into()).await?, 1);
                put_settings(conn, &ben, &NotificationSettings::default()).await?;
                assert_eq!(insert(conn, both("2")).await?, [ada, ben]);
                Ok::<_, StoreError>(())
            }
            .boxed()
        });
        story.await.unwrap();
    }

    #[tokio::test]
    async fn a_database_of_an_earlier_release_gets_the_tables() {
        let users = "INSERT INTO users (id, issuer, subject, friend_code, created_at)
                     VALUES ('ada', 'https://idp.example', 'ada', 'code', 0)";
        let (store, _database) = testing::upgraded(16, users).await;
        let ada = UserId::from("ada");
        let story = store.writer().write(move |conn| {
            async move {
                assert_eq!(settings(conn, &ada).await?, NotificationSettings::default());
                insert(conn, vec![new(&ada, NotificationKind::Shared, "1")]).await?;
                let mut room = crate::paging::PageRequest::<NotificationId>::default().room();
                assert_eq!(list(conn, &ada, true, None, &mut room).await?.len(), 1);
                Ok::<_, StoreError>(())
            }
            .boxed()
        });
        story.await.unwrap();
    }
}
