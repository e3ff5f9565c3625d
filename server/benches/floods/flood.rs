//! One kind of request, many times at once.

use crate::{Bounds, kinds::Kind, target::Target};
use std::{collections::BTreeMap, sync::Arc};
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{Instant, timeout_at},
};

/// How often each outcome was seen.
pub type Outcomes = BTreeMap<String, usize>;

/// Sends requests until all are answered or the time is over; what is still open then is closed.
pub async fn run(kind: &Kind, target: &Arc<Target>, bounds: &Bounds) -> Outcomes {
    let deadline = Instant::now() + bounds.time;
    let slots = Arc::new(Semaphore::new(kind.at_once));
    let mut tasks = JoinSet::new();
    for n in 0..bounds.count {
        let Ok(slot) = timeout_at(deadline, slots.clone().acquire_owned()).await else {
            break;
        };
        let outcome = (kind.send)(target.clone(), n);
        tasks.spawn(async move {
            let outcome = timeout_at(deadline, outcome).await;
            drop(slot);
            outcome.unwrap_or_else(|_| "open at the end".to_owned())
        });
    }
    let mut outcomes = Outcomes::new();
    for outcome in tasks.join_all().await {
        *outcomes.entry(outcome).or_default() += 1;
    }
    outcomes
}
