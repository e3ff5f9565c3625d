//! Keys that work on every page while nothing is typed. They are read by their place on the keyboard, so that they work
//! with a Korean layout too.

use super::navigation::DESTINATIONS;
use crate::texts::{LayoutTexts, texts};
use leptos::prelude::*;

/// The list of the keys.
#[component]
pub fn Shortcuts() -> impl IntoView {
    let t = texts::<LayoutTexts>();
    let row = |keys: String, what: &'static str| {
        view! {
            <div class="shortcut">
                <dt>
                    <kbd>{keys}</kbd>
                </dt>
                <dd>{what}</dd>
            </div>
        }
        .into_any()
    };
    let pages = DESTINATIONS.iter().map(|page| {
        let letter = page.key.trim_start_matches("Key").to_lowercase();
        row(format!("g {letter}"), (page.name)(t))
    });
    view! {
        <h2>{t.help}</h2>
        <p>{t.help_lead}</p>
        <dl class="shortcuts">
            {row("n".to_owned(), t.help_new)} {row("␣".to_owned(), t.help_toggle)} {row("s".to_owned(), t.help_stop)}
            {row("/".to_owned(), t.help_search)} {row("Ctrl-K".to_owned(), t.help_palette)}
            {row("?".to_owned(), t.help_help)}
        </dl>
        <h3>{t.help_go}</h3>
        <dl class="shortcuts">{pages.collect_view()}</dl>
    }
    .into_any()
}

#[cfg(feature = "hydrate")]
pub use keys::start;

#[cfg(feature = "hydrate")]
mod keys {
    use crate::{
        layout::{navigation::DESTINATIONS, now_running::newest, overlay::Overlays},
        navigation::Navigator,
        state::{PageCommand, PageState},
    };
    use leptos::{ev, prelude::*};
    use protocol::timers::{Action, TimerCommand, TimerStatus};
    use wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlElement, KeyboardEvent};

    /// Where a letter after `g` still counts, in milliseconds.
    const GO_MILLIS: f64 = 1_500.0;

    /// Handles the keys of the document.
    pub fn start(navigator: Navigator, state: PageState, overlays: Overlays) {
        let go_since = StoredValue::new(f64::MIN);
        let listener = window_event_listener(ev::keydown, move |event| {
            let is_palette = (event.ctrl_key() || event.meta_key()) && event.code() == "KeyK";
            if is_palette {
                event.prevent_default();
                overlays.open_palette();
                return;
            }
            if event.ctrl_key() || event.meta_key() || event.alt_key() || overlays.is_open() || is_taken(&event) {
                return;
            }
            let now = crate::browser::device_millis();
            let goes = now - go_since.get_value() < GO_MILLIS;
            go_since.set_value(f64::MIN);
            match event.code().as_str() {
                code if goes => match DESTINATIONS.iter().find(|page| page.key == code) {
                    Some(page) => navigator.go(page.path),
                    None => return,
                },
                "KeyG" => go_since.set_value(now),
                "KeyN" => new_timer(navigator),
                "Space" => act(state, |status| match status {
                    TimerStatus::Paused => Action::Resume,
                    _ => Action::Pause,
                }),
                "KeyS" => act(state, |_| Action::Stop),
                _ if event.key() == "?" => overlays.open_help(),
                _ if event.key() == "/" => match focus("[data-search]") {
                    true => {}
                    false => overlays.open_palette(),
                },
                _ => return,
            }
            event.prevent_default();
        });
        on_cleanup(move || listener.remove());
    }

    /// Whether the element with the focus uses the key itself.
    fn is_taken(event: &KeyboardEvent) -> bool {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(target) = target else {
            return false;
        };
        let typed = "input, textarea, select, [contenteditable], [data-keys]";
        let pressed = "button, a, summary, [role=button], [role=option]";
        let is = |selectors: &str| target.closest(selectors).ok().flatten().is_some();
        is(typed) || (event.code() == "Space" && is(pressed))
    }

    fn act(state: PageState, action: fn(TimerStatus) -> Action) {
        let entry = untrack(|| newest(state.timers));
        if let Some(item) = entry
            .map(|entry| entry.item_untracked())
            .filter(|item| !item.provisional)
        {
            state.commands.give(PageCommand::Timer(TimerCommand::Act {
                action: action(item.timer.status),
                timer_id: item.timer.id,
            }));
        }
    }

    fn new_timer(navigator: Navigator) {
        if focus("#timer-title") || press("[data-new]") {
            return;
        }
        navigator.go("/#timer-title");
    }

    fn focus(selectors: &str) -> bool {
        find(selectors).is_some_and(|element| element.focus().is_ok())
    }

    /// Presses the button of a page that begins something new.
    fn press(selectors: &str) -> bool {
        find(selectors).map(|button| button.click()).is_some()
    }

    fn find(selectors: &str) -> Option<HtmlElement> {
        let found = document().query_selector(selectors).ok().flatten();
        found.and_then(|element| element.dyn_into().ok())
    }
}
