//! Timers: their rules as pure functions of (timer, action, now), the same on the server and in the browser, and the
//! messages of their WebSocket (contract, `websocket-timers.md`).
//!
//! States (contract, WebSocket "Client to server"):
//!
//! ```text
//! (create) -> RUNNING -- pause --> PAUSED -- resume --> RUNNING
//!             RUNNING or PAUSED -- stop --> COMPLETED
//!             RUNNING or PAUSED -- cancel --> CANCELLED
//! ```
//!
//! Anything else is an error and changes nothing. Time is stored in milliseconds and shown in whole seconds.

mod client;
mod command;
mod command_type;
mod correct;
mod create;
mod data_kind;
mod error;
mod history;
mod message_type;
mod moment;
mod patch;
pub mod payloads;
mod replay;
mod server;
mod timer;
mod transition;
mod view;

pub use client::{ClientMessage, Command, ParsedMessage, Rejection, Secret, SyncPage, SyncScope};
pub use command::TimerCommand;
pub use command_type::CommandType;
pub use correct::CorrectError;
pub use create::{CreateError, NewTimer};
pub use data_kind::DataKind;
pub use error::{ErrorCode, Reason, WireError};
pub use history::{History, HistoryAction, HistoryEntry};
pub use message_type::MessageType;
pub use moment::{Moment, OFFLINE_MILLIS, OccurredAtError, TOLERANCE_MILLIS};
pub use patch::TimerPatch;
pub use replay::ReplayError;
pub use server::{Body, ServerMessage, TimerAction, UnreadableMessage};
pub use timer::{Timer, TimerStatus};
pub use transition::{ActError, Action, TransitionError};
pub use view::{HistoryView, TimerView, UnreadableTimer};

/// The path of the timer WebSocket.
pub const TIMERS_PATH: &str = "/v1/ws/timers";

/// The allocated time from which on a timer counts up without an end, in seconds: 366 days. A client that does not know
/// of it counts down from there.
pub const OPEN_ENDED_SECONDS: i64 = 366 * 24 * 60 * 60;

#[cfg(test)]
mod properties;
