//! Where a page was left: its position and its focus, as the state of its history entry.

use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{History, HtmlElement};

/// Keeps the place of the page that is left: `<y> <id>`.
pub fn keep(history: &History) {
    let y = window().scroll_y().unwrap_or_default();
    let focused = document().active_element().map(|element| element.id());
    let place = format!("{} {}", y as i32, focused.unwrap_or_default());
    let _ = Reflect::set(history, &"scrollRestoration".into(), &"manual".into());
    let _ = history.replace_state(&place.into(), "");
}

/// Restores the place of the entered page; one that was not entered before is shown from its top. The focus goes to the
/// target of the address, to the element that had it, or else to the content, so that screen readers continue there.
pub fn restore(history: &History) {
    let place = history.state().unwrap_or_default().as_string().unwrap_or_default();
    let (y, id) = place.split_once(' ').unwrap_or_default();
    let hash = window().location().hash().unwrap_or_default();
    let target = hash.strip_prefix('#').unwrap_or(id);
    let element = document().get_element_by_id(target);
    let element = element.or_else(|| document().get_element_by_id("content"));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
    window().scroll_to_with_x_and_y(0.0, y.parse().unwrap_or_default());
}
