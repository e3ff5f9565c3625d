//! The tables `events` and `event_streams`: each user's consecutive, durable log (DESIGN.md, idea 4).

use super::{Conn, StoreError, bulk::BulkStatement, logged};
use protocol::{id::UserId, time::Timestamp, timers::ServerMessage};
use sqlx::Row as _;
use std::collections::HashMap;

/// A message in a user's log.
#[derive(Clone, Debug)]
pub struct Event {
    /// Whose log.
    pub user: UserId,
    /// What happened; its `seq` is given when it is appended.
    pub message: ServerMessage,
}

static HEADS: BulkStatement = BulkStatement::new("SELECT user_id, seq FROM event_streams WHERE user_id IN (", 1, ")");
static BEGIN: BulkStatement = BulkStatement::new(
    "INSERT INTO event_streams (user_id, seq) VALUES ",
    2,
    " ON CONFLICT DO NOTHING",
);
static ADVANCE: BulkStatement = BulkStatement::new(
    "UPDATE event_streams SET seq = new.column2 FROM (VALUES ",
    2,
    ") AS new WHERE event_streams.user_id = new.column1",
);
static INSERT: BulkStatement = BulkStatement::new(
    "INSERT INTO events (user_id, seq, at, message, timer_id, history_entries) VALUES ",
    6,
    " ON CONFLICT DO NOTHING",
);

/// The newest `seq` of a user's events; 0 where there is none.
pub async fn head(conn: &mut Conn, user: &UserId) -> Result<u64, StoreError> {
    let sql = "SELECT seq FROM event_streams WHERE user_id = $1";
    let seq: Option<i64> = sqlx::query_scalar(sql).bind(user.as_str()).fetch_optional(conn).await?;
    Ok(seq.unwrap_or(0).unsigned_abs())
}

/// The newest `seq` of each of some users' events, where there is one.
pub async fn heads(conn: &mut Conn, users: &[UserId]) -> Result<HashMap<UserId, u64>, StoreError> {
    let rows = HEADS
        .fetch(conn, users, |query, user| query.bind(user.as_str()))
        .await?;
    let head = |row: &sqlx::any::AnyRow| {
        let seq: i64 = row.try_get("seq")?;
        Ok((UserId(row.try_get("user_id")?), seq.unsigned_abs()))
    };
    rows.iter().map(head).collect()
}

/// Numbers the messages with their users' next `seq`, in their order, and logs them.
pub async fn append(conn: &mut Conn, events: &mut [Event]) -> Result<(), StoreError> {
    let mut heads: HashMap<&UserId, (Option<i64>, i64)> = HashMap::new();
    for event in events.iter() {
        heads.entry(&event.user).or_default();
    }
    let users: Vec<&UserId> = heads.keys().copied().collect();
    let rows = HEADS
        .fetch(conn, &users, |query, user| query.bind(user.as_str()))
        .await?;
    for row in rows {
        let user = UserId(row.try_get("user_id")?);
        let seq: i64 = row.try_get("seq")?;
        if let Some(head) = heads.get_mut(&user) {
            *head = (Some(seq), seq);
        }
    }
    let mut texts = Vec::with_capacity(events.len());
    for event in events.iter() {
        let Some((_, seq)) = heads.get_mut(&event.user) else {
            continue;
        };
        *seq += 1;
        texts.push(*seq);
    }
    let (old, new): (Vec<_>, Vec<_>) = heads
        .into_iter()
        .map(|(user, head)| (user.clone(), head))
        .partition(|(_, (before, _))| before.is_some());
    for (statement, users) in [(&BEGIN, new), (&ADVANCE, old)] {
        statement
            .write(conn, &users, |query, (user, (_, seq))| {
                query.bind(user.as_str()).bind(*seq)
            })
            .await?;
    }
    let mut rows = Vec::with_capacity(events.len());
    for (event, seq) in events.iter_mut().zip(texts) {
        event.message.seq = Some(seq.unsigned_abs());
        let logged = logged::write(&event.message)?;
        rows.push((&*event, seq, logged));
    }
    INSERT
        .write(conn, &rows, |query, (event, seq, logged)| {
            query
                .bind(event.user.as_str())
                .bind(*seq)
                .bind(event.message.timestamp.millis())
                .bind(logged.message.as_str())
                .bind(logged.timer.map(|id| id.to_string()))
                .bind(logged.history_entries)
        })
        .await
}

