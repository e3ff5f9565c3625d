//! The tables `events` and `event_streams`: each user's consecutive, durable log (DESIGN.md, idea 4).

use super::{Conn, StoreError};
use protocol::{id::UserId, time::Timestamp, wire::ServerMessage};

/// The newest `seq` of a user's events; 0 where there is none.
pub async fn head(conn: &mut Conn, user: &UserId) -> Result<u64, StoreError> {
    let sql = "SELECT seq FROM event_streams WHERE user_id = $1";
    let seq: Option<i64> = sqlx::query_scalar(sql).bind(user.as_str()).fetch_optional(conn).await?;
    Ok(seq.unwrap_or(0).unsigned_abs())
}

/// Numbers the message with the user's next `seq` and logs it.
pub async fn append(conn: &mut Conn, user: &UserId, message: &mut ServerMessage) -> Result<(), StoreError> {
    let next: i64 = sqlx::query_scalar(
        "INSERT INTO event_streams (user_id, seq) VALUES ($1, 1)
         ON CONFLICT (user_id) DO UPDATE SET seq = event_streams.seq + 1 RETURNING seq",
    )
    .bind(user.as_str())
    .fetch_one(&mut *conn)
    .await?;
    message.seq = Some(next.unsigned_abs());
    let text = serde_json::to_string(message).map_err(|error| StoreError::corrupt("event", error))?;
    sqlx::query("INSERT INTO events (user_id, seq, at, message) VALUES ($1, $2, $3, $4)")
        .bind(user.as_str())
        .bind(next)
        .bind(message.timestamp.millis())
        .bind(text)
        .execute(conn)
        .await?;
    Ok(())
}

/// The events after `seq`, oldest first; `None` where the log no longer reaches back to it, or never was there.
pub async fn since(conn: &mut Conn, user: &UserId, seq: u64) -> Result<Option<Vec<ServerMessage>>, StoreError> {
    let head = head(conn, user).await?;
    if seq > head {
        return Ok(None);
    }
    let after = i64::try_from(seq).unwrap_or(i64::MAX);
    let texts: Vec<String> =
        sqlx::query_scalar("SELECT message FROM events WHERE user_id = $1 AND seq > $2 ORDER BY seq")
            .bind(user.as_str())
            .bind(after)
            .fetch_all(conn)
            .await?;
    // Consecutive numbers: as many as were given out since, or some have been cleaned up.
    if texts.len() as u64 != head - seq {
        return Ok(None);
    }
    let read = |text: String| serde_json::from_str(&text).map_err(|error| StoreError::corrupt("event", error));
    texts.into_iter().map(read).collect::<Result<_, _>>().map(Some)
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
    use protocol::wire::Body;

    #[tokio::test]
    async fn numbers_are_consecutive_and_a_log_that_does_not_reach_says_so() {
        let (store, _folder) = testing::store().await;
        let story = store.writer().write(|conn| {
            async move {
                let (ada, eve) = (UserId::from("ada"), UserId::from("eve"));
                for (user, at) in [(&ada, 1), (&ada, 2), (&eve, 3), (&ada, 4)] {
                    let mut message = ServerMessage::new(Body::Pong, Timestamp::from_millis(at));
                    append(conn, user, &mut message).await?;
                }
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
