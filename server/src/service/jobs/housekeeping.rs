//! Deletes expired data: old events, old command ids, ended sessions.

use crate::{
    clock,
    metrics::JobMetrics,
    service::streams::TIMERS,
    store::{Store, StoreError, command_replies, events, notifications, sessions, timer_history, visibilities},
};
use futures_util::FutureExt;
use protocol::time::Timestamp;
use std::time::Duration;

/// Interval of the rounds.
const INTERVAL: Duration = Duration::from_secs(10 * 60);
/// Minimum age of deleted events and command ids (contract, WebSocket "Idempotence and recovery").
const KEEP_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// Number of each user's newest events that are kept regardless of their age (the same section).
const KEEP_EVENTS: i64 = 1_000;
/// Number of streams per transaction.
const FORGET_STREAMS: i64 = 100;
/// Number of deleted timers whose histories are deleted per transaction: up to 10,000 rows each.
const FORGET_HISTORIES: i64 = 20;

/// Exchanged refresh tokens of older releases are kept as long as browsers keep them.
const KEEP_TOKENS_MILLIS: i64 = 30 * 24 * 60 * 60 * 1000;

/// How long notifications are kept after they were read (contract, events WebSocket "Notifications").
const KEEP_NOTIFICATIONS_MILLIS: i64 = 90 * 24 * 60 * 60 * 1000;

/// Runs all clean-ups periodically; never returns.
pub async fn run(store: Store, metrics: JobMetrics) {
    let mut rounds = tokio::time::interval(INTERVAL);
    loop {
        rounds.tick().await;
        let tidied = tidy(&store, &metrics).await;
        metrics.round("housekeeping", &tidied);
        if let Err(error) = tidied {
            tracing::warn!(%error, "housekeeping failed; the next round tries again");
        }
    }
}

async fn tidy(store: &Store, metrics: &JobMetrics) -> Result<(), StoreError> {
    let now = clock::now();
    let before = now.plus_millis(-KEEP_MILLIS);
    // A job each, so that a large one does not hold up the commands behind it for long.
    let writer = store.writer();
    let deleted = writer
        .write(move |conn| command_replies::forget(conn, before).boxed())
        .await?;
    metrics.deleted("command_replies", deleted);
    metrics.deleted("events", forget_events(store, before, KEEP_EVENTS).await?);
    metrics.deleted("timer_histories", forget_histories(store).await?);
    let deleted = writer
        .write(move |conn| sessions::delete_expired(conn, now).boxed())
        .await?;
    metrics.deleted("sessions", deleted);
    let deleted = writer
        .write(move |conn| sessions::forget_old_tokens(conn, now.plus_millis(-KEEP_TOKENS_MILLIS)).boxed())
        .await?;
    metrics.deleted("refresh_tokens", deleted);
    let deleted = writer
        .write(move |conn| visibilities::forget_gone(conn).boxed())
        .await?;
    metrics.deleted("visibilities", deleted);
    let read_before = now.plus_millis(-KEEP_NOTIFICATIONS_MILLIS);
    let deleted = writer
        .write(move |conn| {
            async move {
                let gone = notifications::forget_gone(conn).await?;
                Ok::<_, StoreError>(gone + notifications::forget_read(conn, read_before).await?)
            }
            .boxed()
        })
        .await?;
    metrics.deleted("notifications", deleted);
    Ok(())
}

/// Deletes the events older than `before` that are not among the newest `keep` of their stream.
async fn forget_events(store: &Store, before: Timestamp, keep: i64) -> Result<u64, StoreError> {
    let (mut after, mut deleted) = (None, 0);
    loop {
        // Searched outside of the writer: streams only grow.
        let streams = store
            .query(async |conn| events::longer_than(conn, keep, after.as_deref(), FORGET_STREAMS).await)
            .await?;
        let Some((last, _)) = streams.last() else {
            return Ok(deleted);
        };
        after = Some(last.clone());
        let keep = keep.unsigned_abs();
        deleted += store
            .writer()
            .write(move |conn| {
                async move {
                    let mut deleted = 0;
                    for (stream, seq) in streams {
                        deleted += events::forget(conn, &stream, seq.saturating_sub(keep), before).await?;
                    }
                    Ok::<_, StoreError>(deleted)
                }
                .boxed()
            })
            .await?;
    }
}

