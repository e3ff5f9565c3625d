//! The parts of the page.

mod compare;
mod connect;
mod faults;
mod fields;
mod log;
mod record;
mod send;
mod users;

use super::{api, device, state::Playground};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// The headings' ids and names: far from each other where the page is narrow.
const PARTS: [(&str, &str); 7] = [
    ("pg-users", "Token"),
    ("pg-connect", "Connect"),
    ("pg-send", "Send"),
    ("pg-faults", "Faults"),
    ("pg-record", "Record and replay"),
    ("pg-log", "Log"),
    ("pg-compare", "Side by side"),
];

/// Everything that needs scripts.
pub fn content() -> AnyView {
    let page = Playground::new(device::millis());
    spawn_local(async move {
        if let Some(document) = page.check(api::document().await) {
            page.document.set(Some(document));
        }
    });
    let clock = set_interval_with_handle(move || page.now.set(device::millis()), Duration::from_secs(1));
    if let Ok(clock) = clock {
        on_cleanup(move || clock.clear());
    }
    view! {
        <div class="pg-top">
            <nav class="pg-jumps" aria-label="On this page">
                {PARTS.map(|(id, name)| view! { <a href=format!("#{id}")>{name}</a> }.into_any()).collect_view()}
            </nav>
            <p class="pg-notice" role="status">
                {move || page.notice.get()}
            </p>
        </div>
        <div class="pg-columns">
            <div class="pg-column">{users::card(page)} {connect::card(page)}</div>
            <div class="pg-column">{send::card(page)} {faults::card(page)} {record::card(page)}</div>
            <div class="pg-column pg-wide">{log::card(page)}</div>
        </div>
        {compare::card(page)}
    }
    .into_any()
}
