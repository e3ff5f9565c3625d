//! A timer's history.

use super::Action;
use crate::time::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, ops::Deref, sync::Arc};

/// The action of a history entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum HistoryAction {
    /// The timer was created, RUNNING.
    Start,
    /// RUNNING to PAUSED.
    Pause,
    /// PAUSED to RUNNING.
    Resume,
    /// To COMPLETED.
    Stop,
    /// To CANCELLED.
    Cancel,
}

impl HistoryAction {
    /// All actions.
    pub const ALL: [Self; 5] = [Self::Start, Self::Pause, Self::Resume, Self::Stop, Self::Cancel];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Stop => "stop",
            Self::Cancel => "cancel",
        }
    }

    pub(super) fn action(self) -> Option<Action> {
        match self {
            Self::Start => None,
            Self::Pause => Some(Action::Pause),
            Self::Resume => Some(Action::Resume),
            Self::Stop => Some(Action::Stop),
            Self::Cancel => Some(Action::Cancel),
        }
    }
}

impl fmt::Display for HistoryAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One entry of the pause history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    pub action: HistoryAction,
    pub at: Timestamp,
    /// Whole seconds elapsed so far; on pause, stop and cancel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elapsed: Option<i64>,
    /// When the server received it, if that was later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Timestamp>,
    /// The end that this one replaced; only on stop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected_from: Option<Timestamp>,
}

/// The entries of a timer, oldest first. Entries are only appended, so a timer and its earlier states share them, and
/// cloning costs O(1).
#[derive(Clone, Default)]
pub struct History {
    entries: Arc<Vec<HistoryEntry>>,
    /// Number of entries of this state; the rest of `entries` belongs to later states.
    len: usize,
}

impl History {
    /// Appends an entry; copies the others only if they are shared with another state.
    pub fn push(&mut self, entry: HistoryEntry) {
        match Arc::get_mut(&mut self.entries) {
            Some(entries) => {
                entries.truncate(self.len);
                entries.push(entry);
            }
            None => {
                let mut entries = Vec::with_capacity(self.len + 1);
                entries.extend_from_slice(self);
                entries.push(entry);
                self.entries = Arc::new(entries);
            }
        }
        self.len += 1;
    }

    /// Replaces the newest entry; the others are copied if they are shared with another state.
    pub fn replace_last(&mut self, entry: HistoryEntry) {
        self.len = self.len.saturating_sub(1);
        self.push(entry);
    }

    /// The oldest `len` entries, shared: the history at an earlier time. `None` if there are fewer.
    pub fn prefix(&self, len: usize) -> Option<Self> {
        (len <= self.len).then(|| Self {
            entries: self.entries.clone(),
            len,
        })
    }
}

impl Deref for History {
    type Target = [HistoryEntry];

    fn deref(&self) -> &[HistoryEntry] {
        &self.entries[..self.len]
    }
}

impl From<Vec<HistoryEntry>> for History {
    fn from(entries: Vec<HistoryEntry>) -> Self {
        Self {
            len: entries.len(),
            entries: Arc::new(entries),
        }
    }
}

impl FromIterator<HistoryEntry> for History {
    fn from_iter<I: IntoIterator<Item = HistoryEntry>>(entries: I) -> Self {
        Vec::from_iter(entries).into()
    }
}

impl PartialEq for History {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for History {}

impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl Serialize for History {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for History {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(millis: i64) -> HistoryEntry {
        HistoryEntry {
            action: HistoryAction::Pause,
            at: Timestamp::from_millis(millis),
            elapsed: None,
            received_at: None,
            corrected_from: None,
        }
    }

    #[test]
    fn appending_to_one_state_does_not_change_states_that_share_its_entries() {
        let first = History::from(vec![entry(1), entry(2)]);
        let (mut second, mut branch) = (first.clone(), first.prefix(1).unwrap());
        second.push(entry(3));
        branch.push(entry(9));
        assert_eq!(*first, [entry(1), entry(2)]);
        assert_eq!(*second, [entry(1), entry(2), entry(3)]);
        assert_eq!(*branch, [entry(1), entry(9)]);
        drop(first);
        let mut alone = second.prefix(1).unwrap();
        drop(second);
        alone.push(entry(4));
        assert_eq!(*alone, [entry(1), entry(4)]);
        assert_eq!(alone.prefix(3), None);
    }
}
