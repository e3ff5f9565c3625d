//! Alerts.

use crate::live::Live;
use leptos::prelude::*;

/// Messages that stay until they are dismissed.
#[component]
pub fn Alerts() -> impl IntoView {
    let live = expect_context::<Live>();
    view! {
        <div class="alerts">
            <For each=move || live.alerts.get() key=|alert| alert.key let:alert>
                <div class="alert" role="alert">
                    <p>{alert.text}</p>
                    <button class="button quiet" type="button" on:click=move |_| live.dismiss(alert.key)>
                        "Dismiss"
                    </button>
                </div>
            </For>
        </div>
    }
    .into_any()
}
