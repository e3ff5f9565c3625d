//! English.

use super::tables::*;
#[cfg(feature = "ssr")]
use protocol::rest::account::AccountRefusal;
use protocol::timers::{Reason, TimerAction};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// A month's name, from 1.
fn month(month: u32) -> &'static str {
    MONTHS
        .get(month.saturating_sub(1) as usize)
        .copied()
        .unwrap_or_default()
}

pub static COMMON: CommonTexts = CommonTexts {
    seconds: |seconds| format!("{seconds} s"),
    minutes: |minutes| format!("{minutes} min"),
    hours: |hours| format!("{hours} h"),
    hours_minutes: |hours, minutes| format!("{hours} h {minutes:02} min"),
    running: "Running",
    paused: "Paused",
    completed: "Done",
    cancelled: "Cancelled",
    untitled: "Timer",
    of: |part, whole| format!("{part} of {whole}"),
    today: "today",
    tomorrow: "tomorrow",
    yesterday: "yesterday",
    in_days: |days| format!("in {days} days"),
    days_ago: |days| format!("{days} days ago"),
    half_day: |time, is_afternoon| format!("{time} {}", if is_afternoon { "PM" } else { "AM" }),
    date: |number, day| format!("{day} {}", month(number).get(..3).unwrap_or_default()),
    month: |year, number| format!("{} {year}", month(number)),
    full_date: |weekday, year, number, day| {
        format!(
            "{}, {day} {} {year}",
            WEEKDAYS.get(weekday).copied().unwrap_or_default(),
            month(number)
        )
    },
    weekdays: WEEKDAYS,
    weekdays_short: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    cancel: "Cancel",
    save: "Save",
    delete: "Delete",
    close: "Close",
    undo: "Undo",
    try_again: "Try again",
};

pub static LAYOUT: LayoutTexts = LayoutTexts {
    navigation: "Pages",
    skip: "Skip to content",
    timers: "Timers",
    calendar: "Calendar",
    todos: "Todos",
    history: "History",
    tags: "Tags",
    friends: "Friends",
    shared: "Shared",
    settings: "Settings",
    more: "More",
    sign_out: "Sign out",
    sign_out_failed: "You are still signed in: the server could not be reached. Please try again.",
    runs_now: "Running now",
    more_running: |count| format!("+{count}"),
    pause: "Pause",
    resume: "Resume",
    stop: "Stop",
    connecting: "Connecting…",
    live: "In step",
    reconnecting: "Reconnecting…",
    reconnecting_in: |seconds| format!("Reconnecting in {seconds} s"),
    offline: "Offline",
    signed_out: "Signed out",
    outdated: "Please reload",
    lost_spoken: "The connection was lost. Reconnecting.",
    offline_spoken: "You are offline.",
    signed_out_spoken: "You are signed out.",
    outdated_spoken: "This page is outdated. Please reload it.",
    try_now: "Try now",
    sign_in_again: "Sign in again",
    reload: "Reload",
    waiting: |count| match count {
        1 => "1 change waits to be sent".to_owned(),
        count => format!("{count} changes wait to be sent"),
    },
    no_scripts: "JavaScript is off, so this is how things stood when the page was loaded. To change anything, and to see changes as they happen, allow JavaScript and reload.",
    load_failed: "This page could not be loaded completely, so its controls do not work. ",
    dismiss: "Dismiss",
    keep: "Keep",
    use_time: |time| format!("Use {time}"),
    palette: "Find or do",
    palette_hint: "Find a page, timer, todo or schedule, or type what to do",
    palette_empty: "Nothing has that name.",
    palette_new_timer: "New timer",
    palette_pause: |title| format!("Pause “{title}”"),
    palette_resume: |title| format!("Resume “{title}”"),
    palette_stop: |title| format!("Stop “{title}”"),
    palette_start: |title| format!("Start “{title}”"),
    palette_page: "Page",
    palette_timer: "Timer",
    palette_todo: "Todo",
    palette_schedule: "Schedule",
    palette_action: "Action",
    help: "Keyboard shortcuts",
    help_lead: "They work wherever you are not typing.",
    help_new: "New timer",
    help_toggle: "Pause or resume the newest timer",
    help_stop: "Stop the newest timer",
    help_search: "Search this page",
    help_palette: "Find or do anything",
    help_help: "This list",
    help_go: "Go to a page",
    language: "Language",
    theme: "Theme",
    theme_system: "As the device",
    theme_light: "Light",
    theme_dark: "Dark",
};

