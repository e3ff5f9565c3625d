//! Metrics of the periodic jobs.

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family},
    registry::Registry,
};

/// The metrics of `service/jobs/`.
#[derive(Clone, Default)]
pub struct JobMetrics {
    rounds: Family<RoundLabels, Counter>,
    grown_streams: Counter,
    deleted: Family<DeletedLabels, Counter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RoundLabels {
    job: &'static str,
    result: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DeletedLabels {
    kind: &'static str,
}

impl JobMetrics {
    /// Adds the metrics to a registry.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("job_rounds", "Rounds of periodic jobs", self.rounds.clone());
        registry.register(
            "event_poller_grown_streams",
            "Streams that had grown since the event log was polled before",
            self.grown_streams.clone(),
        );
        registry.register(
            "housekeeping_deleted",
            "Rows that were no longer needed and were deleted, of timer histories whole ones",
            self.deleted.clone(),
        );
    }

    /// Counts a round of a job.
    pub fn round<T, E>(&self, job: &'static str, result: &Result<T, E>) {
        let result = if result.is_ok() { "succeeded" } else { "failed" };
        self.rounds.get_or_create(&RoundLabels { job, result }).inc();
    }

    /// Counts streams for which the event poller sent a watermark.
    pub fn grown(&self, streams: u64) {
        self.grown_streams.inc_by(streams);
    }

    /// Counts rows that housekeeping deleted.
    pub fn deleted(&self, kind: &'static str, count: u64) {
        self.deleted.get_or_create(&DeletedLabels { kind }).inc_by(count);
    }
}
