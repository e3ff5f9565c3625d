//! Rings when a timer's time is up: a sound, and a notification where the user allowed it.

use crate::browser;
use js_sys::{Array, Reflect};
use protocol::preferences::Preferences;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AudioContext, Notification, NotificationOptions, NotificationPermission, OscillatorType, ServiceWorkerRegistration,
};

/// The notes of the sound: frequency in hertz, and start and end in seconds.
const NOTES: [(f32, f64, f64); 3] = [(659.3, 0.0, 0.25), (784.0, 0.22, 0.5), (987.8, 0.45, 1.1)];
const VOLUME: f32 = 0.12;
const ICON: &str = "/favicon.svg";

/// Rings with a text, as the preferences say. A notification replaces the one with the same tag.
pub fn ring(tag: String, text: String, preferences: &Preferences) {
    if preferences.sound {
        // Browsers play nothing before the user has touched the page.
        let _ = play();
    }
    if preferences.notifications {
        // A failure means that they are not allowed.
        spawn_local(async move { drop(notify(&tag, &text).await) });
    }
}

/// Takes the notification of a tag back.
pub fn silence(tag: String) {
    spawn_local(async move { drop(close(&tag).await) });
}

/// Asks the user to allow notifications. Returns whether they are allowed.
pub async fn ask_permission() -> bool {
    let Ok(asking) = Notification::request_permission() else {
        return false;
    };
    // Older browsers do not answer by the promise.
    let _ = JsFuture::from(asking).await;
    Notification::permission() == NotificationPermission::Granted
}

fn play() -> Result<(), JsValue> {
    let audio = AudioContext::new()?;
    let gain = audio.create_gain()?;
    gain.connect_with_audio_node(&audio.destination())?;
    let now = audio.current_time();
    let mut last = None;
    for (frequency, start, end) in NOTES {
        let note = audio.create_oscillator()?;
        note.set_type(OscillatorType::Sine);
        note.frequency().set_value(frequency);
        gain.gain().set_value_at_time(VOLUME, now + start)?;
        gain.gain().exponential_ramp_to_value_at_time(0.001, now + end)?;
        note.connect_with_audio_node(&gain)?;
        note.start_with_when(now + start)?;
        note.stop_with_when(now + end)?;
        last = Some(note);
    }
    if let Some(last) = last {
        let close = Closure::once_into_js(move || drop(audio.close()));
        last.set_onended(close.dyn_ref());
    }
    Ok(())
}

/// By the service worker where there is one: browsers on phones take notifications from nobody else, and all tabs find
/// them there.
async fn notify(tag: &str, text: &str) -> Result<(), JsValue> {
    let options = NotificationOptions::new();
    options.set_tag(tag);
    options.set_icon(ICON);
    match registration().await {
        Some(worker) => JsFuture::from(worker.show_notification_with_options(text, &options)?)
            .await
            .map(drop),
        None => Notification::new_with_options(text, &options).map(drop),
    }
}

async fn close(tag: &str) -> Result<(), JsValue> {
    let Some(worker) = registration().await else {
        return Ok(());
    };
    let shown = JsFuture::from(worker.get_notifications()?).await?;
    for notification in Array::from(&shown) {
        let notification: Notification = notification.unchecked_into();
        if notification.tag().as_deref() == Some(tag) {
            notification.close();
        }
    }
    Ok(())
}

/// The service worker; none on an insecure origin, or where it is not allowed.
async fn registration() -> Option<ServiceWorkerRegistration> {
    let navigator = browser::window()?.navigator();
    Reflect::has(&navigator, &"serviceWorker".into())
        .ok()
        .filter(|has| *has)?;
    let found = JsFuture::from(navigator.service_worker().get_registration())
        .await
        .ok()?;
    found.dyn_into().ok()
}
