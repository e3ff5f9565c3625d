//! What other users receive live of a user's timers: friends what is done, and users with whom a timer is shared the timer
//! itself (contract, WebSocket "Client to server"). None of it is an event of their logs.
//!
//! After a commit a change is only queued here, which never waits; one task decides by the cached relationships who
//! receives it and publishes, in the order of the commits. What the queue has no room for is read from the event log
//! later.
//!
//! All of it goes to rooms of its receivers (`common/streams.rs`), so it reaches the nodes where a receiver is, and no
//! others.

mod audience;
mod dispatcher;
mod overflow;

use super::RelationshipCache;
use crate::store::{Store, visibilities::Visibility};
use dispatcher::ActivityDispatcher;
use hub::Hub;
use overflow::Overflow;
use protocol::{
    id::{TimerId, UserId},
    timers::{Timer, TimerAction},
};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::sync::mpsc::{self, error::TrySendError};

/// The most changes in the queue; beyond, they are read from the event log.
const QUEUE: usize = 8_192;

/// Queues changes for the dispatcher.
#[derive(Clone)]
pub struct Activity {
    relationships: RelationshipCache,
    /// The connections of this node that want what is shared.
    watchers: Arc<AtomicUsize>,
    /// Whether there may be such connections on other nodes.
    has_peers: bool,
    queue: mpsc::Sender<Task>,
    overflow: Overflow,
}

/// A connection that wants what others share, until this is dropped.
pub struct Watch(Arc<AtomicUsize>);

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What the dispatcher does next.
enum Task {
    /// A change of a timer.
    Change(Change),
    /// A change of who may see a timer.
    Sharing(Box<SharingChange>),
    /// The end of what a user could see of another one.
    Lost(LostSight),
}

/// A change of a timer that was committed.
struct Change {
    user: UserId,
    timer_id: TimerId,
    title: Option<String>,
    /// What friends are sent that the user did.
    done: Option<TimerAction>,
    /// What users with whom the timer is shared are sent, where some may be connected.
    shared: Option<Shared>,
}

/// What became of a shared timer.
enum Shared {
    /// What was done to it.
    Changed(Box<Timer>, TimerAction),
    /// It was deleted; with the setting of who could see it.
    Deleted(Visibility),
}

/// A change of who may see a timer that was committed.
#[derive(Clone, Debug)]
pub struct SharingChange {
    /// The timer, with its tags.
    pub timer: Timer,
    /// The setting before.
    pub before: Option<Visibility>,
    /// The setting now.
    pub after: Option<Visibility>,
}

/// What a user could see of another one until a friendship ended or one blocked the other.
#[derive(Clone, Debug)]
pub struct LostSight {
    /// The user who sees it no longer.
    pub reader: UserId,
    /// Whose it is.
    pub owner: UserId,
    /// Timers that ran or were paused, where the owner shows them to friends.
    pub active: Vec<TimerId>,
    /// Timers that were shared.
    pub shared: Vec<TimerId>,
}

impl Change {
    fn changed(timer: &Timer, action: TimerAction, is_watched: bool) -> Self {
        Self {
            user: timer.owner_id.clone(),
            timer_id: timer.id,
            title: timer.title.clone(),
            done: (action != TimerAction::Sync).then_some(action),
            shared: is_watched.then(|| Shared::Changed(Box::new(timer.clone()), action)),
        }
    }
}

impl Activity {
    /// Starts the dispatcher; it ends with the last of these.
    pub fn start(store: Store, hub: Hub, relationships: RelationshipCache) -> Self {
        Self::with_queue(store, hub, relationships, QUEUE)
    }

    fn with_queue(store: Store, hub: Hub, relationships: RelationshipCache, size: usize) -> Self {
        let (queue, waiting) = mpsc::channel(size);
        let overflow = Overflow::default();
        let has_peers = hub.has_peers();
        let dispatcher = ActivityDispatcher {
            store,
            hub,
            relationships: relationships.clone(),
            overflow: overflow.clone(),
        };
        tokio::spawn(dispatcher.run(waiting));
        Self {
            relationships,
            watchers: Arc::default(),
            has_peers,
            queue,
            overflow,
        }
    }

    /// Notes a connection that wants what others share. It joins the rooms of its reader.
    pub fn watch(&self) -> Watch {
        self.watchers.fetch_add(1, Ordering::Relaxed);
        Watch(self.watchers.clone())
    }

    /// Queues a committed change of a timer, by its event. Never waits.
    pub fn timer_changed(&self, timer: &Timer, action: TimerAction, seq: u64) {
        self.enqueue(Change::changed(timer, action, self.is_watched()), seq, false);
    }

    /// Queues a committed deletion of a timer, by its event, with the setting of who could see it. Never waits.
    pub fn timer_deleted(&self, timer: &Timer, setting: Option<Visibility>, seq: u64) {
        let change = Change {
            user: timer.owner_id.clone(),
            timer_id: timer.id,
            title: timer.title.clone(),
            // Friends see what is running: it must not seem to go on.
            done: timer.status.is_active().then_some(TimerAction::Cancel),
            shared: setting.filter(|_| self.is_watched()).map(Shared::Deleted),
        };
        self.enqueue(change, seq, true);
    }

    /// Queues a committed change of who may see a timer. Never waits.
    pub fn sharing_changed(&self, change: SharingChange) {
        if self.is_watched() {
            self.enqueue_rare(Task::Sharing(Box::new(change)));
        }
    }

    /// Queues the committed end of what a user could see of another one. Never waits.
    pub fn sight_lost(&self, lost: LostSight) {
        if !lost.active.is_empty() || !lost.shared.is_empty() {
            self.enqueue_rare(Task::Lost(lost));
        }
    }

    fn is_watched(&self) -> bool {
        self.has_peers || self.watchers.load(Ordering::Relaxed) > 0
    }

    /// `is_deletion`: the log does not say what is needed of the change.
    fn enqueue(&self, change: Change, seq: u64, is_deletion: bool) {
        let relationships = self.relationships.cached(&change.user);
        let alone = relationships.is_some_and(|relationships| relationships.friends().next().is_none());
        if change.shared.is_none() && (alone || change.done.is_none()) {
            return;
        }
        let Err(change) = self.overflow.extend(change, seq, is_deletion) else {
            return;
        };
        if let Err(TrySendError::Full(Task::Change(change))) = self.queue.try_send(Task::Change(change)) {
            tracing::debug!(user = %change.user, seq, "the activity queue is full; the change is read from the log later");
            self.overflow.begin(change, seq, is_deletion);
        }
    }

    /// Queues what people do by hand now and then; where the queue is full, a task waits for room.
    fn enqueue_rare(&self, task: Task) {
        if let Err(TrySendError::Full(task)) = self.queue.try_send(task) {
            let queue = self.queue.clone();
            tokio::spawn(async move {
                // An error says that the server ends.
                let _ = queue.send(task).await;
            });
        }
    }
}

#[cfg(test)]
mod tests;
