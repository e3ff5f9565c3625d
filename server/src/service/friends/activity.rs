//! What other users receive live of a user's timers: friends what is done, and users with whom a timer is shared the timer
//! itself (contract, WebSocket "Client to server"). None of it is an event of their logs.
//!
//! After a commit a change is only queued here, which never waits; one task decides by the cached relationships who
//! receives it and publishes, in the order of the commits. What the queue has no room for is read from the event log
//! later.
//!
//! Friends are reached in their rooms, on any node. Which connections want shared timers is known to their own node alone:
//! so every node receives what may be shared, and decides for its own connections.

mod dispatcher;
mod overflow;
mod watchers;

pub use watchers::Watch;

use super::RelationshipCache;
use crate::{
    service::sharing::Reader,
    store::{Store, visibilities::Visibility},
};
use dispatcher::ActivityDispatcher;
use hub::{Handle, Hub, Topic, TopicEvent};
use overflow::Overflow;
use protocol::{
    id::{TimerId, UserId},
    timers::{Timer, TimerAction},
};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::{self, WeakSender, error::TrySendError};
use watchers::Watchers;

/// The most changes in the queue; beyond, they are read from the event log.
const QUEUE: usize = 8_192;
/// The topic of what watchers on other nodes may receive: a [`Share`] in JSON.
const TOPIC: Topic = Topic("shared");

/// Queues changes for the dispatcher.
#[derive(Clone)]
pub struct Activity {
    relationships: RelationshipCache,
    watchers: Watchers,
    /// Whether there may be watchers on other nodes.
    has_peers: bool,
    queue: mpsc::Sender<Task>,
    overflow: Overflow,
}

/// What the dispatcher does next.
enum Task {
    /// A change that was committed here.
    Change(Change),
    /// A change that was committed on another node.
    Elsewhere(Share),
}

/// A change that was committed.
struct Change {
    user: UserId,
    timer_id: TimerId,
    title: Option<String>,
    /// What friends are sent that the user did.
    done: Option<TimerAction>,
    /// What watchers are sent, where there may be some.
    shared: Option<Shared>,
}

impl Change {
    fn changed(timer: &Timer, action: TimerAction, watched: bool) -> Self {
        Self {
            user: timer.owner_id.clone(),
            timer_id: timer.id,
            title: timer.title.clone(),
            done: (action != TimerAction::Sync).then_some(action),
            shared: watched.then(|| Shared::Changed(Box::new(timer.clone()), action)),
        }
    }
}

/// What watchers are sent of a timer, if they may see it.
#[derive(Serialize, Deserialize)]
struct Share {
    owner: UserId,
    timer_id: TimerId,
    shared: Shared,
}

#[derive(Serialize, Deserialize)]
enum Shared {
    /// The timer, by what was done to it.
    Changed(Box<Timer>, TimerAction),
    /// It was deleted; with the setting of who could see it.
    Gone(Visibility),
}

impl Activity {
    /// Starts the dispatcher; it ends with the last of these.
    pub fn start(store: Store, hub: Hub, relationships: RelationshipCache) -> Self {
        Self::with_queue(store, hub, relationships, QUEUE)
    }

    fn with_queue(store: Store, hub: Hub, relationships: RelationshipCache, size: usize) -> Self {
        let (queue, waiting) = mpsc::channel(size);
        let overflow = Overflow::default();
        let watchers = Watchers::default();
        let (elsewhere, watching) = (queue.downgrade(), watchers.clone());
        hub.subscribe_topic(TOPIC, move |event| on_topic_event(&event, &elsewhere, &watching));
        let has_peers = hub.has_peers();
        let dispatcher = ActivityDispatcher {
            store,
            hub,
            relationships: relationships.clone(),
            watchers: watchers.clone(),
            overflow: overflow.clone(),
        };
        tokio::spawn(dispatcher.run(waiting));
        Self {
            relationships,
            watchers,
            has_peers,
            queue,
            overflow,
        }
    }

    /// Queues a committed change of a timer, by its event. Never waits.
    pub fn timer_changed(&self, timer: &Timer, action: TimerAction, seq: u64) {
        let watched = self.is_watched();
        self.enqueue(Change::changed(timer, action, watched), seq);
    }

    /// Queues a committed deletion of a timer, by its event, with the setting of who could see it. Never waits.
    pub fn timer_deleted(&self, timer: &Timer, setting: Option<Visibility>, seq: u64) {
        let change = Change {
            user: timer.owner_id.clone(),
            timer_id: timer.id,
            title: timer.title.clone(),
            // Friends see what is running: it must not seem to go on.
            done: timer.status.is_active().then_some(TimerAction::Cancel),
            shared: setting.filter(|_| self.is_watched()).map(Shared::Gone),
        };
        self.enqueue(change, seq);
    }

    fn is_watched(&self) -> bool {
        self.has_peers || !self.watchers.is_empty()
    }

    fn enqueue(&self, change: Change, seq: u64) {
        let relationships = self.relationships.cached(&change.user);
        let alone = relationships.is_some_and(|relationships| relationships.friends().next().is_none());
        if change.shared.is_none() && (alone || change.done.is_none()) {
            return;
        }
        if self.overflow.extend(&change.user, seq) {
            return;
        }
        if let Err(TrySendError::Full(Task::Change(change))) = self.queue.try_send(Task::Change(change)) {
            tracing::debug!(user = %change.user, seq, "the activity queue is full; the change is read from the log later");
            self.overflow.begin(change.user, seq);
        }
    }

    /// Sends a connection what is shared with its user.
    pub fn watch(&self, reader: Reader, connection: Handle) -> Watch {
        self.watchers.add(reader, connection)
    }
}

/// Queues what another node sent. Where it cannot be, this node's watchers recover.
fn on_topic_event(event: &TopicEvent<'_>, queue: &WeakSender<Task>, watchers: &Watchers) {
    if watchers.is_empty() {
        return;
    }
    let share = match event {
        TopicEvent::Message(share) => serde_json::from_slice(share).ok(),
        TopicEvent::Lost => None,
    };
    let queued = share
        .zip(queue.upgrade())
        .is_some_and(|(share, queue)| queue.try_send(Task::Elsewhere(share)).is_ok());
    if !queued {
        watchers.recover();
    }
}

#[cfg(test)]
mod tests;