/// Forgets the histories of deleted timers that no event refers to any more.
async fn forget_histories(store: &Store) -> Result<u64, StoreError> {
    let mut deleted = 0;
    loop {
        // Searched outside of the writer: no further events of a deleted timer are logged.
        let timers = store
            .query(async |conn| timer_history::unreferred(conn, TIMERS.name(), FORGET_HISTORIES).await)
            .await?;
        if timers.is_empty() {
            return Ok(deleted);
        }
        let found = timers.len() as u64;
        store
            .writer()
            .write(move |conn| async move { timer_history::forget(conn, &timers).await }.boxed())
            .await?;
        deleted += found;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::timers::event_log;
    use crate::{
        service::timers::event_log::TimerEvent,
        store::{
            Conn,
            bulk::WriteSet,
            command_replies::{CommandKey, NewReply},
            testing, timers,
        },
    };
    use protocol::{
        id::{TimerId, UserId},
        timers::{Body, NewTimer, ServerMessage, Timer, TimerAction},
    };
    use uuid::Uuid;

    async fn live(conn: &mut Conn, at: Timestamp, name: &str) -> Result<(), StoreError> {
        let user = UserId::from("ada");
        let key = key(name);
        let replies = [NewReply {
            key: &key,
            at,
            reply: Err(String::new()),
        }];
        let mut writes = WriteSet::default();
        command_replies::insert(&mut writes, &replies);
        writes.run(conn).await?;
        let message = ServerMessage::new(Body::Pong, at);
        event_log::append(conn, &mut [TimerEvent { user, message }]).await
    }

    fn key(name: &str) -> CommandKey {
        CommandKey {
            user: "ada".into(),
            protocol: TIMERS.name(),
            command: name.to_owned(),
        }
    }

    #[tokio::test]
    async fn after_a_day_command_ids_are_deleted_and_the_newest_events_are_kept() {
        let (store, _folder) = testing::store().await;
        let (now, long_ago) = (clock::now(), clock::now().plus_millis(-KEEP_MILLIS - 60_000));
        let lived = store.writer().write(move |conn| {
            async move {
                live(conn, long_ago, "old").await?;
                live(conn, now, "new").await
            }
            .boxed()
        });
        lived.await.unwrap();
        tidy(&store, &JobMetrics::default()).await.unwrap();
        let ada = UserId::from("ada");
        let left = store
            .read(async |conn| {
                let keys = ["old", "new"].map(|name| (key(name), crate::service::streams::timers_of(&ada)));
                let replies = command_replies::find(conn, TIMERS.name(), &keys).await?;
                let replies: Vec<_> = replies.into_iter().map(|(key, _)| key.command).collect();
                let events = event_log::since(conn, &ada, 0).await?.map(|events| events.len());
                Ok::<_, StoreError>((replies, events))
            })
            .await
            .unwrap();
        assert_eq!(left, (vec!["new".to_owned()], Some(2)));
    }

    /// Creates one of Ada's timers at an instant and deletes it, with both events.
    async fn create_and_delete(conn: &mut Conn, at: Timestamp) -> Result<TimerId, StoreError> {
        let user = UserId::from("ada");
        let new = NewTimer {
            allocated_seconds: 60,
            ..NewTimer::default()
        };
        let timer = Timer::create(TimerId(Uuid::now_v7()), user.clone(), new, at).unwrap();
        let id = timer.id;
        timers::insert_whole(conn, &[&timer]).await?;
        let created = Body::Timer {
            timer: Box::new(timer),
            action: TimerAction::Start,
        };
        let mut events = [created, Body::TimerDeleted { timer_id: id }].map(|body| TimerEvent {
            user: user.clone(),
            message: ServerMessage::new(body, at),
        });
        event_log::append(conn, &mut events).await?;
        timers::delete(conn, &[id]).await?;
        let marks = [(id, events[1].message.seq.unwrap())];
        timer_history::keep_for_events(conn, &user, &marks).await?;
        Ok(id)
    }

    #[tokio::test]
    async fn the_history_of_a_deleted_timer_is_kept_as_long_as_its_events() {
        let (store, _folder) = testing::store().await;
        let long_ago = clock::now().plus_millis(-KEEP_MILLIS - 60_000);
        let made = store.writer().write(move |conn| {
            async move {
                let old = create_and_delete(conn, long_ago).await?;
                Ok::<_, StoreError>((old, create_and_delete(conn, long_ago).await?))
            }
            .boxed()
        });
        let (old, kept) = made.await.unwrap();
        let histories = async || {
            let ids = [old, kept];
            let found = store.read(async |conn| timer_history::find(conn, &ids).await).await;
            let found: Vec<TimerId> = found.unwrap().into_keys().collect();
            (found.contains(&old), found.contains(&kept))
        };
        tidy(&store, &JobMetrics::default()).await.unwrap();
        assert_eq!(
            histories().await,
            (true, true),
            "the newest 1,000 events are kept however old"
        );
        // All events but those of the second timer.
        forget_events(&store, clock::now(), 2).await.unwrap();
        tidy(&store, &JobMetrics::default()).await.unwrap();
        assert_eq!(histories().await, (false, true));
        let ada = UserId::from("ada");
        let events = store.read(async |conn| event_log::since(conn, &ada, 2).await).await;
        let events = events.unwrap().unwrap();
        assert!(matches!(&events[0].body, Body::Timer { timer, .. } if timer.history.len() == 1));
        forget_events(&store, clock::now(), 0).await.unwrap();
        tidy(&store, &JobMetrics::default()).await.unwrap();
        assert_eq!(histories().await, (false, false));
    }
}
