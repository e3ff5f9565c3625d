//! One friend: what the friend does, and what the friend sees of the user.

use super::{
    data::{Friend, Shared, SharedItem},
    state::FriendsState,
};
use crate::{
    locale::Locale,
    state::{Clock, FriendsActivity},
    texts::FriendsTexts,
};
use leptos::prelude::*;
use protocol::{friend::FriendActivity, id::UserId, timers::TimerStatus};

/// A friend as an entry that opens.
#[component]
pub fn FriendRow(id: UserId) -> impl IntoView {
    let (state, clock) = (expect_context::<FriendsState>(), expect_context::<Clock>());
    let activity = expect_context::<FriendsActivity>();
    let locale = Locale::current();
    let t = locale.texts::<FriendsTexts>();
    let id = StoredValue::new(id);
    let friend = Memo::new(move |_| id.with_value(|id| state.data.with(|data| data.friend(id).cloned())));
    let does = Memo::new(move |_| id.with_value(|id| activity.of(id, clock.now())));
    let name = move || friend.with(|friend| name_of(friend.as_ref().and_then(|friend| friend.name.as_deref()), t));
    let is_running = move || does.with(|does| does.as_ref().is_some_and(|timer| timer.status == TimerStatus::Running));
    let line = move || {
        does.with(|does| match does {
            Some(timer) => {
                let (status, title) = (locale.status(timer.status), locale.title(timer.title.as_deref()));
                format!("{status} · {title} · {}", locale.time(clock.local(timer.since)))
            }
            None => t.does_nothing.to_owned(),
        })
    };
    let is_tab_stop = Memo::new(move |_| {
        let current = state.current.get();
        let first = |id: &UserId| {
            state.data.with(|data| {
                let current = current.as_ref().filter(|current| data.friend(current).is_some());
                let first = data.friends.first().map(|friend| &friend.user_id);
                current.or(first) == Some(id)
            })
        };
        id.with_value(first)
    });
    view! {
        <li class="person friend-entry" data-testid="person" class:running=is_running>
            <details>
                <summary
                    class="friend-summary"
                    data-row
                    tabindex=move || if is_tab_stop.get() || !clock.is_hydrated() { "0" } else { "-1" }
                    on:focus=move |_| state.current.set(Some(id.get_value()))
                >
                    {move || view! { <Face name=name() /> }}
                    <span class="person-name">{move || name()}</span>
                    <span class="person-does">{move || line()}</span>
                    <span class="person-sees">
                        {move || {
                            let count = state
                                .data
                                .with(|data| {
                                    friend.with(|friend| friend.as_ref().map(|friend| data.seen_by(friend).count))
                                });
                            (t.sees)(count.unwrap_or_default())
                        }}
                    </span>
                </summary>
                <div class="friend-more">
                    {move || friend.get().map(|friend| since(&friend, clock, locale))}
                    {move || {
                        let (shows, seen) = state
                            .data
                            .with(|data| {
                                let seen = friend.with(|friend| friend.as_ref().map(|friend| data.seen_by(friend)));
                                (data.shows, seen.unwrap_or_default())
                            });
                        sees(shows, seen, locale)
                    }} <div class="person-buttons">
                        <button
                            class="button"
                            type="button"
                            disabled=move || !clock.is_hydrated()
                            on:click=move |_| id.with_value(|id| state.remove(id))
                        >
                            {t.remove}
                        </button>
                        <button
                            class="button quiet"
                            type="button"
                            disabled=move || !clock.is_hydrated()
                            on:click=move |_| {
                                let name = friend
                                    .with_untracked(|friend| friend.as_ref().and_then(|friend| friend.name.clone()));
                                state.block(id.get_value(), name);
                            }
                        >
                            {t.block}
                        </button>
                    </div>
                </div>
            </details>
        </li>
    }
    .into_any()
}

fn since(friend: &Friend, clock: Clock, locale: Locale) -> AnyView {
    let t = locale.texts::<FriendsTexts>();
    let text = match friend.waits {
        true => t.waits.to_owned(),
        false => (t.since)(&locale.full_date(clock.local(friend.since).date())),
    };
    view! { <p class="person-does">{text}</p> }.into_any()
}

/// What the friend sees: the user's timers as they run, and what is shared.
fn sees(shows: FriendActivity, seen: Shared, locale: Locale) -> AnyView {
    let t = locale.texts::<FriendsTexts>();
    let rest = usize::try_from(seen.count)
        .unwrap_or_default()
        .saturating_sub(seen.items.len());
    let item = |item: SharedItem| {
        view! {
            <li>
                <span class="seen-kind">{(t.kind)(item.kind)}</span>
                <span class="seen-title">{locale.title(item.title.as_deref()).to_owned()}</span>
                <span class="seen-level">{(t.level)(item.level)}</span>
            </li>
        }
        .into_any()
    };
    let is_empty = seen.items.is_empty();
    view! {
        <h3>{t.sees_heading}</h3>
        <p class="person-does">{(t.shows)(shows)}</p>
        {is_empty.then(|| view! { <p class="person-does">{t.sees_none}</p> }.into_any())}
        <ul class="seen" role="list">
            {seen.items.into_iter().map(item).collect_view()}
        </ul>
        {(rest > 0).then(|| view! { <p class="person-does">{(t.sees_more)(rest)}</p> }.into_any())}
    }
    .into_any()
}

/// The first letter of a name.
#[component]
pub fn Face(name: String) -> impl IntoView {
    let initial: String = name.chars().take(1).flat_map(char::to_uppercase).collect();
    view! {
        <span class="friend-face" aria-hidden="true">
            {initial}
        </span>
    }
    .into_any()
}

/// A name, or a placeholder.
pub fn name_of(name: Option<&str>, t: &FriendsTexts) -> String {
    let name = name.filter(|name| !name.trim().is_empty());
    name.unwrap_or(t.nameless).to_owned()
}
