//! Times that are moved, by a pointer or by keys. Pure.

use super::{
    axis::{Axis, Column},
    data::{CalendarData, Entry, Key},
    draft::Times,
};
use protocol::time::Timestamp;

const MINUTE_MILLIS: i64 = 60_000;
const DAY_MILLIS: i64 = 24 * 60 * MINUTE_MILLIS;
/// To how many minutes times snap, and with the shift key.
pub const STEP: i64 = 15;
pub const FINE_STEP: i64 = 5;

/// What a pointer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grip {
    /// Empty time: a new entry.
    Create,
    /// An entry.
    Move(Key),
    /// The end of an entry.
    Resize(Key),
}

/// An entry that is dragged, with its times as they would be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drag {
    pub grip: Grip,
    pub times: Times,
}

/// A point in the columns: the place of the column, and that in it in minutes.
pub type Point = (usize, i64);

/// The times after a pointer moved from one point to another. `times` are those before; they snap to `step` minutes.
pub fn dragged(data: &CalendarData, grip: Grip, times: Times, from: Point, to: Point, step: i64) -> Option<Times> {
    let axis = Axis::of(data);
    let (first, last) = (Column::of(data, axis, from.0)?, Column::of(data, axis, to.0)?);
    let (start, end) = times;
    let snapped = |place: i64| (place + step / 2).div_euclid(step) * step;
    let bounded = |place: i64| place.clamp(0, axis.minutes());
    Some(match grip {
        Grip::Create => {
            let (one, other) = (from.1.div_euclid(step) * step, bounded(snapped(to.1)));
            let (top, bottom) = (one.min(other), one.max(other).max(one + step));
            (first.instant(bounded(top)), first.instant(bounded(bottom)))
        }
        Grip::Move(_) => {
            let start = match start >= first.start {
                true => {
                    let place = snapped(first.place(start, false) + to.1 - from.1);
                    last.instant(place.clamp(0, axis.minutes() - step))
                }
                false => shifted(data, times, to.0 as i64 - from.0 as i64, to.1 - from.1, step),
            };
            (start, start.plus_millis(end.millis_since(times.0)))
        }
        Grip::Resize(_) => {
            let until = last.instant(bounded(snapped(to.1)));
            (start, until.max(start.plus_millis(step * MINUTE_MILLIS)))
        }
    })
}

/// The start of an entry that began before the column in which it is held.
fn shifted(data: &CalendarData, (start, _): Times, days: i64, minutes: i64, step: i64) -> Timestamp {
    let local = data.utc_offsets.local_millis(start) + days * DAY_MILLIS + minutes * MINUTE_MILLIS;
    let step = step * MINUTE_MILLIS;
    data.utc_offsets.instant((local + step / 2).div_euclid(step) * step)
}

/// The times of an entry that keys move by days of the wall clock and minutes.
pub fn moved(data: &CalendarData, entry: &Entry, days: i64, minutes: i64) -> Times {
    let plan = &entry.plan;
    let length = plan.end.millis_since(plan.start);
    let start = match (plan.all_day, days) {
        (true, _) => plan.start.plus_millis(days * DAY_MILLIS),
        (false, 0) => plan.start.plus_millis(minutes * MINUTE_MILLIS),
        (false, _) => {
            let local = data.utc_offsets.local_millis(plan.start);
            data.utc_offsets.instant(local + days * DAY_MILLIS)
        }
    };
    (start, start.plus_millis(length))
}

/// The times of an entry whose end keys move.
pub fn resized(entry: &Entry, minutes: i64) -> Times {
    let plan = &entry.plan;
    let least = plan.start.plus_millis(FINE_STEP * MINUTE_MILLIS);
    (plan.start, plan.end.plus_millis(minutes * MINUTE_MILLIS).max(least))
}

#[cfg(test)]
mod tests {
    use super::{super::layout::tests::*, *};

    #[test]
    fn dragging_over_empty_time_gives_whole_quarters() {
        let data = berlin("2026-11-27", 2);
        let drag = |to: Point, step| {
            dragged(
                &data,
                Grip::Create,
                (at("2026-11-27T00:00:00Z"), at("2026-11-27T00:00:00Z")),
                (0, 547),
                to,
                step,
            )
        };
        assert_eq!(
            drag((0, 611), STEP),
            Some((at("2026-11-27T08:00:00Z"), at("2026-11-27T09:15:00Z")))
        );
        assert_eq!(
            drag((0, 500), FINE_STEP),
            Some((at("2026-11-27T07:20:00Z"), at("2026-11-27T08:10:00Z"))),
            "upwards"
        );
        assert_eq!(drag((5, 0), STEP), None, "no such column");
    }

    #[test]
    fn an_entry_moves_to_another_day_with_its_length() {
        let data = berlin("2026-10-24", 2);
        let entry = entry(1, "2026-10-24T07:00:00Z", "2026-10-24T08:30:00Z");
        let times = (entry.plan.start, entry.plan.end);
        // From 9:00 on Saturday to 10:00 on Sunday, after the clocks went back.
        let found = dragged(&data, Grip::Move(entry.key()), times, (0, 610), (1, 672), STEP);
        assert_eq!(found, Some((at("2026-10-25T09:00:00Z"), at("2026-10-25T10:30:00Z"))));
    }

    #[test]
    fn an_end_stays_after_its_start() {
        let data = berlin("2026-11-27", 1);
        let entry = entry(1, "2026-11-27T08:00:00Z", "2026-11-27T09:00:00Z");
        let times = (entry.plan.start, entry.plan.end);
        let resize = |place| dragged(&data, Grip::Resize(entry.key()), times, (0, 600), (0, place), STEP);
        assert_eq!(resize(701), Some((times.0, at("2026-11-27T10:45:00Z"))));
        assert_eq!(resize(100), Some((times.0, at("2026-11-27T08:15:00Z"))));
        assert_eq!(resized(&entry, -600).1, at("2026-11-27T08:05:00Z"));
    }

    #[test]
    fn a_day_by_keys_keeps_the_wall_clock() {
        let data = berlin("2026-10-24", 2);
        let entry = entry(1, "2026-10-24T07:00:00Z", "2026-10-24T08:00:00Z");
        assert_eq!(moved(&data, &entry, 1, 0).0, at("2026-10-25T08:00:00Z"));
        assert_eq!(moved(&data, &entry, 0, 15).0, at("2026-10-24T07:15:00Z"));
    }
}