/// The events after `seq`, oldest first; `None` where the log no longer reaches back to it, or never was there. Within
/// one snapshot.
pub async fn since(conn: &mut Conn, user: &UserId, seq: u64) -> Result<Option<Vec<ServerMessage>>, StoreError> {
    let head = head(conn, user).await?;
    if seq > head {
        return Ok(None);
    }
    let after = i64::try_from(seq).unwrap_or(i64::MAX);
    let sql = "SELECT message, timer_id, history_entries FROM events WHERE user_id = $1 AND seq > $2 ORDER BY seq";
    let rows = sqlx::query(sql)
        .bind(user.as_str())
        .bind(after)
        .fetch_all(&mut *conn)
        .await?;
    // Consecutive numbers: as many as were given out since, or some have been cleaned up.
    if rows.len() as u64 != head - seq {
        return Ok(None);
    }
    logged::read(conn, &rows).await.map(Some)
}

/// How many characters the events after `seq` take in the log.
pub async fn size_since(conn: &mut Conn, user: &UserId, seq: u64) -> Result<i64, StoreError> {
    let sql = "SELECT COALESCE(SUM(LENGTH(message)), 0) FROM events WHERE user_id = $1 AND seq > $2";
    let after = i64::try_from(seq).unwrap_or(i64::MAX);
    let size = sqlx::query_scalar(sql).bind(user.as_str()).bind(after);
    Ok(size.fetch_one(conn).await?)
}

/// Forgets what is older than `before` and not among a user's newest `keep`.
pub async fn forget(conn: &mut Conn, before: Timestamp, keep: i64) -> Result<u64, StoreError> {
    let result = sqlx::query(
        "DELETE FROM events WHERE at < $1 AND seq <=
         (SELECT seq FROM event_streams WHERE event_streams.user_id = events.user_id) - $2",
    )
    .bind(before.millis())
    .bind(keep)
    .execute(conn)
    .await?;
    Ok(result.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing;
    use futures_util::FutureExt;
    use protocol::timers::Body;

    #[tokio::test]
    async fn numbers_are_consecutive_and_a_log_that_does_not_reach_says_so() {
        let (store, _folder) = testing::store().await;
        let story = store.writer().write(|conn| {
            async move {
                let (ada, eve) = (UserId::from("ada"), UserId::from("eve"));
                let event = |user: &UserId, at| Event {
                    user: user.clone(),
                    message: ServerMessage::new(Body::Pong, Timestamp::from_millis(at)),
                };
                append(conn, &mut [event(&ada, 1), event(&ada, 2), event(&eve, 3)]).await?;
                append(conn, &mut [event(&ada, 4)]).await?;
                let seqs = |events: Option<Vec<ServerMessage>>| {
                    events.map(|events| events.into_iter().filter_map(|event| event.seq).collect::<Vec<_>>())
                };
                assert_eq!(seqs(since(conn, &ada, 1).await?), Some(vec![2, 3]));
                assert_eq!(seqs(since(conn, &eve, 0).await?), Some(vec![1]));
                assert_eq!(seqs(since(conn, &ada, 3).await?), Some(vec![]));
                assert_eq!(seqs(since(conn, &ada, 9).await?), None, "ahead of the log");

                assert_eq!(
                    forget(conn, Timestamp::from_millis(4), 2).await?,
                    1,
                    "ada's newest two and eve's stay"
                );
                assert_eq!(seqs(since(conn, &ada, 0).await?), None, "the first is gone");
                assert_eq!(seqs(since(conn, &ada, 1).await?), Some(vec![2, 3]));
                assert_eq!(head(conn, &ada).await?, 3);
                Ok::<_, StoreError>(())
            }
            .boxed()
        });
        story.await.unwrap();
    }
}
