//! English.

use super::tables::*;
#[cfg(feature = "ssr")]
use protocol::rest::account::AccountRefusal;
use protocol::{
    friend::FriendActivity,
    sharing::{Level, ResourceKind},
    timers::{Reason, TimerAction},
    todo::TodoStatus,
};

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

/// `1 todo`, `2 todos`.
fn counted(count: i64, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

pub static TAGS: TagsTexts = TagsTexts {
    heading: "Tags",
    lead: "Sort what you do by colours. A goal is the share of its group’s time that a tag should have in a week.",
    search: "Search tags",
    new_group: "New group",
    name: "Name",
    name_missing: "Type a name first.",
    name_taken: |name| format!("This group already has a tag “{name}”."),
    color: "Colour",
    colors: [
        "Red", "Orange", "Amber", "Olive", "Green", "Jade", "Teal", "Blue", "Indigo", "Violet", "Pink", "Grey",
    ],
    other_color: "Another",
    goal: "Goal",
    goal_hint: "percent of the group’s time in a week",
    goal_problem: "A goal is a whole number from 0 to 100. Leave it empty for none.",
    edit: |name| format!("Edit {name}"),
    edit_short: "Edit",
    add: "Add tag",
    add_hint: "New tag",
    week: |time| format!("{time} this week"),
    week_none: "no time this week",
    share: |share| format!("{share}%"),
    share_of_goal: |share, goal| format!("{share}% of {goal}%"),
    reached: "goal reached",
    goals_exceed: |sum| format!("The goals of this group add up to {sum}%, which is more than all of its time."),
    hidden_tags: |count| match count {
        1 => "Show one more tag".to_owned(),
        count => format!("Show {count} more tags"),
    },
    deleted_tag: |name| format!("Deleted the tag “{name}”. Timers, todos and schedules that had it stay."),
    deleted_last: |name, group, todos| match todos {
        0 => format!("Deleted “{name}”, the last tag of “{group}”, and with it the group."),
        todos => format!(
            "Deleted “{name}”, the last tag of “{group}”, and with it the group and its {}.",
            counted(todos, "todo", "todos")
        ),
    },
    deleted_group: |name, tags, todos| match (tags, todos) {
        (0, 0) => format!("Deleted the group “{name}”."),
        (tags, 0) => format!(
            "Deleted the group “{name}” with {}.",
            counted(tags as i64, "tag", "tags")
        ),
        (0, todos) => format!("Deleted the group “{name}” with {}.", counted(todos, "todo", "todos")),
        (tags, todos) => format!(
            "Deleted the group “{name}” with {} and {}.",
            counted(tags as i64, "tag", "tags"),
            counted(todos, "todo", "todos")
        ),
    },
    waits: "not sent yet",
    empty: "No tags yet",
    empty_hint: "Tags live in groups, such as “Work” with “deep” and “mail”. Make your first group, and give its tags to timers, todos and schedules.",
    none_found: "No tag or group has this name",
    pages: "More groups",
    more_groups: "More groups",
    all_groups: "All groups",
};

pub static FRIENDS: FriendsTexts = FriendsTexts {
    heading: "Friends",
    lead: "See what your friends are doing, and decide what they see of you.",
    friends: "Your friends",
    empty: "No friends yet",
    empty_hint: "Give your link to somebody, or ask by the code, link or address that you were given. Once a request is accepted, you see each other’s timers here.",
    more: "More friends",
    first: "Newest friends",
    only_newest: "Only the newest are listed here.",
    nameless: "Somebody",
    ask: "Add a friend",
    ask_label: "Code, link or e-mail address",
    ask_send: "Send request",
    ask_problem: "This is neither a code, nor a friend’s link, nor an e-mail address.",
    asked: "Your request is on its way.",
    asked_address: "If somebody has this address here, they find your request.",
    link_opened: "You opened somebody’s link. Send them a friend request?",
    own_code: "This is your own link. Give it to somebody else.",
    received: "Requests for you",
    accept: "Accept",
    reject: "Reject",
    rejected: "Rejected the request.",
    sent: "Your requests",
    sent_hint: "You see who it is once they accept.",
    waits_for_answer: "Waits for an answer",
    cancel_request: "Withdraw",
    cancelled: "Withdrew the request.",
    does_nothing: "Nothing is running",
    since: |date| format!("Friends since {date}"),
    sees: |count| match count {
        0 => "sees nothing else of yours".to_owned(),
        count => format!("sees {} of yours", counted(count, "thing", "things")),
    },
    sees_heading: "What this friend sees of you",
    sees_none: "You share nothing else with this friend.",
    sees_more: |count| format!("and {count} more"),
    shows: |shown| match shown {
        FriendActivity::Titles => "Your running timers, with their titles.",
        FriendActivity::Running => "That a timer is running, without its title.",
        FriendActivity::Nothing => "Nothing of your running timers.",
    },
    shows_heading: "All friends see of your timers",
    shows_level: |shown| match shown {
        FriendActivity::Titles => "what is running, with titles",
        FriendActivity::Running => "that something is running",
        FriendActivity::Nothing => "nothing",
    },
    kind: |kind| match kind {
        ResourceKind::Schedule => "Schedule",
        ResourceKind::Timer => "Timer",
        ResourceKind::Todo => "Todo",
    },
    level: |level| match level {
        Level::Private => "only you",
        Level::Friends => "all friends",
        Level::Selected => "selected friends",
        Level::AllowedEmails => "listed addresses",
        Level::Public => "everybody",
    },
    remove: "Remove friend",
    removed: |name| format!("{name} is no longer your friend."),
    block: "Block",
    blocked: "Blocked",
    blocked_hint: "They see nothing of yours, cannot ask you, and are not told.",
    blocked_now: |name| format!("Blocked {name}."),
    unblock: "Unblock",
    invitation: "Your link",
    invitation_hint: "Whoever has it can send you a request.",
    picture: "Your link as a QR code",
    link: "Link",
    code: "Code",
    copy: "Copy",
    copied: "Copied.",
    renew_code: "Make a new link",
    code_renewed: "You get a new link and code; the old ones stop working.",
    waits: "Not sent yet",
};

pub static SHARED: SharedTexts = SharedTexts {
    heading: "Shared with you",
    lead: "What others let you see, as it is now.",
    timers: "Timers",
    todos: "Todos",
    schedules: "The next two weeks",
    everybody: "Shared with everybody",
    nameless: "Somebody",
    due: |when| format!("due {when}"),
    todo_status: |status| match status {
        TodoStatus::Unscheduled => "Open",
        TodoStatus::Scheduled => "Scheduled",
        TodoStatus::Done => "Done",
        TodoStatus::Cancelled => "Cancelled",
    },
    all_day: "all day",
    more: |kind| match kind {
        ResourceKind::Timer => "More timers",
        ResourceKind::Todo => "More todos",
        ResourceKind::Schedule => "More schedules",
    },
    first: "Everything",
    pages: "More",
    incomplete: "Some recurring schedules have too many occurrences to be listed here.",
    empty: "Nothing is shared with you",
    empty_hint: "When somebody shares a timer, a todo or a schedule with you, you see it here, live.",
    to_friends: "Go to your friends",
};
