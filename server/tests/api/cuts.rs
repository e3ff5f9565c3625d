//! A device whose connection is cut again and again while another one works.

use crate::support::{Client, TestServer, User, act, create, seeded};
use protocol::timers::{Action, Body, ServerMessage};
use rand::{RngExt, rngs::StdRng};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

const CUTS: u32 = 200;
/// The maximum lifetime of a connection before it is cut, handshake included.
const MAX_LIFETIME: Duration = Duration::from_millis(20);

/// The device under test, with all events that it received over all its connections.
struct FlakyDevice {
    epoch: String,
    received: Vec<ServerMessage>,
}

impl FlakyDevice {
    async fn new(user: &User) -> Self {
        let mut client = user.connect().open().await.unwrap();
        let Body::Connected { epoch, seq: 0, .. } = client.next().await.body else {
            panic!("expected `connected` with `seq` 0")
        };
        let received = Vec::new();
        Self { epoch, received }
    }

    /// Resumes after the last event and appends to `received` until it has `events` entries. Can be cancelled at any
    /// point: in the handshake, in the catch-up, or live.
    async fn live(&mut self, user: &User, connection: &mut Option<Client>, events: usize) {
        let since = format!("since={}:{}", self.epoch, self.received.len());
        let client = connection.insert(user.connect().query(&since).open().await.unwrap());
        let Body::Connected { epoch, seq, .. } = client.next().await.body else {
            panic!("not connected")
        };
        assert_eq!(epoch, self.epoch);
        assert!(
            seq >= self.received.len() as u64,
            "`connected` has a lower `seq` than the events delivered before"
        );
        while self.received.len() < events {
            let message = client.next().await;
            let next = self.received.len() as u64 + 1;
            assert_eq!(message.seq, Some(next), "each event once and in order: {message:?}");
            self.received.push(message);
        }
    }

    /// Resumes until the cut, then ends the connection with a close frame or with a TCP reset.
    async fn cut(&mut self, user: &User, cut: Cut, with_close_frame: bool) {
        let mut connection = None;
        match cut {
            Cut::At(moment) => drop(timeout_at(moment, self.live(user, &mut connection, usize::MAX)).await),
            Cut::After(events) => self.live(user, &mut connection, self.received.len() + events).await,
        }
        match connection {
            Some(client) if with_close_frame => client.leave().await,
            Some(client) => client.cut(),
            None => {}
        }
    }
}

enum Cut {
    /// At an instant, whatever the connection does then.
    At(Instant),
    /// After this number of further events.
    After(usize),
}

/// Sends commands until it is stopped, and returns the events that it received.
async fn work(mut client: Client, mut random: StdRng, stop: CancellationToken) -> Vec<ServerMessage> {
    let mut events = Vec::new();
    let mut active = Vec::new();
    while !stop.is_cancelled() {
        let command = if active.len() < 3 {
            create(&format!("Timer {}", events.len()))
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
        events.push(message);
    }
    events
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn device_that_is_cut_200_times_receives_every_event_once_and_in_order() {
    let mut random = seeded();
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let mut phone = FlakyDevice::new(&ada).await;
    let stop = CancellationToken::new();
    let worker_random = rand::SeedableRng::from_rng(&mut random);
    let worker = tokio::spawn(work(ada.connect().live().await, worker_random, stop.clone()));

    for _ in 0..CUTS {
        let cut = if random.random_bool(0.5) {
            Cut::At(Instant::now() + MAX_LIFETIME.mul_f64(random.random_range(0.0..1.0)))
        } else {
            Cut::After(random.random_range(1..=4))
        };
        phone.cut(&ada, cut, random.random_bool(0.5)).await;
    }
    stop.cancel();
    let events = worker.await.unwrap();
    phone.live(&ada, &mut None, events.len()).await;
    assert_eq!(phone.received, events);
    let mut fresh = FlakyDevice {
        received: Vec::new(),
        ..phone
    };
    fresh.live(&ada, &mut None, events.len()).await;
    assert_eq!(
        fresh.received, events,
        "a device that catches up at once receives the same log"
    );
    eprintln!("{} events", events.len());
}
