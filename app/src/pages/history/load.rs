//! Reads a page of the history.

use super::{
    data::{Day, HistoryData, Row, Sum, Week, week_of},
    filter::{BEFORE, HistoryFilter},
};
use crate::{
    backend::{Backend, BackendError},
    links::{Linked, TagLink},
    local_time::{UtcOffsets, WallClock},
    page::PageRequest,
};
use chrono::Datelike;
use protocol::{
    rest::{HistoryQuery, HistoryTimer, TimerTotals, input::Date},
    time::Timestamp,
};
use std::collections::BTreeMap;

/// The number of timers on a page.
const PAGE_TIMERS: usize = 50;
/// The days of one request for totals: whole weeks, fewer than the service answers at once.
const TOTAL_DAYS: i32 = 56 * 7;

/// The sums of days by their numbers.
type Sums = BTreeMap<i32, Sum>;

pub async fn load(backend: &dyn Backend, request: &PageRequest<'_>) -> Result<Option<HistoryData>, BackendError> {
    let filter = HistoryFilter::of(request);
    let (query, before) = (filter.to_service(), request.query(BEFORE));
    let is_newest = before.is_none();
    let found = backend
        .history(request.parts, query.clone(), before, PAGE_TIMERS)
        .await?;
    let Some(page) = found else {
        return Ok(None);
    };
    let oldest = page.timers.last().map_or(page.now, |last| last.timer.created_at);
    let utc_offsets = backend
        .utc_offsets(request.parts, &request.account.id, (oldest, page.now))
        .await?;
    let title = |read: fn(&HistoryTimer) -> &Option<String>| page.timers.first().and_then(|first| read(first).clone());
    let schedule = filter.schedule.and_then(|_| title(|one| &one.schedule_title));
    let todo = filter.todo.and_then(|_| title(|one| &one.todo_title));
    let dated: Vec<(i32, Row)> = page
        .timers
        .into_iter()
        .map(|one| (day_of(one.timer.created_at, &utc_offsets), row(one, page.now)))
        .collect();
    let days: Vec<i32> = dated.iter().map(|(day, _)| *day).collect();
    let week_start = request.locale.week_start;
    let sums = sums(backend, request, &query, &days).await?;
    let sum = match is_newest && !filter.is_empty() {
        true => backend.history_totals(request.parts, query).await?.map(|all| Sum {
            seconds: all.seconds,
            count: all.count,
        }),
        false => None,
    };
    Ok(Some(HistoryData {
        filter,
        is_newest,
        next: page.next,
        weeks: by_week(dated, &sums, week_start),
        sum,
        schedule,
        todo,
        utc_offsets,
    }))
}

/// The totals of the weeks of these days, which descend. One request, unless they are spread over more than a year.
async fn sums(
    backend: &dyn Backend,
    request: &PageRequest<'_>,
    query: &HistoryQuery,
    days: &[i32],
) -> Result<Sums, BackendError> {
    let mut sums = Sums::new();
    let (from, to) = (day_of_date(query.from), day_of_date(query.to));
    for (first, last) in windows(days, request.locale.week_start) {
        let query = HistoryQuery {
            from: date(from.map_or(first, |from| from.max(first))),
            to: date(to.map_or(last, |to| to.min(last))),
            ..query.clone()
        };
        let totals: Option<TimerTotals> = backend.history_totals(request.parts, query).await?;
        for total in totals.into_iter().flat_map(|totals| totals.days) {
            if let Ok(day) = total.date.parse::<Date>() {
                let sum = Sum {
                    seconds: total.seconds,
                    count: total.count,
                };
                sums.insert(day.0.num_days_from_ce(), sum);
            }
        }
    }
    Ok(sums)
}

