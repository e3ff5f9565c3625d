//! The form of the filter. Without scripts it is a GET form; with them, what is changed is looked for at once.

use super::{
    View,
    filter::{FROM, HistoryFilter, SCHEDULE, STATUS, TAG, TEXT, TO, TODO},
};
use crate::{
    components::{TagDot, When},
    links::TagLink,
    navigation::Navigator,
    texts::{TimersTexts, texts},
};
use leptos::{ev::SubmitEvent, prelude::*};
use protocol::{
    id::{ScheduleId, TodoId},
    limits,
    timers::TimerStatus,
};
use std::time::Duration;
use uuid::Uuid;

/// How long typing rests before the text is looked for.
const TYPING: Duration = Duration::from_millis(250);

/// The filter as it is chosen, and its search.
#[derive(Clone, Copy)]
struct Search {
    filter: RwSignal<HistoryFilter>,
    navigator: Navigator,
    timeout: StoredValue<Option<TimeoutHandle>>,
}

impl Search {
    /// Changes the filter and looks for it after a while.
    fn change(self, wait: Duration, change: impl FnOnce(&mut HistoryFilter)) {
        self.filter.update(change);
        self.cancel();
        if wait.is_zero() {
            self.run();
            return;
        }
        let handle = set_timeout_with_handle(move || self.run(), wait).ok();
        self.timeout.set_value(handle);
    }

    fn run(self) {
        if let Some(query) = self.filter.try_with_untracked(|filter| filter.query(None)) {
            self.navigator.set_query(&query);
        }
    }

    fn cancel(self) {
        if let Some(handle) = self.timeout.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    }
}

/// A text, and behind it status, tags, dates, schedule and todo.
#[component]
pub fn FilterForm(view: View) -> impl IntoView {
    let t = view.t;
    let first = view.data.with_untracked(|data| data.filter.clone());
    let is_open = first.has_choices();
    let search = Search {
        filter: RwSignal::new(first.clone()),
        navigator: expect_context(),
        timeout: StoredValue::new(None),
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        search.change(Duration::ZERO, |_| {});
    };
    let is_filtered = Memo::new(move |_| search.filter.with(|filter| !filter.is_empty()));
    on_cleanup(move || search.cancel());
    view! {
        <form class="history-filter" method="get" action="/history" role="search" on:submit=submit>
            <div class="history-text">
                <label for="history-text">{t.text}</label>
                <input
                    id="history-text"
                    name=TEXT
                    type="search"
                    data-search
                    autocomplete="off"
                    maxlength=limits::SEARCH_CHARS.to_string()
                    placeholder=t.text_hint
                    value=Some(first.text.clone()).filter(|text| !text.is_empty())
                    on:input:target=move |event| {
                        let text = event.target().value();
                        search.change(TYPING, |filter| text.trim().clone_into(&mut filter.text));
                    }
                />
            </div>
            <button class="button history-go" type="submit">
                {t.search}
            </button>
            <When holds=move || is_filtered.get()>
                <a class="button quiet" href="/history">
                    {t.clear}
                </a>
            </When>
            <details class="link-chooser" open=is_open>
                <summary>{t.more}</summary>
                <div class="history-choices">
                    <Statuses view search />
                    <Tags view search />
                    <div class="history-dates">
                        {date_field("history-from", FROM, t.from, first.from, search)}
                        {date_field("history-to", TO, t.to, first.to, search)} <Links view search />
                    </div>
                </div>
            </details>
        </form>
    }
    .into_any()
}

fn date_field(id: &'static str, name: &'static str, label: &'static str, value: String, search: Search) -> AnyView {
    let change = move |value: String| {
        search.change(Duration::ZERO, |filter| {
            let field = if name == FROM { &mut filter.from } else { &mut filter.to };
            *field = value;
        });
    };
    view! {
        <div class="link-choice">
            <label for=id>{label}</label>
            <input
                id=id
                name=name
                type="date"
                autocomplete="off"
                value=Some(value).filter(|value| !value.is_empty())
                on:change:target=move |event| change(event.target().value())
            />
        </div>
    }
    .into_any()
}

#[component]
fn Statuses(view: View, search: Search) -> impl IntoView {
    let status = move |status: TimerStatus| {
        let is_chosen = search.filter.with_untracked(|filter| filter.statuses.contains(&status));
        let toggle = move || {
            search.change(Duration::ZERO, |filter| toggle(&mut filter.statuses, status));
        };
        let name = view! { <span>{view.locale.status(status)}</span> }.into_any();
        check(STATUS, status.as_str().to_owned(), is_chosen, name, toggle)
    };
    view! {
        <fieldset class="history-checks">
            <legend>{view.t.status}</legend>
            {TimerStatus::ALL.iter().map(|one| status(*one)).collect_view()}
        </fieldset>
    }
    .into_any()
}

