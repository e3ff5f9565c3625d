//! The icon of the browser's tab says what the newest timer does; without one, whether there are unread notifications.

use super::now_running::newest;
use crate::state::{TimerList, UnreadCount};
use leptos::prelude::*;
use protocol::timers::TimerStatus;

/// Keeps the icon up to date.
pub fn follow(timers: TimerList, unread: UnreadCount) {
    let icon = Memo::new(move |_| icon(timers, unread));
    Effect::new(move |_| {
        if let Ok(Some(link)) = document().query_selector("link[rel=icon]") {
            let _ = link.set_attribute("href", icon.get());
        }
    });
}

fn icon(timers: TimerList, unread: UnreadCount) -> &'static str {
    let Some(entry) = newest(timers) else {
        return match unread.get() {
            0 => "/favicon.svg",
            _ => "/favicon-unread.svg",
        };
    };
    let item = entry.item();
    match item.timer.status {
        TimerStatus::Running if entry.elapsed_seconds() >= item.timer.allocated_seconds => "/favicon-late.svg",
        TimerStatus::Running => "/favicon-running.svg",
        _ => "/favicon-paused.svg",
    }
}