/// Ranges of days, each of whole weeks, that contain all days of a descending list.
fn windows(days: &[i32], week_start: u8) -> Vec<(i32, i32)> {
    let mut windows: Vec<(i32, i32)> = Vec::new();
    for day in days {
        let week = week_of(*day, week_start);
        match windows.last_mut() {
            Some((first, last)) if *last - week < TOTAL_DAYS => *first = week,
            _ => windows.push((week, week + 6)),
        }
    }
    windows
}

fn by_week(dated: Vec<(i32, Row)>, sums: &Sums, week_start: u8) -> Vec<Week> {
    let mut weeks: Vec<Week> = Vec::new();
    for (day, row) in dated {
        let first_day = week_of(day, week_start);
        if weeks.last().is_none_or(|week| week.first_day != first_day) {
            let in_week = sums.range(first_day..first_day + 7).map(|(_, sum)| sum);
            let sum = in_week.fold(Sum::default(), |all, one| Sum {
                seconds: all.seconds + one.seconds,
                count: all.count + one.count,
            });
            weeks.push(Week {
                first_day,
                sum,
                days: Vec::new(),
            });
        }
        let Some(week) = weeks.last_mut() else { continue };
        if week.days.last().is_none_or(|known| known.day != day) {
            week.days.push(Day {
                day,
                sum: sums.get(&day).copied().unwrap_or_default(),
                rows: Vec::new(),
            });
        }
        if let Some(day) = week.days.last_mut() {
            day.rows.push(row);
        }
    }
    weeks
}

fn row(one: HistoryTimer, now: Timestamp) -> Row {
    let timer = one.timer;
    Row {
        id: timer.id,
        seconds: timer.elapsed_seconds_at(now),
        linked: Linked {
            schedule: one.schedule_title,
            todo: one.todo_title,
            tags: timer.tags.iter().map(TagLink::from).collect(),
        },
        title: timer.title,
        description: timer.description,
        status: timer.status,
        started: timer.created_at,
        ended: timer.ended_at,
        allocated_seconds: timer.allocated_seconds,
        schedule_id: timer.schedule_id,
        todo_id: timer.todo_id,
    }
}

fn day_of(instant: Timestamp, offsets: &UtcOffsets) -> i32 {
    WallClock::new(instant, offsets.at(instant)).date().num_days_from_ce()
}

fn day_of_date(date: Option<Date>) -> Option<i32> {
    date.map(|date| date.0.num_days_from_ce())
}

fn date(day: i32) -> Option<Date> {
    Some(Date(super::data::date(day)))
}

#[cfg(test)]
mod tests {
    use super::{super::data::tests, *};

    #[test]
    fn windows_are_whole_weeks_of_at_most_a_year() {
        // Day 1 is a Monday.
        assert_eq!(windows(&[10, 9, 1], 0), [(1, 14)]);
        assert_eq!(windows(&[1_000, 999, 1], 0), [(995, 1_001), (1, 7)]);
        assert_eq!(windows(&[], 0), []);
        let days: Vec<i32> = (1..2_000).rev().collect();
        for (first, last) in windows(&days, 6) {
            assert!(last - first < 400 && (last + 1 - first) % 7 == 0, "{first} to {last}");
        }
    }

    #[test]
    fn timers_are_grouped_by_week_and_day_with_the_totals_of_the_server() {
        let sum = |seconds, count| Sum { seconds, count };
        let sums = Sums::from([(8, sum(100, 2)), (7, sum(50, 1)), (3, sum(7, 1))]);
        let dated = vec![(8, tests::row(1, 60)), (7, tests::row(2, 50)), (3, tests::row(3, 7))];
        let weeks = by_week(dated, &sums, 0);
        let seen: Vec<_> = weeks
            .iter()
            .map(|week| (week.first_day, week.sum, week.days.len()))
            .collect();
        assert_eq!(seen, [(8, sum(100, 2), 1), (1, sum(57, 2), 2)]);
        assert_eq!(weeks[0].days[0].sum, sum(100, 2), "also of timers on the next page");
    }
}
