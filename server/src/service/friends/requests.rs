//! Friend requests (contract, REST 10.1).

use super::{FriendError, Friends};
use crate::{
    clock,
    config::QuotasConfig,
    paging::{Page, PageRequest, Room, TimeKey},
    service::{
        effects::Effects,
        notifications::{settle, tell, withdraw},
        quotas::QuotaExceeded,
    },
    store::{
        Conn, StoreError, blocks,
        friendships::{self, Friendship, FriendshipStatus, WithProfile},
        notifications::Cause,
        users,
    },
};
use futures_util::FutureExt;
use protocol::{id::UserId, notification::NotificationKind, time::Timestamp, timers::DataKind};
use uuid::Uuid;

/// The user to whom a request is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestTarget {
    /// The user with this code.
    Code(String),
    /// The user with this verified address, in lower case; whether there is one is not revealed.
    Email(String),
}

impl Friends {
    /// Sends a request. By code the result is the record; by address it is empty, whatever happened.
    ///
    /// # Errors
    /// [`FriendError`]; by address only database errors.
    pub async fn request(&self, user: &UserId, target: RequestTarget) -> Result<Option<Friendship>, FriendError> {
        let (caller, now, quotas) = (user.clone(), clock::now(), self.store.quotas());
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    match target {
                        RequestTarget::Code(code) => {
                            let other = users::with_code(conn, &code).await?.ok_or(FriendError::CodeNotFound)?;
                            let asked = ask(conn, quotas, caller, other, now).await?;
                            let told = tell(conn, cause_of(&asked), now).await?;
                            Ok(requests_changed(&asked).and(told).with(Some(asked)))
                        }
                        RequestTarget::Email(email) => {
                            let requested = match users::with_email(conn, &email).await? {
                                Some(other) => ask(conn, quotas, caller.clone(), other, now).await,
                                None => Err(FriendError::NotFound),
                            };
                            match requested {
                                Ok(asked) => {
                                    let told = tell(conn, cause_of(&asked), now).await?;
                                    Ok(requests_changed(&asked).and(told).with(None))
                                }
                                Err(error @ FriendError::Store(_)) => Err(error),
                                // The reason would reveal that the address has an account, and so would silence.
                                Err(_) => {
                                    write_without_effect(conn, caller.clone(), now).await?;
                                    Ok(Effects::none(None).changing(&caller, &[DataKind::Friends]))
                                }
                            }
                        }
                    }
                }
                .boxed()
            })
            .await
    }

    /// A page of the requests that the user has to answer, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn received(&self, user: &UserId, page: &PageRequest<TimeKey>) -> Result<Page<WithProfile>, StoreError> {
        let read =
            async |conn: &mut Conn, room: &mut Room| friendships::received(conn, user, page.after.as_ref(), room).await;
        self.store.page(user, page, read).await
    }

    /// A page of the user's unanswered requests, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sent(&self, user: &UserId, page: &PageRequest<TimeKey>) -> Result<Page<WithProfile>, StoreError> {
        let read =
            async |conn: &mut Conn, room: &mut Room| friendships::sent(conn, user, page.after.as_ref(), room).await;
        self.store.page(user, page, read).await
    }

    /// Accepts a request: the two become friends.
    ///
    /// # Errors
    /// [`FriendError`].
    pub async fn accept(&self, user: &UserId, id: Uuid) -> Result<Friendship, FriendError> {
        let (caller, now) = (user.clone(), clock::now());
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    let record = pending(conn, id, |record| record.addressee == caller).await?;
                    let accepted = Friendship {
                        status: FriendshipStatus::Accepted,
                        updated_at: now.max(record.updated_at),
                        ..record
                    };
                    friendships::update(conn, &accepted).await?;
                    let effects = Effects::invalidating(accepted.both());
                    let effects = effects.changing_each(&accepted.both(), &[DataKind::Friends, DataKind::Sharing]);
                    let settled = settle(conn, cause_of(&accepted), now).await?;
                    let answer = Cause {
                        user: &accepted.requester,
                        kind: NotificationKind::FriendAccepted,
                        actor: &accepted.addressee,
                    };
                    let told = tell(conn, answer, now).await?;
                    Ok::<_, FriendError>(effects.and(settled).and(told).with(accepted))
                }
                .boxed()
            })
            .await
    }

    /// Rejects a request: the record is deleted.
    ///
    /// # Errors
    /// [`FriendError`].
    pub async fn reject(&self, user: &UserId, id: Uuid) -> Result<(), FriendError> {
        let (caller, now) = (user.clone(), clock::now());
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    let record = pending(conn, id, |record| record.addressee == caller).await?;
                    friendships::delete(conn, id).await?;
                    Ok(requests_changed(&record).and(settle(conn, cause_of(&record), now).await?))
                }
                .boxed()
            })
            .await
    }

    /// Cancels a request: the record is deleted.
    ///
    /// # Errors
    /// [`FriendError`].
    pub async fn cancel(&self, user: &UserId, id: Uuid) -> Result<(), FriendError> {
        let caller = user.clone();
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    let record = pending(conn, id, |record| record.requester == caller).await?;
                    friendships::delete(conn, id).await?;
                    Ok(requests_changed(&record).and(withdraw(conn, cause_of(&record)).await?))
                }
                .boxed()
            })
            .await
    }
}

