//! The connection status.

use crate::{
    components::When,
    live::Status,
    state::{Commands, Connection, PageCommand},
};
use leptos::prelude::*;

/// The status, the number of unsent commands, and a button where the user can act.
#[component]
pub fn ConnectionStatus() -> impl IntoView {
    let connection = expect_context::<Connection>();
    let commands = expect_context::<Commands>();
    let status = move || connection.status();
    let can_try = move || matches!(status(), Status::Reconnecting { seconds: 1.. } | Status::Offline);
    let is_waiting = move || connection.waiting() > 0 && status() != Status::Live;
    let waiting = move || match connection.waiting() {
        1 => "1 change waits to be sent".to_owned(),
        count => format!("{count} changes wait to be sent"),
    };
    view! {
        <div class="connection" data-testid="connection" data-state=move || status().as_str()>
            <span class="connection-dot" aria-hidden="true"></span>
            <span class="connection-text">{move || status().sentence()}</span>
            <When holds=can_try>
                <button class="link" type="button" on:click=move |_| commands.give(PageCommand::TryNow)>
                    "Try now"
                </button>
            </When>
            <When holds=move || status() == Status::SignedOut>
                <a class="link" href="/sign-in" rel="external">
                    "Sign in again"
                </a>
            </When>
            <When holds=move || status() == Status::Outdated>
                <a class="link" href="/" rel="external">
                    "Reload"
                </a>
            </When>
            <When holds=is_waiting>
                <span class="connection-waiting">{move || waiting()}</span>
            </When>
            <span class="visually-hidden" role="status">
                {move || screen_reader_text(status())}
            </span>
        </div>
    }
    .into_any()
}

/// The text for screen readers, without the seconds: a countdown must not be read out.
fn screen_reader_text(status: Status) -> &'static str {
    match status {
        Status::Connecting | Status::Live => "",
        Status::Reconnecting { .. } => "The connection was lost. Reconnecting.",
        Status::Offline => "You are offline.",
        Status::SignedOut => "You are signed out.",
        Status::Outdated => "This page is outdated. Please reload it.",
    }
}
