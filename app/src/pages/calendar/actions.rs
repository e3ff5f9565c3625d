//! The state of the page besides its data, and what can be done on it, as a context.

mod moves;
mod save;

use super::{
    data::{CalendarData, Entry, Key, Preview},
    draft::{Draft, Times},
    drag::Drag,
    edit::CalendarEdit,
    input, layout,
    query::CalendarQuery,
};
use crate::{
    locale::Locale,
    navigation::Navigator,
    page::PageData,
    state::{Clock, Commands, Connection, PageCommand, TimerList},
    texts::CalendarTexts,
};
use leptos::prelude::*;
use protocol::{time::Timestamp, timers::TimerCommand};

const HALF_HOUR_MILLIS: i64 = 30 * 60 * 1_000;
/// The time of day of a new entry on a day that is not today, in milliseconds.
const MORNING_MILLIS: i64 = 9 * 60 * 60 * 1_000;

/// The page.
#[derive(Clone, Copy)]
pub struct Calendar {
    pub data: PageData<CalendarData, CalendarEdit>,
    /// The data with what is dragged.
    pub shown: Memo<CalendarData>,
    /// The entry whose panel is open.
    pub panel: RwSignal<Option<Key>>,
    /// What is typed in the form, while it is open.
    pub draft: RwSignal<Option<Draft>>,
    /// The entry that has the focus, which it keeps when it is built anew.
    pub focused: StoredValue<Option<Key>>,
    /// Why the form was not saved.
    pub problem: RwSignal<Option<&'static str>>,
    /// What the rule of the form means.
    pub preview: RwSignal<Option<Preview>>,
    pub drag: RwSignal<Option<Drag>>,
    /// The entry that was chosen last.
    pub chosen: RwSignal<Option<Key>>,
    /// The entry that the keyboard enters: the chosen one, or the first.
    pub entered: Memo<Option<Key>>,
    /// The occurrence that was moved last, whose series can be moved as well.
    pub moved: RwSignal<Option<Key>>,
    /// The occurrence whose series is to be edited once it is read.
    series: RwSignal<Option<Key>>,
    /// The latest text for screen readers.
    pub spoken: RwSignal<String>,
    pub clock: Clock,
    pub locale: Locale,
    pub timers: TimerList,
    pub t: &'static CalendarTexts,
    commands: Commands,
    connection: Connection,
    navigator: Navigator,
}

impl Calendar {
    pub fn new(data: PageData<CalendarData, CalendarEdit>) -> Self {
        let drag = RwSignal::new(None);
        let open = data.with_untracked(|data| data.query.open);
        let (locale, chosen) = (Locale::current(), RwSignal::new(open));
        Self {
            data,
            shown: Memo::new(move |_| moves::with_drag(data.get(), drag.get())),
            panel: RwSignal::new(open),
            draft: RwSignal::new(None),
            focused: StoredValue::new(None),
            problem: RwSignal::new(None),
            preview: RwSignal::new(None),
            drag,
            chosen,
            entered: Memo::new(move |_| {
                let chosen = chosen.get();
                data.with(|data| {
                    let chosen = chosen.filter(|key| layout::find(data, *key).is_some());
                    chosen.or_else(|| layout::in_order(data).first().map(|entry| entry.key()))
                })
            }),
            moved: RwSignal::new(None),
            series: RwSignal::new(None),
            spoken: RwSignal::new(String::new()),
            clock: expect_context(),
            locale,
            timers: expect_context(),
            t: locale.texts(),
            commands: expect_context(),
            connection: expect_context(),
            navigator: expect_context(),
        }
    }

    /// The number of today.
    pub fn today(self) -> i32 {
        let now = self.clock.now();
        self.data.with(|data| data.utc_offsets.wall_clock(now).day())
    }

    /// A time of day.
    pub fn time(self, instant: Timestamp) -> String {
        let clock = self.data.with(|data| data.utc_offsets.wall_clock(instant));
        self.locale.time(clock)
    }

    /// From when to when an entry is, on its day.
    pub fn times(self, entry: &Entry) -> String {
        let plan = &entry.plan;
        match plan.all_day {
            true => self.t.all_day.to_owned(),
            false => (self.t.from_to)(&self.time(plan.start), &self.time(plan.end)),
        }
    }

    /// The same with the dates.
    pub fn moment(self, entry: &Entry) -> String {
        let plan = &entry.plan;
        let (first, last) = self.data.with(|data| layout::days_of(data, entry));
        let date = |day: i32| self.locale.full_date(crate::local_time::date(day));
        match (plan.all_day, first == last) {
            (_, true) => format!("{}, {}", date(first), self.times(entry)),
            (true, false) => (self.t.from_to)(&date(first), &date(last)),
            (false, false) => {
                let part = |day: i32, instant| format!("{}, {}", date(day), self.time(instant));
                (self.t.from_to)(&part(first, plan.start), &part(last, plan.end))
            }
        }
    }

    /// A title, or a placeholder.
    pub fn title(self, entry: &Entry) -> &str {
        match entry.plan.title.trim() {
            "" => self.t.untitled,
            title => title,
        }
    }

