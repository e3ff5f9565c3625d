//! What is typed in the form of an entry. Pure.

use super::{
    data::{CalendarData, Detail, Entry, Key},
    query::{day_of_text, iso_date},
    repeat::Repeat,
};
use crate::{
    agenda::Planned,
    local_time::{UtcOffsets, day_of_millis, midnight_millis},
};
use protocol::{
    id::{ScheduleId, TagId},
    time::Timestamp,
};
use uuid::Uuid;

const MINUTE_MILLIS: i64 = 60_000;

/// Which occurrences of a series a change is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    #[default]
    This,
    Following,
    All,
}

impl Scope {
    pub const ALL: [Self; 3] = [Self::This, Self::Following, Self::All];

    /// The value of the option in the form.
    pub fn word(self) -> &'static str {
        match self {
            Self::This => "this",
            Self::Following => "following",
            Self::All => "all",
        }
    }
}

/// The fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The entry that is changed; `None` for a new one.
    pub entry: Option<Entry>,
    /// What the server said besides, if it did: without it only title and times can be changed.
    pub detail: Option<Detail>,
    pub title: String,
    pub description: String,
    pub all_day: bool,
    /// Dates and times of day: `2026-11-27`, `09:00`. Of whole days the end is the last date.
    pub start_date: String,
    pub start_time: String,
    pub end_date: String,
    pub end_time: String,
    pub tags: Vec<TagId>,
    pub todo: Option<Uuid>,
    pub repeat: Repeat,
    pub scope: Scope,
}

/// The times of a draft: instants, or midnights in UTC for whole days.
pub type Times = (Timestamp, Timestamp);

impl Draft {
    /// A new entry with these times.
    pub fn new(offsets: &UtcOffsets, (start, end): Times) -> Self {
        let mut draft = Self::default();
        draft.set_times(offsets, false, (start, end));
        draft
    }

    /// The fields of an entry.
    pub fn of(data: &CalendarData, entry: &Entry) -> Self {
        let detail = data.detail.clone().filter(|detail| detail.entry.key() == entry.key());
        let mut draft = Self {
            title: entry.plan.title.clone(),
            entry: Some(entry.clone()),
            ..Self::default()
        };
        draft.set_times(
            &data.utc_offsets,
            entry.plan.all_day,
            (entry.plan.start, entry.plan.end),
        );
        if let Some(detail) = detail {
            draft.description.clone_from(&detail.description);
            draft.tags.clone_from(&detail.tags);
            draft.todo = detail.todo.as_ref().map(|(id, _)| id.0);
            draft.repeat = Repeat::of(
                &detail.rule,
                first_day(&data.utc_offsets, entry.plan.all_day, detail.start),
            );
            draft.detail = Some(detail);
        }
        draft
    }

    fn set_times(&mut self, offsets: &UtcOffsets, all_day: bool, (start, end): Times) {
        self.all_day = all_day;
        if all_day {
            let day = |instant: Timestamp| iso_date(day_of_millis(instant.millis()));
            (self.start_date, self.end_date) = (day(start), day(end.plus_millis(-1)));
            (self.start_time, self.end_time) = ("09:00".to_owned(), "10:00".to_owned());
            return;
        }
        let (start, end) = (offsets.wall_clock(start), offsets.wall_clock(end));
        (self.start_date, self.end_date) = (iso_date(start.day()), iso_date(end.day()));
        (self.start_time, self.end_time) = (start.to_string(), end.to_string());
    }

    /// The number of the day on which it starts.
    pub fn start_day(&self) -> Option<i32> {
        day_of_text(&self.start_date)
    }

    /// The times; `None` if they cannot be read or end before they start.
    pub fn times(&self, offsets: &UtcOffsets) -> Option<Times> {
        let (first, last) = (self.start_day()?, day_of_text(&self.end_date)?);
        let (start, end) = match self.all_day {
            true => (
                Timestamp::from_millis(midnight_millis(first)),
                Timestamp::from_millis(midnight_millis(last + 1)),
            ),
            false => {
                let at = |day, time: &str| Some(offsets.instant(midnight_millis(day) + minutes(time)? * MINUTE_MILLIS));
                (at(first, &self.start_time)?, at(last, &self.end_time)?)
            }
        };
        // What was not typed stays exact, also of a time that the clocks show twice.
        let kept = self
            .entry
            .as_ref()
            .map(|entry| &entry.plan)
            .filter(|plan| plan.all_day == self.all_day);
        let kept = |typed: Timestamp, pick: fn(&Planned) -> Timestamp| match kept.map(pick) {
            Some(known) if !self.all_day && offsets.wall_clock(known) == offsets.wall_clock(typed) => known,
            _ => typed,
        };
        let (start, end) = (kept(start, |plan| plan.start), kept(end, |plan| plan.end));
        (end > start).then_some((start, end))
    }

