//! Creates schedules, and todos together with them (contract, REST 7.2 and 7.5).

use super::{Schedules, times::TimesPatch, visible::VisibleSchedule};
use crate::{
    clock,
    service::{
        Refusal,
        effects::Effects,
        quotas::QuotaCheck,
        references, removal,
        sharing::Access,
        todos::{self, VisibleTodo},
    },
    store::{Conn, StoreError, schedules, tagged},
};
use futures_util::FutureExt;
use protocol::{
    id::{ScheduleId, TagGroupId, TagId, TodoId, UserId},
    recurrence::Recurrence,
    schedule::{Schedule, ScheduleState},
    time::Timestamp,
    timers::DataKind,
    todo::{Todo, TodoStatus},
};
use uuid::Uuid;

/// The properties of a new schedule.
#[derive(Clone, Debug)]
pub struct NewSchedule {
    /// The id, if the client chose it; a request that is sent again creates nothing.
    pub id: Option<ScheduleId>,
    pub title: String,
    pub description: Option<String>,
    /// Its times, or its dates.
    pub times: TimesPatch,
    /// RFC 5545 text; empty if it does not recur.
    pub recurrence_rule: Option<String>,
    /// The last instant at which an occurrence may start.
    pub recurrence_end: Option<Timestamp>,
    /// The tags, without duplicates.
    pub tag_ids: Vec<TagId>,
    /// The schedule's own tag group.
    pub tag_group_id: Option<TagGroupId>,
    /// The todo that it belongs to.
    pub source_todo_id: Option<TodoId>,
    pub state: ScheduleState,
    /// Creates a todo in this group as well.
    pub todo_group: Option<TagGroupId>,
}

impl Schedules {
    /// Creates a schedule. An id that one of the owner's schedules has returns that one.
    ///
    /// # Errors
    /// [`Refusal`]: a named resource is missing, the recurrence is invalid, or the id is taken.
    pub async fn create(&self, owner: UserId, new: NewSchedule) -> Result<VisibleSchedule, Refusal> {
        let (now, quotas) = (clock::now(), self.store.quotas());
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    if let Some(schedule) = created_before(conn, &owner, new.id).await? {
                        return Ok(Effects::none(own(conn, schedule).await?));
                    }
                    let check = QuotaCheck::begin(conn, quotas, &owner).await?;
                    let created = create(conn, owner.clone(), new, now).await?;
                    check.end::<Refusal>(conn).await?;
                    let effects = Effects::none(()).changing(&owner, shown(&[&created.schedule]));
                    Ok(effects.with(created))
                }
                .boxed()
            })
            .await
    }

    /// Creates a todo from a schedule, and links the two.
    ///
    /// # Errors
    /// [`Refusal::ScheduleNotFound`], [`Refusal::TagGroupNotFound`], [`Refusal::AlreadyLinked`].
    pub async fn make_todo(&self, owner: UserId, id: ScheduleId, group: TagGroupId) -> Result<VisibleTodo, Refusal> {
        let (now, quotas) = (clock::now(), self.store.quotas());
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    let mut schedule = own_schedule(conn, &owner, id).await?;
                    references::own_group(conn, &owner, Some(group)).await?;
                    if schedule.source_todo_id.is_some() {
                        return Err(Refusal::AlreadyLinked);
                    }
                    let tags = tagged::tags_of(conn, &[id]).await?.remove(&id).unwrap_or_default();
                    let tag_ids: Vec<TagId> = tags.iter().map(|tag| tag.id).collect();
                    let todo = todo_of(&schedule, group, now);
                    let check = QuotaCheck::begin(conn, quotas, &owner).await?;
                    todos::insert(conn, &todo, &tag_ids).await?;
                    check.end::<Refusal>(conn).await?;
                    schedule.source_todo_id = Some(todo.id);
                    schedules::update(conn, &schedule).await?;
                    let effects = changed(conn, &owner, &[&schedule]).await?;
                    Ok(effects.with(todos::own(conn, todo).await?))
                }
                .boxed()
            })
            .await
    }
}

/// The owner's schedule with the id that the client chose.
async fn created_before(
    conn: &mut Conn,
    owner: &UserId,
    id: Option<ScheduleId>,
) -> Result<Option<Schedule>, StoreError> {
    let Some(id) = id else { return Ok(None) };
    let schedule = schedules::find(conn, id).await?;
    Ok(schedule.filter(|schedule| schedule.owner_id == *owner))
}