#[component]
fn Tags(view: View, search: Search) -> impl IntoView {
    let tags = Memo::new(move |_| view.timers.with_links(|links| links.tags.clone()));
    let tag = move |tag: TagLink| {
        let id = tag.id;
        let is_chosen = search.filter.with_untracked(|filter| filter.tags.contains(&id));
        let toggle = move || search.change(Duration::ZERO, |filter| toggle(&mut filter.tags, id));
        let name = view! {
            <TagDot color=tag.color />
            <span>{tag.name}</span>
        }
        .into_any();
        check(TAG, id.to_string(), is_chosen, name, toggle)
    };
    view! {
        <When holds=move || tags.with(|tags| !tags.is_empty())>
            <fieldset class="history-checks">
                <legend>{view.t.tags}</legend>
                {move || tags.get().into_iter().map(tag).collect_view()}
            </fieldset>
        </When>
    }
    .into_any()
}

/// A box that looks like a chip.
fn check(
    name: &'static str,
    value: String,
    is_chosen: bool,
    label: AnyView,
    toggle: impl Fn() + Send + 'static,
) -> AnyView {
    let toggle: Box<dyn Fn() + Send> = Box::new(toggle);
    view! {
        <label class="chip check-chip">
            <input
                class="visually-hidden"
                type="checkbox"
                name=name
                value=value
                checked=is_chosen
                autocomplete="off"
                on:change=move |_| toggle()
            />
            {label}
        </label>
    }
    .into_any()
}

fn toggle<T: PartialEq>(list: &mut Vec<T>, one: T) {
    match list.iter().position(|known| *known == one) {
        Some(index) => drop(list.remove(index)),
        None => list.push(one),
    }
}

/// Schedule and todo. One that is not offered to new timers is listed while it is chosen.
#[component]
fn Links(view: View, search: Search) -> impl IntoView {
    let t = texts::<TimersTexts>();
    let schedule = move || search.filter.with_untracked(|filter| filter.schedule.map(|id| id.0));
    let todo = move || search.filter.with_untracked(|filter| filter.todo.map(|id| id.0));
    let (schedule_title, todo_title) = view
        .data
        .with_untracked(|data| (data.schedule.clone(), data.todo.clone()));
    let schedules = Signal::derive(move || {
        let known = view.timers.with_links(|links| {
            let known = links.schedules.iter();
            known.map(|link| (link.id.0, link.title.clone())).collect()
        });
        with_chosen(known, schedule(), schedule_title.as_deref())
    });
    let todos = Signal::derive(move || {
        let known = view.timers.with_links(|links| {
            let known = links.todos.iter();
            known.map(|link| (link.id.0, link.title.clone())).collect()
        });
        with_chosen(known, todo(), todo_title.as_deref())
    });
    let choose_schedule = move |id: Option<Uuid>| {
        search.change(Duration::ZERO, |filter| filter.schedule = id.map(ScheduleId));
    };
    let choose_todo = move |id: Option<Uuid>| {
        search.change(Duration::ZERO, |filter| filter.todo = id.map(TodoId));
    };
    view! {
        <LinkField
            id="history-schedule"
            name=SCHEDULE
            label=t.schedule
            any=view.t.any_schedule
            options=schedules
            chosen=Signal::derive(schedule)
            choose=choose_schedule
        />
        <LinkField
            id="history-todo"
            name=TODO
            label=t.todo
            any=view.t.any_todo
            options=todos
            chosen=Signal::derive(todo)
            choose=choose_todo
        />
    }
    .into_any()
}

fn with_chosen(mut known: Vec<(Uuid, String)>, chosen: Option<Uuid>, title: Option<&str>) -> Vec<(Uuid, String)> {
    if let Some(id) = chosen
        && known.iter().all(|(known, _)| *known != id)
    {
        known.push((id, title.unwrap_or("…").to_owned()));
    }
    known
}

#[component]
fn LinkField(
    id: &'static str,
    name: &'static str,
    label: &'static str,
    any: &'static str,
    options: Signal<Vec<(Uuid, String)>>,
    chosen: Signal<Option<Uuid>>,
    #[prop(into)] choose: Callback<Option<Uuid>>,
) -> impl IntoView {
    let options = Memo::new(move |_| options.get());
    let there_are_some = Memo::new(move |_| options.with(|options| !options.is_empty()));
    let option = move |(id, title): (Uuid, String)| {
        view! {
            <option value=id.to_string() selected=chosen.get_untracked() == Some(id)>
                {title}
            </option>
        }
        .into_any()
    };
    view! {
        <When holds=move || there_are_some.get()>
            <div class="link-choice">
                <label for=id>{label}</label>
                <select
                    id=id
                    name=name
                    autocomplete="off"
                    on:change:target=move |event| choose.run(event.target().value().parse().ok())
                >
                    <option value="">{any}</option>
                    {move || options.get().into_iter().map(option).collect_view()}
                </select>
            </div>
        </When>
    }
    .into_any()
}
