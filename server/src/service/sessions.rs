//! Which sessions of the built-in accounts have ended, on every node: their access tokens are refused from then on, and
//! their open connections are closed.
//!
//! A session that ends is noted here and told to the other nodes at once. A message between nodes may be lost, so each
//! node also looks every few seconds whether the sessions of its connections are still in the database, and believes of
//! any other session for as long only that it goes on.

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

/// Between two looks at the sessions of the open connections.
const EVERY: Duration = Duration::from_secs(5);
/// So long a session that was found in the database is believed to go on.
const BELIEVED: Duration = Duration::from_secs(5);
/// So long an ended session is remembered: reads of the database that began before its end are over by then.
const REMEMBERED: Duration = Duration::from_secs(60);
/// Sessions that are remembered of each kind, of about 100 bytes each. One that is forgotten is read again.
const CAPACITY: u64 = 100_000;
/// Where nodes tell each other which sessions have ended: a JSON list of ids.
const TOPIC: Topic = Topic("sessions");
const REASON: &str = "the session has ended";

/// The sessions, as this node knows them.
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
    /// Something may have been missed: look now.
    look: Notify,
}

/// A connection that is closed when its session ends. Dropping it lets go of the connection.
pub struct OpenSession {
    known: Arc<Known>,
    session: Uuid,
    handle: Handle,
}

impl Sessions {
    /// In a store. What ends on other nodes is known as soon as they say so.
    pub fn new(store: Store, hub: Hub) -> Self {
        let cache = |time| Cache::builder().max_capacity(CAPACITY).time_to_live(time).build();
        let known = Arc::new(Known {
            live: cache(BELIEVED),
            ended: cache(REMEMBERED),
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

    /// Whether the session of a token goes on.
    ///
    /// # Errors
    /// [`TokenError::Invalid`] where it has ended, [`TokenError::Unavailable`] where the database does not answer.
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

    /// A session has ended, and that is committed: on all nodes its tokens are refused and its connections closed.
    pub fn end(&self, id: Uuid) {
        self.known.end(id);
        self.hub
            .publish_topic(TOPIC, || serde_json::json!([id]).to_string().into_bytes());
    }

    /// Closes the connection when the session of its token ends, or at once where it has ended already.
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

    /// Looks now and then which sessions of this node's connections have ended, for ever.
    pub async fn run(self) {
        loop {
            // Either way it is time to look.
            let _ = tokio::time::timeout(EVERY, self.known.look.notified()).await;
            if let Err(error) = self.look().await {
                tracing::warn!(%error, "which sessions have ended cannot be read; the next look tries again");
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
        // Before the connections are looked for: one that comes meanwhile sees it.
        self.ended.insert(id, ());
        self.live.invalidate(&id);
        let handles = lock(&self.open).get(&id).cloned().unwrap_or_default();
        for handle in handles {
            handle.close(CloseFrame::new(CloseCode::POLICY, REASON));
        }
    }

    /// Sessions may have ended without this node knowing.
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
    // Only whole entries are ever put in or taken out.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
