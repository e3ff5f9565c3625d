//! The offset of the server's clock from this device's, estimated from round trips.

use protocol::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Number of samples kept.
const MAX_SAMPLES: usize = 8;
/// The difference between two samples beyond their error bounds, in milliseconds, at which a clock was set.
const TOLERANCE_MILLIS: f64 = 50.0;

/// One round trip: the server's time lies somewhere within it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Server minus device, in milliseconds, taking the middle of the round trip.
    offset: f64,
    /// The largest possible error of `offset`, in milliseconds.
    error: f64,
}

impl Sample {
    /// A round trip: when it began and ended on the device's clock, in milliseconds, and the server's time in between.
    pub fn new(sent: f64, received: f64, server: Timestamp) -> Self {
        Self {
            offset: server.millis() as f64 - (sent + received) / 2.0,
            error: (received - sent).max(0.0) / 2.0,
        }
    }
}

/// The estimate: the sample with the shortest round trip of the last few.
#[derive(Clone, Debug)]
pub struct ServerClock {
    samples: VecDeque<Sample>,
}

impl ServerClock {
    /// Starts from the page itself: the server rendered `now`, received at `device_millis` on the device's clock.
    pub fn new(now: Timestamp, device_millis: f64) -> Self {
        let guess = Sample {
            offset: now.millis() as f64 - device_millis,
            error: f64::INFINITY,
        };
        Self {
            samples: VecDeque::from([guess]),
        }
    }

    /// Adds a round trip.
    pub fn add(&mut self, sample: Sample) {
        // Both bounds hold unless a clock was set or the device slept: then older samples are invalid.
        self.samples
            .retain(|known| (known.offset - sample.offset).abs() <= known.error + sample.error + TOLERANCE_MILLIS);
        self.samples.push_back(sample);
        if self.samples.len() > MAX_SAMPLES {
            self.samples.pop_front();
        }
    }

    /// Takes the estimate of another tab, whose device's clock is the same.
    pub fn adopt(&mut self, sample: Sample) {
        self.samples.clear();
        self.samples.push_back(sample);
    }

    /// The round trip that the estimate rests on; `None` before the first.
    pub fn best(&self) -> Option<Sample> {
        let best = self.samples.iter().min_by(|a, b| a.error.total_cmp(&b.error));
        best.copied().filter(|best| best.error.is_finite())
    }

    /// Milliseconds to add to the device's clock.
    pub fn offset(&self) -> f64 {
        let best = self.best().or(self.samples.back().copied());
        best.map_or(0.0, |best| best.offset)
    }

    /// The server's time when the device's clock shows `device_millis`.
    pub fn at(&self, device_millis: f64) -> Timestamp {
        Timestamp::from_millis((device_millis + self.offset()).round() as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn the_offset_is_that_of_the_shortest_round_trip() {
        let mut clock = ServerClock::new(at(10_000), 4_000.0);
        assert_eq!(clock.offset(), 6_000.0);
        clock.add(Sample::new(5_000.0, 5_400.0, at(10_390))); // 5,190 ± 200
        assert_eq!(
            clock.offset(),
            5_190.0,
            "a measured sample replaces the initial estimate"
        );
        clock.add(Sample::new(6_000.0, 6_020.0, at(11_010))); // 5,000 ± 10
        clock.add(Sample::new(7_000.0, 7_300.0, at(12_290))); // 5,140 ± 150
        assert_eq!(clock.offset(), 5_000.0);
        assert_eq!(clock.at(8_000.0), at(13_000));
    }

    #[test]
    fn setting_a_clock_discards_older_samples() {
        let mut clock = ServerClock::new(at(0), 0.0);
        clock.add(Sample::new(1_000.0, 1_010.0, at(1_005)));
        assert_eq!(clock.offset(), 0.0);
        clock.add(Sample::new(62_000.0, 62_200.0, at(2_100))); // the device's clock went a minute ahead
        assert_eq!(clock.offset(), -60_000.0, "even though its round trip was longer");
    }

    #[test]
    fn old_samples_are_discarded() {
        let mut clock = ServerClock::new(at(0), 0.0);
        clock.add(Sample::new(0.0, 2.0, at(1)));
        for i in 1..=8 {
            let sent = f64::from(i) * 1_000.0;
            clock.add(Sample::new(sent, sent + 100.0, at(sent as i64 + 60)));
        }
        assert_eq!(clock.offset(), 10.0);
    }
}
