//! The layout of the sign-in and sign-up pages.

use crate::{
    api::PageError,
    components::{
        Brand,
        dial::{TICKS, lit_arc},
    },
    texts::{AuthTexts, texts},
};
use leptos::prelude::*;

/// The product on one side, the form on the other, with an error above the form.
#[component]
pub fn AuthFrame(
    heading: &'static str,
    /// A sentence below the heading.
    lead: &'static str,
    /// The error of the last attempt.
    error: Option<PageError>,
    children: Children,
) -> impl IntoView {
    let t = texts::<AuthTexts>();
    let error = error.map(|error| {
        view! {
            <p class="banner danger auth-error" role="alert">
                {error.text(t)}
            </p>
        }
    });
    view! {
        <div class="auth" data-signed-out>
            <header class="auth-side">
                <Brand />
                <div class="auth-pitch">
                    <Pair />
                    <p class="auth-tagline">{t.tagline}</p>
                    <p>{t.pitch}</p>
                </div>
            </header>
            <main class="auth-main">
                <h1>{heading}</h1>
                <p class="auth-lead">{lead}</p>
                {error}
                {children()}
            </main>
        </div>
    }
    .into_any()
}

/// Two dials that show the same time.
#[component]
fn Pair() -> impl IntoView {
    let dial = |x: i32| {
        view! {
            <g transform=format!("translate({x} 90)")>
                <circle class="pair-face" r="82" />
                <circle class="pair-track" r="70" pathLength=TICKS />
                <g mask="url(#pair-ticks)">
                    <circle
                        class="pair-lit"
                        r="70"
                        pathLength=TICKS
                        stroke-dasharray=lit_arc(43)
                        transform="rotate(-90)"
                    />
                </g>
                <text class="pair-time" y="13">
                    "17:55"
                </text>
            </g>
        }
    };
    view! {
        <svg class="pair" viewBox="0 0 360 180" aria-hidden="true">
            <mask id="pair-ticks" maskUnits="userSpaceOnUse" x="-90" y="-90" width="180" height="180">
                <circle class="pair-ticks" r="70" pathLength=TICKS transform="rotate(-90)" />
            </mask>
            {[90, 270].map(dial).collect_view()}
        </svg>
    }
    .into_any()
}
