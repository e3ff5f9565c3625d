//! Rings when a timer's time is up: a sound, and a notification where the user allowed it.

use crate::browser;
use js_sys::{Function, Object, Promise, Reflect};
use protocol::preferences::Preferences;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AudioContext, OscillatorType};

/// The notes of the sound: frequency in hertz, and start and end in seconds.
const NOTES: [(f32, f64, f64); 3] = [(659.3, 0.0, 0.25), (784.0, 0.22, 0.5), (987.8, 0.45, 1.1)];
const VOLUME: f32 = 0.12;

/// Rings for a timer of this title, as the preferences say.
pub fn ring(title: &str, preferences: &Preferences) {
    if preferences.sound {
        // Browsers play nothing before the user has touched the page.
        let _ = play();
    }
    if preferences.notifications {
        let _ = notify(title);
    }
}

/// Asks the user to allow notifications. Returns whether they are allowed.
pub async fn ask_permission() -> bool {
    async fn ask() -> Result<bool, JsValue> {
        let class = notification()?;
        let ask: Function = Reflect::get(&class, &"requestPermission".into())?.dyn_into()?;
        let promise: Promise = ask.call0(&class)?.dyn_into()?;
        Ok(JsFuture::from(promise).await?.as_string().as_deref() == Some("granted"))
    }
    ask().await.unwrap_or(false)
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

fn notify(title: &str) -> Result<(), JsValue> {
    let class: Function = notification()?.dyn_into()?;
    let options = Object::new();
    // One notification for all tabs and for a timer that rings again.
    Reflect::set(&options, &"tag".into(), &title.into())?;
    Reflect::set(&options, &"icon".into(), &"/favicon.svg".into())?;
    let arguments = js_sys::Array::of2(&title.into(), &options);
    Reflect::construct(&class, &arguments)?;
    Ok(())
}

/// The browser's `Notification` (Notifications API); an error where there is none.
fn notification() -> Result<JsValue, JsValue> {
    let window = browser::window().ok_or(JsValue::UNDEFINED)?;
    Reflect::get(&window, &"Notification".into())
}
