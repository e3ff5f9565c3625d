//! The links to all pages: a rail beside the page, or a bar of five below it.

use super::{icon::Icon, sign_out::SignOut};
use crate::{
    components::Brand,
    navigation::Navigator,
    texts::{LayoutTexts, Text, texts},
};
use leptos::prelude::*;
use protocol::rest::account::Account;

/// A page that the navigation lists.
#[derive(Clone, Copy)]
pub struct Destination {
    pub path: &'static str,
    pub icon: Icon,
    pub name: fn(&LayoutTexts) -> Text,
    /// The physical key that opens it after `g` (`KeyboardEvent.code`).
    pub key: &'static str,
}

/// The pages, the most used first. The bar shows the first four.
pub const DESTINATIONS: &[Destination] = &[
    Destination {
        path: "/",
        icon: Icon::Timers,
        name: |t| t.timers,
        key: "KeyT",
    },
    Destination {
        path: "/todos",
        icon: Icon::Todos,
        name: |t| t.todos,
        key: "KeyO",
    },
    Destination {
        path: "/calendar",
        icon: Icon::Calendar,
        name: |t| t.calendar,
        key: "KeyC",
    },
    Destination {
        path: "/history",
        icon: Icon::History,
        name: |t| t.history,
        key: "KeyH",
    },
    Destination {
        path: "/tags",
        icon: Icon::Tags,
        name: |t| t.tags,
        key: "KeyG",
    },
    Destination {
        path: "/friends",
        icon: Icon::Friends,
        name: |t| t.friends,
        key: "KeyF",
    },
    Destination {
        path: "/shared",
        icon: Icon::Shared,
        name: |t| t.shared,
        key: "KeyS",
    },
    Destination {
        path: "/notifications",
        icon: Icon::Bell,
        name: |t| t.notifications,
        key: "KeyN",
    },
    Destination {
        path: "/settings",
        icon: Icon::Settings,
        name: |t| t.settings,
        key: "KeyE",
    },
];
const IN_BAR: usize = 4;

/// Links to all pages.
#[component]
pub fn Navigation(account: Account) -> impl IntoView {
    let t = texts::<LayoutTexts>();
    let navigator = expect_context::<Navigator>();
    let link = move |to: &'static Destination| {
        let current = move || (navigator.path() == to.path).then_some("page");
        view! {
            <li>
                <a class="rail-link" href=to.path aria-current=current>
                    {to.icon.view()}
                    <span>{(to.name)(t)}</span>
                </a>
            </li>
        }
        .into_any()
    };
    let (first, rest) = DESTINATIONS.split_at(IN_BAR.min(DESTINATIONS.len()));
    view! {
        <nav class="rail" aria-label=t.navigation>
            <Brand />
            <ul class="rail-list">
                {first.iter().map(link).collect_view()} <li class="rail-more">
                    <button class="rail-link" type="button" popovertarget="rail-rest">
                        {Icon::More.view()}
                        <span>{t.more}</span>
                    </button>
                </li>
            </ul>
            <div class="rail-rest" id="rail-rest" popover="auto">
                <ul class="rail-list">{rest.iter().map(link).collect_view()}</ul>
                <SignOut account />
            </div>
        </nav>
    }
    .into_any()
}
