//! `/todos`

mod actions;
mod data;
mod edit;
mod folds;
mod input;
mod tree;
mod view;

pub use self::{
    data::{Detail, Group, Planned, Shown, TodoRow, TodosData, TodosQuery},
    edit::TodoEdit,
    folds::{FOLDS_COOKIE, folds_of},
};
#[cfg(feature = "ssr")]
use crate::{
    backend::{Backend, BackendError},
    page::PageRequest,
};
use crate::{
    locale::Locale,
    page::{LivePage, PageData},
    texts::LayoutTexts,
};
use leptos::prelude::*;

/// The user's todos as a tree by groups.
pub struct TodosPage;

impl LivePage for TodosPage {
    const PATH: &'static str = data::PATH;
    const FOLLOWS_TIMERS: bool = true;
    type Data = TodosData;
    type Edit = TodoEdit;

    #[cfg(feature = "ssr")]
    async fn load(backend: &dyn Backend, request: &PageRequest<'_>) -> Result<Option<TodosData>, BackendError> {
        backend.todos(request.parts, TodosQuery::of(request)).await
    }

    fn title(_: &TodosData, locale: Locale) -> String {
        locale.texts::<LayoutTexts>().todos.to_owned()
    }

    fn view(data: PageData<TodosData, TodoEdit>) -> AnyView {
        view! { <view::TodosView data /> }.into_any()
    }
}
