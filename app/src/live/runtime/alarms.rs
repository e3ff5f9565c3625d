//! Named alarms: setting one again moves it, and dropping `Alarms` cancels all of them.

use crate::browser;
use gloo_timers::callback::Timeout;
use std::{cell::Cell, collections::HashMap, hash::Hash, rc::Rc};

/// The alarms that are set.
pub struct Alarms<A> {
    ring: Box<dyn Fn(A) -> Box<dyn FnOnce()>>,
    set: HashMap<A, Setting>,
}

struct Setting {
    /// When it is due, in milliseconds on the device's clock.
    due: f64,
    has_rung: Rc<Cell<bool>>,
    /// Cancelled when it is dropped.
    _timeout: Timeout,
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
        let has_rung = Rc::new(Cell::new(false));
        let (ring, rings) = ((self.ring)(alarm), has_rung.clone());
        let setting = Setting {
            due: browser::device_millis() + f64::from(millis),
            has_rung,
            _timeout: Timeout::new(millis, move || {
                rings.set(true);
                ring();
            }),
        };
        self.set.insert(alarm, setting);
    }

    /// Does not ring.
    pub fn clear(&mut self, alarm: A) {
        self.set.remove(&alarm);
    }

    /// Rings those that are overdue: browsers let the timers of a hidden page run once a minute.
    pub fn ring_overdue(&mut self) {
        let now = browser::device_millis();
        let overdue: Vec<A> = self
            .set
            .iter()
            .filter(|(_, setting)| setting.due < now && !setting.has_rung.get())
            .map(|(alarm, _)| *alarm)
            .collect();
        for alarm in overdue {
            self.set.remove(&alarm);
            (self.ring)(alarm)();
        }
    }
}
