//! Named alarms: setting one again moves it, and dropping `Alarms` cancels all of them.

use gloo_timers::callback::Timeout;
use std::collections::HashMap;

/// The purpose of an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Alarm {
    /// The next step of the countdown to a new attempt.
    Reconnect,
    /// The connection attempt timed out.
    ConnectTimeout,
    /// The next ping.
    Ping,
    /// The pong timed out.
    PongMissing,
    /// The access token will expire soon.
    Renew,
    /// The rate limit's period is over.
    ResumeSending,
    /// The next attempt to fetch the whole list.
    Resync,
}

/// The alarms that are set.
pub struct Alarms {
    ring: Box<dyn Fn(Alarm) -> Box<dyn FnOnce()>>,
    set: HashMap<Alarm, Timeout>,
}

impl Alarms {
    /// Alarms that call what `ring` makes of them.
    pub fn new(ring: impl Fn(Alarm) -> Box<dyn FnOnce()> + 'static) -> Self {
        Self {
            ring: Box::new(ring),
            set: HashMap::new(),
        }
    }

    /// Rings in so many milliseconds, and not at the time it was set to before.
    pub fn set(&mut self, alarm: Alarm, millis: u32) {
        self.set.insert(alarm, Timeout::new(millis, (self.ring)(alarm)));
    }

    /// Does not ring.
    pub fn clear(&mut self, alarm: Alarm) {
        self.set.remove(&alarm);
    }
}
