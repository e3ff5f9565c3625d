//! The length of a new timer: minutes, presets, or no end.

use crate::texts::TimersTexts;
use leptos::prelude::*;
use protocol::timers::OPEN_ENDED_SECONDS;

/// A year in minutes, also in the view. Longer timers can be created over the API.
const MINUTES_MAX: i64 = 525_600;
const PRESETS: [i64; 4] = [5, 15, 25, 50];

/// What was chosen.
#[derive(Clone, Copy)]
pub struct Length {
    minutes: RwSignal<String>,
    open_ended: RwSignal<bool>,
    problem: RwSignal<bool>,
}

impl Length {
    /// Minutes to begin with.
    pub fn new(minutes: u32) -> Self {
        Self {
            minutes: RwSignal::new(minutes.to_string()),
            open_ended: RwSignal::new(false),
            problem: RwSignal::new(false),
        }
    }

    /// Whether what was typed is no length.
    pub fn problem(self) -> bool {
        self.problem.get()
    }

    /// The length in seconds; `None` if what was typed is none, which is then shown.
    pub fn take(self) -> Option<i64> {
        let seconds = match self.open_ended.get_untracked() {
            true => Some(OPEN_ENDED_SECONDS),
            false => whole_minutes(&self.minutes.get_untracked()).map(|minutes| minutes * 60),
        };
        self.problem.set(seconds.is_none());
        seconds
    }

    /// Takes the length of an earlier timer, in seconds.
    pub fn set_seconds(self, seconds: i64) {
        if seconds >= OPEN_ENDED_SECONDS {
            self.open_ended.set(true);
        } else {
            self.set(((seconds + 59) / 60).to_string());
        }
    }

    fn set(self, minutes: String) {
        self.open_ended.set(false);
        self.problem.set(false);
        self.minutes.set(minutes);
    }
}

/// The fields for the length.
#[component]
pub fn LengthFields(length: Length, disabled: Memo<bool>, t: &'static TimersTexts) -> impl IntoView {
    let preset = move |preset: i64| {
        let is_chosen =
            move || !length.open_ended.get() && length.minutes.with(|minutes| whole_minutes(minutes) == Some(preset));
        chip(
            disabled,
            is_chosen,
            move || length.set(preset.to_string()),
            view! {
                {preset.to_string()}
                <span class="chip-unit">{t.unit}</span>
            }
            .into_any(),
        )
    };
    view! {
        <div class="start-minutes">
            <label for="timer-minutes">{t.minutes}</label>
            <input
                id="timer-minutes"
                type="number"
                inputmode="numeric"
                min="1"
                max="525600"
                step="1"
                value=length.minutes.get_untracked()
                autocomplete="off"
                disabled=move || length.open_ended.get()
                aria-invalid=move || length.problem.get().then_some("true")
                aria-describedby=move || length.problem.get().then_some("minutes-problem")
                prop:value=move || length.minutes.get()
                on:input:target=move |event| length.set(event.target().value())
            />
        </div>
        <div class="presets" role="group" aria-label=t.presets>
            {PRESETS.map(preset).collect_view()}
            {chip(
                disabled,
                move || length.open_ended.get(),
                move || length.open_ended.update(|open| *open = !*open),
                t.no_end.into_any(),
            )}
        </div>
    }
    .into_any()
}

/// A button that shows whether it is chosen.
fn chip(
    disabled: Memo<bool>,
    is_chosen: impl Fn() -> bool + Send + 'static,
    choose: impl Fn() + 'static,
    text: AnyView,
) -> AnyView {
    view! {
        <button
            class="chip"
            type="button"
            disabled=move || disabled.get()
            aria-pressed=move || is_chosen().to_string()
            on:click=move |_| choose()
        >
            {text}
        </button>
    }
    .into_any()
}

fn whole_minutes(text: &str) -> Option<i64> {
    let minutes = text.trim().parse().ok()?;
    (1..=MINUTES_MAX).contains(&minutes).then_some(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_must_be_whole_and_within_bounds() {
        assert_eq!(whole_minutes(" 25 "), Some(25));
        assert_eq!(whole_minutes("525600"), Some(525_600));
        for text in ["", "0", "-1", "1.5", "525601", "abc", "99999999999999999999"] {
            assert_eq!(whole_minutes(text), None, "{text}");
        }
    }
}
