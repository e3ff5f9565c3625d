//! What stands where: blocks in the columns of days, bars above them, and the entries of a month's days. Pure.

#[cfg(any(feature = "ssr", test))]
use super::data::IN_CELL;
use super::{
    axis::Column,
    data::{CalendarData, Day, Done, Entry, Key},
    lanes::{LEAST, lanes},
};
use crate::local_time::day_of_millis;
use protocol::time::Timestamp;
#[cfg(any(feature = "ssr", test))]
use std::collections::HashSet;

/// An entry that lasts as long has a bar instead of a block, in milliseconds.
const BAR_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// Something in the column of a day.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Block<T> {
    pub item: T,
    /// The place of its top, and its height, in minutes.
    pub top: i64,
    pub height: i64,
    pub lane: usize,
    pub lanes: usize,
    /// Whether it begins before the day, and whether it ends after it.
    pub continues: (bool, bool),
}

/// An entry above the columns.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bar {
    pub entry: Entry,
    /// The first column, from 0, and the number of columns.
    pub column: usize,
    pub columns: usize,
    pub continues: (bool, bool),
}

/// Whether an entry is above the columns.
pub fn is_bar(entry: &Entry) -> bool {
    entry.plan.all_day || entry.plan.end.millis_since(entry.plan.start) >= BAR_MILLIS
}

/// The numbers of the first and the last day of an entry.
pub fn days_of(data: &CalendarData, entry: &Entry) -> (i32, i32) {
    let plan = &entry.plan;
    let day = |instant: Timestamp| match plan.all_day {
        true => day_of_millis(instant.millis()),
        false => data.utc_offsets.wall_clock(instant).day(),
    };
    let first = day(plan.start);
    (first, day(plan.end.plus_millis(-1)).max(first))
}

/// The entries in the column of a day.
pub fn blocks(data: &CalendarData, column: &Column<'_>) -> Vec<Block<Entry>> {
    let entries = data.entries.iter().filter(|entry| !is_bar(entry));
    let spans = entries.map(|entry| (entry.clone(), entry.plan.start, entry.plan.end));
    arranged(column, spans)
}

/// What was done, in the column of a day.
pub fn done(data: &CalendarData, column: &Column<'_>, now: Timestamp) -> Vec<Block<Done>> {
    let done = data.done.iter();
    let spans = done.map(|done| (done.clone(), done.from, done.until.unwrap_or(now).max(done.from)));
    arranged(column, spans)
}

fn arranged<T>(column: &Column<'_>, items: impl Iterator<Item = (T, Timestamp, Timestamp)>) -> Vec<Block<T>> {
    let within = items.filter(|(_, from, until)| {
        let is_point = from == until && *from >= column.start;
        *from < column.end && (*until > column.start || is_point)
    });
    let mut blocks: Vec<Block<T>> = within
        .map(|(item, from, until)| {
            let (top, bottom) = (column.place(from, false), column.place(until, true));
            Block {
                item,
                top,
                height: (bottom - top).max(0),
                lane: 0,
                lanes: 1,
                continues: (from < column.start, until > column.end),
            }
        })
        .collect();
    blocks.sort_by_key(|block| (block.top, -block.height));
    let spans: Vec<(i64, i64)> = blocks
        .iter()
        .map(|block| (block.top, block.top + block.height))
        .collect();
    for (block, (lane, count)) in blocks.iter_mut().zip(lanes(&spans)) {
        (block.lane, block.lanes) = (lane, count);
        block.height = block.height.max(LEAST);
    }
    blocks
}

