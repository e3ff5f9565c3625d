//! The field that adds todos.

use crate::{
    components::When,
    layout::Icon,
    pages::todos::{actions::Todos, input},
};
use leptos::{ev::SubmitEvent, html::Input, prelude::*};
use protocol::limits;

/// A title and where the todo is added; Enter adds it and leaves the field ready for the next one.
#[component]
pub fn QuickAdd(todos: Todos) -> impl IntoView {
    let t = todos.texts;
    let title = NodeRef::<Input>::new();
    let disabled = Memo::new(move |_| !todos.clock.is_hydrated());
    let below = Memo::new(move |_| {
        let parent = todos.target_parent()?;
        Some((t.below)(todos.title(&parent)))
    });
    let group = Memo::new(move |_| todos.target_group());
    let groups = Memo::new(move |_| {
        todos.data.with(|data| {
            let groups = data.groups.iter();
            groups.map(|group| (group.id, group.name.clone())).collect::<Vec<_>>()
        })
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(title) = title.get_untracked() {
            todos.add(&title.value());
            title.set_value("");
            let _ = title.focus();
        }
    };
    view! {
        <form class="todo-add" on:submit=submit>
            <label class="visually-hidden" for=input::ADD_ID>
                {t.add}
            </label>
            <input
                id=input::ADD_ID
                class="todo-add-title"
                node_ref=title
                type="text"
                maxlength=limits::TITLE_CHARS.to_string()
                placeholder=t.add_hint
                autocomplete="off"
                disabled=move || disabled.get()
            />
            <When holds=move || below.get().is_some()>
                <span class="todo-add-below">
                    <span>{move || below.get().unwrap_or_default()}</span>
                    <button
                        class="icon-button"
                        type="button"
                        aria-label=t.not_below
                        on:click=move |_| todos.below.set(None)
                    >
                        {Icon::Close.view()}
                    </button>
                </span>
            </When>
            <When holds=move || below.get().is_none() && groups.with(|groups| groups.len() > 1)>
                <label class="visually-hidden" for="todo-add-group">
                    {t.group}
                </label>
                <select
                    id="todo-add-group"
                    class="todo-add-group"
                    autocomplete="off"
                    disabled=move || disabled.get()
                    on:change:target=move |event| todos.into.set(event.target().value().parse().ok())
                >
                    {move || {
                        let groups = groups.get().into_iter();
                        groups
                            .map(|(id, name)| {
                                view! {
                                    <option value=id.to_string() selected=move || group.get() == Some(id)>
                                        {name}
                                    </option>
                                }
                                    .into_any()
                            })
                            .collect_view()
                    }}
                </select>
            </When>
            <button class="button primary" type="submit" disabled=move || disabled.get()>
                {t.add_button}
            </button>
        </form>
    }
    .into_any()
}
