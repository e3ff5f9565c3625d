//! Durable commands: how many, how soon they are acknowledged, and how soon the user's other devices see them.

use crate::{
    client::{self, Seen, percentile},
    table::Table,
    target::Target,
};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::{sync::mpsc, task::JoinSet, time::timeout};

/// What one device does over and over: a timer's life, so that no history grows for ever.
const LIFE: [&str; 8] = [
    "create", "pause", "resume", "pause", "resume", "pause", "resume", "stop",
];

/// When each command of one device was sent, for one other device to look up as it sees them.
type Sent = Arc<Mutex<VecDeque<Instant>>>;

#[derive(Default)]
pub struct Times {
    /// From a command to its acknowledgement.
    pub acks: Vec<Duration>,
    /// From a command to its sight at another device of the user.
    pub seen: Vec<Duration>,
}

/// 20 users with 2 devices each, every one sending its next command as soon as the last is acknowledged.
pub async fn closed_loop(table: &mut Table, time: Duration) {
    let times = run(20, 2, Duration::ZERO, time).await;
    table.add(
        "durable commands, closed loop",
        times.acks.len() as f64 / time.as_secs_f64(),
        "/s",
        Some("≥ 8000"),
    );
    latencies(table, "closed loop", times, None);
}

/// 5 users with 3 devices each, every one sending a command each 50 ms.
pub async fn paced(table: &mut Table, time: Duration) {
    let times = run(5, 3, Duration::from_millis(50), time).await;
    latencies(table, "paced", times, Some("≤ 10"));
}

fn latencies(table: &mut Table, name: &str, mut times: Times, aim: Option<&'static str>) {
    for (what, times, aim) in [("acknowledged", &mut times.acks, None), ("seen", &mut times.seen, aim)] {
        times.sort_unstable();
        table.add(&format!("{what} p50, {name}"), percentile(times, 50), "ms", None);
        table.add(&format!("{what} p99, {name}"), percentile(times, 99), "ms", aim);
    }
}

async fn run(users: usize, devices: usize, pace: Duration, time: Duration) -> Times {
    run_on(Arc::new(Target::start().await), users, devices, pace, time).await
}

/// Each device of each user sends its next command after the last one's acknowledgement, and not sooner than `pace` after it.
pub async fn run_on(target: Arc<Target>, users: usize, devices: usize, pace: Duration, time: Duration) -> Times {
    // All are there before the first one acts: who comes later would miss what was done before.
    let mut all_devices = Vec::new();
    for user in 0..users {
        let token = target.token_for(&format!("user-{user}"), time + Duration::from_secs(300));
        let mut connected = Vec::new();
        for _ in 0..devices {
            connected.push(client::live(&target.address, &token).await);
        }
        all_devices.push(connected);
    }
    let mut tasks = JoinSet::new();
    for connected in all_devices {
        // One queue for each (author, observer).
        let sent: Vec<Vec<Sent>> = (0..devices)
            .map(|_| (0..devices).map(|_| Sent::default()).collect())
            .collect();
        for (device, (writer, reader)) in connected.into_iter().enumerate() {
            let (acks, acknowledged) = mpsc::unbounded_channel();
            let others = (0..devices).filter(|other| *other != device);
            let for_others = others.map(|other| sent[device][other].clone()).collect();
            let from_others = (0..devices).map(|author| sent[author][device].clone()).collect();
            tasks.spawn(author(writer, device, for_others, acknowledged, pace, time));
            // An observer that receives nothing for so long has received everything.
            let silence = Duration::from_millis(500).max(pace * 100);
            tasks.spawn(observe(reader, from_others, acks, time, silence));
        }
    }
    let mut all = Times::default();
    while let Some(times) = tasks.join_next().await {
        let Times { acks, seen } = times.unwrap();
        all.acks.extend(acks);
        all.seen.extend(seen);
    }
    all
}

/// Sends commands, each after the acknowledgement of the one before and not sooner than `pace` after it.
async fn author(
    mut writer: client::Writer,
    device: usize,
    observers: Vec<Sent>,
    mut acknowledged: mpsc::UnboundedReceiver<String>,
    pace: Duration,
    time: Duration,
) -> Times {
    let (start, mut times, mut timer) = (Instant::now(), Times::default(), String::new());
    for (number, action) in LIFE.iter().cycle().enumerate() {
        if start.elapsed() > time {
            break;
        }
        let subject = if *action == "create" {
            device.to_string()
        } else {
            timer.clone()
        };
        let text = client::command(&format!("{device}-{number}"), action, &subject);
        let sent = Instant::now();
        for observer in &observers {
            observer.lock().unwrap().push_back(sent);
        }
        client::send(&mut writer, text).await;
        timer = acknowledged.recv().await.expect("an acknowledgement");
        times.acks.push(sent.elapsed());
        tokio::time::sleep(pace.saturating_sub(sent.elapsed())).await;
    }
    times
}

/// Reads: hands acknowledgements to the author beside it, and notes when it sees what the others did.
async fn observe(
    mut reader: client::Reader,
    from: Vec<Sent>,
    acks: mpsc::UnboundedSender<String>,
    time: Duration,
    silence: Duration,
) -> Times {
    let (start, mut times) = (Instant::now(), Times::default());
    while let Ok(Some(message)) = timeout(silence, client::next(&mut reader)).await {
        let text = message.to_text().unwrap();
        let seen: Seen = serde_json::from_str(text).unwrap();
        let timer = seen.payload.timer.expect("a timer");
        if seen.reply_to.is_some() {
            // The author has gone home when its time is over.
            let _ = acks.send(timer.id.to_owned());
        } else {
            let author: usize = timer.title.parse().unwrap();
            let sent = from[author]
                .lock()
                .unwrap()
                .pop_front()
                .expect("it was sent before it was seen");
            times.seen.push(sent.elapsed());
        }
        if start.elapsed() > time * 3 {
            break;
        }
    }
    times
}
