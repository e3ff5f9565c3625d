//! The effects of a change, for REST and sockets. A use case returns its [`Effects`]; [`EventPublisher`] commits the
//! change, then publishes them, and only then is the change acknowledged.

use super::delivery;
use crate::{
    service::{
        friends::{Activity, LostSight, RelationshipCache, SharingChange},
        sessions::Sessions,
        timers::event_log::TimerEvent,
    },
    store::{Conn, Store, StoreError, visibilities::Visibility},
};
use futures_util::future::BoxFuture;
use hub::{ConnectionId, Hub};
use protocol::{
    id::UserId,
    timers::{Body, DataKind, ServerMessage, Timer},
};
use uuid::Uuid;

/// The result of a use case's transaction.
#[derive(Debug)]
pub struct Effects<T> {
    /// The result for the caller.
    pub value: T,
    /// Logged events, in the order of their numbers.
    pub events: Vec<Publication>,
    /// Users whose cached relationships and profile have changed.
    pub invalidations: Vec<UserId>,
    /// Ended sessions, whose connections are closed.
    pub evictions: Vec<Uuid>,
    /// Changed visibility of timers.
    pub sharing: Vec<SharingChange>,
    /// Timers of others that users no longer see.
    pub lost: Vec<LostSight>,
    /// Changed data without an event of its own: the users' pages are told to read it again (`data.changed`).
    pub changed: Vec<(UserId, DataKind)>,
    /// Visibility of changed or deleted schedules and todos, before and after: their readers are told to read again.
    pub reread: Vec<Visibility>,
}

impl<T> Effects<T> {
    /// A result without effects on others.
    pub fn none(value: T) -> Self {
        Self {
            value,
            events: Vec::new(),
            invalidations: Vec::new(),
            evictions: Vec::new(),
            sharing: Vec::new(),
            lost: Vec::new(),
            changed: Vec::new(),
            reread: Vec::new(),
        }
    }

    /// The same effects with another result.
    pub fn with<U>(self, value: U) -> Effects<U> {
        Effects {
            value,
            events: self.events,
            invalidations: self.invalidations,
            evictions: self.evictions,
            sharing: self.sharing,
            lost: self.lost,
            changed: self.changed,
            reread: self.reread,
        }
    }

    /// The same effects, and that these kinds of a user's data changed.
    #[must_use]
    pub fn changing(mut self, user: &UserId, kinds: &[DataKind]) -> Self {
        self.changed.extend(kinds.iter().map(|kind| (user.clone(), *kind)));
        self
    }

    /// The same effects, and that the same kinds of several users' data changed.
    #[must_use]
    pub fn changing_each<'u>(self, users: impl IntoIterator<Item = &'u UserId>, kinds: &[DataKind]) -> Self {
        users
            .into_iter()
            .fold(self, |effects, user| effects.changing(user, kinds))
    }

    /// The same effects, and that schedules or todos with these visibility settings changed.
    #[must_use]
    pub fn rereading(mut self, settings: impl IntoIterator<Item = Visibility>) -> Self {
        self.reread.extend(settings);
        self
    }

    /// Both effects, with the value of this one.
    #[must_use]
    pub fn and(mut self, other: Effects<()>) -> Self {
        self.events.extend(other.events);
        self.invalidations.extend(other.invalidations);
        self.evictions.extend(other.evictions);
        self.sharing.extend(other.sharing);
        self.lost.extend(other.lost);
        self.changed.extend(other.changed);
        self.reread.extend(other.reread);
        self
    }
}

impl Effects<()> {
    /// A change of users' relationships, or of what they show to friends.
    pub fn invalidating(users: impl Into<Vec<UserId>>) -> Self {
        Self {
            invalidations: users.into(),
            ..Self::none(())
        }
    }

    /// A change that ended sessions.
    pub fn evicting(sessions: impl Into<Vec<Uuid>>) -> Self {
        Self {
            evictions: sessions.into(),
            ..Self::none(())
        }
    }

    /// The end of a friendship, or a block: changes the relationship, and what the users see of each other.
    pub fn separating(users: impl Into<Vec<UserId>>, lost: Vec<LostSight>) -> Self {
        Self {
            lost,
            ..Self::invalidating(users)
        }
    }

