//! Visibility settings of resources (contract, REST 11.1 and 11.2).

use super::{
    effects::{Effects, EventPublisher},
    friends::SharingChange,
    notifications,
    quotas::QuotaExceeded,
    sharing::{Level, Relation, ResourceKind},
    timers::tags,
};
use crate::{
    clock,
    store::{
        Conn, Store, StoreError, friendships, resources, timers,
        visibilities::{self, Entry, EntryKind, SharedItems, Visibility},
    },
};
use futures_util::FutureExt;
use protocol::{
    id::{TimerId, UserId},
    time::Timestamp,
    timers::{DataKind, Timer},
};
use std::collections::HashMap;
use thiserror::Error;
use uuid::Uuid;

/// The use cases of visibility.
#[derive(Clone)]
pub struct Visibilities {
    store: Store,
    publisher: EventPublisher,
}

/// A resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resource {
    pub kind: ResourceKind,
    pub id: Uuid,
}

/// Why a setting was not read or stored. Nothing was changed.
#[derive(Debug, Error)]
pub enum VisibilityError {
    /// There is no such resource of this kind.
    #[error("{} not found", capitalized(*.0))]
    ResourceNotFound(ResourceKind),
    /// It belongs to another user.
    #[error("Only the owner decides who may see this")]
    NotOwner,
    /// It was never set.
    #[error("Visibility not found: it was never set, so only the owner sees this")]
    NotSet,
    /// A user on the list of a level for friends is not a friend.
    #[error("You can share with friends only; {0} is none of yours")]
    NotFriend(UserId),
    /// The lists of the user's settings have too many entries.
    #[error(transparent)]
    Quota(#[from] QuotaExceeded),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn capitalized(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Schedule => "Schedule",
        ResourceKind::Timer => "Timer",
        ResourceKind::Todo => "Todo",
    }
}

impl Visibilities {
    pub fn new(store: Store, publisher: EventPublisher) -> Self {
        Self { store, publisher }
    }

    /// Sets the visibility of a resource. Lists that the level does not use are dropped.
    ///
    /// # Errors
    /// [`VisibilityError`].
    pub async fn put(
        &self,
        user: &UserId,
        resource: Resource,
        level: Level,
        entries: Vec<Entry>,
    ) -> Result<Visibility, VisibilityError> {
        let (caller, now, quotas) = (user.clone(), clock::now(), self.store.quotas());
        let entries: Vec<Entry> = entries.into_iter().filter(|entry| belongs(entry.kind, level)).collect();
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    owned(conn, &caller, resource).await?;
                    if level == Level::Selected {
                        all_friends(conn, &caller, &entries).await?;
                    }
                    let previous = Previous::of(conn, resource).await?;
                    let new = Visibility {
                        id: Uuid::now_v7(),
                        resource: resource.kind,
                        resource_id: resource.id,
                        owner: caller.clone(),
                        level,
                        entries,
                        created_at: now,
                        updated_at: now,
                    };
                    if new.entries.is_empty() {
                        let set = visibilities::put(conn, &new).await?;
                        return Ok(previous.effects(conn, &caller, Some(set.clone()), now).await?.with(set));
                    }
                    let before = visibilities::count_entries(conn, &new.owner).await?;
                    let set = visibilities::put(conn, &new).await?;
                    let after = visibilities::count_entries(conn, &new.owner).await?;
                    let (name, what) = ("QUOTA_VISIBILITY_ENTRIES", "entries on the lists of who may see what");
                    QuotaExceeded::check(name, what, quotas.visibility_entries, before, after)?;
                    Ok(previous.effects(conn, &caller, Some(set.clone()), now).await?.with(set))
                }
                .boxed()
            })
            .await
    }

    /// The setting.
    ///
    /// # Errors
    /// [`VisibilityError`].
    pub async fn get(&self, user: &UserId, resource: Resource) -> Result<Visibility, VisibilityError> {
        self.store
            .read_for(user, async |conn| {
                owned(conn, user, resource).await?;
                let found = visibilities::find(conn, resource.kind, resource.id).await?;
                found.ok_or(VisibilityError::NotSet)
            })
            .await
    }

    /// What a user shares with all friends, and with each of some friends by name. Two statements.
    ///
    /// What is shared with addresses is left out: it would reveal which friend has which address.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn shared_with(
        &self,
        user: &UserId,
        friends: &[UserId],
    ) -> Result<(SharedItems, HashMap<UserId, SharedItems>), StoreError> {
        self.store
            .read_for(user, async |conn| {
                let all = visibilities::shared_with_friends(conn, user).await?;
                let each = visibilities::shared_with_each(conn, user, friends).await?;
                Ok((all, each))
            })
            .await
    }

    /// Makes a resource private again, also if nothing was set.
    ///
    /// # Errors
    /// [`VisibilityError`].
    pub async fn delete(&self, user: &UserId, resource: Resource) -> Result<(), VisibilityError> {
        let (caller, now) = (user.clone(), clock::now());
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    owned(conn, &caller, resource).await?;
                    let previous = Previous::of(conn, resource).await?;
                    visibilities::delete(conn, resource.kind, &[resource.id]).await?;
                    Ok(previous.effects(conn, &caller, None, now).await?)
                }
                .boxed()
            })
            .await
    }
}

