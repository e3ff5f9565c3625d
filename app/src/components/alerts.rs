//! Alerts.

use crate::{
    components::{Rows, rows},
    live::EndOffer,
    locale::Locale,
    state::{Alert, Alerts as AlertList, Clock, Commands, Offer, PageCommand},
    texts::{CommonTexts, LayoutTexts},
    writes::Writes,
};
use leptos::prelude::*;
use protocol::timers::TimerCommand;

/// Messages that stay until they are dismissed, and the texts for screen readers.
#[component]
pub fn Alerts() -> impl IntoView {
    let alerts = expect_context::<AlertList>();
    let boxes = rows(
        move || alerts.list(),
        |alert| alert.key,
        |alert| view! { <AlertBox alert /> }.into_any(),
    );
    view! {
        <div class="alerts">
            <Rows each=boxes />
        </div>
        <p class="visually-hidden" role="status">
            {move || alerts.announcement()}
        </p>
    }
    .into_any()
}

#[component]
fn AlertBox(alert: Alert) -> impl IntoView {
    let alerts = expect_context::<AlertList>();
    let locale = Locale::current();
    let t = locale.texts::<LayoutTexts>();
    let Alert { key, text, offer } = alert;
    let dismiss = if matches!(offer, Some(Offer::End(_))) {
        t.keep
    } else {
        t.dismiss
    };
    let class = if matches!(offer, Some(Offer::Undo(_) | Offer::Keep(_))) {
        "alert undo"
    } else {
        "alert"
    };
    let offer = offer.map(|offer| match offer {
        Offer::End(offer) => end(offer, key, alerts, locale),
        Offer::Undo(id) => undo(locale, move || {
            Writes::undo(&id);
            alerts.dismiss(key);
        }),
        Offer::Keep(timer_id) => {
            let commands = expect_context::<Commands>();
            undo(locale, move || commands.give(PageCommand::KeepTimer(timer_id)))
        }
    });
    view! {
        <div class=class role="alert">
            <p>{text}</p>
            {offer}
            <button class="button quiet" type="button" on:click=move |_| alerts.dismiss(key)>
                {dismiss}
            </button>
        </div>
    }
    .into_any()
}

/// Accepts the end at which the timer was stopped on this device.
fn end(offer: EndOffer, key: u64, alerts: AlertList, locale: Locale) -> AnyView {
    let (clock, commands) = (expect_context::<Clock>(), expect_context::<Commands>());
    let t = locale.texts::<LayoutTexts>();
    let accept = move |_| {
        commands.give(PageCommand::Timer(TimerCommand::Correct {
            timer_id: offer.timer_id,
            ended_at: offer.stopped_here,
        }));
        alerts.dismiss(key);
    };
    view! {
        <button class="button" type="button" on:click=accept>
            {move || (t.use_time)(&locale.time(clock.local(offer.stopped_here)))}
        </button>
    }
    .into_any()
}

/// Takes back what was just done.
fn undo(locale: Locale, accept: impl Fn() + 'static) -> AnyView {
    view! {
        <button class="button" type="button" on:click=move |_| accept()>
            {locale.texts::<CommonTexts>().undo}
        </button>
    }
    .into_any()
}
