//! One clock for all connections: their heartbeats and deadlines, without a timer for each.

use super::{Handle, connection::Member, shards::lock};
use protocol::socket::CloseCode;
use std::{
    sync::{
        Mutex, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::time::{Instant, MissedTickBehavior};

/// How exact deadlines are; never early.
const TICK: Duration = Duration::from_millis(100);
/// Slots of the ring. What is due after a whole turn is looked at once a turn.
const SLOTS: u64 = 512;

/// A ring of slots; each is visited when its tick comes.
pub(super) struct Wheel {
    start: Instant,
    /// Ticks between two pings.
    heartbeat: u64,
    ring: Mutex<Ring>,
}

struct Ring {
    now: u64,
    slots: Vec<Vec<Entry>>,
}

/// Where a connection's entries are, so that nothing of it stays when it goes.
#[derive(Default)]
pub(super) struct Places {
    ping: AtomicU64,
    deadline: AtomicU64,
}

struct Entry {
    member: Weak<Member>,
    /// The tick of the next ping; `None` for one that only stands for a deadline.
    ping: Option<u64>,
}

impl Wheel {
    pub(super) fn new(heartbeat: Duration) -> Self {
        let slots = (0..SLOTS).map(|_| Vec::new()).collect();
        Self {
            start: Instant::now(),
            heartbeat: ticks(heartbeat).max(1),
            ring: Mutex::new(Ring { now: 0, slots }),
        }
    }

    pub(super) fn add(&self, handle: &Handle) {
        let mut ring = lock(&self.ring);
        let ping = Some(ring.now + self.heartbeat);
        ring.put(Entry {
            member: handle.downgrade(),
            ping,
        });
    }

    /// Ends the connection with 1008 after this time, unless the deadline is moved before.
    pub(super) fn end_after(&self, handle: &Handle, time: Duration, reason: &'static str) {
        let member = handle.member();
        *lock(&member.expired) = reason;
        let deadline = ticks(self.start.elapsed().saturating_add(time));
        member.deadline.store(deadline, Ordering::Release);
        lock(&self.ring).put(Entry {
            member: handle.downgrade(),
            ping: None,
        });
    }

    /// Takes out what is there for a connection that is gone. (Deadlines that were moved go when their time comes.)
    pub(super) fn remove(&self, handle: &Handle) {
        let member = handle.member();
        let mut ring = lock(&self.ring);
        for place in [&member.places.ping, &member.places.deadline] {
            let slot = ring.slot(place.load(Ordering::Relaxed));
            if let Some(index) = slot.iter().position(|entry| entry.member.as_ptr() == member) {
                slot.swap_remove(index);
            }
        }
    }

    /// Turns for ever.
    pub(super) async fn turn(&self) {
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            tick.tick().await;
            // Down, so that nothing is early.
            let until = u64::try_from(self.start.elapsed().as_millis() / TICK.as_millis()).unwrap_or(u64::MAX);
            self.advance(until);
        }
    }

    fn advance(&self, until: u64) {
        loop {
            let mut ring = lock(&self.ring);
            if ring.now >= until {
                return;
            }
            ring.now += 1;
            let now = ring.now;
            let due = std::mem::take(ring.slot(now));
            drop(ring);
            for entry in due {
                self.visit(entry, now);
            }
        }
    }

    fn visit(&self, mut entry: Entry, now: u64) {
        let Some(handle) = Handle::upgrade(&entry.member) else {
            return;
        };
        let deadline = handle.member().deadline.load(Ordering::Acquire);
        if now >= deadline {
            let reason = *lock(&handle.member().expired);
            return handle.close(CloseCode::Policy, reason);
        }
        match entry.ping {
            Some(at) if now >= at => {
                handle.ping();
                entry.ping = Some(now + self.heartbeat);
            }
            Some(_) => {}
            // The deadline was moved, and has an entry of its own.
            None if deadline == u64::MAX => return,
            None => {}
        }
        lock(&self.ring).put(entry);
    }
}

impl Ring {
    fn slot(&mut self, tick: u64) -> &mut Vec<Entry> {
        // Below 512, so it fits.
        &mut self.slots[(tick % SLOTS) as usize]
    }

    fn put(&mut self, entry: Entry) {
        let Some(member) = entry.member.upgrade() else {
            return;
        };
        let (due, place) = match entry.ping {
            Some(ping) => (ping, &member.places.ping),
            None => (member.deadline.load(Ordering::Acquire), &member.places.deadline),
        };
        // Within a turn, and never in the slot that is being visited.
        let due = due.clamp(self.now + 1, self.now + SLOTS - 1);
        place.store(due, Ordering::Relaxed);
        self.slot(due).push(entry);
    }
}

/// Rounded up.
fn ticks(time: Duration) -> u64 {
    u64::try_from(time.as_millis().div_ceil(TICK.as_millis())).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hub::{Hub, LocalBus, Who};
    use protocol::socket::Rendering;
    use std::sync::Arc;

    #[tokio::test]
    async fn nothing_of_a_connection_stays() {
        let hub = Hub::new(Arc::new(LocalBus), |_| None, 8, Duration::from_secs(30));
        let entries = || lock(&hub.inner.wheel.ring).slots.iter().map(Vec::len).sum::<usize>();
        let mut open = Vec::new();
        for number in 0..100 {
            let connection = hub.connect(Who::default(), Rendering::default());
            hub.end_after(connection.handle(), Duration::from_secs(number), "over");
            open.push(connection);
        }
        assert_eq!(entries(), 200, "a ping and a deadline each");
        open.truncate(50);
        assert_eq!(entries(), 100);
        open.clear();
        assert_eq!(entries(), 0);
    }
}
