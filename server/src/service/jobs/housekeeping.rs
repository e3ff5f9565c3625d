//! Deletes what is no longer needed: old events, old command ids, expired sessions.

use crate::{
    clock,
    store::{Store, StoreError, command_replies, events, sessions, timer_history, visibilities},
};
use futures_util::FutureExt;
use std::time::Duration;

/// Time between two rounds.
const INTERVAL: Duration = Duration::from_secs(10 * 60);
/// Events and command ids are kept this long at least (contract, WebSocket "Idempotence and recovery").
const KEEP_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// As many of each user's newest events are kept however old they are (the same place).
const KEEP_EVENTS: i64 = 1_000;
/// Deleted timers whose histories are forgotten at once: up to 10,000 rows each.
const FORGET_HISTORIES: i64 = 20;

/// Refresh tokens of older releases that were exchanged are kept as long as a browser keeps them.
const KEEP_TOKENS_MILLIS: i64 = 30 * 24 * 60 * 60 * 1000;

/// Cleans up every interval, for ever.
pub async fn run(store: Store) {
    let mut rounds = tokio::time::interval(INTERVAL);
    loop {
        rounds.tick().await;
        if let Err(error) = tidy(&store).await {
            tracing::warn!(%error, "housekeeping failed; the next round tries again");
        }
    }
}

async fn tidy(store: &Store) -> Result<(), StoreError> {
    let now = clock::now();
    let before = now.plus_millis(-KEEP_MILLIS);
    // A job each, so that a large one does not hold up the commands behind it for long.
    store
        .writer()
        .write(move |conn| command_replies::forget(conn, before).boxed())
        .await?;
    store
        .writer()
        .write(move |conn| events::forget(conn, before, KEEP_EVENTS).boxed())
        .await?;
    forget_histories(store).await?;
    store
        .writer()
        .write(move |conn| sessions::delete_expired(conn, now).boxed())
        .await?;
    store
        .writer()
        .write(move |conn| sessions::forget_old_tokens(conn, now.plus_millis(-KEEP_TOKENS_MILLIS)).boxed())
        .await?;
    store
        .writer()
        .write(move |conn| visibilities::forget_gone(conn).boxed())
        .await?;
    Ok(())
}

/// Forgets the histories of deleted timers that no event refers to any more.
async fn forget_histories(store: &Store) -> Result<(), StoreError> {
    loop {
        // Looked for beside the writer. What is found stays so: no event about a deleted timer is logged again.
        let timers = store
            .query(async |conn| timer_history::unreferred(conn, FORGET_HISTORIES).await)
            .await?;
        if timers.is_empty() {
            return Ok(());
        }
        store
            .writer()
            .write(move |conn| async move { timer_history::forget(conn, &timers).await }.boxed())
            .await?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Conn, events::Event, testing, timers};
    use protocol::{
        id::{TimerId, UserId},
        time::Timestamp,
        timers::{Body, NewTimer, ServerMessage, Timer, TimerAction},
    };
    use uuid::Uuid;

    async fn live(conn: &mut Conn, at: Timestamp, name: &str) -> Result<(), StoreError> {
        let user = UserId::from("ada");
        let message = ServerMessage::new(Body::Pong, at);
        command_replies::insert(conn, &[(&(user.clone(), name.to_owned()), &message)]).await?;
        events::append(conn, &mut [Event { user, message }]).await
    }

    #[tokio::test]
    async fn a_day_later_ids_are_forgotten_and_a_users_newest_events_are_not() {
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
        tidy(&store).await.unwrap();
        let ada = UserId::from("ada");
        let left = store
            .read(async |conn| {
                let keys = ["old", "new"].map(|name| (ada.clone(), name.to_owned()));
                let replies = command_replies::find(conn, &keys).await?;
                let replies: Vec<_> = replies.into_iter().map(|((_, name), _)| name).collect();
                let events = events::since(conn, &ada, 0).await?.map(|events| events.len());
                Ok::<_, StoreError>((replies, events))
            })
            .await
            .unwrap();
        assert_eq!(left, (vec!["new".to_owned()], Some(2)));
    }

    /// Creates a timer of Ada's at an instant and deletes it, with the events of both.
    async fn create_and_delete(conn: &mut Conn, at: Timestamp) -> Result<TimerId, StoreError> {
        let user = UserId::from("ada");
        let new = NewTimer {
            allocated_seconds: 60,
            ..NewTimer::default()
        };
        let timer = Timer::create(TimerId(Uuid::now_v7()), user.clone(), new, at).unwrap();
        let id = timer.id;
        timers::insert(conn, &[&timer]).await?;
        let created = Body::Timer {
            timer: Box::new(timer),
            action: TimerAction::Start,
        };
        let mut events = [created, Body::TimerDeleted { timer_id: id }].map(|body| Event {
            user: user.clone(),
            message: ServerMessage::new(body, at),
        });
        events::append(conn, &mut events).await?;
        timers::delete(conn, id).await?;
        timer_history::keep_for_events(conn, id, &user, events[1].message.seq.unwrap()).await?;
        Ok(id)
    }

    #[tokio::test]
    async fn the_history_of_a_deleted_timer_stays_as_long_as_its_events() {
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
        tidy(&store).await.unwrap();
        assert_eq!(
            histories().await,
            (true, true),
            "the newest 1,000 events are kept however old"
        );
        // All events but those of the second timer.
        store
            .writer()
            .write(move |conn| events::forget(conn, clock::now(), 2).boxed())
            .await
            .unwrap();
        tidy(&store).await.unwrap();
        assert_eq!(histories().await, (false, true));
        let ada = UserId::from("ada");
        let events = store.read(async |conn| events::since(conn, &ada, 2).await).await;
        let events = events.unwrap().unwrap();
        assert!(matches!(&events[0].body, Body::Timer { timer, .. } if timer.history.len() == 1));
        store
            .writer()
            .write(move |conn| events::forget(conn, clock::now(), 0).boxed())
            .await
            .unwrap();
        tidy(&store).await.unwrap();
        assert_eq!(histories().await, (false, false));
    }
}