    /// A change with events.
    pub fn events(events: Vec<Publication>) -> Self {
        Self {
            events,
            ..Self::none(())
        }
    }
}

/// A logged event of a user's timers.
#[derive(Clone, Debug)]
pub struct Publication {
    /// The user whose log it is in.
    pub user: UserId,
    /// The event, with its number.
    pub message: ServerMessage,
    /// The connection that receives it as its reply instead.
    pub except: Option<ConnectionId>,
    /// The deleted timer and its visibility.
    pub deleted: Option<(Timer, Option<Visibility>)>,
}

impl From<TimerEvent> for Publication {
    /// For all of the user's connections.
    fn from(event: TimerEvent) -> Self {
        Self {
            user: event.user,
            message: event.message,
            except: None,
            deleted: None,
        }
    }
}

/// Commits changes and publishes their effects.
#[derive(Clone)]
pub struct EventPublisher {
    store: Store,
    hub: Hub,
    activity: Activity,
    relationships: RelationshipCache,
    sessions: Sessions,
}

impl EventPublisher {
    /// Writes to a store and publishes to the connections of a hub.
    pub fn new(
        store: Store,
        hub: Hub,
        activity: Activity,
        relationships: RelationshipCache,
        sessions: Sessions,
    ) -> Self {
        Self {
            store,
            hub,
            activity,
            relationships,
            sessions,
        }
    }

    /// Runs `work` in a transaction; once it is durable, publishes its effects, and then returns its value. Both happen
    /// even if the caller stops waiting.
    ///
    /// # Errors
    /// Those of `work`, and [`StoreError`]; then nothing was changed or published.
    pub async fn commit_and_publish<W, T, E>(&self, work: W) -> Result<T, E>
    where
        W: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<Effects<T>, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let publisher = self.clone();
        let publish = move |effects| publisher.publish(effects);
        self.store.writer().commit_then(work, publish).await
    }

    /// Publishes the effects of a committed change, on the writer, before the result is acknowledged. Never waits.
    pub fn publish<T>(&self, effects: Effects<T>) -> T {
        if !effects.invalidations.is_empty() {
            self.relationships.invalidate(&effects.invalidations);
        }
        for session in effects.evictions {
            self.sessions.end(session);
        }
        for event in &effects.events {
            delivery::publish(&self.hub, &event.user, &event.message, event.except);
            let Some(seq) = event.message.seq else { continue };
            match (&event.message.body, &event.deleted) {
                (Body::Timer { timer, action }, _) => self.activity.timer_changed(timer, *action, seq),
                (_, Some((timer, setting))) => self.activity.timer_deleted(timer, setting.clone(), seq),
                _ => {}
            }
        }
        effects
            .sharing
            .into_iter()
            .for_each(|change| self.activity.sharing_changed(change));
        effects.lost.into_iter().for_each(|lost| self.activity.sight_lost(lost));
        delivery::publish_changed(&self.hub, effects.changed);
        self.activity.shared_changed(effects.reread);
        effects.value
    }
}

#[cfg(test)]
pub mod testing {
    //! A publisher for a single node.

    use super::*;
    use crate::service::streams::{CHANGES, SHARED, SharedRooms, TIMERS, TimerStreams};
    use hub::LocalBus;

    /// A hub without peers.
    pub fn hub(store: &Store) -> Hub {
        let streams = TimerStreams { store: store.clone() };
        Hub::builder(LocalBus)
            .scope(TIMERS, streams)
            .scope(SHARED, SharedRooms)
            .scope(CHANGES, SharedRooms)
            .build()
    }

    /// A publisher to the connections of a hub.
    pub fn publisher(store: &Store, hub: &Hub) -> EventPublisher {
        let relationships = RelationshipCache::new(store.clone(), hub.clone());
        let activity = Activity::start(store.clone(), hub.clone(), relationships.clone());
        let sessions = Sessions::new(store.clone(), hub.clone());
        EventPublisher::new(store.clone(), hub.clone(), activity, relationships, sessions)
    }
}
