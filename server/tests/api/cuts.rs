//! A device whose network comes and goes, while another one works.

use crate::support::{Client, TestServer, User, act, create, seeded};
use protocol::timers::{Action, Body, ServerMessage};
use rand::{RngExt, rngs::StdRng};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

const CUTS: u32 = 200;
/// The longest that a connection lives before it is cut; shaking hands takes a part of it.
const LIFE: Duration = Duration::from_millis(20);

/// The device under test: all that it saw, over all its connections.
struct Away {
    epoch: String,
    seen: Vec<ServerMessage>,
}

impl Away {
    async fn new(user: &User) -> Self {
        let mut client = user.connect().open().await.unwrap();
        let Body::Connected { epoch, seq: 0, .. } = client.next().await.body else {
            panic!("not the beginning")
        };
        let seen = Vec::new();
        Self { epoch, seen }
    }

    /// Connects from where it was, and takes what comes into `seen` until that many are there. It can be cancelled
    /// wherever it is: in the handshake, among what was missed, or live.
    async fn live(&mut self, user: &User, connection: &mut Option<Client>, events: usize) {
        let since = format!("since={}:{}", self.epoch, self.seen.len());
        let client = connection.insert(user.connect().query(&since).open().await.unwrap());
        let Body::Connected { epoch, seq, .. } = client.next().await.body else {
            panic!("not connected")
        };
        assert_eq!(epoch, self.epoch);
        assert!(seq >= self.seen.len() as u64, "the log is behind what was told");
        while self.seen.len() < events {
            let message = client.next().await;
            let next = self.seen.len() as u64 + 1;
            assert_eq!(message.seq, Some(next), "each event once and in order: {message:?}");
            self.seen.push(message);
        }
    }

    /// The same, until a moment comes or there are enough events; then the connection ends, one way or the other.
    async fn cut(&mut self, user: &User, cut: Cut, kindly: bool) {
        let mut connection = None;
        match cut {
            Cut::At(moment) => drop(timeout_at(moment, self.live(user, &mut connection, usize::MAX)).await),
            Cut::After(events) => self.live(user, &mut connection, self.seen.len() + events).await,
        }
        match connection {
            Some(client) if kindly => client.leave().await,
            Some(client) => client.cut(),
            None => {}
        }
    }
}

enum Cut {
    /// Wherever it is then.
    At(Instant),
    /// In the middle of things, with so many events more.
    After(usize),
}

/// The device that works until it is told to stop: what it was told, each message an event.
async fn work(mut client: Client, mut random: StdRng, stop: CancellationToken) -> Vec<ServerMessage> {
    let mut told = Vec::new();
    let mut active = Vec::new();
    while !stop.is_cancelled() {
        let command = if active.len() < 3 {
            create(&format!("Timer {}", told.len()))
        } else {
            let (id, paused) = active.swap_remove(random.random_range(0..active.len()));
            let action = match random.random_range(0..10) {
                0 => Action::Stop,
                1 => Action::Cancel,
                _ if paused => Action::Resume,
                _ => Action::Pause,
            };
            act(action, id)
        };
        client.send(command).await;
        let message = client.next().await;
        let Body::Timer { timer, .. } = &message.body else {
            panic!("a command failed: {message:?}")
        };
        if timer.status.is_active() {
            active.push((timer.id, timer.paused_at.is_some()));
        }
        told.push(message);
    }
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_seen_over_200_cuts_is_the_log() {
    let mut random = seeded();
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let mut phone = Away::new(&ada).await;
    let stop = CancellationToken::new();
    let worker_random = rand::SeedableRng::from_rng(&mut random);
    let worker = tokio::spawn(work(ada.connect().live().await, worker_random, stop.clone()));

    for _ in 0..CUTS {
        let cut = if random.random_bool(0.5) {
            Cut::At(Instant::now() + LIFE.mul_f64(random.random_range(0.0..1.0)))
        } else {
            Cut::After(random.random_range(1..=4))
        };
        phone.cut(&ada, cut, random.random_bool(0.5)).await;
    }
    stop.cancel();
    let told = worker.await.unwrap();
    phone.live(&ada, &mut None, told.len()).await;
    assert_eq!(phone.seen, told);
    let mut fresh = Away {
        seen: Vec::new(),
        ..phone
    };
    fresh.live(&ada, &mut None, told.len()).await;
    assert_eq!(fresh.seen, told, "who was never there sees the same");
    eprintln!("{} events", told.len());
}
