//! The payloads of the timer socket's messages. Each type parses, serialises and is described in `/asyncapi.json`
//! (contract, `websocket-timers.md`).

mod client;
mod server;

pub use client::{ActOnTimer, CorrectTimer, CreateTimer, Empty, OccurredAt, RenewToken, SyncList, SyncTimers};
pub(super) use server::Payload;
pub use server::{
    Connected, DataChanged, ErrorDetails, ErrorPayload, FriendActivityPayload, Renewed, SyncResult, TimerChanged,
    TimerCompleted, TimerRemoved,
};
