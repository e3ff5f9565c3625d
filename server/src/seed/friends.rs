//! Friends without accounts of their own, with timers, some of which they share; and what the user shares with them.

use super::{
    DAY_MILLIS, DAYS,
    random::Random,
    timers::{self, Links},
    words,
};
use crate::store::{
    Conn, StoreError,
    friendships::{self, Friendship, FriendshipStatus},
    users,
    visibilities::{self, Visibility},
};
use protocol::{
    id::{ScheduleId, TimerId, TodoId, UserId},
    profile::{ISSUER, Profile},
    sharing::{Level, ResourceKind},
    time::Timestamp,
};
use uuid::Uuid;

/// The number of timers of each friend.
const TIMERS: usize = 20;
/// The number of timers, todos and schedules each that the user shares, and of timers that each friend shares.
const SHARED: usize = 5;

/// Writes them.
///
/// # Errors
/// [`StoreError`].
pub async fn write(
    conn: &mut Conn,
    user: &UserId,
    count: usize,
    (timers, todos, schedules): (&[TimerId], &[TodoId], &[ScheduleId]),
    random: &mut Random,
    now: Timestamp,
) -> Result<(), StoreError> {
    for number in 0..count {
        let id = Uuid::now_v7();
        let friend = UserId(id.to_string());
        let since = now.plus_millis(-random.number(1..DAYS) * DAY_MILLIS);
        let profile = Profile {
            display_name: Some(words::person(number)),
            ..Profile::default()
        };
        users::insert(conn, &friend, (ISSUER, friend.as_str()), &profile, since).await?;
        let (requester, addressee) = match random.percent(50) {
            true => (user.clone(), friend.clone()),
            false => (friend.clone(), user.clone()),
        };
        let friendship = Friendship {
            id: Uuid::now_v7(),
            requester,
            addressee,
            status: FriendshipStatus::Accepted,
            created_at: since,
            updated_at: since,
        };
        friendships::insert(conn, &friendship).await?;
        let theirs = timers::write(conn, &friend, TIMERS, &Links::default(), random, now).await?;
        if number % 2 == 0 {
            let ids = theirs.iter().rev().take(SHARED).map(|id| id.0);
            share(conn, &friend, ResourceKind::Timer, ids, now).await?;
        }
    }
    let newest = timers.iter().rev().take(SHARED).map(|id| id.0);
    share(conn, user, ResourceKind::Timer, newest, now).await?;
    share(
        conn,
        user,
        ResourceKind::Todo,
        todos.iter().take(SHARED).map(|id| id.0),
        now,
    )
    .await?;
    share(
        conn,
        user,
        ResourceKind::Schedule,
        schedules.iter().take(SHARED).map(|id| id.0),
        now,
    )
    .await
}

/// Shares resources with the owner's friends.
async fn share(
    conn: &mut Conn,
    owner: &UserId,
    resource: ResourceKind,
    ids: impl Iterator<Item = Uuid>,
    now: Timestamp,
) -> Result<(), StoreError> {
    for resource_id in ids {
        let setting = Visibility {
            id: Uuid::now_v7(),
            resource,
            resource_id,
            owner: owner.clone(),
            level: Level::Friends,
            entries: Vec::new(),
            created_at: now,
            updated_at: now,
        };
        visibilities::put(conn, &setting).await?;
    }
    Ok(())
}
