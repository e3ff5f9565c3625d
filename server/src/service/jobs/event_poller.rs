//! Polls the event log every few seconds, in case a node crashed after it committed an event but before it published
//! it, or a new NATS subscription was not yet known to the whole cluster. Where a log has grown, its readers get a
//! watermark; readers that are behind it read the missing events from the log.

use crate::{
    metrics::JobMetrics,
    service::streams::TIMERS,
    store::{Store, StoreError, events},
};
use hub::{Hub, Message, StreamId};
use std::{collections::HashMap, sync::Arc, time::Duration};

/// Interval of polls.
const INTERVAL: Duration = Duration::from_secs(5);

/// Polls periodically; returns at once on a node without peers.
pub async fn run(store: Store, hub: Hub, metrics: JobMetrics) {
    if !hub.has_peers() {
        return;
    }
    let mut known = HashMap::new();
    loop {
        tokio::time::sleep(INTERVAL).await;
        let polled = poll(&store, &hub, &known, &metrics).await;
        metrics.round("event_poller", &polled);
        match polled {
            Ok(newest) => known = newest,
            Err(error) => tracing::warn!(%error, "the event log could not be polled; the next poll tries again"),
        }
    }
}

/// Sends a watermark to the rooms of streams that have grown since the last poll. Returns the newest `seq` of each
/// stream.
async fn poll(
    store: &Store,
    hub: &Hub,
    known: &HashMap<StreamId, u64>,
    metrics: &JobMetrics,
) -> Result<HashMap<StreamId, u64>, StoreError> {
    let rooms = hub.room_ids().into_iter().filter(|room| room.scope() == TIMERS);
    let streams: Vec<StreamId> = rooms.map(StreamId::from).collect();
    let newest = store.query(async |conn| events::heads(conn, &streams).await).await?;
    for (stream, seq) in &newest {
        if known.get(stream).copied().unwrap_or_default() != *seq {
            let watermark = Message::watermark(stream.clone(), *seq);
            hub.to_room(stream.room(), &Arc::new(watermark), None);
            metrics.grown(1);
        }
    }
    Ok(newest)
}
