//! A reconnect storm: the server starts again, and all its clients come back at the same moment.

use crate::{
    bench::median,
    client::{self, percentile},
    figures::Figures,
    target::Setup,
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use testkit::PATIENCE;
use tokio::{sync::Barrier, task::JoinSet, time::timeout};

const CLIENTS: usize = 2_000;
const USERS: usize = 500;
/// Each is over in a second or so; the median counts.
const STORMS: usize = 3;

/// 2,000 clients of 500 users, each with a valid RS256 token of its own, connect at once, without a ramp. Each is done when it
/// has `connected` and its first sync.
///
/// The server has been restarted before, so its caches are cold but for the issuer's keys: one client has come before.
pub async fn reconnect(setup: &Setup, out: &mut Figures) {
    let mut target = setup.start().await;
    let user = |number: usize| format!("user-{}", number % USERS);
    // A user's record is created by their first connection, which a restart does not repeat.
    for number in 0..USERS {
        drop(client::live(&target.address, &target.token(&user(number))).await);
    }
    let tokens: Vec<String> = (0..CLIENTS)
        .map(|number| target.unique_token(&user(number), number))
        .collect();
    let (mut rates, mut slowest) = (Vec::new(), Vec::new());
    for _ in 0..STORMS {
        target.restart().await;
        drop(client::live(&target.address, &target.token(&user(0))).await);
        let storm = storm(&target.address, &tokens).await;
        if let Some(error) = storm.errors.first() {
            out.fail(format!(
                "{} of {CLIENTS} reconnects, the first: {error}",
                storm.errors.len()
            ));
        }
        rates.push(storm.times.len() as f64 / storm.duration.as_secs_f64());
        slowest.push(percentile(&storm.times, 99));
    }
    out.add(
        "reconnects of 2,000 clients at once",
        median(rates),
        "/s",
        Some("≥ 3000"),
    );
    out.add("the same, p99", median(slowest), "ms", None);
}

struct Storm {
    /// Until the last client was done.
    duration: Duration,
    /// Of those that succeeded, sorted.
    times: Vec<Duration>,
    errors: Vec<String>,
}

async fn storm(address: &str, tokens: &[String]) -> Storm {
    let mut clients = JoinSet::new();
    let start_line = Arc::new(Barrier::new(tokens.len() + 1));
    for token in tokens {
        let (address, token, start_line) = (address.to_owned(), token.clone(), start_line.clone());
        clients.spawn(async move {
            start_line.wait().await;
            let start = Instant::now();
            let result = timeout(PATIENCE, client::try_live(&address, &token)).await;
            let socket = result.map_err(|_| "no first sync in time".to_owned()).flatten();
            (start.elapsed(), socket)
        });
    }
    start_line.wait().await;
    let start = Instant::now();
    // All stay connected until the last one is done.
    let (mut times, mut sockets, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(client) = clients.join_next().await {
        let (time, socket) = client.unwrap();
        match socket {
            Ok(socket) => {
                times.push(time);
                sockets.push(socket);
            }
            Err(error) => errors.push(error),
        }
    }
    let duration = start.elapsed();
    times.sort_unstable();
    Storm {
        duration,
        times,
        errors,
    }
}
