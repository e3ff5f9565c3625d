//! Moving a todo with a mouse, a pen or a finger: from its grip onto another todo or a group.

use super::focus::{closest, element, row_of, todo_of};
use crate::pages::todos::{
    actions::Todos,
    tree::{self, Target},
};
use leptos::{ev::PointerEvent, prelude::*};
use protocol::id::TodoId;
use std::cell::Cell;
use web_sys::Element;

/// How far a pointer must move before it drags, in CSS pixels.
const SLOP: i32 = 6;
/// How near to the window's edge it scrolls, and how far at a time.
const EDGE: f64 = 72.0;
const SCROLL: f64 = 18.0;

thread_local! {
    /// The todo whose grip is held, and where that began.
    static HELD: Cell<Option<(TodoId, i32, i32)>> = const { Cell::new(None) };
}

pub fn on_pointer_down(todos: Todos, event: &PointerEvent) {
    let Some(target) = element(event.target()) else {
        return;
    };
    if row_of(&target).is_none() {
        todos.focused.set_value(None);
    }
    let grip = closest(&target, "[data-grip]").filter(|grip| !grip.has_attribute("disabled"));
    let Some(id) = grip.and_then(|grip| todo_of(&grip)).filter(|_| event.button() == 0) else {
        return;
    };
    HELD.set(Some((id, event.client_x(), event.client_y())));
    // The row may be built anew meanwhile; the page's element stays.
    if let Some(page) = element(event.current_target()) {
        let _ = page.set_pointer_capture(event.pointer_id());
    }
}

pub fn on_pointer_move(todos: Todos, event: &PointerEvent) {
    let Some((id, x, y)) = HELD.get() else {
        return;
    };
    let (now_x, now_y) = (event.client_x(), event.client_y());
    if todos.dragged.get_untracked().is_none() {
        if (now_x - x).abs() + (now_y - y).abs() < SLOP {
            return;
        }
        todos.menu.set(None);
        todos.dragged.set(Some(id));
    }
    let under = document().element_from_point(now_x as f32, now_y as f32);
    let target = under.and_then(|under| target_of(&under)).filter(|target| {
        todos
            .data
            .with_untracked(|data| tree::moved(data, id, *target))
            .is_some()
    });
    if todos.target.get_untracked() != target {
        todos.target.set(target);
    }
    let height = window().inner_height().ok().and_then(|height| height.as_f64());
    let from_end = height.map_or(f64::MAX, |height| height - f64::from(now_y));
    if f64::from(now_y) < EDGE {
        window().scroll_by_with_x_and_y(0.0, -SCROLL);
    } else if from_end < EDGE {
        window().scroll_by_with_x_and_y(0.0, SCROLL);
    }
}

/// What is under the pointer.
fn target_of(under: &Element) -> Option<Target> {
    match row_of(under) {
        Some(todo) => Some(Target::Todo(todo)),
        None => {
            let group = closest(under, "[data-group]")?.get_attribute("data-group")?;
            group.parse().ok().map(Target::Group)
        }
    }
}

pub fn on_pointer_up(todos: Todos) {
    let (id, target) = (todos.dragged.get_untracked(), todos.target.get_untracked());
    on_pointer_cancel(todos);
    if let (Some(id), Some(target)) = (id, target) {
        todos.move_to(id, target);
        todos.focus(Some(id));
    }
}

pub fn on_pointer_cancel(todos: Todos) {
    HELD.set(None);
    if todos.dragged.get_untracked().is_some() {
        todos.dragged.set(None);
        todos.target.set(None);
    }
}
