//! What is around the signed-in pages, and stays while they change: header, navigation, alerts, and the live connection.

mod bell;
mod header;
mod icon;
mod navigation;
mod now_running;
mod overlay;
mod palette;
mod shortcuts;
mod sign_out;
#[cfg(feature = "hydrate")]
mod tab_icon;

pub use icon::Icon;
pub use sign_out::AccountName;

use crate::{
    components::{Alerts, set_page_title},
    locale::{self, Locale},
    navigation::Navigator,
    page::Opened,
    snapshot::TimersSnapshot,
    state::{TimerList, UnreadCount, provide_page_state},
    texts::{LayoutTexts, texts},
};
use header::Header;
use leptos::prelude::*;
use navigation::Navigation;
use overlay::{Overlay, Overlays};
use protocol::{preferences::Preferences, timers::TimerStatus};
use serde::{Deserialize, Serialize};

/// What the layout shows on every page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayoutData {
    pub snapshot: TimersSnapshot,
    pub preferences: Preferences,
    pub locale: Locale,
}

/// The layout around the page that is shown.
#[component]
pub fn Layout(data: LayoutData, first: Opened) -> impl IntoView {
    let LayoutData {
        snapshot,
        preferences,
        locale,
    } = data;
    let account = snapshot.account.clone();
    provide_context(AccountName(RwSignal::new(account.name().to_owned())));
    let navigator = Navigator::new(first);
    provide_context(navigator);
    let state = provide_page_state(snapshot, preferences, navigator);
    let overlays = Overlays::new();
    provide_context(overlays);
    #[cfg(feature = "hydrate")]
    {
        navigator.start();
        shortcuts::start(navigator, state, overlays);
    }
    let (timers, unread) = (state.timers, state.unread);
    set_page_title(move || title(timers, unread, navigator, locale));
    #[cfg(feature = "hydrate")]
    tab_icon::follow(timers, unread);
    let t = texts::<LayoutTexts>();
    view! {
        <a class="skip" href="#content">
            {t.skip}
        </a>
        <div class="frame">
            <Navigation account />
            <div class="frame-main">
                <Header />
                <main class="page" id="content" tabindex="-1">
                    <noscript>
                        <p class="banner">{t.no_scripts}</p>
                    </noscript>
                    {move || navigator.shown().view()}
                </main>
            </div>
        </div>
        <Alerts />
        <Overlay overlays />
    }
    .into_any()
}

/// The newest running timer's time, readable in the browser's tab; the page's title when none is running. The number of
/// unread notifications precedes it.
fn title(timers: TimerList, unread: UnreadCount, navigator: Navigator, locale: Locale) -> String {
    let running = timers.active().into_iter().find_map(|entry| {
        let item = entry.item();
        (item.timer.status == TimerStatus::Running).then_some((entry, item))
    });
    let title = match running {
        Some((entry, item)) => {
            let time = locale::timer_time(entry.elapsed_seconds(), item.timer.allocated_seconds);
            let title = locale.title(item.timer.title.as_deref());
            format!("{time} · {title}")
        }
        None => navigator.shown().title(locale),
    };
    match unread.get() {
        0 => format!("{title} – Lockstep"),
        count => format!("({count}) {title} – Lockstep"),
    }
}
