//! How others reach the user: code, link and picture; and what friends see of timers.

use super::{data::QrPicture, state::FriendsState};
use crate::{
    state::Clock,
    texts::{FriendsTexts, texts},
};
use leptos::{html::Input, prelude::*};
use protocol::friend::FriendActivity;

/// All levels, the most open first.
const LEVELS: [FriendActivity; 3] = [FriendActivity::Titles, FriendActivity::Running, FriendActivity::Nothing];

/// The user's code and link.
#[component]
pub fn InvitationCard() -> impl IntoView {
    let (state, clock) = (expect_context::<FriendsState>(), expect_context::<Clock>());
    let t = texts::<FriendsTexts>();
    let data = state.data;
    let code = Signal::derive(move || data.with(|data| data.invitation.code.clone()));
    let link = Signal::derive(move || data.with(|data| data.invitation.link.clone()));
    let picture = Memo::new(move |_| data.with(|data| data.invitation.picture.clone()));
    view! {
        <section class="invitation" aria-labelledby="invitation-heading">
            <h2 id="invitation-heading">{t.invitation}</h2>
            <p class="side-empty">{t.invitation_hint}</p>
            {move || picture.get().map(|picture| qr(&picture, t))}
            <Copied id="my-link" label=t.link text=link />
            <Copied id="my-code" label=t.code text=code />
            <button
                class="button quiet"
                type="button"
                disabled=move || !clock.is_hydrated()
                on:click=move |_| state.renew_code()
            >
                {t.renew_code}
            </button>
        </section>
        <Shows />
    }
    .into_any()
}

/// Dark on light in both themes, with the quiet zone of four modules (ISO/IEC 18004).
fn qr(picture: &QrPicture, t: &FriendsTexts) -> AnyView {
    let side = picture.size + 8;
    view! {
        <svg class="qr" viewBox=format!("-4 -4 {side} {side}") role="img" aria-label=t.picture>
            <rect x="-4" y="-4" width=side.to_string() height=side.to_string() rx="2" />
            <path d=picture.path.clone() />
        </svg>
    }
    .into_any()
}

/// A text that can be copied.
#[component]
fn Copied(id: &'static str, label: &'static str, text: Signal<String>) -> impl IntoView {
    let clock = expect_context::<Clock>();
    let t = texts::<FriendsTexts>();
    let input = NodeRef::<Input>::new();
    let is_copied = RwSignal::new(false);
    let copy = move |_| {
        if let Some(input) = input.get_untracked() {
            input.select();
            is_copied.set(copy_selection());
        }
    };
    view! {
        <div class="copied">
            <label for=id>{label}</label>
            <input id=id node_ref=input type="text" readonly value=text.get_untracked() prop:value=move || text.get() />
            <button
                class="button"
                type="button"
                aria-describedby=id
                disabled=move || !clock.is_hydrated()
                on:click=copy
            >
                {t.copy}
            </button>
            <p class="copied-said" role="status">
                {move || is_copied.get().then_some(t.copied)}
            </p>
        </div>
    }
    .into_any()
}

/// Not by the Clipboard API, which exists on secure origins only.
#[cfg(feature = "hydrate")]
fn copy_selection() -> bool {
    use wasm_bindgen::JsCast;
    let document = document().dyn_into::<web_sys::HtmlDocument>();
    document.is_ok_and(|document| document.exec_command("copy").unwrap_or_default())
}

#[cfg(not(feature = "hydrate"))]
fn copy_selection() -> bool {
    false
}

/// How much of the user's timers friends see.
#[component]
fn Shows() -> impl IntoView {
    let (state, clock) = (expect_context::<FriendsState>(), expect_context::<Clock>());
    let t = texts::<FriendsTexts>();
    let shows = Memo::new(move |_| state.data.with(|data| data.shows));
    let level = move |level: FriendActivity| {
        view! {
            <label class="shows-level">
                <input
                    type="radio"
                    name="shows"
                    value=level.as_str()
                    checked=shows.get_untracked() == level
                    prop:checked=move || shows.get() == level
                    disabled=move || !clock.is_hydrated()
                    on:change=move |_| state.show(level)
                />
                <span>{(t.shows_level)(level)}</span>
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset class="shows">
            <legend>{t.shows_heading}</legend>
            {LEVELS.map(level).collect_view()}
        </fieldset>
    }
    .into_any()
}
