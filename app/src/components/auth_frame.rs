//! What signing in and signing up look like.

use crate::{api::PageError, components::Brand, page};
use leptos::prelude::*;

/// The product on one side, the form on the other, an error above it.
#[component]
pub fn AuthFrame(
    /// The page's heading.
    heading: &'static str,
    /// A sentence below it.
    lead: &'static str,
    /// Why the last try did not work.
    error: Signal<Option<PageError>>,
    /// The form.
    children: Children,
) -> impl IntoView {
    page::mark_hydrated();
    view! {
        <div class="auth">
            <header class="auth-side">
                <Brand />
                <div class="auth-pitch">
                    <Pair />
                    <p class="auth-tagline">"Timers that stay in step on every device."</p>
                    <p>"Start one here, pause it there. Every screen shows the same second."</p>
                </div>
            </header>
            <main class="auth-main">
                <h1>{heading}</h1>
                <p class="auth-lead">{lead}</p>
                <div class="auth-error" aria-live="assertive">
                    {move || error.get().map(|error| view! { <p class="banner danger" role="alert">{error.to_string()}</p> })}
                </div>
                {children()}
            </main>
        </div>
    }
    .into_any()
}

/// Two dials that show the same.
#[component]
fn Pair() -> impl IntoView {
    let dial = |class, x, y, r| {
        view! {
            <g class=class>
                <circle class="pair-face" cx=x cy=y r=r />
                <circle class="pair-track" cx=x cy=y r=r pathLength="60" />
                <circle class="pair-lit" cx=x cy=y r=r pathLength="60" transform=format!("rotate(-90 {x} {y})") />
            </g>
        }
    };
    view! {
        <svg class="pair" viewBox="0 0 300 190" aria-hidden="true">
            {dial("pair-back", 205, 95, 70)} {dial("pair-front", 105, 95, 70)}
        </svg>
    }
    .into_any()
}
