//! One group with its tags.

use super::{
    data::Group,
    editor::Editor,
    row::TagRow,
    state::{Draft, TagsState, Target, add_id, group_id},
};
use crate::{
    components::{Rows, TagDot, When, move_in_list, rows},
    locale::Locale,
    state::Clock,
    texts::{TagsTexts, texts},
};
use leptos::{ev::SubmitEvent, html::Input, prelude::*};
use protocol::{id::TagGroupId, limits};

/// A group as a card.
#[component]
pub fn GroupCard(id: TagGroupId) -> impl IntoView {
    let state = expect_context::<TagsState>();
    let t = texts::<TagsTexts>();
    let group = Memo::new(move |_| state.data.with(|data| data.group(id).cloned()));
    let tags = rows(
        move || {
            let tags = group.with(|group| {
                group
                    .as_ref()
                    .map(|group| group.tags.iter().map(|tag| tag.id).collect())
            });
            tags.unwrap_or_default()
        },
        |id| *id,
        move |tag| view! { <TagRow group=id id=tag /> }.into_any(),
    );
    let hidden = Memo::new(move |_| group.with(|group| group.as_ref().map_or(0, |group| group.hidden_tags)));
    let goals = Memo::new(move |_| group.with(|group| group.as_ref().map_or(0, Group::goals_percent)));
    view! {
        <section
            class="tag-group"
            data-testid="tag-group"
            aria-labelledby=format!("name-{id}")
            class:waits=move || group.with(|group| group.as_ref().is_some_and(|group| group.waits))
        >
            <When
                holds=move || state.is_open(Target::Group(id))
                fallback=move || view! { <Head id group /> }.into_any()
            >
                <GroupEditor id group />
            </When>
            <ul class="tag-list" role="list" on:keydown=move |event| move_in_list(&event)>
                <Rows each=tags />
            </ul>
            <When holds=move || { hidden.get() > 0 }>
                <p class="tag-hidden">
                    <a href=format!("/tags?group={id}")>{move || (t.hidden_tags)(hidden.get())}</a>
                </p>
            </When>
            <When holds=move || { goals.get() > 100 }>
                <p class="tag-hint">{move || (t.goals_exceed)(goals.get())}</p>
            </When>
            <AddTag group=id />
        </section>
    }
    .into_any()
}

#[component]
fn Head(id: TagGroupId, group: Memo<Option<Group>>) -> impl IntoView {
    let (state, clock) = (expect_context::<TagsState>(), expect_context::<Clock>());
    let locale = Locale::current();
    let t = locale.texts::<TagsTexts>();
    let name = move || group.with(|group| group.as_ref().map(|group| group.name.clone()).unwrap_or_default());
    let week = move || {
        group.with(|group| match group.as_ref().map_or(0, |group| group.seconds) {
            0 => t.week_none.to_owned(),
            seconds => (t.week)(&locale.span(seconds)),
        })
    };
    view! {
        <header class="tag-group-head">
            {move || {
                let color = group.with(|group| group.as_ref().map(|group| group.color.clone()).unwrap_or_default());
                view! { <TagDot color /> }
            }} <h2 id=format!("name-{id}")>{move || name()}</h2> <p class="tag-group-week">{move || week()}</p>
            <button
                class="button quiet"
                type="button"
                id=group_id(id)
                aria-label=move || (t.edit)(&name())
                disabled=move || !clock.is_hydrated()
                on:click=move |_| state.open(Target::Group(id))
            >
                {t.edit_short}
            </button>
        </header>
    }
    .into_any()
}

#[component]
fn GroupEditor(id: TagGroupId, group: Memo<Option<Group>>) -> impl IntoView {
    let state = expect_context::<TagsState>();
    let t = texts::<TagsTexts>();
    let draft = group.with_untracked(|group| {
        let group = group.as_ref();
        Draft {
            name: group.map(|group| group.name.clone()).unwrap_or_default(),
            color: group.map(|group| group.color.clone()).unwrap_or_default(),
            goal: None,
        }
    });
    view! {
        <h2 class="visually-hidden" id=format!("name-{id}")>
            {(t.edit)(&draft.name)}
        </h2>
        <Editor
            id=format!("group-{id}-edit")
            draft
            save=Callback::new(move |draft| state.save_group(id, draft))
            close=Callback::new(move |()| state.close(&group_id(id)))
            delete=Callback::new(move |()| state.remove_group(id))
        />
    }
    .into_any()
}

/// The field for a new tag.
#[component]
fn AddTag(group: TagGroupId) -> impl IntoView {
    let (state, clock) = (expect_context::<TagsState>(), expect_context::<Clock>());
    let t = texts::<TagsTexts>();
    let input = NodeRef::<Input>::new();
    let problem = RwSignal::new(None::<String>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(input) = input.get_untracked() else {
            return;
        };
        let name = input.value().trim().to_owned();
        if name.is_empty() {
            problem.set(Some(t.name_missing.to_owned()));
        } else if state.is_taken(group, None, &name) {
            problem.set(Some((t.name_taken)(&name)));
        } else {
            state.create_tag(group, name);
            input.set_value("");
            let _ = input.focus();
        }
    };
    view! {
        <form class="tag-add" novalidate on:submit=submit>
            <input
                id=add_id(group)
                node_ref=input
                type="text"
                maxlength=limits::TITLE_CHARS.to_string()
                aria-label=t.add_hint
                placeholder=t.add_hint
                autocomplete="off"
                disabled=move || !clock.is_hydrated()
                on:input=move |_| problem.set(None)
            />
            <button class="button" type="submit" disabled=move || !clock.is_hydrated()>
                {t.add}
            </button>
            <p class="tag-editor-problem" role="alert">
                {move || problem.get()}
            </p>
        </form>
    }
    .into_any()
}