pub static NOTICES: NoticeTexts = NoticeTexts {
    refusal: |reason, message| match reason {
        Reason::TimerNotFound => "That timer no longer exists, so nothing was changed.".to_owned(),
        Reason::TimerAlreadyCompleted => "That timer had already ended, so nothing was changed.".to_owned(),
        Reason::TimerNotRunning => "That timer was already paused.".to_owned(),
        Reason::TimerNotPaused => "That timer was already running.".to_owned(),
        Reason::ScheduleNotFound => "That schedule no longer exists, so the timer was not started.".to_owned(),
        Reason::TodoNotFound => "That todo no longer exists, so the timer was not started.".to_owned(),
        Reason::TagNotFound => "One of those tags no longer exists, so the timer was not started.".to_owned(),
        Reason::OccurredAtInvalid => {
            "That timer was changed on another device after you did that here, so nothing was changed.".to_owned()
        }
        Reason::InternalError => "The server could not do that just now. Please try again.".to_owned(),
        _ => format!("That was refused: {message}"),
    },
    news: |title, action| {
        let what = match action {
            TimerAction::Start => "started",
            TimerAction::Pause => "paused",
            TimerAction::Resume => "resumed",
            TimerAction::Stop => "done",
            TimerAction::Cancel => "cancelled",
            TimerAction::Sync => "changed",
        };
        format!("{title}: {what}")
    },
    ended_elsewhere: |title, there, is_another_day, here| {
        let day = if is_another_day { " on another day" } else { "" };
        format!("{title}: another device ended it at {there}{day}. You stopped it at {here} on this device. Use that?")
    },
    dropped: "Some changes from more than a day ago never reached the server, and were dropped.",
    write_refused: |message| format!("That was refused: {message}"),
    time_is_up: |title| format!("{title}: time is up"),
};

pub static TIMERS: TimersTexts = TimersTexts {
    heading: "Your timers",
    form: "New timer",
    title: "Title",
    title_hint: "What will you do?",
    minutes: "Minutes",
    minutes_problem: "Choose a whole number of minutes, from 1 to 525,600 (a year).",
    presets: "Presets",
    unit: " min",
    start: "Start",
    active: "Running and paused",
    idle: "Nothing is running",
    idle_hint: "Name what you want to do, choose how long, and start. It will count on every device you are signed in on.",
    over_time: "Over time",
    time_is_up: "Time is up",
    waits_for_sign_in: "Takes effect once you sign in again",
    waits_for_network: "Takes effect once you’re back online",
    cancel: "Cancel",
    cancel_again: "Confirm cancel",
    ended_today: "Today",
    ended_none: "Timers you stop or cancel are listed here until midnight.",
    ended_more: "Only the newest are listed here: there are more.",
    ended_sum: |count, time| format!("{count} done · {time}"),
    friends: "Friends",
    friends_none: "When a friend starts a timer, you see it here.",
    schedule: "Schedule",
    todo: "Todo",
    tag: "Tag",
    tags: "Tags",
    no_schedule: "No schedule",
    no_todo: "No todo",
    links_add: "Add a schedule, a todo or tags",
    repeats: "repeats",
};

