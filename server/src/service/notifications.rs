//! Notifications: what a user is told about (contract, events WebSocket "Notifications"). They are stored in the
//! transaction of what causes them, and the user's pages are told to read them again.

use super::effects::{Effects, EventPublisher};
use crate::{
    clock,
    paging::{Page, PageRequest, Room},
    store::{
        Conn, Store, StoreError, blocks, friendships,
        notifications::{self, Cause, NewNotification},
        users,
        visibilities::{Entry, EntryKind, Visibility},
    },
};
use futures_util::FutureExt;
use protocol::{
    id::{NotificationId, UserId},
    notification::{EntityType, Notification, NotificationKind, NotificationSettings},
    rest::NewNotificationSettings,
    sharing::Level,
    time::Timestamp,
    timers::DataKind,
};
use std::collections::HashSet;
use thiserror::Error;
use uuid::Uuid;

/// Why a notification was not changed.
#[derive(Debug, Error)]
pub enum NotificationError {
    /// It does not exist, or belongs to another user.
    #[error("Notification not found")]
    NotFound,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The use cases of notifications.
#[derive(Clone)]
pub struct Notifications {
    store: Store,
    publisher: EventPublisher,
}

impl Notifications {
    pub fn new(store: Store, publisher: EventPublisher) -> Self {
        Self { store, publisher }
    }

    /// A page of a user's notifications, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list(
        &self,
        user: &UserId,
        is_unread: bool,
        page: &PageRequest<NotificationId>,
    ) -> Result<Page<Notification>, StoreError> {
        let read = async |conn: &mut Conn, room: &mut Room| {
            notifications::list(conn, user, is_unread, page.after.as_ref(), room).await
        };
        self.store.page(user, page, read).await
    }

    /// The number of a user's unread notifications.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn unread(&self, user: &UserId) -> Result<u64, StoreError> {
        self.store
            .query_for(user, async |conn| notifications::unread(conn, user).await)
            .await
    }

    /// Marks one as read, on all of the user's devices; returns it.
    ///
    /// # Errors
    /// [`NotificationError`].
    pub async fn read(&self, user: UserId, id: NotificationId) -> Result<Notification, NotificationError> {
        let now = clock::now();
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    let found = notifications::find(conn, &user, id).await?;
                    let found = found.ok_or(NotificationError::NotFound)?;
                    if found.read_at.is_some() {
                        return Ok(Effects::none(found));
                    }
                    notifications::read(conn, id, now).await?;
                    let read = Notification {
                        read_at: Some(now),
                        ..found
                    };
                    Ok(Effects::none(read).changing(&user, &[DataKind::Notifications]))
                }
                .boxed()
            })
            .await
    }

    /// Marks all as read, on all of the user's devices.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn read_all(&self, user: UserId) -> Result<(), StoreError> {
        let now = clock::now();
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    let read = notifications::read_all(conn, &user, now).await?;
                    Ok(changed(&user, read))
                }
                .boxed()
            })
            .await
    }

    /// The kinds that a user is told about.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn settings(&self, user: &UserId) -> Result<NotificationSettings, StoreError> {
        self.store
            .query_for(user, async |conn| notifications::settings(conn, user).await)
            .await
    }

    /// Changes the kinds that a user is told about; returns all of them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_settings(
        &self,
        user: UserId,
        new: NewNotificationSettings,
    ) -> Result<NotificationSettings, StoreError> {
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    let before = notifications::settings(conn, &user).await?;
                    let after = new.apply(before);
                    if after == before {
                        return Ok(Effects::none(after));
                    }
                    notifications::put_settings(conn, &user, &after).await?;
                    Ok(Effects::none(after).changing(&user, &[DataKind::Preferences]))
                }
                .boxed()
            })
            .await
    }
}

/// The user's notifications changed, if any did.
fn changed(user: &UserId, count: u64) -> Effects<()> {
    match count {
        0 => Effects::none(()),
        _ => Effects::none(()).changing(user, &[DataKind::Notifications]),
    }
}

