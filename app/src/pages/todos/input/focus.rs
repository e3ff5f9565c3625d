//! The focus: where it is, and where it goes once rows are built anew.

use crate::pages::todos::actions::Todos;
use leptos::{ev::FocusEvent, prelude::*, task::tick};
use protocol::id::TodoId;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, EventTarget, HtmlElement};

/// The element of an event.
pub fn element(target: Option<EventTarget>) -> Option<Element> {
    target?.dyn_into().ok()
}

/// The nearest element around another one that matches.
pub fn closest(element: &Element, selectors: &str) -> Option<Element> {
    element.closest(selectors).ok().flatten()
}

/// The todo of an element in its row or its panel.
pub fn todo_of(element: &Element) -> Option<TodoId> {
    closest(element, "[data-todo]")?
        .get_attribute("data-todo")?
        .parse()
        .ok()
}

/// The todo of an element in its row.
pub fn row_of(element: &Element) -> Option<TodoId> {
    todo_of(&closest(element, "[role=treeitem]")?)
}

/// Focuses an element, once it is there.
pub fn focus_soon(id: &'static str) {
    focus_selected(format!("#{id}"));
}

/// Focuses a row, once it is there.
pub fn focus_row(id: TodoId) {
    focus_selected(row_selector(id));
}

pub fn row_selector(id: TodoId) -> String {
    format!("[id='todo-{id}']")
}

/// Focuses the first element that matches, once it is there.
pub fn focus_selected(selectors: String) {
    spawn_local(async move {
        tick().await;
        if let Some(found) = find(&selectors) {
            let _ = found.focus();
        }
    });
}

/// Presses a button, once it is there.
pub fn press_soon(id: &'static str) {
    spawn_local(async move {
        tick().await;
        if let Some(button) = find(&format!("#{id}")) {
            button.click();
        }
    });
}

fn find(selectors: &str) -> Option<HtmlElement> {
    document().query_selector(selectors).ok()??.dyn_into().ok()
}

pub fn on_focus(todos: Todos, event: &FocusEvent) {
    let row = element(event.target()).and_then(|element| row_of(&element));
    if row.is_some() && todos.chosen.get_untracked() != row {
        todos.chosen.set(row);
    }
    todos.focused.set_value(row);
}

/// The focus goes elsewhere. Without another element the row may only be built anew.
pub fn on_blur(todos: Todos, event: &FocusEvent) {
    if event.related_target().is_some() {
        todos.focused.set_value(None);
    }
}

/// Gives the focus back to a row that was built anew.
pub fn restore(todos: Todos) {
    spawn_local(async move {
        tick().await;
        let Some(row) = todos.focused.try_get_value().flatten() else {
            return;
        };
        let active = document().active_element();
        if active.is_none_or(|active| active.tag_name() == "BODY") {
            focus_row(row);
        }
    });
}
