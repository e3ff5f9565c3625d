//! Where times are in the columns of days: the vertical axis, in minutes.
//!
//! All columns have the hours of the wall clock side by side. Where the clocks go back, the repeated time has rows of its
//! own, which the other days leave empty; where they go forward, the skipped time stays empty.

use super::data::{CalendarData, Day};
use crate::local_time::{UtcOffsets, midnight_millis};
use protocol::time::Timestamp;

const MINUTE_MILLIS: i64 = 60_000;
/// The minutes of a day without a change of the clocks.
const DAY_MINUTES: i64 = 24 * 60;

/// The rows of a view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Axis {
    /// The minute of the wall clock before which rows are added for a repeated time, and how many.
    repeated: Option<(i64, i64)>,
}

/// A full hour on the axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hour {
    /// Its place.
    pub top: i64,
    /// The hour of the wall clock.
    pub hour: i64,
    /// Whether the clocks show it a second time.
    pub is_repeated: bool,
}

/// The column of a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Column<'d> {
    axis: Axis,
    offsets: &'d UtcOffsets,
    pub day: i32,
    pub start: Timestamp,
    /// Exclusive.
    pub end: Timestamp,
    /// When the clocks change within the day, and by how many minutes.
    change: Option<(Timestamp, i64)>,
}

impl Axis {
    /// The rows that the days need.
    pub fn of(data: &CalendarData) -> Self {
        let columns = (0..data.days.len()).filter_map(|place| Column::plain(data, place));
        let mut repeated = columns.filter_map(|column| {
            let (at, shift) = column.change.filter(|(_, shift)| *shift < 0)?;
            Some((column.elapsed(at), -shift))
        });
        Self {
            repeated: repeated.next(),
        }
    }

    /// The number of minutes from its top to its bottom.
    pub fn minutes(self) -> i64 {
        DAY_MINUTES + self.repeated.map_or(0, |(_, length)| length)
    }

    /// The full hours, from the top.
    pub fn hours(self) -> Vec<Hour> {
        let mut hours: Vec<Hour> = (0..24)
            .map(|hour| Hour {
                top: self.place(hour * 60, false),
                hour,
                is_repeated: false,
            })
            .collect();
        if let Some((at, length)) = self.repeated {
            let again = (at - length..at).filter(|minute| minute % 60 == 0);
            hours.extend(again.map(|minute| Hour {
                top: minute + length,
                hour: minute / 60,
                is_repeated: true,
            }));
            hours.sort_by_key(|hour| hour.top);
        }
        hours
    }

    /// The place of a minute of the wall clock on a day without the repeated time. An end is above the added rows.
    fn place(self, minute: i64, is_end: bool) -> i64 {
        match self.repeated {
            Some((at, length)) if minute > at || (minute == at && !is_end) => minute + length,
            _ => minute,
        }
    }

    /// The minute of the wall clock at a place, on a day without the repeated time.
    fn minute(self, place: i64) -> i64 {
        match self.repeated {
            Some((at, length)) if place > at => (place - length).max(at),
            _ => place,
        }
    }
}

impl<'d> Column<'d> {
    /// The column of the day at a place in the data.
    pub fn of(data: &'d CalendarData, axis: Axis, place: usize) -> Option<Self> {
        Self::plain(data, place).map(|column| Self { axis, ..column })
    }

    fn plain(data: &'d CalendarData, place: usize) -> Option<Self> {
        let Day { day, start, .. } = *data.days.get(place)?;
        let end = data.days.get(place + 1).map_or(data.end, |next| next.start);
        let offsets = &data.utc_offsets;
        Some(Self {
            axis: Axis::default(),
            offsets,
            day,
            start,
            end,
            change: change(offsets, start, end),
        })
    }

    /// The place of an instant; the column's top or bottom for one that is not in the day.
    pub fn place(&self, instant: Timestamp, is_end: bool) -> i64 {
        if instant >= self.end {
            return self.axis.minutes();
        }
        let instant = instant.max(self.start);
        match self.change {
            Some((_, shift)) if shift < 0 => self.elapsed(instant),
            _ => {
                let wall = self.offsets.local_millis(instant) - midnight_millis(self.day);
                self.axis.place(wall.div_euclid(MINUTE_MILLIS), is_end)
            }
        }
    }

    /// The instant at a place.
    pub fn instant(&self, place: i64) -> Timestamp {
        let found = match self.change {
            Some((_, shift)) if shift < 0 => self.start.plus_millis(place * MINUTE_MILLIS),
            _ => {
                let minute = self.axis.minute(place);
                self.offsets.instant(midnight_millis(self.day) + minute * MINUTE_MILLIS)
            }
        };
        found.clamp(self.start, self.end)
    }

