//! A timer's links on its card.

use crate::links::{Linked, TagLink};
use leptos::prelude::*;

/// Schedule, todo and tags, each with an icon; nothing when there are none.
#[component]
pub fn TimerLinks(#[prop(into)] linked: Signal<Linked>) -> impl IntoView {
    move || {
        let linked = linked.get();
        (!linked.is_empty()).then(|| {
            view! {
                <ul class="links" data-testid="links">
                    {linked.schedule.map(|title| link("Schedule", SCHEDULE, title))}
                    {linked.todo.map(|title| link("Todo", TODO, title))}
                    {linked.tags.into_iter().map(tag).collect_view()}
                </ul>
            }
        })
    }
}

const SCHEDULE: &str = "M2.5 4.5 h11 v9 h-11 z M2.5 7.5 h11 M5.5 2.5 v3 M10.5 2.5 v3";
const TODO: &str = "M2.5 2.5 h11 v11 h-11 z M5 8.2 l2.2 2.2 L11.2 6";

fn link(kind: &'static str, sign: &'static str, title: String) -> impl IntoView {
    view! {
        <li class="link-to">
            <svg class="link-sign" viewBox="0 0 16 16" aria-hidden="true">
                <path d=sign />
            </svg>
            <span class="visually-hidden">{format!("{kind}: ")}</span>
            <span>{title}</span>
        </li>
    }
}

fn tag(tag: TagLink) -> impl IntoView {
    view! {
        <li class="tag">
            <TagDot color=tag.color />
            <span class="visually-hidden">"Tag: "</span>
            <span>{tag.name}</span>
        </li>
    }
}

/// A tag's colour. An attribute of SVG, since the pages' CSP allows no inline styles.
#[component]
pub fn TagDot(color: String) -> impl IntoView {
    view! {
        <svg class="tag-dot" viewBox="0 0 10 10" aria-hidden="true">
            <circle cx="5" cy="5" r="4.5" fill=color />
        </svg>
    }
}
