//! Keys: the tree's (WAI-ARIA, Tree View Pattern), those of its menus, and one for the field that adds todos. Letters are
//! read by their place on the keyboard, so that they work with a Korean layout too.

use super::{
    ADD_ID,
    clicks::on_todo,
    drag,
    focus::{closest, element, focus_row, focus_soon, restore, row_of},
};
use crate::pages::todos::{
    actions::Todos,
    tree::{Direction, TreeRow},
};
use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
};
use protocol::id::TodoId;
use std::cell::Cell;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// How long a letter after `g` opens a page (`layout/shortcuts.rs`), in milliseconds.
const GO_MILLIS: f64 = 1_500.0;

thread_local! {
    /// When `g` was pressed last.
    static GO_SINCE: Cell<f64> = const { Cell::new(f64::MIN) };
}

/// Keeps the focus in the tree while rows are built anew, and listens to the key of the field that adds todos.
pub fn start(todos: Todos) {
    Effect::new(move |_| {
        todos.sections.track();
        restore(todos);
    });
    let listener = window_event_listener(ev::keydown, move |event| {
        let Some(target) = element(event.target()) else {
            return;
        };
        let is_typed = closest(&target, "input, textarea, select, [contenteditable], dialog").is_some();
        let is_add = event.code() == "KeyA" && !is_modified(&event) && !is_typed && !goes(&event);
        if is_add && !event.default_prevented() {
            event.prevent_default();
            todos.below.set(None);
            focus_soon(ADD_ID);
        }
    });
    on_cleanup(move || listener.remove());
}

fn is_modified(event: &KeyboardEvent) -> bool {
    event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key()
}

/// Whether the key is `g`, or the letter after it.
fn goes(event: &KeyboardEvent) -> bool {
    let now = crate::browser::device_millis();
    let is_go = event.code() == "KeyG" && !is_modified(event);
    let goes = is_go || now - GO_SINCE.get() < GO_MILLIS;
    GO_SINCE.set(if is_go { now } else { f64::MIN });
    goes
}

pub fn on_key(todos: Todos, event: &KeyboardEvent) {
    let Some(target) = element(event.target()) else {
        return;
    };
    let key = event.key();
    let is_taken = if event.is_composing() {
        false
    } else if closest(&target, "[role=menu]").is_some() {
        in_menu(todos, &target, &key)
    } else if key == "Escape" {
        escape(todos, &target)
    } else if let Some(id) = row_of(&target) {
        in_tree(todos, event, &target, id)
    } else {
        false
    };
    if is_taken {
        event.prevent_default();
        event.stop_propagation();
    }
}

fn escape(todos: Todos, target: &Element) -> bool {
    if todos.menu.get_untracked().is_some() {
        todos.menu.set(None);
    } else if todos.dragged.get_untracked().is_some() {
        drag::on_pointer_cancel(todos);
    } else if target.id() == ADD_ID {
        todos.below.set(None);
        if let Some(chosen) = todos.chosen.get_untracked() {
            focus_row(chosen);
        }
    } else if todos.panel.get_untracked().is_some() {
        todos.close();
    } else {
        return false;
    }
    true
}

fn in_menu(todos: Todos, target: &Element, key: &str) -> bool {
    let item = closest(target, "li");
    let list = closest(target, "[role=menu]");
    let next = match key {
        "ArrowDown" => item
            .and_then(|item| item.next_element_sibling())
            .or_else(|| list?.first_element_child()),
        "ArrowUp" => item
            .and_then(|item| item.previous_element_sibling())
            .or_else(|| list?.last_element_child()),
        "Home" => list.and_then(|list| list.first_element_child()),
        "End" => list.and_then(|list| list.last_element_child()),
        "Escape" | "Tab" => {
            let row = todos.menu.get_untracked();
            todos.menu.set(None);
            todos.focus(row);
            return key == "Escape";
        }
        _ => return false,
    };
    let button = next.and_then(|item| item.first_element_child());
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        let _ = button.focus();
    }
    true
}

fn in_tree(todos: Todos, event: &KeyboardEvent, target: &Element, id: TodoId) -> bool {
    let key = event.key();
    let key = key.as_str();
    let is_row = target.get_attribute("role").as_deref() == Some("treeitem");
    let row = todos.sections.with_untracked(|sections| {
        let mut rows = sections.iter().flat_map(|section| &section.rows);
        rows.find(|row| row.row.id == id).cloned()
    });
    let Some(row) = row else {
        return false;
    };
    if event.alt_key() {
        let direction = match key {
            "ArrowUp" => Direction::Up,
            "ArrowDown" => Direction::Down,
            "ArrowRight" => Direction::In,
            "ArrowLeft" => Direction::Out,
            _ => return false,
        };
        todos.move_by(id, direction);
        return true;
    }
    if event.ctrl_key() || event.meta_key() || goes(event) {
        return false;
    }
    match key {
        "ArrowDown" => todos.focus(todos.beside(id, 1)),
        "ArrowUp" => todos.focus(todos.beside(id, -1)),
        "ArrowRight" => right(todos, &row),
        "ArrowLeft" => left(todos, &row),
        "Home" => todos.focus(end(todos, true)),
        "End" => todos.focus(end(todos, false)),
        // Buttons within the row use these keys themselves.
        "Enter" | " " if !is_row => return false,
        "Enter" | "F2" => on_todo(todos, "open", id),
        " " => todos.toggle(id),
        "Delete" => todos.remove(id),
        "ContextMenu" => on_todo(todos, "menu", id),
        "F10" if event.shift_key() => on_todo(todos, "menu", id),
        _ => {
            let act = match event.code().as_str() {
                "KeyA" => "add-below",
                "KeyT" => "timer",
                "KeyM" => "menu",
                _ => return false,
            };
            on_todo(todos, act, id);
        }
    }
    true
}

/// Unfolds, or goes to the first todo below.
fn right(todos: Todos, row: &TreeRow) {
    match row.folded {
        Some(true) => todos.fold(row.row.id.0),
        Some(false) => todos.focus(todos.beside(row.row.id, 1)),
        None => {}
    }
}

/// Folds, or goes to the parent.
fn left(todos: Todos, row: &TreeRow) {
    match row.folded {
        Some(false) => todos.fold(row.row.id.0),
        _ if row.level > 1 => todos.focus(row.row.parent),
        _ => {}
    }
}

fn end(todos: Todos, first: bool) -> Option<TodoId> {
    todos.sections.with_untracked(|sections| {
        let mut rows = sections.iter().flat_map(|section| &section.rows);
        let row = if first { rows.next() } else { rows.last() };
        row.map(|row| row.row.id)
    })
}
