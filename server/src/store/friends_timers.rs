//! Active timers of several users, as their friends may see them.

use super::{Conn, StoreError, bulk::BulkStatement, columns, timer_history::timer_columns, timers};
use protocol::{friend::FriendActivity, id::UserId, timers::Timer};
use sqlx::Row as _;

static ACTIVE: BulkStatement = BulkStatement::new(
    concat!(
        "SELECT ",
        timer_columns!(),
        ", users.display_name, users.friend_activity FROM timers JOIN users ON users.id = timers.owner_id
     WHERE timers.status IN ('RUNNING', 'PAUSED') AND timers.owner_id IN ("
    ),
    1,
    ") AND users.friend_activity <> 'nothing' ORDER BY timers.updated_at DESC, timers.id DESC LIMIT 50",
);

/// A RUNNING or PAUSED timer with its owner's name and sharing level.
#[derive(Clone, Debug)]
pub struct FriendsTimer {
    pub timer: Timer,
    /// The owner's name.
    pub display_name: Option<String>,
    /// How much the owner shows to friends.
    pub shows: FriendActivity,
}

/// The most recently changed RUNNING and PAUSED timers of users who show any, unordered. One statement.
pub async fn active(conn: &mut Conn, owners: &[&UserId]) -> Result<Vec<FriendsTimer>, StoreError> {
    let rows = ACTIVE
        .fetch(conn, owners, |query, owner| query.bind(owner.as_str().to_owned()))
        .await?;
    let timers = rows.iter().map(|row| {
        Ok(FriendsTimer {
            timer: timers::timer(row)?,
            display_name: row.try_get("display_name")?,
            shows: columns::parsed(row, "friend_activity")?,
        })
    });
    timers.collect()
}
