//! Fan-out: one device acts, all the others of the room read.

use crate::{client, table::Table, target::Target};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// Commands of one room that are under way at once: enough to keep the server busy, few enough for the outboxes.
const UNDER_WAY: usize = 16;
/// More than the kernel holds for who does not read.
const UNREAD_BYTES: usize = 12 * 1024 * 1024;

/// One room of 1,000 sockets.
pub async fn one_large(table: &mut Table, time: Duration) {
    let rate = run(1, 1_000, time).await;
    table.add("deliveries, one room of 1,000", rate, "/s", Some("≥ 400000"));
}

/// 100 rooms of 10 sockets.
pub async fn many_small(table: &mut Table, time: Duration) {
    let rate = run(100, 10, time).await;
    table.add("deliveries, 100 rooms of 10", rate, "/s", None);
}

/// One room of 500 that read, and then one more that asks for much and reads nothing of it: how much the others get
/// beside it, by how much they got before. Its outbox is so large that it stays as long as is measured.
pub async fn stalled(table: &mut Table, time: Duration) {
    let target = Target::with([("WS_OUTBOX_MESSAGES", "65536")]).await;
    let token = target.token("room");
    let (mut readers, delivered) = (JoinSet::new(), Arc::default());
    for _ in 0..500 {
        let reader = client::live(&target.address, &token).await;
        readers.spawn(read(reader, Arc::clone(&delivered)));
    }
    let measure = async |name, time| {
        let (start, before) = (Instant::now(), delivered.load(Ordering::Relaxed));
        let author_of_all = client::live(&target.address, &token).await;
        author(author_of_all, name, time, UNDER_WAY).await;
        (delivered.load(Ordering::Relaxed) - before) as f64 / start.elapsed().as_secs_f64()
    };
    // Whatever the first ones need once counts for neither.
    measure("first", time / 4).await;
    let alone = measure("alone", time).await;
    let _stalled = stall(&target.address, &token).await;
    let beside = measure("beside", time).await;
    let metrics = metrics(&target.address).await;
    assert!(
        metrics.contains("lockstep_outbox_overflows_total 0\n"),
        "it was let go too soon"
    );
    table.add("deliveries to 500 beside one that stalls", beside, "/s", None);
    table.add(
        "the same / without the one that stalls",
        beside / alone,
        "",
        Some("≈ 1.0"),
    );
}

/// Connects and fills what the kernels hold between it and the server.
async fn stall(address: &str, token: &str) -> (client::Writer, client::Reader) {
    // As much room as a description may take.
    let description = "🌍".repeat(15_000);
    let (mut writer, mut reader) = client::live(address, token).await;
    let text = format!(
        r#"{{"type":"timer.create","id":"large","payload":{{"allocated_duration":1500,"title":"large","description":"{description}"}}}}"#
    );
    client::send(&mut writer, text).await;
    let made = client::next(&mut reader).await.expect("an answer");
    let made: client::Seen = serde_json::from_str(made.to_text().unwrap()).unwrap();
    let ask = format!(
        r#"{{"type":"timer.sync","payload":{{"timer_id":"{}"}}}}"#,
        made.payload.timer.expect("a timer").id
    );
    let (mut stalled, unread) = client::connect_narrow(address, token).await;
    for _ in 0..UNREAD_BYTES / description.len() {
        client::send(&mut stalled, ask.clone()).await;
    }
    // Until the server takes no more of what it asks, so that its questions are not what is measured.
    let (mut before, mut now) = (String::new(), heard(address).await);
    while before != now {
        tokio::time::sleep(Duration::from_millis(200)).await;
        before = std::mem::replace(&mut now, heard(address).await);
    }
    (stalled, unread)
}

/// The figure of the messages that came in.
async fn heard(address: &str) -> String {
    let metrics = metrics(address).await;
    let line = metrics
        .lines()
        .find(|line| line.starts_with("lockstep_messages_in_total"));
    line.expect("the figure").to_owned()
}

async fn metrics(address: &str) -> String {
    let answer = reqwest::get(format!("http://{address}/metrics")).await.unwrap();
    answer.text().await.unwrap()
}

async fn read((writer, mut reader): (client::Writer, client::Reader), delivered: Arc<AtomicU64>) {
    while client::next(&mut reader).await.is_some() {
        delivered.fetch_add(1, Ordering::Relaxed);
    }
    drop(writer);
}

async fn run(rooms: usize, sockets: usize, time: Duration) -> f64 {
    let target = Target::start().await;
    let delivered = Arc::new(AtomicU64::new(0));
    let (mut readers, mut authors) = (JoinSet::new(), JoinSet::new());
    for room in 0..rooms {
        let token = target.token(&format!("room-{room}"));
        for _ in 1..sockets {
            let reader = client::live(&target.address, &token).await;
            readers.spawn(read(reader, delivered.clone()));
        }
        authors.spawn(author(
            client::live(&target.address, &token).await,
            "author",
            time,
            UNDER_WAY.div_ceil(rooms),
        ));
    }
    let (start, before) = (Instant::now(), delivered.load(Ordering::Relaxed));
    while authors.join_next().await.is_some() {}
    (delivered.load(Ordering::Relaxed) - before) as f64 / start.elapsed().as_secs_f64()
}

/// Creates and stops timers, several under way, and waits for the last answers. Its name makes its commands its own.
async fn author(
    (mut writer, mut reader): (client::Writer, client::Reader),
    name: &str,
    time: Duration,
    under_way: usize,
) {
    let (start, mut number, mut unanswered) = (Instant::now(), 0, under_way);
    let mut id = || {
        number += 1;
        format!("{name}-{number}")
    };
    for _ in 0..under_way {
        client::send(&mut writer, client::command(&id(), "create", "room")).await;
    }
    while unanswered > 0 {
        let Some(message) = client::next(&mut reader).await else {
            break;
        };
        if start.elapsed() >= time {
            unanswered -= 1;
            continue;
        }
        let seen: client::Seen = serde_json::from_str(message.to_text().unwrap()).unwrap();
        let timer = seen.payload.timer.expect("a timer");
        // The answer to an odd command is a new timer, which is stopped; then comes another.
        let text = if message.to_text().unwrap().contains("timer.created") {
            client::command(&id(), "stop", timer.id)
        } else {
            client::command(&id(), "create", "room")
        };
        client::send(&mut writer, text).await;
    }
}