    /// Moves the end with the start, keeping the length.
    pub fn move_start(&mut self, offsets: &UtcOffsets, date: String, time: String) {
        let length = self.times(offsets).map(|(start, end)| end.millis_since(start));
        (self.start_date, self.start_time) = (date, time);
        let start = Self {
            end_date: "2199-12-31".to_owned(),
            ..self.clone()
        };
        if let Some((length, (start, _))) = length.zip(start.times(offsets)) {
            let (date, time) = (self.start_date.clone(), self.start_time.clone());
            self.set_times_kept(offsets, (start, start.plus_millis(length)));
            (self.start_date, self.start_time) = (date, time);
        }
    }

    fn set_times_kept(&mut self, offsets: &UtcOffsets, times: Times) {
        let (start, end) = (self.start_time.clone(), self.end_time.clone());
        self.set_times(offsets, self.all_day, times);
        if self.all_day {
            (self.start_time, self.end_time) = (start, end);
        }
    }

    /// The text of the rule; empty if it does not recur.
    pub fn rule(&self, zone: Option<&str>) -> String {
        let day = self.start_day().unwrap_or_default();
        let start = format!(
            "{}T{}00",
            self.start_date.replace('-', ""),
            self.start_time.replace(':', "")
        );
        self.repeat.text(day, &start, zone.filter(|_| !self.all_day))
    }

    /// Whether the recurrence differs from that of the entry.
    pub fn changes_rule(&self, offsets: &UtcOffsets) -> bool {
        let known = self.detail.as_ref().map(|detail| {
            let all_day = detail.entry.plan.all_day;
            Repeat::of(&detail.rule, first_day(offsets, all_day, detail.start))
        });
        self.repeat != known.unwrap_or_default()
    }

    /// The entry as it will be.
    pub fn planned(&self, id: ScheduleId, (start, end): Times) -> Planned {
        let known = self.entry.as_ref().map(|entry| &entry.plan);
        Planned {
            schedule_id: id,
            title: self.title.trim().to_owned(),
            all_day: self.all_day,
            start,
            end,
            occurrence: known.and_then(|plan| plan.occurrence),
            is_shared: false,
        }
    }

    /// What names the entry; `None` for a new one.
    pub fn key(&self) -> Option<Key> {
        self.entry.as_ref().map(Entry::key)
    }
}

/// The number of the day on which a series starts.
fn first_day(offsets: &UtcOffsets, all_day: bool, start: Timestamp) -> i32 {
    match all_day {
        true => day_of_millis(start.millis()),
        false => offsets.wall_clock(start).day(),
    }
}

/// The minutes of a time of day.
fn minutes(time: &str) -> Option<i64> {
    let (hour, minute) = time.split_once(':')?;
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.get(..2)?.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::{super::layout::tests::*, *};

    #[test]
    fn the_fields_of_an_entry_give_its_times() {
        let data = berlin("2026-10-25", 1);
        // Both are from 02:00 to 02:30 on the wall clock.
        for (start, end) in [
            ("2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z"),
            ("2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z"),
        ] {
            let draft = Draft::of(&data, &entry(1, start, end));
            assert_eq!((draft.start_time.as_str(), draft.end_time.as_str()), ("02:00", "02:30"));
            assert_eq!(draft.times(&data.utc_offsets), Some((at(start), at(end))));
        }
    }

    #[test]
    fn whole_days_end_with_their_last_date() {
        let data = berlin("2026-11-27", 1);
        let mut whole = entry(1, "2026-11-27T00:00:00Z", "2026-11-29T00:00:00Z");
        whole.plan.all_day = true;
        let mut draft = Draft::of(&data, &whole);
        assert_eq!(
            (draft.start_date.as_str(), draft.end_date.as_str()),
            ("2026-11-27", "2026-11-28")
        );
        draft.move_start(&data.utc_offsets, "2026-12-01".to_owned(), draft.start_time.clone());
        let times = (at("2026-12-01T00:00:00Z"), at("2026-12-03T00:00:00Z"));
        assert_eq!(draft.times(&data.utc_offsets), Some(times));
    }

    #[test]
    fn the_end_moves_with_the_start() {
        let offsets = berlin("2026-11-27", 1).utc_offsets;
        let mut draft = Draft::new(&offsets, (at("2026-11-27T22:30:00Z"), at("2026-11-28T00:00:00Z")));
        draft.move_start(&offsets, "2026-11-27".to_owned(), "10:00".to_owned());
        assert_eq!(
            (draft.end_date.as_str(), draft.end_time.as_str()),
            ("2026-11-27", "11:30")
        );
        draft.end_time = "09:00".to_owned();
        assert_eq!(draft.times(&offsets), None, "it would end before it starts");
        draft.end_time = "25:00".to_owned();
        assert_eq!(draft.times(&offsets), None);
    }
}
