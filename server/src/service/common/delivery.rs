//! Delivers timer events, and hints that other data has changed, to the connections of a user.

use super::streams;
use crate::{clock, paging::Listed};
use hub::{ConnectionId, Format, Hub, Message, Payload, Render, RoomId};
use protocol::{
    id::UserId,
    socket::Rendering,
    timers::{Body, DataKind, ServerMessage},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// A message of the timer WebSocket, written in the [`Rendering`] that is a connection's format.
pub struct TimerMessage(pub ServerMessage);

impl Render for TimerMessage {
    fn render(&self, format: &Format) -> Payload {
        render(&self.0, format)
    }

    fn size(&self) -> usize {
        size(&self.0)
    }

    fn encode(&self) -> Option<Vec<u8>> {
        serde_json::to_vec(&self.0).ok()
    }
}

fn render(message: &ServerMessage, format: &Format) -> Payload {
    Payload::Text(match format.get::<Rendering>() {
        Some(rendering) => message.render(rendering),
        None => message.render(&Rendering::default()),
    })
}

fn size(message: &ServerMessage) -> usize {
    match &message.body {
        Body::Timer { timer, .. } | Body::SharedTimer { timer, .. } => timer.weigh(),
        Body::Sync { timers, .. } => timers.iter().map(Listed::weigh).sum(),
        // A few hundred bytes: the outbox is bounded by messages as well.
        _ => 0,
    }
}

/// A message about a shared timer, or a hint that data has changed, for all connections of a room except those of some
/// users.
#[derive(Clone, Serialize, Deserialize)]
pub struct SharedMessage {
    pub message: ServerMessage,
    /// Users who must not receive it: those without access, and those who receive another message, such as the owner.
    pub except: Vec<UserId>,
}

impl Render for SharedMessage {
    fn render(&self, format: &Format) -> Payload {
        render(&self.message, format)
    }

    fn size(&self) -> usize {
        size(&self.message)
    }

    fn is_for(&self, user: Option<&str>) -> bool {
        user.is_some_and(|user| self.except.iter().all(|other| other.as_str() != user))
    }

    fn encode(&self) -> Option<Vec<u8>> {
        serde_json::to_vec(self).ok()
    }
}

/// An event of the user's stream; a message without a number is sent outside of it.
pub fn event(user: &UserId, message: ServerMessage) -> Message {
    match message.seq {
        Some(seq) => Message::event(TimerMessage(message), streams::timers_of(user), seq),
        None => Message::new(TimerMessage(message)),
    }
}

/// The reply to a command: its event, or any other message.
pub fn reply(user: &UserId, message: ServerMessage) -> Message {
    match message.seq {
        // A replay repeats an event that the client may have received long ago.
        Some(seq) if !message.replayed => Message::ack(TimerMessage(message), streams::timers_of(user), seq),
        _ => Message::new(TimerMessage(message)),
    }
}

/// Publishes an event to its user's connections, except `except`, which receives it as its reply.
pub fn publish(hub: &Hub, user: &UserId, message: &ServerMessage, except: Option<ConnectionId>) {
    if message.seq.is_none() {
        // The log numbers all events, so this must not happen.
        tracing::error!(%user, "an event has no number");
        return;
    }
    let message = Arc::new(event(user, message.clone()));
    hub.to_room(streams::timers_of(user).room(), &message, except);
}

/// Publishes a message that is not an event to all connections of some users; it is serialised once.
pub fn publish_to_each<'u>(hub: &Hub, users: impl Iterator<Item = &'u UserId>, message: ServerMessage) {
    let message = Arc::new(Message::new(TimerMessage(message)));
    users.for_each(|user| hub.to_room(streams::timers_of(user).room(), &message, None));
}

/// Publishes `data.changed` to those connections of users that asked for it: one message per user.
pub fn publish_changed(hub: &Hub, changed: impl IntoIterator<Item = (UserId, DataKind)>) {
    let mut users: BTreeMap<UserId, BTreeSet<DataKind>> = BTreeMap::new();
    for (user, kind) in changed {
        users.entry(user).or_default().insert(kind);
    }
    for (user, kinds) in users {
        publish_hint(hub, [&streams::changes_of(&user)], kinds, Vec::new());
    }
}

/// Publishes `data.changed` to rooms, except to these users.
pub fn publish_hint<'r>(
    hub: &Hub,
    rooms: impl IntoIterator<Item = &'r RoomId>,
    kinds: impl IntoIterator<Item = DataKind>,
    except: Vec<UserId>,
) {
    let kinds = kinds.into_iter().collect();
    let message = ServerMessage::new(Body::DataChanged { kinds }, clock::now());
    let message = Arc::new(Message::new(SharedMessage { message, except }));
    rooms.into_iter().for_each(|room| hub.to_room(room, &message, None));
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{
        id::TimerId,
        limits,
        time::Timestamp,
        timers::{Action, Body, NewTimer, Timer, TimerAction},
    };
    use uuid::Uuid;

    #[test]
    fn the_longest_message_about_a_timer_fits_into_nats_default_payload() {
        // The characters with the longest JSON form.
        let text = |chars| Some("\u{1}".repeat(chars));
        let new = NewTimer {
            allocated_seconds: limits::ALLOCATED_SECONDS,
            title: text(limits::TITLE_CHARS),
            description: text(limits::DESCRIPTION_CHARS),
            schedule_id: Some(protocol::id::ScheduleId(Uuid::now_v7())),
            todo_id: Some(protocol::id::TodoId(Uuid::now_v7())),
        };
        let user = UserId("\u{1}".repeat(limits::USER_ID_CHARS));
        let start = Timestamp::from_millis(4_000_000_000_000);
        let mut timer = Timer::create(TimerId(Uuid::now_v7()), user.clone(), new, start).unwrap();
        let ten_years = |round: usize| start.plus_millis(315_360_000_000 + round as i64);
        for round in 1..limits::HISTORY_ENTRIES {
            let action = if round % 2 == 1 { Action::Pause } else { Action::Resume };
            timer = timer.apply(action, ten_years(round)).unwrap();
        }
        timer = timer.apply(Action::Cancel, ten_years(limits::HISTORY_ENTRIES)).unwrap();
        let body = Body::Timer {
            timer: Box::new(timer),
            action: TimerAction::Cancel,
        };
        let message = ServerMessage {
            from_user: Some(user),
            seq: Some(u64::MAX),
            ..ServerMessage::new(body, start)
        };
        let bytes = Render::encode(&TimerMessage(message)).unwrap().len();
        assert!(bytes < 1024 * 1024 - 1024, "{bytes} bytes, with no room for the frame");
    }
}
