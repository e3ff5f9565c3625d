//! The form that starts a timer.

use crate::{
    components::{
        When,
        link_chooser::{Choice, LinkChooser},
    },
    state::{Clock, Commands, PageCommand},
    texts::{TimersTexts, texts},
};
use leptos::{ev::SubmitEvent, html::Input, prelude::*};
use protocol::{
    limits,
    timers::{NewTimer, TimerCommand},
};

/// A year in minutes, also in the view. Longer timers can be created over the API.
const MINUTES_MAX: i64 = 525_600;
const PRESETS: [i64; 4] = [5, 15, 25, 50];

/// Title, minutes, presets and links; Enter submits. It needs scripts, since timers are created over the WebSocket
/// only.
#[component]
pub fn StartForm() -> impl IntoView {
    let (clock, commands) = (expect_context::<Clock>(), expect_context::<Commands>());
    let t = texts::<TimersTexts>();
    let title = NodeRef::<Input>::new();
    let minutes = RwSignal::new("25".to_owned());
    let choice = Choice::new();
    let problem = RwSignal::new(None::<&'static str>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(minutes) = whole_minutes(&minutes.get_untracked()) else {
            problem.set(Some(t.minutes_problem));
            return;
        };
        problem.set(None);
        let input = title.get_untracked();
        let name = input.as_ref().map(|input| input.value()).unwrap_or_default();
        let (schedule_id, todo_id, tag_ids) = choice.take();
        let new = NewTimer {
            allocated_seconds: minutes * 60,
            title: Some(name.trim().to_owned()).filter(|name| !name.is_empty()),
            schedule_id,
            todo_id,
            ..NewTimer::default()
        };
        commands.give(PageCommand::Timer(TimerCommand::Create { new, tag_ids }));
        if let Some(input) = input {
            input.set_value("");
            let _ = input.focus();
        }
    };
    let disabled = Memo::new(move |_| !clock.is_hydrated());
    view! {
        <form class="start" aria-label=t.form novalidate on:submit=submit>
            <div class="start-title">
                <label for="timer-title">{t.title}</label>
                <input
                    id="timer-title"
                    node_ref=title
                    type="text"
                    maxlength=limits::TITLE_CHARS.to_string()
                    placeholder=t.title_hint
                    autocomplete="off"
                />
            </div>
            <div class="start-minutes">
                <label for="timer-minutes">{t.minutes}</label>
                <input
                    id="timer-minutes"
                    type="number"
                    inputmode="numeric"
                    min="1"
                    max="525600"
                    step="1"
                    value="25"
                    autocomplete="off"
                    aria-invalid=move || problem.get().is_some().then_some("true")
                    aria-describedby=move || problem.get().is_some().then_some("minutes-problem")
                    prop:value=move || minutes.get()
                    on:input:target=move |event| {
                        minutes.set(event.target().value());
                        problem.set(None);
                    }
                />
            </div>
            <div class="presets" role="group" aria-label=t.presets>
                {PRESETS
                    .map(|preset| {
                        let chosen = move || minutes.with(|minutes| whole_minutes(minutes) == Some(preset));
                        view! {
                            <button
                                class="chip"
                                type="button"
                                disabled=move || disabled.get()
                                aria-pressed=move || chosen().to_string()
                                on:click=move |_| {
                                    minutes.set(preset.to_string());
                                    problem.set(None);
                                }
                            >
                                {preset.to_string()}
                                <span class="chip-unit">{t.unit}</span>
                            </button>
                        }
                            .into_any()
                    })
                    .collect_view()}
            </div>
            <button class="button primary start-go" type="submit" disabled=move || disabled.get()>
                {t.start}
            </button>
            <LinkChooser choice />
            <When holds=move || problem.get().is_some()>
                <p class="start-problem" id="minutes-problem" role="alert">
                    {move || problem.get().unwrap_or_default()}
                </p>
            </When>
        </form>
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
