//! What goes takes its links along: timers stay, without it, and their owner's connections hear of it (contract,
//! REST 6.3, 7.4, 8.6).

use crate::store::{
    Conn, StoreError, events, tag_groups, tags,
    timer_links::{self, Named},
};
use protocol::{
    id::{TagGroupId, UserId},
    time::Timestamp,
    wire::{Body, ServerMessage, TimerAction},
};
use std::collections::HashSet;

/// Cuts the links from a user's timers to what is about to be removed: the events, logged.
pub async fn cut_timers(
    conn: &mut Conn,
    owner: &UserId,
    gone: &Named,
    now: Timestamp,
) -> Result<Vec<ServerMessage>, StoreError> {
    let mut timers = timer_links::naming(conn, gone).await?;
    let schedules: HashSet<_> = gone.schedules.iter().collect();
    let todos: HashSet<_> = gone.todos.iter().collect();
    for timer in &mut timers {
        timer.schedule_id = timer.schedule_id.filter(|id| !schedules.contains(id));
        timer.todo_id = timer.todo_id.filter(|id| !todos.contains(id));
        timer.updated_at = now.max(timer.updated_at);
    }
    timer_links::update(conn, &timers).await?;
    let mut messages = Vec::with_capacity(timers.len());
    for timer in timers {
        let body = Body::Timer {
            timer: Box::new(timer),
            action: TimerAction::Sync,
        };
        let mut event = ServerMessage {
            from_user: Some(owner.clone()),
            ..ServerMessage::new(body, now)
        };
        events::append(conn, owner, &mut event).await?;
        messages.push(event);
    }
    Ok(messages)
}

/// Removes a user's group with its tags (contract, REST 6.3).
pub async fn remove_group(
    conn: &mut Conn,
    owner: &UserId,
    group: TagGroupId,
    now: Timestamp,
) -> Result<Vec<ServerMessage>, StoreError> {
    let gone = Named {
        tags: tags::of_group(conn, group).await?.iter().map(|tag| tag.id).collect(),
        ..Named::default()
    };
    let events = cut_timers(conn, owner, &gone, now).await?;
    tag_groups::delete(conn, group).await?;
    Ok(events)
}
