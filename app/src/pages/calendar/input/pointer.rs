//! Dragging with a mouse, a pen or a finger: over free time, of an entry, and of its lower edge. A finger scrolls over
//! free time, where a tap begins an entry.

use super::focus::{closest, element, entry_of};
use crate::pages::calendar::{
    actions::Calendar,
    axis::{Axis, Column},
    draft::Times,
    drag::{Drag, FINE_STEP, Grip, Point, STEP, dragged},
};
use leptos::{ev::PointerEvent, prelude::*};
use std::cell::{Cell, RefCell};
use wasm_bindgen::JsCast;
use web_sys::Element;

/// How far a pointer must move before it drags, in CSS pixels.
const SLOP: i32 = 6;
/// How near to the edge of the hours they scroll, and how far at a time, in CSS pixels.
const EDGE: f64 = 48.0;
const SCROLL: i32 = 14;
/// The length of an entry that a tap begins, in minutes.
const TAPPED: i64 = 60;

/// What is held.
#[derive(Clone, Copy)]
struct Held {
    grip: Grip,
    times: Times,
    from: Point,
    /// Where the pointer went down, in CSS pixels.
    at: (i32, i32),
    is_touch: bool,
}

thread_local! {
    static HELD: RefCell<Option<Held>> = const { RefCell::new(None) };
    static WAS_DRAGGED: Cell<bool> = const { Cell::new(false) };
}

/// Whether the pointer that was just released had dragged something.
pub fn take_dragged() -> bool {
    WAS_DRAGGED.take()
}

pub fn on_pointer_down(calendar: Calendar, event: &PointerEvent) {
    WAS_DRAGGED.set(false);
    let Some(target) = element(event.target()).filter(|_| event.button() == 0 && event.is_primary()) else {
        return;
    };
    let is_touch = event.pointer_type() == "touch";
    let Some(from) = point(calendar, event) else {
        return;
    };
    let key = entry_of(&target);
    let grip = match (closest(&target, "[data-grip]"), key) {
        (Some(grip), Some(key)) => match grip.get_attribute("data-grip").as_deref() {
            Some("resize") => Grip::Resize(key),
            // A finger moves what it has chosen before, and scrolls otherwise.
            Some("move") if !is_touch || calendar.chosen.get_untracked() == Some(key) => Grip::Move(key),
            _ => return,
        },
        (None, None) if closest(&target, "a, button").is_none() => Grip::Create,
        _ => return,
    };
    let times = match grip {
        Grip::Create => time_at(calendar, from).map(|start| (start, start)),
        Grip::Move(key) | Grip::Resize(key) => calendar
            .entry(key)
            .filter(|entry| !entry.plan.is_shared)
            .map(|entry| (entry.plan.start, entry.plan.end)),
    };
    let at = (event.client_x(), event.client_y());
    HELD.set(times.map(|times| Held {
        grip,
        times,
        from,
        at,
        is_touch,
    }));
}

pub fn on_pointer_move(calendar: Calendar, event: &PointerEvent) {
    let Some(held) = HELD.with_borrow(|held| *held) else {
        return;
    };
    let (x, y) = (event.client_x(), event.client_y());
    if calendar.drag.with_untracked(Option::is_none) {
        let distance = (x - held.at.0).abs() + (y - held.at.1).abs();
        // A finger scrolls.
        if distance < SLOP || (held.is_touch && held.grip == Grip::Create) {
            return;
        }
        // The entry is built anew meanwhile; the page's element stays.
        if let Some(page) = element(event.current_target()) {
            let _ = page.set_pointer_capture(event.pointer_id());
        }
    }
    event.prevent_default();
    scroll_at_edge(f64::from(y));
    let step = if event.shift_key() { FINE_STEP } else { STEP };
    let times = point(calendar, event).and_then(|to| {
        let data = calendar.data;
        data.with_untracked(|data| dragged(data, held.grip, held.times, held.from, to, step))
    });
    let drag = times.map(|times| Drag { grip: held.grip, times });
    if drag.is_some() && calendar.drag.get_untracked() != drag {
        calendar.drag.set(drag);
    }
}

pub fn on_pointer_up(calendar: Calendar) {
    let held = HELD.take();
    let drag = calendar.drag.get_untracked();
    on_pointer_cancel(calendar);
    match (drag, held) {
        (Some(drag), _) => {
            WAS_DRAGGED.set(true);
            match drag.grip {
                Grip::Create => calendar.begin(Some(drag.times)),
                Grip::Move(key) | Grip::Resize(key) => {
                    calendar.set_times(key, drag.times);
                    calendar.focus(key);
                }
            }
        }
        (None, Some(held)) if held.is_touch && held.grip == Grip::Create => {
            let (place, minute) = held.from;
            let (from, to) = ((place, minute / STEP * STEP), (place, minute / STEP * STEP + TAPPED));
            let data = calendar.data;
            let times = data.with_untracked(|data| dragged(data, held.grip, held.times, from, to, STEP));
            calendar.begin(times);
        }
        _ => {}
    }
}

pub fn on_pointer_cancel(calendar: Calendar) {
    HELD.set(None);
    if calendar.drag.with_untracked(Option::is_some) {
        calendar.drag.set(None);
    }
}

/// The column under a pointer, or the nearest one, and the place in it; `None` outside of the hours when nothing is held.
fn point(calendar: Calendar, event: &PointerEvent) -> Option<Point> {
    let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
    let is_held = HELD.with_borrow(Option::is_some);
    let columns = document().query_selector_all(".cal-day").ok()?;
    let minutes = calendar.data.with_untracked(|data| Axis::of(data).minutes());
    let mut nearest: Option<(f64, Point)> = None;
    for place in 0..columns.length() {
        let column: Element = columns.item(place)?.dyn_into().ok()?;
        let bounds = column.get_bounding_client_rect();
        if bounds.width() == 0.0 {
            continue;
        }
        let beside = (bounds.left() - x).max(x - bounds.right()).max(0.0);
        let is_inside = beside == 0.0 && y >= bounds.top() && y <= bounds.bottom();
        if !is_inside && !is_held {
            continue;
        }
        let minute = ((y - bounds.top()) / bounds.height() * minutes as f64) as i64;
        if nearest.is_none_or(|(distance, _)| beside < distance) {
            nearest = Some((beside, (place as usize, minute.clamp(0, minutes))));
        }
    }
    nearest.map(|(_, point)| point)
}

fn time_at(calendar: Calendar, (place, minute): Point) -> Option<protocol::time::Timestamp> {
    calendar
        .data
        .with_untracked(|data| Some(Column::of(data, Axis::of(data), place)?.instant(minute)))
}

fn scroll_at_edge(y: f64) {
    let Some(frame) = document().query_selector(".cal-scroll").ok().flatten() else {
        return;
    };
    let bounds = frame.get_bounding_client_rect();
    if y < bounds.top() + EDGE {
        frame.set_scroll_top(frame.scroll_top() - SCROLL);
    } else if y > bounds.bottom() - EDGE {
        frame.set_scroll_top(frame.scroll_top() + SCROLL);
    }
}
