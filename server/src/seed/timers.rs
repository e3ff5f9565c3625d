//! Timers: as many on each day, one after the other, with pauses; the newest is running.

use super::{DAY_MILLIS, DAYS, random::Random, words};
use crate::store::{
    Conn, StoreError,
    bulk::WriteSet,
    tagged,
    timer_history::{self, Added},
    timers,
    usage::{self, Usage},
};
use protocol::{
    id::{ScheduleId, TagId, TimerId, TodoId, UserId},
    time::Timestamp,
    timers::{Action, NewTimer, Timer},
};
use uuid::Uuid;

const MINUTE_MILLIS: i64 = 60 * 1000;

/// What timers can be linked to.
#[derive(Default)]
pub struct Links {
    pub tags: Vec<TagId>,
    pub todos: Vec<TodoId>,
    pub schedules: Vec<ScheduleId>,
}

/// Writes them; returns their ids, oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn write(
    conn: &mut Conn,
    user: &UserId,
    count: usize,
    links: &Links,
    random: &mut Random,
    now: Timestamp,
) -> Result<Vec<TimerId>, StoreError> {
    let mut timers = Vec::new();
    for start in starts(count.saturating_sub(1), random, now) {
        timers.push(ended(user, start, links, random)?);
    }
    timers.push(create(
        user,
        now.plus_millis(-random.number(5..40) * MINUTE_MILLIS),
        links,
        random,
    )?);
    insert(conn, user, &timers, &links.tags, random).await?;
    Ok(timers.iter().map(|timer| timer.id).collect())
}

/// Writes timers with tags.
///
/// # Errors
/// [`StoreError`].
async fn insert(
    conn: &mut Conn,
    user: &UserId,
    timers: &[Timer],
    tags: &[TagId],
    random: &mut Random,
) -> Result<(), StoreError> {
    let usage_of = |timer: &Timer| Usage::of_timer(timer.title.as_deref(), timer.description.as_deref());
    let used = usage::of(conn, &[user]).await?.get(user).copied().unwrap_or_default();
    let usages = [(user, timers.iter().map(usage_of).fold(used, |sum, one| sum + one))];
    let references: Vec<&Timer> = timers.iter().collect();
    let mut writes = WriteSet::default();
    timers::insert(&mut writes, &references);
    usage::put(&mut writes, &usages);
    writes.run(conn).await?;
    let entries = timer_history::rows(timers.iter().map(|timer| Added::beyond(0, timer)));
    let tagged: Vec<(TimerId, TagId)> = timers
        .iter()
        .flat_map(|timer| random.some(tags, 3).into_iter().map(|tag| (timer.id, tag)))
        .collect();
    let mut writes = WriteSet::default();
    timer_history::insert(&mut writes, &entries);
    tagged::insert(&mut writes, &tagged);
    writes.run(conn).await
}

/// The starts of timers, the same number on each day up to yesterday: from half past seven, with gaps.
fn starts(count: usize, random: &mut Random, now: Timestamp) -> Vec<Timestamp> {
    let (count, days) = (i64::try_from(count).unwrap_or(i64::MAX), DAYS - 1);
    let today = now.millis() / DAY_MILLIS * DAY_MILLIS;
    let (mut starts, mut last_day, mut minute) = (Vec::new(), -1, 0);
    for number in 0..count {
        let day = number * days / count;
        if day != last_day {
            (last_day, minute) = (day, 450);
        }
        let start = today + (day - days) * DAY_MILLIS + minute * MINUTE_MILLIS;
        starts.push(Timestamp::from_millis(start + random.number(0..MINUTE_MILLIS)));
        minute += random.number(45..75);
    }
    starts
}

fn create(user: &UserId, start: Timestamp, links: &Links, random: &mut Random) -> Result<Timer, StoreError> {
    let todo_id = random.of(&links.todos).copied().filter(|_| random.percent(35));
    let new = NewTimer {
        allocated_seconds: random.of(&[900, 1_500, 2_700, 3_600]).copied().unwrap_or(1_500),
        title: random.percent(95).then(|| words::task(random)),
        description: words::description(random),
        schedule_id: random.of(&links.schedules).copied().filter(|_| random.percent(15)),
        todo_id,
    };
    Timer::create(TimerId(Uuid::now_v7()), user.clone(), new, start)
        .map_err(|error| StoreError::corrupt("timer", error))
}

/// A timer that was paused up to three times, and ended after at most 44 minutes.
fn ended(user: &UserId, start: Timestamp, links: &Links, random: &mut Random) -> Result<Timer, StoreError> {
    let mut timer = create(user, start, links, random)?;
    let pauses = match random.percent(35) {
        true => random.number(1..4),
        false => 0,
    };
    let end = match random.percent(7) {
        true => Action::Cancel,
        false => Action::Stop,
    };
    let actions = (0..pauses).flat_map(|_| [Action::Pause, Action::Resume]).chain([end]);
    let mut at = start;
    for action in actions {
        let longest = if pauses == 0 { 44 } else { 6 };
        at = at.plus_millis(random.number(MINUTE_MILLIS..longest * MINUTE_MILLIS));
        timer = timer
            .apply(action, at)
            .map_err(|error| StoreError::corrupt("timer", error))?;
    }
    Ok(timer)
}
