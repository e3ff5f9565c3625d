//! The server under test, and its clients.

mod answers;
mod client;
mod database;
pub mod html;
pub mod nats;
pub mod p521;
pub mod people;
mod process;
mod provider;
pub mod raw;
mod server;

pub use answers::{names, refusal, titles};
pub use client::{Client, Connect};
pub use database::TestDatabase;
pub use process::{Process, output, output_of};
pub use provider::{Provider, SigningKey};
pub use server::{TestServer, User, answer, sign_up, sign_up_as};

use protocol::{
    id::TimerId,
    timers::{Action, Command, NewTimer, TimerCommand},
};
use rand::{SeedableRng, rngs::StdRng};
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
    TimerCommand::Create { new, tag_ids: vec![] }.into()
}

/// `timer.pause` and the others.
pub fn act(action: Action, timer_id: TimerId) -> Command {
    TimerCommand::Act { action, timer_id }.into()
}

/// A source of random choices. The seed is printed where the test fails; `SEED=<that>` makes the same choices again.
pub fn seeded() -> StdRng {
    let given = std::env::var("SEED")
        .ok()
        .map(|seed| seed.parse().expect("SEED is a number"));
    let seed = given.unwrap_or_else(rand::random);
    eprintln!("SEED={seed}");
    StdRng::seed_from_u64(seed)
}
