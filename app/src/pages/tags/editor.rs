//! The form for a group's or a tag's name, colour and goal.

use super::{
    palette::{PALETTE, six_digits},
    state::Draft,
};
use crate::{
    components::focus_soon,
    state::Clock,
    texts::{CommonTexts, TagsTexts, texts},
};
use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    html::Input,
    prelude::*,
};
use protocol::limits;

/// Edits a draft. Enter saves, Escape closes.
#[component]
pub fn Editor(
    /// The prefix of the fields' ids.
    id: String,
    draft: Draft,
    /// Whether it has a goal.
    #[prop(optional)]
    has_goal: bool,
    /// Whether a name is taken.
    #[prop(optional, into)]
    is_taken: Option<Callback<String, bool>>,
    save: Callback<Draft>,
    close: Callback<()>,
    /// Deletes it; nothing for new things.
    #[prop(optional, into)]
    delete: Option<Callback<()>>,
) -> impl IntoView {
    let (t, common) = (texts::<TagsTexts>(), texts::<CommonTexts>());
    let name = NodeRef::<Input>::new();
    let goal = NodeRef::<Input>::new();
    let color = RwSignal::new(draft.color);
    let problem = RwSignal::new(None::<String>);
    let (name_id, goal_id, problem_id) = (format!("{id}-name"), format!("{id}-goal"), format!("{id}-problem"));
    focus_soon(name_id.clone());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let value = |input: NodeRef<Input>| input.get_untracked().map(|input| input.value()).unwrap_or_default();
        let name = value(name).trim().to_owned();
        let taken = is_taken.is_some_and(|is_taken| is_taken.run(name.clone()));
        match (parsed_goal(&value(goal)), name.is_empty(), taken) {
            (_, true, _) => problem.set(Some(t.name_missing.to_owned())),
            (_, _, true) => problem.set(Some((t.name_taken)(&name))),
            (None, ..) => problem.set(Some(t.goal_problem.to_owned())),
            (Some(goal), ..) => save.run(Draft {
                name,
                color: color.get_untracked(),
                goal,
            }),
        }
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !event.is_composing() {
            event.stop_propagation();
            close.run(());
        }
    };
    let described_by = problem_id.clone();
    view! {
        <form class="tag-editor" novalidate on:submit=submit on:keydown=on_key>
            <div class="tag-editor-name">
                <label for=name_id.clone()>{t.name}</label>
                <input
                    id=name_id
                    node_ref=name
                    type="text"
                    maxlength=limits::TITLE_CHARS.to_string()
                    autocomplete="off"
                    value=draft.name
                    aria-invalid=move || problem.with(Option::is_some).then_some("true")
                    aria-describedby=described_by
                    on:input=move |_| problem.set(None)
                />
            </div>
            <Colors id=id color />
            {has_goal
                .then(|| {
                    view! {
                        <div class="tag-editor-goal">
                            <label for=goal_id.clone()>{t.goal}</label>
                            <input
                                id=goal_id
                                node_ref=goal
                                type="number"
                                inputmode="numeric"
                                min="0"
                                max="100"
                                step="1"
                                autocomplete="off"
                                value=draft.goal.map(|goal| goal.to_string()).unwrap_or_default()
                                on:input=move |_| problem.set(None)
                            />
                            <span class="field-hint">{t.goal_hint}</span>
                        </div>
                    }
                        .into_any()
                })}
            <p class="tag-editor-problem" id=problem_id role="alert">
                {move || problem.get()}
            </p>
            <div class="tag-editor-buttons">
                <button class="button primary" type="submit">
                    {common.save}
                </button>
                <button class="button quiet" type="button" on:click=move |_| close.run(())>
                    {common.cancel}
                </button>
                {delete
                    .map(|delete| {
                        view! {
                            <button class="button danger" type="button" on:click=move |_| delete.run(())>
                                {common.delete}
                            </button>
                        }
                            .into_any()
                    })}
            </div>
        </form>
    }
    .into_any()
}

/// The palette as radio buttons, and any other colour.
#[component]
fn Colors(id: String, color: RwSignal<String>) -> impl IntoView {
    let (clock, t) = (expect_context::<Clock>(), texts::<TagsTexts>());
    let group = format!("{id}-color");
    let swatch = move |(offered, label): (&'static str, &'static str)| {
        view! {
            <label class="swatch" title=label>
                <input
                    type="radio"
                    name=group.clone()
                    value=offered
                    aria-label=label
                    prop:checked=move || color.with(|color| color == offered)
                    on:change=move |_| color.set(offered.to_owned())
                />
                <svg viewBox="0 0 24 24" aria-hidden="true">
                    <circle cx="12" cy="12" r="10" fill=offered />
                    <path d="M7.500 12.300l3 3 6-6.300" />
                </svg>
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset class="swatches">
            <legend>{t.color}</legend>
            {PALETTE.into_iter().zip(t.colors).map(swatch).collect_view()}
            <label class="swatch-other">
                <input
                    type="color"
                    disabled=move || !clock.is_hydrated()
                    prop:value=move || color.with(|color| six_digits(color))
                    on:input:target=move |event| color.set(event.target().value().to_uppercase())
                />
                <span>{t.other_color}</span>
            </label>
        </fieldset>
    }
    .into_any()
}

/// A goal in percent: `Some(None)` for an empty field, `None` for what is no goal.
fn parsed_goal(text: &str) -> Option<Option<u8>> {
    match text.trim() {
        "" => Some(None),
        text => text.parse().ok().filter(|percent| *percent <= 100).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_a_whole_percentage_or_none() {
        assert_eq!(parsed_goal(" "), Some(None));
        assert_eq!(parsed_goal(" 40 "), Some(Some(40)));
        assert_eq!(parsed_goal("100"), Some(Some(100)));
        for text in ["101", "-1", "1.5", "a", "999"] {
            assert_eq!(parsed_goal(text), None, "{text}");
        }
    }
}
