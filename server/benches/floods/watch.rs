//! What others notice meanwhile: `/health`, asked from an address of its own over a connection of its own.

use crate::{http, target::Target};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{sync::watch, task::JoinHandle, time::timeout};

/// How often `/health` is asked.
const PERIOD: Duration = Duration::from_millis(100);
/// An answer that takes longer is none.
const TOO_LONG: Duration = Duration::from_secs(20);

/// How long `/health` took.
#[derive(Default)]
pub struct Latencies {
    answered: Vec<Duration>,
    pub failed: usize,
}

impl Latencies {
    pub fn median(&self) -> Duration {
        let mut sorted = self.answered.clone();
        sorted.sort();
        sorted.get(sorted.len() / 2).copied().unwrap_or_default()
    }

    pub fn max(&self) -> Duration {
        self.answered.iter().max().copied().unwrap_or_default()
    }
}

/// A watch that runs until it is stopped.
pub struct Watch {
    stop: watch::Sender<bool>,
    task: JoinHandle<Latencies>,
}

impl Watch {
    pub fn start(target: &Arc<Target>) -> Self {
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(observe(target.clone(), stopped));
        Self { stop, task }
    }

    pub async fn stop(self) -> Latencies {
        let _ = self.stop.send(true);
        self.task.await.unwrap()
    }
}

async fn observe(target: Arc<Target>, stopped: watch::Receiver<bool>) -> Latencies {
    let mut latencies = Latencies::default();
    while !*stopped.borrow() {
        match ask(&target).await {
            Some(took) => latencies.answered.push(took),
            None => latencies.failed += 1,
        }
        tokio::time::sleep(PERIOD).await;
    }
    latencies
}

/// How long one answer takes, connecting included.
pub async fn ask(target: &Target) -> Option<Duration> {
    let start = Instant::now();
    let answer = async {
        let mut stream = target.connect_apart().await.ok()?;
        Some(http::exchange_on(&mut stream, &http::get("/health")).await)
    };
    let status = timeout(TOO_LONG, answer).await.ok()??;
    (status == "200").then(|| start.elapsed())
}
