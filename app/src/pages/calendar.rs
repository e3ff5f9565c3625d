//! `/calendar`

#[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "nothing is done on the server"))]
mod actions;
mod axis;
mod data;
#[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "nothing is done on the server"))]
mod draft;
#[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "nothing is done on the server"))]
mod drag;
mod edit;
mod input;
mod lanes;
mod layout;
mod query;
mod repeat;
mod view;

#[cfg(feature = "ssr")]
pub use self::layout::leave_out;
pub use self::{
    data::{CalendarData, Day, Detail, Done, Entry, Key, Preview},
    draft::Scope,
    edit::CalendarEdit,
    query::{CalendarQuery, Shown},
    repeat::Every,
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

/// The maximum length of a rule's text, in characters.
pub const RULE_CHARS: usize = 2_000;

/// What the user has planned, beside what was done.
pub struct CalendarPage;

impl LivePage for CalendarPage {
    const PATH: &'static str = query::PATH;
    const FOLLOWS_TIMERS: bool = true;
    type Data = CalendarData;
    type Edit = CalendarEdit;

    #[cfg(feature = "ssr")]
    async fn load(backend: &dyn Backend, request: &PageRequest<'_>) -> Result<Option<CalendarData>, BackendError> {
        let query = CalendarQuery::of(request);
        backend.calendar(request.parts, query, request.locale).await
    }

    fn title(_: &CalendarData, locale: Locale) -> String {
        locale.texts::<LayoutTexts>().calendar.to_owned()
    }

    fn view(data: PageData<CalendarData, CalendarEdit>) -> AnyView {
        view! { <view::CalendarView data /> }.into_any()
    }
}
