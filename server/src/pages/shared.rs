//! The data of the page of what others share.

use super::day;
use crate::{
    clock,
    paging::{PageRequest, decode_cursor},
    service::{
        Scope, schedules,
        timers::{Extras, VisibleTimer},
        todos::{self, VisibleTodo},
    },
    state::AppState,
    store::timers,
};
use app::{
    backend::BackendError,
    pages::shared::{Person, SharedData, SharedSchedule, SharedTimer, SharedTodo, sort_people},
};
use http::request::Parts;
use protocol::{
    id::{ScheduleId, UserId},
    sharing::{Access, Reader, ResourceKind},
    timers::{Timer, TimerStatus},
};
use serde::de::DeserializeOwned;
use std::collections::HashMap;

/// The maximum number of entries of each kind; active timers are as many besides.
const SHOWN: usize = 50;
/// How far ahead schedules are listed, in milliseconds.
const AHEAD: i64 = 14 * 24 * 60 * 60 * 1000;

/// Entries by owner while they are collected; without one for strangers.
#[derive(Default)]
struct People(HashMap<Option<UserId>, Person>);

impl People {
    fn of(&mut self, owner: &UserId, access: Access) -> &mut Person {
        let id = (access != Access::Public).then(|| owner.clone());
        self.0.entry(id.clone()).or_insert(Person {
            id,
            name: None,
            timers: Vec::new(),
            todos: Vec::new(),
            schedules: Vec::new(),
        })
    }
}

pub async fn page(
    state: &AppState,
    user: &UserId,
    request: &Parts,
    kind: Option<ResourceKind>,
    after: Option<String>,
) -> Result<SharedData, BackendError> {
    let reader = state.users.reader(user).await?;
    // A cursor belongs to the list of one kind.
    let after = after.filter(|_| kind.is_some());
    let wants = |wanted| kind.is_none_or(|kind| kind == wanted);
    let (mut people, mut data) = (People::default(), SharedData::default());
    if wants(ResourceKind::Timer) {
        let next = add_timers(state, &reader, after.as_deref(), &mut people).await?;
        data.next.extend(next.map(|next| (ResourceKind::Timer, next)));
    }
    if wants(ResourceKind::Todo) {
        let query = todos::Query {
            scope: Scope::Shared,
            ..todos::Query::default()
        };
        let page = state.todos.list(&reader, &query, &list(after.as_deref())).await?;
        data.next.extend(page.cursor().map(|next| (ResourceKind::Todo, next)));
        for found in page.items {
            people.of(&found.todo.owner_id, found.access).todos.push(todo(found));
        }
    }
    if wants(ResourceKind::Schedule) {
        let now = clock::now();
        let zone = day::zone(&request.headers);
        let query = schedules::Query {
            scope: Scope::Shared,
            from: day::day_start(now, zone.as_ref()),
            until: now.plus_millis(AHEAD),
            tag_ids: Vec::new(),
            group_ids: Vec::new(),
            zone: zone.clone(),
        };
        let agenda = state.schedules.agenda(&reader, &query, &list(after.as_deref())).await?;
        data.is_incomplete = !agenda.incomplete.is_empty();
        data.next
            .extend(agenda.page.cursor().map(|next| (ResourceKind::Schedule, next)));
        for found in agenda.page.items {
            let person = people.of(&found.schedule().owner_id, found.access());
            person
                .schedules
                .push(schedule(found.schedule().id, found.outline(zone.as_ref())));
        }
    }
    let ids: Vec<UserId> = people.0.keys().flatten().cloned().collect();
    let mut names = state.users.names(user, &ids).await?;
    data.people = people.0.into_values().collect();
    for person in &mut data.people {
        person.name = person.id.as_ref().and_then(|id| names.remove(id));
    }
    sort_people(&mut data.people);
    data.kind = kind;
    Ok(data)
}

/// Adds timers, the active ones first; returns the cursor of further ended ones.
async fn add_timers(
    state: &AppState,
    reader: &Reader,
    after: Option<&str>,
    people: &mut People,
) -> Result<Option<String>, BackendError> {
    let filter = |statuses: &[TimerStatus]| timers::Filter {
        statuses: statuses.to_vec(),
        ..timers::Filter::default()
    };
    let extras = Extras::default();
    let mut found: Vec<VisibleTimer> = Vec::new();
    if after.is_none() {
        let active = (Scope::Shared, filter(&[TimerStatus::Running, TimerStatus::Paused]));
        let page = state.timers.list(reader, &active, extras, &list(None)).await?;
        found = page.items;
        found.sort_by_key(|found| found.timer.status != TimerStatus::Running);
    }
    let ended = (Scope::Shared, filter(&[TimerStatus::Completed, TimerStatus::Cancelled]));
    let page = state.timers.list(reader, &ended, extras, &list(after)).await?;
    let next = page.cursor();
    found.extend(page.items);
    for found in found {
        let person = people.of(&found.timer.owner_id, found.access);
        person.timers.push(timer(found.timer));
    }
    Ok(next)
}

fn list<K: DeserializeOwned>(after: Option<&str>) -> PageRequest<K> {
    PageRequest {
        after: after.and_then(decode_cursor),
        limit: SHOWN,
        ..PageRequest::default()
    }
}

fn timer(timer: Timer) -> SharedTimer {
    let since = match timer.status {
        TimerStatus::Running => Some(timer.started_at),
        TimerStatus::Paused => timer.paused_at,
        TimerStatus::Completed | TimerStatus::Cancelled => timer.ended_at,
    };
    SharedTimer {
        id: timer.id,
        status: timer.status,
        allocated_seconds: timer.allocated_seconds,
        elapsed_millis: timer.elapsed_millis,
        since: since.unwrap_or(timer.updated_at),
        title: timer.title,
    }
}

fn todo(found: VisibleTodo) -> SharedTodo {
    SharedTodo {
        id: found.todo.id,
        title: found.todo.title,
        status: found.todo.status,
        deadline: found.todo.deadline,
    }
}

fn schedule(id: ScheduleId, outline: schedules::AgendaOutline) -> SharedSchedule {
    SharedSchedule {
        id,
        title: outline.title,
        start: outline.start,
        end: outline.end,
        is_all_day: outline.all_day,
    }
}
