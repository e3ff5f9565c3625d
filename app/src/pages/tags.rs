//! `/tags`

mod data;
mod edit;
mod editor;
mod group;
mod palette;
mod row;
mod state;

pub use data::{Goal, Group, TagItem, TagsData, TagsQuery};
pub use edit::TagsEdit;

#[cfg(feature = "ssr")]
use crate::{
    backend::{Backend, BackendError},
    page::PageRequest,
};
use crate::{
    components::{Rows, SearchField, When, rows},
    locale::Locale,
    page::{LivePage, PageData},
    query::Query,
    state::Clock,
    texts::{LayoutTexts, TagsTexts, texts},
};
use editor::Editor;
use group::GroupCard;
use leptos::prelude::*;
use state::{Draft, TagsState, Target};

/// The user's tag groups and tags.
pub struct TagsPage;

impl LivePage for TagsPage {
    const PATH: &'static str = "/tags";
    const FOLLOWS_TIMERS: bool = true;
    type Data = TagsData;
    type Edit = TagsEdit;

    #[cfg(feature = "ssr")]
    async fn load(backend: &dyn Backend, request: &PageRequest<'_>) -> Result<Option<TagsData>, BackendError> {
        let search = request.query("q").unwrap_or_default();
        let query = TagsQuery {
            search: search.chars().take(protocol::limits::SEARCH_CHARS).collect(),
            group: request.query("group").and_then(|id| id.parse().ok()),
            after: request.query("after"),
        };
        backend.tags(request.parts, query, request.locale.week_start).await
    }

    fn title(_: &TagsData, locale: Locale) -> String {
        locale.texts::<LayoutTexts>().tags.to_owned()
    }

    fn view(data: PageData<TagsData, TagsEdit>) -> AnyView {
        view! { <Tags data /> }.into_any()
    }
}

#[component]
fn Tags(data: PageData<TagsData, TagsEdit>) -> impl IntoView {
    let state = TagsState::new(data);
    provide_context(state);
    let (clock, t) = (expect_context::<Clock>(), texts::<TagsTexts>());
    let groups = rows(
        move || data.with(|data| data.groups.iter().map(|group| group.id).collect()),
        |id| *id,
        |id| view! { <GroupCard id /> }.into_any(),
    );
    let is_empty = Memo::new(move |_| data.with(|data| data.groups.is_empty()));
    let next = move || data.with(|data| data.next.as_ref().map(|next| next_href(&data.query, next)));
    let text = data.with_untracked(|data| data.query.search.clone());
    let close = move |()| state.close("tags-new");
    let create = move |draft: Draft| {
        state.create_group(draft);
    };
    view! {
        <div class="page-head">
            <h1>{t.heading}</h1>
            <div class="tags-tools">
                <SearchField action="/tags" label=t.search text />
                <button
                    class="button primary"
                    id="tags-new"
                    type="button"
                    disabled=move || !clock.is_hydrated()
                    on:click=move |_| state.open(Target::NewGroup)
                >
                    {t.new_group}
                </button>
            </div>
            <p class="page-lead">{t.lead}</p>
        </div>
        <When holds=move || state.is_open(Target::NewGroup)>
            <section class="tag-group" aria-label=t.new_group>
                <Editor
                    id="new-group".to_owned()
                    draft=state.new_draft()
                    save=Callback::new(create)
                    close=Callback::new(close)
                />
            </section>
        </When>
        <When holds=move || is_empty.get()>
            <Empty data />
        </When>
        <div class="tag-groups">
            <Rows each=groups />
        </div>
        <nav class="more" aria-label=t.pages>
            {move || {
                data.with(TagsData::is_filtered)
                    .then(|| {
                        view! {
                            <a class="button" href="/tags">
                                {t.all_groups}
                            </a>
                        }
                            .into_any()
                    })
            }}
            {move || {
                next()
                    .map(|href| {
                        view! {
                            <a class="button" href=href>
                                {t.more_groups}
                            </a>
                        }
                            .into_any()
                    })
            }}
        </nav>
    }
    .into_any()
}

/// What belongs here, and the first step.
#[component]
fn Empty(data: PageData<TagsData, TagsEdit>) -> impl IntoView {
    let t = texts::<TagsTexts>();
    let (title, hint) = data.with_untracked(|data| match data.is_filtered() {
        true => (t.none_found, ""),
        false => (t.empty, t.empty_hint),
    });
    view! {
        <section class="empty">
            <p class="empty-title">{title}</p>
            <p>{hint}</p>
        </section>
    }
    .into_any()
}

/// The address of the next groups.
fn next_href(query: &TagsQuery, next: &str) -> String {
    let query = Query::default().with("q", &query.search).with("after", next);
    query.address(TagsPage::PATH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_the_next_groups_keeps_the_search() {
        let mut query = TagsQuery::default();
        assert_eq!(next_href(&query, "abc"), "/tags?after=abc");
        query.search = "a&b 일".into();
        assert_eq!(next_href(&query, "abc"), "/tags?q=a%26b%20%EC%9D%BC&after=abc");
    }
}
