//! `cargo xtask bench --soak`: a steady load for a long time, and whether the server's memory stays level.

use crate::{commands, target::Setup};
use std::{
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

const USERS: usize = 60;
const DEVICES: usize = 3;
/// Commands of all devices together, in a second.
const RATE: usize = 1_750;
const MINUTE: Duration = Duration::from_secs(60);
/// Caches, pools and the allocator fill in the first minutes.
const WARM_UP_MINUTES: usize = 5;

/// Runs the load for so many minutes and prints the resident memory after each, and at the end its slope.
///
/// Fails when a command was not acknowledged, when a device missed what another did, or when the server logged an error.
pub async fn run(setup: &Setup, minutes: usize) -> ExitCode {
    let target = Arc::new(setup.start().await);
    let time = MINUTE * u32::try_from(minutes).expect("minutes");
    let pace = Duration::from_secs(1) * u32::try_from(USERS * DEVICES).expect("devices") / u32::try_from(RATE).unwrap();
    println!("| minute | resident memory, MiB |\n| ---: | ---: |");
    let load = tokio::spawn(commands::run_on(target.clone(), USERS, DEVICES, pace, time));
    let (start, mut samples) = (Instant::now(), Vec::new());
    for minute in 1..=minutes {
        tokio::time::sleep_until((start + MINUTE * u32::try_from(minute).unwrap()).into()).await;
        let mebibytes = target.rss_kib() / 1024.0;
        println!("| {minute} | {mebibytes:.2} |");
        samples.push(mebibytes);
        if load.is_finished() && minute < minutes {
            break;
        }
    }
    let times = match load.await {
        Ok(times) => times,
        Err(error) => {
            println!("\nThe load ended early: {error}");
            return ExitCode::FAILURE;
        }
    };
    let commands = times.acks.len();
    let rate = commands as f64 / time.as_secs_f64();
    let settled = &samples[WARM_UP_MINUTES.min(samples.len() / 2)..];
    println!(
        "\n{commands} commands, {rate:.0} a second. Resident memory grows by {:.3} MiB a minute (least squares over the \
         last {} minutes).",
        slope(settled),
        settled.len()
    );
    let seen = times.seen.len();
    let log = target.log();
    if seen != commands * (DEVICES - 1) || !log.is_empty() {
        println!(
            "{seen} of {} sights. The server's log:\n{log}",
            commands * (DEVICES - 1)
        );
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// By least squares: how much the samples grow from one to the next.
fn slope(samples: &[f64]) -> f64 {
    let count = samples.len() as f64;
    let middle = (count - 1.0) / 2.0;
    let mean = samples.iter().sum::<f64>() / count;
    let places = || (0..samples.len()).map(|place| place as f64 - middle);
    let with: f64 = places()
        .zip(samples)
        .map(|(place, sample)| place * (sample - mean))
        .sum();
    with / places().map(|place| place * place).sum::<f64>()
}
