//! Timers as a reader may see them: with what was asked for of their schedules, todos and tags, and nothing of what is
//! hidden (contract, REST 9.1, 11.3, 12.9). The number of statements does not depend on the number of timers.

use super::Timers;
use crate::{
    service::{
        Scope,
        schedules::{self, ShownSchedule},
        sharing::{self, Access, Reader, ResourceId, Shared},
        todos::{self, ShownTodo},
    },
    store::{
        Conn, StoreError,
        tagged::{self, Tagged},
        timers,
    },
};
use protocol::{
    id::{ScheduleId, TimerId, TodoId, UserId},
    tag::Tag,
    timer::Timer,
};
use std::collections::{HashMap, HashSet};

/// Which tags a timer is shown with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TagMode {
    /// None.
    #[default]
    None,
    /// The timer's own.
    TimerOnly,
    /// The timer's, and those of its schedule, or of its todo where it has no schedule.
    Inherit,
}

/// What a reader wants to see beside the timer itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    /// Its schedule.
    pub schedule: bool,
    /// Its todo.
    pub todo: bool,
    /// Its tags.
    pub tags: TagMode,
}

/// A timer as its reader may see it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The timer.
    pub timer: Timer,
    /// What the reader may do with it.
    pub access: Access,
    /// Its schedule, where it was asked for and the reader may see it.
    pub schedule: Option<ShownSchedule>,
    /// Its todo, where it was asked for and the reader may see it.
    pub todo: Option<ShownTodo>,
    /// What was asked for as far as the reader may see it, ordered by name.
    pub tags: Vec<Tag>,
}

impl Timers {
    /// The timers of a scope that pass a filter: the reader's own, newest first, then those of others, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list(
        &self,
        reader: &Reader,
        scope: Scope,
        filter: &timers::Filter,
        extras: Extras,
    ) -> Result<Vec<Shown>, StoreError> {
        self.store
            .read_for(&reader.user, async |conn| {
                list(conn, reader, scope, filter, extras).await
            })
            .await
    }

    /// The reader's newest RUNNING or PAUSED timer.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn newest_active(&self, reader: &Reader, extras: Extras) -> Result<Option<Shown>, StoreError> {
        self.store
            .read_for(&reader.user, async |conn| {
                let active = timers::active(conn, &reader.user).await?.into_iter().take(1).collect();
                Ok(show(conn, reader, active, extras).await?.pop())
            })
            .await
    }

    /// One timer, whoever owns it; where its access is hidden, the reader may know no more than that it is there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn one(&self, reader: &Reader, id: TimerId, extras: Extras) -> Result<Option<Shown>, StoreError> {
        self.store
            .read_for(&reader.user, async |conn| {
                let found = timers::find(conn, id).await?.into_iter().collect();
                Ok(show(conn, reader, found, extras).await?.pop())
            })
            .await
    }
}

async fn list(
    conn: &mut Conn,
    reader: &Reader,
    scope: Scope,
    filter: &timers::Filter,
    extras: Extras,
) -> Result<Vec<Shown>, StoreError> {
    let mut all = match scope.mine() {
        true => timers::list(conn, &reader.user, filter).await?,
        false => Vec::new(),
    };
    if scope.shared() {
        all.append(&mut shared(conn, reader, filter).await?);
    }
    show(conn, reader, all, extras).await
}

/// What others share with the reader, newest first.
async fn shared(conn: &mut Conn, reader: &Reader, filter: &timers::Filter) -> Result<Vec<Timer>, StoreError> {
    let shared: Vec<Shared<TimerId>> = sharing::shared_with(conn, reader).await?;
    let owners: HashMap<TimerId, UserId> = shared.into_iter().map(|one| (one.id, one.owner)).collect();
    let ids: Vec<TimerId> = owners.keys().copied().collect();
    let mut all = timers::find_all(conn, &ids).await?;
    all.retain(|timer| owners.get(&timer.id) == Some(&timer.owner_id) && filter.passes(timer));
    all.sort_by_key(|timer| std::cmp::Reverse((timer.created_at, timer.id)));
    Ok(all)
}

