//! Arrow keys in lists, whose rows are reached by one tab stop (WAI-ARIA, roving tabindex).

use leptos::ev::KeyboardEvent;

/// Moves the focus between the elements with `data-row` in the `li` of a list: by arrow keys, Home and End. To be called
/// for the keys of the list.
#[cfg(feature = "hydrate")]
pub fn move_in_list(event: &KeyboardEvent) {
    use wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlElement};
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    // Not while something is typed in the list.
    let Some(item) = target
        .filter(|target| target.has_attribute("data-row"))
        .and_then(|target| target.closest("li").ok().flatten())
    else {
        return;
    };
    let next: fn(&Element) -> Option<Element> = Element::next_element_sibling;
    let previous: fn(&Element) -> Option<Element> = Element::previous_element_sibling;
    let list = item.parent_element();
    let (mut found, step) = match event.key().as_str() {
        "ArrowDown" => (next(&item), next),
        "ArrowUp" => (previous(&item), previous),
        "Home" => (list.and_then(|list| list.first_element_child()), next),
        "End" => (list.and_then(|list| list.last_element_child()), previous),
        _ => return,
    };
    event.prevent_default();
    while let Some(item) = found {
        let row = item.query_selector("[data-row]").ok().flatten();
        if let Some(row) = row.and_then(|row| row.dyn_into::<HtmlElement>().ok()) {
            let _ = row.focus();
            return;
        }
        found = step(&item);
    }
}

/// Nothing moves on the server.
#[cfg(not(feature = "hydrate"))]
pub fn move_in_list(_: &KeyboardEvent) {}

/// Focuses an element once what changed is shown.
#[cfg(feature = "hydrate")]
pub fn focus_soon(id: String) {
    use wasm_bindgen::JsCast;
    leptos::task::spawn_local(async move {
        leptos::task::tick().await;
        let element = leptos::prelude::document().get_element_by_id(&id);
        if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}

/// Nothing moves on the server.
#[cfg(not(feature = "hydrate"))]
pub fn focus_soon(_: String) {}
