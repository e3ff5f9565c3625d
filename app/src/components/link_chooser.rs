//! Chooses the links of a timer.

use crate::{
    components::{Rows, When, links::TagDot, rows},
    links::{Links, ScheduleLink, TagLink},
    locale::Locale,
    state::{Clock, TimerList},
    texts::{TimersTexts, texts},
};
use leptos::prelude::*;
use protocol::id::{ScheduleId, TagId, TodoId};
use uuid::Uuid;

/// The chosen links.
#[derive(Clone, Copy)]
pub struct Choice {
    /// A schedule's id.
    schedule: RwSignal<Option<Uuid>>,
    /// A todo's id.
    todo: RwSignal<Option<Uuid>>,
    /// The tags in the order of choice.
    tags: RwSignal<Vec<TagId>>,
}

impl Choice {
    pub fn new() -> Self {
        Self {
            schedule: RwSignal::new(None),
            todo: RwSignal::new(None),
            tags: RwSignal::new(Vec::new()),
        }
    }

    pub fn set_todo(self, id: TodoId) {
        self.todo.set(Some(id.0));
    }

    pub fn set_schedule(self, id: ScheduleId) {
        self.schedule.set(Some(id.0));
    }

    /// Returns the choice and resets it.
    pub fn take(&self) -> (Option<ScheduleId>, Option<TodoId>, Vec<TagId>) {
        let taken = (
            self.schedule.get_untracked().map(ScheduleId),
            self.todo.get_untracked().map(TodoId),
            self.tags.get_untracked(),
        );
        self.schedule.set(None);
        self.todo.set(None);
        self.tags.set(Vec::new());
        taken
    }

    /// The names of the chosen links.
    fn names(&self, links: &Links) -> Vec<String> {
        let schedule = self.schedule.get();
        let schedules = links.schedules.iter().filter(|link| Some(link.id.0) == schedule);
        let todo = self.todo.get();
        let todos = links.todos.iter().filter(|link| Some(link.id.0) == todo);
        let chosen = self.tags.get();
        let tags = links.tags.iter().filter(|link| chosen.contains(&link.id));
        let schedules = schedules.map(|link| link.title.clone());
        let todos = todos.map(|link| link.title.clone());
        schedules
            .chain(todos)
            .chain(tags.map(|link| link.name.clone()))
            .collect()
    }
}

/// Schedule, todo and tags to choose from, collapsed at first; nothing when there are none.
#[component]
pub fn LinkChooser(choice: Choice) -> impl IntoView {
    let timers = expect_context::<TimerList>();
    let t = texts::<TimersTexts>();
    let there_are_some = Memo::new(move |_| timers.with_links(Links::has_choices));
    let summary = move || match timers.with_links(|links| choice.names(links)) {
        names if names.is_empty() => t.links_add.to_owned(),
        names => names.join(" · "),
    };
    view! {
        <When holds=move || there_are_some.get()>
            <details class="link-chooser">
                <summary data-testid="link-summary">{move || summary()}</summary>
                <div class="link-choices">
                    <ScheduleChooser
                        id="timer-schedule"
                        chosen=choice.schedule
                        choose=move |id| choice.schedule.set(id)
                    />
                    <TodoChooser id="timer-todo" chosen=choice.todo choose=move |id| choice.todo.set(id) />
                    <TagChooser chosen=choice.tags choose=move |tags| choice.tags.set(tags) />
                </div>
            </details>
        </When>
    }
    .into_any()
}

/// A choice of a schedule.
#[component]
pub fn ScheduleChooser(
    id: &'static str,
    #[prop(into)] chosen: Signal<Option<Uuid>>,
    #[prop(into)] choose: Callback<Option<Uuid>>,
    /// The title of the chosen one, which may not be among those that are offered.
    #[prop(optional, into)]
    title: Signal<Option<String>>,
) -> impl IntoView {
    let (timers, clock) = (expect_context::<TimerList>(), expect_context::<Clock>());
    let locale = Locale::current();
    let t = locale.texts::<TimersTexts>();
    let label = move |link: &ScheduleLink| {
        let when = match link.recurs {
            true => t.repeats.to_owned(),
            false => locale.near_day(clock.local(link.start), clock.local(clock.day_start())),
        };
        format!("{} – {when}", link.title)
    };
    let options = Signal::derive(move || {
        timers.with_links(|links| {
            let open = links.schedules.iter().filter(|link| link.open);
            open.map(|link| (link.id.0, label(link))).collect::<Vec<_>>()
        })
    });
    view! { <Chooser id label=t.schedule none=t.no_schedule options chosen choose title /> }
}

