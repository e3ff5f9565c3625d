//! Named alarms: setting one again moves it, and none outlives the connection that set it.

use gloo_timers::callback::Timeout;
use std::collections::HashMap;

/// What it is time for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Alarm {
    /// The next step of the count-down to a new attempt.
    Reconnect,
    /// The connection that is being made takes too long.
    ConnectTimeout,
    /// The next ping.
    Ping,
    /// The pong did not come.
    PongMissing,
    /// The access token will expire soon.
    Renew,
    /// The rate limit's time is over.
    Release,
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
