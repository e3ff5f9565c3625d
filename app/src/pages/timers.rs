//! `/`

#[cfg(feature = "ssr")]
use crate::{
    backend::{Backend, BackendError},
    page::Loaded,
};
use crate::{
    components::{ActiveTimers, Alerts, FinishedTimers, FriendsActivity, Header, StartForm, set_page_title},
    live::Live,
    page::Page,
    snapshot::TimersSnapshot,
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
    let live = Live::new(snapshot);
    provide_context(live);
    begin(live);
    set_page_title(move || title_now(live));
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
        <p class="visually-hidden" role="status">
            {move || live.announcement.get()}
        </p>
    }
    .into_any()
}

/// Starts the live parts after hydration, whose first view must equal the server's.
fn begin(live: Live) {
    #[cfg(feature = "hydrate")]
    crate::hydrate::mark_pending(move || live.waiting.get() > 0);
    #[cfg(feature = "hydrate")]
    Effect::new(move |started: Option<()>| {
        if started.is_none() {
            live.hydrated.set(true);
            crate::browser::remember_time_zone();
            crate::live::start(live);
        }
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = live;
}

/// The newest running timer's time, readable in the browser's tab.
fn title_now(live: Live) -> String {
    live.timers.with(|timers| {
        let running = timers.iter().find(|shown| shown.timer.status == TimerStatus::Running);
        running.map_or_else(
            || "Lockstep".to_owned(),
            |shown| {
                let remaining = shown.timer.remaining_seconds_at(live.now.get());
                let title = text::title(shown.timer.title.as_deref());
                format!("{} · {title} – Lockstep", text::clock(remaining))
            },
        )
    })
}
