//! Timers as a reader may see them: with what was asked for of their schedules, todos and tags, and nothing of what is
//! hidden (contract, REST 9.1, 11.3, 12.9). The number of statements depends on the number of pages and chunks, not of
//! timers.

use super::Timers;
use crate::{
    paging::{self, Listed, Page, PageRequest, Room, ScopeKey, TimeKey},
    service::{
        Refusal, Scope,
        schedules::{self, VisibleSchedule},
        sharing::{self, Access, Reader, ResourceId, Shared},
        todos::{self, VisibleTodo},
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
    timers::Timer,
};
use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

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
pub struct VisibleTimer {
    /// The timer.
    pub timer: Timer,
    /// What the reader may do with it.
    pub access: Access,
    /// Its schedule, where it was asked for and the reader may see it.
    pub schedule: Option<VisibleSchedule>,
    /// Its todo, where it was asked for and the reader may see it.
    pub todo: Option<VisibleTodo>,
    /// What was asked for as far as the reader may see it, ordered by name.
    pub tags: Vec<Tag>,
}

impl Listed for VisibleTimer {
    type Key = ScopeKey<TimeKey>;

    fn key(&self) -> Self::Key {
        let key = self.timer.key();
        match self.access.is_shared() {
            true => ScopeKey::Shared(key),
            false => ScopeKey::Mine(key),
        }
    }

    fn weigh(&self) -> usize {
        let linked =
            self.schedule.as_ref().map_or(0, VisibleSchedule::weigh) + self.todo.as_ref().map_or(0, Listed::weigh);
        self.timer.weigh() + linked + self.tags.iter().map(Listed::weigh).sum::<usize>()
    }
}

impl Timers {
    /// A page of the timers of a scope that pass a filter: the reader's own, newest first, then those of others, newest
    /// first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list(
        &self,
        reader: &Reader,
        (scope, filter): &(Scope, timers::Filter),
        extras: Extras,
        page: &PageRequest<ScopeKey<TimeKey>>,
    ) -> Result<Page<VisibleTimer>, StoreError> {
        self.store
            .read_for(&reader.user, async |conn| {
                list(conn, reader, *scope, filter, extras, page).await
            })
            .await
    }

    /// The reader's newest RUNNING or PAUSED timer.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn newest_active(&self, reader: &Reader, extras: Extras) -> Result<Option<VisibleTimer>, StoreError> {
        self.store
            .read_for(&reader.user, async |conn| {
                let newest = timers::newest_active(conn, &reader.user).await?;
                Ok(load(conn, reader, newest.into_iter().collect(), extras).await?.pop())
            })
            .await
    }

    /// One timer, whoever owns it.
    ///
    /// # Errors
    /// [`Refusal::TimerNotFound`], and then [`Refusal::AccessDenied`] (contract, REST 4.9).
    pub async fn one(&self, reader: &Reader, id: TimerId, extras: Extras) -> Result<VisibleTimer, Refusal> {
        self.store
            .read_for(&reader.user, async |conn| {
                let found = timers::find(conn, id).await?.into_iter().collect();
                let visible = load(conn, reader, found, extras).await?.pop();
                let visible = visible.ok_or(Refusal::TimerNotFound)?;
                match visible.access.is_readable() {
                    true => Ok(visible),
                    false => Err(Refusal::AccessDenied("timer")),
                }
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
    page: &PageRequest<ScopeKey<TimeKey>>,
) -> Result<Page<VisibleTimer>, StoreError> {
    let (mut timers, mut room) = (Vec::new(), page.room());
    if scope.mine()
        && let Some(after) = ScopeKey::mine(page.after.as_ref())
    {
        timers = timers::list(conn, &reader.user, filter, after, &mut room).await?;
    }
    if scope.shared() && !room.is_full() {
        let after = ScopeKey::shared(page.after.as_ref());
        timers.append(&mut shared(conn, reader, filter, after, &mut room).await?);
    }
    let (has_more, mut room) = (room.is_full(), page.room());
    let mut items = Vec::new();
    for timers in timers.chunks(paging::CHUNK) {
        for shown in load(conn, reader, timers.to_vec(), extras).await? {
            if !room.take(shown.weigh()) {
                return Ok(Page { items, has_more: true });
            }
            items.push(shown);
        }
    }
    Ok(Page { items, has_more })
}

/// What others share with the reader, newest first, after a key as far as there is room.
async fn shared(
    conn: &mut Conn,
    reader: &Reader,
    filter: &timers::Filter,
    after: Option<&TimeKey>,
    room: &mut Room,
) -> Result<Vec<Timer>, StoreError> {
    let shared: Vec<Shared<TimerId>> = sharing::shared_with(conn, reader).await?;
    let owners: HashMap<TimerId, UserId> = shared.into_iter().map(|one| (one.id, one.owner)).collect();
    let ids: Vec<TimerId> = owners.keys().copied().collect();
    let mut places = timers::places(conn, &ids).await?;
    places.retain(|place| {
        let is_owners = owners.get(&place.id) == Some(&place.owner_id);
        is_owners && filter.passes(place) && after.is_none_or(|after| place.key() < *after)
    });
    places.sort_by_key(|place| Reverse(place.key()));
    let mut all = Vec::new();
    for places in places.chunks(paging::CHUNK) {
        let ids: Vec<TimerId> = places.iter().map(|place| place.id).collect();
        let mut timers = timers::find_all(conn, &ids).await?;
        timers.sort_by_key(|timer| Reverse(timer.key()));
        for timer in timers {
            if !room.take(timer.weigh()) {
                return Ok(all);
            }
            all.push(timer);
        }
    }
    Ok(all)
}

/// Adds what was asked for to timers of anybody's.
pub(super) async fn load(
    conn: &mut Conn,
    reader: &Reader,
    timers: Vec<Timer>,
    extras: Extras,
) -> Result<Vec<VisibleTimer>, StoreError> {
    let owned: Vec<(TimerId, UserId)> = timers.iter().map(|timer| (timer.id, timer.owner_id.clone())).collect();
    let access = sharing::readable(conn, reader, &owned).await?;
    let mut tags = Tags::load(conn, reader, &timers, &access, extras.tags).await?;
    let schedules = match extras.schedule {
        true => schedules::load_visible(conn, reader, &ids(links(&timers, |timer| timer.schedule_id))).await?,
        false => HashMap::new(),
    };
    let todos = match extras.todo {
        true => todos::load_visible(conn, reader, &ids(links(&timers, |timer| timer.todo_id))).await?,
        false => HashMap::new(),
    };
    let shown = timers.into_iter().map(|timer| VisibleTimer {
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
    let mut tags = tagged::shown_tags_of(conn, &ids).await?;
    for (id, tags) in &mut tags {
        if let (Some(access), whole) = (access.get(id), std::mem::take(tags)) {
            *tags = access.tags(&whole).into_owned();
        }
    }
    Ok(tags)
}

#[cfg(test)]
mod tests;
