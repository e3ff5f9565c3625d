//! Durable commands: how many, how soon they are acknowledged, and how soon the user's other devices see them.

use crate::{
    client::{self, Seen, percentile},
    figures::Figures,
    target::{Setup, Target},
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
    /// What the server used for all of it.
    pub cpu: Duration,
}

impl Times {
    /// The server's CPU time for each command, in milliseconds.
    fn cpu_millis(&self) -> f64 {
        self.cpu.as_secs_f64() * 1000.0 / self.acks.len() as f64
    }
}

/// 20 users with 2 devices each, every one sending its next command as soon as the last is acknowledged.
pub async fn closed_loop(setup: &Setup, out: &mut Figures, time: Duration) {
    let times = run(setup, 20, 2, Duration::ZERO, time).await;
    out.add(
        "durable commands, closed loop",
        times.acks.len() as f64 / time.as_secs_f64(),
        "/s",
        Some("≥ 8000"),
    );
    out.add(
        "CPU of a durable command, closed loop",
        times.cpu_millis(),
        "ms",
        Some("half of before"),
    );
    latencies(out, "closed loop", times, None);
}

/// 20 users with one device each, in a closed loop: what a client waits for when no event is sent to another one.
pub async fn twenty_clients(setup: &Setup, out: &mut Figures, time: Duration) {
    let mut acks = run(setup, 20, 1, Duration::ZERO, time).await.acks;
    acks.sort_unstable();
    out.add(
        "acknowledged p50, 20 clients",
        percentile(&acks, 50),
        "ms",
        Some("half of before"),
    );
    out.add("acknowledged p99, 20 clients", percentile(&acks, 99), "ms", None);
}

/// 5 users with 3 devices each, every one sending a command each 50 ms: 300 commands a second.
pub async fn paced(setup: &Setup, out: &mut Figures, time: Duration) {
    let times = run(setup, 5, 3, Duration::from_millis(50), time).await;
    latencies(out, "paced", times, Some("≤ 10"));
}

/// 5 users with 2 devices each, every one sending a command each 100 ms: 100 commands a second.
pub async fn steady(setup: &Setup, out: &mut Figures, time: Duration) {
    let times = run(setup, 5, 2, Duration::from_millis(100), time).await;
    out.add(
        "CPU of a durable command, 100 a second",
        times.cpu_millis(),
        "ms",
        Some("half of before"),
    );
    latencies(out, "100 a second", times, Some("≤ 3"));
}

fn latencies(out: &mut Figures, name: &str, mut times: Times, aim: Option<&'static str>) {
    for (what, times, aim) in [("acknowledged", &mut times.acks, None), ("seen", &mut times.seen, aim)] {
        times.sort_unstable();
        out.add(&format!("{what} p50, {name}"), percentile(times, 50), "ms", None);
        out.add(&format!("{what} p99, {name}"), percentile(times, 99), "ms", aim);
    }
}

async fn run(setup: &Setup, users: usize, devices: usize, pace: Duration, time: Duration) -> Times {
    run_on(Arc::new(setup.start().await), users, devices, pace, time).await
}

/// Each device of each user sends its next command after the last one's acknowledgement, and not sooner than `pace` after it.
/// The first ones are sent at even distances over one `pace`.
pub async fn run_on(target: Arc<Target>, users: usize, devices: usize, pace: Duration, time: Duration) -> Times {
    // All are connected before the first one acts: a later one would miss what was done before.
    let mut all_devices = Vec::new();
    for user in 0..users {
        let token = target.token_for(&format!("user-{user}"), time + Duration::from_secs(300));
        let mut connected = Vec::new();
        for _ in 0..devices {
            connected.push(client::live(&target.address, &token).await);
        }
        all_devices.push(connected);
    }
    let cpu = target.cpu();
    let (mut authors, mut observers) = (JoinSet::new(), JoinSet::new());
    let apart = pace / u32::try_from(users * devices).expect("a number of devices");
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
            let delay = apart * u32::try_from(authors.len()).expect("a number of devices");
            authors.spawn(async move {
                tokio::time::sleep(delay).await;
                author(writer, device, for_others, acknowledged, pace, time).await
            });
            // An observer that receives nothing for so long has received everything.
            let silence = Duration::from_millis(500).max(pace * 100);
            observers.spawn(observe(reader, from_others, acks, time, silence));
        }
    }
    let mut all = Times::default();
    while let Some(acks) = authors.join_next().await {
        all.acks.extend(acks.unwrap());
    }
    all.cpu = target.cpu() - cpu;
    while let Some(seen) = observers.join_next().await {
        all.seen.extend(seen.unwrap());
    }
    all
}

/// Sends commands, each after the acknowledgement of the one before and not sooner than `pace` after it: the times from a
/// command to its acknowledgement. The connection stays open for its observer.
async fn author(
    mut writer: client::Writer,
    device: usize,
    observers: Vec<Sent>,
    mut acknowledged: mpsc::UnboundedReceiver<String>,
    pace: Duration,
    time: Duration,
) -> Vec<Duration> {
    let (start, mut acks, mut timer) = (Instant::now(), Vec::new(), String::new());
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
        acks.push(sent.elapsed());
        tokio::time::sleep(pace.saturating_sub(sent.elapsed())).await;
    }
    acks
}

/// Reads: hands acknowledgements to the author beside it. The times from others' commands to their sight here.
async fn observe(
    mut reader: client::Reader,
    from: Vec<Sent>,
    acks: mpsc::UnboundedSender<String>,
    time: Duration,
    silence: Duration,
) -> Vec<Duration> {
    let (start, mut times) = (Instant::now(), Vec::new());
    while let Ok(Some(message)) = timeout(silence, client::next(&mut reader)).await {
        let text = message.to_text().unwrap();
        let seen: Seen = serde_json::from_str(text).unwrap();
        let timer = seen.payload.timer.expect("a timer");
        if seen.reply_to.is_some() {
            // The author has ended when its time is over.
            let _ = acks.send(timer.id.to_owned());
        } else {
            let author: usize = timer.title.parse().unwrap();
            let sent = from[author]
                .lock()
                .unwrap()
                .pop_front()
                .expect("it was sent before it was seen");
            times.push(sent.elapsed());
        }
        if start.elapsed() > time * 3 {
            break;
        }
    }
    times
}
