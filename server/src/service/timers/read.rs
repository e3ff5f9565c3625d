//! Reads. Reading never changes what is stored: what a running timer shows is computed where it is written out.

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

/// A connection that missed events of more characters begins with the first page of the timers.
const MISSED_CHARS: i64 = 4 * 1024 * 1024;

/// What a new connection starts from, as of one moment.
#[derive(Clone, Debug)]
pub struct Start {
    /// The newest event that is contained.
    pub seq: u64,
    /// The event log that `seq` belongs to.
    pub epoch: String,
    /// What to send.
    pub missed: Missed,
}

/// What a connection is sent first.
#[derive(Clone, Debug)]
pub enum Missed {
    /// Exactly the events since the last one it saw, oldest first.
    Events(Vec<ServerMessage>),
    /// The first page of the RUNNING and PAUSED timers: it is new, or the log no longer reaches.
    Everything(Page<Timer>),
}

impl Timers {
    /// What a connection starts from. `since`: the epoch and the `seq` of the last event it saw.
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

/// The events of a user's timers after `seq`, oldest first; `None` where the log no longer reaches back to it. Those of this
/// node have been published and answered by then.
///
/// # Errors
/// [`StoreError`].
pub async fn committed_since(store: &Store, user: &UserId, seq: u64) -> Result<Option<Vec<ServerMessage>>, StoreError> {
    // The writer publishes a write before it begins the next one.
    let turn = store.writer().write(|_| async { Ok::<_, StoreError>(()) }.boxed());
    turn.await?;
    store
        .read_for(user, async |conn| events_since(conn, user, seq).await)
        .await
}

/// The events after `seq`; `None` also where they are more than a connection should have to hold.
async fn events_since(conn: &mut Conn, user: &UserId, seq: u64) -> Result<Option<Vec<ServerMessage>>, StoreError> {
    if events::size_since(conn, &streams::timers_of(user), seq).await? > MISSED_CHARS {
        return Ok(None);
    }
    event_log::since(conn, user, seq).await
}
