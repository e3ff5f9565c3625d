//! Deletions with their cascades: timers stay, without their links, and the owner's connections receive the change
//! (contract, REST 6.3, 7.4, 8.6).

use super::effects::{Effects, Publication};
use crate::service::timers::{
    event_log::{self, TimerEvent},
    tags as tags_of_timers,
};
use crate::store::{
    Conn, StoreError, schedules, tag_groups, tags,
    timer_links::{self, DeletionSet},
    todos,
    visibilities::{self, Visibility},
};
use protocol::{
    id::{ScheduleId, TagGroupId, TodoId, UserId},
    sharing::ResourceKind,
    time::Timestamp,
    timers::{Body, DataKind, ServerMessage, TimerAction},
};
use std::collections::HashSet;

/// Removes the links of a user's timers to resources that are about to be deleted; returns the logged events.
pub async fn cut_timers(
    conn: &mut Conn,
    owner: &UserId,
    gone: &DeletionSet,
    now: Timestamp,
) -> Result<Vec<Publication>, StoreError> {
    let mut timers = timer_links::naming(conn, gone).await?;
    tags_of_timers::add_own(conn, &mut timers).await?;
    let schedules: HashSet<_> = gone.schedules.iter().collect();
    let todos: HashSet<_> = gone.todos.iter().collect();
    for timer in &mut timers {
        timer.schedule_id = timer.schedule_id.filter(|id| !schedules.contains(id));
        timer.todo_id = timer.todo_id.filter(|id| !todos.contains(id));
        timer.tags.retain(|tag| !gone.tags.contains(&tag.id));
        timer.updated_at = now.max(timer.updated_at);
    }
    timer_links::update(conn, &timers).await?;
    let event = |timer| {
        let body = Body::Timer {
            timer: Box::new(timer),
            action: TimerAction::Sync,
        };
        let message = ServerMessage {
            from_user: Some(owner.clone()),
            ..ServerMessage::new(body, now)
        };
        TimerEvent {
            user: owner.clone(),
            message,
        }
    };
    let mut events: Vec<TimerEvent> = timers.into_iter().map(event).collect();
    event_log::append(conn, &mut events).await?;
    Ok(events.into_iter().map(Publication::from).collect())
}

/// Deletes a user's schedules and todos; the schedules include those of the todos.
pub async fn remove(
    conn: &mut Conn,
    owner: &UserId,
    gone: &DeletionSet,
    now: Timestamp,
) -> Result<Effects<()>, StoreError> {
    let events = cut_timers(conn, owner, gone, now).await?;
    let settings = settings(conn, &gone.schedules, &gone.todos).await?;
    schedules::delete(conn, &gone.schedules).await?;
    todos::delete(conn, &gone.todos).await?;
    // Todos show their schedules.
    let changed = match (gone.schedules.is_empty(), gone.todos.is_empty()) {
        (true, true) => &[][..],
        (true, false) => &[DataKind::Todos],
        (false, _) => &[DataKind::Schedules, DataKind::Todos],
    };
    Ok(Effects::events(events).changing(owner, changed).rereading(settings))
}

/// The visibility of those of the schedules and todos that have one.
///
/// # Errors
/// [`StoreError`].
pub async fn settings(
    conn: &mut Conn,
    schedules: &[ScheduleId],
    todos: &[TodoId],
) -> Result<Vec<Visibility>, StoreError> {
    let mut settings = Vec::new();
    let schedules = schedules.iter().map(|id| id.0).collect::<Vec<_>>();
    let todos = todos.iter().map(|id| id.0).collect::<Vec<_>>();
    for (kind, ids) in [(ResourceKind::Schedule, schedules), (ResourceKind::Todo, todos)] {
        if !ids.is_empty() {
            settings.extend(visibilities::find_all(conn, kind, &ids).await?.into_values());
        }
    }
    Ok(settings)
}

/// Deletes a user's todos with their schedules (contract, REST 8.6).
pub async fn remove_todos(
    conn: &mut Conn,
    owner: &UserId,
    ids: Vec<TodoId>,
    now: Timestamp,
) -> Result<Effects<()>, StoreError> {
    let gone = DeletionSet {
        schedules: schedules_of(conn, &ids).await?,
        todos: ids,
        tags: vec![],
    };
    remove(conn, owner, &gone, now).await
}

/// Deletes a user's group with its tags and todos (contract, REST 6.3).
pub async fn remove_group(
    conn: &mut Conn,
    owner: &UserId,
    group: TagGroupId,
    now: Timestamp,
) -> Result<Effects<()>, StoreError> {
    let ids = todos::of_group(conn, group).await?;
    let gone = DeletionSet {
        schedules: schedules_of(conn, &ids).await?,
        todos: ids,
        tags: tags::ids_of_group(conn, group).await?,
    };
    let effects = remove(conn, owner, &gone, now).await?;
    tag_groups::delete(conn, group).await?;
    // Schedules and todos of other groups lose its tags, and schedules their group.
    let shown = [DataKind::Tags, DataKind::Todos, DataKind::Schedules];
    Ok(effects.changing(owner, &shown))
}

async fn schedules_of(conn: &mut Conn, ids: &[TodoId]) -> Result<Vec<ScheduleId>, StoreError> {
    let schedules = schedules::of_todos(conn, ids).await?;
    Ok(schedules.iter().map(|schedule| schedule.id).collect())
}
