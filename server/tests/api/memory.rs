//! Memory after thousands of connections and requests: it does not grow.

use crate::support::{PATIENCE, Process, sign_up};
use protocol::timers::Command;
use reqwest::{Client, StatusCode};
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::{io::AsyncWriteExt, net::TcpStream, task::JoinSet};

const VISITS: usize = 10_000;
const CONCURRENT_VISITS: usize = 250;
/// Allocators keep some freed memory; a leak on each visit would exceed this by far.
const MAX_GROWTH_BYTES_PER_VISIT: usize = 512;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_is_freed_after_ten_thousand_connections() {
    let vars = [("LOG_LEVEL", "error"), ("WS_RATE_LIMIT_ENABLED", "false")];
    let process = Process::with(vars).await;
    let ada = sign_up(&process.address, "ada").await.connect();
    let visits = async |count: usize| {
        for _ in 0..count / CONCURRENT_VISITS {
            let mut visitors = JoinSet::new();
            for number in 0..CONCURRENT_VISITS {
                let ada = ada.clone();
                visitors.spawn(async move {
                    let mut client = ada.live().await;
                    client.ask(Command::Ping).await;
                    // Half of them send a close frame.
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
    // Pools, caches and the allocator fill up first.
    visits(VISITS / 5).await;
    let before = process.resident_bytes();
    visits(VISITS).await;
    let after = process.resident_bytes();
    assert!(
        after.saturating_sub(before) < MAX_GROWTH_BYTES_PER_VISIT * VISITS,
        "{before} bytes before, {after} after"
    );
}

#[tokio::test]
async fn failed_sign_ins_with_huge_addresses_do_not_grow_memory() {
    let process = Process::with([("LOG_LEVEL", "error")]).await;
    let http = Client::new();
    let sign_in = async |number: usize| {
        let email = format!("{number}{}@example.com", "x".repeat(12_000));
        let body = json!({ "email": email, "password": "a wrong guess" });
        let request = http.post(format!("http://{}/v1/auth/sign-in", process.address));
        let status = request.json(&body).send().await.unwrap().status();
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    };
    sign_in(0).await;
    let before = process.resident_bytes();
    for number in 1..2_000 {
        sign_in(number).await;
    }
    let after = process.resident_bytes();
    // 24 MB were sent, with bodies of nearly the maximum size of unauthenticated requests.
    let grown = after.saturating_sub(before);
    assert!(grown < 12 * 1024 * 1024, "{before} bytes before, {after} after");
}

const HASHING_GROWTH_BYTES: usize = 30 * 1024 * 1024;

/// Sends a sign-up and closes the connection at once.
async fn hang_up(address: String, number: usize) {
    let body = json!({ "email": format!("gone{number}@example.com"), "password": "correct horse" }).to_string();
    let request = format!(
        "POST /v1/auth/sign-up HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sign_ups_and_aborted_sign_ups_grow_memory_by_at_most_30_mib() {
    let process = Process::with([("LOG_LEVEL", "error")]).await;
    let before = process.resident_bytes();
    let mut aborted = JoinSet::new();
    for number in 0..500 {
        aborted.spawn(hang_up(process.address.clone(), number));
    }
    aborted.join_all().await;
    wait_until_resident(&process, before + HASHING_GROWTH_BYTES).await;
    for number in 0..100 {
        sign_up(&process.address, &format!("user{number}")).await;
    }
    wait_until_resident(&process, before + HASHING_GROWTH_BYTES).await;
}

/// Waits until the process has at most so many resident bytes: idle hashing threads free their memory.
async fn wait_until_resident(process: &Process, max_bytes: usize) {
    let start = Instant::now();
    while process.resident_bytes() > max_bytes {
        let resident = process.resident_bytes();
        assert!(start.elapsed() < PATIENCE, "{resident} bytes, more than {max_bytes}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sign_ups_beyond_the_queue_are_answered_with_503_and_retry_after() {
    let process = Process::with([("LOG_LEVEL", "error")]).await;
    let http = Client::new();
    let mut concurrent = JoinSet::new();
    for number in 0..400 {
        let (http, address) = (http.clone(), process.address.clone());
        concurrent.spawn(async move {
            let body = json!({ "email": format!("{number}@example.com"), "password": "correct horse" });
            let request = http.post(format!("http://{address}/v1/auth/sign-up")).json(&body);
            let response = request.send().await.unwrap();
            let retry_after = response.headers().contains_key("retry-after");
            assert_eq!(retry_after, response.status() == StatusCode::SERVICE_UNAVAILABLE);
            response.status()
        });
    }
    let statuses = concurrent.join_all().await;
    let count = |status| statuses.iter().filter(|found| **found == status).count();
    let (created, refused) = (count(StatusCode::CREATED), count(StatusCode::SERVICE_UNAVAILABLE));
    assert!(created > 0 && refused > 0, "{created} created, {refused} refused");
    assert_eq!(created + refused, statuses.len());
}
