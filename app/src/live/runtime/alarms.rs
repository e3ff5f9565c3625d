//! Named alarms: setting one again moves it, and dropping `Alarms` cancels all of them.

use gloo_timers::callback::Timeout;
use std::{collections::HashMap, hash::Hash};

/// The alarms that are set.
pub struct Alarms<A> {
    ring: Box<dyn Fn(A) -> Box<dyn FnOnce()>>,
    set: HashMap<A, Timeout>,
}

impl<A: Copy + Eq + Hash> Alarms<A> {
    /// Alarms that call what `ring` makes of them.
    pub fn new(ring: impl Fn(A) -> Box<dyn FnOnce()> + 'static) -> Self {
        Self {
            ring: Box::new(ring),
            set: HashMap::new(),
        }
    }

    /// Rings in so many milliseconds, and not at the time it was set to before.
    pub fn set(&mut self, alarm: A, millis: u32) {
        self.set.insert(alarm, Timeout::new(millis, (self.ring)(alarm)));
    }

    /// Does not ring.
    pub fn clear(&mut self, alarm: A) {
        self.set.remove(&alarm);
    }
}
