//! Determines the entries of a window: schedules that do not recur, and occurrences of those that do, within one budget
//! (contract, REST 12.10). Pure.

use super::occurrences::{Occurrence, overlapping, overlaps, window_of};
use crate::store::{schedule_exceptions, schedules::Outline};
use protocol::{
    id::ScheduleId,
    recurrence::{Budget, MOST_CANDIDATES, Recurrence, Series, Window},
    schedule::series,
    time::{Timestamp, Zone},
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// The maximum number of occurrences of recurring schedules in one read.
const MOST_OCCURRENCES: usize = MOST_CANDIDATES;
/// The maximum size of them in an answer, in bytes.
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// The approximate size of an entry in an answer besides its title and description, in bytes.
const ENTRY_BYTES: usize = 512;

/// The ownership of a schedule from the reader's view. The budget is spent in this order, so that others' schedules
/// cannot displace the reader's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) enum Class {
    /// The reader's own.
    #[serde(rename = "m")]
    Own,
    /// A friend's, or shared with the reader's address.
    #[serde(rename = "s")]
    Shared,
    /// Public, of a stranger.
    #[serde(rename = "p")]
    Stranger,
}

impl Class {
    /// The maximum number of exceptions examined in one read.
    pub fn most_exceptions(self) -> usize {
        match self {
            Self::Own => 100_000,
            Self::Shared => 10_000,
            Self::Stranger => 2_000,
        }
    }

    /// The maximum work of expanding rules in one read: see [`Budget`].
    fn work(self) -> u64 {
        match self {
            Self::Own => 1_000_000,
            Self::Shared => 300_000,
            Self::Stranger => 50_000,
        }
    }
}

/// The position of an entry in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position(Class, i64, Uuid, i64);

impl Position {
    fn new(class: Class, schedule: &Outline, start: Timestamp, original: Timestamp, zone: Option<&Zone>) -> Self {
        let start = if schedule.all_day { start.in_zone(zone) } else { start };
        Self(class, start.millis(), schedule.id.0, original.millis())
    }

    /// The schedule; of an occurrence, the recurring one.
    pub(super) fn schedule(self) -> ScheduleId {
        ScheduleId(self.2)
    }

    /// The occurrence's start by the rule.
    pub(super) fn original(self) -> Timestamp {
        Timestamp::from_millis(self.3)
    }
}

/// A schedule that may overlap the window.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub class: Class,
    pub outline: Outline,
    /// Its exceptions, by the start of their occurrence.
    pub exceptions: Vec<schedule_exceptions::Outline>,
}

/// An entry of the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The position in the list.
    pub position: Position,
    /// Whether it is an occurrence of a recurring schedule.
    pub is_occurrence: bool,
    /// The exception of the occurrence.
    pub exception: Option<Uuid>,
    /// The approximate size in an answer, in bytes.
    pub bytes: usize,
}

/// The entries of a window.
#[derive(Debug, Default)]
pub(super) struct Expanded {
    /// In the order of the list.
    pub entries: Vec<Entry>,
    /// The recurring schedules that did not fit into the budget; the list has no entries of them.
    pub incomplete: Vec<ScheduleId>,
}

/// Determines the entries of a window within the budget. Within a class the schedules that recur least often come
/// first, so that a rule that recurs every second leaves out only itself. `zone` is the reader's, for whole days.
pub(super) fn expand(candidates: Vec<Candidate>, window: Window, zone: Option<&Zone>) -> Expanded {
    let mut all = Expanded::default();
    let mut recurring = Vec::new();
    for candidate in candidates {
        match candidate.outline.rule.as_deref().map(str::parse::<Recurrence>) {
            None => all.entries.extend(plain(&candidate, window, zone)),
            Some(Ok(recurrence)) => recurring.push((recurrence, candidate)),
            Some(Err(_)) => all.incomplete.push(candidate.outline.id),
        }
    }
    recurring.sort_by_cached_key(|(recurrence, candidate)| {
        let outline = &candidate.outline;
        let number = series_of(recurrence, outline).estimate(window);
        (
            candidate.class,
            number.saturating_mul(weight(outline.text_bytes)),
            outline.id,
        )
    });
    let mut left = Left {
        occurrences: MOST_OCCURRENCES,
        bytes: MOST_BYTES,
    };
    let mut work: HashMap<Class, u64> = HashMap::new();
    for (recurrence, candidate) in recurring {
        let (class, outline) = (candidate.class, &candidate.outline);
        let work = work.entry(class).or_insert(class.work());
        let mut budget = Budget::new(*work);
        let series = series_of(&recurrence, outline);
        let own_window = window_of(outline.all_day, window, zone);
        let found = overlapping(outline, &series, &candidate.exceptions, own_window, &mut budget);
        *work = budget.work_left();
        match found {
            Ok(found) if left.take(&found) => all
                .entries
                .extend(found.iter().map(|one| occurrence(class, outline, one, zone))),
            Ok(_) | Err(_) => all.incomplete.push(outline.id),
        }
    }
    all.entries.sort_by_key(|entry| entry.position);
    all
}

/// The remaining budget.
struct Left {
    occurrences: usize,
    bytes: usize,
}

impl Left {
    /// Takes all occurrences of a rule, or none if they do not fit.
    fn take(&mut self, found: &[Occurrence]) -> bool {
        let bytes = found.iter().map(|one| ENTRY_BYTES + one.text_bytes).sum();
        let left = (self.occurrences.checked_sub(found.len()), self.bytes.checked_sub(bytes));
        let (Some(occurrences), Some(bytes)) = left else {
            return false;
        };
        *self = Self { occurrences, bytes };
        true
    }
}

