//! The users whom the user has blocked.

use super::{
    data::Blocked,
    friend::{Face, name_of},
    state::FriendsState,
};
use crate::{
    components::{Rows, When, rows},
    state::Clock,
    texts::{FriendsTexts, texts},
};
use leptos::prelude::*;

/// Blocked users; nothing without any.
#[component]
pub fn BlockedUsers() -> impl IntoView {
    let state = expect_context::<FriendsState>();
    let t = texts::<FriendsTexts>();
    let items = move || {
        rows(
            move || state.data.with(|data| data.blocked.clone()),
            |blocked| (blocked.user_id.clone(), blocked.waits),
            |blocked| view! { <BlockedUser blocked /> }.into_any(),
        )
    };
    let any = Memo::new(move |_| state.data.with(|data| !data.blocked.is_empty()));
    let has_more = Memo::new(move |_| state.data.with(|data| data.has_more_blocked));
    view! {
        <When holds=move || any.get()>
            <section class="people-section" aria-labelledby="blocked-heading">
                <h2 id="blocked-heading">{t.blocked}</h2>
                <p class="side-empty">{t.blocked_hint}</p>
                <ul class="people-list" role="list">
                    <Rows each=items() />
                </ul>
                <When holds=move || has_more.get()>
                    <p class="side-empty">{t.only_newest}</p>
                </When>
            </section>
        </When>
    }
    .into_any()
}

#[component]
fn BlockedUser(blocked: Blocked) -> impl IntoView {
    let (state, clock) = (expect_context::<FriendsState>(), expect_context::<Clock>());
    let t = texts::<FriendsTexts>();
    let name = name_of(blocked.name.as_deref(), t);
    let (user, waits) = (blocked.user_id, blocked.waits);
    view! {
        <li class="person" data-testid="blocked" class:waits=waits>
            <Face name=name.clone() />
            <span class="person-name">{name}</span>
            <span class="person-does">{waits.then_some(t.waits)}</span>
            <div class="person-buttons">
                <button
                    class="button"
                    type="button"
                    disabled=move || !clock.is_hydrated()
                    on:click=move |_| state.unblock(user.clone())
                >
                    {t.unblock}
                </button>
            </div>
        </li>
    }
    .into_any()
}
