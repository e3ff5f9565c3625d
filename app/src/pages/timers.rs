//! `/`

#[cfg(feature = "ssr")]
use crate::{
    backend::{Backend, BackendError},
    page::PageRequest,
};
use crate::{
    components::{ActiveTimers, FinishedTimers, FriendsActivity, StartForm},
    locale::Locale,
    page::{LivePage, NoEdit, PageData},
    texts::{LayoutTexts, TimersTexts, texts},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The user's timers.
pub struct TimersPage;

/// The timers themselves are in the layout's data.
#[derive(Clone, Serialize, Deserialize)]
pub struct TimersData {}

impl LivePage for TimersPage {
    const PATH: &'static str = "/";
    type Data = TimersData;
    type Edit = NoEdit;

    #[cfg(feature = "ssr")]
    async fn load(_: &dyn Backend, _: &PageRequest<'_>) -> Result<Option<TimersData>, BackendError> {
        Ok(Some(TimersData {}))
    }

    fn title(_: &TimersData, locale: Locale) -> String {
        locale.texts::<LayoutTexts>().timers.to_owned()
    }

    fn view(_: PageData<TimersData, NoEdit>) -> AnyView {
        view! { <Timers /> }.into_any()
    }
}

#[component]
fn Timers() -> impl IntoView {
    let t = texts::<TimersTexts>();
    view! {
        <h1 class="visually-hidden">{t.heading}</h1>
        <StartForm />
        <div class="columns">
            <ActiveTimers />
            <aside class="side">
                <FinishedTimers />
                <FriendsActivity />
            </aside>
        </div>
    }
    .into_any()
}
