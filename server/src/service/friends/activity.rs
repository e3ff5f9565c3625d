//! What others hear live of a user's timers: friends what is done, and those a timer is shared with the timer itself
//! (contract, WebSocket "Client to server"). None of it is an event of their logs.
//!
//! Whatever follows a commit only takes note here and never waits; one task decides and publishes, in the order of the
//! commits. It decides by the circles in memory, so that no command asks the database who is whose friend.

use super::{Circle, Circles};
use crate::{
    clock,
    hub::{Handle, Hub, Message},
    service::{
        delivery,
        sharing::{self, Reader, ResourceKind},
    },
    store::{
        Conn, Store, StoreError,
        visibilities::{self, Visibility},
    },
};
use protocol::{
    friend::FriendActivity,
    id::{TimerId, UserId},
    timer::Timer,
    wire::{Body, ServerMessage, TimerAction},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::mpsc::{self, error::TrySendError};
use uuid::Uuid;

/// The most changes that wait to be told; beyond, friends miss some, and commands do not wait.
const QUEUE: usize = 8_192;

/// Tells others of a user's timers.
#[derive(Clone)]
pub struct Activity {
    circles: Circles,
    watchers: Watchers,
    queue: mpsc::Sender<Change>,
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

enum Shared {
    /// The timer, by what was done to it.
    Changed(Box<Timer>, TimerAction),
    /// It is gone, with the setting of who could see it.
    Gone(Visibility),
}

/// The connections that want what is shared with their users.
#[derive(Clone, Default)]
struct Watchers(Arc<Mutex<HashMap<Uuid, (Reader, Handle)>>>);

/// A connection that wants what is shared with its user, until this is dropped.
pub struct Watch {
    id: Uuid,
    watchers: Watchers,
}

impl Activity {
    /// Starts the task; it ends with the last of these.
    pub fn start(store: Store, hub: Hub, circles: Circles) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let watchers = Watchers::default();
        let teller = Teller {
            store,
            hub,
            circles: circles.clone(),
            watchers: watchers.clone(),
        };
        tokio::spawn(teller.run(waiting));
        Self {
            circles,
            watchers,
            queue,
        }
    }

    /// Takes note of what a user did to a timer, once it is committed. Never waits.
    pub fn tell(&self, timer: &Timer, action: TimerAction) {
        let done = (action != TimerAction::Sync).then_some(action);
        self.note(timer, done, || Some(Shared::Changed(Box::new(timer.clone()), action)));
    }

    /// Takes note that a timer is gone, and who could see it. Never waits.
    pub fn tell_gone(&self, timer: &Timer, setting: Option<Visibility>) {
        // Friends see what runs: it must not seem to run on.
        let done = timer.status.is_active().then_some(TimerAction::Cancel);
        self.note(timer, done, || setting.map(Shared::Gone));
    }

    fn note(&self, timer: &Timer, done: Option<TimerAction>, shared: impl FnOnce() -> Option<Shared>) {
        let user = &timer.owner_id;
        let watched = !self.watchers.all().is_empty();
        let shared = if watched { shared() } else { None };
        let circle = self.circles.kept(user);
        let alone = circle.is_some_and(|circle| circle.friends().next().is_none());
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
        match self.queue.try_send(change) {
            Ok(()) | Err(TrySendError::Closed(_)) => {}
            Err(TrySendError::Full(_)) => tracing::warn!(%user, "friends miss what was done: too much waits"),
        }
    }

    /// Sends a connection what is shared with its user.
    pub fn watch(&self, reader: Reader, connection: Handle) -> Watch {
        let id = Uuid::now_v7();
        self.watchers.all().insert(id, (reader, connection));
        Watch {
            id,
            watchers: self.watchers.clone(),
        }
    }
}

impl Watchers {
    fn all(&self) -> MutexGuard<'_, HashMap<Uuid, (Reader, Handle)>> {
        // Nothing that holds the lock can leave it half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.watchers.all().remove(&self.id);
    }
}

struct Teller {
    store: Store,
    hub: Hub,
    circles: Circles,
    watchers: Watchers,
}

impl Teller {
    async fn run(self, mut waiting: mpsc::Receiver<Change>) {
        while let Some(change) = waiting.recv().await {
            if let Err(error) = self.tell(change).await {
                tracing::error!(%error, "friends miss what was done");
            }
        }
    }

    async fn tell(&self, mut change: Change) -> Result<(), StoreError> {
        let circle = self.circles.of(&change.user).await?;
        let shared = match change.shared.take() {
            Some(shared) => self.share(&circle, &change, shared).await,
            None => Ok(()),
        };
        // Last, so that who hears of a change knows that it was told to all.
        if let Some(message) = activity(&circle, &change) {
            delivery::publish_to_each(&self.hub, circle.friends(), message);
        }
        shared
    }

    /// Sends what became of a timer to those connections whose users may see it.
    async fn share(&self, circle: &Circle, change: &Change, shared: Shared) -> Result<(), StoreError> {
        let (owner, timer_id) = (&change.user, change.timer_id);
        let (setting, body) = match shared {
            Shared::Changed(timer, action) => {
                let read = async |conn: &mut Conn| visibilities::find(conn, ResourceKind::Timer, timer_id.0).await;
                (self.store.query(read).await?, Body::SharedTimer { timer, action })
            }
            Shared::Gone(setting) => (Some(setting), Body::TimerDeleted { timer_id }),
        };
        let Some(setting) = setting.filter(|setting| setting.owner == *owner) else {
            return Ok(());
        };
        let message = ServerMessage {
            from_user: Some(owner.clone()),
            ..ServerMessage::new(body, clock::now())
        };
        let message = Arc::new(Message::reply(message));
        for (reader, connection) in self.watchers.all().values() {
            let relation = circle.relation(&reader.user);
            let listed = setting.lists(reader);
            if sharing::access(reader.user == *owner, Some(setting.level), relation, listed).is_shared() {
                connection.send(message.clone());
            }
        }
        Ok(())
    }
}

/// What friends are told, if anything.
fn activity(circle: &Circle, change: &Change) -> Option<ServerMessage> {
    let action = change.done.filter(|_| circle.shows != FriendActivity::Nothing)?;
    let body = Body::FriendActivity {
        friend_id: change.user.clone(),
        display_name: circle.display_name.clone(),
        action,
        timer_id: change.timer_id,
        timer_title: change.title.clone().filter(|_| circle.shows == FriendActivity::Titles),
    };
    Some(ServerMessage {
        from_user: Some(change.user.clone()),
        ..ServerMessage::new(body, clock::now())
    })
}
