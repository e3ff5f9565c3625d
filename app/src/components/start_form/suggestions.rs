//! The list of completions below the title.

use super::completion::Suggestion;
use crate::texts::TimersTexts;
use leptos::{ev::KeyboardEvent, prelude::*};

/// The suggestions, and the one that the arrow keys chose.
#[derive(Clone, Copy)]
pub struct Suggestions {
    found: RwSignal<Vec<Suggestion>>,
    chosen: RwSignal<Option<usize>>,
}

impl Suggestions {
    pub fn new() -> Self {
        Self {
            found: RwSignal::new(Vec::new()),
            chosen: RwSignal::new(None),
        }
    }

    pub fn show(self, found: Vec<Suggestion>) {
        self.chosen.set(None);
        self.found.set(found);
    }

    pub fn close(self) {
        self.show(Vec::new());
    }

    /// Whether there are any.
    pub fn is_open(self) -> bool {
        self.found.with(|found| !found.is_empty())
    }

    /// The id of the chosen one's element.
    pub fn active(self) -> Option<String> {
        self.chosen.get().map(id)
    }

    /// Handles the keys of the field. Returns what was chosen by Enter or Tab.
    pub fn on_key(self, event: &KeyboardEvent) -> Option<Suggestion> {
        let count = self.found.with_untracked(Vec::len);
        let chosen = self.chosen.get_untracked();
        let mut taken = None;
        match event.key().as_str() {
            "ArrowDown" if count > 0 => self.chosen.set(Some(chosen.map_or(0, |chosen| (chosen + 1) % count))),
            "ArrowUp" if count > 0 => self
                .chosen
                .set(Some(chosen.map_or(count, |chosen| chosen + count - 1) % count)),
            "Escape" if count > 0 => self.close(),
            // Enter also ends the composition of a syllable.
            "Enter" if chosen.is_some() && !event.is_composing() => taken = self.at(chosen),
            _ => return None,
        }
        event.prevent_default();
        taken
    }

    fn at(self, index: Option<usize>) -> Option<Suggestion> {
        self.found.with_untracked(|found| found.get(index?).cloned())
    }
}

fn id(index: usize) -> String {
    format!("suggestion-{index}")
}

/// The list, while there are suggestions.
#[component]
pub fn SuggestionList(
    suggestions: Suggestions,
    t: &'static TimersTexts,
    choose: Callback<Suggestion>,
) -> impl IntoView {
    let row = move |(index, suggestion): (usize, Suggestion)| {
        let kind = match suggestion {
            Suggestion::Recent(..) => t.recent,
            Suggestion::Todo(..) => t.todo,
            Suggestion::Schedule(..) => t.schedule,
            Suggestion::Tag(..) => t.tag,
        };
        let selected = move || (suggestions.chosen.get() == Some(index)).to_string();
        let name = suggestion.name().to_owned();
        view! {
            <li
                class="palette-entry"
                id=id(index)
                role="option"
                aria-selected=selected
                on:pointerdown=move |event| {
                    event.prevent_default();
                    choose.run(suggestion.clone());
                }
            >
                <span class="palette-name">{name}</span>
                <span class="palette-kind">{kind}</span>
            </li>
        }
        .into_any()
    };
    view! {
        <ul
            class="suggestions"
            id="timer-suggestions"
            role="listbox"
            aria-label=t.suggestions
            hidden=move || !suggestions.is_open()
        >
            {move || suggestions.found.get().into_iter().enumerate().map(row).collect_view()}
        </ul>
    }
    .into_any()
}
