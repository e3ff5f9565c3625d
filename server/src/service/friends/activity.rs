//! What others hear live of a user's timers: friends what is done, and those a timer is shared with the timer itself
//! (contract, WebSocket "Client to server"). None of it is an event of their logs.
//!
//! Whatever follows a commit only takes note here and never waits; one task decides and publishes, in the order of the
//! commits. It decides by the relationships in memory, so that no command asks the database who is whose friend.
//!
//! Friends are reached in their rooms, on any node. Who watches is known to their own node alone: so every node hears of
//! what may be shared, and decides for its own watchers.

mod dispatcher;
mod watchers;

pub use watchers::Watch;

use super::RelationshipCache;
use crate::{
    service::sharing::Reader,
    store::{Store, visibilities::Visibility},
};
use dispatcher::ActivityDispatcher;
use hub::{Handle, Hub, Topic, TopicEvent};
use protocol::{
    id::{TimerId, UserId},
    timers::{Timer, TimerAction},
};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::{self, WeakSender, error::TrySendError};
use watchers::Watchers;

/// The most changes that wait to be told; beyond, friends miss some, and commands do not wait.
const QUEUE: usize = 8_192;
/// Where nodes tell each other what watchers may have to hear: a [`Share`] in JSON.
const TOPIC: Topic = Topic("shared");

/// Tells others of a user's timers.
#[derive(Clone)]
pub struct Activity {
    relationships: RelationshipCache,
    watchers: Watchers,
    /// Whether others may watch elsewhere.
    has_peers: bool,
    queue: mpsc::Sender<Task>,
}

/// What is to be told.
enum Task {
    /// A change that was committed here.
    Change(Change),
    /// What was committed on another node.
    Elsewhere(Share),
}

/// A change that was committed.
struct Change {
    user: UserId,
    timer_id: TimerId,
    title: Option<String>,
    /// What friends hear that the user did.
    done: Option<TimerAction>,
    /// What they hear with whom the timer is shared, where anybody listens.
    shared: Option<Shared>,
}

/// What watchers hear of a timer, if they may see it.
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
    /// It is gone, with the setting of who could see it.
    Gone(Visibility),
}

impl Activity {
    /// Starts the task; it ends with the last of these.
    pub fn start(store: Store, hub: Hub, relationships: RelationshipCache) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let watchers = Watchers::default();
        let (elsewhere, watching) = (queue.downgrade(), watchers.clone());
        hub.subscribe_topic(TOPIC, move |event| on_topic_event(&event, &elsewhere, &watching));
        let has_peers = hub.has_peers();
        let dispatcher = ActivityDispatcher {
            store,
            hub,
            relationships: relationships.clone(),
            watchers: watchers.clone(),
        };
        tokio::spawn(dispatcher.run(waiting));
        Self {
            relationships,
            watchers,
            has_peers,
            queue,
        }
    }

    /// Takes note of what a user did to a timer, once it is committed. Never waits.
    pub fn timer_changed(&self, timer: &Timer, action: TimerAction) {
        let done = (action != TimerAction::Sync).then_some(action);
        self.enqueue(timer, done, || Some(Shared::Changed(Box::new(timer.clone()), action)));
    }

    /// Takes note that a timer is gone, and who could see it. Never waits.
    pub fn timer_deleted(&self, timer: &Timer, setting: Option<Visibility>) {
        // Friends see what runs: it must not seem to run on.
        let done = timer.status.is_active().then_some(TimerAction::Cancel);
        self.enqueue(timer, done, || setting.map(Shared::Gone));
    }

    fn enqueue(&self, timer: &Timer, done: Option<TimerAction>, shared: impl FnOnce() -> Option<Shared>) {
        let user = &timer.owner_id;
        let watched = self.has_peers || !self.watchers.is_empty();
        let shared = if watched { shared() } else { None };
        let relationships = self.relationships.cached(user);
        let alone = relationships.is_some_and(|relationships| relationships.friends().next().is_none());
        if shared.is_none() && (alone || done.is_none()) {
            return;
        }
        let change = Change {
            user: user.clone(),
            timer_id: timer.id,
            title: timer.title.clone(),
            done,
            shared,
        };
        match self.queue.try_send(Task::Change(change)) {
            Ok(()) | Err(TrySendError::Closed(_)) => {}
            Err(TrySendError::Full(_)) => tracing::warn!(%user, "friends miss what was done: too much waits"),
        }
    }

    /// Sends a connection what is shared with its user.
    pub fn watch(&self, reader: Reader, connection: Handle) -> Watch {
        self.watchers.add(reader, connection)
    }
}

/// Takes note of what another node says. What cannot be told is missed, and watchers recover.
fn on_topic_event(event: &TopicEvent<'_>, queue: &WeakSender<Task>, watchers: &Watchers) {
    if watchers.is_empty() {
        return;
    }
    let share = match event {
        TopicEvent::Message(share) => serde_json::from_slice(share).ok(),
        TopicEvent::Lost => None,
    };
    let told = share
        .zip(queue.upgrade())
        .is_some_and(|(share, queue)| queue.try_send(Task::Elsewhere(share)).is_ok());
    if !told {
        watchers.recover();
    }
}
