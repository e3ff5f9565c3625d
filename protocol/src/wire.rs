//! The messages of the timer WebSocket, each shape once, for the server, the browser and the tests
//! (contract, `websocket-timers.md`).

mod client;
mod close;
mod command_type;
mod error;
mod fields;
mod listed;
mod message_type;
mod rendering;
mod schedule_view;
mod server;
mod tag_view;
mod timer_view;
mod todo_view;

pub use client::{ClientMessage, Command, Rejection, Secret, SyncPage, SyncScope};
pub use close::CloseCode;
pub use command_type::CommandType;
pub use error::{ErrorCode, Reason, WireError};
pub use message_type::MessageType;
pub use rendering::{Dialect, Rendering};
pub use schedule_view::ScheduleView;
pub use server::{Body, ServerMessage, TimerAction, UnreadableMessage};
pub use tag_view::{TagGroupView, TagGroupWithTags, TagView};
pub use timer_view::{HistoryView, TimerView};
pub use todo_view::TodoView;

/// The path of the timer WebSocket.
pub const TIMERS_PATH: &str = "/v1/ws/timers";
/// An offered subprotocol with this prefix carries the token: `authorization.bearer.<jwt>`.
pub const BEARER_PREFIX: &str = "authorization.bearer.";
/// The subprotocol that the server selects where it is offered, so that the token does not travel back.
pub const SUBPROTOCOL: &str = "lockstep.v1";
