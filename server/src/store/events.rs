//! The tables `events` and `event_streams`: durable, consecutively numbered event logs (DESIGN.md, idea 4). A stream is
//! stored as `scope:key`. Only the protocols parse payloads.

use super::{
    Conn, Row, StoreError,
    bulk::{self, BulkStatement, Read, ReadSet, WriteSet},
};
use hub::StreamId;
use protocol::time::Timestamp;
use sqlx::Row as _;
use std::collections::{BTreeMap, HashMap};

/// An event to append.
#[derive(Clone, Debug)]
pub struct NewEvent {
    pub stream: StreamId,
    /// The number assigned by [`next`].
    pub seq: u64,
    pub at: Timestamp,
    /// The payload's format, for the protocol.
    pub kind: &'static str,
    /// The payload.
    pub payload: String,
}

/// A stored event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    /// The number in its stream.
    pub seq: u64,
    pub at: Timestamp,
    /// The payload's format, for the protocol.
    pub kind: String,
    /// The payload.
    pub payload: String,
}

static HEADS: BulkStatement = BulkStatement::new("SELECT stream, seq FROM event_streams WHERE stream IN (", 1, ")");
// A stream may be listed repeatedly, with the same number.
static SET_HEAD: BulkStatement = BulkStatement::new(
    "INSERT INTO event_streams (stream, seq) SELECT DISTINCT column1, column2 FROM (VALUES ",
    2,
    ") AS new WHERE true ON CONFLICT (stream) DO UPDATE SET seq = excluded.seq",
);
static INSERT: BulkStatement = BulkStatement::new(
    "INSERT INTO events (stream, seq, at, kind, payload) VALUES ",
    5,
    " ON CONFLICT DO NOTHING",
);

/// The newest `seq` of a stream; 0 if it has no events.
pub async fn head(conn: &mut Conn, stream: &StreamId) -> Result<u64, StoreError> {
    let sql = "SELECT seq FROM event_streams WHERE stream = $1";
    let seq: Option<i64> = sqlx::query_scalar(sql)
        .bind(stream.to_string())
        .fetch_optional(conn)
        .await?;
    Ok(seq.unwrap_or(0).unsigned_abs())
}

/// The newest `seq` of streams; 0 for those without events.
pub type Heads = HashMap<StreamId, u64>;

/// The newest `seq` of each of these streams.
pub async fn heads(conn: &mut Conn, streams: &[StreamId]) -> Result<Heads, StoreError> {
    bulk::read(conn, |reads| heads_in(reads, streams)).await
}

/// Like [`heads`], as a part of a set.
pub fn heads_in<'r>(reads: &mut ReadSet<'r>, streams: &'r [StreamId]) -> Read<'r, Heads> {
    let decode = move |rows: &[Row]| {
        let found: HashMap<String, u64> = rows.iter().map(stream_and_seq).collect::<Result<_, _>>()?;
        let head = |stream: &StreamId| (stream.clone(), found.get(&stream.to_string()).copied().unwrap_or(0));
        Ok(streams.iter().map(head).collect())
    };
    reads.add(&HEADS, streams, |query, stream| query.bind(stream.to_string()), decode)
}

fn stream_and_seq(row: &Row) -> Result<(String, u64), StoreError> {
    let seq: i64 = row.try_get("seq")?;
    Ok((row.try_get("stream")?, seq.unsigned_abs()))
}

/// The next number of a stream whose head was read in the same transaction. The event must be inserted in it, too.
pub fn next(heads: &mut Heads, stream: &StreamId) -> Result<u64, StoreError> {
    let head = heads.get_mut(stream);
    let head = head.ok_or_else(|| StoreError::corrupt("stream", format!("the head of {stream} was not read")))?;
    *head += 1;
    Ok(*head)
}

/// The heads of the streams of new events, for [`insert`].
pub fn new_heads(events: &[NewEvent]) -> Vec<(&StreamId, u64)> {
    let mut heads: BTreeMap<&StreamId, u64> = BTreeMap::new();
    for event in events {
        // Numbers of a stream ascend.
        heads.insert(&event.stream, event.seq);
    }
    heads.into_iter().collect()
}

