//! What the timers page starts from.

use crate::{friends::Friends, links::Links, local_time::UtcOffsets};
use protocol::{rest::account::Account, time::Timestamp, timers::Timer};
use serde::{Deserialize, Serialize};

/// The signed-in person's timers at one moment: rendered into the page by the server, and where the browser's live
/// view begins. The WebSocket goes on from it with `?since=<epoch>:<seq>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimersSnapshot {
    /// Whose timers they are.
    pub account: Account,
    /// All RUNNING and PAUSED ones, and those that ended in the last 48 hours, newest first; the newest alone where there
    /// are very many.
    pub timers: Vec<Timer>,
    /// Where the RUNNING and PAUSED ones go on that are not contained: a cursor of `timer.sync`.
    pub next_active: Option<String>,
    /// Whether there are timers that ended which are not contained.
    pub has_more_ended: bool,
    /// What they are linked to, and what new ones can be linked to.
    pub links: Links,
    /// What friends do.
    pub friends: Friends,
    /// The newest event that is contained.
    pub seq: u64,
    /// The event log that `seq` belongs to.
    pub epoch: String,
    /// The server's clock when this was read.
    pub now: Timestamp,
    /// The first instant of today where the reader is, as far as the server knows (cookie `lockstep_tz`, else UTC).
    pub day_start: Timestamp,
    /// The offsets from UTC there, from a week before `now` to a year after it.
    pub utc_offsets: UtcOffsets,
}
