//! What the hub counts, for `GET /metrics`.

use super::Ending;
use std::{
    fmt::Write,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

/// Upper ends of the handler latencies' buckets, microseconds.
const BUCKETS: [u64; 8] = [100, 500, 1_000, 5_000, 10_000, 50_000, 250_000, 1_000_000];
/// The close codes that are told apart; others are counted together.
const CODES: [u16; 13] = [
    1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011, 1012, 4008, 4029,
];
/// Who began a close, which says what its code means: a client may send any. One that breaks off is the client's.
const SIDES: [&str; 2] = ["server", "client"];

/// Counters; each is one atomic addition.
#[derive(Default)]
pub struct Figures {
    messages_in: AtomicU64,
    messages_out: AtomicU64,
    bytes_in: AtomicU64,
    bytes_out: AtomicU64,
    overflows: AtomicU64,
    panics: AtomicU64,
    bus_in: AtomicU64,
    bus_out: AtomicU64,
    bus_losses: AtomicU64,
    closes: [[AtomicU64; CODES.len() + 1]; SIDES.len()],
    latencies: [AtomicU64; BUCKETS.len() + 1],
    latency_micros: AtomicU64,
}

impl Figures {
    pub(super) fn heard(&self, bytes: usize) {
        self.messages_in.fetch_add(1, Relaxed);
        self.bytes_in.fetch_add(bytes as u64, Relaxed);
    }

    pub(super) fn said(&self, messages: u64, bytes: u64) {
        self.messages_out.fetch_add(messages, Relaxed);
        self.bytes_out.fetch_add(bytes, Relaxed);
    }

    pub(super) fn overflowed(&self) {
        self.overflows.fetch_add(1, Relaxed);
    }

    pub(super) fn panicked(&self) {
        self.panics.fetch_add(1, Relaxed);
    }

    /// A frame came from another node.
    pub(super) fn carried_in(&self) {
        self.bus_in.fetch_add(1, Relaxed);
    }

    /// A frame went to other nodes.
    pub(super) fn carried_out(&self) {
        self.bus_out.fetch_add(1, Relaxed);
    }

    /// Something was lost between nodes.
    pub(super) fn lost(&self) {
        self.bus_losses.fetch_add(1, Relaxed);
    }

    pub(super) fn closed(&self, ending: &Ending) {
        let code = ending.code();
        let index = CODES.iter().position(|known| *known == code).unwrap_or(CODES.len());
        let side = usize::from(!matches!(ending, Ending::Ours(_)));
        self.closes[side][index].fetch_add(1, Relaxed);
    }

    pub(super) fn handled(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let index = BUCKETS.iter().position(|end| micros <= *end).unwrap_or(BUCKETS.len());
        self.latencies[index].fetch_add(1, Relaxed);
        self.latency_micros.fetch_add(micros, Relaxed);
    }

    /// The Prometheus text format, version 0.0.4.
    pub(super) fn text(&self, connections: usize, rooms: usize) -> String {
        let mut out = String::with_capacity(2_048);
        let mut one = |name: &str, kind: &str, value: u64| {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "# TYPE lockstep_{name} {kind}\nlockstep_{name} {value}");
        };
        one("connections", "gauge", connections as u64);
        one("rooms", "gauge", rooms as u64);
        one("messages_in_total", "counter", self.messages_in.load(Relaxed));
        one("messages_out_total", "counter", self.messages_out.load(Relaxed));
        one("bytes_in_total", "counter", self.bytes_in.load(Relaxed));
        one("bytes_out_total", "counter", self.bytes_out.load(Relaxed));
        one("outbox_overflows_total", "counter", self.overflows.load(Relaxed));
        one("handler_panics_total", "counter", self.panics.load(Relaxed));
        one("bus_messages_in_total", "counter", self.bus_in.load(Relaxed));
        one("bus_messages_out_total", "counter", self.bus_out.load(Relaxed));
        one("bus_losses_total", "counter", self.bus_losses.load(Relaxed));
        out.push_str("# TYPE lockstep_closes_total counter\n");
        for (side, closes) in SIDES.iter().zip(&self.closes) {
            let names = CODES.iter().map(u16::to_string).chain(["other".to_owned()]);
            for (code, count) in names.zip(closes) {
                let count = count.load(Relaxed);
                let _ = writeln!(out, "lockstep_closes_total{{by=\"{side}\",code=\"{code}\"}} {count}");
            }
        }
        out.push_str("# TYPE lockstep_handler_seconds histogram\n");
        let ends = BUCKETS
            .iter()
            .map(|end| (*end as f64 / 1e6).to_string())
            .chain(["+Inf".to_owned()]);
        let mut count = 0;
        for (end, bucket) in ends.zip(&self.latencies) {
            count += bucket.load(Relaxed);
            let _ = writeln!(out, "lockstep_handler_seconds_bucket{{le=\"{end}\"}} {count}");
        }
        let sum = self.latency_micros.load(Relaxed) as f64 / 1e6;
        let _ = writeln!(
            out,
            "lockstep_handler_seconds_sum {sum}\nlockstep_handler_seconds_count {count}"
        );
        out
    }
}
