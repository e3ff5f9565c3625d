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

/// The app. Links between pages reload the document (`rel="external"`), so every page starts from the server's data.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    // Async: one complete document that works without scripts and has its status in the head. The page's data is
    // preloaded, so rendering waits for nothing.
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
