//! What is pressed.

use super::{
    focus::{closest, element, entry_of},
    pointer,
};
use crate::pages::calendar::{actions::Calendar, draft::Scope};
use leptos::{ev::MouseEvent, prelude::*};

pub fn on_click(calendar: Calendar, event: &MouseEvent) {
    let Some(target) = element(event.target()) else {
        return;
    };
    // A link is also pressed where a drag ends.
    if pointer::take_dragged() {
        event.prevent_default();
        return;
    }
    let is_link = closest(&target, "a").is_some();
    if is_link && (event.ctrl_key() || event.meta_key() || event.shift_key()) {
        return;
    }
    let acting = closest(&target, "[data-act]");
    let Some(act) = acting.and_then(|acting| acting.get_attribute("data-act")) else {
        return;
    };
    if is_link {
        event.prevent_default();
    }
    let key = entry_of(&target);
    match (act.as_str(), key) {
        ("new", _) => calendar.begin(None),
        ("close", _) => calendar.close(),
        ("series", _) => calendar.edit_series(),
        ("keep", _) => calendar.moved.set(None),
        ("open", Some(key)) => calendar.open(key),
        ("edit", Some(key)) => calendar.edit(key),
        ("timer", Some(key)) => calendar.start_timer(key),
        ("delete", Some(key)) => calendar.remove(key, Scope::This),
        ("delete-following", Some(key)) => calendar.remove(key, Scope::Following),
        ("delete-all", Some(key)) => calendar.remove(key, Scope::All),
        _ => {}
    }
}
