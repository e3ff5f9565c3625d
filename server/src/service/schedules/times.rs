//! The times of a schedule or an occurrence: instants, or whole days (contract, REST 7.6).
//!
//! Times of all-day schedules are kept as midnights of their dates in UTC. A request may name the dates, or the midnights
//! in the timezone of the request.

use crate::service::Refusal;
use protocol::{
    schedule::Schedule,
    time::{Timestamp, Zone},
};

const DAY: i64 = 86_400_000;

/// The times of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    pub all_day: bool,
    pub start: Timestamp,
    /// Exclusive.
    pub end: Timestamp,
}

/// Changes to times; `None` keeps.
#[derive(Clone, Debug, Default)]
pub struct TimesPatch {
    pub all_day: Option<bool>,
    /// Instants.
    pub start_time: Option<Timestamp>,
    pub end_time: Option<Timestamp>,
    /// Dates, as midnights in UTC.
    pub start_date: Option<Timestamp>,
    /// The date after the last one.
    pub end_date: Option<Timestamp>,
    /// The timezone of the request; UTC by default.
    pub zone: Option<Zone>,
}

impl Times {
    pub fn of(schedule: &Schedule) -> Self {
        Self {
            all_day: schedule.all_day,
            start: schedule.start_time,
            end: schedule.end_time,
        }
    }

    /// The same times as instants in a zone, or as dates: whole days that contain them.
    fn converted(self, all_day: bool, zone: Option<&Zone>) -> Self {
        match (self.all_day, all_day) {
            (true, false) => Self {
                all_day,
                start: self.start.in_zone(zone),
                end: self.end.in_zone(zone),
            },
            (false, true) => Self {
                all_day,
                start: floor(self.start.floating(zone)),
                end: ceil(self.end.floating(zone)),
            },
            _ => self,
        }
    }
}

impl TimesPatch {
    /// The times after the change, without regard to their order.
    ///
    /// Dates make a schedule last whole days. Times that are no midnights of an all-day schedule make it a timed one, as a
    /// client that knows of no all-day schedules expects.
    pub fn apply(&self, times: Times) -> Times {
        let zone = self.zone.as_ref();
        let has_dates = self.start_date.is_some() || self.end_date.is_some();
        let given = [self.start_time, self.end_time];
        let has_times = given.iter().flatten().any(|time| !time.floating(zone).is_midnight());
        let all_day = self.all_day.unwrap_or(has_dates || (times.all_day && !has_times));
        let times = times.converted(all_day, zone);
        if !all_day {
            return Times {
                start: self.start_time.unwrap_or(times.start),
                end: self.end_time.unwrap_or(times.end),
                ..times
            };
        }
        let start = self.start_time.map(|start| floor(start.floating(zone)));
        let end = self.end_time.map(|end| ceil(end.floating(zone)));
        Times {
            start: self.start_date.or(start).unwrap_or(times.start),
            end: self.end_date.or(end).unwrap_or(times.end),
            ..times
        }
    }

    /// The same change for a schedule whose times differ by `shift` milliseconds from those that the change is about.
    pub fn shifted(self, shift: i64) -> Self {
        let later = |time: Option<Timestamp>| time.map(|time| time.plus_millis(shift));
        Self {
            start_time: later(self.start_time),
            end_time: later(self.end_time),
            start_date: later(self.start_date),
            end_date: later(self.end_date),
            ..self
        }
    }

    /// The times of a new schedule.
    ///
    /// # Errors
    /// [`Refusal::EndBeforeStart`] if it has neither times nor dates; input is checked before.
    pub fn create(&self) -> Result<Times, Refusal> {
        let all_day = self.all_day.unwrap_or(false);
        let (start, end) = match (all_day, self.start_date, self.start_time, self.end_time) {
            (true, Some(start), ..) => (Some(start), self.end_date.or(Some(start.plus_millis(DAY)))),
            (true, None, ..) => (None, None),
            (false, _, start, end) => (start, end),
        };
        match (start, end) {
            (Some(start), Some(end)) => Ok(Times { all_day, start, end }),
            _ => Err(Refusal::EndBeforeStart),
        }
    }

