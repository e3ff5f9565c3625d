//! The page's state of the user's timers: what the server confirmed, and the pending commands.
//!
//! The view is "confirmed, then pending applied", so rolling a command back only removes it.

use super::{
    pending::{Intent, Pending},
    timer_item::TimerItem,
};
use crate::{
    links::{Linked, Links},
    snapshot::TimersSnapshot,
};
use protocol::{
    id::{TimerId, UserId},
    time::Timestamp,
    timers::{Body, ErrorCode, ServerMessage, Timer, TimerAction, WireError},
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

/// The confirmed timers with their position in the event log, and the pending commands in order.
#[derive(Clone, Debug, PartialEq)]
pub struct LiveState {
    owner: UserId,
    confirmed: BTreeMap<TimerId, Timer>,
    /// Their links, as of the newest list.
    links: Links,
    seq: u64,
    epoch: String,
    /// The newest event when the connection started.
    connected_seq: u64,
    /// Events that arrived before their predecessors.
    ahead: BTreeMap<u64, Change>,
    pending: Vec<Pending>,
    /// The cursor of the active timers that this page does not know yet.
    next_active: Option<String>,
    /// Whether the newest list left out ended timers.
    has_more_ended: bool,
    /// Maps the server's ids to the provisional ids that the cards were built with.
    keys: HashMap<TimerId, TimerId>,
}

#[derive(Clone, Debug, PartialEq)]
enum Change {
    Put(Box<Timer>),
    Remove(TimerId),
}

/// The consequences of a message.
#[derive(Debug, Default, PartialEq)]
pub struct Outcome {
    /// Whether events were missed and the whole list must be fetched.
    pub resync: bool,
    /// The pending command that this message answers.
    pub settled: Option<Pending>,
    /// The server's error, if it refused the pending command.
    pub refused: Option<WireError>,
    /// Rate limited: send nothing for so many seconds, then the pending commands again.
    pub hold_seconds: Option<u64>,
    /// The change to announce to screen readers: the timer's title and the action.
    pub news: Option<(Option<String>, TimerAction)>,
}

impl LiveState {
    /// Starts from the snapshot that the server rendered.
    pub fn new(snapshot: TimersSnapshot) -> Self {
        Self {
            owner: snapshot.account.id,
            confirmed: by_id(snapshot.timers),
            links: snapshot.links,
            seq: snapshot.seq,
            epoch: snapshot.epoch,
            connected_seq: snapshot.seq,
            ahead: BTreeMap::new(),
            pending: Vec::new(),
            next_active: snapshot.next_active,
            has_more_ended: snapshot.has_more_ended,
            keys: HashMap::new(),
        }
    }

    /// Takes the cursor of the active timers that this page does not know, so that each page is requested once.
    pub fn take_next_active(&mut self) -> Option<String> {
        self.next_active.take()
    }

    /// Whether there are more ended timers than this page lists.
    pub fn has_more_ended(&self) -> bool {
        self.has_more_ended
    }

    /// The user whose timers they are.
    pub fn owner(&self) -> &UserId {
        &self.owner
    }

    /// The newest event seen, in the form of `since`: `<epoch>:<seq>`.
    pub fn position(&self) -> String {
        format!("{}:{}", self.epoch, self.seq)
    }

    /// The links of timers, and the choices for new ones.
    pub fn links(&self) -> &Links {
        &self.links
    }

    /// The commands without an answer, in order.
    pub fn pending(&self) -> &[Pending] {
        &self.pending
    }

    /// Adds a command, unless one with its id is already pending.
    pub fn push(&mut self, command: Pending) {
        if !self.pending.iter().any(|known| known.id == command.id) {
            self.pending.push(command);
            self.pending.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
        }
    }

    /// The position of the next command: after all others, and not before `now`.
    pub fn next_order(&self, now: Timestamp) -> i64 {
        let last = self.pending.last().map_or(i64::MIN, |last| last.order);
        now.millis().max(last.saturating_add(1))
    }

    /// All timers as the page shows them, newest first.
    pub fn view(&self) -> Vec<TimerItem> {
        let mut timers = self.confirmed.clone();
        for command in &self.pending {
            command.apply(&self.owner, &mut timers);
        }
        let mut shown: Vec<TimerItem> = timers
            .into_values()
            .map(|timer| TimerItem {
                key: self.keys.get(&timer.id).copied().unwrap_or(timer.id),
                waiting: self.pending.iter().any(|command| command.intent.timer_id() == timer.id),
                provisional: !self.confirmed.contains_key(&timer.id),
                linked: self.linked(&timer),
                timer,
            })
            .collect();
        shown.sort_by_key(|shown| Reverse((shown.timer.created_at, shown.timer.id)));
        shown
    }

    /// The links of a timer; for a timer without a server id, those of its command.
    fn linked(&self, timer: &Timer) -> Linked {
        let requested = self.pending.iter().find_map(|command| match &command.intent {
            Intent::Create {
                provisional, tag_ids, ..
            } if *provisional == timer.id => Some(tag_ids),
            _ => None,
        });
        match requested {
            Some(tag_ids) => self.links.of_tagged(timer, tag_ids),
            None => self.links.of(timer),
        }
    }

    /// Applies a message of the live connection.
    pub fn receive(&mut self, message: ServerMessage) -> Outcome {
        let mut outcome = Outcome::default();
        if let Body::Error(error) = message.body {
            self.receive_error(error, message.reply_to.as_deref(), &mut outcome);
            return outcome;
        }
        outcome.settled = message.reply_to.as_deref().and_then(|id| self.settle(id));
        match message.body {
            Body::Connected { seq, epoch, .. } => outcome.resync = self.connected(seq, epoch),
            Body::Timer { timer, action } => {
                if let Some(Pending { intent, .. }) = &outcome.settled
                    && let Intent::Create { provisional, .. } = intent
                {
                    self.keys.insert(timer.id, *provisional);
                }
                if action != TimerAction::Sync && self.is_new(message.seq) {
                    outcome.news = Some((timer.title.clone(), action));
                }
                // Events name a schedule or a todo by its id alone.
                let relinked = self.is_new(message.seq) && !self.links.knows(&timer);
                outcome.resync = self.event(message.seq, Change::Put(timer)) || relinked;
            }
            Body::TimerDeleted { timer_id } => outcome.resync = self.event(message.seq, Change::Remove(timer_id)),
            // Unrequested: the log no longer reaches back to this page's position.
            Body::Sync { timers, next } if message.reply_to.is_none() => {
                self.confirmed.retain(|_, timer| !timer.status.is_active());
                self.confirmed.extend(by_id(timers));
                self.next_active = next;
                self.seq = self.seq.max(self.connected_seq);
                self.drain();
                outcome.resync = true;
            }
            // A requested page: adds to the known timers.
            Body::Sync { timers, next } => {
                for timer in timers {
                    self.apply_unnumbered(Change::Put(Box::new(timer)));
                }
                self.next_active = next;
            }
            _ => {}
        }
        outcome
    }

    /// Replaces all timers by a new list. Returns whether it is too old, so that another must be fetched.
    pub fn replace(&mut self, snapshot: TimersSnapshot) -> bool {
        if snapshot.epoch == self.epoch && snapshot.seq < self.seq {
            return true;
        }
        if snapshot.epoch != self.epoch {
            self.ahead.clear();
        }
        self.confirmed = by_id(snapshot.timers);
        self.next_active = snapshot.next_active;
        self.has_more_ended = snapshot.has_more_ended;
        self.links = snapshot.links;
        self.seq = snapshot.seq;
        self.epoch = snapshot.epoch;
        self.drain()
    }

    /// Removes a pending command.
    pub fn settle(&mut self, id: &str) -> Option<Pending> {
        let index = self.pending.iter().position(|command| command.id == id)?;
        Some(self.pending.remove(index))
    }

    fn receive_error(&mut self, error: WireError, reply_to: Option<&str>, outcome: &mut Outcome) {
        if error.code == ErrorCode::RateLimitExceeded {
            outcome.hold_seconds = Some(error.retry_after.unwrap_or(1));
            return;
        }
        outcome.settled = reply_to.and_then(|id| self.settle(id));
        outcome.refused = outcome.settled.is_some().then_some(error);
    }

    /// Checks the log of the connection. A new log, or one with fewer events, is not a continuation of this page's
    /// state.
    fn connected(&mut self, seq: u64, epoch: String) -> bool {
        let other = epoch != self.epoch || seq < self.seq;
        self.connected_seq = seq;
        if other {
            self.ahead.clear();
            self.seq = seq;
            self.epoch = epoch;
        }
        other
    }

    fn is_new(&self, seq: Option<u64>) -> bool {
        seq.is_some_and(|seq| seq > self.seq)
    }

    /// Applies an event when all its predecessors are applied, each once. Returns whether a predecessor is missing.
    fn event(&mut self, seq: Option<u64>, change: Change) -> bool {
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
                self.confirmed.insert(timer.id, *timer);
            }
            Change::Remove(id) => {
                self.confirmed.remove(&id);
            }
        }
    }

    /// Applies a change without a number if the timer itself is newer than the known one.
    fn apply_unnumbered(&mut self, change: Change) {
        let older = match &change {
            Change::Put(timer) => self
                .confirmed
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

#[cfg(test)]
mod tests;
