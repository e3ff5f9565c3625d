//! The browser's APIs as plain functions: clock, randomness, storage, navigation.

use futures_channel::oneshot;
use gloo_timers::callback::Timeout;
use js_sys::{Array, Date, Intl, Object, Reflect};
use protocol::time::Timestamp;
use uuid::{Builder, Uuid};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlDocument, Storage, VisibilityState, Window};

/// The page's window; always present where this code runs.
pub fn window() -> Option<Window> {
    web_sys::window()
}

/// The device's clock, in milliseconds since 1970-01-01T00:00Z.
pub fn device_millis() -> f64 {
    Date::now()
}

/// Lets the browser handle input, and paint, before the caller goes on. Not in a hidden page, which nobody uses, and
/// whose timers wait a second.
pub async fn next_task() {
    if is_visible() {
        let (sender, receiver) = oneshot::channel::<()>();
        Timeout::new(0, move || drop(sender)).forget();
        let _ = receiver.await;
    }
}

/// A random number in 0..1.
pub fn random() -> f64 {
    js_sys::Math::random()
}

/// A random UUID. Not by `crypto.randomUUID`, which exists on secure origins only.
pub fn random_uuid() -> Uuid {
    let mut bytes = [0; 16];
    let filled = window()
        .and_then(|window| window.crypto().ok())
        .is_some_and(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).is_ok());
    if !filled {
        bytes.fill_with(|| (random() * 256.0) as u8);
    }
    Builder::from_random_bytes(bytes).into_uuid()
}

/// Whether the page is visible.
pub fn is_visible() -> bool {
    window()
        .and_then(|window| window.document())
        .is_none_or(|document| document.visibility_state() == VisibilityState::Visible)
}

/// Whether the browser reports a network connection.
pub fn is_online() -> bool {
    window().is_none_or(|window| window.navigator().on_line())
}

/// When the document was received that the service worker kept, in milliseconds on the device's clock; `None` for one
/// that comes from the server.
pub fn document_kept_at() -> Option<f64> {
    let root = window()?.document()?.document_element()?;
    parse_millis(&root.get_attribute("data-as-of")?)
}

/// When the page's first byte was received, in milliseconds on the device's clock.
pub fn page_received_millis() -> f64 {
    let received = || {
        let performance = window()?.performance()?;
        let origin = Reflect::get(&performance, &"timeOrigin".into()).ok()?.as_f64()?;
        let entries = Reflect::get(&performance, &"getEntriesByType".into()).ok()?;
        let entries = entries
            .dyn_into::<js_sys::Function>()
            .ok()?
            .call1(&performance, &"navigation".into())
            .ok()?;
        let response = Reflect::get(&Array::from(&entries).get(0), &"responseStart".into()).ok()?;
        response.as_f64().map(|response| origin + response)
    };
    document_kept_at().or_else(received).unwrap_or_else(device_millis)
}

/// A time in whole milliseconds, as the service worker writes it.
pub fn parse_millis(text: &str) -> Option<f64> {
    text.parse::<i64>().ok().map(|millis| millis as f64)
}

/// Has the document's script keep the page as it is now (`shell/offline.js`).
pub fn shown_changed() {
    if let (Some(window), Ok(event)) = (window(), Event::new("lockstep-shown")) {
        let _ = window.dispatch_event(&event);
    }
}

/// The first instant of the device's calendar day that lies `days_later` than that of `now`. Where the clocks skip
/// midnight, `Date` moves on to the first time that they show (ECMA-262, 21.4.1.26).
pub fn day_start(now: Timestamp, days_later: i32) -> Timestamp {
    let now = date(now);
    let day = now.get_date() as i32 + days_later;
    let start = Date::new_with_year_month_day(now.get_full_year(), now.get_month() as i32, day);
    Timestamp::from_millis(start.get_time() as i64)
}

/// The device's offset from UTC at an instant, in seconds, east positive.
pub fn utc_offset_seconds(instant: Timestamp) -> i32 {
    (date(instant).get_timezone_offset() * -60.0) as i32
}

/// The names of the timezones that the browser knows; none where it does not list them.
pub fn time_zones() -> Vec<String> {
    let names = || {
        let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
        let list = Reflect::get(&intl, &"supportedValuesOf".into()).ok()?;
        let names = list
            .dyn_into::<js_sys::Function>()
            .ok()?
            .call1(&intl, &"timeZone".into())
            .ok()?;
        Some(Array::from(&names).iter().filter_map(|name| name.as_string()).collect())
    };
    names().unwrap_or_default()
}

/// Stores the reader's timezone in a cookie, for the next page that the server renders.
pub fn remember_time_zone() {
    let format = Intl::DateTimeFormat::new(&Array::new(), &Object::new());
    let zone = Reflect::get(&format.resolved_options(), &"timeZone".into())
        .ok()
        .and_then(|zone| zone.as_string());
    let document = window()
        .and_then(|window| window.document())
        .and_then(|document| document.dyn_into::<HtmlDocument>().ok());
    if let (Some(zone), Some(document)) = (zone, document) {
        // Without the cookie, the server's pages use UTC days; nothing else depends on it.
        let _ = document.set_cookie(&format!("lockstep_tz={zone}; path=/; max-age=31536000; samesite=lax"));
    }
}

/// The browser's local storage; `None` where access is denied, as in some private windows.
pub fn storage() -> Option<Storage> {
    window()?.local_storage().ok()?
}

/// The storage key that a tab writes when it shows a page for signed-out visitors (`shell/plain.js`).
pub const SIGNED_OUT_KEY: &str = "lockstep.signed-out";

/// Loads a page as a new document, so that no state of this one remains.
pub fn go_to(path: &str) {
    if let Some(window) = window() {
        let _ = window.location().assign(path);
    }
}

/// The path of the shown page.
pub fn path() -> String {
    location(web_sys::Location::pathname)
}

/// The path and query of the shown page.
pub fn path_and_query() -> String {
    format!("{}{}", path(), location(web_sys::Location::search))
}

/// The whole address of the shown page.
pub fn href() -> String {
    location(web_sys::Location::href)
}

/// The origin of the shown page.
pub fn origin() -> String {
    location(web_sys::Location::origin)
}

fn location(read: fn(&web_sys::Location) -> Result<String, JsValue>) -> String {
    window()
        .and_then(|window| read(&window.location()).ok())
        .unwrap_or_default()
}

/// Moves the focus to an element, once what has changed is shown.
pub fn focus_soon(id: &'static str) {
    leptos::task::spawn_local(async move {
        leptos::task::tick().await;
        let element = window().and_then(|window| window.document()?.get_element_by_id(id));
        if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}

/// Reloads this page as a new document.
pub fn reload() {
    if let Some(window) = window() {
        let _ = window.location().reload();
    }
}

fn date(instant: Timestamp) -> Date {
    Date::new(&JsValue::from_f64(instant.millis() as f64))
}

/// The instant of a date and time on the device's wall clock, such as `2026-11-26T09:05`; `None` if it is not one.
pub fn instant_of_local(text: &str) -> Option<Timestamp> {
    let millis = Date::new(&JsValue::from_str(text)).get_time();
    millis.is_finite().then(|| Timestamp::from_millis(millis as i64))
}
