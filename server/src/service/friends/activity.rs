//! Live messages to other users about a user's timers: friends receive the actions, and users with whom a timer is shared
//! the timer itself (contract, WebSocket "Client to server"). They are not events of the receivers' logs.
//!
//! After a commit a change is only queued here, without waiting; one task determines the receivers from the cached
//! relationships and publishes, in the order of the commits. Changes that do not fit into the queue are read from the
//! event log later.
//!
//! The messages are sent to rooms of their receivers (`common/streams.rs`), so they reach only the nodes with
//! receivers.

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

/// Capacity of the queue; changes beyond it are read from the event log.
const QUEUE: usize = 8_192;

/// Queues changes for the dispatcher.
#[derive(Clone)]
pub struct Activity {
    relationships: RelationshipCache,
    /// The connections of this node that receive shared timers, or hints that something shared has changed.
    watchers: Arc<AtomicUsize>,
    /// Whether other nodes may have such connections.
    has_peers: bool,
    queue: mpsc::Sender<Task>,
    overflow: Overflow,
}

/// A connection that receives shared timers or hints; dropping it ends that.
pub struct Watch(Arc<AtomicUsize>);

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The dispatcher's tasks.
enum Task {
    /// A change of a timer.
    Change(Change),
    /// A change of a timer's visibility.
    Sharing(Box<SharingChange>),
    /// Changes of schedules and todos, by their visibility.
    Reread(Vec<Visibility>),
    /// The loss of a user's access to another user's timers.
    Lost(LostSight),
}

/// A committed change of a timer.
struct Change {
    user: UserId,
    timer_id: TimerId,
    title: Option<String>,
    /// The message to friends.
    done: Option<TimerAction>,
    /// The change for users with whom the timer is shared, if any may be connected.
    shared: Option<Shared>,
}

/// A change of a shared timer.
enum Shared {
    /// An action on it.
    Changed(Box<Timer>, TimerAction),
    /// Its deletion, with the deleted visibility.
    Deleted(Visibility),
}

/// A committed change of a timer's visibility.
#[derive(Clone, Debug)]
pub struct SharingChange {
    /// The timer, with its tags.
    pub timer: Timer,
    /// The setting before.
    pub before: Option<Visibility>,
    /// The setting now.
    pub after: Option<Visibility>,
}

/// The timers that a user could see of another user until a friendship ended or one blocked the other.
#[derive(Clone, Debug)]
pub struct LostSight {
    /// The user who lost access.
    pub reader: UserId,
    /// The owner.
    pub owner: UserId,
    /// Running and paused timers, if the owner shows them to friends.
    pub active: Vec<TimerId>,
    /// Shared timers.
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
    /// Starts the dispatcher; it ends when the last clone is dropped.
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

    /// Registers a connection that receives shared timers or hints. It joins the rooms of its reader.
    pub fn watch(&self) -> Watch {
        self.watchers.fetch_add(1, Ordering::Relaxed);
        Watch(self.watchers.clone())
    }

    /// Queues a committed change of a timer, by its event. Never waits.
    pub fn timer_changed(&self, timer: &Timer, action: TimerAction, seq: u64) {
        let is_watched = self.is_watched();
        if self.is_received(&timer.owner_id, action != TimerAction::Sync, is_watched) {
            self.enqueue(Change::changed(timer, action, is_watched), seq, false);
        }
    }

    /// Queues a committed deletion of a timer, by its event, with the deleted visibility. Never waits.
    pub fn timer_deleted(&self, timer: &Timer, setting: Option<Visibility>, seq: u64) {
        let change = Change {
            user: timer.owner_id.clone(),
            timer_id: timer.id,
            title: timer.title.clone(),
            // Friends see running timers: this one must not seem to run on.
            done: timer.status.is_active().then_some(TimerAction::Cancel),
            shared: setting.filter(|_| self.is_watched()).map(Shared::Deleted),
        };
        if self.is_received(&change.user, change.done.is_some(), change.shared.is_some()) {
            self.enqueue(change, seq, true);
        }
    }

    /// Queues a committed change of a timer's visibility. Never waits.
    pub fn sharing_changed(&self, change: SharingChange) {
        if self.is_watched() {
            self.enqueue_rare(Task::Sharing(Box::new(change)));
        }
    }

    /// Queues hints to the readers of changed schedules and todos, by their visibility. Never waits.
    pub fn shared_changed(&self, settings: Vec<Visibility>) {
        if !settings.is_empty() && self.is_watched() {
            self.enqueue_rare(Task::Reread(settings));
        }
    }

    /// Queues a committed loss of access. Never waits.
    pub fn sight_lost(&self, lost: LostSight) {
        if !lost.active.is_empty() || !lost.shared.is_empty() {
            self.enqueue_rare(Task::Lost(lost));
        }
    }

    fn is_watched(&self) -> bool {
        self.has_peers || self.watchers.load(Ordering::Relaxed) > 0
    }

    /// Whether another user may receive a change: friends an action, users with access the timer.
    fn is_received(&self, owner: &UserId, is_action: bool, is_shared: bool) -> bool {
        let relationships = self.relationships.cached(owner);
        is_shared || is_action && relationships.is_none_or(|known| known.friends().next().is_some())
    }

    /// `is_deletion`: the log does not contain the data that the message needs.
    fn enqueue(&self, change: Change, seq: u64, is_deletion: bool) {
        let Some(change) = self.overflow.extend(change, seq, is_deletion) else {
            return;
        };
        if let Err(TrySendError::Full(Task::Change(change))) = self.queue.try_send(Task::Change(change)) {
            tracing::debug!(user = %change.user, seq, "the activity queue is full; the change is read from the log later");
            self.overflow.begin(change, seq, is_deletion);
        }
    }

    /// Queues rare, manual changes; if the queue is full, a task waits for capacity.
    fn enqueue_rare(&self, task: Task) {
        if let Err(TrySendError::Full(task)) = self.queue.try_send(task) {
            let queue = self.queue.clone();
            tokio::spawn(async move {
                // An error means that the server is stopping.
                let _ = queue.send(task).await;
            });
        }
    }
}

#[cfg(test)]
mod tests;
