//! Metrics of the store: its writer and its read connections.

use super::{StoreError, readers::Readers, writer::Writer};
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric},
    metrics::{TypedMetric, counter::Counter, family::Family, gauge::ConstGauge, histogram::Histogram},
    registry::{Registry, Unit},
};
use std::{
    fmt,
    time::{Duration, Instant},
};

/// Upper bounds of the buckets of jobs in a transaction.
const JOB_BUCKETS: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];
/// Upper bounds of the buckets of a transaction's duration, in seconds.
const TRANSACTION_BUCKETS: [f64; 10] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5];
/// Upper bounds of the buckets of the wait for a connection, in seconds.
const WAIT_BUCKETS: [f64; 8] = [0.0001, 0.0005, 0.001, 0.005, 0.025, 0.1, 1.0, 10.0];

/// The writer's metrics.
#[derive(Clone)]
pub(super) struct WriterMetrics {
    transactions: Family<ResultLabels, Counter>,
    jobs: Histogram,
    duration: Histogram,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ResultLabels {
    result: &'static str,
}

impl Default for WriterMetrics {
    fn default() -> Self {
        Self {
            transactions: Family::default(),
            jobs: Histogram::new(JOB_BUCKETS),
            duration: Histogram::new(TRANSACTION_BUCKETS),
        }
    }
}

impl WriterMetrics {
    fn register(&self, registry: &mut Registry) {
        registry.register(
            "writer_transactions",
            "Transactions of the writer, by how they ended",
            self.transactions.clone(),
        );
        registry.register(
            "writer_transaction_jobs",
            "Jobs that shared a transaction",
            self.jobs.clone(),
        );
        registry.register_with_unit(
            "writer_transaction_duration",
            "Time from a transaction's begin to its commit",
            Unit::Seconds,
            self.duration.clone(),
        );
    }

    pub fn transaction(&self, jobs: usize, duration: Duration, committed: bool) {
        let result = if committed { "committed" } else { "rolled_back" };
        self.transactions.get_or_create(&ResultLabels { result }).inc();
        self.jobs.observe(jobs as f64);
        self.duration.observe(duration.as_secs_f64());
    }
}

/// The metrics of read connections.
#[derive(Clone)]
pub(super) struct ReadMetrics {
    wait: Histogram,
    busy: Counter,
}

impl Default for ReadMetrics {
    fn default() -> Self {
        Self {
            wait: Histogram::new(WAIT_BUCKETS),
            busy: Counter::default(),
        }
    }
}

impl ReadMetrics {
    fn register(&self, registry: &mut Registry) {
        registry.register_with_unit(
            "store_read_wait",
            "Time that a read waited for a connection",
            Unit::Seconds,
            self.wait.clone(),
        );
        registry.register(
            "store_reads_refused",
            "Reads that got no connection in time, or had too many others of their user before them",
            self.busy.clone(),
        );
    }

    /// Measures the time that a read waits for its connection, and counts failures.
    pub async fn measure_wait<T>(&self, acquire: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        let start = Instant::now();
        let result = acquire.await;
        match &result {
            Ok(_) => self.wait.observe(start.elapsed().as_secs_f64()),
            Err(StoreError::Busy) => {
                self.busy.inc();
            }
            Err(_) => {}
        }
        result
    }
}

/// Adds the store's metrics to a registry.
pub(super) fn register(registry: &mut Registry, writer: &Writer, readers: &Readers) {
    writer.metrics().register(registry);
    readers.metrics().register(registry);
    registry.register_collector(Box::new(Levels {
        queue: writer.queue_length(),
        connections: readers.connections(),
    }));
}

/// Current levels, read at each scrape.
struct Levels<Q, C> {
    /// The number of queued jobs of the writer.
    queue: Q,
    /// The number of busy and idle read connections.
    connections: C,
}

impl<Q, C> fmt::Debug for Levels<Q, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Levels").finish_non_exhaustive()
    }
}

impl<Q, C> Collector for Levels<Q, C>
where
    Q: Fn() -> usize + Send + Sync + 'static,
    C: Fn() -> [usize; 2] + Send + Sync + 'static,
{
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), fmt::Error> {
        let [in_use, idle] = (self.connections)();
        for (name, help, value) in [
            ("writer_queue_length", "Jobs that wait for the writer.", (self.queue)()),
            (
                "store_connections_in_use",
                "Connections that read at the moment.",
                in_use,
            ),
            ("store_connections_idle", "Connections that wait for a read.", idle),
        ] {
            let gauge = ConstGauge::new(value as i64);
            gauge.encode(encoder.encode_descriptor(name, help, None, ConstGauge::<i64>::TYPE)?)?;
        }
        Ok(())
    }
}
