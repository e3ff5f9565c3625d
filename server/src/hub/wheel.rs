//! One clock for all connections: their heartbeats and deadlines, without a timer for each.

use super::{Handle, connection::Member, shards::lock};
use protocol::wire::CloseCode;
use std::{
    sync::{Mutex, Weak, atomic::Ordering},
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
        let due = match (entry.ping, entry.member.upgrade()) {
            (Some(ping), _) => ping,
            (None, Some(member)) => member.deadline.load(Ordering::Acquire),
            (None, None) => return,
        };
        // Within a turn, and never in the slot that is being visited.
        let due = due.clamp(self.now + 1, self.now + SLOTS - 1);
        self.slot(due).push(entry);
    }
}

/// Rounded up.
fn ticks(time: Duration) -> u64 {
    u64::try_from(time.as_millis().div_ceil(TICK.as_millis())).unwrap_or(u64::MAX)
}
