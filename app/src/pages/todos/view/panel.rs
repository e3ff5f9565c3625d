//! The panel in which a todo is edited. Each field is sent when it is left.

use super::{filters::options, plan::Plans};
use crate::{
    components::{Rows, When, rows},
    layout::Icon,
    links::TagLink,
    local_time::WallClock,
    pages::todos::{
        actions::Todos,
        data::TodoRow,
        input,
        tree::{self, Target},
    },
    texts::CommonTexts,
};
use chrono::Datelike;
use leptos::{ev::SubmitEvent, prelude::*};
use protocol::{id::TodoId, limits, todo::TodoStatus};

/// The fields of a todo, its times in the calendar, and what can be done with it.
#[component]
pub fn Panel(todos: Todos, id: TodoId) -> impl IntoView {
    let close = todos.locale.texts::<CommonTexts>().close;
    let row = Memo::new(move |_| todos.row(id));
    let name = move || row.with(|row| row.as_ref().map(|row| todos.title(row).to_owned()).unwrap_or_default());
    view! {
        <When holds=move || row.with(Option::is_some)>
            <aside
                class="todo-panel"
                data-todo=id.to_string()
                data-testid="todo-panel"
                aria-labelledby="todo-panel-name"
            >
                <header class="todo-panel-head">
                    <h2 id="todo-panel-name">{move || name()}</h2>
                    <a
                        class="icon-button"
                        href=todos.query.with_untracked(|query| query.with_todo(None).address())
                        data-act="close"
                        aria-label=close
                    >
                        {Icon::Close.view()}
                    </a>
                </header>
                <Fields todos id row />
                <Tags todos id row />
                <Plans todos id />
                <Actions todos row />
            </aside>
        </When>
    }
    .into_any()
}

#[component]
fn Fields(todos: Todos, id: TodoId, row: Memo<Option<TodoRow>>) -> impl IntoView {
    let t = todos.texts;
    let disabled = Memo::new(move |_| !todos.clock.is_hydrated());
    let title = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.title.clone()).unwrap_or_default()));
    let status = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.status)));
    let deadline = Memo::new(move |_| row.with(|row| row.as_ref().and_then(|row| row.deadline)));
    let deadline_text = Memo::new(move |_| {
        let deadline = deadline.get().map(|at| input_value(todos.clock.local(at)));
        deadline.unwrap_or_default()
    });
    let description = Memo::new(move |_| {
        todos.data.with(|data| {
            let detail = data.detail.as_ref().filter(|detail| detail.row.id == id);
            detail.map(|detail| detail.description.clone())
        })
    });
    let group = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.group)));
    let of_group = Memo::new(move |_| group.get().map(|group| group.0));
    let groups = Memo::new(move |_| {
        todos.data.with(|data| {
            let groups = data.groups.iter();
            groups.map(|group| (group.id.0, group.name.clone())).collect::<Vec<_>>()
        })
    });
    let parent = Memo::new(move |_| row.with(|row| row.as_ref().and_then(|row| row.parent.map(|parent| parent.0))));
    let parents = Memo::new(move |_| {
        let group = group.get();
        todos.data.with(|data| {
            let below = tree::with_below(data, id);
            let rows = data.rows.iter();
            let rows = rows.filter(|row| Some(row.group) == group && !below.contains(&row.id));
            rows.map(|row| (row.id.0, todos.title(row).to_owned()))
                .collect::<Vec<_>>()
        })
    });
    let statuses = [
        (TodoStatus::Unscheduled, t.unscheduled),
        (TodoStatus::Scheduled, t.is_scheduled),
        (TodoStatus::Done, t.done),
        (TodoStatus::Cancelled, t.cancelled),
    ];
    view! {
        <form
            class="todo-fields"
            on:submit=move |event: SubmitEvent| {
                event.prevent_default();
                todos.close();
            }
        >
            <div class="todo-field">
                <label for=input::TITLE_ID>{t.title}</label>
                <input
                    id=input::TITLE_ID
                    type="text"
                    maxlength=limits::TITLE_CHARS.to_string()
                    autocomplete="off"
                    value=title.get_untracked()
                    prop:value=move || title.get()
                    disabled=move || disabled.get()
                    on:change:target=move |event| {
                        todos.set_title(id, &event.target().value());
                        event.target().set_value(&title.get_untracked());
                    }
                />
            </div>
            <div class="todo-field">
                <label for="todo-description">{t.description}</label>
                <textarea
                    id="todo-description"
                    rows="4"
                    maxlength=limits::DESCRIPTION_CHARS.to_string()
                    placeholder=move || description.with(|text| text.is_none().then_some(t.description_loading))
                    prop:value=move || description.get().unwrap_or_default()
                    disabled=move || disabled.get() || description.with(Option::is_none)
                    on:change:target=move |event| todos.set_description(id, &event.target().value())
                >
                    {description.get_untracked().unwrap_or_default()}
                </textarea>
            </div>
            <div class="todo-field">
                <label for="todo-deadline">{t.deadline}</label>
                <div class="todo-deadline">
                    <input
                        id="todo-deadline"
                        type="datetime-local"
                        value=deadline_text.get_untracked()
                        prop:value=move || deadline_text.get()
                        disabled=move || disabled.get()
                        on:change:target=move |event| {
                            let text = event.target().value();
                            match input::instant_of_local(&text) {
                                Some(at) => todos.set_deadline(id, Some(at)),
                                None if text.is_empty() => todos.set_deadline(id, None),
                                None => {}
                            }
                        }
                    />
                    <When holds=move || deadline.get().is_some()>
                        <button
                            class="icon-button"
                            type="button"
                            aria-label=t.no_deadline
                            disabled=move || disabled.get()
                            on:click=move |_| todos.set_deadline(id, None)
                        >
                            {Icon::Close.view()}
                        </button>
                    </When>
                </div>
            </div>
            <div class="todo-field">
                <label for="todo-panel-status">{t.status}</label>
                <select
                    id="todo-panel-status"
                    autocomplete="off"
                    disabled=move || disabled.get()
                    on:change:target=move |event| {
                        if let Ok(status) = event.target().value().parse() {
                            todos.set_status(id, status);
                        }
                    }
                >
                    {statuses
                        .map(|(one, name)| {
                            view! {
                                <option value=one.as_str() selected=move || status.get() == Some(one)>
                                    {name}
                                </option>
                            }
                                .into_any()
                        })
                        .collect_view()}
                </select>
            </div>
            <div class="todo-field">
                <label for="todo-panel-group">{t.group}</label>
                <select
                    id="todo-panel-group"
                    autocomplete="off"
                    disabled=move || disabled.get()
                    on:change:target=move |event| {
                        if let Ok(group) = event.target().value().parse() {
                            todos.move_to(id, Target::Group(group));
                        }
                    }
                >
                    {move || options(groups.get(), of_group)}
                </select>
            </div>
            <div class="todo-field">
                <label for="todo-parent">{t.parent}</label>
                <select
                    id="todo-parent"
                    autocomplete="off"
                    disabled=move || disabled.get()
                    on:change:target=move |event| {
                        match (event.target().value().parse(), group.get_untracked()) {
                            (Ok(parent), _) => todos.move_to(id, Target::Todo(parent)),
                            (Err(_), Some(group)) => todos.move_to(id, Target::Group(group)),
                            (Err(_), None) => {}
                        }
                    }
                >
                    <option value="" selected=move || parent.get().is_none()>
                        {t.no_parent}
                    </option>
                    {move || options(parents.get(), parent)}
                </select>
            </div>
        </form>
    }
    .into_any()
}

