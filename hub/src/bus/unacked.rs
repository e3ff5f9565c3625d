//! Frames of this node that other nodes may have missed. NATS stores nothing: frames in flight are lost without notice
//! when a connection breaks. So a frame is unacknowledged until a later barrier has been answered; if the connection
//! breaks before, the frame's subject is reported as lost once there is a connection again.

use crate::bus::Subject;
use std::{collections::HashSet, mem};

/// Maximum of subjects that are recorded as lost; with more, everything is.
const MAX_LOST: usize = 10_000;

/// The state of the connection, and the subjects whose frames may not have arrived.
pub(super) struct UnackedPublishes {
    connected: bool,
    /// Number of broken connections.
    generation: u64,
    /// Number of successful connects reported by NATS callbacks; may lag `Client::statistics`.
    connections: u64,
    /// Published since the last barrier was sent.
    after_barrier: HashSet<Subject>,
    /// Published before the barrier in flight.
    before_barrier: HashSet<Subject>,
    /// Lost and not yet reported.
    lost: HashSet<Subject>,
}

impl UnackedPublishes {
    /// The state of an open connection.
    pub(super) fn connected() -> Self {
        Self {
            connected: true,
            generation: 0,
            connections: 0,
            after_barrier: HashSet::new(),
            before_barrier: HashSet::new(),
            lost: HashSet::new(),
        }
    }

    pub(super) fn is_connected(&self) -> bool {
        self.connected
    }

    /// Records a frame that is about to be published. Returns whether there is a connection; if not, the frame is lost.
    pub(super) fn publish(&mut self, subject: &Subject) -> bool {
        if self.connected {
            self.after_barrier.insert(subject.clone());
        } else {
            self.record_loss(subject.clone());
        }
        self.connected
    }

    /// Records that a frame will not be published.
    pub(super) fn record_loss(&mut self, subject: Subject) {
        if self.lost.len() < MAX_LOST {
            self.lost.insert(subject);
        } else {
            self.lost.clear();
            self.lost.insert(Subject::Everyone);
        }
    }

    /// Whether a barrier has something to acknowledge.
    pub(super) fn needs_barrier(&self) -> bool {
        !self.after_barrier.is_empty()
    }

    /// Records that a barrier follows everything published so far. Returns the generation to [`Self::ack`] it with.
    pub(super) fn barrier(&mut self) -> u64 {
        let sent = mem::take(&mut self.after_barrier);
        self.before_barrier.extend(sent);
        self.generation
    }

    /// Records the answer to a barrier after `connections` connects. Returns whether it acknowledges the frames before it:
    /// not if they may have been sent over an earlier connection.
    pub(super) fn ack(&mut self, generation: u64, connections: u64) -> bool {
        let acknowledged = self.is_current(generation) && connections == self.connections;
        let before = mem::take(&mut self.before_barrier);
        if !acknowledged {
            self.after_barrier.extend(before);
        }
        acknowledged
    }

    /// Whether the connection that a barrier was sent on is still open.
    pub(super) fn is_current(&self, generation: u64) -> bool {
        self.connected && generation == self.generation
    }

    /// Records that the connection broke.
    pub(super) fn disconnect(&mut self) {
        self.connected = false;
        self.generation += 1;
        let unacknowledged = mem::take(&mut self.after_barrier)
            .into_iter()
            .chain(mem::take(&mut self.before_barrier));
        unacknowledged.for_each(|subject| self.record_loss(subject));
    }

    /// Records a connect. Returns whether it replaces a broken connection.
    pub(super) fn connect(&mut self) -> bool {
        self.connections += 1;
        !mem::replace(&mut self.connected, true)
    }

    /// Takes the subjects to report as lost, if there is a connection.
    pub(super) fn take_lost(&mut self) -> HashSet<Subject> {
        if self.connected {
            mem::take(&mut self.lost)
        } else {
            HashSet::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{RoomId, Scope};

    fn room(key: &str) -> Subject {
        Subject::Room(RoomId::new(Scope::new("test"), key))
    }

    fn publish(unacked: &mut UnackedPublishes, keys: &[&str]) {
        for key in keys {
            unacked.publish(&room(key));
        }
    }

    fn lost(unacked: &mut UnackedPublishes) -> Vec<String> {
        let mut lost: Vec<String> = unacked.take_lost().iter().map(Subject::to_string).collect();
        lost.sort();
        lost
    }

    #[test]
    fn unacknowledged_frames_are_lost_with_their_connection() {
        let mut unacked = UnackedPublishes::connected();
        assert!(!unacked.connect(), "the first connect");
        publish(&mut unacked, &["ada"]);
        let barrier = unacked.barrier();
        assert!(unacked.ack(barrier, 1));
        publish(&mut unacked, &["eve", "ida"]);
        let late = unacked.barrier();
        publish(&mut unacked, &["eve", "uma"]);
        unacked.disconnect();
        publish(&mut unacked, &["zoe"]);
        assert!(
            lost(&mut unacked).is_empty(),
            "nothing can be reported without a connection"
        );
        assert!(unacked.connect());
        assert!(!unacked.ack(late, 2), "an answer from the previous connection");
        assert_eq!(
            lost(&mut unacked),
            ["room test:eve", "room test:ida", "room test:uma", "room test:zoe"]
        );
        assert!(lost(&mut unacked).is_empty());
    }

    #[test]
    fn answer_that_overtakes_the_report_of_a_new_connection_acknowledges_nothing() {
        let mut unacked = UnackedPublishes::connected();
        unacked.connect();
        publish(&mut unacked, &["ada"]);
        let barrier = unacked.barrier();
        assert!(!unacked.ack(barrier, 2), "the reconnect is not reported yet");
        assert!(unacked.needs_barrier(), "another barrier is needed");
        unacked.disconnect();
        unacked.connect();
        assert_eq!(lost(&mut unacked), ["room test:ada"]);
    }

    #[test]
    fn more_losses_than_the_limit_are_a_loss_of_everything() {
        let mut unacked = UnackedPublishes::connected();
        unacked.disconnect();
        for number in 0..=MAX_LOST {
            unacked.publish(&room(&number.to_string()));
        }
        unacked.connect();
        assert_eq!(lost(&mut unacked), ["everyone"]);
    }
}
