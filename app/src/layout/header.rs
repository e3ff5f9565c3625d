//! The header: what runs now, the state of the connection, and the palette.

use super::{bell::Bell, icon::Icon, now_running::NowRunning, overlay::Overlays};
use crate::{
    components::{Brand, ConnectionStatus},
    state::Clock,
    texts::{LayoutTexts, texts},
};
use leptos::prelude::*;

/// The product, the running timer, the connection's state and the palette.
#[component]
pub fn Header() -> impl IntoView {
    let t = texts::<LayoutTexts>();
    let (overlays, clock) = (expect_context::<Overlays>(), expect_context::<Clock>());
    view! {
        <header class="top">
            <Brand />
            <NowRunning />
            <ConnectionStatus />
            <Bell />
            <button
                class="button quiet palette-button"
                type="button"
                disabled=move || !clock.is_hydrated()
                on:click=move |_| overlays.open_palette()
            >
                {Icon::Search.view()}
                <span class="palette-button-text">{t.palette}</span>
                <kbd>"Ctrl-K"</kbd>
            </button>
        </header>
    }
    .into_any()
}
