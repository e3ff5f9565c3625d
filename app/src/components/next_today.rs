//! What is planned for the rest of today.

use crate::{
    agenda::Planned,
    components::{Rows, When, rows},
    locale::Locale,
    state::{Clock, Commands, PageCommand},
    texts::{LayoutTexts, TimersTexts},
};
use leptos::prelude::*;
use protocol::timers::TimerCommand;

/// The plans that are not over, each with a button that starts a timer for it; nothing without plans.
#[component]
pub fn NextToday(planned: Signal<Vec<Planned>>) -> impl IntoView {
    let clock = expect_context::<Clock>();
    let t = Locale::current().texts::<TimersTexts>();
    let next = Memo::new(move |_| {
        let mut next = planned.get();
        next.retain(|plan| plan.all_day || plan.end > clock.now());
        next
    });
    let items = move || {
        rows(
            move || next.get(),
            Planned::clone,
            |plan| view! { <NextPlan plan /> }.into_any(),
        )
    };
    view! {
        <When holds=move || !next.with(Vec::is_empty)>
            <section class="next" aria-labelledby="next-heading">
                <h2 id="next-heading">{t.next}</h2>
                <ol class="next-list">
                    <Rows each=items() />
                </ol>
            </section>
        </When>
    }
    .into_any()
}

#[component]
fn NextPlan(plan: Planned) -> impl IntoView {
    let (clock, commands) = (expect_context::<Clock>(), expect_context::<Commands>());
    let locale = Locale::current();
    let t = locale.texts::<TimersTexts>();
    let (start, all_day) = (plan.start, plan.all_day);
    let time = move || match all_day {
        true => t.all_day.to_owned(),
        false => locale.time(clock.local(start)),
    };
    let title = plan.title.clone();
    let label = (locale.texts::<LayoutTexts>().palette_start)(&title);
    let begin = move |_| {
        let (new, tag_ids) = (plan.timer(), Vec::new());
        commands.give(PageCommand::Timer(TimerCommand::Create { new, tag_ids }));
    };
    view! {
        <li class="next-item" data-testid="next">
            <span class="next-time">{move || time()}</span>
            <a class="next-title" href="/calendar?view=day">
                {title}
            </a>
            <button
                class="button quiet next-start"
                type="button"
                aria-label=label
                disabled=move || !clock.is_hydrated()
                on:click=begin
            >
                {t.start}
            </button>
        </li>
    }
    .into_any()
}