/// Adds what was asked for to timers of anybody's.
async fn show(conn: &mut Conn, reader: &Reader, timers: Vec<Timer>, extras: Extras) -> Result<Vec<Shown>, StoreError> {
    let owned: Vec<(TimerId, UserId)> = timers.iter().map(|timer| (timer.id, timer.owner_id.clone())).collect();
    let access = sharing::readable(conn, reader, &owned).await?;
    let mut tags = Tags::load(conn, reader, &timers, &access, extras.tags).await?;
    let schedules = match extras.schedule {
        true => schedules::views(conn, reader, &ids(links(&timers, |timer| timer.schedule_id))).await?,
        false => HashMap::new(),
    };
    let todos = match extras.todo {
        true => todos::views(conn, reader, &ids(links(&timers, |timer| timer.todo_id))).await?,
        false => HashMap::new(),
    };
    let shown = timers.into_iter().map(|timer| Shown {
        schedule: timer.schedule_id.and_then(|id| schedules.get(&id).cloned()),
        todo: timer.todo_id.and_then(|id| todos.get(&id).cloned()),
        access: access.get(&timer.id).copied().unwrap_or(Access::Hidden),
        tags: tags.of(&timer),
        timer,
    });
    Ok(shown.collect())
}

/// The tags of some timers, and of what they are linked to as far as the reader may see that.
#[derive(Default)]
struct Tags {
    timers: HashMap<TimerId, Vec<Tag>>,
    schedules: HashMap<ScheduleId, Vec<Tag>>,
    todos: HashMap<TodoId, Vec<Tag>>,
}

impl Tags {
    async fn load(
        conn: &mut Conn,
        reader: &Reader,
        timers: &[Timer],
        access: &HashMap<TimerId, Access>,
        mode: TagMode,
    ) -> Result<Self, StoreError> {
        let mut tags = Self::default();
        if mode == TagMode::None {
            return Ok(tags);
        }
        tags.timers = visible_tags(conn, access).await?;
        if mode == TagMode::Inherit {
            let schedules = links(timers, |timer| timer.schedule_id);
            let access = sharing::readable(conn, reader, &schedules).await?;
            tags.schedules = visible_tags(conn, &access).await?;
            let without = |timer: &Timer| timer.todo_id.filter(|_| timer.schedule_id.is_none());
            let access = sharing::readable(conn, reader, &links(timers, without)).await?;
            tags.todos = visible_tags(conn, &access).await?;
        }
        Ok(tags)
    }

    /// Without doubles, ordered by name.
    fn of(&mut self, timer: &Timer) -> Vec<Tag> {
        let mut all = self.timers.remove(&timer.id).unwrap_or_default();
        let inherited = match (timer.schedule_id, timer.todo_id) {
            (Some(schedule), _) => self.schedules.get(&schedule),
            (None, Some(todo)) => self.todos.get(&todo),
            (None, None) => None,
        };
        all.extend(inherited.into_iter().flatten().cloned());
        all.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        all.dedup_by_key(|tag| tag.id);
        all
    }
}

/// What the timers are linked to, each once; it belongs to the timer's owner, since there are no foreign links.
fn links<I: ResourceId>(timers: &[Timer], link: impl Fn(&Timer) -> Option<I>) -> Vec<(I, UserId)> {
    let mut known = HashSet::new();
    let linked = timers
        .iter()
        .filter_map(|timer| Some((link(timer)?, timer.owner_id.clone())));
    linked.filter(|(id, _)| known.insert(*id)).collect()
}

fn ids<I: ResourceId>(linked: Vec<(I, UserId)>) -> Vec<I> {
    linked.into_iter().map(|(id, _)| id).collect()
}

/// The tags of those that the reader may see, as far as they may.
async fn visible_tags<I: ResourceId + Tagged>(
    conn: &mut Conn,
    access: &HashMap<I, Access>,
) -> Result<HashMap<I, Vec<Tag>>, StoreError> {
    let readable = access.iter().filter(|(_, access)| access.is_readable());
    let ids: Vec<I> = readable.map(|(id, _)| *id).collect();
    let mut tags = tagged::tags_of(conn, &ids).await?;
    for (id, tags) in &mut tags {
        if let (Some(access), whole) = (access.get(id), std::mem::take(tags)) {
            *tags = access.tags(&whole).into_owned();
        }
    }
    Ok(tags)
}

#[cfg(test)]
mod tests;
