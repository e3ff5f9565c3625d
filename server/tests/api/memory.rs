//! What thousands of visitors leave behind: nothing.

use crate::support::{Process, sign_up};
use protocol::wire::Command;
use tokio::task::JoinSet;

const VISITS: usize = 10_000;
const AT_ONCE: usize = 250;
/// Allocators keep some of what they were given back; what every visit left would be far more.
const LEFT_BYTES_A_VISIT: usize = 512;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_returns_when_ten_thousand_connections_have_come_and_gone() {
    let vars = [("LOG_LEVEL", "error"), ("WS_RATE_LIMIT_ENABLED", "false")];
    let process = Process::with(vars).await;
    let ada = sign_up(&process.address, "ada").await.connect();
    let visits = async |count: usize| {
        for _ in 0..count / AT_ONCE {
            let mut visitors = JoinSet::new();
            for number in 0..AT_ONCE {
                let ada = ada.clone();
                visitors.spawn(async move {
                    let mut client = ada.live().await;
                    client.ask(Command::Ping).await;
                    // Half of them say goodbye.
                    if number % 2 == 0 {
                        client.leave().await
                    } else {
                        client.cut()
                    }
                });
            }
            visitors.join_all().await;
        }
    };
    // Pools, caches and the allocator's own first fill up.
    visits(VISITS / 5).await;
    let before = process.resident_bytes();
    visits(VISITS).await;
    let after = process.resident_bytes();
    assert!(
        after.saturating_sub(before) < LEFT_BYTES_A_VISIT * VISITS,
        "{before} bytes before, {after} after"
    );
}
