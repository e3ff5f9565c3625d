//! The routes.

use crate::{
    components::PageTitle,
    pages::{NotFound, SignInPage, SignUpPage, TimersPage},
};
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

/// The app. Links between pages load them anew (`rel="external"`), so every page begins with what the server knows.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    // Async: one whole document, complete without scripts, and with its status in the head. What a page begins with is
    // preloaded, so nothing in it is waited for.
    view! {
        <PageTitle text="Lockstep" />
        <Router>
            <Routes fallback=|| view! { <NotFound /> }>
                <Route path=path!("/") view=TimersPage ssr=SsrMode::Async />
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async />
                <Route path=path!("/sign-up") view=SignUpPage ssr=SsrMode::Async />
            </Routes>
        </Router>
    }
}
