//! A timer's links on its card.

use crate::{
    components::When,
    links::{Linked, TagLink},
    texts::{TimersTexts, texts},
};
use leptos::prelude::*;

/// Schedule, todo and tags, each with an icon; nothing when there are none.
#[component]
pub fn TimerLinks(#[prop(into)] linked: Signal<Linked>) -> impl IntoView {
    let t = texts::<TimersTexts>();
    let list = move |linked: Linked| {
        let schedule = linked.schedule.map(|title| link(t.schedule, SCHEDULE, title));
        let todo = linked.todo.map(|title| link(t.todo, TODO, title));
        let tags = linked.tags.into_iter().map(|link| tag(link, t));
        let links = schedule.into_iter().chain(todo).chain(tags).collect_view();
        view! {
            <ul class="links" data-testid="links">
                {links}
            </ul>
        }
        .into_any()
    };
    view! { <When holds=move || linked.with(|linked| !linked.is_empty())>{move || list(linked.get())}</When> }
        .into_any()
}

const SCHEDULE: &str = "M2.5 4.5 h11 v9 h-11 z M2.5 7.5 h11 M5.5 2.5 v3 M10.5 2.5 v3";
const TODO: &str = "M2.5 2.5 h11 v11 h-11 z M5 8.2 l2.2 2.2 L11.2 6";

fn link(kind: &'static str, sign: &'static str, title: String) -> AnyView {
    view! {
        <li class="link-to">
            <svg class="link-sign" viewBox="0 0 16 16" aria-hidden="true">
                <path d=sign />
            </svg>
            <span class="visually-hidden">{format!("{kind}: ")}</span>
            <span>{title}</span>
        </li>
    }
    .into_any()
}

fn tag(tag: TagLink, t: &TimersTexts) -> AnyView {
    view! {
        <li class="tag">
            <TagDot color=tag.color />
            <span class="visually-hidden">{format!("{}: ", t.tag)}</span>
            <span>{tag.name}</span>
        </li>
    }
    .into_any()
}

/// A tag's colour. An attribute of SVG, since the pages' CSP allows no inline styles.
#[component]
pub fn TagDot(color: String) -> impl IntoView {
    view! {
        <svg class="tag-dot" viewBox="0 0 10 10" aria-hidden="true">
            <circle cx="5" cy="5" r="4.5" fill=color />
        </svg>
    }
    .into_any()
}
