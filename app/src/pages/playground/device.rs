//! The browser's clock, files and clipboard, as the playground needs them.

use crate::browser;
use futures_channel::oneshot;
use gloo_timers::callback::Timeout;
use js_sys::Array;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlAnchorElement, HtmlElement, HtmlInputElement, HtmlTextAreaElement, Url};

/// A saved file stays in memory for so many milliseconds.
const REVOKE_MILLIS: u32 = 10_000;
/// Characters of a token that are shown.
const TOKEN_CHARS: usize = 32;

/// The device's clock in milliseconds since 1970, with fractions.
pub fn millis() -> f64 {
    let performance = window().performance();
    performance.map_or_else(browser::device_millis, |performance| {
        performance.time_origin() + performance.now()
    })
}

/// Calls a function in so many milliseconds.
pub fn after(millis: u32, act: impl FnOnce() + 'static) {
    Timeout::new(millis, act).forget();
}

/// Waits.
pub async fn sleep(millis: u32) {
    let (sender, receiver) = oneshot::channel::<()>();
    after(millis, move || drop(sender));
    let _ = receiver.await;
}

/// A random id that is short enough to be read.
pub fn short_id() -> String {
    browser::random_uuid().simple().to_string()[..8].to_owned()
}

/// The time of day of an instant: `12:34:56.789`.
pub fn time_of_day(millis: f64) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(millis));
    let (hours, minutes, seconds) = (date.get_hours(), date.get_minutes(), date.get_seconds());
    format!("{hours:02}:{minutes:02}:{seconds:02}.{:03}", date.get_milliseconds())
}

/// RFC 3339 in UTC.
pub fn rfc3339(millis: f64) -> String {
    js_sys::Date::new(&JsValue::from_f64(millis)).to_iso_string().into()
}

/// JSON over several lines, with the members in their order; the text itself if it is not JSON.
pub fn pretty(text: &str) -> String {
    let parsed = js_sys::JSON::parse(text);
    let pretty = parsed.and_then(|value| {
        js_sys::JSON::stringify_with_replacer_and_space(&value, &JsValue::NULL, &JsValue::from_f64(2.0))
    });
    pretty
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_else(|| text.to_owned())
}

/// The beginning of a text that may be a token.
pub fn shortened(text: &str) -> String {
    match text.char_indices().nth(TOKEN_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A value in a query.
pub fn encode(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

/// Puts a text into the clipboard.
pub fn copy(text: &str) {
    let _ = window().navigator().clipboard().write_text(text);
}

/// Saves a text as a file.
pub fn save(name: &str, text: &str) {
    let file = || {
        let blob = Blob::new_with_str_sequence(&Array::of1(&text.into())).ok()?;
        let url = Url::create_object_url_with_blob(&blob).ok()?;
        let link: HtmlAnchorElement = document().create_element("a").ok()?.dyn_into().ok()?;
        link.set_href(&url);
        link.set_download(name);
        link.click();
        // Not before the browser has read it.
        after(REVOKE_MILLIS, move || drop(Url::revoke_object_url(&url)));
        Some(())
    };
    let _ = file();
}

/// Reads the file that was chosen in a field.
pub fn read_file(field: &HtmlInputElement, on_text: impl FnOnce(String) + 'static) {
    let file = field.files().and_then(|files| files.get(0));
    if let Some(file) = file {
        spawn_local(async move {
            let text = JsFuture::from(file.text()).await;
            if let Some(text) = text.ok().and_then(|text| text.as_string()) {
                on_text(text);
            }
        });
    }
}

/// Moves the focus to an element.
pub fn focus(id: &str) {
    let found = document().get_element_by_id(id);
    if let Some(found) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        let _ = found.focus();
    }
}

/// Moves the cursor of a text field, and shows it.
pub fn select_in(id: &str, start: usize) {
    let field = document().get_element_by_id(id);
    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok()) {
        let _ = field.focus();
        let start = start as u32;
        let _ = field.set_selection_range(start, start + 1);
    }
}
