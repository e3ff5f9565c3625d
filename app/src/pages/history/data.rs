//! The data of the history: a page of timers by week and day, with the totals that the server computed.

use super::filter::HistoryFilter;
pub use crate::local_time::date;
#[cfg(any(feature = "ssr", test))]
pub use crate::local_time::week_of;
use crate::{links::Linked, local_time::UtcOffsets, page::Edit};
use protocol::{
    id::{ScheduleId, TimerId, TodoId},
    time::Timestamp,
    timers::TimerStatus,
};
use serde::{Deserialize, Serialize};

/// A page of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryData {
    pub filter: HistoryFilter,
    /// Whether these are the newest timers.
    pub is_newest: bool,
    /// The cursor of the older ones.
    pub next: Option<String>,
    /// The weeks, the newest first.
    pub weeks: Vec<Week>,
    /// What all timers of a filter add up to.
    pub sum: Option<Sum>,
    /// The titles of the schedule and the todo of the filter, as far as they are known.
    pub schedule: Option<String>,
    pub todo: Option<String>,
    /// The offsets from UTC since the oldest of these timers.
    pub utc_offsets: UtcOffsets,
}

/// Timers and their time in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    pub seconds: i64,
    pub count: i64,
}

/// The days of a week that have timers on this page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Week {
    /// The number of its first day (see [`date`]).
    pub first_day: i32,
    /// Of all its timers that match, also those on other pages.
    pub sum: Sum,
    /// The days, the newest first.
    pub days: Vec<Day>,
}

/// The timers of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// Its number (see [`date`]).
    pub day: i32,
    /// Of all its timers that match, also those on other pages.
    pub sum: Sum,
    /// The timers, the newest first.
    pub rows: Vec<Row>,
}

/// A timer in the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub id: TimerId,
    pub title: Option<String>,
    pub description: Option<String>,
    pub status: TimerStatus,
    pub started: Timestamp,
    pub ended: Option<Timestamp>,
    /// The elapsed time in seconds.
    pub seconds: i64,
    pub allocated_seconds: i64,
    pub schedule_id: Option<ScheduleId>,
    pub todo_id: Option<TodoId>,
    /// Its tags include those of its schedule, or of its todo.
    pub linked: Linked,
}

/// A change by the user.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum HistoryEdit {
    Delete(Vec<TimerId>),
}

impl Edit<HistoryData> for HistoryEdit {
    fn apply(&self, data: &mut HistoryData) {
        let Self::Delete(ids) = self;
        for week in &mut data.weeks {
            for day in &mut week.days {
                let (gone, kept) = day.rows.drain(..).partition(|row| ids.contains(&row.id));
                day.rows = kept;
                for row in &gone {
                    day.sum.take(row);
                    week.sum.take(row);
                    if let Some(sum) = &mut data.sum {
                        sum.take(row);
                    }
                }
            }
            week.days.retain(|day| !day.rows.is_empty());
        }
        data.weeks.retain(|week| !week.days.is_empty());
    }
}

impl Sum {
    fn take(&mut self, row: &Row) {
        self.seconds -= row.seconds;
        self.count -= 1;
    }
}

impl HistoryData {
    /// All timers of the page.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        let days = self.weeks.iter().flat_map(|week| &week.days);
        days.flat_map(|day| &day.rows)
    }

    /// A week by its first day.
    pub fn week(&self, first_day: i32) -> Option<&Week> {
        self.weeks.iter().find(|week| week.first_day == first_day)
    }

    /// A day by its number.
    pub fn day(&self, day: i32) -> Option<&Day> {
        let mut days = self.weeks.iter().flat_map(|week| &week.days);
        days.find(|known| known.day == day)
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use chrono::{Datelike, NaiveDate};
    use uuid::Uuid;

    pub fn row(id: u128, seconds: i64) -> Row {
        Row {
            id: TimerId(Uuid::from_u128(id)),
            title: None,
            description: None,
            status: TimerStatus::Completed,
            started: Timestamp::default(),
            ended: None,
            seconds,
            allocated_seconds: 60,
            schedule_id: None,
            todo_id: None,
            linked: Linked::default(),
        }
    }

    #[test]
    fn a_week_begins_with_the_readers_first_day() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap().num_days_from_ce();
        // A Thursday.
        let thursday = day("2026-11-26");
        assert_eq!(week_of(thursday, 0), day("2026-11-23"), "Monday");
        assert_eq!(week_of(thursday, 6), day("2026-11-22"), "Sunday");
        assert_eq!(week_of(day("2026-11-23"), 0), day("2026-11-23"));
        assert_eq!(week_of(day("2026-11-22"), 0), day("2026-11-16"));
        assert_eq!(date(thursday).to_string(), "2026-11-26");
    }

    #[test]
    fn deleted_timers_leave_the_list_and_the_totals_at_once() {
        let day = |day, rows: Vec<Row>| Day {
            day,
            sum: Sum { seconds: 100, count: 5 },
            rows,
        };
        let mut data = HistoryData {
            filter: HistoryFilter::default(),
            is_newest: true,
            next: None,
            weeks: vec![Week {
                first_day: 1,
                sum: Sum {
                    seconds: 200,
                    count: 10,
                },
                days: vec![day(2, vec![row(1, 10), row(2, 20)]), day(1, vec![row(3, 30)])],
            }],
            sum: None,
            schedule: None,
            todo: None,
            utc_offsets: UtcOffsets::default(),
        };
        HistoryEdit::Delete(vec![row(1, 0).id, row(3, 0).id, row(9, 0).id]).apply(&mut data);
        assert_eq!(data.rows().map(|row| row.id).collect::<Vec<_>>(), [row(2, 0).id]);
        let sum = |seconds, count| Sum { seconds, count };
        assert_eq!(data.day(2).map(|day| day.sum), Some(sum(90, 4)));
        assert_eq!(data.day(1), None, "a day without timers is left out");
        assert_eq!(data.week(1).map(|week| week.sum), Some(sum(160, 8)));
        HistoryEdit::Delete(vec![row(2, 0).id]).apply(&mut data);
        assert!(data.weeks.is_empty());
    }
}