#[cfg(feature = "ssr")]
pub static AUTH: AuthTexts = AuthTexts {
    tagline: "Timers that stay in step on every device.",
    pitch: "Start one here, pause it there. Every screen shows the same second.",
    sign_in_title: "Sign in – Lockstep",
    sign_in_heading: "Welcome back",
    sign_in_lead: "Sign in, and pick up at the very second you left.",
    sign_in: "Sign in",
    email: "E-mail",
    password: "Password",
    new_here: "New here? ",
    sign_up_title: "Create an account – Lockstep",
    sign_up_heading: "Create your account",
    sign_ups_open: "One account, every device, the same second.",
    sign_ups_invite: "This server takes new accounts by invitation.",
    sign_ups_closed: "This server takes no new accounts.",
    sign_up: "Create account",
    sign_up_link: "Create an account",
    have_account: "Already have one? ",
    invitation: "Invitation",
    name: "Name",
    optional: "optional",
    password_hint: |characters| format!("At least {characters} characters. A few words are easy to remember."),
    // The API's messages are English as well.
    refusal: |refusal: AccountRefusal| refusal.to_string(),
    unavailable: "Something went wrong on our side. Please try again in a moment.",
    unreachable: "The server cannot be reached. Please check your connection and try again.",
};

#[cfg(feature = "ssr")]
pub static FAILURES: FailureTexts = FailureTexts {
    not_found_title: "Not found – Lockstep",
    not_found_heading: "This page is out of step",
    not_found: "There is nothing at this address. It may have moved, or never have been here.",
    to_timers: "Go to your timers",
    failed_title: "Not available – Lockstep",
    failed_heading: "We missed a beat",
    failed: "Your timers lose nothing meanwhile: they go on from where they stand.",
    too_many_title: "Too many requests – Lockstep",
};

pub static TIMER_PAGE: TimerPageTexts = TimerPageTexts {
    figures: "Times of this timer",
    worked: "Worked",
    breaks: "Breaks",
    started: "Started",
    ended: "Ended",
    title: "Title",
    rename: "Rename",
    description: "Description",
    edit_description: "Edit",
    no_description: "Nothing is written here yet.",
    waits: "Not saved yet",
    shared: "Shared with you",
    shared_by: |name| format!("Shared by {name}"),
    span: "Work and breaks",
    span_parts: "Parts of the span",
    span_hint: "Point at a part, or use the arrow keys, to read its times.",
    work: "Work",
    pause: "Break",
    over: "Beyond the plan",
    describe: |part, from, until, length| format!("{part}: {from} – {until}, {length}"),
    replaced: |time| format!("The end was corrected. Before, it was {time}."),
    part: "What",
    from: "From",
    until: "Until",
    length: "Length",
    now: "now",
    earlier_parts: |count| format!("{count} earlier parts are not listed."),
    links: "Links",
    no_links: "No schedule, todo or tag is linked.",
    change_links: "Change schedule, todo and tags",
    correct: "Correct the end",
    correct_bounds: |from, until| {
        format!("From {from}, when it was last started or paused, to {until}, which is now. The old end is kept.")
    },
    correct_save: "Correct",
    share: "Who may see it",
    level_private: "Only me",
    level_private_hint: "Nobody else sees this timer.",
    level_friends: "Friends",
    level_friends_hint: "All of your friends.",
    level_selected: "Some friends",
    level_selected_hint: "The friends that you choose.",
    level_emails: "By e-mail",
    level_emails_hint: "People whose verified address is on your list.",
    level_public: "Everyone",
    level_public_hint: "Everyone who is signed in on this server.",
    share_friends: "Friends who may see it",
    no_friends: "You have no friends here yet, so there is nobody to choose.",
    share_emails: "Addresses",
    share_domains: "Domains",
    share_lists_hint: "Separate several by commas. A domain stands for all of its addresses.",
    share_problem: |entry| {
        format!("“{entry}” is neither an address nor a domain, such as ada@example.com or example.com.")
    },
    again: "Start again",
    deleted: |title| format!("“{title}” is deleted."),
    gone: "This timer is deleted",
    to_history: "Look through your history",
};
