//! Reads pages and shows them.

use super::{Navigator, place};
use crate::{
    browser,
    hydrate::{LiveRoute, open_page, read_page},
    page::PathPattern,
    pages, writes,
};
use gloo_timers::callback::Timeout;
use leptos::{prelude::*, task::tick};
use std::cell::{Cell, RefCell};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::Url;

/// Changes within so many milliseconds are read together.
const REFRESH_MILLIS: u32 = 300;

thread_local! {
    /// Counts navigations: an answer that a later one has overtaken is dropped.
    static NAVIGATIONS: Cell<u32> = const { Cell::new(0) };
    /// Counts reads of the same page, of which only the latest is shown.
    static READS: Cell<u32> = const { Cell::new(0) };
    static REFRESH: RefCell<Option<Timeout>> = const { RefCell::new(None) };
    /// The path and query of the page that is shown.
    static CURRENT: RefCell<String> = const { RefCell::new(String::new()) };
}

/// How a page is entered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// By a link: a new entry of the history, shown from its top.
    Link,
    /// By back or forward: with the position and the focus with which it was left.
    History,
}

/// The live page of a path.
pub fn route_of(path: &str) -> Option<&'static LiveRoute> {
    pages::LIVE
        .iter()
        .find(|page| PathPattern(page.path).matches(path).is_some())
}

/// The path and query of the page that is shown.
pub fn current() -> String {
    CURRENT.with_borrow(|current| match current.is_empty() {
        true => browser::path_and_query(),
        false => current.clone(),
    })
}

/// The edits of the page that is shown, as JSON, that the server does not have yet. By its own address: back and forward
/// change the browser's before the page is read.
pub fn edits() -> Vec<String> {
    let address = current();
    let (path, _) = address.split_once('?').unwrap_or((&address, ""));
    writes::edits_of(path)
}

/// Opens an address.
pub fn go(navigator: Navigator, href: &str, entry: Entry) {
    let Some(url) = Url::new_with_base(href, &browser::href())
        .ok()
        .filter(|url| url.origin() == browser::origin())
    else {
        browser::go_to(href);
        return;
    };
    let Some(route) = route_of(&url.pathname()) else {
        browser::go_to(href);
        return;
    };
    let number = next(&NAVIGATIONS);
    let reads = READS.get();
    let address = format!("{}{}", url.pathname(), url.search());
    let href = format!("{address}{}", url.hash());
    document_busy(true);
    spawn_local(async move {
        let (opened, kept_at) = match open_page(&address).await {
            Ok(Some((data, kept_at))) => ((route.open)(data).await.ok(), kept_at),
            _ => (None, None),
        };
        if NAVIGATIONS.get() != number {
            return;
        }
        document_busy(false);
        let (Some(opened), Ok(history)) = (opened, window().history()) else {
            browser::go_to(&href);
            return;
        };
        if entry == Entry::Link {
            place::keep(&history);
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&href));
        }
        CURRENT.set(address);
        opened.replace(None, &edits());
        navigator.shown.set(opened);
        if kept_at.is_some() {
            navigator.set_known_at(kept_at);
        }
        // What began to be read meanwhile was of the page before, and the change behind it may be missing here.
        if kept_at.is_some() || READS.get() != reads {
            refresh_soon(navigator);
        }
        browser::shown_changed();
        tick().await;
        place::restore(&history);
    });
}

/// Shows the same page with another query.
pub fn set_query(navigator: Navigator, query: &str) {
    let path = browser::path();
    let address = match query {
        "" => path,
        query => format!("{path}?{query}"),
    };
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
    CURRENT.set(address);
    refresh(navigator);
}

/// Reads the page's data again in a moment.
pub fn refresh_soon(navigator: Navigator) {
    REFRESH.with_borrow_mut(|timeout| {
        if timeout.is_none() {
            *timeout = Some(Timeout::new(REFRESH_MILLIS, move || refresh(navigator)));
        }
    });
}

/// Reads the page's data again. Where that fails, what was last known stays.
pub fn refresh(navigator: Navigator) {
    REFRESH.set(None);
    if !browser::is_online() {
        return;
    }
    // A page that is being opened meanwhile is not held up, and takes the place of this one. Then the address is another.
    let (navigation, read, address) = (NAVIGATIONS.get(), next(&READS), current());
    spawn_local(async move {
        let Ok(Some(data)) = read_page(&address).await else {
            return;
        };
        if (NAVIGATIONS.get(), READS.get()) == (navigation, read) && current() == address {
            navigator
                .shown
                .with_untracked(|page| page.replace(Some(&data), &edits()));
            browser::shown_changed();
        }
    });
}

fn next(counter: &'static std::thread::LocalKey<Cell<u32>>) -> u32 {
    counter.set(counter.get() + 1);
    counter.get()
}

/// Says that the next page is on its way.
fn document_busy(is_busy: bool) {
    if let Some(root) = document().document_element() {
        let _ = match is_busy {
            true => root.set_attribute("data-opening", "true"),
            false => root.remove_attribute("data-opening"),
        };
    }
}
