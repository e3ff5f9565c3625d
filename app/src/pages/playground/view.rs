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
        <p class="pg-notice" role="status">
            {move || page.notice.get()}
        </p>
        <div class="pg-columns">
            <div class="pg-column">{users::card(page)} {connect::card(page)}</div>
            <div class="pg-column">{send::card(page)} {faults::card(page)} {record::card(page)}</div>
            <div class="pg-column pg-wide">{log::card(page)}</div>
        </div>
        {compare::card(page)}
    }
    .into_any()
}
