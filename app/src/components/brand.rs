//! The product's name and mark: two stairs in step.

use leptos::prelude::*;

/// The mark and the name, as a link to the start page.
#[component]
pub fn Brand() -> impl IntoView {
    view! {
        <a class="brand" href="/" aria-label="Lockstep">
            <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
                <path class="brand-stair" d="M4 20 h7 v-7 h7 v-7 h7" />
                <path class="brand-stair second" d="M7 27 h7 v-7 h7 v-7 h7" />
            </svg>
            <span>"Lockstep"</span>
        </a>
    }
    .into_any()
}
