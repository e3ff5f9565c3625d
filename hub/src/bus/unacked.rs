//! What other nodes may have missed of what this one published. NATS stores nothing: what is in flight when a connection
//! breaks is lost without notice. So a frame is unacknowledged until a barrier that was sent after it has been answered;
//! where the connection breaks before, its subject is reported as lost once there is a connection again.

use crate::bus::Subject;
use std::{collections::HashSet, mem};

/// Subjects that are remembered as lost; beyond, everything is.
const MAX_LOST: usize = 10_000;

/// The connection, and the subjects whose frames may not have arrived.
pub(super) struct UnackedPublishes {
    connected: bool,
    /// Counts the connections that broke.
    generation: u64,
    /// Number of successful connects reported by NATS callbacks; may lag `Client::statistics`.
    connections: u64,
    /// Published since the last barrier was sent.
    after_barrier: HashSet<Subject>,
    /// Published before the barrier that is in flight.
    before_barrier: HashSet<Subject>,
    /// Lost, and not reported yet.
    lost: HashSet<Subject>,
}

impl UnackedPublishes {
    /// For a connection that is open.
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

    /// Records that a frame is about to be published; whether it can be. Where it cannot, it is lost.
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

    /// Whether there is something for a barrier to acknowledge.
    pub(super) fn needs_barrier(&self) -> bool {
        !self.after_barrier.is_empty()
    }

    /// A barrier is sent after everything published so far. Returns the generation to [`Self::ack`] it with.
    pub(super) fn barrier(&mut self) -> u64 {
        let sent = mem::take(&mut self.after_barrier);
        self.before_barrier.extend(sent);
        self.generation
    }

    /// The barrier was answered, on the last of `connections` connections; whether it acknowledges what was published
    /// before it. It does not where that may have gone over an earlier connection.
    pub(super) fn ack(&mut self, generation: u64, connections: u64) -> bool {
        let acknowledged = self.is_current(generation) && connections == self.connections;
        let before = mem::take(&mut self.before_barrier);
        if !acknowledged {
            self.after_barrier.extend(before);
        }
        acknowledged
    }

    /// Whether the connection that a barrier was sent on is still open, so that its answer should have come.
    pub(super) fn is_current(&self, generation: u64) -> bool {
        self.connected && generation == self.generation
    }

    /// The connection broke.
    pub(super) fn disconnect(&mut self) {
        self.connected = false;
        self.generation += 1;
        let unacknowledged = mem::take(&mut self.after_barrier)
            .into_iter()
            .chain(mem::take(&mut self.before_barrier));
        unacknowledged.for_each(|subject| self.record_loss(subject));
    }

    /// There is a connection; whether one had been broken.
    pub(super) fn connect(&mut self) -> bool {
        self.connections += 1;
        !mem::replace(&mut self.connected, true)
    }

    /// What is to be reported as lost now.
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
        assert!(!unacked.connect(), "the first one");
        publish(&mut unacked, &["ada"]);
        let barrier = unacked.barrier();
        assert!(unacked.ack(barrier, 1));
        publish(&mut unacked, &["eve", "ida"]);
        let late = unacked.barrier();
        publish(&mut unacked, &["eve", "uma"]);
        unacked.disconnect();
        publish(&mut unacked, &["zoe"]);
        assert!(lost(&mut unacked).is_empty(), "there is no connection to report it on");
        assert!(unacked.connect());
        assert!(!unacked.ack(late, 2), "an answer of the connection before");
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
        assert!(!unacked.ack(barrier, 2), "it was made anew, which is not reported yet");
        assert!(unacked.needs_barrier(), "it is asked again");
        unacked.disconnect();
        unacked.connect();
        assert_eq!(lost(&mut unacked), ["room test:ada"]);
    }

    #[test]
    fn more_losses_than_are_remembered_are_a_loss_of_everything() {
        let mut unacked = UnackedPublishes::connected();
        unacked.disconnect();
        for number in 0..=MAX_LOST {
            unacked.publish(&room(&number.to_string()));
        }
        unacked.connect();
        assert_eq!(lost(&mut unacked), ["everyone"]);
    }
}