/// The entries above the columns, by their first day.
pub fn bars(data: &CalendarData) -> Vec<Bar> {
    let (Some(first), Some(last)) = (data.days.first(), data.days.last()) else {
        return Vec::new();
    };
    let entries = data.entries.iter().filter(|entry| is_bar(entry));
    let mut bars: Vec<Bar> = entries
        .filter_map(|entry| {
            let (from, until) = days_of(data, entry);
            let (begin, end) = (from.max(first.day), until.min(last.day));
            (begin <= end).then(|| Bar {
                entry: entry.clone(),
                column: usize::try_from(begin - first.day).unwrap_or(0),
                columns: usize::try_from(end - begin + 1).unwrap_or(1),
                continues: (from < first.day, until > last.day),
            })
        })
        .collect();
    bars.sort_by_key(|bar| (bar.column, usize::MAX - bar.columns));
    bars
}

/// The entries of a day, those above the columns first.
pub fn of_day<'d>(data: &'d CalendarData, day: &Day) -> Vec<&'d Entry> {
    let mut found: Vec<&Entry> = data
        .entries
        .iter()
        .filter(|entry| is_on(data, entry, day.day))
        .collect();
    found.sort_by_key(|entry| (!is_bar(entry), entry.plan.start));
    found
}

/// Leaves out of a month what its days do not list, and counts what each has.
#[cfg(any(feature = "ssr", test))]
pub fn leave_out(data: &mut CalendarData) {
    let mut listed: Vec<Key> = Vec::new();
    for place in 0..data.days.len() {
        let Some(day) = data.days.get(place).copied() else {
            break;
        };
        let on_day: Vec<Key> = of_day(data, &day).into_iter().map(Entry::key).collect();
        listed.extend(on_day.iter().take(IN_CELL));
        if let Some(day) = data.days.get_mut(place) {
            day.count = on_day.len();
        }
    }
    let listed: HashSet<Key> = listed.into_iter().collect();
    data.entries.retain(|entry| listed.contains(&entry.key()));
}

/// Whether an entry is on a day.
pub fn is_on(data: &CalendarData, entry: &Entry, day: i32) -> bool {
    let (from, until) = days_of(data, entry);
    (from..=until).contains(&day)
}

/// The entries in the order of the arrow keys.
pub fn in_order(data: &CalendarData) -> Vec<&Entry> {
    let mut all: Vec<&Entry> = data.entries.iter().collect();
    all.sort_by_key(|entry| (days_of(data, entry).0, !is_bar(entry), entry.plan.start, entry.plan.end));
    all
}

/// The entry with a key.
pub fn find(data: &CalendarData, key: Key) -> Option<&Entry> {
    data.entries.iter().find(|entry| entry.key() == key)
}

#[cfg(test)]
pub mod tests {
    use super::{super::axis::Axis, *};
    use crate::{
        agenda::Planned,
        local_time::UtcOffsets,
        pages::calendar::query::{CalendarQuery, day_of_text},
    };
    use protocol::id::ScheduleId;
    use uuid::Uuid;

    pub fn at(text: &str) -> Timestamp {
        Timestamp::parse_iso(text).unwrap()
    }

    /// Days of 2026 in Berlin, without entries.
    pub fn berlin(first: &str, count: i32) -> CalendarData {
        let offsets = UtcOffsets::new(vec![
            (at("2026-01-01T00:00:00Z"), 3_600),
            (at("2026-03-29T01:00:00Z"), 7_200),
            (at("2026-10-25T01:00:00Z"), 3_600),
        ]);
        let first = day_of_text(first).unwrap();
        let start = |day| offsets.instant(crate::local_time::midnight_millis(day));
        CalendarData {
            query: CalendarQuery::default(),
            day: first,
            days: (first..first + count)
                .map(|day| Day {
                    day,
                    start: start(day),
                    count: 0,
                })
                .collect(),
            end: start(first + count),
            entries: Vec::new(),
            done: Vec::new(),
            is_cut: false,
            detail: None,
            zone: Some("Europe/Berlin".to_owned()),
            utc_offsets: offsets,
        }
    }

