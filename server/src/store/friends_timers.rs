//! What runs of several users, as their friends may see it.

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

/// A RUNNING or PAUSED timer and what its owner shows of it.
#[derive(Clone, Debug)]
pub struct FriendsTimer {
    /// The timer.
    pub timer: Timer,
    /// What its owner is called.
    pub display_name: Option<String>,
    /// What its owner shows.
    pub shows: FriendActivity,
}

/// The last changed RUNNING and PAUSED timers of some users, in no order: of those who show any. One statement.
pub async fn active(conn: &mut Conn, owners: &[&UserId]) -> Result<Vec<FriendsTimer>, StoreError> {
    let rows = ACTIVE
        .fetch(conn, owners, |query, owner| query.bind(owner.as_str().to_owned()))
        .await?;
    let timers = rows.iter().map(|row| {
        Ok(FriendsTimer {
            timer: timers::timer(row)?,
            display_name: row.try_get("display_name")?,
            shows: columns::word(row, "friend_activity")?,
        })
    });
    timers.collect()
}