    /// The places from and to which the column is empty, since the clocks skip that time, or do not repeat it here.
    pub fn gap(&self) -> Option<(i64, i64)> {
        match (self.change, self.axis.repeated) {
            (Some((_, shift)), _) if shift < 0 => None,
            (Some((at, shift)), _) => {
                let after = self.place(at, false);
                Some((after - shift, after))
            }
            (None, Some((at, length))) => Some((at, at + length)),
            (None, None) => None,
        }
    }

    /// The minutes since the start of the day.
    fn elapsed(&self, instant: Timestamp) -> i64 {
        instant.millis_since(self.start).div_euclid(MINUTE_MILLIS)
    }
}

/// When the offset changes between two instants, and by how many minutes.
fn change(offsets: &UtcOffsets, start: Timestamp, end: Timestamp) -> Option<(Timestamp, i64)> {
    let before = offsets.at(start);
    let after = offsets.at(end.plus_millis(-1));
    if before == after {
        return None;
    }
    let minutes = end.millis_since(start) / MINUTE_MILLIS;
    let (mut low, mut high) = (0, minutes);
    while low + 1 < high {
        let middle = (low + high) / 2;
        match offsets.at(start.plus_millis(middle * MINUTE_MILLIS)) == before {
            true => low = middle,
            false => high = middle,
        }
    }
    let at = start.plus_millis(high * MINUTE_MILLIS);
    Some((at, i64::from(after - before) / 60))
}

#[cfg(test)]
mod tests {
    use super::{super::layout::tests::*, *};

    #[test]
    fn a_day_of_24_hours_is_as_its_wall_clock() {
        let data = berlin("2026-11-27", 1);
        let axis = Axis::of(&data);
        let column = Column::of(&data, axis, 0).unwrap();
        assert_eq!((axis.minutes(), axis.hours().len(), column.gap()), (1_440, 24, None));
        let nine = at("2026-11-27T08:00:00Z");
        assert_eq!(column.place(nine, false), 540);
        assert_eq!(column.instant(540), nine);
        assert_eq!(column.place(at("2026-11-26T08:00:00Z"), false), 0, "the day before");
        assert_eq!(column.place(at("2026-11-28T08:00:00Z"), true), 1_440);
    }

    #[test]
    fn a_day_of_23_hours_leaves_the_skipped_time_empty() {
        let data = berlin("2026-03-29", 1);
        let axis = Axis::of(&data);
        let column = Column::of(&data, axis, 0).unwrap();
        assert_eq!((axis.minutes(), column.gap()), (1_440, Some((120, 180))));
        assert_eq!(column.place(at("2026-03-29T00:30:00Z"), false), 90, "01:30");
        assert_eq!(column.place(at("2026-03-29T01:30:00Z"), false), 210, "03:30");
        assert_eq!(column.instant(210), at("2026-03-29T01:30:00Z"));
        let skipped = column.instant(150);
        assert!((at("2026-03-29T00:00:00Z")..=at("2026-03-29T02:00:00Z")).contains(&skipped));
    }

    #[test]
    fn a_day_of_25_hours_has_the_repeated_time_twice() {
        // The week from Monday to Sunday, on which the clocks go back from 3 to 2.
        let data = berlin("2026-10-19", 7);
        let axis = Axis::of(&data);
        assert_eq!(axis.minutes(), 1_500);
        let hours: Vec<(i64, i64)> = axis.hours().iter().map(|hour| (hour.top, hour.hour)).collect();
        assert_eq!(hours[1..5], [(60, 1), (120, 2), (180, 2), (240, 3)]);
        let sunday = Column::of(&data, axis, 6).unwrap();
        for (instant, place) in [
            ("2026-10-25T00:30:00Z", 150),
            ("2026-10-25T01:30:00Z", 210),
            ("2026-10-25T02:00:00Z", 240),
            ("2026-10-25T22:30:00Z", 1_470),
        ] {
            assert_eq!(sunday.place(at(instant), false), place, "{instant}");
            assert_eq!(sunday.instant(place), at(instant), "{place}");
        }
        assert_eq!(sunday.gap(), None);
        let monday = Column::of(&data, axis, 0).unwrap();
        assert_eq!(monday.gap(), Some((180, 240)));
        assert_eq!(monday.place(at("2026-10-19T01:00:00Z"), false), 240, "03:00");
        assert_eq!(monday.place(at("2026-10-19T01:00:00Z"), true), 180, "an end");
        assert_eq!(monday.instant(240), at("2026-10-19T01:00:00Z"));
        assert_eq!(monday.instant(200), at("2026-10-19T01:00:00Z"), "an added row");
    }
}
