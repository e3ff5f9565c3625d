//! The stored events of a user's timers: their stream and payloads. An event is stored as the timer's state after the
//! change, without its history, which is in rows of its own; the event only has the number of entries.

use super::tags;
use crate::{
    service::streams::timers_of,
    store::{
        Conn, StoreError,
        bulk::WriteSet,
        events::{self, Heads, NewEvent, StoredEvent},
        timer_history,
    },
};
use hub::StreamId;
use protocol::{
    id::{ScheduleId, TimerId, TodoId, UserId},
    time::Timestamp,
    timers::{Body, History, ServerMessage, Timer, TimerAction, TimerStatus},
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A timer that was created or changed: a [`StoredTimer`].
const TIMER: &str = "timer";
/// A timer that was deleted: its id.
const TIMER_DELETED: &str = "timer_deleted";
/// A whole message as JSON. Earlier releases stored events in this form.
const MESSAGE: &str = "message";
/// The number of history entries, a space, and a message as JSON without its history. Releases with migrations 8 to 11
/// stored events in this form.
const MESSAGE_WITHOUT_HISTORY: &str = "message_without_history";

/// An event of a user's timers.
#[derive(Clone, Debug)]
pub struct TimerEvent {
    pub user: UserId,
    /// The message; [`number`] sets its `seq`.
    pub message: ServerMessage,
}

/// A timer after a change. The owner is that of the stream; times are milliseconds since 1970.
#[derive(Serialize, Deserialize)]
struct StoredTimer(
    TimerId,
    TimerAction,
    /// The number of its oldest history entries that belong to the event.
    usize,
    State,
    Details,
);

#[derive(Serialize, Deserialize)]
struct State {
    #[serde(rename = "s")]
    status: TimerStatus,
    #[serde(rename = "e", default, skip_serializing_if = "is_zero")]
    elapsed_millis: i64,
    #[serde(rename = "b")]
    started_at: Timestamp,
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    paused_at: Option<Timestamp>,
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    ended_at: Option<Timestamp>,
    #[serde(rename = "u")]
    updated_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Details {
    #[serde(rename = "a")]
    allocated_seconds: i64,
    #[serde(rename = "c")]
    created_at: Timestamp,
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    schedule_id: Option<ScheduleId>,
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    todo_id: Option<TodoId>,
}

fn is_zero(number: &i64) -> bool {
    *number == 0
}

impl StoredTimer {
    fn new(timer: &Timer, action: TimerAction) -> Self {
        Self(
            timer.id,
            action,
            timer.history.len(),
            State {
                status: timer.status,
                elapsed_millis: timer.elapsed_millis,
                started_at: timer.started_at,
                paused_at: timer.paused_at,
                ended_at: timer.ended_at,
                updated_at: timer.updated_at,
            },
            Details {
                allocated_seconds: timer.allocated_seconds,
                created_at: timer.created_at,
                title: timer.title.clone(),
                description: timer.description.clone(),
                schedule_id: timer.schedule_id,
                todo_id: timer.todo_id,
            },
        )
    }

    fn timer(self, owner: UserId, history: History) -> Timer {
        let Self(id, _, _, state, details) = self;
        Timer {
            id,
            owner_id: owner,
            title: details.title,
            description: details.description,
            schedule_id: details.schedule_id,
            todo_id: details.todo_id,
            tags: Vec::new(),
            allocated_seconds: details.allocated_seconds,
            elapsed_millis: state.elapsed_millis,
            status: state.status,
            started_at: state.started_at,
            paused_at: state.paused_at,
            ended_at: state.ended_at,
            history,
            created_at: details.created_at,
            updated_at: state.updated_at,
        }
    }
}

/// Assigns the events the next numbers of their users' streams, in order; returns the events to insert in the same
/// transaction.
///
/// # Errors
/// [`StoreError`].
pub fn number(heads: &mut Heads, events: &mut [TimerEvent]) -> Result<Vec<NewEvent>, StoreError> {
    let new = |event: &mut TimerEvent| {
        let stream = timers_of(&event.user);
        let seq = events::next(heads, &stream)?;
        event.message.seq = Some(seq);
        let (kind, payload) = encode(&event.user, &event.message)?;
        Ok(NewEvent {
            stream,
            seq,
            at: event.message.timestamp,
            kind,
            payload,
        })
    };
    events.iter_mut().map(new).collect()
}

/// Numbers events and stores them.
///
/// # Errors
/// [`StoreError`].
pub async fn append(conn: &mut Conn, events: &mut [TimerEvent]) -> Result<(), StoreError> {
    let streams: Vec<StreamId> = events.iter().map(|event| timers_of(&event.user)).collect();
    let mut heads = events::heads(conn, &streams).await?;
    let new = number(&mut heads, events)?;
    let heads = events::new_heads(&new);
    let mut writes = WriteSet::default();
    events::insert(&mut writes, &new, &heads);
    writes.run(conn).await
}

fn encode(user: &UserId, message: &ServerMessage) -> Result<(&'static str, String), StoreError> {
    let plain = message.from_user.as_ref() == Some(user) && message.reply_to.is_none() && !message.replayed;
    let json = match &message.body {
        Body::Timer { timer, action } if plain && timer.owner_id == *user => {
            return match serde_json::to_string(&StoredTimer::new(timer, *action)) {
                Ok(payload) => Ok((TIMER, payload)),
                Err(error) => Err(StoreError::corrupt("event", error)),
            };
        }
        Body::TimerDeleted { timer_id } if plain => return Ok((TIMER_DELETED, timer_id.to_string())),
        _ => serde_json::to_string(message),
    };
    let payload = json.map_err(|error| StoreError::corrupt("event", error))?;
    Ok((MESSAGE, payload))
}

/// An event whose history has not been read.
struct Decoded {
    message: ServerMessage,
    /// The timer, and the number of history entries of the event.
    history: Option<(TimerId, usize)>,
}

/// The messages of events, each with its user, in order. Two more statements for any number of events; messages of one
/// timer share its history in memory. Tags are the current ones: storing them would add all their texts to each event.
///
/// # Errors
/// [`StoreError`].
pub async fn decode(conn: &mut Conn, events: Vec<(UserId, StoredEvent)>) -> Result<Vec<ServerMessage>, StoreError> {
    let decoded = events.into_iter().map(|(user, event)| decode_one(user, event));
    let decoded: Vec<Decoded> = decoded.collect::<Result<_, _>>()?;
    let mut timers: Vec<TimerId> = decoded.iter().filter_map(|one| Some(one.history?.0)).collect();
    timers.sort_unstable();
    timers.dedup();
    let histories = timer_history::find(conn, &timers).await?;
    let complete = |one: Decoded| with_history(one, &histories);
    let mut messages: Vec<ServerMessage> = decoded.into_iter().map(complete).collect::<Result<_, _>>()?;
    tags::add_own(conn, messages.iter_mut().filter_map(|message| message.body.timer_mut())).await?;
    Ok(messages)
}

fn with_history(one: Decoded, histories: &HashMap<TimerId, History>) -> Result<ServerMessage, StoreError> {
    let Decoded { mut message, history } = one;
    if let Some((id, entries)) = history {
        let history = histories.get(&id).and_then(|history| history.prefix(entries));
        let (Some(timer), Some(history)) = (message.body.timer_mut(), history) else {
            let why = format!("timer {id} has no {entries} entries");
            return Err(StoreError::corrupt("history", why));
        };
        timer.history = history;
    }
    Ok(message)
}

fn decode_one(user: UserId, event: StoredEvent) -> Result<Decoded, StoreError> {
    let corrupt = |why: &dyn ToString| StoreError::corrupt("event", why.to_string());
    let (body, history) = match event.kind.as_str() {
        TIMER => {
            let stored: StoredTimer = serde_json::from_str(&event.payload).map_err(|error| corrupt(&error))?;
            let (action, history) = (stored.1, (stored.0, stored.2));
            let timer = Box::new(stored.timer(user.clone(), History::default()));
            (Body::Timer { timer, action }, Some(history))
        }
        TIMER_DELETED => {
            let timer_id = event.payload.parse().map_err(|_| corrupt(&event.payload))?;
            (Body::TimerDeleted { timer_id }, None)
        }
        MESSAGE => {
            let message = serde_json::from_str(&event.payload).map_err(|error| corrupt(&error))?;
            return Ok(Decoded { message, history: None });
        }
        MESSAGE_WITHOUT_HISTORY => {
            let (entries, json) = event.payload.split_once(' ').ok_or_else(|| corrupt(&event.payload))?;
            let entries = entries.parse().map_err(|_| corrupt(&entries))?;
            let mut message: ServerMessage = serde_json::from_str(json).map_err(|error| corrupt(&error))?;
            let history = message.body.timer_mut().map(|timer| (timer.id, entries));
            return Ok(Decoded { message, history });
        }
        other => return Err(corrupt(&format!("of the unknown kind {other}"))),
    };
    Ok(Decoded {
        message: ServerMessage {
            from_user: Some(user),
            seq: Some(event.seq),
            ..ServerMessage::new(body, event.at)
        },
        history,
    })
}

/// The events of a user after `seq`, oldest first; `None` if the log does not reach back to it. Needs a snapshot.
///
/// # Errors
/// [`StoreError`].
pub async fn since(conn: &mut Conn, user: &UserId, seq: u64) -> Result<Option<Vec<ServerMessage>>, StoreError> {
    let Some(events) = events::since(conn, &timers_of(user), seq).await? else {
        return Ok(None);
    };
    let events = events.into_iter().map(|event| (user.clone(), event)).collect();
    decode(conn, events).await.map(Some)
}

/// The newest `seq` of a user's events; 0 if there are none.
///
/// # Errors
/// [`StoreError`].
pub async fn head(conn: &mut Conn, user: &UserId) -> Result<u64, StoreError> {
    events::head(conn, &timers_of(user)).await
}

#[cfg(test)]
mod tests;
