//! The view of the page.

mod add;
mod filters;
mod group;
mod menu;
mod panel;
mod plan;
mod row;

use super::{
    actions::Todos,
    data::{Group, TodosData},
    edit::TodoEdit,
    input,
    tree::Target,
};
use crate::{
    components::{Rows, When, rows},
    page::PageData,
};
use add::QuickAdd;
use filters::Filters;
use group::group_view;
use leptos::prelude::*;
use panel::Panel;

/// The whole page.
#[component]
pub fn TodosView(data: PageData<TodosData, TodoEdit>) -> impl IntoView {
    let todos = Todos::new(data);
    provide_context(todos);
    input::start(todos);
    let t = todos.texts;
    let is_filtered = Memo::new(move |_| todos.query.with(|query| query.is_filtered()));
    let is_empty = Memo::new(move |_| {
        todos
            .sections
            .with(|sections| sections.iter().all(|section| section.rows.is_empty()))
    });
    let none_found = Memo::new(move |_| is_filtered.get() && is_empty.get());
    // Where the filters find nothing in a group, it is left out; so are other groups than the chosen one.
    let groups = Memo::new(move |_| {
        let chosen = todos.query.with(|query| query.group);
        let has_rows = |group: &Group| {
            todos.sections.with(|sections| {
                let section = sections.iter().find(|section| section.group == group.id);
                section.is_some_and(|section| !section.rows.is_empty())
            })
        };
        let shown = |group: &Group| match chosen {
            Some(chosen) => group.id == chosen,
            None => !is_filtered.get() || has_rows(group),
        };
        let groups = data.with(|data| data.groups.clone());
        groups.into_iter().filter(shown).collect::<Vec<Group>>()
    });
    let key = |group: &Group| (group.id, group.name.clone(), group.color.clone());
    view! {
        <div class="page-head">
            <h1>{t.heading}</h1>
        </div>
        <div
            class="todos"
            on:click=move |event| input::on_click(todos, &event)
            on:keydown=move |event| input::on_key(todos, &event)
            on:focusin=move |event| input::on_focus(todos, &event)
            on:focusout=move |event| input::on_blur(todos, &event)
            on:pointerdown=move |event| input::on_pointer_down(todos, &event)
            on:pointermove=move |event| input::on_pointer_move(todos, &event)
            on:pointerup=move |_| input::on_pointer_up(todos)
            on:pointercancel=move |_| input::on_pointer_cancel(todos)
        >
            <QuickAdd todos />
            <Filters todos />
            <div class="todo-columns" class:open=move || todos.panel.get().is_some()>
                <div class="todo-groups">
                    <When holds=move || data.with(|data| data.groups.is_empty())>
                        <div class="empty">
                            <p class="empty-title">{t.empty}</p>
                            <p>{t.empty_hint}</p>
                        </div>
                    </When>
                    <When holds=move || none_found.get()>
                        <div class="empty">
                            <p class="empty-title">{t.none_found}</p>
                            <p>{t.none_found_hint}</p>
                            <p>
                                <a href="/todos" data-act="reset">
                                    {t.reset}
                                </a>
                            </p>
                        </div>
                    </When>
                    <p class="visually-hidden" id="todo-keys">
                        {t.keys}
                    </p>
                    <Rows each=rows(move || groups.get(), key, move |group| group_view(todos, group)) />
                </div>
                {move || todos.panel.get().map(|id| view! { <Panel todos id /> }.into_any())}
            </div>
            <When holds=move || todos.dragged.get().is_some()>
                <p class="todo-drop-hint" aria-hidden="true">
                    {move || drop_hint(todos)}
                </p>
            </When>
            <p class="visually-hidden" role="status" data-testid="todo-spoken">
                {move || todos.spoken.get()}
            </p>
        </div>
    }
    .into_any()
}

fn drop_hint(todos: Todos) -> String {
    let t = todos.texts;
    match todos.target.get() {
        None => t.drop_hint.to_owned(),
        Some(Target::Todo(id)) => {
            let row = todos.row(id);
            (t.drop_below)(row.as_ref().map(|row| todos.title(row)).unwrap_or_default())
        }
        Some(Target::Group(id)) => todos.data.with(|data| {
            let group = data.groups.iter().find(|group| group.id == id);
            (t.drop_in)(group.map(|group| group.name.as_str()).unwrap_or_default())
        }),
    }
}
