//! What a user's live messages are decided by, kept in memory: no command asks the database who is whose friend.

use crate::{
    hub::{Hub, Signal},
    service::sharing::Relation,
    store::{Store, StoreError, blocks, friendships, users},
};
use moka::sync::Cache;
use protocol::{friend::FriendActivity, id::UserId};
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::oneshot;

/// Bytes of circles that are kept; beyond, the least used are read again. A user decides how many relations are in one,
/// so they are weighed, not counted.
const REMEMBERED_BYTES: u64 = 64 * 1024 * 1024;
/// About what a circle takes, and each relation in it.
const ENTRY_BYTES: usize = 300;
const RELATION_BYTES: usize = 100;
/// So long at most: what a newer token says is taken over by then, and what another node could not tell.
const REMEMBERED_FOR: Duration = Duration::from_secs(30);

/// Where nodes tell each other whose circles changed: a JSON list of ids.
const TOPIC: &str = "circles";

/// A user among others.
#[derive(Clone, Debug, Default)]
pub struct Circle {
    /// The user's name.
    pub display_name: Option<String>,
    /// What friends see of the user's timers.
    pub shows: FriendActivity,
    relations: HashMap<UserId, Relation>,
}

impl Circle {
    /// What another user is to this one.
    pub fn relation(&self, other: &UserId) -> Relation {
        self.relations.get(other).copied().unwrap_or_default()
    }

    /// The accepted friends.
    pub fn friends(&self) -> impl Iterator<Item = &UserId> {
        let friends = self
            .relations
            .iter()
            .filter(|(_, relation)| **relation == Relation::Friends);
        friends.map(|(user, _)| user)
    }
}

/// The circles of all users.
#[derive(Clone)]
pub struct Circles {
    store: Store,
    hub: Hub,
    memory: Memory,
}

/// The circles that are kept.
#[derive(Clone)]
struct Memory {
    kept: Cache<UserId, Arc<Circle>>,
    /// Counts the changes, so that what was read before one is not kept after it.
    changes: Arc<AtomicU64>,
}

impl Circles {
    /// In a store. What other nodes change is forgotten here as soon as they say so.
    pub fn new(store: Store, hub: Hub) -> Self {
        let memory = Memory {
            kept: Cache::builder()
                .weigher(weight)
                .max_capacity(REMEMBERED_BYTES)
                .time_to_live(REMEMBERED_FOR)
                .build(),
            changes: Arc::default(),
        };
        let elsewhere = memory.clone();
        hub.listen(TOPIC, move |signal| match signal {
            Signal::Said(users) => match serde_json::from_slice::<Vec<UserId>>(users) {
                Ok(users) => elsewhere.forget(&users.iter().collect::<Vec<_>>()),
                Err(_) => elsewhere.forget_all(),
            },
            Signal::Lost => elsewhere.forget_all(),
        });
        Self { store, hub, memory }
    }

    /// A user's circle if it is in memory; never waits.
    pub fn kept(&self, user: &UserId) -> Option<Arc<Circle>> {
        self.memory.kept.get(user)
    }

    /// A user's circle; from the database where it is not in memory.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn of(&self, user: &UserId) -> Result<Arc<Circle>, StoreError> {
        loop {
            if let Some(circle) = self.kept(user) {
                return Ok(circle);
            }
            let before = self.memory.changes.load(Ordering::SeqCst);
            let circle = Arc::new(self.read(user).await?);
            self.memory.kept.insert(user.clone(), circle.clone());
            // A change counts before it forgets: either it is seen here, or it forgets what was just kept.
            if self.memory.changes.load(Ordering::SeqCst) == before {
                return Ok(circle);
            }
            self.memory.kept.invalidate(user);
        }
    }

    /// Forgets users' circles, here and on other nodes, once what changed about them is committed.
    pub fn forget(&self, users: &[&UserId]) {
        self.memory.forget(users);
        self.hub
            .signal(TOPIC, || serde_json::json!(users).to_string().into_bytes());
    }

    /// What comes after a change of relations, for the writer: forget the circles of whom it concerns, then answer. And
    /// the answer. So it holds from the commit on, even where whoever asked has gone.
    pub fn changing<T, E>(
        &self,
        concerned: impl FnOnce(&T) -> [UserId; 2] + Send + 'static,
    ) -> (
        impl FnOnce(Result<T, E>) + Send + 'static,
        impl Future<Output = Result<T, E>>,
    )
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let circles = self.clone();
        let after = move |result: Result<T, E>| {
            if let Ok(changed) = &result {
                circles.forget(&concerned(changed).each_ref());
            }
            // The caller may have gone meanwhile; the work is done all the same.
            drop(sender.send(result));
        };
        let answer = async { receiver.await.unwrap_or_else(|_| Err(StoreError::Closed.into())) };
        (after, answer)
    }

    async fn read(&self, user: &UserId) -> Result<Circle, StoreError> {
        self.store
            .read(async |conn| {
                let profile = users::find(conn, user).await?;
                let friends = friendships::accepted(conn, user).await?;
                let friends = friends
                    .iter()
                    .map(|record| (record.other(user).clone(), record.relation()));
                let blocks = blocks::of(conn, user).await?;
                let blocks = blocks.into_iter().map(|block| match block.blocker == *user {
                    true => (block.blocked, Relation::Blocked),
                    false => (block.blocker, Relation::Blocked),
                });
                Ok(Circle {
                    shows: profile
                        .as_ref()
                        .map(|profile| profile.friend_activity)
                        .unwrap_or_default(),
                    display_name: profile.and_then(|profile| profile.display_name),
                    relations: friends.chain(blocks).collect(),
                })
            })
            .await
    }
}

fn weight(_: &UserId, circle: &Arc<Circle>) -> u32 {
    u32::try_from(ENTRY_BYTES + RELATION_BYTES * circle.relations.len()).unwrap_or(u32::MAX)
}

impl Memory {
    fn forget(&self, users: &[&UserId]) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        for user in users {
            self.kept.invalidate(*user);
        }
    }

    fn forget_all(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.kept.invalidate_all();
    }
}
