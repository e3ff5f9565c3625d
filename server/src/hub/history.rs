//! What was said in a room lately: for rooms whose protocol keeps no log of its own. Each room has consecutive numbers
//! and an epoch; who was away gets exactly what was missed, or is told that this is no longer known.

use super::{
    Connection, ConnectionId, Hub, Message,
    shards::{Shards, lock},
};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use uuid::Uuid;

/// A place in a room's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Changes when the history was begun anew.
    pub epoch: Uuid,
    /// The newest message, from 1; 0 before the first.
    pub seq: u64,
}

/// What somebody missed who was away.
pub enum Missed {
    /// Exactly these messages, oldest first.
    Messages(Vec<Arc<Message>>),
    /// It is not known: the epoch is another, or the history does not reach back so far.
    Unknown,
}

/// The histories of this node's rooms.
#[derive(Clone)]
pub struct Histories {
    rooms: Arc<Shards<Arc<str>, Arc<Mutex<History>>>>,
    limit: usize,
    keep: Duration,
}

struct History {
    position: Position,
    newest: VecDeque<Arc<Message>>,
    used: Instant,
}

impl Histories {
    /// Of at most `limit` messages a room. A room in which nothing happens for longer than `keep` is forgotten.
    pub fn new(limit: usize, keep: Duration) -> Self {
        Self {
            rooms: Arc::new(Shards::new()),
            limit,
            keep,
        }
    }

    /// Publishes a message with the room's next number, which `make` puts into it. Members hear the numbers in order.
    pub fn publish(
        &self,
        hub: &Hub,
        room: &str,
        except: Option<ConnectionId>,
        make: impl FnOnce(Position) -> Message,
    ) -> Position {
        let history = self.of(room);
        let mut history = lock(&history);
        history.used = Instant::now();
        history.position.seq += 1;
        let message = Arc::new(make(history.position));
        if history.newest.len() == self.limit {
            history.newest.pop_front();
        }
        if self.limit > 0 {
            history.newest.push_back(message.clone());
        }
        // In the room's turn: whoever publishes next comes after it.
        hub.publish(room, &message, except);
        history.position
    }

    /// The connection joins the room. What it missed since a position, and the position from which it hears all.
    pub fn join(&self, connection: &mut Connection, room: &str, since: Option<Position>) -> (Missed, Position) {
        let history = self.of(room);
        let mut history = lock(&history);
        history.used = Instant::now();
        connection.join(room);
        let missed = since.and_then(|since| history.since(since));
        (missed.map_or(Missed::Unknown, Missed::Messages), history.position)
    }

    fn of(&self, room: &str) -> Arc<Mutex<History>> {
        let mut rooms = self.rooms.of(room);
        if let Some(history) = rooms.get(room) {
            return history.clone();
        }
        // Whoever holds one at this moment is using it.
        rooms.retain(|_, history| Arc::strong_count(history) > 1 || lock(history).used.elapsed() <= self.keep);
        let history = Arc::new(Mutex::new(History {
            position: Position {
                epoch: Uuid::new_v4(),
                seq: 0,
            },
            newest: VecDeque::new(),
            used: Instant::now(),
        }));
        rooms.insert(room.into(), history.clone());
        history
    }
}

impl History {
    fn since(&self, since: Position) -> Option<Vec<Arc<Message>>> {
        if since.epoch != self.position.epoch {
            return None;
        }
        let missed = usize::try_from(self.position.seq.checked_sub(since.seq)?).ok()?;
        let known = self.newest.len().checked_sub(missed)?;
        Some(self.newest.iter().skip(known).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hub::{LocalBus, Render, Who};
    use protocol::socket::Rendering;

    struct Number(u64);

    impl Render for Number {
        fn render(&self, _: &Rendering) -> String {
            self.0.to_string()
        }
    }

    fn hub() -> Hub {
        Hub::new(Arc::new(LocalBus), |_| None, 64, Duration::from_secs(30))
    }

    fn connection(hub: &Hub) -> Connection {
        hub.connect(Who::anonymous(), Rendering::default())
    }

    fn say(histories: &Histories, hub: &Hub) -> Position {
        histories.publish(hub, "chat", None, |position| {
            Message::event(Number(position.seq), position.seq)
        })
    }

    fn numbers(messages: impl IntoIterator<Item = Arc<Message>>) -> Vec<u64> {
        messages.into_iter().filter_map(|message| message.seq()).collect()
    }

    fn missed(missed: Missed) -> Option<Vec<u64>> {
        match missed {
            Missed::Messages(messages) => Some(numbers(messages)),
            Missed::Unknown => None,
        }
    }

    #[tokio::test]
    async fn who_was_away_gets_exactly_what_was_missed_or_hears_that_it_is_not_known() {
        let (hub, histories) = (hub(), Histories::new(3, Duration::from_secs(60)));
        let mut here = connection(&hub);
        let (first, start) = histories.join(&mut here, "chat", None);
        assert_eq!((missed(first), start.seq), (None, 0));
        let positions: Vec<Position> = (0..5).map(|_| say(&histories, &hub)).collect();
        assert_eq!(numbers(std::iter::from_fn(|| here.try_next())), [1, 2, 3, 4, 5]);

        let mut back = connection(&hub);
        let mut since = |position| missed(histories.join(&mut back, "chat", Some(position)).0);
        assert_eq!(since(positions[2]), Some(vec![4, 5]));
        assert_eq!(since(positions[1]), Some(vec![3, 4, 5]));
        assert_eq!(since(positions[4]), Some(vec![]));
        assert_eq!(since(positions[0]), None, "the history is bounded");
        let ahead = Position { seq: 9, ..positions[4] };
        assert_eq!(since(ahead), None);
        let another = Position {
            epoch: Uuid::new_v4(),
            seq: 4,
        };
        assert_eq!(since(another), None, "another epoch");
        say(&histories, &hub);
        assert_eq!(
            numbers(std::iter::from_fn(|| back.try_next())),
            [6],
            "and from then on all"
        );
    }

    #[tokio::test]
    async fn a_room_where_nothing_happens_is_forgotten_and_begins_anew() {
        let (hub, histories) = (hub(), Histories::new(3, Duration::ZERO));
        let before = say(&histories, &hub);
        // Whatever room comes into the same part next sweeps it.
        for number in 0..1_000 {
            histories.of(&number.to_string());
        }
        let mut back = connection(&hub);
        let (gone, now) = histories.join(&mut back, "chat", Some(before));
        assert_eq!((missed(gone), now.seq), (None, 0));
        assert_ne!(now.epoch, before.epoch);
    }
}
