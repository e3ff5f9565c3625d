//! `/`

use crate::{
    agenda::Planned,
    components::{ActiveTimers, FinishedTimers, FriendsActivity, NextToday, StartForm},
    locale::Locale,
    page::{LivePage, NoEdit, PageData},
    texts::{LayoutTexts, TimersTexts, texts},
};
#[cfg(feature = "ssr")]
use crate::{
    backend::{Backend, BackendError},
    page::PageRequest,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The user's timers.
pub struct TimersPage;

/// What is planned for the rest of today. The timers themselves are in the layout's data.
#[derive(Clone, Serialize, Deserialize)]
pub struct TimersData {
    next: Vec<Planned>,
}

/// The number of plans that are shown.
#[cfg(feature = "ssr")]
const MAX_NEXT: usize = 5;

impl LivePage for TimersPage {
    const PATH: &'static str = "/";
    type Data = TimersData;
    type Edit = NoEdit;

    #[cfg(feature = "ssr")]
    async fn load(backend: &dyn Backend, request: &PageRequest<'_>) -> Result<Option<TimersData>, BackendError> {
        let today = backend.today(request.parts, &request.account.id).await?;
        // Both ends of a window are inclusive: what begins at midnight is tomorrow's.
        let window = (today.now, today.end.plus_millis(-1));
        let next = backend
            .agenda(request.parts, &request.account.id, window, MAX_NEXT)
            .await?;
        Ok(Some(TimersData { next }))
    }

    fn title(_: &TimersData, locale: Locale) -> String {
        locale.texts::<LayoutTexts>().timers.to_owned()
    }

    fn view(data: PageData<TimersData, NoEdit>) -> AnyView {
        view! { <Timers data /> }.into_any()
    }
}

#[component]
fn Timers(data: PageData<TimersData, NoEdit>) -> impl IntoView {
    let t = texts::<TimersTexts>();
    view! {
        <h1 class="visually-hidden">{t.heading}</h1>
        <StartForm />
        <div class="columns">
            <ActiveTimers />
            <aside class="side">
                <NextToday planned=Signal::derive(move || data.with(|data| data.next.clone())) />
                <FinishedTimers />
                <FriendsActivity />
            </aside>
        </div>
    }
    .into_any()
}
