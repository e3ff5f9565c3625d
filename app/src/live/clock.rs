//! How far the server's clock is from this device's, from round trips.

use protocol::time::Timestamp;
use std::collections::VecDeque;

/// How many samples are compared.
const KEPT: usize = 8;
/// What two samples may differ by beyond their error bounds before a clock must have been set.
const TOLERANCE_MILLIS: f64 = 50.0;

/// One round trip: the server's time lies somewhere within it.
#[derive(Clone, Copy, Debug)]
struct Sample {
    /// Server minus device, in milliseconds, taking the middle of the round trip.
    offset: f64,
    /// The truth is at most this far from `offset`.
    error: f64,
}

/// The estimate: the sample with the shortest round trip of the last few.
#[derive(Clone, Debug)]
pub struct ServerClock {
    samples: VecDeque<Sample>,
}

impl ServerClock {
    /// Begins with what the page itself tells: the server said `now` at `device_millis` on the device's clock.
    pub fn new(now: Timestamp, device_millis: f64) -> Self {
        let guess = Sample {
            offset: now.millis() as f64 - device_millis,
            error: f64::INFINITY,
        };
        Self {
            samples: VecDeque::from([guess]),
        }
    }

    /// A round trip on the device's clock, and the time the server wrote in between.
    pub fn add(&mut self, sent: f64, received: f64, server: Timestamp) {
        let sample = Sample {
            offset: server.millis() as f64 - (sent + received) / 2.0,
            error: (received - sent).max(0.0) / 2.0,
        };
        // Both bounds hold unless a clock was set, or the device slept: then what was known is worth nothing.
        self.samples
            .retain(|known| (known.offset - sample.offset).abs() <= known.error + sample.error + TOLERANCE_MILLIS);
        self.samples.push_back(sample);
        if self.samples.len() > KEPT {
            self.samples.pop_front();
        }
    }

    /// Milliseconds to add to the device's clock.
    pub fn offset(&self) -> f64 {
        self.samples
            .iter()
            .min_by(|a, b| a.error.total_cmp(&b.error))
            .map_or(0.0, |best| best.offset)
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
    fn the_shortest_round_trip_wins() {
        let mut clock = ServerClock::new(at(10_000), 4_000.0);
        assert_eq!(clock.offset(), 6_000.0);
        clock.add(5_000.0, 5_400.0, at(10_390)); // 5,190 ± 200
        assert_eq!(clock.offset(), 5_190.0, "a measured sample beats the guess");
        clock.add(6_000.0, 6_020.0, at(11_010)); // 5,000 ± 10
        clock.add(7_000.0, 7_300.0, at(12_290)); // 5,140 ± 150
        assert_eq!(clock.offset(), 5_000.0);
        assert_eq!(clock.at(8_000.0), at(13_000));
    }

    #[test]
    fn a_clock_that_was_set_is_noticed() {
        let mut clock = ServerClock::new(at(0), 0.0);
        clock.add(1_000.0, 1_010.0, at(1_005));
        assert_eq!(clock.offset(), 0.0);
        clock.add(62_000.0, 62_200.0, at(2_100)); // the device's clock went a minute ahead
        assert_eq!(clock.offset(), -60_000.0, "although its round trip was longer");
    }

    #[test]
    fn only_the_last_few_count() {
        let mut clock = ServerClock::new(at(0), 0.0);
        clock.add(0.0, 2.0, at(1));
        for i in 1..=8 {
            let sent = f64::from(i) * 1_000.0;
            clock.add(sent, sent + 100.0, at(sent as i64 + 60));
        }
        assert_eq!(clock.offset(), 10.0);
    }
}
