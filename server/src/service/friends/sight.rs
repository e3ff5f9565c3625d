//! The timers that two users see of each other, to notify pages of those that they no longer see after a friendship has
//! ended or one user has blocked the other.

use super::LostSight;
use crate::{
    service::sharing::{self, Reader, Relation, Shared},
    store::{Conn, StoreError, friends_timers, friendships, users},
};
use protocol::id::{TimerId, UserId};
use std::collections::HashSet;

/// The timers that two users see of each other, at most as many as a list of shared timers.
pub(super) struct Sight(Vec<OneWay>);

struct OneWay {
    reader: Reader,
    owner: UserId,
    /// Running and paused timers that are shown to a friend.
    active: Vec<TimerId>,
    shared: HashSet<TimerId>,
}

impl Sight {
    /// The timers that they see now.
    pub async fn between(conn: &mut Conn, [one, other]: [UserId; 2]) -> Result<Self, StoreError> {
        let record = friendships::between(conn, &one, &other).await?;
        let are_friends = record.is_some_and(|record| record.relation() == Relation::Friends);
        let mut ways = Vec::new();
        for (reader, owner) in [(&one, &other), (&other, &one)] {
            let active = match are_friends {
                true => friends_timers::active(conn, &[owner]).await?,
                false => Vec::new(),
            };
            let reader = Reader {
                user: reader.clone(),
                email: users::email(conn, reader).await?,
            };
            ways.push(OneWay {
                shared: shared(conn, &reader, owner).await?,
                reader,
                owner: owner.clone(),
                active: active.into_iter().map(|one| one.timer.id).collect(),
            });
        }
        Ok(Self(ways))
    }

    /// The timers that they no longer see, without any relationship to each other.
    pub async fn lost(self, conn: &mut Conn) -> Result<Vec<LostSight>, StoreError> {
        let mut all = Vec::new();
        for way in self.0 {
            let still = shared(conn, &way.reader, &way.owner).await?;
            all.push(LostSight {
                reader: way.reader.user,
                owner: way.owner,
                active: way.active,
                shared: way.shared.difference(&still).copied().collect(),
            });
        }
        Ok(all)
    }
}

async fn shared(conn: &mut Conn, reader: &Reader, owner: &UserId) -> Result<HashSet<TimerId>, StoreError> {
    let all: Vec<Shared<TimerId>> = sharing::shared_with(conn, reader).await?;
    let owners = all.into_iter().filter(|shared| shared.owner == *owner);
    Ok(owners.map(|shared| shared.id).collect())
}
