//! Keys. Letters are read by their place on the keyboard, so that they work with a Korean layout too.

use super::{
    focus::{closest, element, entry_of},
    pointer,
};
use crate::pages::calendar::{actions::Calendar, data::Key, draft::Scope, drag::STEP};
use leptos::{ev::KeyboardEvent, prelude::*};

pub fn on_key(calendar: Calendar, event: &KeyboardEvent) {
    let Some(target) = element(event.target()).filter(|_| !event.is_composing()) else {
        return;
    };
    let is_entry = target.tag_name() == "A" && closest(&target, "#cal-panel").is_none();
    let is_taken = match entry_of(&target).filter(|_| is_entry) {
        _ if event.key() == "Escape" => escape(calendar),
        Some(key) => on_entry(calendar, event, key),
        None => false,
    };
    if is_taken {
        event.prevent_default();
        event.stop_propagation();
    }
}

fn escape(calendar: Calendar) -> bool {
    let is_open = calendar.panel.with_untracked(Option::is_some) || calendar.draft.with_untracked(Option::is_some);
    if calendar.drag.with_untracked(Option::is_some) {
        pointer::on_pointer_cancel(calendar);
    } else if is_open {
        calendar.close();
    } else if calendar.moved.with_untracked(Option::is_some) {
        calendar.moved.set(None);
    } else {
        return false;
    }
    true
}

fn on_entry(calendar: Calendar, event: &KeyboardEvent, key: Key) -> bool {
    let pressed = event.key();
    if event.ctrl_key() || event.meta_key() {
        return false;
    }
    match (pressed.as_str(), event.alt_key(), event.shift_key()) {
        ("ArrowUp", true, false) => calendar.move_by(key, 0, -STEP),
        ("ArrowDown", true, false) => calendar.move_by(key, 0, STEP),
        ("ArrowLeft", true, false) => calendar.move_by(key, -1, 0),
        ("ArrowRight", true, false) => calendar.move_by(key, 1, 0),
        ("ArrowUp", true, true) => calendar.resize_by(key, -STEP),
        ("ArrowDown", true, true) => calendar.resize_by(key, STEP),
        (_, true, _) => return false,
        ("ArrowUp", ..) => go(calendar, calendar.beside(key, -1)),
        ("ArrowDown", ..) => go(calendar, calendar.beside(key, 1)),
        ("ArrowLeft", ..) => go(calendar, calendar.across(key, false)),
        ("ArrowRight", ..) => go(calendar, calendar.across(key, true)),
        ("Enter" | "F2", ..) => calendar.open(key),
        ("Delete", ..) => calendar.remove(key, Scope::This),
        _ => return false,
    }
    true
}

fn go(calendar: Calendar, key: Option<Key>) {
    if let Some(key) = key {
        calendar.focus(key);
    }
}
