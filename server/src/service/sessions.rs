//! Ended sessions of the built-in accounts, on every node: their access tokens are refused, and their open connections
//! are closed.
//!
//! An ended session is recorded here and published to the other nodes at once. Messages between nodes may be lost, so
//! each node also checks every few seconds whether the sessions of its connections are still in the database, and
//! caches for a few seconds only that any other session is open.

use crate::{
    auth::identity::{Identity, TokenError},
    clock,
    store::{Store, StoreError, sessions},
};
use hub::{CloseCode, CloseFrame, Handle, Hub, Topic, TopicEvent};
use moka::sync::Cache;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;
use uuid::Uuid;

/// Interval of checking the sessions of open connections.
const CHECK_INTERVAL: Duration = Duration::from_secs(5);
/// How long an open session is cached.
const OPEN_TTL: Duration = Duration::from_secs(5);
/// How long an ended session is remembered: reads of the database that began before its end are complete by then.
const ENDED_TTL: Duration = Duration::from_secs(60);
/// Capacity of each cache, about 100 bytes per session. An evicted session is read again.
const CAPACITY: u64 = 100_000;
/// The topic of ended sessions between nodes: a JSON list of ids.
const TOPIC: Topic = Topic("sessions");
const REASON: &str = "the session has ended";

/// The sessions as known on this node.
#[derive(Clone)]
pub struct Sessions {
    store: Store,
    hub: Hub,
    known: Arc<Known>,
}

struct Known {
    live: Cache<Uuid, ()>,
    ended: Cache<Uuid, ()>,
    open: Mutex<HashMap<Uuid, Vec<Handle>>>,
    /// Requests a check at once, since an end may have been missed.
    look: Notify,
}

/// An open connection that is closed when its session ends. Dropping it removes the registration.
pub struct OpenSession {
    known: Arc<Known>,
    session: Uuid,
    handle: Handle,
}

impl Sessions {
    /// Reads from a store. Ends on other nodes arrive over the hub.
    pub fn new(store: Store, hub: Hub) -> Self {
        let cache = |time| Cache::builder().max_capacity(CAPACITY).time_to_live(time).build();
        let known = Arc::new(Known {
            live: cache(OPEN_TTL),
            ended: cache(ENDED_TTL),
            open: Mutex::default(),
            look: Notify::new(),
        });
        let elsewhere = known.clone();
        hub.subscribe_topic(TOPIC, move |event| match event {
            TopicEvent::Message(ids) => match serde_json::from_slice::<Vec<Uuid>>(ids) {
                Ok(ids) => ids.into_iter().for_each(|id| elsewhere.end(id)),
                Err(_) => elsewhere.doubt(),
            },
            TopicEvent::Lost => elsewhere.doubt(),
        });
        Self { store, hub, known }
    }

    /// Checks that the session of a token is open.
    ///
    /// # Errors
    /// [`TokenError::Invalid`] if it has ended, [`TokenError::Unavailable`] if the database does not answer.
    pub async fn check(&self, id: Uuid) -> Result<(), TokenError> {
        if !self.known.ended.contains_key(&id) {
            if self.known.live.contains_key(&id) {
                return Ok(());
            }
            let live = self.live(&[id]).await.map_err(|error| {
                tracing::error!(%error, "a session cannot be read");
                TokenError::Unavailable
            })?;
            if !live.is_empty() {
                self.known.live.insert(id, ());
            }
            // It may have ended since it was read.
            if !live.is_empty() && !self.known.ended.contains_key(&id) {
                return Ok(());
            }
        }
        Err(TokenError::Invalid("its session has ended"))
    }

    /// Called when the end of a session is committed: all nodes refuse its tokens and close its connections.
    pub fn end(&self, id: Uuid) {
        self.known.end(id);
        self.hub
            .publish_topic(TOPIC, || serde_json::json!([id]).to_string().into_bytes());
    }

    /// Registers a connection to be closed when its token's session ends; closes it at once if it has ended already.
    pub fn attach(&self, identity: &Identity, handle: &Handle) -> Option<OpenSession> {
        let session = identity.session?;
        let mut open = lock(&self.known.open);
        open.entry(session).or_default().push(handle.clone());
        drop(open);
        if self.known.ended.contains_key(&session) {
            handle.close(CloseFrame::new(CloseCode::POLICY, REASON));
        }
        Some(OpenSession {
            known: self.known.clone(),
            session,
            handle: handle.clone(),
        })
    }

    /// Periodically checks which sessions of this node's connections have ended; never returns.
    pub async fn run(self) {
        loop {
            // Both the timeout and a request mean: check now.
            let _ = tokio::time::timeout(CHECK_INTERVAL, self.known.look.notified()).await;
            if let Err(error) = self.look().await {
                tracing::warn!(%error, "ended sessions cannot be read; the next check tries again");
            }
        }
    }

    async fn look(&self) -> Result<(), StoreError> {
        let open: Vec<Uuid> = lock(&self.known.open).keys().copied().collect();
        if open.is_empty() {
            return Ok(());
        }
        let live = self.live(&open).await?;
        let ended = open.iter().filter(|id| !live.contains(*id));
        ended.for_each(|id| self.known.end(*id));
        Ok(())
    }

    async fn live(&self, ids: &[Uuid]) -> Result<std::collections::HashSet<Uuid>, StoreError> {
        let now = clock::now();
        let live = self.store.query(async |conn| sessions::live(conn, ids, now).await);
        Ok(live.await?.into_iter().collect())
    }
}

impl Known {
    fn end(&self, id: Uuid) {
        // Before the registered connections are searched, so that one registered meanwhile sees it.
        self.ended.insert(id, ());
        self.live.invalidate(&id);
        let handles = lock(&self.open).get(&id).cloned().unwrap_or_default();
        for handle in handles {
            handle.close(CloseFrame::new(CloseCode::POLICY, REASON));
        }
    }

    /// Called when sessions may have ended without a notification on this node.
    fn doubt(&self) {
        self.live.invalidate_all();
        self.look.notify_one();
    }
}

impl Drop for OpenSession {
    fn drop(&mut self) {
        let mut open = lock(&self.known.open);
        if let Some(handles) = open.get_mut(&self.session) {
            handles.retain(|handle| handle.id() != self.handle.id());
            if handles.is_empty() {
                open.remove(&self.session);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Entries are only inserted or removed as a whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
