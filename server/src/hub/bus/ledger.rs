//! What other nodes may have missed of what this one published. NATS keeps nothing: what is on its way when a
//! connection breaks is gone, and nobody says so. So a frame is unconfirmed until a mark that was sent after it was
//! answered, and where the connection breaks before, its subject is told as lost once there is a connection again.

use crate::hub::EVERYBODY;
use std::{collections::HashSet, mem, sync::Arc};

/// Subjects that are remembered as lost; beyond, everything is.
const REMEMBERED: usize = 10_000;

/// The connection, and the subjects of which frames may not have arrived.
pub(super) struct Ledger {
    connected: bool,
    /// Counts the connections that broke.
    generation: u64,
    /// Counts those that were made, as far as that has been told here.
    connections: u64,
    /// Published since the last mark was sent.
    unmarked: HashSet<Arc<str>>,
    /// Published before the mark that is under way.
    marked: HashSet<Arc<str>>,
    /// Lost, and not told yet.
    lost: HashSet<Arc<str>>,
}

impl Ledger {
    /// Of a connection that stands.
    pub(super) fn connected() -> Self {
        Self {
            connected: true,
            generation: 0,
            connections: 0,
            unmarked: HashSet::new(),
            marked: HashSet::new(),
            lost: HashSet::new(),
        }
    }

    pub(super) fn is_connected(&self) -> bool {
        self.connected
    }

    /// A frame of the subject is about to be published; whether it can be. Where it cannot, it is lost.
    pub(super) fn publish(&mut self, subject: &Arc<str>) -> bool {
        if self.connected {
            self.unmarked.insert(subject.clone());
        } else {
            self.lose(subject.clone());
        }
        self.connected
    }

    /// A frame of the subject will not be published.
    pub(super) fn lose(&mut self, subject: Arc<str>) {
        if self.lost.len() < REMEMBERED {
            self.lost.insert(subject);
        } else {
            self.lost.clear();
            self.lost.insert(EVERYBODY.into());
        }
    }

    /// Whether a mark would confirm anything.
    pub(super) fn has_unmarked(&self) -> bool {
        !self.unmarked.is_empty()
    }

    /// A mark is sent after all that was published. Returns what its answer is to be told with.
    pub(super) fn mark(&mut self) -> u64 {
        let sent = mem::take(&mut self.unmarked);
        self.marked.extend(sent);
        self.generation
    }

    /// The mark was answered, on the last of so many connections; whether it confirms what was published before it. It
    /// does not where that may have gone over an earlier connection.
    pub(super) fn confirm(&mut self, generation: u64, connections: u64) -> bool {
        let confirmed = self.stands(generation) && connections == self.connections;
        let marked = mem::take(&mut self.marked);
        if !confirmed {
            self.unmarked.extend(marked);
        }
        confirmed
    }

    /// Whether the connection that a mark was sent on still stands, so that its answer should have come.
    pub(super) fn stands(&self, generation: u64) -> bool {
        self.connected && generation == self.generation
    }

    /// The connection broke.
    pub(super) fn disconnect(&mut self) {
        self.connected = false;
        self.generation += 1;
        let unconfirmed = mem::take(&mut self.unmarked)
            .into_iter()
            .chain(mem::take(&mut self.marked));
        unconfirmed.for_each(|subject| self.lose(subject));
    }

    /// There is a connection; whether one had been broken.
    pub(super) fn connect(&mut self) -> bool {
        self.connections += 1;
        !mem::replace(&mut self.connected, true)
    }

    /// What is to be told as lost now.
    pub(super) fn take_lost(&mut self) -> HashSet<Arc<str>> {
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

    fn publish(ledger: &mut Ledger, subjects: &[&str]) {
        for subject in subjects {
            ledger.publish(&(*subject).into());
        }
    }

    fn lost(ledger: &mut Ledger) -> Vec<String> {
        let mut lost: Vec<String> = ledger.take_lost().iter().map(|subject| subject.to_string()).collect();
        lost.sort();
        lost
    }

    #[test]
    fn what_was_not_confirmed_is_lost_with_its_connection() {
        let mut ledger = Ledger::connected();
        assert!(!ledger.connect(), "the first one");
        publish(&mut ledger, &["ada"]);
        let mark = ledger.mark();
        assert!(ledger.confirm(mark, 1));
        publish(&mut ledger, &["eve", "ida"]);
        let late = ledger.mark();
        publish(&mut ledger, &["eve", "uma"]);
        ledger.disconnect();
        publish(&mut ledger, &["zoe"]);
        assert!(lost(&mut ledger).is_empty(), "nobody can be told yet");
        assert!(ledger.connect());
        assert!(!ledger.confirm(late, 2), "an answer of the connection before");
        assert_eq!(lost(&mut ledger), ["eve", "ida", "uma", "zoe"]);
        assert!(lost(&mut ledger).is_empty());
    }

    #[test]
    fn an_answer_that_comes_before_the_word_of_a_new_connection_confirms_nothing() {
        let mut ledger = Ledger::connected();
        ledger.connect();
        publish(&mut ledger, &["ada"]);
        let mark = ledger.mark();
        assert!(
            !ledger.confirm(mark, 2),
            "it broke and was made anew, which is not known yet"
        );
        assert!(ledger.has_unmarked(), "it is asked again");
        ledger.disconnect();
        ledger.connect();
        assert_eq!(lost(&mut ledger), ["ada"]);
    }

    #[test]
    fn too_many_to_remember_are_all() {
        let mut ledger = Ledger::connected();
        ledger.disconnect();
        for number in 0..=REMEMBERED {
            ledger.publish(&number.to_string().into());
        }
        ledger.connect();
        assert_eq!(lost(&mut ledger), [EVERYBODY]);
    }
}
