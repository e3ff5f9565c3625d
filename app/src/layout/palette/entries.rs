//! What the palette offers.

use crate::{
    friends::FriendTimer,
    layout::navigation::DESTINATIONS,
    locale::Locale,
    query::Query,
    state::TimerList,
    texts::{LayoutTexts, Text},
};
use protocol::timers::{Action, NewTimer, TimerCommand, TimerStatus};

/// The length of a timer that is started from the palette, in seconds.
const DEFAULT_SECONDS: i64 = 25 * 60;
/// The maximum number of entries that are shown.
pub const MAX_SHOWN: usize = 12;

/// One thing to find or to do.
#[derive(Clone, PartialEq)]
pub struct Entry {
    pub name: String,
    /// What it is, in a word.
    pub kind: Text,
    pub deed: Deed,
}

/// What choosing an entry does.
#[derive(Clone, PartialEq)]
pub enum Deed {
    /// Opens an address.
    Go(String),
    Give(TimerCommand),
}

/// All entries: what runs first, then pages, then what can be started.
pub fn all(timers: TimerList, friends: &[FriendTimer], locale: Locale) -> Vec<Entry> {
    let t = locale.texts::<LayoutTexts>();
    let mut entries = Vec::new();
    for entry in timers.active() {
        let item = entry.item();
        let title = locale.title(item.timer.title.as_deref());
        let toggle = match item.timer.status {
            TimerStatus::Paused => ((t.palette_resume)(title), Action::Resume),
            _ => ((t.palette_pause)(title), Action::Pause),
        };
        for (name, action) in [toggle, ((t.palette_stop)(title), Action::Stop)] {
            let timer_id = item.timer.id;
            entries.push(Entry::give(
                name,
                t.palette_action,
                TimerCommand::Act { action, timer_id },
            ));
        }
    }
    entries.extend(DESTINATIONS.iter().map(|page| Entry {
        name: (page.name)(t).to_owned(),
        kind: t.palette_page,
        deed: Deed::Go(page.path.to_owned()),
    }));
    timers.with_links(|links| {
        for todo in links.todos.iter().filter(|todo| todo.open) {
            let new = NewTimer {
                title: Some(todo.title.clone()),
                todo_id: Some(todo.id),
                ..new_timer(DEFAULT_SECONDS)
            };
            entries.push(Entry::start((t.palette_start)(&todo.title), t.palette_todo, new));
        }
        for schedule in links.schedules.iter().filter(|schedule| schedule.open) {
            let new = NewTimer {
                title: Some(schedule.title.clone()),
                schedule_id: Some(schedule.id),
                ..new_timer(DEFAULT_SECONDS)
            };
            entries.push(Entry::start(
                (t.palette_start)(&schedule.title),
                t.palette_schedule,
                new,
            ));
        }
    });
    let mut names: Vec<&str> = friends.iter().filter_map(|friend| friend.name.as_deref()).collect();
    names.sort_unstable();
    names.dedup();
    entries.extend(names.into_iter().map(|name| Entry {
        name: name.to_owned(),
        kind: t.palette_friend,
        deed: Deed::Go("/friends".to_owned()),
    }));
    let mut titles: Vec<String> = Vec::new();
    for item in timers.ended() {
        let Some(title) = item.timer.title.clone().filter(|title| !titles.contains(title)) else {
            continue;
        };
        let new = NewTimer {
            title: Some(title.clone()),
            ..new_timer(item.timer.allocated_seconds)
        };
        entries.push(Entry::start((t.palette_start)(&title), t.palette_timer, new));
        titles.push(title);
    }
    entries
}

/// The entries with all words of a text; then a timer of that name, and the history of it.
pub fn matching(all: &[Entry], text: &str, t: &LayoutTexts) -> Vec<Entry> {
    let text = text.trim();
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let is_match = |entry: &&Entry| {
        let name = entry.name.to_lowercase();
        words.iter().all(|word| name.contains(word))
    };
    let mut found: Vec<Entry> = all.iter().filter(is_match).cloned().collect();
    if !text.is_empty() {
        let new = NewTimer {
            title: Some(text.chars().take(protocol::limits::TITLE_CHARS).collect()),
            ..new_timer(DEFAULT_SECONDS)
        };
        let name = (t.palette_start)(text);
        found.truncate(MAX_SHOWN - 2);
        found.push(Entry::start(name, t.palette_new_timer, new));
        found.push(Entry {
            name: (t.palette_search)(text),
            kind: t.history,
            deed: Deed::Go(Query::default().with("text", text).address("/history")),
        });
    }
    found
}

impl Entry {
    fn give(name: String, kind: Text, command: TimerCommand) -> Self {
        Self {
            name,
            kind,
            deed: Deed::Give(command),
        }
    }

    fn start(name: String, kind: Text, new: NewTimer) -> Self {
        let command = TimerCommand::Create {
            new,
            tag_ids: Vec::new(),
        };
        Self::give(name, kind, command)
    }
}

fn new_timer(allocated_seconds: i64) -> NewTimer {
    NewTimer {
        allocated_seconds,
        ..NewTimer::default()
    }
}
