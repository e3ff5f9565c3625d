//! `/`

#[cfg(feature = "ssr")]
use crate::{
    backend::{Backend, BackendError},
    page::Loaded,
};
use crate::{
    components::{ActiveTimers, Alerts, FinishedTimers, FriendsActivity, Header, StartForm, set_page_title},
    page::Page,
    snapshot::TimersSnapshot,
    state::{TimerList, provide_page_state},
    text,
};
#[cfg(feature = "ssr")]
use http::request::Parts;
use leptos::prelude::*;
use protocol::timers::TimerStatus;

/// The user's timers. Signed-out visitors are redirected to the sign-in page.
pub struct TimersPage;

impl Page for TimersPage {
    const PATH: &'static str = "/";
    type Data = TimersSnapshot;

    #[cfg(feature = "ssr")]
    async fn load(backend: &dyn Backend, request: &Parts) -> Result<Loaded<TimersSnapshot>, BackendError> {
        let snapshot = backend.timers(request).await?;
        Ok(snapshot.map_or(Loaded::Redirect("/sign-in"), Loaded::Page))
    }

    fn view(snapshot: TimersSnapshot) -> AnyView {
        view! { <Timers snapshot /> }.into_any()
    }
}

#[component]
fn Timers(snapshot: TimersSnapshot) -> impl IntoView {
    let account = snapshot.account.clone();
    let timers = provide_page_state(snapshot).timers;
    set_page_title(move || title_now(timers));
    view! {
        <Header account />
        <main class="page">
            <noscript>
                <p class="banner">
                    "JavaScript is off, so this is how your timers stood when the page was loaded. To start and pause them, and to see changes as they happen, allow JavaScript and reload."
                </p>
            </noscript>
            <h1 class="visually-hidden">"Your timers"</h1>
            <StartForm />
            <div class="columns">
                <ActiveTimers />
                <aside class="side">
                    <FinishedTimers />
                    <FriendsActivity />
                </aside>
            </div>
        </main>
        <Alerts />
    }
    .into_any()
}

/// The newest running timer's time, readable in the browser's tab.
fn title_now(timers: TimerList) -> String {
    let running = timers.active().into_iter().find_map(|entry| {
        let item = entry.item();
        (item.timer.status == TimerStatus::Running).then_some((entry, item))
    });
    running.map_or_else(
        || "Lockstep".to_owned(),
        |(entry, item)| {
            let remaining = item.timer.allocated_seconds - entry.elapsed_seconds();
            let title = text::title(item.timer.title.as_deref());
            format!("{} · {title} – Lockstep", text::clock(remaining))
        },
    )
}