    /// The start that one occurrence gets: of an all-day schedule a date, else an instant; `None` if it is not given.
    ///
    /// # Errors
    /// [`Refusal::WholeDays`] or [`Refusal::NoWholeDays`] if the other one is given.
    pub fn occurrence_start(&self, all_day: bool) -> Result<Option<Timestamp>, Refusal> {
        self.of_occurrence(all_day, self.start_date, self.start_time)
    }

    /// The same for the end.
    ///
    /// # Errors
    /// The same.
    pub fn occurrence_end(&self, all_day: bool) -> Result<Option<Timestamp>, Refusal> {
        self.of_occurrence(all_day, self.end_date, self.end_time)
    }

    fn of_occurrence(
        &self,
        all_day: bool,
        date: Option<Timestamp>,
        time: Option<Timestamp>,
    ) -> Result<Option<Timestamp>, Refusal> {
        if !all_day {
            return if date.is_some() || self.all_day == Some(true) {
                Err(Refusal::NoWholeDays)
            } else {
                Ok(time)
            };
        }
        let time = time.map(|time| time.floating(self.zone.as_ref()));
        if self.all_day == Some(false) || (date.is_none() && time.is_some_and(|time| !time.is_midnight())) {
            return Err(Refusal::WholeDays);
        }
        Ok(date.or(time))
    }
}

/// The midnight in UTC at or before a time.
pub(super) fn floor(time: Timestamp) -> Timestamp {
    time.plus_millis(-time.millis().rem_euclid(DAY))
}

/// The midnight in UTC at or after a time.
pub(super) fn ceil(time: Timestamp) -> Timestamp {
    floor(time.plus_millis(DAY - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_iso(text).unwrap()
    }

    fn times(all_day: bool, start: &str, end: &str) -> Times {
        Times {
            all_day,
            start: at(start),
            end: at(end),
        }
    }

    fn in_seoul() -> TimesPatch {
        TimesPatch {
            zone: Some("Asia/Seoul".parse().unwrap()),
            ..TimesPatch::default()
        }
    }

    #[test]
    fn a_timed_schedule_becomes_the_whole_days_that_contain_it() {
        let timed = times(false, "2024-01-01T16:00:00Z", "2024-01-01T17:00:00Z");
        let all_day = TimesPatch {
            all_day: Some(true),
            ..in_seoul()
        };
        assert_eq!(
            all_day.apply(timed),
            times(true, "2024-01-02T00:00:00Z", "2024-01-03T00:00:00Z"),
            "the second of January in Seoul"
        );
        let dates = TimesPatch {
            start_date: Some(at("2024-02-01T00:00:00Z")),
            end_date: Some(at("2024-02-03T00:00:00Z")),
            ..in_seoul()
        };
        assert_eq!(
            dates.apply(timed),
            times(true, "2024-02-01T00:00:00Z", "2024-02-03T00:00:00Z")
        );
    }

    #[test]
    fn times_of_an_all_day_schedule_are_its_dates_if_they_are_midnights_and_else_make_it_timed() {
        let days = times(true, "2024-01-02T00:00:00Z", "2024-01-03T00:00:00Z");
        let moved = TimesPatch {
            start_time: Some(at("2024-01-07T15:00:00Z")),
            end_time: Some(at("2024-01-08T15:00:00Z")),
            ..in_seoul()
        };
        assert_eq!(
            moved.apply(days),
            times(true, "2024-01-08T00:00:00Z", "2024-01-09T00:00:00Z")
        );
        let timed = TimesPatch {
            start_time: Some(at("2024-01-02T01:00:00Z")),
            ..in_seoul()
        };
        assert_eq!(
            timed.apply(days),
            times(false, "2024-01-02T01:00:00Z", "2024-01-02T15:00:00Z"),
            "until the midnight in Seoul"
        );
    }
}
