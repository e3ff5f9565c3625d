//! `/notifications`

mod edit;
mod item;
mod kinds;

pub use edit::NotificationsEdit;

#[cfg(feature = "ssr")]
use crate::{
    backend::{Backend, BackendError},
    page::PageRequest,
};
use crate::{
    components::{Rows, When, move_in_list, rows},
    locale::Locale,
    page::{LivePage, PageData},
    state::{Clock, UnreadCount},
    texts::{LayoutTexts, NotificationsTexts, texts},
    writes::Write,
};
use item::Item;
use kinds::Kinds;
use leptos::prelude::*;
use protocol::{
    id::NotificationId,
    notification::{Notification, NotificationSettings},
};
use serde::{Deserialize, Serialize};

/// What the user is told about.
pub struct NotificationsPage;

/// A part of the list, and which kinds are told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationsData {
    /// Newest first.
    pub items: Vec<Notification>,
    /// The last one, if there are more after it.
    pub next: Option<NotificationId>,
    /// Whether there are newer ones than these.
    pub is_continued: bool,
    pub settings: NotificationSettings,
}

type Data = PageData<NotificationsData, NotificationsEdit>;

impl LivePage for NotificationsPage {
    const PATH: &'static str = "/notifications";
    type Data = NotificationsData;
    type Edit = NotificationsEdit;

    #[cfg(feature = "ssr")]
    async fn load(backend: &dyn Backend, request: &PageRequest<'_>) -> Result<Option<NotificationsData>, BackendError> {
        let before = request.query("before").and_then(|id| id.parse().ok());
        backend.notifications(&request.account.id, before).await.map(Some)
    }

    fn title(_: &NotificationsData, locale: Locale) -> String {
        locale.texts::<LayoutTexts>().notifications.to_owned()
    }

    fn view(data: Data) -> AnyView {
        view! { <Notifications data /> }.into_any()
    }
}

#[component]
fn Notifications(data: Data) -> impl IntoView {
    let (clock, unread) = (expect_context::<Clock>(), expect_context::<UnreadCount>());
    let (t, l) = (texts::<NotificationsTexts>(), texts::<LayoutTexts>());
    let items = move || {
        rows(
            move || data.with(|data| data.items.clone()),
            Notification::clone,
            move |notification| view! { <Item data notification /> }.into_any(),
        )
    };
    let is_empty = Memo::new(move |_| data.with(|data| data.items.is_empty()));
    let is_continued = Memo::new(move |_| data.with(|data| data.is_continued));
    let next = Memo::new(move |_| data.with(|data| data.next));
    let read_all = move |_| {
        let at = untrack(|| clock.now());
        unread.read(u64::MAX);
        data.edit(
            NotificationsEdit::ReadAll { at },
            Write::post("/v1/notifications/read-all", &()),
        );
    };
    view! {
        <div class="page-head">
            <h1>{l.notifications}</h1>
            <p class="page-lead">{t.lead}</p>
        </div>
        <div class="columns">
            <section class="people-section" aria-label=l.notifications>
                <When holds=move || unread.get() != 0>
                    <p class="notification-tools">
                        <button class="button" type="button" disabled=move || !clock.is_hydrated() on:click=read_all>
                            {t.read_all}
                        </button>
                    </p>
                </When>
                <When
                    holds=move || !is_empty.get()
                    fallback=move || {
                        view! {
                            <div class="empty">
                                <p class="empty-title">{t.empty}</p>
                                <p>{t.empty_hint}</p>
                            </div>
                        }
                            .into_any()
                    }
                >
                    <ul class="people-list" role="list" on:keydown=move |event| move_in_list(&event)>
                        <Rows each=items() />
                    </ul>
                </When>
                <nav class="more" aria-label=t.pages>
                    <When holds=move || is_continued.get()>
                        <a class="button" href="/notifications">
                            {t.newest}
                        </a>
                    </When>
                    {move || {
                        next.get()
                            .map(|id| {
                                view! {
                                    <a class="button" href=format!("/notifications?before={id}")>
                                        {t.older}
                                    </a>
                                }
                                    .into_any()
                            })
                    }}
                </nav>
            </section>
            <aside class="side">
                <Kinds data />
            </aside>
        </div>
    }
    .into_any()
}
