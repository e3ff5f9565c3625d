//! The data of the calendar: what is planned, and what was done.

use super::{agenda, day, recurrence::Asked};
use crate::{
    clock,
    service::{Refusal, schedules::AgendaItem},
    state::AppState,
};
use app::{
    backend::BackendError,
    local_time::{UtcOffsets, date},
    locale::Locale,
    pages::{
        calendar::{self, CalendarData, CalendarQuery, Day, Detail, Done, Entry, Preview, Shown},
        timer::Span,
    },
};
use protocol::{
    id::UserId,
    rest::account::Account,
    time::{Timestamp, Zone, start_of},
    timers::Timer,
};
use std::collections::HashSet;

/// The maximum number of entries of a day or a week; of a week of a month, of which a part is shown; and of timers.
const ENTRIES: usize = 500;
const ENTRIES_OF_MONTH: usize = protocol::limits::PAGE_ITEMS;
const TIMERS: usize = 300;
/// Breaks up to this length are not shown, in milliseconds.
const BREAK_MILLIS: i64 = 5 * 60 * 1000;
/// How long before and after the shown days the offsets from UTC are known, in milliseconds: the form has times there.
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;
const OFFSETS_BEFORE: i64 = 400 * DAY_MILLIS;
const OFFSETS_AFTER: i64 = 800 * DAY_MILLIS;

pub async fn data(
    state: &AppState,
    account: &Account,
    zone: Option<Zone>,
    query: CalendarQuery,
    locale: Locale,
) -> Result<CalendarData, BackendError> {
    let now = clock::now();
    let today = day::offsets_between(now, now, zone.as_ref()).wall_clock(now).day();
    let chosen = query.day.unwrap_or(today);
    let shown = query.shown.days(chosen, locale.week_start);
    let start = |day: i32| start_of(date(day), zone.as_ref());
    let (from, until) = (start(shown.start), start(shown.end));
    let window = (from, until.plus_millis(-1));
    let (items, is_cut) = match query.shown {
        // By weeks, so that no day lacks what others have too much of.
        Shown::Month => {
            let weeks = shown.clone().step_by(7);
            let weeks = weeks.map(|day| (start(day), start(day + 7).plus_millis(-1)));
            let (mut items, mut is_cut) = (Vec::new(), false);
            let mut known = HashSet::new();
            for week in weeks {
                let page = agenda::items(state, zone.clone(), &account.id, week, ENTRIES_OF_MONTH).await?;
                is_cut |= page.has_more;
                // One that lasts into the next week is in both.
                let new = page.items.into_iter().filter(|item| known.insert(entry(item).key()));
                items.extend(new);
            }
            (items, is_cut)
        }
        Shown::Day | Shown::Week => {
            let page = agenda::items(state, zone.clone(), &account.id, window, ENTRIES).await?;
            (page.items, page.has_more)
        }
    };
    let timers = match query.shown {
        Shown::Month => Vec::new(),
        Shown::Day | Shown::Week => state.timers.within(&account.id, window, TIMERS).await?,
    };
    let opened = query.open.and_then(|key| {
        let mut items = items.iter();
        items.find(|item| entry(item).key() == key)
    });
    let detail = match opened {
        Some(item) => detail(state, &account.id, item, locale).await?,
        None => None,
    };
    let mut data = CalendarData {
        day: chosen,
        days: shown
            .map(|day| Day {
                day,
                start: start(day),
                count: 0,
            })
            .collect(),
        end: until,
        entries: items.iter().map(entry).collect(),
        done: timers.iter().flat_map(|timer| done(timer, window, now)).collect(),
        is_cut,
        detail,
        zone: match &zone {
            Some(Zone::Named(name)) => Some(name.to_string()),
            Some(Zone::Fixed(_)) => None,
            None => Some("UTC".to_owned()),
        },
        utc_offsets: offsets(window, zone.as_ref()),
        query,
    };
    if data.query.shown == Shown::Month {
        calendar::leave_out(&mut data);
    }
    Ok(data)
}

fn offsets((from, until): (Timestamp, Timestamp), zone: Option<&Zone>) -> UtcOffsets {
    day::offsets_between(
        from.plus_millis(-OFFSETS_BEFORE),
        until.plus_millis(OFFSETS_AFTER),
        zone,
    )
}

fn entry(item: &AgendaItem) -> Entry {
    Entry {
        plan: item.planned(),
        waits: false,
    }
}

/// What the panel shows of an entry; `None` if it was deleted meanwhile.
async fn detail(
    state: &AppState,
    user: &UserId,
    item: &AgendaItem,
    locale: Locale,
) -> Result<Option<Detail>, BackendError> {
    let (schedule, reader) = (item.schedule(), agenda::reader(user));
    let tags = match state.schedules.one(&reader, schedule.id).await {
        Ok(found) => found.tags.iter().map(|tag| tag.id).collect(),
        Err(Refusal::ScheduleNotFound) => return Ok(None),
        Err(refusal) => return Err(refusal.into()),
    };
    let todo = match schedule.source_todo_id {
        Some(id) => match state.todos.one(&reader, id).await {
            Ok(found) => Some((id, found.todo.title)),
            Err(Refusal::TodoNotFound) => None,
            Err(refusal) => return Err(refusal.into()),
        },
        None => None,
    };
    let preview = match schedule.rule() {
        Some(rule) => {
            let asked = Asked {
                rule: rule.to_owned(),
                start: schedule.start_time,
                all_day: schedule.all_day,
                end: schedule.recurrence_end,
                language: locale.language,
            };
            asked.preview().await?
        }
        None => Preview::default(),
    };
    Ok(Some(Detail {
        entry: entry(item),
        description: item.description().unwrap_or_default().to_owned(),
        tags,
        start: schedule.start_time,
        end: schedule.end_time,
        rule: schedule.rule().unwrap_or_default().to_owned(),
        preview,
        todo,
    }))
}

/// The times within a window in which a timer ran, without short breaks.
fn done(timer: &Timer, (from, until): (Timestamp, Timestamp), now: Timestamp) -> Vec<Done> {
    let mut times: Vec<Done> = Vec::new();
    for part in Span::of(timer, now).parts.into_iter().filter(|part| part.is_work) {
        let end = (!part.is_open).then_some(part.until);
        match times.last_mut() {
            Some(last)
                if last
                    .until
                    .is_some_and(|until| part.from.millis_since(until) <= BREAK_MILLIS) =>
            {
                last.until = end;
            }
            _ => times.push(Done {
                timer: timer.id,
                title: timer.title.clone(),
                schedule: timer.schedule_id,
                from: part.from,
                until: end,
            }),
        }
    }
    times.retain(|done| done.from <= until && done.until.is_none_or(|end| end > from));
    times
}
