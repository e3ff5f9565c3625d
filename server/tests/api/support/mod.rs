//! The server under test, and its clients.

mod answers;
mod client;
pub mod html;
pub mod oidc_users;
mod process;
mod server;
mod timers;

pub use answers::{names, refusal, titles};
pub use client::{Client, Connect};
pub use process::{Process, output, output_of};
pub use server::{TestServer, User, answer, sign_up, sign_up_as};
pub use testkit::{PATIENCE, Provider, SigningKey, TestDatabase, nats, oidc::p521, raw_socket as raw};
pub use timers::PastTimer;

use protocol::{
    id::TimerId,
    timers::{Action, Command, NewTimer, TimerCommand},
};
use rand::{SeedableRng, rngs::StdRng};

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
