//! One notification.

use super::{Data, edit::NotificationsEdit};
use crate::{
    locale::Locale,
    state::{Clock, UnreadCount},
    texts::NotificationsTexts,
    writes::Write,
};
use leptos::prelude::*;
use protocol::notification::Notification;

/// What happened, when, and the way to it. Opening it marks it as read.
#[component]
pub fn Item(data: Data, notification: Notification) -> impl IntoView {
    let (clock, unread) = (expect_context::<Clock>(), expect_context::<UnreadCount>());
    let locale = Locale::current();
    let t = locale.texts::<NotificationsTexts>();
    let is_unread = notification.read_at.is_none();
    let (id, created_at) = (notification.id, notification.created_at);
    let who = notification.actor_name.as_deref().unwrap_or(t.nameless);
    let text = (t.text)(notification.kind, notification.entity_type, who);
    let read = move || {
        if is_unread {
            let at = untrack(|| clock.now());
            unread.read(1);
            let write = Write::post(format!("/v1/notifications/{id}/read"), &());
            data.edit(NotificationsEdit::Read { id, at }, write);
        }
    };
    // Not with `Timestamp::websocket`, which would pull the whole timezone database into the WebAssembly.
    let datetime = created_at.to_utc().to_rfc3339();
    view! {
        <li class="person notification" class:unread=is_unread data-testid="notification">
            <a class="person-name" href=notification.link() on:click=move |_| read()>
                {is_unread.then(|| view! { <span class="visually-hidden">{t.unread}" "</span> }.into_any())}
                {text}
            </a>
            <time class="person-does" datetime=datetime>
                {move || locale.near_day(clock.local(created_at), clock.local(clock.day_start()))}
            </time>
            {is_unread
                .then(|| {
                    view! {
                        <div class="person-buttons">
                            <button
                                class="button quiet"
                                type="button"
                                disabled=move || !clock.is_hydrated()
                                on:click=move |_| read()
                            >
                                {t.read}
                            </button>
                        </div>
                    }
                        .into_any()
                })}
        </li>
    }
    .into_any()
}
