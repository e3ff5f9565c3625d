//! The commands that the server has not answered yet, in the order in which they were given.

use protocol::{json, time::Timestamp};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// The server forgets a command's id after 24 hours (contract "Idempotence"); from then on sending it again could
/// apply it twice.
const MAX_AGE_MILLIS: i64 = 23 * 60 * 60 * 1000;

/// A command without an answer. Sent again with the same id it is applied once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending<C> {
    /// A UUID.
    pub id: String,
    /// Its position among the user's commands.
    pub order: i64,
    /// When it was given, on the server's clock.
    pub made_at: Timestamp,
    // The name of earlier releases, whose commands are still in the browser's storage.
    #[serde(alias = "intent")]
    pub command: C,
}

impl<C: Serialize + DeserializeOwned> Pending<C> {
    /// The JSON for the browser's storage and for its other tabs.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Parses what [`Self::to_json`] wrote; `None` for anything else.
    pub fn parse(json: &str) -> Option<Self> {
        json::parse(json).ok()
    }
}

/// Commands in order, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outbox<C> {
    pending: Vec<Pending<C>>,
}

impl<C> Default for Outbox<C> {
    fn default() -> Self {
        Self { pending: Vec::new() }
    }
}

impl<C> Outbox<C> {
    /// The commands in order.
    pub fn pending(&self) -> &[Pending<C>] {
        &self.pending
    }

    /// Number of commands.
    pub fn len(&self) -> usize {
        self.pending.len()
    }

    /// Whether there is no command.
    pub fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }

    /// A command given at `now` on the server's clock, in its place after all others; it is not added yet.
    pub fn next(&self, id: String, command: C, now: Timestamp) -> Pending<C> {
        let last = self.pending.last().map_or(i64::MIN, |last| last.order);
        Pending {
            id,
            order: now.millis().max(last.saturating_add(1)),
            made_at: now,
            command,
        }
    }

    /// Adds a command. Returns false if one with its id is known.
    pub fn push(&mut self, command: Pending<C>) -> bool {
        if self.pending.iter().any(|known| known.id == command.id) {
            return false;
        }
        // Two tabs may choose the same place; the ids decide, the same in every tab.
        let at = self
            .pending
            .partition_point(|known| (known.order, &known.id) < (command.order, &command.id));
        self.pending.insert(at, command);
        true
    }

    /// Removes an answered command.
    pub fn settle(&mut self, id: &str) -> Option<Pending<C>> {
        let index = self.pending.iter().position(|command| command.id == id)?;
        Some(self.pending.remove(index))
    }

    /// Removes the commands that are too old to be sent at `now` on the server's clock.
    pub fn take_stale(&mut self, now: Timestamp) -> Vec<Pending<C>> {
        self.pending
            .extract_if(.., |command| now.millis_since(command.made_at) > MAX_AGE_MILLIS)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{
        id::TimerId,
        timers::{Action, TimerCommand},
    };
    use uuid::Uuid;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn command(id: &str, order: i64) -> Pending<u8> {
        Pending {
            id: id.into(),
            order,
            made_at: at(order),
            command: 0,
        }
    }

    #[test]
    fn commands_keep_their_order_and_are_added_once() {
        let mut outbox = Outbox::default();
        for (id, order) in [("b", 4), ("a", 3), ("c", 4), ("b", 4)] {
            outbox.push(command(id, order));
        }
        let ids: Vec<&str> = outbox.pending().iter().map(|command| command.id.as_str()).collect();
        assert_eq!(ids, ["a", "b", "c"]);
        assert_eq!(
            outbox.next("d".into(), 0, at(2)).order,
            5,
            "even if the clock was set back"
        );
        assert_eq!(outbox.next("d".into(), 0, at(9)).order, 9);
    }

    #[test]
    fn commands_that_the_server_may_have_forgotten_are_taken_out() {
        let mut outbox = Outbox::default();
        outbox.push(command("old", 0));
        outbox.push(command("new", 1));
        let stale = outbox.take_stale(at(MAX_AGE_MILLIS + 1));
        assert_eq!(stale, [command("old", 0)]);
        assert_eq!(outbox.pending(), [command("new", 1)]);
    }

    #[test]
    fn stored_commands_of_earlier_releases_are_read() {
        let id = "6a1f0a52-8b1c-4f0e-9a55-0f4c3b7b5c11";
        let stored = format!(
            r#"{{"id":"c1","order":7,"made_at":"2026-11-26T10:00:00Z","intent":{{"Act":{{"action":"pause","timer_id":"{id}"}}}}}}"#
        );
        let stored = stored.replace(
            "\"2026-11-26T10:00:00Z\"",
            &serde_json::to_string(&Timestamp::from_millis(5)).unwrap(),
        );
        let stored = stored.replace("\"pause\"", &serde_json::to_string(&Action::Pause).unwrap());
        let read = Pending::<TimerCommand>::parse(&stored).unwrap();
        let expected = TimerCommand::Act {
            action: Action::Pause,
            timer_id: TimerId(Uuid::parse_str(id).unwrap()),
        };
        assert_eq!((read.command.clone(), read.order), (expected, 7));
        assert_eq!(Pending::parse(&read.to_json()), Some(read));
    }
}
