//! Decides who receives a change, and publishes it to them.

use super::{Change, Share, Shared, TOPIC, Task, overflow::Overflow, watchers::Watchers};
use crate::{
    clock,
    service::{
        delivery::{self, TimerMessage},
        friends::{RelationshipCache, Relationships},
        sharing::{self, ResourceKind},
        timers::event_log,
    },
    store::{Conn, Store, StoreError, visibilities},
};
use hub::{Hub, Message};
use protocol::{
    friend::FriendActivity,
    id::UserId,
    timers::{Body, ServerMessage, TimerAction},
};
use std::{sync::Arc, time::Duration};
use tokio::sync::mpsc;

pub(super) struct ActivityDispatcher {
    pub store: Store,
    pub hub: Hub,
    pub relationships: RelationshipCache,
    pub watchers: Watchers,
    pub overflow: Overflow,
}

/// Time between two attempts to read the event log.
const RETRY: Duration = Duration::from_secs(1);

impl ActivityDispatcher {
    pub(super) async fn run(self, mut waiting: mpsc::Receiver<Task>) {
        while let Some(task) = waiting.recv().await {
            self.dispatch(task).await;
            loop {
                // The earlier changes of these users may be in the queue still, later ones are not.
                let overflowed = self.overflow.users();
                if overflowed.is_empty() {
                    break;
                }
                for _ in 0..waiting.len() {
                    if let Ok(task) = waiting.try_recv() {
                        self.dispatch(task).await;
                    }
                }
                for user in overflowed {
                    self.dispatch_from_log(user).await;
                }
            }
        }
    }

    async fn dispatch(&self, task: Task) {
        let dispatched = match task {
            Task::Change(change) => self.publish(change).await,
            Task::Elsewhere(share) => self.share(&share).await,
        };
        if let Err(error) = dispatched {
            tracing::error!(%error, "a change was not sent to other users");
        }
    }

    /// Publishes what the queue had no room for; tries until the log can be read.
    async fn dispatch_from_log(&self, user: UserId) {
        while let Some(numbers) = self.overflow.take(&user) {
            let before = numbers.start().saturating_sub(1);
            let read = self
                .store
                .read(async |conn| event_log::since(conn, &user, before).await)
                .await;
            match read {
                Ok(events) => {
                    // Without the log, the watchers read again what they see.
                    let Some(events) = events else {
                        return self.recover_watchers();
                    };
                    for event in events.into_iter().filter(|event| event.seq <= Some(*numbers.end())) {
                        self.dispatch_event(&user, event.body).await;
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "the event log cannot be read; trying again");
                    self.overflow.put_back(user.clone(), numbers);
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    }

    async fn dispatch_event(&self, user: &UserId, body: Body) {
        let change = match body {
            Body::Timer { timer, action } => Change::changed(&timer, action, true),
            Body::TimerDeleted { timer_id } => {
                // The setting of who could see it went with it.
                self.recover_watchers();
                Change {
                    user: user.clone(),
                    timer_id,
                    title: None,
                    done: Some(TimerAction::Cancel),
                    shared: None,
                }
            }
            _ => return,
        };
        self.dispatch(Task::Change(change)).await;
    }

    /// Lets the connections that want shared timers read them again, on all nodes.
    fn recover_watchers(&self) {
        self.watchers.recover();
        // Other nodes take what they cannot read for a loss.
        self.hub.publish_topic(TOPIC, Vec::new);
    }

    async fn publish(&self, mut change: Change) -> Result<(), StoreError> {
        let shared = match change.shared.take() {
            Some(shared) => {
                let share = Share {
                    owner: change.user.clone(),
                    timer_id: change.timer_id,
                    shared,
                };
                // It is serializable; an empty text, which cannot be, would be taken for a loss.
                self.hub
                    .publish_topic(TOPIC, || serde_json::to_vec(&share).unwrap_or_default());
                self.share(&share).await
            }
            None => Ok(()),
        };
        // Last: tests use its arrival as a barrier.
        let relationships = self.relationships.get(&change.user).await?;
        if let Some(message) = activity(&relationships, &change) {
            delivery::publish_to_each(&self.hub, relationships.friends(), message);
        }
        shared
    }

    /// Sends what became of a timer to those connections of this node whose users may see it.
    async fn share(&self, share: &Share) -> Result<(), StoreError> {
        if self.watchers.is_empty() {
            return Ok(());
        }
        let (owner, timer_id) = (&share.owner, share.timer_id);
        let (setting, body) = match &share.shared {
            Shared::Changed(timer, action) => {
                let read = async |conn: &mut Conn| visibilities::find(conn, ResourceKind::Timer, timer_id.0).await;
                let body = Body::SharedTimer {
                    timer: timer.clone(),
                    action: *action,
                };
                (self.store.query(read).await?, body)
            }
            Shared::Gone(setting) => (Some(setting.clone()), Body::TimerDeleted { timer_id }),
        };
        let Some(setting) = setting.filter(|setting| setting.owner == *owner) else {
            return Ok(());
        };
        let relationships = self.relationships.get(owner).await?;
        let message = ServerMessage {
            from_user: Some(owner.clone()),
            ..ServerMessage::new(body, clock::now())
        };
        self.watchers
            .send(&Arc::new(Message::new(TimerMessage(message))), |reader| {
                let relation = relationships.relation(&reader.user);
                let listed = setting.lists(reader);
                sharing::access(reader.user == *owner, Some(setting.level), relation, listed).is_shared()
            });
        Ok(())
    }
}

/// What friends are sent, if anything.
fn activity(relationships: &Relationships, change: &Change) -> Option<ServerMessage> {
    let action = change.done.filter(|_| relationships.shows != FriendActivity::Nothing)?;
    let body = Body::FriendActivity {
        friend_id: change.user.clone(),
        display_name: relationships.display_name.clone(),
        action,
        timer_id: change.timer_id,
        timer_title: change
            .title
            .clone()
            .filter(|_| relationships.shows == FriendActivity::Titles),
    };
    Some(ServerMessage {
        from_user: Some(change.user.clone()),
        ..ServerMessage::new(body, clock::now())
    })
}
