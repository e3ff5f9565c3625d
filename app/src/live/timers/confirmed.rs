//! The timers as the server confirmed them, with their position in the event log.

use crate::{links::Links, snapshot::TimersSnapshot};
use protocol::{
    id::{TimerId, UserId},
    timers::Timer,
};
use std::collections::{BTreeMap, BTreeSet};

/// The confirmed timers, and the events that wait for their predecessors.
#[derive(Clone, Debug, PartialEq)]
pub struct Confirmed {
    pub owner: UserId,
    pub timers: BTreeMap<TimerId, Timer>,
    /// Their links, as of the newest list.
    pub links: Links,
    /// The number of unread notifications, as of the newest list.
    pub unread: u64,
    seq: u64,
    epoch: String,
    /// The newest event when the connection started.
    connected_seq: u64,
    /// Events that arrived before their predecessors.
    ahead: BTreeMap<u64, Change>,
    /// The cursor of the active timers that this page does not know yet.
    pub next_active: Option<String>,
    /// Whether the newest list left out ended timers.
    pub has_more_ended: bool,
    /// What has changed since it was last asked for.
    pub changes: TimerChanges,
}

/// A change of one timer.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    Put(Box<Timer>),
    Remove(TimerId),
}

/// What a page has to paint again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimerChanges {
    /// Everything.
    pub all: bool,
    /// These timers, by the server's ids or by those of pending commands.
    pub timers: BTreeSet<TimerId>,
    /// Friends' activity.
    pub friends: bool,
    /// Data that pages read over HTTP.
    pub data: bool,
    /// The number of unread notifications.
    pub unread: bool,
}

impl Confirmed {
    /// Starts from the snapshot that the server rendered.
    pub fn new(snapshot: TimersSnapshot) -> Self {
        Self {
            owner: snapshot.account.id,
            timers: by_id(snapshot.timers),
            links: snapshot.links,
            unread: snapshot.unread,
            seq: snapshot.seq,
            epoch: snapshot.epoch,
            connected_seq: snapshot.seq,
            ahead: BTreeMap::new(),
            next_active: snapshot.next_active,
            has_more_ended: snapshot.has_more_ended,
            changes: TimerChanges::default(),
        }
    }

    /// The newest event seen, in the form of `since`: `<epoch>:<seq>`.
    pub fn position(&self) -> String {
        format!("{}:{}", self.epoch, self.seq)
    }

    /// Whether events up to this position are missing here. Another log is not behind, but elsewhere.
    pub fn is_behind(&self, position: &str) -> bool {
        match position.rsplit_once(':') {
            Some((epoch, seq)) if epoch == self.epoch => seq.parse().is_ok_and(|seq: u64| seq > self.seq),
            Some(_) => true,
            None => false,
        }
    }

    /// Replaces all timers by a new list. Returns false if it is older than what is known, so that another is needed.
    pub fn replace(&mut self, snapshot: TimersSnapshot) -> bool {
        if snapshot.epoch == self.epoch && snapshot.seq < self.seq {
            return false;
        }
        if snapshot.epoch != self.epoch {
            self.ahead.clear();
        }
        self.changes.all = true;
        self.changes.unread = true;
        self.unread = snapshot.unread;
        self.timers = by_id(snapshot.timers);
        self.next_active = snapshot.next_active;
        self.has_more_ended = snapshot.has_more_ended;
        self.links = snapshot.links;
        self.seq = snapshot.seq;
        self.epoch = snapshot.epoch;
        !self.drain()
    }

    /// Checks the log of the connection. A new log, or one with fewer events, is not a continuation of this page's
    /// state. Returns whether it is another one.
    pub fn connected(&mut self, seq: u64, epoch: String) -> bool {
        let other = epoch != self.epoch || seq < self.seq;
        self.connected_seq = seq;
        if other {
            self.ahead.clear();
            self.seq = seq;
            self.epoch = epoch;
        }
        other
    }

    /// Takes all active timers as the server sends them when the log no longer reaches back to this page's position.
    pub fn restart(&mut self, timers: Vec<Timer>, next: Option<String>) {
        self.changes.all = true;
        self.timers.retain(|_, timer| !timer.status.is_active());
        self.timers.extend(by_id(timers));
        self.next_active = next;
        self.seq = self.seq.max(self.connected_seq);
        self.drain();
    }

    /// Whether an event has not been seen yet.
    pub fn is_new(&self, seq: Option<u64>) -> bool {
        seq.is_some_and(|seq| seq > self.seq)
    }

    /// Applies an event when all its predecessors are applied, each once. Returns whether a predecessor is missing.
    pub fn event(&mut self, seq: Option<u64>, change: Change) -> bool {
        match seq {
            Some(seq) if seq <= self.seq => {}
            Some(seq) => {
                self.ahead.insert(seq, change);
            }
            None => self.apply_unnumbered(change),
        }
        self.drain()
    }

    fn drain(&mut self) -> bool {
        while let Some(entry) = self.ahead.first_entry() {
            match *entry.key() {
                seq if seq <= self.seq => {
                    entry.remove();
                }
                seq if seq == self.seq + 1 => {
                    let change = entry.remove();
                    self.seq = seq;
                    self.apply(change);
                }
                _ => return true,
            }
        }
        false
    }

    fn apply(&mut self, change: Change) {
        match change {
            Change::Put(timer) => {
                self.changes.timers.insert(timer.id);
                self.timers.insert(timer.id, *timer);
            }
            Change::Remove(id) => {
                self.changes.timers.insert(id);
                self.timers.remove(&id);
            }
        }
    }

    /// Applies a change without a number if the timer itself is newer than the known one.
    pub fn apply_unnumbered(&mut self, change: Change) {
        let older = match &change {
            Change::Put(timer) => self
                .timers
                .get(&timer.id)
                .is_some_and(|known| known.updated_at > timer.updated_at),
            Change::Remove(_) => false,
        };
        if !older {
            self.apply(change);
        }
    }
}

fn by_id(timers: Vec<Timer>) -> BTreeMap<TimerId, Timer> {
    timers.into_iter().map(|timer| (timer.id, timer)).collect()
}
