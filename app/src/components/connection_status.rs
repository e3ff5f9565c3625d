//! The connection status.

use crate::{
    components::When,
    live::Status,
    locale::Locale,
    navigation::Navigator,
    state::{Clock, Commands, Connection, PageCommand},
    texts::{LayoutTexts, texts},
    writes::Writes,
};
use leptos::prelude::*;

/// The status, the number of unsent commands, and a button where the user can act.
#[component]
pub fn ConnectionStatus() -> impl IntoView {
    let connection = expect_context::<Connection>();
    let commands = expect_context::<Commands>();
    let (clock, navigator) = (expect_context::<Clock>(), expect_context::<Navigator>());
    let (t, locale) = (texts::<LayoutTexts>(), Locale::current());
    let status = move || connection.status();
    let can_try = move || matches!(status(), Status::Reconnecting { seconds: 1.. } | Status::Offline);
    let writes = expect_context::<Writes>();
    let count = move || connection.waiting() + writes.waiting();
    let is_waiting = move || count() > 0 && status() != Status::Live;
    let waiting = move || (t.waiting)(count());
    let is_last_known = move || {
        matches!(
            status(),
            Status::Reconnecting { .. } | Status::Offline | Status::Outdated
        )
    };
    let as_of = move || {
        let known_at = navigator.known_at().filter(|_| is_last_known())?;
        let known_at = clock.local(clock.at_device(known_at));
        Some((t.as_of)(&locale.near_day(known_at, clock.local(clock.now()))))
    };
    view! {
        <div class="connection" data-testid="connection" data-state=move || status().as_str()>
            <span class="connection-dot" aria-hidden="true"></span>
            <span class="connection-text">{move || sentence(status(), t)}</span>
            <span class="connection-as-of">{as_of}</span>
            <When holds=can_try>
                <button class="link" type="button" on:click=move |_| commands.give(PageCommand::TryNow)>
                    {t.try_now}
                </button>
            </When>
            <When holds=move || status() == Status::SignedOut>
                // This page again: the server redirects to the sign-in page, which leads back.
                <a class="link" href="" rel="external">
                    {t.sign_in_again}
                </a>
            </When>
            <When holds=move || status() == Status::Outdated>
                <a class="link" href="/" rel="external">
                    {t.reload}
                </a>
            </When>
            <When holds=is_waiting>
                <span class="connection-waiting">{move || waiting()}</span>
            </When>
            <span class="visually-hidden" role="status">
                {move || screen_reader_text(status(), t)}
            </span>
        </div>
    }
    .into_any()
}

/// The text that the page shows.
fn sentence(status: Status, t: &LayoutTexts) -> String {
    match status {
        Status::Connecting => t.connecting.to_owned(),
        Status::Live => t.live.to_owned(),
        Status::Reconnecting { seconds: 0 } => t.reconnecting.to_owned(),
        Status::Reconnecting { seconds } => (t.reconnecting_in)(seconds),
        Status::Offline => t.offline.to_owned(),
        Status::SignedOut => t.signed_out.to_owned(),
        Status::Outdated => t.outdated.to_owned(),
    }
}

/// The text for screen readers, without the seconds: a countdown must not be read out.
fn screen_reader_text(status: Status, t: &LayoutTexts) -> &'static str {
    match status {
        Status::Connecting | Status::Live => "",
        Status::Reconnecting { .. } => t.lost_spoken,
        Status::Offline => t.offline_spoken,
        Status::SignedOut => t.signed_out_spoken,
        Status::Outdated => t.outdated_spoken,
    }
}
