//! One row for each kind.

use crate::{
    Bounds,
    flood::{self, Outcomes},
    kinds::Kind,
    target::Target,
    watch::{self, Latencies, Watch},
};
use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

/// After the flood, memory has this long to go back.
const SETTLE: Duration = Duration::from_secs(5);

/// What one kind came to.
pub struct Row {
    kind: Kind,
    sent: usize,
    took: Duration,
    outcomes: Outcomes,
    /// In MiB, before the flood, at most, and after it.
    memory: [Option<f64>; 3],
    health: Latencies,
    answers_after: bool,
    panicked: bool,
}

pub fn print_head(bounds: &Bounds) {
    println!(
        "{} requests of each kind, from {} client address(es), at most {} s each\n\n\
         | kind | sent | took | outcomes | MiB before | at most | after | /health median | max | failed | |\n\
         | --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
        bounds.count,
        bounds.addresses,
        bounds.time.as_secs()
    );
}

/// Floods a server of its own.
pub async fn measure(kind: Kind, bounds: &Bounds) -> Row {
    let target = Arc::new(Target::start(bounds.addresses).await);
    let before = target.memory_mib("VmRSS");
    let watch = Watch::start(&target);
    let start = Instant::now();
    let outcomes = flood::run(&kind, &target, bounds).await;
    let took = start.elapsed();
    let health = watch.stop().await;
    tokio::time::sleep(SETTLE).await;
    let answers_after = watch::ask(&target).await.is_some();
    Row {
        kind,
        sent: outcomes.values().sum(),
        took,
        outcomes,
        memory: [before, target.memory_mib("VmHWM"), target.memory_mib("VmRSS")],
        health,
        answers_after,
        panicked: target.has_panicked(),
    }
}

impl Row {
    /// Whether the server did not fail, still answers and has given its memory back.
    pub fn held(&self) -> bool {
        let [Some(before), Some(_), Some(after)] = self.memory else {
            return false;
        };
        self.answers_after
            && !self.panicked
            && !self.outcomes.contains_key("500")
            && after - before <= self.kind.growth_mib
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcomes: Vec<_> = self
            .outcomes
            .iter()
            .map(|(outcome, count)| format!("{count} × {outcome}"))
            .collect();
        write!(
            f,
            "| {} | {} | {:.1} s | {} |",
            self.kind.name,
            self.sent,
            self.took.as_secs_f64(),
            outcomes.join(", ")
        )?;
        for mib in self.memory {
            match mib {
                Some(mib) => write!(f, " {mib:.0} |")?,
                None => write!(f, " ended |")?,
            }
        }
        let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
        let verdict = if self.held() { "" } else { "✗" };
        write!(
            f,
            " {:.0} ms | {:.0} ms | {} | {verdict} |",
            ms(self.health.median()),
            ms(self.health.max()),
            self.health.failed
        )
    }
}
