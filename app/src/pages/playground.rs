//! `/ws-playground`: for developers of clients (contract, `playground.md`). In English only, as the API's documents are.
//!
//! In development only: a release contains neither the page nor its routes. The server renders the frame; what is in it needs
//! scripts, and is compiled for the browser alone.

#[cfg(feature = "hydrate")]
mod actions;
#[cfg(feature = "hydrate")]
mod api;
pub mod belief;
pub mod claims;
#[cfg(feature = "hydrate")]
mod device;
pub mod document;
#[cfg(test)]
mod example;
pub mod fault;
pub mod message;
pub mod recording;
pub mod snippets;
#[cfg(feature = "hydrate")]
mod socket;
#[cfg(feature = "hydrate")]
mod state;
#[cfg(feature = "hydrate")]
mod view;

use crate::{
    components::{Brand, set_page_title},
    page::StandalonePage,
};
use leptos::prelude::*;
use protocol::rest::playground::{PLAYGROUND_PATH, STYLE_PATH};

/// Tokens, connections, messages and faults, for trying a client.
pub struct PlaygroundPage;

impl StandalonePage for PlaygroundPage {
    const PATH: &'static str = PLAYGROUND_PATH;

    fn view() -> AnyView {
        set_page_title("WebSocket playground – Lockstep");
        let is_hydrated = RwSignal::new(false);
        #[cfg(feature = "hydrate")]
        {
            crate::hydrate::mark_hydrated();
            Effect::new(move |_| is_hydrated.set(true));
        }
        view! {
            <link rel="stylesheet" href=STYLE_PATH />
            <a class="skip" href="#content">
                "Skip to the content"
            </a>
            <header class="top">
                <Brand />
                <nav class="pg-links" aria-label="For developers">
                    <a href=PLAYGROUND_PATH aria-current="page">
                        "Playground"
                    </a>
                    <a href="/docs">"REST API"</a>
                    <a href="/docs/websocket">"WebSocket API"</a>
                </nav>
            </header>
            <main class="page pg" id="content" tabindex="-1">
                <div class="page-head">
                    <h1>"WebSocket playground"</h1>
                    <p class="page-lead">
                        "Make a token, connect, and send. Everything here runs against this server, in development only."
                    </p>
                </div>
                <noscript>
                    <p class="banner">"The playground needs scripts."</p>
                </noscript>
                {move || is_hydrated.get().then(content)}
            </main>
        }
        .into_any()
    }
}

#[cfg(feature = "hydrate")]
use view::content;

/// Nothing of it works without scripts.
#[cfg(not(feature = "hydrate"))]
fn content() -> AnyView {
    ().into_any()
}
