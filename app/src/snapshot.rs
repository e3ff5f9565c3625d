//! The initial data of the timers page.

use crate::{friends::Friends, links::Links, local_time::UtcOffsets};
use protocol::{rest::account::Account, time::Timestamp, timers::Timer};
use serde::{Deserialize, Serialize};

/// The signed-in user's timers at one moment. The server renders them into the page, and the browser's live view starts
/// from them. The WebSocket continues with `?since=<epoch>:<seq>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimersSnapshot {
    pub account: Account,
    /// All RUNNING and PAUSED timers and those that ended in the last 48 hours, newest first; only the newest if there
    /// are very many.
    pub timers: Vec<Timer>,
    /// The cursor (of `timer.sync`) of the RUNNING and PAUSED timers that are not contained.
    pub next_active: Option<String>,
    /// Whether there are more ended timers than are contained.
    pub has_more_ended: bool,
    /// The links of timers, and the choices for new ones.
    pub links: Links,
    /// Friends' activity.
    pub friends: Friends,
    /// The number of unread notifications. Pages that an earlier release wrote have none.
    #[serde(default)]
    pub unread: u64,
    /// The newest event that is contained.
    pub seq: u64,
    /// The event log that `seq` belongs to.
    pub epoch: String,
    /// The server's time of the snapshot.
    pub now: Timestamp,
    /// The first instant of today in the reader's timezone, as far as known (cookie `lockstep_tz`, else UTC).
    pub day_start: Timestamp,
    /// The offsets from UTC there, from two years before `now` to two years after.
    pub utc_offsets: UtcOffsets,
}
