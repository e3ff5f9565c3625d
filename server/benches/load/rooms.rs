//! Fan-out: one device acts, all the others of the room read.

use crate::{client, figures::Figures, target::Setup};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use testkit::PATIENCE;
use tokio::{
    task::JoinSet,
    time::{Interval, timeout},
};

/// Commands of one room that are under way at once: enough to keep the server busy, few enough for the outboxes.
const UNDER_WAY: usize = 16;
const DEVICES: u64 = 200;
/// More than the kernel holds for a client that does not read.
const UNREAD_BYTES: usize = 12 * 1024 * 1024;

/// One room of 1,000 sockets.
pub async fn one_large(setup: &Setup, out: &mut Figures, time: Duration) {
    let rate = run(setup, 1, 1_000, time).await;
    out.add("deliveries, one room of 1,000", rate, "/s", Some("≥ 400000"));
}

/// 100 rooms of 10 sockets.
pub async fn many_small(setup: &Setup, out: &mut Figures, time: Duration) {
    let rate = run(setup, 100, 10, time).await;
    out.add("deliveries, 100 rooms of 10", rate, "/s", None);
}

/// One user's 200 devices, of which one sends a command each 10 ms: what the server's CPU does for each message that another
/// one receives. What the commands cost by themselves is measured before, with one device, and subtracted.
pub async fn delivery_cost(setup: &Setup, out: &mut Figures, time: Duration) {
    let target = setup.start().await;
    let token = target.token_for("user", time * 2 + Duration::from_secs(300));
    let mut author = client::live(&target.address, &token).await;
    let (cpu, commands) = (target.cpu(), act_paced(&mut author, "alone", time).await);
    let cpu_of_a_command = (target.cpu() - cpu).as_secs_f64() / commands as f64;

    let (mut readers, delivered) = (JoinSet::new(), Arc::default());
    for _ in 1..DEVICES {
        let reader = client::live(&target.address, &token).await;
        readers.spawn(read(reader, Arc::clone(&delivered)));
    }
    let (cpu, commands) = (target.cpu(), act_paced(&mut author, "delivered", time).await);
    let expected = commands * (DEVICES - 1);
    let all_delivered = async {
        while delivered.load(Ordering::Relaxed) < expected {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    if timeout(PATIENCE, all_delivered).await.is_err() {
        let delivered = delivered.load(Ordering::Relaxed);
        out.fail(format!("{delivered} of {expected} messages were delivered"));
    }
    let cpu = (target.cpu() - cpu).as_secs_f64() - cpu_of_a_command * commands as f64;
    out.add(
        "CPU of a delivery to one of 200 devices",
        cpu * 1_000_000.0 / expected as f64,
        "µs",
        Some("≤ 4"),
    );
}

/// Creates and stops timers, one command each 10 ms: how many commands.
async fn act_paced(author: &mut (client::Writer, client::Reader), name: &str, time: Duration) -> u64 {
    let start = Instant::now();
    let mut ticks = tokio::time::interval(Duration::from_millis(10));
    let mut commands = 0;
    while start.elapsed() < time {
        let created = act(author, &mut ticks, &format!("{name}-{commands}"), "create", "delivery").await;
        act(author, &mut ticks, &format!("{name}-{commands}-stop"), "stop", &created).await;
        commands += 2;
    }
    commands
}

/// Sends a command at the next tick and waits for its acknowledgement: the timer's id.
async fn act(
    (writer, reader): &mut (client::Writer, client::Reader),
    ticks: &mut Interval,
    id: &str,
    action: &str,
    subject: &str,
) -> String {
    ticks.tick().await;
    client::send(writer, client::command(id, action, subject)).await;
    let message = client::next(reader).await.expect("an acknowledgement");
    let seen: client::Seen = serde_json::from_str(message.to_text().unwrap()).unwrap();
    seen.payload.timer.expect("a timer").id.to_owned()
}

/// One room of 500 that read, and then one more that asks for much and reads nothing of it: how much the others get
/// beside it, by how much they got before. Its outbox is so large that it stays as long as is measured.
pub async fn stalled(setup: &Setup, out: &mut Figures, time: Duration) {
    let target = setup.start_with([("WS_OUTBOX_MESSAGES", "65536")]).await;
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
    let overflows = metric(&target.address, "lockstep_outbox_overflows_total").await;
    if overflows.is_some_and(|overflows| overflows > 0.0) {
        out.fail("the server closed the connection that stalls, before the end of the measurement".to_owned());
    }
    out.add("deliveries to 500 beside one that stalls", beside, "/s", None);
    out.add(
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
    // Until the server reads no more of its requests, so that they are not what is measured.
    let mut before = -1.0;
    loop {
        // Another binary may have no such metric; then a fixed time has to do.
        let Some(now) = metric(address, "lockstep_messages_in_total").await else {
            tokio::time::sleep(Duration::from_secs(3)).await;
            break;
        };
        if now == before {
            break;
        }
        before = now;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    (stalled, unread)
}

/// The value of a metric without labels; `None` when the server does not have it.
async fn metric(address: &str, name: &str) -> Option<f64> {
    let answer = reqwest::get(format!("http://{address}/metrics")).await.unwrap();
    let text = answer.text().await.unwrap();
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    value.map(|value| value.parse().expect("a number"))
}

async fn read((writer, mut reader): (client::Writer, client::Reader), delivered: Arc<AtomicU64>) {
    while client::next(&mut reader).await.is_some() {
        delivered.fetch_add(1, Ordering::Relaxed);
    }
    drop(writer);
}

async fn run(setup: &Setup, rooms: usize, sockets: usize, time: Duration) -> f64 {
    let target = setup.start().await;
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
