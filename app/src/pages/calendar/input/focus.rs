//! The focus: where it is, and where it goes once entries are built anew.

use super::preview;
pub use crate::browser::focus_soon;
use crate::pages::calendar::{actions::Calendar, axis::Axis, data::Key};
use leptos::{ev::FocusEvent, prelude::*, task::tick};
use protocol::time::Timestamp;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, EventTarget, HtmlElement};

/// The part of the scrolled hours that is shown first, in minutes: from before now, but not later than the morning.
const BEFORE_NOW: i64 = 90;
const MORNING: i64 = 7 * 60;

/// The element of an event.
pub fn element(target: Option<EventTarget>) -> Option<Element> {
    target?.dyn_into().ok()
}

/// The nearest element around another one that matches.
pub fn closest(element: &Element, selectors: &str) -> Option<Element> {
    element.closest(selectors).ok().flatten()
}

/// The entry of an element.
pub fn entry_of(element: &Element) -> Option<Key> {
    let entry = closest(element, "[data-entry]")?;
    let at = entry.get_attribute("data-at").and_then(|at| at.parse().ok());
    Some(Key {
        id: entry.get_attribute("data-entry")?.parse().ok()?,
        at: at.map(Timestamp::from_millis),
    })
}

/// Focuses an entry, once it is there.
pub fn focus_entry(key: Key) {
    spawn_local(async move {
        tick().await;
        let selectors = match key.at {
            Some(at) => format!("a[data-entry='{}'][data-at='{}']", key.id, at.millis()),
            None => format!("a[data-entry='{}']", key.id),
        };
        let found = document().query_selector(&selectors).ok().flatten();
        if let Some(found) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            let _ = found.focus();
        }
    });
}

pub fn on_focus(calendar: Calendar, event: &FocusEvent) {
    let target = element(event.target());
    let entry = target
        .filter(|target| target.tag_name() == "A")
        .and_then(|target| entry_of(&target));
    if entry.is_some() && calendar.chosen.get_untracked() != entry {
        calendar.chosen.set(entry);
    }
    calendar.focused.set_value(entry);
}

/// The focus goes elsewhere. Without another element the entry may only be built anew.
pub fn on_blur(calendar: Calendar, event: &FocusEvent) {
    if event.related_target().is_some() {
        calendar.focused.set_value(None);
    }
}

/// Keeps the focus on an entry that is built anew, shows the hours around now, and reads the page again where the
/// server did not know the device's timezone.
pub fn start(calendar: Calendar) {
    Effect::new(move |_| {
        calendar.shown.track();
        spawn_local(async move {
            tick().await;
            let Some(key) = calendar.focused.try_get_value().flatten() else {
                return;
            };
            if document()
                .active_element()
                .is_none_or(|active| active.tag_name() == "BODY")
            {
                focus_entry(key);
            }
        });
    });
    Effect::new(move |_| calendar.continue_series());
    Effect::new(move |_| calendar.complete_draft());
    Effect::new(move |_| {
        if calendar.clock.is_hydrated() {
            scroll(calendar);
            let start = calendar.data.with_untracked(|data| {
                let day = data.days.first().map(|day| day.start)?;
                Some((day, data.utc_offsets.wall_clock(day)))
            });
            if start.is_some_and(|(day, shown)| untrack(|| calendar.clock.local(day)) != shown) {
                calendar.read_again();
            }
        }
    });
    preview::start(calendar);
}

fn scroll(calendar: Calendar) {
    let Some(frame) = document().query_selector(".cal-scroll").ok().flatten() else {
        return;
    };
    let now = untrack(|| calendar.clock.now());
    let (top, minutes) = calendar.data.with_untracked(|data| {
        let now = data.utc_offsets.wall_clock(now);
        let before = now.hour() * 60 + now.minute() - BEFORE_NOW;
        (before.clamp(0, MORNING), Axis::of(data).minutes())
    });
    let hours = document().query_selector(".cal-hours").ok().flatten();
    let height = hours.map_or(0, |hours| hours.scroll_height());
    let top = i64::from(height) * top / minutes;
    frame.set_scroll_top(i32::try_from(top).unwrap_or(0));
}
