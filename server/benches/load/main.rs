//! What Lockstep does in a second, and what it costs: the real binary on SQLite with its real durability, driven over
//! loopback by this process. `cargo xtask bench` builds both for release and runs it. With `--soak MINUTES` it is one
//! steady load for so long.
//!
//! The machine is shared and noisy: compare figures of one run, or the ratios to the last one that the table shows.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]

mod client;
mod commands;
mod idle;
mod pages;
mod rooms;
mod soak;
mod table;
mod target;

use std::{process::ExitCode, time::Duration};
use table::Table;

/// How long each measurement lasts, unless LOCKSTEP_BENCH_SECONDS says otherwise.
const SECONDS: u64 = 5;

#[tokio::main]
async fn main() -> ExitCode {
    // Cargo passes `--bench` as well.
    let mut args = std::env::args().skip_while(|arg| arg != "--soak");
    if args.next().is_some() {
        let minutes = args.next().and_then(|minutes| minutes.parse().ok());
        return soak::run(minutes.expect("--soak MINUTES")).await;
    }
    let seconds = std::env::var("LOCKSTEP_BENCH_SECONDS")
        .ok()
        .and_then(|text| text.parse().ok());
    let time = Duration::from_secs(seconds.unwrap_or(SECONDS));
    let mut table = Table::default();

    idle::base(&mut table).await;
    commands::closed_loop(&mut table, time).await;
    commands::paced(&mut table, time).await;
    rooms::one_large(&mut table, time).await;
    rooms::many_small(&mut table, time).await;
    rooms::stalled(&mut table, time).await;
    idle::sockets(&mut table).await;
    idle::compressed_sockets(&mut table).await;
    idle::connects(&mut table, time).await;
    pages::timers(&mut table, time).await;

    table.print_and_keep();
    ExitCode::SUCCESS
}
