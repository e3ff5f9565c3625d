//! The filters: a form of the address, which scripts send at once.

use crate::{
    components::When,
    pages::todos::{
        actions::Todos,
        data::{PATH, Shown, TodosQuery},
    },
};
use leptos::{ev::SubmitEvent, prelude::*};
use std::time::Duration;

/// How long typing must pause before it is searched for.
const TYPING: Duration = Duration::from_millis(250);

/// Text, group, tag and status.
#[component]
pub fn Filters(todos: Todos) -> impl IntoView {
    let t = todos.texts;
    let typing = StoredValue::new(None::<TimeoutHandle>);
    let change = move |change: &dyn Fn(&mut TodosQuery)| {
        let mut query = todos.query.get_untracked();
        change(&mut query);
        query.from = 0;
        todos.show(query);
    };
    let search = move |text: String| {
        // A space at the end is part of what is still being typed.
        let later = move || {
            change(&|query| {
                query.text = if text.trim().is_empty() {
                    String::new()
                } else {
                    text.clone()
                }
            })
        };
        let handle = set_timeout_with_handle(later, TYPING).ok();
        let before = typing.try_update_value(|typing| std::mem::replace(typing, handle));
        if let Some(before) = before.flatten() {
            before.clear();
        }
    };
    let groups = Memo::new(move |_| {
        todos.data.with(|data| {
            let groups = data.groups.iter();
            groups.map(|group| (group.id.0, group.name.clone())).collect::<Vec<_>>()
        })
    });
    let tags = Memo::new(move |_| {
        todos.data.with(|data| {
            let tags = data.tags.iter();
            tags.map(|tag| (tag.id.0, tag.name.clone())).collect::<Vec<_>>()
        })
    });
    let group = Memo::new(move |_| todos.query.with(|query| query.group.map(|group| group.0)));
    let tag = Memo::new(move |_| todos.query.with(|query| query.tag.map(|tag| tag.0)));
    let shown = Memo::new(move |_| todos.query.with(|query| query.shown));
    let text = todos.query.with_untracked(|query| query.text.clone());
    let is_filtered = Memo::new(move |_| todos.query.with(TodosQuery::is_filtered));
    let name = move |shown| match shown {
        Shown::Open => t.open,
        Shown::Done => t.done,
        Shown::Cancelled => t.cancelled,
        Shown::All => t.all,
    };
    view! {
        <form
            class="todo-filters"
            role="search"
            method="get"
            action=PATH
            on:submit=|event: SubmitEvent| event.prevent_default()
        >
            <div class="todo-filter wide">
                <label for="todo-text">{t.search}</label>
                <input
                    id="todo-text"
                    name="q"
                    type="search"
                    data-search="true"
                    placeholder=t.search_hint
                    autocomplete="off"
                    value=text
                    prop:value=move || todos.query.with(|query| query.text.clone())
                    on:input:target=move |event| search(event.target().value())
                />
            </div>
            <div class="todo-filter">
                <label for="todo-group">{t.group}</label>
                <select
                    id="todo-group"
                    name="group"
                    autocomplete="off"
                    on:change:target=move |event| {
                        let value = event.target().value().parse().ok();
                        change(&|query| query.group = value);
                    }
                >
                    <option value="">{t.all_groups}</option>
                    {move || options(groups.get(), group)}
                </select>
            </div>
            <When holds=move || tags.with(|tags| !tags.is_empty())>
                <div class="todo-filter">
                    <label for="todo-tag">{t.tag}</label>
                    <select
                        id="todo-tag"
                        name="tag"
                        autocomplete="off"
                        on:change:target=move |event| {
                            let value = event.target().value().parse().ok();
                            change(&|query| query.tag = value);
                        }
                    >
                        <option value="">{t.all_tags}</option>
                        {move || options(tags.get(), tag)}
                    </select>
                </div>
            </When>
            <div class="todo-filter">
                <label for="todo-status">{t.status}</label>
                <select
                    id="todo-status"
                    name="status"
                    autocomplete="off"
                    on:change:target=move |event| {
                        let value = Shown::of(&event.target().value());
                        change(&|query| query.shown = value);
                    }
                >
                    {Shown::ALL
                        .map(|one| {
                            view! {
                                <option value=one.word() selected=move || shown.get() == one>
                                    {name(one)}
                                </option>
                            }
                                .into_any()
                        })
                        .collect_view()}
                </select>
            </div>
            <noscript>
                <button class="button" type="submit">
                    {t.filter}
                </button>
            </noscript>
            <When holds=move || is_filtered.get()>
                <a class="todo-reset" href=PATH data-act="reset">
                    {t.reset}
                </a>
            </When>
        </form>
    }
    .into_any()
}

/// The options of a choice.
pub fn options(choices: Vec<(uuid::Uuid, String)>, chosen: Memo<Option<uuid::Uuid>>) -> AnyView {
    choices
        .into_iter()
        .map(|(id, name)| {
            view! {
                <option value=id.to_string() selected=move || chosen.get() == Some(id)>
                    {name}
                </option>
            }
            .into_any()
        })
        .collect_view()
        .into_any()
}