    pub fn say(self, text: String) {
        self.spoken.set(text);
    }

    /// The entry with a key.
    pub fn entry(self, key: Key) -> Option<Entry> {
        self.data.with_untracked(|data| {
            let of_detail = data.detail.as_ref().map(|detail| &detail.entry);
            let found = layout::find(data, key);
            found.or(of_detail.filter(|entry| entry.key() == key)).cloned()
        })
    }

    /// Opens the panel of an entry.
    pub fn open(self, key: Key) {
        self.draft.set(None);
        self.chosen.set(Some(key));
        self.set_panel(Some(key));
        input::focus_soon(input::PANEL);
    }

    /// Closes the form, or the panel.
    pub fn close(self) {
        let was_form = self.draft.with_untracked(Option::is_some);
        self.draft.set(None);
        self.problem.set(None);
        let open = self.panel.get_untracked();
        if was_form && open.is_some() {
            input::focus_soon(input::PANEL);
            return;
        }
        self.set_panel(None);
        match open.or(self.chosen.get_untracked()) {
            Some(key) => self.focus(key),
            None => input::focus_soon(input::NEW),
        }
    }

    fn set_panel(self, key: Option<Key>) {
        if self.panel.get_untracked() != key {
            self.panel.set(key);
            let query = self.data.with_untracked(|data| data.query.with_open(key));
            self.navigator.set_query(&query.text());
        }
    }

    /// Shows another part of the calendar.
    pub fn go(self, query: &CalendarQuery) {
        self.navigator.go(&query.address());
    }

    /// Reads the page again.
    pub fn read_again(self) {
        self.navigator.refresh();
    }

    /// Chooses an entry, which gets the focus.
    pub fn focus(self, key: Key) {
        self.chosen.set(Some(key));
        input::focus_entry(key);
    }

    /// The form of a new entry; without times after the chosen entry, in the next half hour, or in the morning.
    pub fn begin(self, times: Option<Times>) {
        let times = times.unwrap_or_else(|| {
            let chosen = self.chosen.get_untracked().and_then(|key| self.entry(key));
            let start = match chosen.filter(|entry| !entry.plan.all_day) {
                Some(entry) => entry.plan.end,
                None => self.free_time(),
            };
            (start, start.plus_millis(2 * HALF_HOUR_MILLIS))
        });
        self.set_panel(None);
        self.problem.set(None);
        self.preview.set(None);
        let draft = self.data.with_untracked(|data| Draft::new(&data.utc_offsets, times));
        self.draft.set(Some(draft));
        input::focus_soon(input::TITLE);
    }

    fn free_time(self) -> Timestamp {
        let now = untrack(|| self.clock.now());
        self.data.with_untracked(|data| {
            let is_now = data.days.first().is_some_and(|first| first.start <= now) && now < data.end;
            match is_now && data.day == data.utc_offsets.wall_clock(now).day() {
                true => {
                    let halves = now.millis().div_euclid(HALF_HOUR_MILLIS) + 1;
                    Timestamp::from_millis(halves * HALF_HOUR_MILLIS)
                }
                false => data
                    .utc_offsets
                    .instant(crate::local_time::midnight_millis(data.day) + MORNING_MILLIS),
            }
        })
    }

    /// The form of an entry.
    pub fn edit(self, key: Key) {
        let Some(entry) = self.entry(key).filter(|entry| !entry.plan.is_shared) else {
            return;
        };
        self.problem.set(None);
        let draft = self.data.with_untracked(|data| Draft::of(data, &entry));
        let known = draft.detail.as_ref().map(|detail| detail.preview.clone());
        self.preview.set(known.filter(|preview| !preview.words.is_empty()));
        self.draft.set(Some(draft));
        input::focus_soon(input::TITLE);
    }

    /// Fills the form with what was not read yet when it was opened; what is typed stays.
    pub fn complete_draft(self) {
        let detail = self.data.with(|data| data.detail.clone());
        let Some((typed, detail)) = self.draft.get_untracked().zip(detail) else {
            return;
        };
        if typed.detail.is_some() || typed.key() != Some(detail.entry.key()) {
            return;
        }
        let read = self.data.with_untracked(|data| Draft::of(data, &detail.entry));
        self.draft.set(Some(Draft {
            entry: typed.entry,
            title: typed.title,
            start_date: typed.start_date,
            start_time: typed.start_time,
            end_date: typed.end_date,
            end_time: typed.end_time,
            ..read
        }));
    }

    /// Changes the form.
    pub fn type_in(self, change: impl FnOnce(&mut Draft)) {
        self.draft.update(|draft| {
            if let Some(draft) = draft {
                change(draft);
            }
        });
    }

    /// Starts a timer of an entry.
    pub fn start_timer(self, key: Key) {
        if let Some(entry) = self.entry(key) {
            self.say((self.t.started)(self.title(&entry)));
            self.commands.give(PageCommand::Timer(TimerCommand::Create {
                new: entry.plan.timer(),
                tag_ids: Vec::new(),
            }));
        }
    }
}
