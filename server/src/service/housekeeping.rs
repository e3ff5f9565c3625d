//! Forgets what no longer serves: old events, old command ids, sessions whose time is over.

use crate::{
    clock,
    store::{Store, StoreError, accounts, command_replies, events, visibilities},
};
use futures_util::FutureExt;
use std::time::Duration;

/// Between two rounds.
const EVERY: Duration = Duration::from_secs(10 * 60);
/// Events and command ids are kept this long at least (contract, WebSocket "Idempotence and recovery").
const KEEP_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// As many of each user's newest events are kept however old they are (the same place).
const KEEP_EVENTS: i64 = 1_000;

/// Tidies up now and then, for ever.
pub async fn run(store: Store) {
    let mut rounds = tokio::time::interval(EVERY);
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
    // A piece each, so that a large one does not hold up the commands behind it for long.
    store
        .writer()
        .write(move |conn| command_replies::forget(conn, before).boxed())
        .await?;
    store
        .writer()
        .write(move |conn| events::forget(conn, before, KEEP_EVENTS).boxed())
        .await?;
    store
        .writer()
        .write(move |conn| accounts::delete_expired_sessions(conn, now).boxed())
        .await?;
    store
        .writer()
        .write(move |conn| visibilities::forget_gone(conn).boxed())
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Conn, events::Event, testing};
    use protocol::{
        id::UserId,
        time::Timestamp,
        wire::{Body, ServerMessage},
    };

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
}
