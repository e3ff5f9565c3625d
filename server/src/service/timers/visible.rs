//! Timers as a reader may see them: with the requested schedules, todos and tags, as far as these are readable
//! (contract, REST 9.1, 11.3, 12.9). The number of statements depends on the number of pages and chunks, not of
//! timers.

use super::{
    Timers,
    tags::{TagMode, Tags},
};
use crate::{
    paging::{self, Listed, Page, PageRequest, Room, ScopeKey, TimeKey},
    service::{
        Refusal, Scope,
        schedules::{self, VisibleSchedule},
        sharing::{self, Access, Reader, ResourceId, Shared},
        todos::{self, VisibleTodo},
    },
    store::{Conn, StoreError, tagged, timers},
};
use protocol::{
    id::{TimerId, UserId},
    timers::Timer,
};
use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

/// The requested data besides the timer itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    /// The schedule.
    pub schedule: bool,
    /// The todo.
    pub todo: bool,
    /// The tags.
    pub tags: TagMode,
}

/// A timer as its reader may see it.
#[derive(Clone, Debug)]
pub struct VisibleTimer {
    /// The timer, with the requested tags that the reader may see.
    pub timer: Timer,
    /// The reader's access.
    pub access: Access,
    /// The schedule, if requested and readable.
    pub schedule: Option<VisibleSchedule>,
    /// The todo, if requested and readable.
    pub todo: Option<VisibleTodo>,
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
        self.timer.weigh() + linked
    }
}

impl Timers {
    /// A page of the timers of a scope that match a filter: the reader's own, newest first, then those of others,
    /// newest first.
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

    /// One timer, of any owner.
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

/// The timers that others share with the reader, newest first, after a key, as far as the page has room.
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
        // Their own tags: those of linked resources may be hidden from the reader.
        let tags = match filter.tag_ids.is_empty() {
            true => HashMap::new(),
            false => tagged::tag_ids_of(conn, &ids).await?,
        };
        for timer in timers {
            let tags = tags.get(&timer.id).into_iter().flatten().map(|(tag, _)| *tag).collect();
            if !filter.passes_content(&timer, &tags) {
                continue;
            }
            if !room.take(timer.weigh()) {
                return Ok(all);
            }
            all.push(timer);
        }
    }
    Ok(all)
}

/// Adds the requested data to timers of any owner.
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
    let visible = timers.into_iter().map(|timer| VisibleTimer {
        schedule: timer.schedule_id.and_then(|id| schedules.get(&id).cloned()),
        todo: timer.todo_id.and_then(|id| todos.get(&id).cloned()),
        access: access.get(&timer.id).copied().unwrap_or(Access::Hidden),
        timer: Timer {
            tags: tags.of(&timer),
            ..timer
        },
    });
    Ok(visible.collect())
}

/// The linked resources without duplicates. They belong to the timer's owner, since links to others' are not possible.
pub(super) fn links<I: ResourceId>(timers: &[Timer], link: impl Fn(&Timer) -> Option<I>) -> Vec<(I, UserId)> {
    let mut known = HashSet::new();
    let linked = timers
        .iter()
        .filter_map(|timer| Some((link(timer)?, timer.owner_id.clone())));
    linked.filter(|(id, _)| known.insert(*id)).collect()
}

fn ids<I: ResourceId>(linked: Vec<(I, UserId)>) -> Vec<I> {
    linked.into_iter().map(|(id, _)| id).collect()
}

#[cfg(test)]
mod tests;
