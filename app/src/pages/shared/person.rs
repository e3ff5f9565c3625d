//! What one owner shares.

use super::data::{Person, SharedData, SharedSchedule, SharedTimer, SharedTodo};
use crate::{
    components::{RowSource, Rows, When, move_in_list, rows},
    locale::Locale,
    page::{NoEdit, PageData},
    query::percent_encode,
    state::Clock,
    texts::SharedTexts,
};
use leptos::prelude::*;
use protocol::{id::UserId, time::Timestamp, timers::TimerStatus, todo::TodoStatus};

/// An owner as a card with timers, todos and schedules.
#[component]
pub fn PersonCard(data: PageData<SharedData, NoEdit>, id: Option<UserId>) -> impl IntoView {
    let (clock, locale) = (expect_context::<Clock>(), Locale::current());
    let t = locale.texts::<SharedTexts>();
    let heading = match &id {
        Some(id) => format!("owner-{}", percent_encode(id.as_str())),
        None => "owner".to_owned(),
    };
    let id_of_heading = heading.clone();
    let is_stranger = id.is_none();
    let person = Memo::new(move |_| data.with(|data| data.people.iter().find(|person| person.id == id).cloned()));
    let shown = Shown { person, clock, locale };
    let name = move || {
        person.with(|person| {
            let name = person.as_ref().and_then(|person| person.name.clone());
            name.unwrap_or_else(|| {
                if is_stranger {
                    t.everybody.to_owned()
                } else {
                    t.nameless.to_owned()
                }
            })
        })
    };
    let is_running = move || person.with(|person| person.as_ref().is_some_and(Person::is_running));
    let initial = move || name().chars().take(1).flat_map(char::to_uppercase).collect::<String>();
    view! {
        <section class="shared-person" data-testid="owner" aria-labelledby=heading class:running=is_running>
            <header class="shared-head">
                <span class="friend-face" aria-hidden="true">
                    {move || initial()}
                </span>
                <h2 id=id_of_heading>{move || name()}</h2>
            </header>
            <Kind
                heading=t.timers
                any=Signal::derive(move || shown.with(|person| !person.timers.is_empty()))
                items=timers
                shown
            />
            <Kind
                heading=t.todos
                any=Signal::derive(move || shown.with(|person| !person.todos.is_empty()))
                items=todos
                shown
            />
            <Kind
                heading=t.schedules
                any=Signal::derive(move || shown.with(|person| !person.schedules.is_empty()))
                items=schedules
                shown
            />
        </section>
    }
    .into_any()
}

/// A list with its heading; nothing without items.
#[component]
fn Kind(heading: &'static str, any: Signal<bool>, items: fn(Shown) -> RowSource, shown: Shown) -> impl IntoView {
    view! {
        <When holds=move || any.get()>
            <h3>{heading}</h3>
            <ul class="shared-list" role="list" on:keydown=move |event| move_in_list(&event)>
                <Rows each=items(shown) />
            </ul>
        </When>
    }
    .into_any()
}

/// What the lists of a card are made of.
#[derive(Clone, Copy)]
struct Shown {
    person: Memo<Option<Person>>,
    clock: Clock,
    locale: Locale,
}

impl Shown {
    fn with<T: Default>(self, read: impl FnOnce(&Person) -> T) -> T {
        self.person.with(|person| person.as_ref().map(read).unwrap_or_default())
    }
}

/// The rows. A row never changes: its content is its key.
fn timers(shown: Shown) -> RowSource {
    let Shown { clock, locale, .. } = shown;
    rows(
        move || shown.with(|person| person.timers.clone()),
        SharedTimer::clone,
        move |shared| timer(shared, clock, locale),
    )
}

fn todos(shown: Shown) -> RowSource {
    let Shown { clock, locale, .. } = shown;
    rows(
        move || shown.with(|person| person.todos.clone()),
        SharedTodo::clone,
        move |shared| todo(shared, clock, locale),
    )
}

fn schedules(shown: Shown) -> RowSource {
    let Shown { clock, locale, .. } = shown;
    rows(
        move || shown.with(|person| person.schedules.clone()),
        SharedSchedule::clone,
        move |shared| schedule(shared, clock, locale),
    )
}

/// A timer with a link to its page; the time of a running one counts on.
fn timer(timer: SharedTimer, clock: Clock, locale: Locale) -> AnyView {
    let (status, since, id) = (timer.status, timer.since, timer.id);
    let title = locale.title(timer.title.as_deref()).to_owned();
    let class = match status {
        TimerStatus::Running => "shared-item running",
        TimerStatus::Cancelled => "shared-item over",
        _ => "shared-item",
    };
    let ran = move || {
        let elapsed = timer.elapsed_seconds(clock.now());
        format!(
            "{} · {}",
            locale.status(status),
            locale.part(elapsed, timer.allocated_seconds)
        )
    };
    view! {
        <li class=class data-testid="shared-timer" data-status=status.as_str()>
            <a class="shared-title" href=format!("/timers/{id}") data-row>
                {title}
            </a>
            <Moment at=since />
            <span class="shared-does">{move || ran()}</span>
        </li>
    }
    .into_any()
}

fn todo(todo: SharedTodo, clock: Clock, locale: Locale) -> AnyView {
    let t = locale.texts::<SharedTexts>();
    let class = match todo.status {
        TodoStatus::Done | TodoStatus::Cancelled => "shared-item over",
        _ => "shared-item",
    };
    let deadline = todo.deadline;
    let due = move || {
        let due = deadline.map(|due| locale.near_day(clock.local(due), clock.local(clock.day_start())));
        due.map(|due| (t.due)(&due))
    };
    view! {
        <li class=class data-testid="shared-todo">
            <span class="shared-title">{todo.title}</span>
            <span class="shared-time">{move || due()}</span>
            <span class="shared-does">{(t.todo_status)(todo.status)}</span>
        </li>
    }
    .into_any()
}

fn schedule(schedule: SharedSchedule, clock: Clock, locale: Locale) -> AnyView {
    let t = locale.texts::<SharedTexts>();
    let (start, end, is_all_day) = (schedule.start, schedule.end, schedule.is_all_day);
    let times = move || match is_all_day {
        true => t.all_day.to_owned(),
        false => format!("{}–{}", locale.time(clock.local(start)), locale.time(clock.local(end))),
    };
    view! {
        <li class="shared-item" data-testid="shared-schedule">
            <span class="shared-title">{schedule.title}</span>
            <span class="shared-time">{move || locale.date(clock.local(start).date())}</span>
            <span class="shared-does">{move || times()}</span>
        </li>
    }
    .into_any()
}

/// When a timer was started, paused or ended.
#[component]
fn Moment(at: Timestamp) -> impl IntoView {
    let (clock, locale) = (expect_context::<Clock>(), Locale::current());
    // Not with `Timestamp::websocket`, which would pull the whole timezone database into the WebAssembly.
    let datetime = at.to_utc().to_rfc3339();
    view! {
        <time class="shared-time" datetime=datetime>
            {move || locale.near_day(clock.local(at), clock.local(clock.day_start()))}
        </time>
    }
    .into_any()
}