async fn create(conn: &mut Conn, owner: UserId, new: NewSchedule, now: Timestamp) -> Result<VisibleSchedule, Refusal> {
    references::own_tags(conn, &owner, &new.tag_ids).await?;
    references::own_group(conn, &owner, new.tag_group_id).await?;
    references::own_group(conn, &owner, new.todo_group).await?;
    references::own_todo(conn, &owner, new.source_todo_id).await?;
    let times = new.times.create()?;
    let zone = new.times.zone.as_ref();
    let mut schedule = Schedule {
        id: new.id.unwrap_or_else(|| ScheduleId(Uuid::now_v7())),
        owner_id: owner,
        title: new.title,
        description: new.description,
        all_day: times.all_day,
        start_time: times.start,
        end_time: times.end,
        recurrence_rule: new.recurrence_rule,
        recurrence_end: new
            .recurrence_end
            .map(|end| if times.all_day { end.floating(zone) } else { end }),
        tag_group_id: new.tag_group_id,
        source_todo_id: new.source_todo_id,
        from_deadline: false,
        state: new.state,
        created_at: now,
    };
    check_times(&schedule)?;
    if let Some(group) = new.todo_group {
        if schedule.source_todo_id.is_some() {
            return Err(Refusal::AlreadyLinked);
        }
        let todo = todo_of(&schedule, group, now);
        todos::insert(conn, &todo, &new.tag_ids).await?;
        schedule.source_todo_id = Some(todo.id);
    }
    schedules::insert(conn, &schedule).await.map_err(Refusal::of_insert)?;
    tagged::replace(conn, &[schedule.id], &new.tag_ids).await?;
    Ok(own(conn, schedule).await?)
}

/// The kinds of data that show these schedules: todos show theirs.
fn shown(schedules: &[&Schedule]) -> &'static [DataKind] {
    match schedules.iter().any(|schedule| schedule.source_todo_id.is_some()) {
        true => &[DataKind::Schedules, DataKind::Todos],
        false => &[DataKind::Schedules],
    }
}

/// The effects of a change of a user's schedules, given as they were and as they are.
pub(super) async fn changed(
    conn: &mut Conn,
    owner: &UserId,
    schedules: &[&Schedule],
) -> Result<Effects<()>, StoreError> {
    let mut ids: Vec<ScheduleId> = schedules.iter().map(|schedule| schedule.id).collect();
    ids.dedup();
    let settings = removal::settings(conn, &ids, &[]).await?;
    Ok(Effects::none(()).changing(owner, shown(schedules)).rereading(settings))
}

/// A schedule in its owner's view after a change, always without the level (contract, REST 7.1).
pub(super) async fn own(conn: &mut Conn, schedule: Schedule) -> Result<VisibleSchedule, StoreError> {
    let tags = tagged::tags_of(conn, &[schedule.id]).await?.remove(&schedule.id);
    Ok(VisibleSchedule {
        tags: tags.unwrap_or_default(),
        access: Access::Owner { level: None },
        schedule,
    })
}

/// A user's own schedule.
pub(super) async fn own_schedule(conn: &mut Conn, owner: &UserId, id: ScheduleId) -> Result<Schedule, Refusal> {
    let schedule = schedules::find(conn, id).await?;
    schedule
        .filter(|schedule| schedule.owner_id == *owner)
        .ok_or(Refusal::ScheduleNotFound)
}

/// Checks that it ends after it starts, and that its recurrence is valid (contract, REST 7.2).
pub(super) fn check_times(schedule: &Schedule) -> Result<(), Refusal> {
    if schedule.end_time <= schedule.start_time {
        return Err(Refusal::EndBeforeStart);
    }
    if let Some(rule) = schedule.rule() {
        let recurrence: Recurrence = rule.parse()?;
        schedule.series(&recurrence).check()?;
        let is_intraday = recurrence.rule.is_some_and(|rule| rule.frequency.is_intraday());
        if schedule.all_day && is_intraday {
            return Err(Refusal::DaysWithHours);
        }
        if schedule.recurrence_end.is_some_and(|end| end < schedule.start_time) {
            return Err(Refusal::RecurrenceEnd);
        }
    }
    Ok(())
}

fn todo_of(schedule: &Schedule, group: TagGroupId, now: Timestamp) -> Todo {
    Todo {
        id: TodoId(Uuid::now_v7()),
        owner_id: schedule.owner_id.clone(),
        title: schedule.title.clone(),
        description: schedule.description.clone(),
        deadline: Some(schedule.start_time),
        tag_group_id: group,
        parent_id: None,
        status: TodoStatus::Scheduled,
        created_at: now,
    }
}
