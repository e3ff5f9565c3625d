//! What this page knows of the person's timers: what the server confirmed, and the commands it has not answered yet.
//!
//! The view is always "confirmed, then pending applied", so taking a command back is just forgetting it.

use super::{
    pending::{Intent, Pending},
    shown::Shown,
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

/// The confirmed timers with their place in the event log, and the pending commands in order.
#[derive(Clone, Debug, PartialEq)]
pub struct LiveState {
    owner: UserId,
    confirmed: BTreeMap<TimerId, Timer>,
    /// What they are linked to, as of the newest list.
    links: Links,
    seq: u64,
    epoch: String,
    /// The newest event when the connection began.
    connected_seq: u64,
    /// Events that came before the ones that precede them.
    ahead: BTreeMap<u64, Change>,
    pending: Vec<Pending>,
    /// Where the active timers go on that this page does not know.
    next_active: Option<String>,
    /// Whether timers that ended are left out of the newest list.
    has_more_ended: bool,
    /// Server's id to the provisional one that the card was built under.
    keys: HashMap<TimerId, TimerId>,
}

#[derive(Clone, Debug, PartialEq)]
enum Change {
    Put(Box<Timer>),
    Remove(TimerId),
}

/// What follows from a message.
#[derive(Debug, Default, PartialEq)]
pub struct Outcome {
    /// Events were missed: the whole list is to be fetched.
    pub resync: bool,
    /// This pending command has its answer.
    pub settled: Option<Pending>,
    /// The pending command was refused; a sentence of the server's says why.
    pub refused: Option<WireError>,
    /// Too many messages: nothing more for so many seconds, then the pending ones again.
    pub hold_seconds: Option<u64>,
    /// What somebody who cannot see the page would want to hear: the timer's title and what happened to it.
    pub news: Option<(Option<String>, TimerAction)>,
}

impl LiveState {
    /// Begins with what the server rendered.
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

    /// Where the active timers go on that this page does not know: to be asked for once.
    pub fn take_next_active(&mut self) -> Option<String> {
        self.next_active.take()
    }

    /// Whether more timers have ended than this page lists.
    pub fn has_more_ended(&self) -> bool {
        self.has_more_ended
    }

    /// Whose timers they are.
    pub fn owner(&self) -> &UserId {
        &self.owner
    }

    /// The last event seen, as `since` takes it: `<epoch>:<seq>`.
    pub fn position(&self) -> String {
        format!("{}:{}", self.epoch, self.seq)
    }

    /// What timers are linked to, and what new ones can be linked to.
    pub fn links(&self) -> &Links {
        &self.links
    }

    /// The commands without an answer, in order.
    pub fn pending(&self) -> &[Pending] {
        &self.pending
    }

    /// Adds a command; one that is known already is left alone.
    pub fn push(&mut self, command: Pending) {
        if !self.pending.iter().any(|known| known.id == command.id) {
            self.pending.push(command);
            self.pending.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
        }
    }

    /// The place of the next command: after all others, and after `now`.
    pub fn next_order(&self, now: Timestamp) -> i64 {
        let last = self.pending.last().map_or(i64::MIN, |last| last.order);
        now.millis().max(last.saturating_add(1))
    }

    /// All timers as the page shows them, newest first.
    pub fn view(&self) -> Vec<Shown> {
        let mut timers = self.confirmed.clone();
        for command in &self.pending {
            command.apply(&self.owner, &mut timers);
        }
        let mut shown: Vec<Shown> = timers
            .into_values()
            .map(|timer| Shown {
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

    /// What a timer is linked to; of one that the server has not named, what it was asked to be linked to.
    fn linked(&self, timer: &Timer) -> Linked {
        let asked = self.pending.iter().find_map(|command| match &command.intent {
            Intent::Create {
                provisional, tag_ids, ..
            } if *provisional == timer.id => Some(tag_ids),
            _ => None,
        });
        match asked {
            Some(tag_ids) => self.links.of_tagged(timer, tag_ids),
            None => self.links.of(timer),
        }
    }

    /// Takes in a message of the live connection.
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
                if action != TimerAction::Sync && self.is_news(message.seq) {
                    outcome.news = Some((timer.title.clone(), action));
                }
                // Events name a schedule or a todo by its id alone.
                let relinked = self.is_news(message.seq) && !self.links.knows(&timer);
                outcome.resync = self.event(message.seq, Change::Put(timer)) || relinked;
            }
            Body::TimerDeleted { timer_id } => outcome.resync = self.event(message.seq, Change::Remove(timer_id)),
            // Unasked for: the log no longer reaches back to what this page knows.
            Body::Sync { timers, next } if message.reply_to.is_none() => {
                self.confirmed.retain(|_, timer| !timer.status.is_active());
                self.confirmed.extend(by_id(timers));
                self.next_active = next;
                self.seq = self.seq.max(self.connected_seq);
                self.drain();
                outcome.resync = true;
            }
            // A page that was asked for: it adds to what is known.
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

    /// Takes in a whole list. Returns whether it is too old, so that another must be fetched.
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

    /// Forgets a pending command.
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

    /// A log that was begun anew, or one that went back, has nothing in common with what this page knows.
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

    fn is_news(&self, seq: Option<u64>) -> bool {
        seq.is_some_and(|seq| seq > self.seq)
    }

    /// Applies an event when its turn has come, each once. Returns whether one before it is missing.
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

    /// Without a number only the timer itself can tell whether it is newer than what is known.
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
