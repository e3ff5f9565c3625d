//! Floods of requests that anybody can send, against the real binary with its default limits: what each costs in memory,
//! and whether `/health` goes on answering. `cargo xtask floods` builds both for release and runs it.
//!
//! Loopback only, bounded in count and in time. Arguments select the kinds of that name, or whose names contain them.
//! LOCKSTEP_FLOOD_COUNT is the number of requests of each kind, LOCKSTEP_FLOOD_SECONDS the time that each may take, and
//! LOCKSTEP_FLOOD_ADDRESSES the number of client addresses (127.1.0.0/16) they come from.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]

mod flood;
mod held;
mod http;
mod kinds;
mod report;
mod sockets;
mod target;
mod watch;

use kinds::Kind;
use std::{process::ExitCode, time::Duration};

/// How a run is bounded.
pub struct Bounds {
    pub count: usize,
    pub time: Duration,
    pub addresses: usize,
}

impl Bounds {
    fn from_env() -> Self {
        let number = |name: &str, default| {
            std::env::var(name).map_or(default, |text| {
                text.parse().unwrap_or_else(|_| panic!("{name} is {text}"))
            })
        };
        Self {
            count: number("LOCKSTEP_FLOOD_COUNT", 10_000),
            time: Duration::from_secs(number("LOCKSTEP_FLOOD_SECONDS", 60) as u64),
            addresses: number("LOCKSTEP_FLOOD_ADDRESSES", 1),
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let bounds = Bounds::from_env();
    // Cargo passes `--bench`.
    let wanted: Vec<_> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    report::print_head(&bounds);
    let mut all_held = true;
    for kind in select(kinds::all(), &wanted) {
        let row = report::measure(kind, &bounds).await;
        println!("{row}");
        all_held &= row.held();
    }
    if all_held {
        return ExitCode::SUCCESS;
    }
    println!("\nRows that end in ✗ did not hold: a 500, a server that ended or does not answer, or memory that stays.");
    ExitCode::FAILURE
}

fn select(kinds: Vec<Kind>, wanted: &[String]) -> Vec<Kind> {
    let names: Vec<_> = kinds.iter().map(|kind| kind.name).collect();
    let is_wanted = |name: &str| {
        wanted.iter().any(|part| {
            if names.contains(&part.as_str()) {
                name == part
            } else {
                name.contains(part.as_str())
            }
        })
    };
    kinds
        .into_iter()
        .filter(|kind| wanted.is_empty() || is_wanted(kind.name))
        .collect()
}