/// Both users see the request in their lists.
fn requests_changed(record: &Friendship) -> Effects<()> {
    Effects::none(()).changing_each(&record.both(), &[DataKind::Friends])
}

/// What the addressee of a request is told.
fn cause_of(request: &Friendship) -> Cause<'_> {
    Cause {
        user: &request.addressee,
        kind: NotificationKind::FriendRequest,
        actor: &request.requester,
    }
}

async fn ask(
    conn: &mut Conn,
    quotas: QuotasConfig,
    user: UserId,
    other: UserId,
    now: Timestamp,
) -> Result<Friendship, FriendError> {
    if user == other {
        return Err(FriendError::FriendSelf);
    }
    if let Some(record) = friendships::between(conn, &user, &other).await? {
        return Err(match record.status {
            FriendshipStatus::Pending => FriendError::AlreadyAsked,
            FriendshipStatus::Accepted => FriendError::AlreadyFriends,
        });
    }
    for (blocker, blocked) in [(&user, &other), (&other, &user)] {
        if blocks::find(conn, blocker, blocked).await?.is_some() {
            return Err(FriendError::Blocked);
        }
    }
    let sent = friendships::pending(conn, &user).await?.sent;
    let (name, what, limit) = (
        "QUOTA_FRIEND_REQUESTS",
        "friend requests that wait",
        quotas.friend_requests,
    );
    QuotaExceeded::check(name, what, limit, sent, sent + 1)?;
    if friendships::pending(conn, &other).await?.received >= limit {
        return Err(FriendError::InboxFull);
    }
    let new = Friendship {
        id: Uuid::now_v7(),
        requester: user,
        addressee: other,
        status: FriendshipStatus::Pending,
        created_at: now,
        updated_at: now,
    };
    friendships::insert(conn, &new).await?;
    Ok(new)
}

/// Takes as long as storing a request, by committing a write that leaves nothing behind. Otherwise the time of the
/// answer would reveal whether an address has an account: a median of 13 ms against 3 ms.
async fn write_without_effect(conn: &mut Conn, user: UserId, now: Timestamp) -> Result<(), StoreError> {
    let id = Uuid::now_v7();
    let decoy = Friendship {
        id,
        requester: user,
        addressee: UserId(id.to_string()),
        status: FriendshipStatus::Pending,
        created_at: now,
        updated_at: now,
    };
    friendships::insert(conn, &decoy).await?;
    // It would be the caller's own: an unknown user cannot be told anything.
    let cause = Cause {
        user: &decoy.requester,
        kind: NotificationKind::FriendRequest,
        actor: &decoy.addressee,
    };
    tell(conn, cause, now).await?;
    withdraw(conn, cause).await?;
    friendships::delete(conn, id).await
}

/// A pending request, in which the caller must be the user that `is_due` selects. Checked in this order: existence,
/// user, status.
async fn pending(
    conn: &mut Conn,
    id: Uuid,
    is_due: impl FnOnce(&Friendship) -> bool,
) -> Result<Friendship, FriendError> {
    let record = friendships::find(conn, id).await?.ok_or(FriendError::NotFound)?;
    if !is_due(&record) {
        return Err(FriendError::NotRecipient);
    }
    if record.status != FriendshipStatus::Pending {
        return Err(FriendError::NotPending);
    }
    Ok(record)
}
