//! `/shared`

mod data;
mod person;

pub use data::{Person, SharedData, SharedSchedule, SharedTimer, SharedTodo, sort_people};

#[cfg(feature = "ssr")]
use crate::{
    backend::{Backend, BackendError},
    page::PageRequest,
};
use crate::{
    components::{Rows, When, rows},
    locale::Locale,
    page::{LivePage, NoEdit, PageData},
    texts::{LayoutTexts, SharedTexts, texts},
};
use leptos::prelude::*;
use person::PersonCard;
use protocol::sharing::ResourceKind;

/// What others share with the user; it is read again when they change it.
pub struct SharedPage;

impl LivePage for SharedPage {
    const PATH: &'static str = "/shared";
    type Data = SharedData;
    type Edit = NoEdit;

    #[cfg(feature = "ssr")]
    async fn load(backend: &dyn Backend, request: &PageRequest<'_>) -> Result<Option<SharedData>, BackendError> {
        let kind = request.query("kind").and_then(|kind| kind.parse().ok());
        backend.shared(request.parts, kind, request.query("after")).await
    }

    fn title(_: &SharedData, locale: Locale) -> String {
        locale.texts::<LayoutTexts>().shared.to_owned()
    }

    fn view(data: PageData<SharedData, NoEdit>) -> AnyView {
        view! { <Shared data /> }.into_any()
    }
}

#[component]
fn Shared(data: PageData<SharedData, NoEdit>) -> impl IntoView {
    let t = texts::<SharedTexts>();
    let people = rows(
        move || data.with(|data| data.people.iter().map(|person| person.id.clone()).collect()),
        |id| id.clone(),
        move |id| view! { <PersonCard data id /> }.into_any(),
    );
    let is_empty = Memo::new(move |_| data.with(|data| data.people.is_empty()));
    let is_incomplete = Memo::new(move |_| data.with(|data| data.is_incomplete));
    let is_limited = move || data.with(|data| data.kind.is_some());
    let next = move || data.with(|data| data.next.clone());
    let more = move |(kind, cursor): (ResourceKind, String)| {
        view! {
            <a class="button" href=format!("/shared?kind={}&after={cursor}", kind.as_str())>
                {(t.more)(kind)}
            </a>
        }
        .into_any()
    };
    view! {
        <div class="page-head">
            <h1>{t.heading}</h1>
            <p class="page-lead">{t.lead}</p>
        </div>
        <When holds=move || is_empty.get()>
            <section class="empty">
                <p class="empty-title">{t.empty}</p>
                <p>{t.empty_hint}</p>
                <a class="button" href="/friends">
                    {t.to_friends}
                </a>
            </section>
        </When>
        <When holds=move || is_incomplete.get()>
            <p class="banner">{t.incomplete}</p>
        </When>
        <div class="shared-people">
            <Rows each=people />
        </div>
        <nav class="more" aria-label=t.pages>
            {move || {
                is_limited()
                    .then(|| {
                        view! {
                            <a class="button" href="/shared">
                                {t.first}
                            </a>
                        }
                            .into_any()
                    })
            }}
            {move || next().into_iter().map(more).collect_view()}
        </nav>
    }
    .into_any()
}
