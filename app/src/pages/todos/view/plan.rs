//! A todo's times in the calendar, and the form that adds one.

use super::panel::input_value;
use crate::{
    components::{Rows, When, rows},
    pages::{
        calendar::{CalendarQuery, Shown},
        todos::{actions::Todos, data::Planned, input},
    },
};
use leptos::{ev::SubmitEvent, prelude::*};
use protocol::id::TodoId;

/// The bounds of a length in minutes: a day at most.
const MINUTES: std::ops::RangeInclusive<i64> = 1..=1_440;
const HOUR_MILLIS: i64 = 60 * 60 * 1_000;

/// The times, and a form that opens by a button.
#[component]
pub fn Plans(todos: Todos, id: TodoId) -> impl IntoView {
    let t = todos.texts;
    let disabled = Memo::new(move |_| !todos.clock.is_hydrated());
    let plans = Memo::new(move |_| {
        todos.data.with(|data| {
            let detail = data.detail.as_ref().filter(|detail| detail.row.id == id);
            detail.map(|detail| detail.plans.clone()).unwrap_or_default()
        })
    });
    let is_open = RwSignal::new(false);
    let plan = move |plan: Planned| {
        let words = move || {
            let clock = todos.clock;
            let start = todos.locale.near_day(clock.local(plan.start), clock.local(clock.now()));
            let date = todos.locale.date(clock.local(plan.start).date());
            let (from, to) = (
                todos.locale.time(clock.local(plan.start)),
                todos.locale.time(clock.local(plan.end)),
            );
            let times = (t.from_to)(&from, &to);
            match plan.recurs {
                true => format!("{date}, {times} · {}", t.repeats),
                false => format!("{date}, {times} · {start}"),
            }
        };
        let day = move || {
            let day = todos.clock.local(plan.start).day();
            CalendarQuery::of_day(Shown::Day, day).address()
        };
        view! {
            <li class="todo-plan" class:waits=plan.waits>
                <a href=day>{words}</a>
            </li>
        }
        .into_any()
    };
    view! {
        <section class="todo-plans" aria-labelledby="todo-plans-name">
            <h3 id="todo-plans-name">{t.planned}</h3>
            <When
                holds=move || plans.with(|plans| !plans.is_empty())
                fallback=move || view! { <p class="todo-none">{t.planned_none}</p> }.into_any()
            >
                <ul class="todo-plan-list">
                    <Rows each=rows(move || plans.get(), Planned::clone, plan) />
                </ul>
            </When>
            <When
                holds=move || is_open.get()
                fallback=move || {
                    view! {
                        <button
                            class="button"
                            id=input::PLAN_ID
                            type="button"
                            disabled=move || disabled.get()
                            on:click=move |_| {
                                is_open.set(true);
                                input::focus_soon("todo-plan-date");
                            }
                        >
                            {t.plan}
                        </button>
                    }
                        .into_any()
                }
            >
                <PlanForm todos id is_open />
            </When>
        </section>
    }
    .into_any()
}

/// Date, start and length; from the next full hour at first.
#[component]
fn PlanForm(todos: Todos, id: TodoId, is_open: RwSignal<bool>) -> impl IntoView {
    let t = todos.texts;
    let next = untrack(|| {
        let hour = todos.clock.now().millis().div_euclid(HOUR_MILLIS) + 1;
        let next = protocol::time::Timestamp::from_millis(hour * HOUR_MILLIS);
        input_value(todos.clock.local(next))
    });
    let (date, time) = next.split_once('T').unwrap_or_default();
    let (date, time) = (RwSignal::new(date.to_owned()), RwSignal::new(time.to_owned()));
    let minutes = RwSignal::new("60".to_owned());
    let problem = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let text = format!("{}T{}", date.get_untracked(), time.get_untracked());
        let minutes = minutes.get_untracked().trim().parse();
        let minutes = minutes.ok().filter(|minutes| MINUTES.contains(minutes));
        let Some((start, minutes)) = input::instant_of_local(&text).zip(minutes) else {
            problem.set(true);
            return;
        };
        todos.plan(id, start, minutes);
        let (there, now) = untrack(|| (todos.clock.local(start), todos.clock.local(todos.clock.now())));
        todos.say((t.plan_done)(&todos.locale.near_day(there, now)));
        is_open.set(false);
        input::focus_soon(input::PLAN_ID);
    };
    view! {
        <form class="todo-plan-form" novalidate on:submit=submit aria-label=t.plan>
            <div class="todo-field">
                <label for="todo-plan-date">{t.date}</label>
                <input
                    id="todo-plan-date"
                    type="date"
                    prop:value=move || date.get()
                    on:input:target=move |event| date.set(event.target().value())
                />
            </div>
            <div class="todo-field">
                <label for="todo-plan-start">{t.start}</label>
                <input
                    id="todo-plan-start"
                    type="time"
                    prop:value=move || time.get()
                    on:input:target=move |event| time.set(event.target().value())
                />
            </div>
            <div class="todo-field">
                <label for="todo-plan-minutes">{t.minutes}</label>
                <input
                    id="todo-plan-minutes"
                    type="number"
                    inputmode="numeric"
                    min="1"
                    max="1440"
                    prop:value=move || minutes.get()
                    on:input:target=move |event| minutes.set(event.target().value())
                />
            </div>
            <When holds=move || problem.get()>
                <p class="start-problem" role="alert">
                    {t.plan_problem}
                </p>
            </When>
            <button class="button primary" type="submit">
                {t.plan_save}
            </button>
        </form>
    }
    .into_any()
}
