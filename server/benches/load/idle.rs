//! What connections cost: memory of those that say nothing, and how fast they come.

use crate::{
    client,
    figures::Figures,
    target::{Setup, Target},
};
use std::time::{Duration, Instant};
use testkit::raw_socket::RawSocket;

const IDLE: usize = 2_000;

/// The memory of a server that has just started.
pub async fn base(setup: &Setup, out: &mut Figures) {
    let target = setup.start().await;
    out.add(
        "resident memory at rest",
        target.rss_kib() / 1024.0,
        "MiB",
        Some("≤ 30"),
    );
}

/// 2,000 sockets of 200 users that say nothing.
pub async fn sockets(setup: &Setup, out: &mut Figures) {
    let target = setup.start().await;
    let open = async |token: String| client::live(&target.address, &token).await;
    let each = memory_of_each(&target, open).await;
    out.add("memory of an idle socket", each, "KiB", Some("≤ 3"));
}

/// The same with permessage-deflate, where what each hears first is compressed.
pub async fn compressed_sockets(setup: &Setup, out: &mut Figures) {
    let target = setup.start_with([("WS_COMPRESSION_THRESHOLD", "16")]).await;
    let open = async |token: String| -> RawSocket { client::live_compressed(&target.address, &token).await };
    let each = memory_of_each(&target, open).await;
    out.add("memory of an idle socket, compressed", each, "KiB", Some("≤ 10"));
}

/// In KiB.
async fn memory_of_each<T>(target: &Target, open: impl AsyncFn(String) -> T) -> f64 {
    // Whatever the first ones need once is not theirs.
    let _warm = open(target.token("warm")).await;
    let before = target.rss_kib();
    let mut sockets = Vec::with_capacity(IDLE);
    for number in 0..IDLE {
        sockets.push(open(target.token(&format!("idle-{}", number % 200))).await);
    }
    (target.rss_kib() - before) / IDLE as f64
}

/// Connections that come one after the other, eight at a time, each with an RS256 token of its own user.
pub async fn connects(setup: &Setup, out: &mut Figures, time: Duration) {
    let target = setup.start().await;
    let tokens: Vec<String> = (0..400).map(|user| target.token(&format!("user-{user}"))).collect();
    let start = Instant::now();
    let comers = (0..8).map(|comer| {
        let (address, tokens) = (target.address.clone(), tokens.clone());
        tokio::spawn(async move {
            let mut count = 0_u32;
            while start.elapsed() < time {
                let token = &tokens[(comer * 50 + count as usize) % tokens.len()];
                drop(client::live(&address, token).await);
                count += 1;
            }
            count
        })
    });
    let mut count = 0;
    for comer in comers.collect::<Vec<_>>() {
        count += comer.await.unwrap();
    }
    out.add(
        "connects with RS256 tokens",
        f64::from(count) / start.elapsed().as_secs_f64(),
        "/s",
        Some("≥ 2500"),
    );
}
