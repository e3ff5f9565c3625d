//! The changes of the page's data that its user makes.

use super::data::{CalendarData, Entry, Key};
use crate::page::Edit;
use protocol::{
    id::{ScheduleId, TagId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// A change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum CalendarEdit {
    /// A new entry, or a changed one. Of a new series it is the first occurrence.
    Put {
        entry: Entry,
        description: Option<String>,
        tags: Option<Vec<TagId>>,
    },
    /// The occurrences of a series from one on by the rule, or all: their title, how much later than by the rule they
    /// start, and how long they are, in milliseconds.
    Series {
        id: ScheduleId,
        from: Option<Timestamp>,
        title: String,
        later: i64,
        length: i64,
    },
    Remove(Key),
    /// Removes the occurrences of a series from one on by the rule, or all.
    RemoveSeries(ScheduleId, Option<Timestamp>),
}

impl Edit<CalendarData> for CalendarEdit {
    fn apply(&self, data: &mut CalendarData) {
        match self {
            Self::Put {
                entry,
                description,
                tags,
            } => {
                let mut entry = entry.clone();
                entry.waits = true;
                let key = entry.key();
                if let Some(detail) = data.detail.as_mut().filter(|detail| detail.entry.key() == key) {
                    detail.entry = entry.clone();
                    if let Some(description) = description {
                        detail.description.clone_from(description);
                    }
                    if let Some(tags) = tags {
                        detail.tags.clone_from(tags);
                    }
                }
                // One that recurs from now on has been an entry without an occurrence.
                let is_same = |known: &Entry| known.key() == key || known.key() == Key { at: None, ..key };
                data.entries.retain(|known| !is_same(known));
                data.entries.push(entry);
            }
            Self::Series {
                id,
                from,
                title,
                later,
                length,
            } => {
                let of_detail = data.detail.as_mut().map(|detail| &mut detail.entry);
                for entry in data.entries.iter_mut().chain(of_detail) {
                    if is_of(entry, *id, *from) {
                        let plan = &mut entry.plan;
                        plan.title.clone_from(title);
                        plan.start = plan.occurrence.unwrap_or(plan.start).plus_millis(*later);
                        plan.end = plan.start.plus_millis(*length);
                        entry.waits = true;
                    }
                }
            }
            Self::Remove(key) => remove(data, |entry| entry.key() == *key),
            Self::RemoveSeries(id, from) => remove(data, |entry| is_of(entry, *id, *from)),
        }
        data.entries
            .sort_by_key(|entry| (entry.plan.start, entry.plan.schedule_id));
    }
}

/// Whether it is an occurrence of a series, from one on.
fn is_of(entry: &Entry, id: ScheduleId, from: Option<Timestamp>) -> bool {
    entry.plan.schedule_id == id && from.is_none_or(|from| entry.plan.occurrence.is_some_and(|at| at >= from))
}

fn remove(data: &mut CalendarData, is_removed: impl Fn(&Entry) -> bool) {
    data.entries.retain(|entry| !is_removed(entry));
    if data.detail.as_ref().is_some_and(|detail| is_removed(&detail.entry)) {
        data.detail = None;
    }
}

#[cfg(test)]
mod tests {
    use super::{super::layout::tests::*, *};

    fn put(entry: Entry) -> CalendarEdit {
        CalendarEdit::Put {
            entry,
            description: None,
            tags: None,
        }
    }

    fn occurrence(number: u128, day: u32) -> Entry {
        let (start, end) = (format!("2026-11-{day}T08:00:00Z"), format!("2026-11-{day}T09:00:00Z"));
        let mut entry = entry(number, &start, &end);
        entry.plan.occurrence = Some(entry.plan.start);
        entry
    }

    fn titles(data: &CalendarData) -> Vec<&str> {
        data.entries.iter().map(|entry| entry.plan.title.as_str()).collect()
    }

    #[test]
    fn a_changed_entry_replaces_itself_and_waits() {
        let mut data = berlin("2026-11-23", 7);
        put(occurrence(1, 25)).apply(&mut data);
        put(occurrence(1, 24)).apply(&mut data);
        let mut moved = occurrence(1, 25);
        moved.plan.start = at("2026-11-23T08:00:00Z");
        put(moved).apply(&mut data);
        assert_eq!(data.entries.len(), 2);
        assert_eq!(
            data.entries[0].plan.start,
            at("2026-11-23T08:00:00Z"),
            "ordered by start"
        );
        assert!(data.entries.iter().all(|entry| entry.waits));
    }

    #[test]
    fn a_series_changes_from_an_occurrence_on() {
        let mut data = berlin("2026-11-23", 7);
        data.entries = vec![
            occurrence(1, 24),
            occurrence(1, 25),
            occurrence(2, 25),
            occurrence(1, 26),
        ];
        let change = CalendarEdit::Series {
            id: data.entries[0].plan.schedule_id,
            from: data.entries[1].plan.occurrence,
            title: "Later".to_owned(),
            later: 3_600_000,
            length: 7_200_000,
        };
        change.apply(&mut data);
        assert_eq!(titles(&data), ["Entry 1", "Entry 2", "Later", "Later"]);
        assert_eq!(data.entries[2].plan.end, at("2026-11-25T11:00:00Z"));
        assert!(!data.entries[0].waits);
    }

    #[test]
    fn occurrences_are_removed_alone_or_from_one_on() {
        let mut data = berlin("2026-11-23", 7);
        data.entries = vec![
            occurrence(1, 24),
            occurrence(1, 25),
            occurrence(2, 25),
            occurrence(1, 26),
        ];
        let id = data.entries[0].plan.schedule_id;
        CalendarEdit::Remove(data.entries[0].key()).apply(&mut data);
        assert_eq!(titles(&data), ["Entry 1", "Entry 2", "Entry 1"]);
        CalendarEdit::RemoveSeries(id, Some(at("2026-11-26T08:00:00Z"))).apply(&mut data);
        assert_eq!(titles(&data), ["Entry 1", "Entry 2"]);
        CalendarEdit::RemoveSeries(id, None).apply(&mut data);
        assert_eq!(titles(&data), ["Entry 2"]);
    }
}
