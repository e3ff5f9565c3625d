//! Alerts.

use crate::{
    components::{Rows, rows},
    state::{Alert, Alerts as AlertList, Clock, Commands, PageCommand},
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
    let Alert { key, text, offer } = alert;
    let offer = offer.map(|offer| {
        let (clock, commands) = (expect_context::<Clock>(), expect_context::<Commands>());
        let accept = move |_| {
            commands.give(PageCommand::Timer(TimerCommand::Correct {
                timer_id: offer.timer_id,
                ended_at: offer.stopped_here,
            }));
            alerts.dismiss(key);
        };
        view! {
            <button class="button" type="button" on:click=accept>
                {move || format!("Use {}", clock.local(offer.stopped_here))}
            </button>
        }
        .into_any()
    });
    let dismiss = if offer.is_some() { "Keep" } else { "Dismiss" };
    view! {
        <div class="alert" role="alert">
            <p>{text}</p>
            {offer}
            <button class="button quiet" type="button" on:click=move |_| alerts.dismiss(key)>
                {dismiss}
            </button>
        </div>
    }
    .into_any()
}
