//! What is pressed.

use super::{
    ADD_ID, PLAN_ID, TITLE_ID,
    focus::{closest, element, focus_row, focus_selected, focus_soon, press_soon, row_selector, todo_of},
};
use crate::pages::todos::{actions::Todos, data::TodosQuery, tree::Direction};
use leptos::{ev::MouseEvent, prelude::*};
use protocol::{
    id::{TagGroupId, TodoId},
    todo::TodoStatus,
};

pub fn on_click(todos: Todos, event: &MouseEvent) {
    let Some(target) = element(event.target()) else {
        return;
    };
    let acting = closest(&target, "[data-act]");
    let act = acting.as_ref().and_then(|element| element.get_attribute("data-act"));
    if act.as_deref() != Some("menu") && closest(&target, "[role=menu]").is_none() {
        todos.menu.set(None);
    }
    let Some(act) = act else {
        return;
    };
    let is_link = closest(&target, "a").is_some();
    if is_link && (event.ctrl_key() || event.meta_key() || event.shift_key()) {
        return;
    }
    if is_link {
        event.prevent_default();
    }
    let group = closest(&target, "[data-group]").and_then(|group| group.get_attribute("data-group"));
    match (
        act.as_str(),
        todo_of(&target),
        group.and_then(|group| group.parse().ok()),
    ) {
        ("close", ..) => todos.close(),
        ("reset", ..) => {
            let todo = todos.panel.get_untracked();
            todos.show(TodosQuery::default().with_todo(todo));
        }
        ("fold-group", None, Some(TagGroupId(group))) => todos.fold(group),
        ("add-to-group", None, Some(group)) => {
            todos.below.set(None);
            todos.into.set(Some(group));
            focus_soon(ADD_ID);
        }
        (act, Some(todo), _) => on_todo(todos, act, todo),
        _ => {}
    }
}

/// Does something with a todo.
pub fn on_todo(todos: Todos, act: &str, id: TodoId) {
    let was_menu = todos.menu.get_untracked().is_some();
    todos.menu.set(None);
    match act {
        "open" => {
            todos.open(id);
            focus_soon(TITLE_ID);
            return;
        }
        "plan" => {
            todos.open(id);
            press_soon(PLAN_ID);
            return;
        }
        "add-below" => {
            todos.below.set(Some(id));
            focus_soon(ADD_ID);
            return;
        }
        "menu" if !was_menu => {
            todos.menu.set(Some(id));
            focus_selected(format!("{} [role=menuitem]", row_selector(id)));
            return;
        }
        "delete" => {
            todos.remove(id);
            return;
        }
        "fold" => todos.fold(id.0),
        "toggle" => todos.toggle(id),
        "timer" => todos.start_timer(id),
        "done" => todos.set_status(id, TodoStatus::Done),
        "reopen" => todos.set_status(id, TodoStatus::Unscheduled),
        "cancel" => todos.set_status(id, TodoStatus::Cancelled),
        "in" => todos.move_by(id, Direction::In),
        "out" => todos.move_by(id, Direction::Out),
        _ => {}
    }
    if was_menu {
        todos.focus(Some(id));
        focus_row(id);
    }
}
