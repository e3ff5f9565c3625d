//! Decides who hears what, and tells them.

use super::{Change, Share, Shared, TOPIC, Task, watchers::Watchers};
use crate::{
    clock,
    service::{
        delivery::{self, TimerMessage},
        friends::{RelationshipCache, Relationships},
        sharing::{self, ResourceKind},
    },
    store::{Conn, Store, StoreError, visibilities},
};
use hub::{Hub, Message};
use protocol::{
    friend::FriendActivity,
    timers::{Body, ServerMessage},
};
use std::sync::Arc;
use tokio::sync::mpsc;

pub(super) struct ActivityDispatcher {
    pub store: Store,
    pub hub: Hub,
    pub relationships: RelationshipCache,
    pub watchers: Watchers,
}

impl ActivityDispatcher {
    pub(super) async fn run(self, mut waiting: mpsc::Receiver<Task>) {
        while let Some(task) = waiting.recv().await {
            let told = match task {
                Task::Change(change) => self.tell(change).await,
                Task::Elsewhere(share) => self.share(&share).await,
            };
            if let Err(error) = told {
                tracing::error!(%error, "others miss what was done");
            }
        }
    }

    async fn tell(&self, mut change: Change) -> Result<(), StoreError> {
        let shared = match change.shared.take() {
            Some(shared) => {
                let share = Share {
                    owner: change.user.clone(),
                    timer_id: change.timer_id,
                    shared,
                };
                // All of it is JSON's; an empty text, which cannot be, would be told as lost.
                self.hub
                    .publish_topic(TOPIC, || serde_json::to_vec(&share).unwrap_or_default());
                self.share(&share).await
            }
            None => Ok(()),
        };
        // Last, so that who hears of a change knows that it was told to all.
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

/// What friends are told, if anything.
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
