//! Which kinds the user is told about.

use super::{Data, edit::NotificationsEdit};
use crate::{
    state::Clock,
    texts::{NotificationsTexts, texts},
    writes::Write,
};
use leptos::prelude::*;
use protocol::{notification::NotificationKind, rest::NewNotificationSettings};

/// A switch for each kind.
#[component]
pub fn Kinds(data: Data) -> impl IntoView {
    let t = texts::<NotificationsTexts>();
    let switches = NotificationKind::ALL.iter().map(|kind| switch(data, *kind, t));
    view! {
        <section class="settings kinds" aria-labelledby="kinds-heading">
            <h2 id="kinds-heading">{t.kinds}</h2>
            {switches.collect_view()}
        </section>
    }
    .into_any()
}

fn switch(data: Data, kind: NotificationKind, t: &'static NotificationsTexts) -> AnyView {
    let clock = expect_context::<Clock>();
    let id = format!("tell-{}", kind.as_str());
    let on = Memo::new(move |_| data.with(|data| data.settings.has(kind)));
    let change = move |is_on: bool| {
        let mut body = NewNotificationSettings::default();
        match kind {
            NotificationKind::FriendRequest => body.friend_request = Some(is_on),
            NotificationKind::FriendAccepted => body.friend_accepted = Some(is_on),
            NotificationKind::Shared => body.shared = Some(is_on),
        }
        let write = Write::put("/v1/notifications/settings", &body);
        data.edit(NotificationsEdit::Tell { kind, is_on }, write);
    };
    view! {
        <div class="setting">
            <label for=id.clone()>{(t.kind)(kind)}</label>
            <input
                class="switch"
                id=id
                type="checkbox"
                role="switch"
                checked=on.get_untracked()
                prop:checked=move || on.get()
                disabled=move || !clock.is_hydrated()
                on:change:target=move |event| change(event.target().checked())
            />
        </div>
    }
    .into_any()
}