/// The visibility of a resource before a change.
struct Previous {
    resource: Resource,
    /// The timer, if it is one: readers receive it. Of other kinds they are told to read again.
    timer: Option<Timer>,
    setting: Option<Visibility>,
}

impl Previous {
    async fn of(conn: &mut Conn, resource: Resource) -> Result<Self, StoreError> {
        let mut timer = match resource.kind {
            ResourceKind::Timer => timers::find(conn, TimerId(resource.id)).await?,
            ResourceKind::Schedule | ResourceKind::Todo => None,
        };
        tags::add_own(conn, &mut timer).await?;
        let setting = visibilities::find(conn, resource.kind, resource.id).await?;
        Ok(Self {
            resource,
            timer,
            setting,
        })
    }

    /// Tells those whom it concerns, in the transaction of the change.
    async fn effects(
        self,
        conn: &mut Conn,
        owner: &UserId,
        after: Option<Visibility>,
        now: Timestamp,
    ) -> Result<Effects<()>, StoreError> {
        let before = self.setting;
        if before.is_none() && after.is_none() {
            return Ok(Effects::none(()));
        }
        let kind = match self.resource.kind {
            ResourceKind::Schedule => DataKind::Schedules,
            ResourceKind::Timer => DataKind::Timers,
            ResourceKind::Todo => DataKind::Todos,
        };
        let told = notifications::sharing_changed(conn, before.as_ref(), after.as_ref(), now).await?;
        let effects = told.changing(owner, &[kind, DataKind::Sharing]);
        Ok(match self.timer {
            Some(timer) => Effects {
                sharing: vec![SharingChange { timer, before, after }],
                ..effects
            },
            None => effects.rereading(before.into_iter().chain(after)),
        })
    }
}

fn belongs(kind: EntryKind, level: Level) -> bool {
    match kind {
        EntryKind::User => level == Level::Selected,
        EntryKind::Email | EntryKind::Domain => level == Level::AllowedEmails,
    }
}

/// Checks first that the resource exists, then its owner.
async fn owned(conn: &mut Conn, user: &UserId, resource: Resource) -> Result<(), VisibilityError> {
    match resources::owner(conn, resource.kind, resource.id).await? {
        None => Err(VisibilityError::ResourceNotFound(resource.kind)),
        Some(owner) if owner == *user => Ok(()),
        Some(_) => Err(VisibilityError::NotOwner),
    }
}

async fn all_friends(conn: &mut Conn, user: &UserId, entries: &[Entry]) -> Result<(), VisibilityError> {
    let records = friendships::accepted(conn, user).await?;
    let known: HashMap<&UserId, Relation> = records
        .iter()
        .map(|record| (record.other(user), record.relation()))
        .collect();
    let listed = entries.iter().map(|entry| UserId(entry.value.clone()));
    for other in listed {
        if known.get(&other) != Some(&Relation::Friends) {
            return Err(VisibilityError::NotFriend(other));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