#[component]
fn Tags(todos: Todos, id: TodoId, row: Memo<Option<TodoRow>>) -> impl IntoView {
    let t = todos.texts;
    let disabled = Memo::new(move |_| !todos.clock.is_hydrated());
    let tags = Memo::new(move |_| todos.data.with(|data| data.tags.clone()));
    let chip = move |tag: TagLink| {
        let chosen = move || row.with(|row| row.as_ref().is_some_and(|row| row.tags.contains(&tag.id)));
        view! {
            <button
                class="chip"
                type="button"
                disabled=move || disabled.get()
                aria-pressed=move || chosen().to_string()
                on:click=move |_| todos.toggle_tag(id, tag.id)
            >
                <svg class="tag-dot" viewBox="0 0 10 10" aria-hidden="true">
                    <circle cx="5" cy="5" r="4.5" fill=tag.color.clone() />
                </svg>
                {tag.name.clone()}
            </button>
        }
        .into_any()
    };
    view! {
        <When holds=move || tags.with(|tags| !tags.is_empty())>
            <div class="todo-tags" role="group" aria-label=t.tags>
                <Rows each=rows(move || tags.get(), TagLink::clone, chip) />
            </div>
        </When>
    }
    .into_any()
}

#[component]
fn Actions(todos: Todos, row: Memo<Option<TodoRow>>) -> impl IntoView {
    let t = todos.texts;
    let delete = todos.locale.texts::<CommonTexts>().delete;
    let disabled = Memo::new(move |_| !todos.clock.is_hydrated());
    let seconds = move || row.with(|row| row.as_ref().map_or(0, |row| row.seconds));
    view! {
        <div class="todo-actions">
            <button class="button" type="button" data-act="timer" disabled=move || disabled.get()>
                {t.start_timer}
            </button>
            <button class="button quiet" type="button" data-act="delete" disabled=move || disabled.get()>
                {delete}
            </button>
            <When holds=move || { seconds() > 0 }>
                <span class="todo-spent">{move || (t.spent)(&todos.locale.span(seconds()))}</span>
            </When>
        </div>
    }
    .into_any()
}

/// The value of a field of date and time.
pub fn input_value(clock: WallClock) -> String {
    let date = clock.date();
    format!("{:04}-{:02}-{:02}T{clock}", date.year(), date.month(), date.day())
}
