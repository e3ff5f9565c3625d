//! Determines the receivers of a change, and publishes it to them.

use super::{
    Change, LostSight, Shared, SharingChange, Task,
    audience::{Audience, audiences},
    overflow::{Overflow, Overflowed},
};
use crate::{
    clock,
    service::{
        delivery::{self, SharedMessage},
        friends::{RelationshipCache, Relationships},
        sharing::ResourceKind,
        streams,
        timers::event_log,
    },
    store::{
        Store, StoreError,
        visibilities::{self, Visibility},
    },
};
use hub::{Hub, Message, RoomId};
use protocol::{
    friend::FriendActivity,
    id::{TimerId, UserId},
    timers::{Body, DataKind, ServerMessage, Timer, TimerAction},
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};
use tokio::sync::mpsc;
use uuid::Uuid;

/// Delay between attempts to read the event log.
const RETRY: Duration = Duration::from_secs(1);
/// Number of tasks taken from the queue at once: their settings are read by one statement.
const BATCH: usize = 256;

pub(super) struct ActivityDispatcher {
    pub store: Store,
    pub hub: Hub,
    pub relationships: RelationshipCache,
    pub overflow: Overflow,
}

impl ActivityDispatcher {
    pub(super) async fn run(self, mut waiting: mpsc::Receiver<Task>) {
        let mut tasks = Vec::with_capacity(BATCH);
        while waiting.recv_many(&mut tasks, BATCH).await > 0 {
            self.dispatch_all(tasks.drain(..)).await;
            loop {
                // The queue may still contain earlier changes of these users, but no later ones.
                let overflowed = self.overflow.users();
                if overflowed.is_empty() {
                    break;
                }
                let earlier = (0..waiting.len()).filter_map(|_| waiting.try_recv().ok());
                self.dispatch_all(earlier.collect::<Vec<_>>()).await;
                for user in overflowed {
                    self.dispatch_from_log(user).await;
                }
            }
        }
    }

    async fn dispatch_all(&self, tasks: impl IntoIterator<Item = Task>) {
        let tasks: Vec<Task> = tasks.into_iter().collect();
        let settings = self.settings(&tasks).await;
        for task in tasks {
            let dispatched = match task {
                Task::Change(change) => self.change(change, &settings).await,
                Task::Sharing(change) => self.sharing(*change).await,
                Task::Reread(settings) => self.reread(&settings).await,
                Task::Lost(lost) => self.lost(lost).await,
            };
            if let Err(error) = dispatched {
                tracing::error!(%error, "a change was not sent to other users");
            }
        }
    }

    /// The current visibility of the changed timers.
    async fn settings(&self, tasks: &[Task]) -> HashMap<Uuid, Visibility> {
        let shared = tasks.iter().filter_map(|task| match task {
            Task::Change(change) => match &change.shared {
                Some(Shared::Changed(timer, _)) => Some(timer.id.0),
                _ => None,
            },
            _ => None,
        });
        let ids = Vec::from_iter(shared.collect::<HashSet<Uuid>>());
        if ids.is_empty() {
            return HashMap::new();
        }
        let read = self
            .store
            .query(async |conn| visibilities::find_all(conn, ResourceKind::Timer, &ids).await);
        match read.await {
            Ok(settings) => settings,
            Err(error) => {
                tracing::error!(%error, "changes of shared timers were not sent to other users");
                HashMap::new()
            }
        }
    }

