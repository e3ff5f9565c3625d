//! The data of the page of a timer, and the changes that its owner makes to it.

use crate::{
    links::{Linked, Links, TagLink},
    local_time::UtcOffsets,
    page::Edit,
};
use protocol::{
    id::{ScheduleId, TodoId},
    sharing::Level,
    timers::Timer,
};
use serde::{Deserialize, Serialize};

/// A timer with what its page shows beside it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TimerData {
    /// The timer with its own tags.
    pub timer: Timer,
    /// Whether it is the reader's; others only read it.
    pub is_own: bool,
    /// The owner's name, if the reader knows the owner.
    pub owner_name: Option<String>,
    /// The title of its schedule.
    pub schedule: Option<String>,
    /// The title of its todo.
    pub todo: Option<String>,
    /// Who may read it; of the owner's only.
    pub sharing: Sharing,
    /// The owner's friends, with whom it can be shared.
    pub friends: Vec<Person>,
    /// The offsets from UTC from the timer's start until now.
    pub utc_offsets: UtcOffsets,
    /// The edits that wait, in their order. They are applied to the live timer as well, which does not know them.
    #[serde(skip)]
    pub waiting: Vec<TimerEdit>,
}

/// Who may read a timer besides its owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sharing {
    pub level: Level,
    /// Ids of friends, for the level `selected`.
    pub users: Vec<String>,
    /// Addresses, for the level `allowed_emails`.
    pub emails: Vec<String>,
    /// The parts of addresses after the `@`, for the same level.
    pub domains: Vec<String>,
}

impl Default for Sharing {
    fn default() -> Self {
        Self {
            level: Level::Private,
            users: Vec::new(),
            emails: Vec::new(),
            domains: Vec::new(),
        }
    }
}

/// A friend.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Person {
    pub id: String,
    pub name: String,
}

/// A change by the owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimerEdit {
    Title(Option<String>),
    Description(Option<String>),
    /// The schedule with its title.
    Schedule(Option<(ScheduleId, String)>),
    /// The todo with its title.
    Todo(Option<(TodoId, String)>),
    /// All tags.
    Tags(Vec<TagLink>),
    Share(Sharing),
    Delete,
}

impl Edit<TimerData> for TimerEdit {
    fn apply(&self, data: &mut TimerData) {
        if let Self::Share(sharing) = self {
            data.sharing = sharing.clone();
        }
        data.waiting.push(self.clone());
    }
}

/// A timer as it is shown: live if it is known live, with the edits that wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub timer: Timer,
    pub linked: Linked,
    /// Whether an edit is not confirmed yet.
    pub is_waiting: bool,
    /// Whether it is being deleted.
    pub is_deleted: bool,
}

impl TimerData {
    /// The timer with the edits that wait: the live one, if there is one. The titles of links come from the data, or from
    /// the links of the live timers.
    pub fn shown(&self, live: Option<&Timer>, links: &Links) -> Shown {
        let timer = live.unwrap_or(&self.timer).clone();
        let known = links.of(&timer);
        let linked = Linked {
            schedule: match timer.schedule_id {
                id if id == self.timer.schedule_id => self.schedule.clone(),
                _ => known.schedule,
            },
            todo: match timer.todo_id {
                id if id == self.timer.todo_id => self.todo.clone(),
                _ => known.todo,
            },
            tags: known.tags,
        };
        let mut shown = Shown {
            timer,
            linked,
            is_waiting: !self.waiting.is_empty(),
            is_deleted: false,
        };
        self.waiting.iter().for_each(|edit| edit.show(&mut shown));
        shown
    }
}

impl TimerEdit {
    fn show(&self, shown: &mut Shown) {
        let timer = &mut shown.timer;
        match self {
            Self::Title(title) => timer.title.clone_from(title),
            Self::Description(description) => timer.description.clone_from(description),
            Self::Schedule(schedule) => {
                timer.schedule_id = schedule.as_ref().map(|(id, _)| *id);
                shown.linked.schedule = schedule.as_ref().map(|(_, title)| title.clone());
            }
            Self::Todo(todo) => {
                timer.todo_id = todo.as_ref().map(|(id, _)| *id);
                shown.linked.todo = todo.as_ref().map(|(_, title)| title.clone());
            }
            Self::Tags(tags) => shown.linked.tags.clone_from(tags),
            Self::Share(_) => {}
            Self::Delete => shown.is_deleted = true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{
        id::{TagId, TimerId},
        time::Timestamp,
        timers::NewTimer,
    };
    use uuid::Uuid;

    fn data() -> TimerData {
        let new = NewTimer {
            allocated_seconds: 60,
            title: Some("Write".into()),
            todo_id: Some(TodoId(Uuid::from_u128(1))),
            ..NewTimer::default()
        };
        TimerData {
            timer: Timer::create(TimerId(Uuid::nil()), "ada".into(), new, Timestamp::default()).unwrap(),
            is_own: true,
            owner_name: None,
            schedule: None,
            todo: Some("Chapter".into()),
            sharing: Sharing::default(),
            friends: Vec::new(),
            utc_offsets: UtcOffsets::default(),
            waiting: Vec::new(),
        }
    }

    #[test]
    fn edits_that_wait_are_shown_on_the_live_timer() {
        let mut data = data();
        let live = Timer {
            description: Some("live".into()),
            ..data.timer.clone()
        };
        let tag = TagLink {
            id: TagId(Uuid::from_u128(3)),
            name: "deep".into(),
            color: "#2E7D32".into(),
        };
        for edit in [
            TimerEdit::Title(Some("Draft".into())),
            TimerEdit::Todo(None),
            TimerEdit::Tags(vec![tag.clone()]),
        ] {
            edit.apply(&mut data);
        }
        let shown = data.shown(Some(&live), &Links::default());
        assert_eq!(shown.timer.title.as_deref(), Some("Draft"));
        assert_eq!(shown.timer.description.as_deref(), Some("live"));
        assert_eq!((shown.timer.todo_id, shown.linked.todo), (None, None));
        assert_eq!(shown.linked.tags, [tag]);
        assert!(shown.is_waiting && !shown.is_deleted);
        assert_eq!(data.timer.title.as_deref(), Some("Write"), "what the server said stays");
    }

    #[test]
    fn a_new_link_of_the_live_timer_has_no_title_of_the_loaded_one() {
        let data = data();
        let shown = data.shown(None, &Links::default());
        assert_eq!(shown.linked.todo.as_deref(), Some("Chapter"));
        let live = Timer {
            todo_id: Some(TodoId(Uuid::from_u128(2))),
            ..data.timer.clone()
        };
        assert_eq!(data.shown(Some(&live), &Links::default()).linked.todo, None);
    }

    #[test]
    fn sharing_and_deletion_show_at_once() {
        let mut data = data();
        let public = Sharing {
            level: Level::Public,
            ..Sharing::default()
        };
        TimerEdit::Share(public.clone()).apply(&mut data);
        assert_eq!(data.sharing, public);
        TimerEdit::Delete.apply(&mut data);
        assert!(data.shown(None, &Links::default()).is_deleted);
    }
}