/// Tells a user of a request or an answer of another, in the transaction of it.
///
/// # Errors
/// [`StoreError`].
pub async fn tell(conn: &mut Conn, cause: Cause<'_>, now: Timestamp) -> Result<Effects<()>, StoreError> {
    let new = NewNotification {
        id: NotificationId(Uuid::now_v7()),
        user: cause.user.clone(),
        kind: cause.kind,
        actor: cause.actor.clone(),
        entity_type: EntityType::User,
        entity_id: cause.actor.to_string(),
        created_at: now,
    };
    let told = notifications::insert(conn, vec![new]).await?;
    Ok(Effects::none(()).changing_each(&told, &[DataKind::Notifications]))
}

/// The user has done what a notification asked for: it counts as read.
///
/// # Errors
/// [`StoreError`].
pub async fn settle(conn: &mut Conn, cause: Cause<'_>, now: Timestamp) -> Result<Effects<()>, StoreError> {
    Ok(changed(cause.user, notifications::settle(conn, cause, now).await?))
}

/// What a notification says does not hold any more: it is deleted if it is unread.
///
/// # Errors
/// [`StoreError`].
pub async fn withdraw(conn: &mut Conn, cause: Cause<'_>) -> Result<Effects<()>, StoreError> {
    Ok(changed(cause.user, notifications::withdraw(conn, cause).await?))
}

/// Tells those who were added to the list of a visibility setting, and takes back what those who were removed have not
/// read. A setting for all friends, for domains or for everyone names nobody, so nobody is told.
///
/// # Errors
/// [`StoreError`].
pub async fn sharing_changed(
    conn: &mut Conn,
    before: Option<&Visibility>,
    after: Option<&Visibility>,
    now: Timestamp,
) -> Result<Effects<()>, StoreError> {
    let Some(setting) = after.or(before) else {
        return Ok(Effects::none(()));
    };
    let listed_before = listed(conn, before).await?;
    let listed_after = listed(conn, after).await?;
    let removed: Vec<UserId> = match after.is_some_and(reaches_unlisted) {
        true => Vec::new(),
        false => listed_before.difference(&listed_after).cloned().collect(),
    };
    let withdrawn = notifications::withdraw_shared(conn, &removed, setting.resource_id).await?;
    let mut added: HashSet<UserId> = listed_after.difference(&listed_before).cloned().collect();
    match before.map(|before| before.level) {
        Some(Level::Public) => added.clear(),
        Some(Level::Friends) => {
            for record in friendships::accepted(conn, &setting.owner).await? {
                added.remove(record.other(&setting.owner));
            }
        }
        _ => {}
    }
    let new = added.into_iter().map(|user| NewNotification {
        id: NotificationId(Uuid::now_v7()),
        user,
        kind: NotificationKind::Shared,
        actor: setting.owner.clone(),
        entity_type: setting.resource.into(),
        entity_id: setting.resource_id.to_string(),
        created_at: now,
    });
    let told = notifications::insert(conn, new.collect()).await?;
    let kinds = &[DataKind::Notifications];
    Ok(Effects::none(())
        .changing_each(&told, kinds)
        .changing_each(&withdrawn, kinds))
}

/// Whether users may see something whom its setting does not list by name or address.
fn reaches_unlisted(setting: &Visibility) -> bool {
    let has_domains = setting.entries.iter().any(|entry| entry.kind == EntryKind::Domain);
    has_domains || [Level::Friends, Level::Public].contains(&setting.level)
}

/// The users whom a setting lists by name or address, without its owner and those with a block.
async fn listed(conn: &mut Conn, setting: Option<&Visibility>) -> Result<HashSet<UserId>, StoreError> {
    let Some(setting) = setting else {
        return Ok(HashSet::new());
    };
    let of = |kind: EntryKind| move |entry: &&Entry| entry.kind == kind;
    let by_name = setting.entries.iter().filter(of(EntryKind::User));
    let mut users: HashSet<UserId> = by_name.map(|entry| UserId(entry.value.clone())).collect();
    let addresses = setting.entries.iter().filter(of(EntryKind::Email));
    let addresses: Vec<String> = addresses.map(|entry| entry.value.to_lowercase()).collect();
    if !addresses.is_empty() {
        users.extend(users::with_emails(conn, &addresses).await?);
        users.remove(&setting.owner);
        for block in blocks::of(conn, &setting.owner).await? {
            users.retain(|user| !block.both().contains(user));
        }
    }
    Ok(users)
}
