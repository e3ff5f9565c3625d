//! Requests that wait for an answer.

use super::{
    data::Request,
    friend::{Face, name_of},
    state::FriendsState,
};
use crate::{
    components::{Rows, When, rows},
    locale::Locale,
    state::Clock,
    texts::FriendsTexts,
};
use leptos::prelude::*;
use protocol::time::Timestamp;

/// The requests of others; nothing without any.
#[component]
pub fn Received() -> impl IntoView {
    let state = expect_context::<FriendsState>();
    let locale = Locale::current();
    let t = locale.texts::<FriendsTexts>();
    let items = move || {
        rows(
            move || state.data.with(|data| data.received.items.clone()),
            |request| request.id,
            |request| view! { <ReceivedRequest request /> }.into_any(),
        )
    };
    let any = Memo::new(move |_| state.data.with(|data| !data.received.items.is_empty()));
    let has_more = Memo::new(move |_| state.data.with(|data| data.received.has_more));
    view! {
        <When holds=move || any.get()>
            <section class="people-section" aria-labelledby="received-heading">
                <h2 id="received-heading">{t.received}</h2>
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
fn ReceivedRequest(request: Request) -> impl IntoView {
    let (state, clock) = (expect_context::<FriendsState>(), expect_context::<Clock>());
    let t = Locale::current().texts::<FriendsTexts>();
    let Request {
        id,
        user_id,
        name,
        since,
        ..
    } = request;
    let shown = name_of(name.as_deref(), t);
    let disabled = move || !clock.is_hydrated();
    view! {
        <li class="person" data-testid="received">
            <Face name=shown.clone() />
            <span class="person-name">{shown}</span>
            <Since since />
            <div class="person-buttons">
                <button class="button primary" type="button" disabled=disabled on:click=move |_| state.accept(id)>
                    {t.accept}
                </button>
                <button class="button" type="button" disabled=disabled on:click=move |_| state.reject(id)>
                    {t.reject}
                </button>
                <button
                    class="button quiet"
                    type="button"
                    disabled=disabled
                    on:click=move |_| state.block(user_id.clone(), name.clone())
                >
                    {t.block}
                </button>
            </div>
        </li>
    }
    .into_any()
}

/// The user's own requests; nothing without any.
#[component]
pub fn Sent() -> impl IntoView {
    let state = expect_context::<FriendsState>();
    let t = Locale::current().texts::<FriendsTexts>();
    let items = move || {
        rows(
            move || state.data.with(|data| data.sent.items.clone()),
            |request| (request.id, request.waits),
            |request| view! { <SentRequest request /> }.into_any(),
        )
    };
    let any = Memo::new(move |_| state.data.with(|data| !data.sent.items.is_empty()));
    let has_more = Memo::new(move |_| state.data.with(|data| data.sent.has_more));
    view! {
        <When holds=move || any.get()>
            <section class="people-section" aria-labelledby="sent-heading">
                <h2 id="sent-heading">{t.sent}</h2>
                <p class="side-empty">{t.sent_hint}</p>
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
fn SentRequest(request: Request) -> impl IntoView {
    let (state, clock) = (expect_context::<FriendsState>(), expect_context::<Clock>());
    let t = Locale::current().texts::<FriendsTexts>();
    let Request { id, since, waits, .. } = request;
    view! {
        <li class="person" data-testid="sent" class:waits=waits>
            <Face name="?".to_owned() />
            <span class="person-name">{if waits { t.waits } else { t.waits_for_answer }}</span>
            <Since since />
            <div class="person-buttons">
                <button
                    class="button"
                    type="button"
                    disabled=move || waits || !clock.is_hydrated()
                    on:click=move |_| state.cancel(id)
                >
                    {t.cancel_request}
                </button>
            </div>
        </li>
    }
    .into_any()
}

/// When a request was sent.
#[component]
fn Since(since: Timestamp) -> impl IntoView {
    let (clock, locale) = (expect_context::<Clock>(), Locale::current());
    // Not with `Timestamp::websocket`, which would pull the whole timezone database into the WebAssembly.
    let datetime = since.to_utc().to_rfc3339();
    view! {
        <time class="person-does" datetime=datetime>
            {move || locale.near_day(clock.local(since), clock.local(clock.day_start()))}
        </time>
    }
    .into_any()
}
