//! What Lockstep does in a second, and what it costs: the real binary with its real durability, driven over loopback by
//! this process. `cargo xtask bench` builds both for release and runs it.
//!
//! The machine is shared and noisy: compare figures of one run (`--against`), or the ratios to the last one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]

mod bench;
mod client;
mod commands;
mod figures;
mod idle;
mod options;
mod pages;
mod rooms;
mod schedules;
mod soak;
mod storm;
mod table;
mod target;

use bench::Bench;
use options::Options;
use rustix::process::{Resource, getrlimit, setrlimit};
use std::{process::ExitCode, time::Duration};
use target::Setup;

/// How long each measurement lasts, unless LOCKSTEP_BENCH_SECONDS says otherwise.
const SECONDS: u64 = 5;

#[tokio::main]
async fn main() -> ExitCode {
    let options = match Options::parse(std::env::args_os().skip(1)) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    // Each client is an open file of this process.
    let mut files = getrlimit(Resource::Nofile);
    files.current = files.maximum;
    setrlimit(Resource::Nofile, files).expect("a process may raise its soft limit");
    if let Some(minutes) = options.soak_minutes {
        let setup = Setup::new(None, options.database);
        let result = soak::run(&setup, minutes).await;
        setup.clean_up().await;
        return result;
    }
    let seconds = std::env::var("LOCKSTEP_BENCH_SECONDS")
        .ok()
        .and_then(|text| text.parse().ok());
    let mut bench = Bench::new(options);
    measure_all(&mut bench, Duration::from_secs(seconds.unwrap_or(SECONDS))).await;
    bench.finish()
}

async fn measure_all(bench: &mut Bench, time: Duration) {
    bench
        .measure("rest", async |setup, out| idle::base(setup, out).await)
        .await;
    bench
        .measure("closed-loop", async |setup, out| {
            commands::closed_loop(setup, out, time).await
        })
        .await;
    bench
        .measure("twenty", async |setup, out| {
            commands::twenty_clients(setup, out, time).await
        })
        .await;
    bench
        .measure("paced", async |setup, out| commands::paced(setup, out, time).await)
        .await;
    bench
        .measure("steady", async |setup, out| commands::steady(setup, out, time).await)
        .await;
    bench
        .measure("large-room", async |setup, out| {
            rooms::one_large(setup, out, time).await
        })
        .await;
    bench
        .measure("small-rooms", async |setup, out| {
            rooms::many_small(setup, out, time).await
        })
        .await;
    bench
        .measure("delivery", async |setup, out| {
            rooms::delivery_cost(setup, out, time).await
        })
        .await;
    bench
        .measure("stalled", async |setup, out| rooms::stalled(setup, out, time).await)
        .await;
    bench
        .measure("idle", async |setup, out| idle::sockets(setup, out).await)
        .await;
    bench
        .measure("idle-compressed", async |setup, out| {
            idle::compressed_sockets(setup, out).await
        })
        .await;
    bench
        .measure("connects", async |setup, out| idle::connects(setup, out, time).await)
        .await;
    bench
        .measure("storm", async |setup, out| storm::reconnect(setup, out).await)
        .await;
    bench
        .measure("pages", async |setup, out| pages::timers(setup, out, time).await)
        .await;
    bench
        .measure("schedules", async |setup, out| schedules::month(setup, out, time).await)
        .await;
}