/// A choice of a todo.
#[component]
pub fn TodoChooser(
    id: &'static str,
    #[prop(into)] chosen: Signal<Option<Uuid>>,
    #[prop(into)] choose: Callback<Option<Uuid>>,
    /// The title of the chosen one, which may not be among those that are offered.
    #[prop(optional, into)]
    title: Signal<Option<String>>,
) -> impl IntoView {
    let (timers, t) = (expect_context::<TimerList>(), texts::<TimersTexts>());
    let options = Signal::derive(move || {
        timers.with_links(|links| {
            let open = links.todos.iter().filter(|link| link.open);
            open.map(|link| (link.id.0, link.title.clone())).collect::<Vec<_>>()
        })
    });
    view! { <Chooser id label=t.todo none=t.no_todo options chosen choose title /> }
}

/// A choice of at most one option; nothing when there are no options.
#[component]
fn Chooser(
    id: &'static str,
    label: &'static str,
    none: &'static str,
    options: Signal<Vec<(Uuid, String)>>,
    chosen: Signal<Option<Uuid>>,
    choose: Callback<Option<Uuid>>,
    title: Signal<Option<String>>,
) -> impl IntoView {
    let options = Memo::new(move |_| {
        let mut options = options.get();
        if let Some(id) = chosen.get()
            && options.iter().all(|(known, _)| *known != id)
        {
            options.extend(title.get().map(|title| (id, title)));
        }
        options
    });
    let there_are_some = Memo::new(move |_| options.with(|options| !options.is_empty()));
    view! {
        <When holds=move || there_are_some.get()>
            <div class="link-choice">
                <label for=id>{label}</label>
                <select
                    id=id
                    autocomplete="off"
                    on:change:target=move |event| choose.run(event.target().value().parse().ok())
                    prop:value=move || chosen.get().map(|id| id.to_string()).unwrap_or_default()
                >
                    <option value="">{none}</option>
                    {move || {
                        let options = options.get().into_iter();
                        options
                            .map(|(id, name)| {
                                view! {
                                    <option value=id.to_string() selected=move || chosen.get() == Some(id)>
                                        {name}
                                    </option>
                                }
                                    .into_any()
                            })
                            .collect_view()
                    }}
                </select>
            </div>
        </When>
    }
    .into_any()
}

/// A choice of any number of tags; nothing when there are none.
#[component]
pub fn TagChooser(
    #[prop(into)] chosen: Signal<Vec<TagId>>,
    /// Takes all chosen tags, in the order of choice.
    #[prop(into)]
    choose: Callback<Vec<TagId>>,
) -> impl IntoView {
    let (timers, clock) = (expect_context::<TimerList>(), expect_context::<Clock>());
    let t = texts::<TimersTexts>();
    let tags = Memo::new(move |_| timers.with_links(|links| links.tags.clone()));
    let toggle = move |id: TagId| {
        let mut tags = chosen.get_untracked();
        match tags.iter().position(|tag| *tag == id) {
            Some(index) => drop(tags.remove(index)),
            None => tags.push(id),
        }
        choose.run(tags);
    };
    let chip = move |tag: TagLink| {
        let id = tag.id;
        view! {
            <button
                class="chip"
                type="button"
                disabled=move || !clock.is_hydrated()
                aria-pressed=move || chosen.with(|tags| tags.contains(&id)).to_string()
                on:click=move |_| toggle(id)
            >
                <TagDot color=tag.color />
                {tag.name}
            </button>
        }
        .into_any()
    };
    view! {
        <When holds=move || tags.with(|tags| !tags.is_empty())>
            <div class="tag-choices" role="group" aria-label=t.tags>
                <Rows each=rows(move || tags.get(), TagLink::clone, chip) />
            </div>
        </When>
    }
    .into_any()
}
