//! What the timer measured, with its dial and its controls.

use super::{View, status};
use crate::{
    components::{DialMask, TimerControls, TimerFace, When},
    state::TimerEntry,
};
use leptos::prelude::*;
use protocol::{time::Timestamp, timers::Timer};

/// Dial, figures, and the controls of an active timer of the reader's.
#[component]
pub fn Figures(view: View) -> impl IntoView {
    let (t, locale) = (view.t, view.locale);
    let elapsed = Memo::new(move |_| match view.entry.get() {
        Some(entry) => entry.elapsed_seconds(),
        None => view
            .shown
            .with(|shown| shown.timer.elapsed_seconds_at(view.clock.now())),
    });
    let allocated = view.part(|timer| timer.allocated_seconds);
    let status = view.part(status);
    let up = Memo::new(move |_| status.get().is_active() && elapsed.get() >= allocated.get());
    let breaks = Memo::new(move |_| view.span.with(|span| span.break_seconds()));
    let started = view.part(first_start);
    let ended = view.part(|timer| timer.ended_at);
    view! {
        <section
            class="timer one-now"
            aria-label=t.figures
            data-status=move || status.get().as_str()
            class:up=move || up.get()
        >
            <DialMask />
            <TimerFace elapsed allocated status />
            <div class="one-figures">
                <dl class="figures">
                    {figure(t.worked, move || locale.part(elapsed.get(), allocated.get()))}
                    {figure(t.breaks, move || locale.span(breaks.get()))}
                    {figure(t.started, move || view.date_time(started.get()))}
                    <When holds=move || {
                        ended.get().is_some()
                    }>{figure(t.ended, move || ended.get().map(|at| view.date_time(at)).unwrap_or_default())}</When>
                </dl>
                <When holds=move || view.is_own && status.get().is_active()>{move || controls(view.entry.get())}</When>
            </div>
        </section>
    }
    .into_any()
}

fn controls(entry: Option<TimerEntry>) -> Option<AnyView> {
    entry.map(|entry| {
        let entry = StoredValue::new(entry);
        view! { <TimerControls entry title_id="one-title".to_owned() /> }.into_any()
    })
}

fn first_start(timer: &Timer) -> Timestamp {
    timer.history.first().map_or(timer.created_at, |entry| entry.at)
}

fn figure(name: &'static str, value: impl Fn() -> String + Send + 'static) -> AnyView {
    let value: Box<dyn Fn() -> String + Send> = Box::new(value);
    view! {
        <div class="figure">
            <dt>{name}</dt>
            <dd>{value}</dd>
        </div>
    }
    .into_any()
}
