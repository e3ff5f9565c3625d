//! One timer for all connections: their heartbeats and deadlines.

use crate::{CloseFrame, Handle, connection::Member, sync::lock};
use std::{
    sync::{
        Mutex, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::time::{Instant, MissedTickBehavior};

/// The precision of deadlines; they are never early.
const TICK: Duration = Duration::from_millis(100);
/// Slots of the wheel. An entry that is due after more than one rotation is visited once per rotation.
const SLOTS: u64 = 512;

/// A ring of slots; each is visited when its tick comes.
pub(crate) struct TimerWheel {
    start: Instant,
    wheel: Mutex<Wheel>,
}

struct Wheel {
    now: u64,
    slots: Vec<Vec<Entry>>,
}

/// The slots of a connection's entries, for removing them when it ends.
#[derive(Default)]
pub(crate) struct Slots {
    ping: AtomicU64,
    deadline: AtomicU64,
}

struct Entry {
    member: Weak<Member>,
    /// The tick of the next ping; `None` for an entry of a deadline only.
    ping: Option<u64>,
}

impl TimerWheel {
    pub fn new() -> Self {
        let slots = (0..SLOTS).map(|_| Vec::new()).collect();
        Self {
            start: Instant::now(),
            wheel: Mutex::new(Wheel { now: 0, slots }),
        }
    }

    /// Starts the connection's heartbeat, if its endpoint has one.
    pub fn add(&self, handle: &Handle) {
        if let Some(heartbeat) = handle.settings().heartbeat_ticks {
            let mut wheel = lock(&self.wheel);
            let ping = Some(wheel.now + heartbeat);
            wheel.put(Entry {
                member: handle.downgrade(),
                ping,
            });
        }
    }

    /// Closes the connection after this time, unless the deadline is moved before.
    pub fn close_after(&self, handle: &Handle, time: Duration, close: CloseFrame) {
        let member = handle.member();
        *lock(&member.deadline_close) = Some(close);
        let deadline = ticks(self.start.elapsed().saturating_add(time));
        member.deadline.store(deadline, Ordering::Release);
        lock(&self.wheel).put(Entry {
            member: handle.downgrade(),
            ping: None,
        });
    }

    /// Removes a connection's entries. (Entries of moved deadlines are dropped when their tick comes.)
    pub fn remove(&self, handle: &Handle) {
        let member = handle.member();
        let mut wheel = lock(&self.wheel);
        for slot in [&member.slots.ping, &member.slots.deadline] {
            let entries = wheel.slot(slot.load(Ordering::Relaxed));
            if let Some(index) = entries.iter().position(|entry| entry.member.as_ptr() == member) {
                entries.swap_remove(index);
            }
        }
    }

    /// Runs the wheel for ever.
    pub async fn run(&self) {
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            tick.tick().await;
            // Rounded down, so that nothing is early.
            let until = u64::try_from(self.start.elapsed().as_millis() / TICK.as_millis()).unwrap_or(u64::MAX);
            self.advance(until);
        }
    }

    fn advance(&self, until: u64) {
        loop {
            let mut wheel = lock(&self.wheel);
            if wheel.now >= until {
                return;
            }
            wheel.now += 1;
            let now = wheel.now;
            let due = std::mem::take(wheel.slot(now));
            drop(wheel);
            for entry in due {
                self.visit(entry, now);
            }
        }
    }

    fn visit(&self, mut entry: Entry, now: u64) {
        let Some(handle) = Handle::upgrade(&entry.member) else {
            return;
        };
        let member = handle.member();
        let deadline = member.deadline.load(Ordering::Acquire);
        if now >= deadline {
            if let Some(close) = lock(&member.deadline_close).take() {
                handle.close(close);
            }
            return;
        }
        match (entry.ping, handle.settings().heartbeat_ticks) {
            (Some(at), Some(heartbeat)) if now >= at => {
                handle.ping();
                entry.ping = Some(now + heartbeat);
            }
            (Some(_), _) => {}
            // The deadline was cancelled.
            (None, _) if deadline == u64::MAX => return,
            (None, _) => {}
        }
        lock(&self.wheel).put(entry);
    }

    /// The number of entries.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        lock(&self.wheel).slots.iter().map(Vec::len).sum()
    }
}

impl Wheel {
    fn slot(&mut self, tick: u64) -> &mut Vec<Entry> {
        // Below 512, so it fits.
        &mut self.slots[(tick % SLOTS) as usize]
    }

    fn put(&mut self, entry: Entry) {
        let Some(member) = entry.member.upgrade() else {
            return;
        };
        let (due, slot) = match entry.ping {
            Some(ping) => (ping, &member.slots.ping),
            None => (member.deadline.load(Ordering::Acquire), &member.slots.deadline),
        };
        // Within one rotation, and never in the slot that is being visited.
        let due = due.clamp(self.now + 1, self.now + SLOTS - 1);
        slot.store(due, Ordering::Relaxed);
        self.slot(due).push(entry);
    }
}

/// A time in ticks, rounded up.
pub(crate) fn ticks(time: Duration) -> u64 {
    u64::try_from(time.as_millis().div_ceil(TICK.as_millis())).unwrap_or(u64::MAX)
}
