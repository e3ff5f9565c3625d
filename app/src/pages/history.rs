//! `/history`

mod data;
mod filter;
mod filter_form;
mod list;
#[cfg(feature = "ssr")]
mod load;
mod row;

#[cfg(feature = "ssr")]
use crate::{
    backend::{Backend, BackendError},
    page::PageRequest,
};
use crate::{
    components::When,
    locale::Locale,
    page::{LivePage, PageData},
    state::{Clock, LocalTimes, TimerList},
    texts::{HistoryTexts, LayoutTexts, Table},
};
use data::{HistoryData, HistoryEdit, Row};
use filter_form::FilterForm;
use leptos::prelude::*;
use list::Entries;
use protocol::id::TimerId;

/// All timers of the user.
pub struct HistoryPage;

impl LivePage for HistoryPage {
    const PATH: &'static str = "/history";
    const FOLLOWS_TIMERS: bool = true;
    type Data = HistoryData;
    type Edit = HistoryEdit;

    #[cfg(feature = "ssr")]
    async fn load(backend: &dyn Backend, request: &PageRequest<'_>) -> Result<Option<HistoryData>, BackendError> {
        load::load(backend, request).await
    }

    fn title(_: &HistoryData, locale: Locale) -> String {
        locale.texts::<LayoutTexts>().history.to_owned()
    }

    fn view(data: PageData<HistoryData, HistoryEdit>) -> AnyView {
        view! { <History data /> }.into_any()
    }
}

/// What all parts of the page need.
#[derive(Clone, Copy)]
struct View {
    data: PageData<HistoryData, HistoryEdit>,
    /// The selected timers; some may not be on the page any more.
    selected: RwSignal<Vec<TimerId>>,
    timers: TimerList,
    clock: Clock,
    times: LocalTimes,
    locale: Locale,
    t: &'static HistoryTexts,
}

impl View {
    /// The seconds that running timers have run since the page's data was read.
    fn seconds_since<'r>(self, rows: impl Iterator<Item = &'r Row>) -> i64 {
        let active = rows.filter(|row| row.status.is_active());
        active
            .filter_map(|row| Some(self.timers.find(row.id)?.elapsed_seconds() - row.seconds))
            .sum()
    }

    /// The number of timers with their time.
    fn sum(self, count: i64, seconds: i64) -> String {
        (self.t.sum)(count, &self.locale.span(seconds))
    }

    /// The selected timers that are on the page.
    fn selected(self) -> Vec<TimerId> {
        let selected = self.selected.get();
        self.data.with(|data| {
            let ids = data.rows().map(|row| row.id);
            ids.filter(|id| selected.contains(id)).collect()
        })
    }
}

#[component]
fn History(data: PageData<HistoryData, HistoryEdit>) -> impl IntoView {
    let locale = Locale::current();
    let view = View {
        data,
        selected: RwSignal::new(Vec::new()),
        timers: expect_context(),
        clock: expect_context(),
        times: LocalTimes::new(data.with_untracked(|data| data.utc_offsets.clone())),
        locale,
        t: HistoryTexts::of(locale.language),
    };
    let t = view.t;
    let is_empty = Memo::new(move |_| data.with(|data| data.weeks.is_empty()));
    let is_filtered = Memo::new(move |_| data.with(|data| !data.filter.is_empty()));
    let sum = move || {
        let sum = data.with(|data| data.sum);
        sum.map(|sum| view.sum(sum.count, sum.seconds)).unwrap_or_default()
    };
    let nothing = move || match is_filtered.get() {
        true => view! {
            <div class="empty" data-testid="no-match">
                <p class="empty-title">{t.no_match}</p>
                <p>
                    <a href="/history">{t.clear}</a>
                </p>
            </div>
        }
        .into_any(),
        false => view! {
            <div class="empty">
                <p class="empty-title">{t.none}</p>
                <p>{t.none_hint}</p>
                <p>
                    <a class="button primary" href="/#timer-title">
                        {t.first}
                    </a>
                </p>
            </div>
        }
        .into_any(),
    };
    view! {
        <div class="page-head">
            <h1>{locale.texts::<LayoutTexts>().history}</h1>
            <p class="history-sum" role="status">
                {move || sum()}
            </p>
        </div>
        <FilterForm view />
        <When holds=move || !is_empty.get() fallback=nothing>
            <Entries view />
        </When>
        <Pages view />
    }
    .into_any()
}

/// The links to older and to the newest timers.
#[component]
fn Pages(view: View) -> impl IntoView {
    let (data, t) = (view.data, view.t);
    let older = Memo::new(move |_| data.with(|data| data.next.as_deref().map(|next| data.filter.address(Some(next)))));
    let newest = Memo::new(move |_| data.with(|data| (!data.is_newest).then(|| data.filter.address(None))));
    view! {
        <When holds=move || older.get().is_some() || newest.get().is_some()>
            <nav class="history-pages" aria-label=t.pages>
                <When holds=move || newest.get().is_some()>
                    <a class="button" href=move || newest.get()>
                        {t.newest}
                    </a>
                </When>
                <When holds=move || older.get().is_some()>
                    <a class="button" rel="next" href=move || older.get()>
                        {t.older}
                    </a>
                </When>
            </nav>
        </When>
    }
    .into_any()
}
