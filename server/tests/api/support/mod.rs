//! The server under test, and its clients.

mod client;
mod process;
mod server;

pub use client::Client;
pub use process::{Process, output};
pub use server::{TestServer, User, answer, sign_up};

use protocol::{
    id::TimerId,
    timer::{Action, NewTimer},
    wire::Command,
};
use std::time::Duration;

/// Nothing here takes longer, unless something is wrong.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// `timer.create` of 25 minutes.
pub fn create(title: &str) -> Command {
    let new = NewTimer {
        allocated_seconds: 1500,
        title: Some(title.into()),
        ..NewTimer::default()
    };
    Command::Create { new, tag_ids: vec![] }
}

/// `timer.pause` and the others.
pub fn act(action: Action, timer_id: TimerId) -> Command {
    Command::Act { action, timer_id }
}
