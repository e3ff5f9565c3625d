//! What each table of texts has.

use super::Text;
#[cfg(feature = "ssr")]
use protocol::rest::account::AccountRefusal;
use protocol::{
    friend::FriendActivity,
    sharing::{Level, ResourceKind},
    timers::{Reason, TimerAction},
    todo::TodoStatus,
};

/// Words of all pages: units, statuses, days.
pub struct CommonTexts {
    /// A duration below a minute.
    pub seconds: fn(i64) -> String,
    pub minutes: fn(i64) -> String,
    pub hours: fn(i64) -> String,
    pub hours_minutes: fn(i64, i64) -> String,
    pub running: Text,
    pub paused: Text,
    pub completed: Text,
    pub cancelled: Text,
    /// A timer without a title.
    pub untitled: Text,
    /// A part of a whole: `25 min of 1 h`.
    pub of: fn(&str, &str) -> String,
    pub today: Text,
    pub tomorrow: Text,
    pub yesterday: Text,
    pub in_days: fn(i64) -> String,
    pub days_ago: fn(i64) -> String,
    /// A time of the 12-hour clock, from `h:mm` and whether it is after noon.
    pub half_day: fn(&str, bool) -> String,
    /// Day and month, from the month from 1 and the day.
    pub date: fn(u32, u32) -> String,
    /// Year and month.
    pub month: fn(i32, u32) -> String,
    /// Weekday (from Monday as 0), month and day.
    pub full_date: fn(usize, i32, u32, u32) -> String,
    /// From Monday.
    pub weekdays: [Text; 7],
    pub weekdays_short: [Text; 7],
    pub cancel: Text,
    pub save: Text,
    pub delete: Text,
    pub close: Text,
    pub undo: Text,
    pub try_again: Text,
}

/// What is around the signed-in pages.
pub struct LayoutTexts {
    pub navigation: Text,
    pub skip: Text,
    pub timers: Text,
    pub calendar: Text,
    pub todos: Text,
    pub history: Text,
    pub tags: Text,
    pub friends: Text,
    pub shared: Text,
    pub settings: Text,
    pub more: Text,
    pub sign_out: Text,
    pub sign_out_failed: Text,
    /// Labels the timer in the header.
    pub runs_now: Text,
    /// More timers run than the one in the header.
    pub more_running: fn(usize) -> String,
    pub pause: Text,
    pub resume: Text,
    pub stop: Text,
    pub connecting: Text,
    pub live: Text,
    pub reconnecting: Text,
    pub reconnecting_in: fn(u32) -> String,
    pub offline: Text,
    pub signed_out: Text,
    pub outdated: Text,
    pub lost_spoken: Text,
    pub offline_spoken: Text,
    pub signed_out_spoken: Text,
    pub outdated_spoken: Text,
    pub try_now: Text,
    pub sign_in_again: Text,
    pub reload: Text,
    pub waiting: fn(usize) -> String,
    pub no_scripts: Text,
    pub load_failed: Text,
    pub dismiss: Text,
    pub keep: Text,
    /// Accepts an offered time.
    pub use_time: fn(&str) -> String,
    pub palette: Text,
    pub palette_hint: Text,
    pub palette_empty: Text,
    pub palette_new_timer: Text,
    pub palette_pause: fn(&str) -> String,
    pub palette_resume: fn(&str) -> String,
    pub palette_stop: fn(&str) -> String,
    pub palette_start: fn(&str) -> String,
    pub palette_page: Text,
    pub palette_timer: Text,
    pub palette_todo: Text,
    pub palette_schedule: Text,
    pub palette_action: Text,
    pub help: Text,
    pub help_lead: Text,
    pub help_new: Text,
    pub help_toggle: Text,
    pub help_stop: Text,
    pub help_search: Text,
    pub help_palette: Text,
    pub help_help: Text,
    pub help_go: Text,
    pub language: Text,
    pub theme: Text,
    pub theme_system: Text,
    pub theme_light: Text,
    pub theme_dark: Text,
}

/// What the page tells its reader by itself.
pub struct NoticeTexts {
    pub refusal: fn(Reason, &str) -> String,
    pub news: fn(&str, TimerAction) -> String,
    /// Title, end there, whether that is another day, end here.
    pub ended_elsewhere: fn(&str, &str, bool, &str) -> String,
    pub dropped: Text,
    pub write_refused: fn(&str) -> String,
    pub time_is_up: fn(&str) -> String,
}

/// The page of the timers.
pub struct TimersTexts {
    pub heading: Text,
    pub form: Text,
    pub title: Text,
    pub title_hint: Text,
    pub minutes: Text,
    pub minutes_problem: Text,
    pub presets: Text,
    pub unit: Text,
    pub start: Text,
    pub active: Text,
    pub idle: Text,
    pub idle_hint: Text,
    pub over_time: Text,
    pub time_is_up: Text,
    pub waits_for_sign_in: Text,
    pub waits_for_network: Text,
    pub cancel: Text,
    pub cancel_again: Text,
    pub ended_today: Text,
    pub ended_none: Text,
    pub ended_more: Text,
    /// The number of completed timers and their time.
    pub ended_sum: fn(usize, &str) -> String,
    pub friends: Text,
    pub friends_none: Text,
    pub schedule: Text,
    pub todo: Text,
    pub tag: Text,
    pub tags: Text,
    pub no_schedule: Text,
    pub no_todo: Text,
    pub links_add: Text,
    pub repeats: Text,
}

