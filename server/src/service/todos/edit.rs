//! Changes and deletes todos, and adapts their schedules (contract, REST 8.4 to 8.6).

use super::{
    Todos,
    create::{DEADLINE_MILLIS, insert_deadline},
    tree,
    visible::{VisibleTodo, own},
};
use crate::{
    clock,
    service::{Refusal, effects::Effects, quotas::QuotaCheck, references, removal},
    store::{Conn, schedules, tagged, timer_links::DeletionSet, todos},
};
use futures_util::FutureExt;
use protocol::{
    id::{ScheduleId, TagGroupId, TagId, TodoId, UserId},
    schedule::Schedule,
    time::Timestamp,
    timers::DataKind,
    todo::{Todo, TodoStatus},
};

/// Changes to a todo (contract, REST 4.7): `None` keeps a field, `Some(None)` clears it.
#[derive(Clone, Debug, Default)]
pub struct TodoPatch {
    pub title: Option<String>,
    pub description: Option<Option<String>>,
    pub tag_group_id: Option<TagGroupId>,
    /// The complete set of tags; its schedules get the same.
    pub tag_ids: Option<Vec<TagId>>,
    pub deadline: Option<Option<Timestamp>>,
    /// The parent.
    pub parent_id: Option<Option<TodoId>>,
    pub status: Option<TodoStatus>,
}

impl Todos {
    /// Changes a todo.
    ///
    /// # Errors
    /// [`Refusal`]: the todo or a named resource is missing, or the parent is not possible.
    pub async fn patch(&self, owner: UserId, id: TodoId, patch: TodoPatch) -> Result<VisibleTodo, Refusal> {
        let (now, quotas) = (clock::now(), self.store.quotas());
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    let check = QuotaCheck::begin(conn, quotas, &owner).await?;
                    let done = apply(conn, &owner, id, patch, now).await?;
                    check.end::<Refusal>(conn).await?;
                    Ok(done)
                }
                .boxed()
            })
            .await
    }

    /// Deletes a todo with its schedules; its children become roots, and timers stay.
    ///
    /// # Errors
    /// [`Refusal::TodoNotFound`].
    pub async fn delete(&self, owner: UserId, id: TodoId) -> Result<(), Refusal> {
        let now = clock::now();
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    own_todo(conn, &owner, id).await?;
                    Ok::<_, Refusal>(removal::remove_todos(conn, &owner, vec![id], now).await?)
                }
                .boxed()
            })
            .await
    }
}

async fn own_todo(conn: &mut Conn, owner: &UserId, id: TodoId) -> Result<Todo, Refusal> {
    let todo = todos::find(conn, id).await?;
    todo.filter(|todo| todo.owner_id == *owner).ok_or(Refusal::TodoNotFound)
}

async fn apply(
    conn: &mut Conn,
    owner: &UserId,
    id: TodoId,
    patch: TodoPatch,
    now: Timestamp,
) -> Result<Effects<VisibleTodo>, Refusal> {
    let todo = own_todo(conn, owner, id).await?;
    references::own_group(conn, owner, patch.tag_group_id).await?;
    references::own_tags(conn, owner, patch.tag_ids.as_deref().unwrap_or_default()).await?;
    let sets_parent = patch.parent_id.is_some();
    let tag_ids = patch.tag_ids.clone();
    let next = patched(&todo, patch);
    if sets_parent && next.parent_id.is_some() {
        tree::check_parent(&next, &todos::places(conn, owner).await?)?;
    }
    // The tags before the change: a schedule that the change creates gets the old ones.
    let tags = tagged::tags_of(conn, &[id]).await?.remove(&id).unwrap_or_default();
    let linked = schedules::of_todos(conn, &[id]).await?;
    let linked_ids: Vec<ScheduleId> = linked.iter().map(|schedule| schedule.id).collect();
    if next == todo && tag_ids.is_none() {
        return Ok(Effects::none(own(conn, next).await?));
    }
    if next != todo {
        todos::update(conn, &next).await?;
    }
    // Its schedules get its tags and move with its deadline.
    let changes_schedules = next.deadline != todo.deadline || (tag_ids.is_some() && !linked.is_empty());
    let mut effects = Effects::none(()).changing(owner, &[DataKind::Todos]);
    if changes_schedules {
        effects = effects.changing(owner, &[DataKind::Schedules]);
    }
    let affected = if changes_schedules { linked_ids.as_slice() } else { &[] };
    effects = effects.rereading(removal::settings(conn, affected, &[id]).await?);
    if let Some(tag_ids) = tag_ids {
        tagged::replace(conn, &[id], &tag_ids).await?;
        tagged::replace(conn, &linked_ids, &tag_ids).await?;
    }
    match (todo.deadline, next.deadline) {
        (None, Some(deadline)) => {
            let tags: Vec<TagId> = tags.iter().map(|tag| tag.id).collect();
            insert_deadline(conn, &todo, &tags, deadline, now).await?;
        }
        (Some(_), None) => {
            let gone = DeletionSet {
                schedules: linked_ids,
                ..DeletionSet::default()
            };
            effects = effects.and(removal::remove(conn, owner, &gone, now).await?);
        }
        (Some(old), Some(new)) if old != new => {
            if let Some(schedule) = standing_for_deadline(linked) {
                let moved = Schedule {
                    all_day: false,
                    start_time: new,
                    end_time: new.plus_millis(DEADLINE_MILLIS),
                    ..schedule
                };
                schedules::update(conn, &moved).await?;
            }
        }
        _ => {}
    }
    let value = own(conn, next).await?;
    Ok(effects.with(value))
}

/// The schedule that moves with the deadline: the one that it created, else the first.
fn standing_for_deadline(linked: Vec<Schedule>) -> Option<Schedule> {
    let made = linked.iter().position(|schedule| schedule.from_deadline);
    linked.into_iter().nth(made.unwrap_or(0))
}

fn patched(todo: &Todo, patch: TodoPatch) -> Todo {
    Todo {
        title: patch.title.unwrap_or_else(|| todo.title.clone()),
        description: patch.description.unwrap_or_else(|| todo.description.clone()),
        tag_group_id: patch.tag_group_id.unwrap_or(todo.tag_group_id),
        deadline: patch.deadline.unwrap_or(todo.deadline),
        parent_id: patch.parent_id.unwrap_or(todo.parent_id),
        status: patch.status.unwrap_or(todo.status),
        ..todo.clone()
    }
}
