//! Creates todos (contract, REST 8.2).

use super::{
    Todos, tree,
    visible::{VisibleTodo, own},
};
use crate::{
    clock,
    service::{Refusal, effects::Effects, quotas::QuotaCheck, references},
    store::{Conn, StoreError, schedules, tagged, todos},
};
use futures_util::FutureExt;
use protocol::{
    id::{ScheduleId, TagGroupId, TagId, TodoId, UserId},
    schedule::{Schedule, ScheduleState},
    time::Timestamp,
    timers::DataKind,
    todo::{Todo, TodoStatus},
};
use uuid::Uuid;

/// The length of a deadline's schedule in milliseconds: an hour.
pub(super) const DEADLINE_MILLIS: i64 = 60 * 60 * 1000;

/// The properties of a new todo.
#[derive(Clone, Debug)]
pub struct NewTodo {
    /// The id, if the client chose it; a request that is sent again creates nothing.
    pub id: Option<TodoId>,
    pub title: String,
    pub description: Option<String>,
    pub tag_group_id: TagGroupId,
    /// The tags, without duplicates, of any of the owner's groups.
    pub tag_ids: Vec<TagId>,
    /// The deadline; it creates a schedule.
    pub deadline: Option<Timestamp>,
    /// The parent.
    pub parent_id: Option<TodoId>,
    pub status: TodoStatus,
}

impl Todos {
    /// Creates a todo, and the schedule of its deadline. An id that one of the owner's todos has returns that one.
    ///
    /// # Errors
    /// [`Refusal`]: a named resource is missing, the parent is not possible, or the id is taken.
    pub async fn create(&self, owner: UserId, new: NewTodo) -> Result<VisibleTodo, Refusal> {
        let (now, quotas) = (clock::now(), self.store.quotas());
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    if let Some(todo) = created_before(conn, &owner, new.id).await? {
                        return Ok(Effects::none(own(conn, todo).await?));
                    }
                    let check = QuotaCheck::begin(conn, quotas, &owner).await?;
                    let created = create(conn, owner.clone(), new, now).await?;
                    check.end::<Refusal>(conn).await?;
                    let changed = match created.todo.deadline {
                        Some(_) => &[DataKind::Todos, DataKind::Schedules][..],
                        None => &[DataKind::Todos],
                    };
                    Ok(Effects::none(created).changing(&owner, changed))
                }
                .boxed()
            })
            .await
    }
}

/// The owner's todo with the id that the client chose.
async fn created_before(conn: &mut Conn, owner: &UserId, id: Option<TodoId>) -> Result<Option<Todo>, StoreError> {
    let Some(id) = id else { return Ok(None) };
    Ok(todos::find(conn, id).await?.filter(|todo| todo.owner_id == *owner))
}

async fn create(conn: &mut Conn, owner: UserId, new: NewTodo, now: Timestamp) -> Result<VisibleTodo, Refusal> {
    references::own_group(conn, &owner, Some(new.tag_group_id)).await?;
    references::own_tags(conn, &owner, &new.tag_ids).await?;
    let todo = Todo {
        id: new.id.unwrap_or_else(|| TodoId(Uuid::now_v7())),
        owner_id: owner,
        title: new.title,
        description: new.description,
        deadline: new.deadline,
        tag_group_id: new.tag_group_id,
        parent_id: new.parent_id,
        status: new.status,
        created_at: now,
    };
    if todo.parent_id.is_some() {
        tree::check_parent(&todo, &todos::places(conn, &todo.owner_id).await?)?;
    }
    insert(conn, &todo, &new.tag_ids).await.map_err(Refusal::of_insert)?;
    if let Some(deadline) = todo.deadline {
        insert_deadline(conn, &todo, &new.tag_ids, deadline, now).await?;
    }
    Ok(own(conn, todo).await?)
}

/// Stores a new todo with its tags.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(conn: &mut Conn, todo: &Todo, tags: &[TagId]) -> Result<(), StoreError> {
    todos::insert(conn, todo).await?;
    tagged::replace(conn, &[todo.id], tags).await
}

/// Stores the schedule of a deadline.
pub(super) async fn insert_deadline(
    conn: &mut Conn,
    todo: &Todo,
    tags: &[TagId],
    deadline: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    let schedule = Schedule {
        id: ScheduleId(Uuid::now_v7()),
        owner_id: todo.owner_id.clone(),
        title: todo.title.clone(),
        description: todo.description.clone(),
        all_day: false,
        start_time: deadline,
        end_time: deadline.plus_millis(DEADLINE_MILLIS),
        recurrence_rule: None,
        recurrence_end: None,
        tag_group_id: None,
        source_todo_id: Some(todo.id),
        from_deadline: true,
        state: ScheduleState::Planned,
        created_at: now,
    };
    schedules::insert(conn, &schedule).await?;
    tagged::replace(conn, &[schedule.id], tags).await
}
