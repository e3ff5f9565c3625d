//! How the events of a user's timers reach that user's connections.

use crate::{
    hub::{ConnectionId, Hub, Message, Render},
    paging::Listed,
};
use protocol::{
    id::UserId,
    socket::Rendering,
    timers::{Body, ServerMessage},
};
use std::sync::Arc;

impl Render for ServerMessage {
    fn render(&self, rendering: &Rendering) -> String {
        ServerMessage::render(self, rendering)
    }

    fn weigh(&self) -> usize {
        match &self.body {
            Body::Timer { timer, .. } | Body::SharedTimer { timer, .. } => timer.weigh(),
            Body::Sync { timers, .. } => timers.iter().map(Listed::weigh).sum(),
            // A few hundred bytes: the outbox is bounded by messages as well.
            _ => 0,
        }
    }

    fn encode(&self) -> Option<Vec<u8>> {
        serde_json::to_vec(self).ok()
    }
}

/// What begins with this is the room of a user.
const USER: &str = "user:";

/// The room of all of a user's connections.
pub fn user_room(user: &UserId) -> String {
    format!("{USER}{user}")
}

/// Whose room it is; `None` where it is nobody's.
pub fn user_of(room: &str) -> Option<UserId> {
    room.strip_prefix(USER).map(UserId::from)
}

/// Publishes an event to its user's connections, but not to `except`, which gets it as its reply.
pub fn publish(hub: &Hub, user: &UserId, event: &ServerMessage, except: Option<ConnectionId>) {
    match event.seq {
        Some(seq) => hub.publish(&user_room(user), &Arc::new(Message::event(event.clone(), seq)), except),
        // The log numbers every event, so this must not happen.
        None => tracing::error!(%user, "an event has no number"),
    }
}

/// Publishes a message that is no event to all connections of some users; it is written once.
pub fn publish_to_each<'u>(hub: &Hub, users: impl Iterator<Item = &'u UserId>, message: ServerMessage) {
    let message = Arc::new(Message::reply(message));
    users.for_each(|user| hub.publish(&user_room(user), &message, None));
}

/// Reads what [`publish`] put on the bus.
pub fn decode(payload: &[u8]) -> Option<Message> {
    let event: ServerMessage = serde_json::from_slice(payload).ok()?;
    Some(match event.seq {
        Some(seq) => Message::event(event, seq),
        // What friends do is no event of the receiver's log.
        None => Message::reply(event),
    })
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
        // The characters that JSON writes with the most bytes.
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
        let bytes = Render::encode(&message).unwrap().len();
        assert!(bytes < 1024 * 1024 - 1024, "{bytes} bytes, with no room for the frame");
    }
}