fn series_of<'r>(recurrence: &'r Recurrence, outline: &Outline) -> Series<'r> {
    series(recurrence, outline.all_day, outline.start_time, outline.recurrence_end)
}

fn weight(text_bytes: usize) -> u64 {
    u64::try_from(ENTRY_BYTES + text_bytes).unwrap_or(u64::MAX)
}

fn plain(candidate: &Candidate, window: Window, zone: Option<&Zone>) -> Option<Entry> {
    let outline = &candidate.outline;
    let window = window_of(outline.all_day, window, zone);
    overlaps(outline.all_day, outline.start_time, outline.end_time, window).then(|| Entry {
        position: Position::new(candidate.class, outline, outline.start_time, outline.start_time, zone),
        is_occurrence: false,
        exception: None,
        bytes: ENTRY_BYTES + outline.text_bytes,
    })
}

fn occurrence(class: Class, outline: &Outline, occurrence: &Occurrence, zone: Option<&Zone>) -> Entry {
    Entry {
        position: Position::new(class, outline, occurrence.start_time, occurrence.original, zone),
        is_occurrence: true,
        exception: occurrence.exception,
        bytes: ENTRY_BYTES + occurrence.text_bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;

    fn candidate(class: Class, number: u128, rule: Option<&str>, text_bytes: usize) -> Candidate {
        let start_time = Timestamp::from_millis(0);
        Candidate {
            class,
            outline: Outline {
                id: ScheduleId(Uuid::from_u128(number)),
                owner_id: "ada".into(),
                all_day: false,
                start_time,
                end_time: start_time.plus_millis(1_000),
                rule: rule.map(str::to_owned),
                recurrence_end: None,
                text_bytes,
            },
            exceptions: vec![],
        }
    }

    fn expanded(candidates: Vec<Candidate>) -> (Vec<(u128, usize)>, Vec<u128>) {
        let window = Window {
            from: Timestamp::from_millis(0),
            until: Timestamp::from_millis(2 * DAY - 1),
        };
        let all = expand(candidates, window, None);
        let mut counts: Vec<(u128, usize)> = Vec::new();
        for entry in &all.entries {
            let id = entry.position.schedule().0.as_u128();
            match counts.iter_mut().find(|(known, _)| *known == id) {
                Some((_, count)) => *count += 1,
                None => counts.push((id, 1)),
            }
        }
        counts.sort_unstable();
        let incomplete = all.incomplete.iter().map(|id| id.0.as_u128()).collect();
        (counts, incomplete)
    }

    #[test]
    fn a_rule_with_too_many_occurrences_leaves_out_only_itself() {
        let (counts, incomplete) = expanded(vec![
            candidate(Class::Own, 1, Some("FREQ=SECONDLY"), 10),
            candidate(Class::Own, 2, Some("FREQ=DAILY"), 10),
            candidate(Class::Own, 3, None, 10),
        ]);
        assert_eq!((counts, incomplete), (vec![(2, 2), (3, 1)], vec![1]));
    }

    #[test]
    fn texts_count_for_every_occurrence() {
        // 48 occurrences of 80,000 bytes fit into 8 MiB, and nothing of the other rules.
        let (counts, incomplete) = expanded(vec![
            candidate(Class::Own, 1, Some("FREQ=MINUTELY;INTERVAL=30"), 80_000),
            candidate(Class::Own, 2, Some("FREQ=HOURLY"), 80_000),
            candidate(Class::Own, 3, Some("FREQ=HOURLY"), 100_000),
        ]);
        assert_eq!(counts, [(2, 48)]);
        assert_eq!(incomplete, [3, 1]);
    }

    #[test]
    fn shared_rules_do_not_displace_the_readers_own() {
        // Each has 2,880 occurrences: three fit into 10,000.
        let minutely = |class, number| candidate(class, number, Some("FREQ=MINUTELY"), 0);
        let (counts, incomplete) = expanded(vec![
            minutely(Class::Stranger, 1),
            minutely(Class::Shared, 2),
            minutely(Class::Own, 4),
            minutely(Class::Own, 3),
        ]);
        assert_eq!(counts, [(2, 2_880), (3, 2_880), (4, 2_880)]);
        assert_eq!(incomplete, [1]);
    }

    #[test]
    fn the_work_budget_is_shared_by_all_rules_of_a_class() {
        // Each year has 350,000 times, of which one is an occurrence: expanding two years is too much.
        let list = |count: u8| {
            (0..count)
                .map(|number| number.to_string())
                .collect::<Vec<_>>()
                .join(",")
        };
        let rule = format!(
            "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR={};BYMINUTE={};BYSETPOS=1",
            list(24),
            list(40)
        );
        let costly = |number| candidate(Class::Stranger, number, Some(&rule), 0);
        let mut all: Vec<Candidate> = (1..=500).map(costly).collect();
        all.push(candidate(Class::Own, 1_000, Some("FREQ=DAILY"), 0));
        let (counts, incomplete) = expanded(all);
        assert_eq!(counts, [(1, 1), (1_000, 2)]);
        assert_eq!(incomplete.len(), 499);
    }

    #[test]
    fn entries_are_sorted_by_class_then_by_start() {
        let all = expand(
            vec![
                candidate(Class::Shared, 1, None, 0),
                candidate(Class::Own, 2, Some("FREQ=DAILY"), 0),
            ],
            Window {
                from: Timestamp::from_millis(0),
                until: Timestamp::from_millis(2 * DAY - 1),
            },
            None,
        );
        let starts: Vec<(u128, i64)> = all
            .entries
            .iter()
            .map(|entry| (entry.position.schedule().0.as_u128(), entry.position.1))
            .collect();
        assert_eq!(starts, [(2, 0), (2, DAY), (1, 0)]);
    }
}
