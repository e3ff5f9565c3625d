//! Links, back and forward.

use super::{
    Navigator,
    open::{self, Entry, current, route_of},
};
use crate::browser;
use leptos::{ev, prelude::*};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlAnchorElement, MouseEvent};

thread_local! {
    /// The files that pages load, as the document lists them; each page once.
    static PREFETCHED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Follows links, back and forward.
pub fn follow(navigator: Navigator) {
    let clicks = window_event_listener(ev::click, move |event| {
        let Some(link) = clicked_link(&event) else {
            return;
        };
        if route_of(&link.pathname()).is_none() {
            return;
        }
        let address = format!("{}{}", link.pathname(), link.search());
        if address != current() {
            event.prevent_default();
            open::go(navigator, &link.href(), Entry::Link);
        } else if link.hash().is_empty() {
            event.prevent_default();
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    });
    let moves = window_event_listener(ev::popstate, move |_| {
        let address = browser::path_and_query();
        if address == current() {
            return;
        }
        match route_of(&browser::path()) {
            Some(_) => open::go(navigator, &browser::href(), Entry::History),
            None => browser::reload(),
        }
    });
    let hovers = window_event_listener(ev::pointerover, |event| prefetch(&event));
    let focuses = window_event_listener(ev::focusin, |event| prefetch(&event));
    on_cleanup(move || {
        clicks.remove();
        moves.remove();
        hovers.remove();
        focuses.remove();
    });
}

/// The link of a click that would open it in this tab.
fn clicked_link(event: &MouseEvent) -> Option<HtmlAnchorElement> {
    let modified = event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key();
    if event.default_prevented() || event.button() != 0 || modified {
        return None;
    }
    let link = link_of(event)?;
    let elsewhere = !matches!(link.target().as_str(), "" | "_self")
        || link.has_attribute("download")
        || link.rel().split_whitespace().any(|rel| rel == "external")
        || link.origin() != browser::origin();
    (!elsewhere).then_some(link)
}

fn link_of(event: &Event) -> Option<HtmlAnchorElement> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest("a[href]").ok()??.dyn_into().ok()
}

/// Loads the files of a link's page, so that it opens at once.
fn prefetch(event: &Event) {
    let route = link_of(event)
        .filter(|link| link.origin() == browser::origin())
        .and_then(|link| route_of(&link.pathname()));
    let Some(route) = route else {
        return;
    };
    let is_new = PREFETCHED.with_borrow_mut(|known| match known.contains(&route.path) {
        true => false,
        false => {
            known.push(route.path);
            true
        }
    });
    if is_new {
        (route.prefetch)();
    }
}
