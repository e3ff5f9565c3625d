//! `/timers/{id}`

mod actions;
mod correct;
mod data;
mod details;
mod figures;
mod in_place;
mod picture;
mod share;
mod span;

pub use data::{Person, Sharing, TimerData, TimerEdit};
pub use span::{Part, Span};

#[cfg(feature = "ssr")]
use crate::{
    backend::{Backend, BackendError},
    page::PageRequest,
};
use crate::{
    components::When,
    links::Links,
    locale::Locale,
    navigation::Navigator,
    page::{LivePage, PageData},
    state::{Clock, LocalTimes, TimerEntry, TimerList},
    texts::{Table, TimerPageTexts},
};
use actions::Actions;
use correct::CorrectEnd;
use data::Shown;
use details::{Description, LinksOfTimer, Title};
use figures::Figures;
use leptos::prelude::*;
use picture::SpanPicture;
use protocol::{
    id::TimerId,
    time::Timestamp,
    timers::{Timer, TimerStatus},
};
use share::ShareForm;

/// A timer leaves the live list so long after its end at the earliest, in milliseconds.
const LISTED_MILLIS: i64 = 47 * 60 * 60 * 1000;

/// One timer.
pub struct TimerPage;

impl LivePage for TimerPage {
    const PATH: &'static str = "/timers/{id}";
    const FOLLOWS_TIMERS: bool = true;
    type Data = TimerData;
    type Edit = TimerEdit;

    #[cfg(feature = "ssr")]
    async fn load(backend: &dyn Backend, request: &PageRequest<'_>) -> Result<Option<TimerData>, BackendError> {
        match request.parameter.parse() {
            Ok(id) => backend.timer(request.parts, id).await,
            Err(_) => Ok(None),
        }
    }

    fn title(data: &TimerData, locale: Locale) -> String {
        let shown = data.shown(None, &Links::default());
        locale.title(shown.timer.title.as_deref()).to_owned()
    }

    fn view(data: PageData<TimerData, TimerEdit>) -> AnyView {
        view! { <TimerView data /> }.into_any()
    }
}

/// What all parts of the page need.
#[derive(Clone, Copy)]
struct View {
    data: PageData<TimerData, TimerEdit>,
    /// The live timer, if it is known live.
    entry: Memo<Option<TimerEntry>>,
    shown: Memo<Shown>,
    span: Memo<Span>,
    is_own: bool,
    clock: Clock,
    times: LocalTimes,
    locale: Locale,
    t: &'static TimerPageTexts,
}

impl View {
    /// A part of the timer, which changes only when that part does.
    fn part<T: PartialEq + Send + Sync + 'static>(self, read: fn(&Timer) -> T) -> Memo<T> {
        Memo::new(move |_| self.shown.with(|shown| read(&shown.timer)))
    }

    /// The path of the timer in the REST API.
    fn api_path(self) -> String {
        self.data.with_untracked(|data| format!("/v1/timers/{}", data.timer.id))
    }

    /// The title, or a placeholder.
    fn title(self) -> String {
        self.shown
            .with(|shown| self.locale.title(shown.timer.title.as_deref()).to_owned())
    }

    /// A time, with the date unless it is that of the timer's start.
    fn moment(self, at: Timestamp) -> String {
        let clock = self.times.local(at);
        let start = self.times.local(self.span.with(|span| span.from));
        let time = self.locale.time(clock);
        match clock.days_since(start) {
            0 => time,
            _ => format!("{}, {time}", self.locale.date(clock.date())),
        }
    }

    /// A date and time.
    fn date_time(self, at: Timestamp) -> String {
        let clock = self.times.local(at);
        format!("{}, {}", self.locale.full_date(clock.date()), self.locale.time(clock))
    }
}

#[component]
fn TimerView(data: PageData<TimerData, TimerEdit>) -> impl IntoView {
    let (timers, clock) = (expect_context::<TimerList>(), expect_context::<Clock>());
    let locale = Locale::current();
    let (id, is_own, utc_offsets) = data.with_untracked(|data| (data.timer.id, data.is_own, data.utc_offsets.clone()));
    let entry = Memo::new_with_compare(
        move |_| timers.find(id).filter(|_| is_own),
        move |before, after| key(before) != key(after),
    );
    let shown = Memo::new(move |_| {
        let live = entry.get().map(|entry| entry.item());
        data.with(|data| timers.with_links(|links| data.shown(live.as_ref().map(|item| &item.timer), links)))
    });
    let span = Memo::new(move |_| {
        let now = now(entry, clock);
        shown.with(|shown| Span::of(&shown.timer, now))
    });
    let view = View {
        data,
        entry,
        shown,
        span,
        is_own,
        clock,
        times: LocalTimes::new(utc_offsets),
        locale,
        t: TimerPageTexts::of(locale.language),
    };
    let is_gone = gone(view);
    if !is_own {
        refresh_by_the_minute(view);
    }
    view! {
        <div class="page-head one-head">
            <Title view />
            <When holds=move || !is_gone.get()>
                <Actions view />
            </When>
        </div>
        <When
            holds=move || !is_gone.get()
            fallback=move || {
                view! {
                    <div class="empty" data-testid="gone">
                        <p class="empty-title">{view.t.gone}</p>
                        <p>
                            <a href="/history">{view.t.to_history}</a>
                        </p>
                    </div>
                }
            }
        >
            <div class="one" data-testid="opened" data-status=move || view.part(status).get().as_str()>
                <Figures view />
                <SpanPicture view />
                <Description view />
                <LinksOfTimer view />
                <When holds=move || is_own>
                    <CorrectEnd view />
                    <ShareForm view />
                </When>
            </div>
        </When>
    }
    .into_any()
}

fn key(entry: Option<&Option<TimerEntry>>) -> Option<TimerId> {
    entry?.as_ref().map(TimerEntry::key)
}

fn status(timer: &Timer) -> TimerStatus {
    timer.status
}

/// Now: to the second for a live running timer, else to the minute.
fn now(entry: Memo<Option<TimerEntry>>, clock: Clock) -> Timestamp {
    let running = entry.get().and_then(|entry| {
        let item = entry.item();
        let timer = &item.timer;
        let open_millis = entry.elapsed_seconds() * 1000 - timer.elapsed_millis;
        (timer.status == TimerStatus::Running).then(|| timer.started_at.plus_millis(open_millis.max(0)))
    });
    running.unwrap_or_else(|| clock.now())
}

/// Whether the timer is deleted: here, or elsewhere while the page was open.
fn gone(view: View) -> Memo<bool> {
    let was_live = StoredValue::new(false);
    Memo::new(move |_| {
        let is_live = view.entry.with(Option::is_some);
        let is_lost = was_live.get_value() && !is_live && {
            let listed_since = view.clock.now().plus_millis(-LISTED_MILLIS);
            view.data
                .with(|data| data.timer.ended_at.is_none_or(|ended| ended > listed_since))
        };
        if is_live {
            was_live.set_value(true);
        }
        is_lost || view.shown.with(|shown| shown.is_deleted)
    })
}

/// Reads another user's active timer again each minute: their changes are not received here.
fn refresh_by_the_minute(view: View) {
    let navigator = expect_context::<Navigator>();
    Effect::new(move |before: Option<()>| {
        view.clock.now();
        let is_active = view.data.with_untracked(|data| data.timer.status.is_active());
        if before.is_some() && is_active {
            navigator.refresh();
        }
    });
}