/// Appends numbered events, whose streams have these heads afterwards.
pub fn insert<'e>(writes: &mut WriteSet<'e>, events: &'e [NewEvent], heads: &'e [(&'e StreamId, u64)]) {
    let number = |seq: u64| i64::try_from(seq).unwrap_or(i64::MAX);
    writes.add(&SET_HEAD, heads, move |query, (stream, seq)| {
        query.bind(stream.to_string()).bind(number(*seq))
    });
    writes.add(&INSERT, events, move |query, event| {
        query
            .bind(event.stream.to_string())
            .bind(number(event.seq))
            .bind(event.at.millis())
            .bind(event.kind)
            .bind(event.payload.as_str())
    });
}

/// The events after `seq`, oldest first; `None` if the log does not reach back to it, or `seq` is ahead of the log.
/// Needs a snapshot.
pub async fn since(conn: &mut Conn, stream: &StreamId, seq: u64) -> Result<Option<Vec<StoredEvent>>, StoreError> {
    let head = head(conn, stream).await?;
    if seq > head {
        return Ok(None);
    }
    let after = i64::try_from(seq).unwrap_or(i64::MAX);
    let sql = "SELECT seq, at, kind, payload FROM events WHERE stream = $1 AND seq > $2 ORDER BY seq";
    let rows = sqlx::query(sql)
        .bind(stream.to_string())
        .bind(after)
        .fetch_all(&mut *conn)
        .await?;
    // Numbers are consecutive: fewer rows than numbers mean that some were deleted.
    if rows.len() as u64 != head - seq {
        return Ok(None);
    }
    rows.iter().map(event).collect::<Result<_, _>>().map(Some)
}

/// Reads an event from a row.
pub(super) fn event(row: &Row) -> Result<StoredEvent, StoreError> {
    let seq: i64 = row.try_get("seq")?;
    Ok(StoredEvent {
        seq: seq.unsigned_abs(),
        at: Timestamp::from_millis(row.try_get("at")?),
        kind: row.try_get("kind")?,
        payload: row.try_get("payload")?,
    })
}

/// The number of characters in the payloads of the events after `seq`.
pub async fn size_since(conn: &mut Conn, stream: &StreamId, seq: u64) -> Result<i64, StoreError> {
    let sql = "SELECT COALESCE(SUM(LENGTH(payload)), 0) FROM events WHERE stream = $1 AND seq > $2";
    let after = i64::try_from(seq).unwrap_or(i64::MAX);
    let size = sqlx::query_scalar(sql).bind(stream.to_string()).bind(after);
    Ok(size.fetch_one(conn).await?)
}

/// A page of the stored names of streams with more than `events` events, in their order, after one of
/// them.
pub async fn longer_than(
    conn: &mut Conn,
    events: i64,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<(String, u64)>, StoreError> {
    let sql = "SELECT stream, seq FROM event_streams WHERE stream > $1 AND seq > $2 ORDER BY stream LIMIT $3";
    let rows = sqlx::query(sql)
        .bind(after.unwrap_or_default())
        .bind(events)
        .bind(limit)
        .fetch_all(conn)
        .await?;
    rows.iter().map(stream_and_seq).collect()
}

/// Deletes the events of a stream, given by its stored name, up to `seq` that are older than `before`.
pub async fn forget(conn: &mut Conn, stream: &str, seq: u64, before: Timestamp) -> Result<u64, StoreError> {
    let result = sqlx::query("DELETE FROM events WHERE stream = $1 AND seq <= $2 AND at < $3")
        .bind(stream)
        .bind(i64::try_from(seq).unwrap_or(i64::MAX))
        .bind(before.millis())
        .execute(conn)
        .await?;
    Ok(result.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing;
    use futures_util::FutureExt;
    use hub::Scope;

    const TIMERS: Scope = Scope::new("timers");

    async fn append(conn: &mut Conn, events: &[(&StreamId, i64)]) -> Result<(), StoreError> {
        let streams: Vec<StreamId> = events.iter().map(|(stream, _)| (*stream).clone()).collect();
        let mut heads = heads(conn, &streams).await?;
        let new = |(stream, at): &(&StreamId, i64)| {
            Ok(NewEvent {
                stream: (*stream).clone(),
                seq: next(&mut heads, stream)?,
                at: Timestamp::from_millis(*at),
                kind: "test",
                payload: String::new(),
            })
        };
        let events: Vec<NewEvent> = events.iter().map(new).collect::<Result<_, StoreError>>()?;
        let heads = new_heads(&events);
        let mut writes = WriteSet::default();
        insert(&mut writes, &events, &heads);
        writes.run(conn).await
    }

    #[tokio::test]
    async fn numbers_are_consecutive_and_the_log_ends_at_deleted_events() {
        let (store, _folder) = testing::store().await;
        let story = store.writer().write(|conn| {
            async move {
                let (ada, eve) = (StreamId::new(TIMERS, "ada"), StreamId::new(TIMERS, "eve"));
                append(conn, &[(&ada, 1), (&eve, 3), (&ada, 2)]).await?;
                append(conn, &[]).await?;
                append(conn, &[(&ada, 4)]).await?;
                let seqs = |events: Option<Vec<StoredEvent>>| {
                    events.map(|events| events.iter().map(|event| event.seq).collect::<Vec<_>>())
                };
                assert_eq!(seqs(since(conn, &ada, 1).await?), Some(vec![2, 3]));
                assert_eq!(seqs(since(conn, &eve, 0).await?), Some(vec![1]));
                assert_eq!(seqs(since(conn, &ada, 3).await?), Some(vec![]));
                assert_eq!(seqs(since(conn, &ada, 9).await?), None, "ahead of the log");
                let heads = heads(conn, &[ada.clone(), eve.clone()]).await?;
                assert_eq!((heads[&ada], heads[&eve]), (3, 1));

                assert_eq!(longer_than(conn, 1, None, 9).await?, [(ada.to_string(), 3)]);
                assert_eq!(
                    longer_than(conn, 0, Some("timers:ada"), 9).await?,
                    [(eve.to_string(), 1)]
                );
                let before = Timestamp::from_millis(2);
                assert_eq!(
                    forget(conn, "timers:ada", 2, before).await?,
                    1,
                    "the second one is not older"
                );
                assert_eq!(seqs(since(conn, &ada, 0).await?), None, "the first one is deleted");
                assert_eq!(seqs(since(conn, &ada, 1).await?), Some(vec![2, 3]));
                assert_eq!(head(conn, &ada).await?, 3);
                Ok::<_, StoreError>(())
            }
            .boxed()
        });
        story.await.unwrap();
    }
}
