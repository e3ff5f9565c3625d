//! Reads. Reading never changes stored data: the elapsed time of a running timer is computed when it is serialised.

use super::{Timers, event_log, sync};
use crate::{
    paging::Page,
    service::streams,
    store::{Conn, Store, StoreError, events},
};
use futures_util::FutureExt;
use protocol::{
    id::UserId,
    timers::{ServerMessage, Timer},
};

/// Maximum size of missed events in characters; a connection that missed more gets the first page of the timers.
const MISSED_CHARS: i64 = 4 * 1024 * 1024;

/// The start of a new connection, as of one moment.
#[derive(Clone, Debug)]
pub struct Start {
    /// The newest event that is contained.
    pub seq: u64,
    /// The event log that `seq` belongs to.
    pub epoch: String,
    /// The messages to send.
    pub missed: Missed,
}

/// The first messages of a connection.
#[derive(Clone, Debug)]
pub enum Missed {
    /// Exactly the events since the last one that the client saw, oldest first.
    Events(Vec<ServerMessage>),
    /// The first page of RUNNING and PAUSED timers: the client is new, or the log no longer reaches back.
    Everything(Page<Timer>),
}

impl Timers {
    /// The start of a connection. `since` is the epoch and `seq` of the last event that the client saw.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn start(&self, user: &UserId, since: Option<(&str, u64)>) -> Result<Start, StoreError> {
        let epoch = self.store.epoch();
        let since = since.filter(|(known, _)| *known == epoch).map(|(_, seq)| seq);
        self.store
            .read_for(user, async |conn| {
                let missed = match since {
                    Some(seq) => events_since(conn, user, seq).await?,
                    None => None,
                };
                let missed = match missed {
                    Some(events) => Missed::Events(events),
                    None => Missed::Everything(sync::page(conn, user, false, &sync::first_page()).await?),
                };
                Ok(Start {
                    seq: event_log::head(conn, user).await?,
                    epoch: epoch.to_owned(),
                    missed,
                })
            })
            .await
    }

    /// The event log's epoch.
    pub fn epoch(&self) -> &str {
        self.store.epoch()
    }
}

/// The events of a user's timers after `seq`, oldest first; `None` if the log no longer reaches back to it. Those of
/// this node have been published and answered by then.
///
/// # Errors
/// [`StoreError`].
pub async fn committed_since(store: &Store, user: &UserId, seq: u64) -> Result<Option<Vec<ServerMessage>>, StoreError> {
    // The writer publishes a write before it starts the next one.
    let turn = store.writer().write(|_| async { Ok::<_, StoreError>(()) }.boxed());
    turn.await?;
    store
        .read_for(user, async |conn| events_since(conn, user, seq).await)
        .await
}

/// The events after `seq`; `None` also if they exceed [`MISSED_CHARS`].
async fn events_since(conn: &mut Conn, user: &UserId, seq: u64) -> Result<Option<Vec<ServerMessage>>, StoreError> {
    if events::size_since(conn, &streams::timers_of(user), seq).await? > MISSED_CHARS {
        return Ok(None);
    }
    event_log::since(conn, user, seq).await
}