    /// Publishes the changes that did not fit into the queue; retries until the log can be read.
    async fn dispatch_from_log(&self, user: UserId) {
        while let Some(overflowed) = self.overflow.take(&user) {
            let before = overflowed.numbers.start().saturating_sub(1);
            let read = self
                .store
                .read(async |conn| event_log::since(conn, &user, before).await)
                .await;
            match read {
                Ok(Some(events)) => self.dispatch_events(events, overflowed).await,
                // The log keeps events for a day at least.
                Ok(None) => tracing::error!(%user, "the event log lacks changes that other users were to receive"),
                Err(error) => {
                    tracing::warn!(%error, "the event log cannot be read; trying again");
                    self.overflow.put_back(user.clone(), overflowed);
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    }

    async fn dispatch_events(&self, events: Vec<ServerMessage>, mut overflowed: Overflowed) {
        let changes = events.into_iter().filter_map(|event| {
            let seq = event.seq.filter(|seq| overflowed.numbers.contains(seq))?;
            match event.body {
                Body::Timer { timer, action } => Some(Task::Change(Change::changed(&timer, action, true))),
                _ => overflowed.deletions.remove(&seq).map(Task::Change),
            }
        });
        let changes: Vec<Task> = changes.collect();
        self.dispatch_all(changes).await;
    }

    async fn change(&self, mut change: Change, settings: &HashMap<Uuid, Visibility>) -> Result<(), StoreError> {
        let relationships = self.relationships.get(&change.user).await?;
        match change.shared.take() {
            Some(Shared::Changed(timer, action)) => {
                let setting = settings.get(&timer.id.0).filter(|setting| setting.owner == change.user);
                let audiences = setting.map_or_else(Vec::new, |setting| audiences(setting, &relationships));
                self.publish_timer(&audiences, &timer, action);
                self.publish_hint(&audiences);
            }
            Some(Shared::Deleted(setting)) => {
                let audiences = audiences(&setting, &relationships);
                self.publish_deleted(&audiences, change.timer_id, &change.user);
                self.publish_hint(&audiences);
            }
            None => {}
        }
        // Last: tests use its arrival as a barrier.
        if let Some(message) = activity(&relationships, &change) {
            delivery::publish_to_each(&self.hub, relationships.friends(), message);
        }
        Ok(())
    }

    /// Sends the deletion of the timer to users who lost access, and the timer to users who have access.
    async fn sharing(&self, change: SharingChange) -> Result<(), StoreError> {
        let SharingChange { timer, before, after } = change;
        let relationships = self.relationships.get(&timer.owner_id).await?;
        let of = |setting: Option<Visibility>| setting.map_or_else(Vec::new, |s| audiences(&s, &relationships));
        let (mut before, after) = (of(before), of(after));
        let kept: HashSet<&RoomId> = after.iter().flat_map(|audience| &audience.rooms).collect();
        for audience in &mut before {
            audience.rooms.retain(|room| !kept.contains(room));
        }
        self.publish_deleted(&before, timer.id, &timer.owner_id);
        self.publish_timer(&after, &timer, TimerAction::Sync);
        self.publish_hint(before.iter().chain(&after));
        Ok(())
    }

    /// Tells the readers of changed schedules and todos to read again, once each.
    async fn reread(&self, settings: &[Visibility]) -> Result<(), StoreError> {
        let mut owners: HashMap<&UserId, Vec<&Visibility>> = HashMap::new();
        for setting in settings {
            owners.entry(&setting.owner).or_default().push(setting);
        }
        for (owner, settings) in owners {
            let relationships = self.relationships.get(owner).await?;
            let all = settings.iter().flat_map(|setting| audiences(setting, &relationships));
            self.publish_hint(&all.collect::<Vec<_>>());
        }
        Ok(())
    }

    async fn lost(&self, lost: LostSight) -> Result<(), StoreError> {
        let LostSight {
            reader,
            owner,
            active,
            shared,
        } = lost;
        let relationships = self.relationships.get(&owner).await?;
        for timer_id in active {
            let change = Change {
                user: owner.clone(),
                timer_id,
                title: None,
                // The reader's pages must not show it as running any longer.
                done: Some(TimerAction::Cancel),
                shared: None,
            };
            if let Some(message) = activity(&relationships, &change) {
                delivery::publish_to_each(&self.hub, std::iter::once(&reader), message);
            }
        }
        let room = [streams::shared_with_user(&reader)];
        for timer_id in shared {
            self.publish(&room, &[], Body::TimerDeleted { timer_id }, &owner);
        }
        Ok(())
    }

    fn publish_timer(&self, audiences: &[Audience], timer: &Timer, action: TimerAction) {
        for audience in audiences {
            let visible = Timer {
                tags: audience.access.tags(&timer.tags).into_owned(),
                ..timer.clone()
            };
            let body = Body::SharedTimer {
                timer: Box::new(visible),
                action,
            };
            self.publish(&audience.rooms, &audience.except, body, &timer.owner_id);
        }
    }

    fn publish_deleted(&self, audiences: &[Audience], timer_id: TimerId, owner: &UserId) {
        for audience in audiences {
            self.publish(
                &audience.rooms,
                &audience.except,
                Body::TimerDeleted { timer_id },
                owner,
            );
        }
    }

    /// Sends `data.changed` to the audiences of one owner, except strangers who read what is public.
    fn publish_hint<'a>(&self, audiences: impl IntoIterator<Item = &'a Audience>) {
        let (mut rooms, mut except) = (HashSet::new(), HashSet::new());
        for audience in audiences {
            let hints: Vec<RoomId> = audience.rooms.iter().filter_map(streams::hints_beside).collect();
            if !hints.is_empty() {
                rooms.extend(hints);
                except.extend(audience.except.iter().cloned());
            }
        }
        delivery::publish_hint(&self.hub, &rooms, [DataKind::Sharing], except.into_iter().collect());
    }

    fn publish(&self, rooms: &[RoomId], except: &[UserId], body: Body, owner: &UserId) {
        let message = SharedMessage {
            message: ServerMessage {
                from_user: Some(owner.clone()),
                ..ServerMessage::new(body, clock::now())
            },
            except: except.to_vec(),
        };
        let message = Arc::new(Message::new(message));
        for room in rooms {
            self.hub.to_room(room, &message, None);
        }
    }
}

/// The message to friends, if any.
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
