//! One tag: its colour, name, goal and this week's time.

use super::{
    data::{Group, TagItem},
    editor::Editor,
    state::{Draft, TagsState, Target, tag_id},
};
use crate::{
    components::{TagDot, When},
    locale::Locale,
    state::Clock,
    texts::TagsTexts,
};
use leptos::{ev::KeyboardEvent, prelude::*};
use protocol::id::{TagGroupId, TagId};

/// What a row shows of a tag and its group.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shown {
    tag: TagItem,
    share: i64,
    is_reached: bool,
    /// Whether the tab key reaches it if no tag of the group had the focus.
    is_first: bool,
}

fn shown(group: &Group, id: TagId) -> Option<Shown> {
    let index = group.tags.iter().position(|tag| tag.id == id)?;
    let tag = group.tags.get(index)?;
    Some(Shown {
        share: group.share(tag),
        is_reached: group.is_reached(tag),
        is_first: index == 0,
        tag: tag.clone(),
    })
}

/// A tag as a button that opens its editor; the Delete key deletes it.
#[component]
pub fn TagRow(group: TagGroupId, id: TagId) -> impl IntoView {
    let state = expect_context::<TagsState>();
    let row = Memo::new(move |_| state.data.with(|data| shown(data.group(group)?, id)));
    let waits = move || row.with(|row| row.as_ref().is_some_and(|row| row.tag.waits));
    view! {
        <li class="tag-item" data-testid="tag" class:waits=waits>
            <When
                holds=move || state.is_open(Target::Tag(id))
                fallback=move || view! { <Closed group id row /> }.into_any()
            >
                <TagEditor group id row />
            </When>
        </li>
    }
    .into_any()
}

#[component]
fn Closed(group: TagGroupId, id: TagId, row: Memo<Option<Shown>>) -> impl IntoView {
    let (state, clock) = (expect_context::<TagsState>(), expect_context::<Clock>());
    let locale = Locale::current();
    let is_tab_stop = Memo::new(move |_| {
        let current = state.current.get();
        let in_group = |tag: TagId| state.data.with(|data| data.tag(group, tag).is_some());
        match current.filter(|current| in_group(*current)) {
            Some(current) => current == id,
            None => row.with(|row| row.as_ref().is_some_and(|row| row.is_first)),
        }
    });
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Delete" {
            event.prevent_default();
            state.remove_tag(group, id);
        }
    };
    view! {
        <button
            class="tag-open"
            type="button"
            id=tag_id(id)
            data-row
            tabindex=move || if is_tab_stop.get() { "0" } else { "-1" }
            disabled=move || !clock.is_hydrated()
            on:click=move |_| state.open(Target::Tag(id))
            on:focus=move |_| state.current.set(Some(id))
            on:keydown=on_key
        >
            {move || row.get().map(|row| content(row, locale))}
        </button>
    }
    .into_any()
}

fn content(row: Shown, locale: Locale) -> AnyView {
    let t = locale.texts::<TagsTexts>();
    let Shown {
        tag, share, is_reached, ..
    } = row;
    let time = (tag.seconds > 0).then(|| locale.span(tag.seconds));
    let goal = tag.goal.as_ref().map(|goal| goal.percent);
    let parts = match goal {
        Some(goal) => Some((t.share_of_goal)(share, goal)),
        None => (tag.seconds > 0).then(|| (t.share)(share)),
    };
    view! {
        <TagDot color=tag.color.clone() />
        <span class="tag-name">{tag.name}</span>
        <span class="tag-time">{time}</span>
        <svg class="tag-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
            <rect class="tag-bar-all" width="100" height="8" />
            <rect width=share.to_string() height="8" fill=tag.color />
            {goal
                .map(|goal| {
                    let x = goal.clamp(1, 99).to_string();
                    view! { <path class="tag-bar-goal" d=format!("M{x} 0v8") /> }.into_any()
                })}
        </svg>
        <span class="tag-share" class:reached=is_reached>
            {parts}
            {is_reached
                .then(|| {
                    view! {
                        <svg class="tag-reached" viewBox="0 0 16 16" role="img" aria-label=t.reached>
                            <path d="M3 8.5 l3.2 3.2 L13 4.5" />
                        </svg>
                    }
                        .into_any()
                })}
        </span>
        {tag.waits.then(|| view! { <span class="tag-waits">{t.waits}</span> }.into_any())}
    }
    .into_any()
}

#[component]
fn TagEditor(group: TagGroupId, id: TagId, row: Memo<Option<Shown>>) -> impl IntoView {
    let state = expect_context::<TagsState>();
    let before = row.get_untracked().map(|row| row.tag);
    let draft = Draft {
        name: before.as_ref().map(|tag| tag.name.clone()).unwrap_or_default(),
        color: before.as_ref().map(|tag| tag.color.clone()).unwrap_or_default(),
        goal: before.as_ref().and_then(|tag| Some(tag.goal.as_ref()?.percent)),
    };
    let save = move |draft: Draft| {
        // As it is now: it may have changed elsewhere meanwhile.
        if let Some(row) = row.get_untracked() {
            state.save_tag(group, &row.tag, draft);
        }
    };
    view! {
        <Editor
            id=format!("tag-{id}-edit")
            draft
            has_goal=true
            is_taken=Callback::new(move |name: String| state.is_taken(group, Some(id), &name))
            save=Callback::new(save)
            close=Callback::new(move |()| state.close(&tag_id(id)))
            delete=Callback::new(move |()| state.remove_tag(group, id))
        />
    }
    .into_any()
}
