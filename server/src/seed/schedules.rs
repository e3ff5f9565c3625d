//! Recurring schedules: by days, weeks and months, some of whole days, some with changed and removed occurrences. Most
//! ended long ago, so that a month's occurrences fit one read (contract, REST 12.10).

use super::{DAY_MILLIS, DAYS, random::Random, tags::Group, words};
use crate::store::{
    Conn, StoreError,
    bulk::WriteSet,
    schedule_exceptions::{self, Exception},
    schedules, tagged,
};
use protocol::{
    id::{ScheduleId, TagId, UserId},
    recurrence::{Budget, Recurrence},
    schedule::{Schedule, ScheduleState},
    time::Timestamp,
};
use uuid::Uuid;

const RULES: [&str; 10] = [
    "FREQ=DAILY;COUNT=60",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;BYDAY=MO,WE,FR",
    "FREQ=WEEKLY;BYDAY=TU,TH",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
    "FREQ=MONTHLY;BYMONTHDAY=1",
    "FREQ=MONTHLY;BYDAY=2TH",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=MONTHLY;BYMONTHDAY=-1",
];
const HOUR_MILLIS: i64 = 60 * 60 * 1000;
/// Enough work for the first occurrences of any of the rules.
const WORK: u64 = 100_000;

/// Writes them; returns their ids.
///
/// # Errors
/// [`StoreError`].
pub async fn write(
    conn: &mut Conn,
    user: &UserId,
    count: usize,
    groups: &[Group],
    random: &mut Random,
    now: Timestamp,
) -> Result<Vec<ScheduleId>, StoreError> {
    let (mut all, mut tags): (Vec<ScheduleId>, Vec<(ScheduleId, TagId)>) = Default::default();
    for _ in 0..count {
        let group = random.of(groups);
        let mut schedule = schedule(user, random, now);
        schedule.tag_group_id = group.map(|group| group.id).filter(|_| random.percent(40));
        schedules::insert(conn, &schedule).await?;
        let own = random.some(group.map_or(&[], |group| &group.tags), 2);
        tags.extend(own.into_iter().map(|tag| (schedule.id, tag)));
        if random.percent(20) {
            for exception in exceptions(&schedule, random) {
                schedule_exceptions::put(conn, &exception).await?;
            }
        }
        all.push(schedule.id);
    }
    let mut writes = WriteSet::default();
    tagged::insert(&mut writes, &tags);
    writes.run(conn).await?;
    Ok(all)
}

fn schedule(user: &UserId, random: &mut Random, now: Timestamp) -> Schedule {
    let today = Timestamp::from_millis(now.millis() / DAY_MILLIS * DAY_MILLIS);
    let day = today.plus_millis(-random.number(0..DAYS) * DAY_MILLIS);
    let all_day = random.percent(15);
    let (start, length) = match all_day {
        true => (day, DAY_MILLIS * random.number(1..3)),
        false => (
            day.plus_millis(random.number(0..28) * HOUR_MILLIS / 2),
            random.number(1..5) * HOUR_MILLIS / 2,
        ),
    };
    let lasts = random.number(30..240) * DAY_MILLIS;
    let recurrence_end = random.percent(70).then(|| start.plus_millis(lasts));
    let state = match random.number(0..10) {
        0..6 => ScheduleState::Planned,
        6..9 => ScheduleState::Confirmed,
        _ => ScheduleState::Cancelled,
    };
    Schedule {
        id: ScheduleId(Uuid::now_v7()),
        owner_id: user.clone(),
        title: words::event(random),
        description: words::description(random),
        all_day,
        start_time: start,
        end_time: start.plus_millis(length),
        recurrence_rule: random.of(&RULES).map(|rule| (*rule).to_owned()),
        recurrence_end,
        tag_group_id: None,
        source_todo_id: None,
        from_deadline: false,
        state,
        created_at: day,
    }
}

/// One of the first occurrences is renamed, another one removed.
fn exceptions(schedule: &Schedule, random: &mut Random) -> Vec<Exception> {
    let starts = schedule.rule().and_then(|rule| {
        let recurrence: Recurrence = rule.parse().ok()?;
        let first = schedule
            .series(&recurrence)
            .next(schedule.start_time, 4, &mut Budget::new(WORK));
        first.ok()
    });
    let starts = random.some(&starts.unwrap_or_default(), 2);
    let exception = |(place, start): (usize, Timestamp)| Exception {
        id: Uuid::now_v7(),
        schedule_id: schedule.id,
        instance_start: start,
        removed: place == 1,
        title: (place == 0).then(|| format!("{} *", schedule.title)),
        description: None,
        start_time: None,
        end_time: None,
    };
    starts.into_iter().enumerate().map(exception).collect()
}