    pub fn entry(number: u128, start: &str, end: &str) -> Entry {
        Entry {
            plan: Planned {
                schedule_id: ScheduleId(Uuid::from_u128(number)),
                title: format!("Entry {number}"),
                all_day: false,
                start: at(start),
                end: at(end),
                occurrence: None,
                is_shared: false,
            },
            waits: false,
        }
    }

    fn all_day(number: u128, start: &str, end: &str) -> Entry {
        let mut entry = entry(number, start, end);
        entry.plan.all_day = true;
        entry
    }

    #[test]
    fn an_entry_over_midnight_is_in_both_columns() {
        let mut data = berlin("2026-11-27", 2);
        data.entries = vec![entry(1, "2026-11-27T22:00:00Z", "2026-11-28T00:00:00Z")];
        let place = |column| {
            let column = Column::of(&data, Axis::of(&data), column).unwrap();
            let block = blocks(&data, &column).remove(0);
            (block.top, block.height, block.continues)
        };
        assert_eq!(place(0), (1_380, 60, (false, true)));
        assert_eq!(place(1), (0, 60, (true, false)));
    }

    #[test]
    fn entries_of_the_repeated_hour_stand_one_below_the_other() {
        let mut data = berlin("2026-10-25", 1);
        data.entries = vec![
            entry(1, "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"),
            entry(2, "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"),
        ];
        let column = Column::of(&data, Axis::of(&data), 0).unwrap();
        let places: Vec<(i64, i64, usize)> = blocks(&data, &column)
            .iter()
            .map(|block| (block.top, block.height, block.lanes))
            .collect();
        assert_eq!(places, [(120, 60, 1), (180, 60, 1)]);
    }

    #[test]
    fn whole_days_are_bars_on_their_dates_in_any_zone() {
        let mut data = berlin("2026-11-23", 7);
        data.entries = vec![
            all_day(1, "2026-11-24T00:00:00Z", "2026-11-26T00:00:00Z"),
            all_day(2, "2026-11-20T00:00:00Z", "2026-11-24T00:00:00Z"),
            entry(3, "2026-11-28T09:00:00Z", "2026-11-30T09:00:00Z"),
            entry(4, "2026-11-28T09:00:00Z", "2026-11-28T10:00:00Z"),
        ];
        let found: Vec<(usize, usize, (bool, bool))> = bars(&data)
            .iter()
            .map(|bar| (bar.column, bar.columns, bar.continues))
            .collect();
        assert_eq!(
            found,
            [(0, 1, (true, false)), (1, 2, (false, false)), (5, 2, (false, true))]
        );
        let saturday = data.days[5];
        let titles: Vec<&str> = of_day(&data, &saturday)
            .iter()
            .map(|entry| entry.plan.title.as_str())
            .collect();
        assert_eq!(titles, ["Entry 3", "Entry 4"]);
    }

    #[test]
    fn a_day_of_a_month_lists_its_first_entries() {
        let mut data = berlin("2026-11-27", 2);
        data.entries = (1..=5)
            .map(|hour| {
                let (start, end) = (
                    format!("2026-11-27T0{hour}:00:00Z"),
                    format!("2026-11-27T0{hour}:30:00Z"),
                );
                entry(hour, &start, &end)
            })
            .collect();
        leave_out(&mut data);
        assert_eq!((data.entries.len(), data.days[0].count, data.days[1].count), (3, 5, 0));
        assert_eq!(data.entries[2].plan.title, "Entry 3");
    }

    #[test]
    fn a_running_timer_reaches_until_now() {
        let mut data = berlin("2026-11-27", 1);
        data.done = vec![Done {
            timer: protocol::id::TimerId(Uuid::nil()),
            title: None,
            schedule: None,
            from: at("2026-11-27T08:00:00Z"),
            until: None,
        }];
        let column = Column::of(&data, Axis::of(&data), 0).unwrap();
        let block = done(&data, &column, at("2026-11-27T08:45:00Z")).remove(0);
        assert_eq!((block.top, block.height), (540, 45));
    }
}
