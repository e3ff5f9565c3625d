//! The hub's metrics for Prometheus.

use crate::CloseOutcome;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

/// Upper bounds of the buckets of handler latencies, seconds.
const LATENCY_BUCKETS: [f64; 8] = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.25, 1.0];
/// Close codes that are counted separately; all others share one label, since a client may send any code.
const CODES: [u16; 13] = [
    1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011, 1012, 4008, 4029,
];

/// The metrics. Each update is an atomic addition.
pub(crate) struct Metrics {
    pub connections: Gauge,
    pub rooms: Gauge,
    pub messages_in: Counter,
    pub messages_out: Counter,
    pub bytes_in: Counter,
    pub bytes_out: Counter,
    pub outbox_overflows: Counter,
    pub handler_panics: Counter,
    pub stream_fetches: Counter,
    pub bus_messages_in: Counter,
    pub bus_messages_out: Counter,
    pub bus_messages_unknown: Counter,
    pub bus_losses: Counter,
    pub handler_seconds: Histogram,
    closes: Family<CloseLabels, Counter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CloseLabels {
    /// The side that closed; a broken connection counts as the client's.
    by: &'static str,
    code: String,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            connections: Gauge::default(),
            rooms: Gauge::default(),
            messages_in: Counter::default(),
            messages_out: Counter::default(),
            bytes_in: Counter::default(),
            bytes_out: Counter::default(),
            outbox_overflows: Counter::default(),
            handler_panics: Counter::default(),
            stream_fetches: Counter::default(),
            bus_messages_in: Counter::default(),
            bus_messages_out: Counter::default(),
            bus_messages_unknown: Counter::default(),
            bus_losses: Counter::default(),
            handler_seconds: Histogram::new(LATENCY_BUCKETS),
            closes: Family::default(),
        }
    }
}

impl Metrics {
    /// Registers the metrics.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("connections", "Open WebSocket connections", self.connections.clone());
        registry.register("rooms", "Rooms that have a connection on this node", self.rooms.clone());
        for (name, help, counter) in [
            ("messages_in", "Messages from clients", &self.messages_in),
            ("messages_out", "Messages to clients", &self.messages_out),
            (
                "outbox_overflows",
                "Connections closed since their outbox was full",
                &self.outbox_overflows,
            ),
            ("handler_panics", "Handlers that panicked", &self.handler_panics),
            (
                "stream_fetches",
                "Times that events were read from a stream's log",
                &self.stream_fetches,
            ),
            ("bus_messages_in", "Frames from other nodes", &self.bus_messages_in),
            ("bus_messages_out", "Frames to other nodes", &self.bus_messages_out),
            (
                "bus_messages_unknown",
                "Frames from other nodes for a protocol that this node does not have",
                &self.bus_messages_unknown,
            ),
            (
                "bus_losses",
                "Times that frames between nodes were lost",
                &self.bus_losses,
            ),
        ] {
            registry.register(name, help, counter.clone());
        }
        for (name, help, counter) in [
            ("bytes_in", "Payload of messages from clients", &self.bytes_in),
            ("bytes_out", "Frames to clients, after compression", &self.bytes_out),
        ] {
            registry.register(name, help, counter.clone());
        }
        registry.register(
            "closes",
            "Connections that ended, by side and close code",
            self.closes.clone(),
        );
        registry.register_with_unit(
            "handler",
            "Time that a handler took for a message",
            Unit::Seconds,
            self.handler_seconds.clone(),
        );
    }

    /// Counts the end of a connection.
    pub fn closed(&self, outcome: &CloseOutcome) {
        let code = outcome.code();
        let labels = CloseLabels {
            by: if matches!(outcome, CloseOutcome::Server(_)) {
                "server"
            } else {
                "client"
            },
            code: if CODES.contains(&code) {
                code.to_string()
            } else {
                "other".to_owned()
            },
        };
        self.closes.get_or_create(&labels).inc();
    }
}