/// The pages before a person is signed in.
#[cfg(feature = "ssr")]
pub struct AuthTexts {
    pub tagline: Text,
    pub pitch: Text,
    pub sign_in_title: Text,
    pub sign_in_heading: Text,
    pub sign_in_lead: Text,
    pub sign_in: Text,
    pub email: Text,
    pub password: Text,
    pub new_here: Text,
    pub sign_up_title: Text,
    pub sign_up_heading: Text,
    pub sign_ups_open: Text,
    pub sign_ups_invite: Text,
    pub sign_ups_closed: Text,
    pub sign_up: Text,
    pub sign_up_link: Text,
    pub have_account: Text,
    pub invitation: Text,
    pub name: Text,
    pub optional: Text,
    pub password_hint: fn(usize) -> String,
    pub refusal: fn(AccountRefusal) -> String,
    pub unavailable: Text,
    pub unreachable: Text,
}

/// The pages for what is not there or failed.
#[cfg(feature = "ssr")]
pub struct FailureTexts {
    pub not_found_title: Text,
    pub not_found_heading: Text,
    pub not_found: Text,
    pub to_timers: Text,
    pub failed_title: Text,
    pub failed_heading: Text,
    pub failed: Text,
    pub too_many_title: Text,
}

/// The page of tags and their groups.
pub struct TagsTexts {
    pub heading: Text,
    pub lead: Text,
    pub search: Text,
    pub new_group: Text,
    pub name: Text,
    pub name_missing: Text,
    pub name_taken: fn(&str) -> String,
    pub color: Text,
    /// The names of `PALETTE`.
    pub colors: [Text; 12],
    pub other_color: Text,
    pub goal: Text,
    pub goal_hint: Text,
    pub goal_problem: Text,
    /// Labels the button that edits a group.
    pub edit: fn(&str) -> String,
    pub edit_short: Text,
    pub add: Text,
    pub add_hint: Text,
    pub week: fn(&str) -> String,
    pub week_none: Text,
    /// A tag's share of its group's time in percent.
    pub share: fn(i64) -> String,
    /// The same, and the goal.
    pub share_of_goal: fn(i64, u8) -> String,
    pub reached: Text,
    pub goals_exceed: fn(u32) -> String,
    pub hidden_tags: fn(usize) -> String,
    pub deleted_tag: fn(&str) -> String,
    /// The last tag, its group, and the todos that go with it.
    pub deleted_last: fn(&str, &str, i64) -> String,
    /// A group, its tags and its todos.
    pub deleted_group: fn(&str, usize, i64) -> String,
    pub waits: Text,
    pub empty: Text,
    pub empty_hint: Text,
    pub none_found: Text,
    pub pages: Text,
    pub more_groups: Text,
    pub all_groups: Text,
}

/// The page of friends.
pub struct FriendsTexts {
    pub heading: Text,
    pub lead: Text,
    pub friends: Text,
    pub empty: Text,
    pub empty_hint: Text,
    pub more: Text,
    pub first: Text,
    pub only_newest: Text,
    /// A user without a name.
    pub nameless: Text,
    pub ask: Text,
    pub ask_label: Text,
    pub ask_send: Text,
    pub ask_problem: Text,
    pub asked: Text,
    pub asked_address: Text,
    pub link_opened: Text,
    pub own_code: Text,
    pub received: Text,
    pub accept: Text,
    pub reject: Text,
    pub rejected: Text,
    pub sent: Text,
    pub sent_hint: Text,
    pub waits_for_answer: Text,
    pub cancel_request: Text,
    pub cancelled: Text,
    pub does_nothing: Text,
    pub since: fn(&str) -> String,
    /// How many things of the user a friend sees.
    pub sees: fn(i64) -> String,
    pub sees_heading: Text,
    pub sees_none: Text,
    pub sees_more: fn(usize) -> String,
    /// What friends see of running timers, as a sentence.
    pub shows: fn(FriendActivity) -> Text,
    pub shows_heading: Text,
    /// The same as a choice.
    pub shows_level: fn(FriendActivity) -> Text,
    pub kind: fn(ResourceKind) -> Text,
    pub level: fn(Level) -> Text,
    pub remove: Text,
    pub removed: fn(&str) -> String,
    pub block: Text,
    pub blocked: Text,
    pub blocked_hint: Text,
    pub blocked_now: fn(&str) -> String,
    pub unblock: Text,
    pub invitation: Text,
    pub invitation_hint: Text,
    pub picture: Text,
    pub link: Text,
    pub code: Text,
    pub copy: Text,
    pub copied: Text,
    pub renew_code: Text,
    pub code_renewed: Text,
    pub waits: Text,
}

/// The page of what others share.
pub struct SharedTexts {
    pub heading: Text,
    pub lead: Text,
    pub timers: Text,
    pub todos: Text,
    pub schedules: Text,
    /// The owner of what is shared with everybody.
    pub everybody: Text,
    pub nameless: Text,
    pub due: fn(&str) -> String,
    pub todo_status: fn(TodoStatus) -> Text,
    pub all_day: Text,
    pub more: fn(ResourceKind) -> Text,
    pub first: Text,
    pub pages: Text,
    pub incomplete: Text,
    pub empty: Text,
    pub empty_hint: Text,
    pub to_friends: Text,
}
