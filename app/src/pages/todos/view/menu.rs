//! The menu of a todo.

use crate::{
    pages::todos::{actions::Todos, data::TodoRow},
    texts::{CommonTexts, Text},
};
use leptos::prelude::*;
use protocol::todo::TodoStatus;

/// What can be done with a todo.
pub fn menu_view(todos: Todos, row: &TodoRow) -> AnyView {
    let t = todos.texts;
    let delete = todos.locale.texts::<CommonTexts>().delete;
    let label = (t.menu)(todos.title(row));
    let item = |act: &'static str, name: Text| {
        view! {
            <li role="none">
                <button class="todo-menu-item" type="button" role="menuitem" tabindex="-1" data-act=act>
                    {name}
                </button>
            </li>
        }
        .into_any()
    };
    let mut items = vec![item("open", t.edit), item("add-below", t.add_below)];
    if row.is_open() {
        items.extend([
            item("timer", t.start_timer),
            item("plan", t.plan),
            item("done", t.set_done),
        ]);
    } else {
        items.push(item("reopen", t.reopen));
    }
    if row.status != TodoStatus::Cancelled {
        items.push(item("cancel", t.set_cancelled));
    }
    items.push(item("in", t.move_in));
    if row.parent.is_some() {
        items.push(item("out", t.move_out));
    }
    items.push(item("delete", delete));
    view! {
        <ul class="todo-menu" role="menu" aria-label=label>
            {items}
        </ul>
    }
    .into_any()
}
