//! The form that starts a timer.

mod completion;
mod length;
mod suggestions;

use crate::{
    components::link_chooser::{Choice, LinkChooser},
    state::{Clock, Commands, PageCommand, TimerList},
    texts::{TimersTexts, texts},
};
use completion::Suggestion;
use length::{Length, LengthFields};
use leptos::{ev::SubmitEvent, html::Input, prelude::*};
use protocol::{
    limits,
    preferences::Preferences,
    timers::{NewTimer, TimerCommand},
};
use suggestions::{SuggestionList, Suggestions};

/// Title with completion, length and links; Enter submits. It needs scripts, since timers are created over the WebSocket
/// only.
#[component]
pub fn StartForm() -> impl IntoView {
    let (clock, commands) = (expect_context::<Clock>(), expect_context::<Commands>());
    let timers = expect_context::<TimerList>();
    let t = texts::<TimersTexts>();
    let title = NodeRef::<Input>::new();
    let preferences = expect_context::<StoredValue<Preferences>>();
    let default_minutes = preferences.with_value(|preferences| preferences.default_minutes);
    let (length, choice, suggestions) = (Length::new(default_minutes), Choice::new(), Suggestions::new());
    let typed = move || title.get_untracked().map(|input| input.value()).unwrap_or_default();
    let suggest = move || {
        let recent = recent(timers);
        suggestions.show(timers.with_links(|links| completion::suggestions(&typed(), links, &recent)));
    };
    let choose = Callback::new(move |suggestion: Suggestion| {
        let completed = suggestion.complete(&typed());
        match &suggestion {
            Suggestion::Recent(_, seconds) => length.set_seconds(*seconds),
            Suggestion::Todo(id, _) => choice.set_todo(*id),
            Suggestion::Schedule(id, _) => choice.set_schedule(*id),
            Suggestion::Tag(..) => {}
        }
        set_value(title, &completed);
        suggestions.close();
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(allocated_seconds) = length.take() else {
            return;
        };
        let (schedule_id, todo_id, mut tag_ids) = choice.take();
        let (name, typed_tags) = timers.with_links(|links| completion::split_tags(&typed(), links));
        tag_ids.extend(
            typed_tags
                .into_iter()
                .filter(|id| !tag_ids.contains(id))
                .collect::<Vec<_>>(),
        );
        let new = NewTimer {
            allocated_seconds,
            title: Some(name).filter(|name| !name.is_empty()),
            schedule_id,
            todo_id,
            ..NewTimer::default()
        };
        commands.give(PageCommand::Timer(TimerCommand::Create { new, tag_ids }));
        suggestions.close();
        set_value(title, "");
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
                    role="combobox"
                    aria-autocomplete="list"
                    aria-controls="timer-suggestions"
                    aria-expanded=move || suggestions.is_open().to_string()
                    aria-activedescendant=move || suggestions.active()
                    on:input=move |_| suggest()
                    on:blur=move |_| suggestions.close()
                    on:keydown=move |event| {
                        if let Some(suggestion) = suggestions.on_key(&event) {
                            choose.run(suggestion);
                        }
                    }
                />
                <SuggestionList suggestions t choose />
            </div>
            <LengthFields length disabled t />
            <button class="button primary start-go" type="submit" disabled=move || disabled.get()>
                {t.start}
            </button>
            <LinkChooser choice />
            <p class="start-problem" id="minutes-problem" role="alert">
                {move || length.problem().then_some(t.minutes_problem)}
            </p>
        </form>
    }
    .into_any()
}

/// The titles of ended timers with their lengths, each once, the latest first.
fn recent(timers: TimerList) -> Vec<(String, i64)> {
    let mut recent: Vec<(String, i64)> = Vec::new();
    for item in untrack(|| timers.ended()) {
        if let Some(title) = &item.timer.title
            && !recent.iter().any(|(known, _)| known == title)
        {
            recent.push((title.clone(), item.timer.allocated_seconds));
        }
    }
    recent
}

fn set_value(input: NodeRef<Input>, value: &str) {
    if let Some(input) = input.get_untracked() {
        input.set_value(value);
        let _ = input.focus();
    }
}
