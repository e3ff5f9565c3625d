//! Friends' activity, updated live.

use crate::{
    components::{Rows, When, rows},
    friends::FriendTimer,
    locale::Locale,
    state::{Clock, FriendsActivity as Friends},
    texts::{TimersTexts, texts},
};
use leptos::prelude::*;
use protocol::timers::TimerStatus;

/// One row per timer, the most recent activity first; nothing for users without friends.
#[component]
pub fn FriendsActivity() -> impl IntoView {
    let (friends, clock) = (expect_context::<Friends>(), expect_context::<Clock>());
    let t = texts::<TimersTexts>();
    let any = Memo::new(move |_| friends.any());
    let shown = Memo::new(move |_| friends.shown(clock.now()));
    let items = move || {
        rows(
            move || shown.get(),
            // A row never changes: its latest activity is part of the key.
            FriendTimer::clone,
            |timer| view! { <FriendRow timer /> }.into_any(),
        )
    };
    view! {
        <When holds=move || any.get()>
            <section class="friends" aria-labelledby="friends-heading">
                <h2 id="friends-heading">{t.friends}</h2>
                <When
                    holds=move || shown.with(|shown| !shown.is_empty())
                    fallback=move || {
                        view! { <p class="side-empty">{t.friends_none}</p> }
                    }
                >
                    <ul class="friends-list">
                        <Rows each=items() />
                    </ul>
                </When>
            </section>
        </When>
    }
    .into_any()
}

#[component]
fn FriendRow(timer: FriendTimer) -> impl IntoView {
    let (clock, locale) = (expect_context::<Clock>(), Locale::current());
    let name = timer.name.unwrap_or_else(|| timer.friend_id.to_string());
    let initial: String = name.chars().take(1).flat_map(char::to_uppercase).collect();
    let class = match timer.status {
        TimerStatus::Running => "friend running",
        _ => "friend",
    };
    // Not with `Timestamp::websocket`, which would pull the whole timezone database into the WebAssembly.
    let datetime = timer.since.to_utc().to_rfc3339();
    view! {
        <li class=class data-testid="friend" data-status=timer.status.as_str()>
            <span class="friend-face" aria-hidden="true">
                {initial}
            </span>
            <span class="friend-name">{name}</span>
            <time class="friend-time" datetime=datetime>
                {move || locale.time(clock.local(timer.since))}
            </time>
            <span class="friend-does">
                {format!("{} · {}", locale.status(timer.status), locale.title(timer.title.as_deref()))}
            </span>
        </li>
    }
    .into_any()
}
