//! The timers by week and day, and what can be done with the selected ones.

use super::{
    View,
    data::{HistoryEdit, date},
    row::Entry,
};
use crate::{
    components::{Rows, When, rows},
    state::LocalTimes,
    texts::{CommonTexts, texts},
    writes::Write,
};
use chrono::Datelike;
use leptos::{ev::KeyboardEvent, html::Div, prelude::*};
use protocol::id::TimerId;

/// The weeks, in which the arrow keys move from timer to timer.
#[component]
pub fn Entries(view: View) -> impl IntoView {
    let data = view.data;
    let list = NodeRef::<Div>::new();
    let focused = RwSignal::new(None::<TimerId>);
    // The row that the tab key reaches.
    let stop = Memo::new(move |_| {
        data.with(|data| {
            let is_here = |id: &TimerId| data.rows().any(|row| row.id == *id);
            focused.get().filter(is_here).or(data.rows().next().map(|row| row.id))
        })
    });
    let weeks = rows(
        move || data.with(|data| data.weeks.iter().map(|week| week.first_day).collect()),
        |week| *week,
        move |week| view! { <WeekView view week focused stop /> }.into_any(),
    );
    view! {
        <div
            class="history-weeks"
            node_ref=list
            on:keydown=move |event| {
                if move_focus(&event, list) {
                    event.prevent_default();
                }
            }
        >
            <Rows each=weeks />
        </div>
        <Selection view />
    }
    .into_any()
}

#[component]
fn WeekView(view: View, week: i32, focused: RwSignal<Option<TimerId>>, stop: Memo<Option<TimerId>>) -> impl IntoView {
    let (data, locale, t) = (view.data, view.locale, view.t);
    let (first, last) = (date(week), date(week + 6));
    let name = (t.week)(&locale.date(first), &locale.date(last), last.year());
    let sum = move || {
        data.with(|data| {
            data.week(week).map(|week| {
                let rows = week.days.iter().flat_map(|day| &day.rows);
                view.sum(week.sum.count, week.sum.seconds + view.seconds_since(rows))
            })
        })
    };
    let days = rows(
        move || {
            data.with(|data| {
                let week = data.week(week);
                week.map(|week| week.days.iter().map(|day| day.day).collect())
                    .unwrap_or_default()
            })
        },
        |day| *day,
        move |day| view! { <DayView view day focused stop /> }.into_any(),
    );
    view! {
        <section class="history-week" data-testid="week">
            <div class="history-week-head">
                <h2>{name}</h2>
                <p class="history-total">{move || sum()}</p>
            </div>
            <Rows each=days />
        </section>
    }
    .into_any()
}

#[component]
fn DayView(view: View, day: i32, focused: RwSignal<Option<TimerId>>, stop: Memo<Option<TimerId>>) -> impl IntoView {
    let (data, locale) = (view.data, view.locale);
    let near = move || near_day(view.times, view, day);
    let sum = move || {
        data.with(|data| {
            data.day(day)
                .map(|day| view.sum(day.sum.count, day.sum.seconds + view.seconds_since(day.rows.iter())))
        })
    };
    let entries = rows(
        move || data.with(|data| data.day(day).map(|day| day.rows.clone()).unwrap_or_default()),
        // The seconds of an active timer are live.
        |row| {
            let seconds = (!row.status.is_active()).then_some(row.seconds);
            let texts = (row.title.clone(), row.linked.clone());
            (row.id, row.status, row.started, row.ended, seconds, texts)
        },
        move |row| view! { <Entry view row focused stop /> }.into_any(),
    );
    view! {
        <section class="history-day" data-testid="day">
            <div class="history-day-head">
                <h3>{locale.full_date(date(day))}</h3>
                <p class="history-near">{move || near()}</p>
                <p class="history-total">{move || sum()}</p>
            </div>
            <ol class="history-list">
                <Rows each=entries />
            </ol>
        </section>
    }
    .into_any()
}

/// Today or yesterday, in a word.
fn near_day(times: LocalTimes, view: View, day: i32) -> &'static str {
    let t = view.locale.texts::<CommonTexts>();
    let today = times.local(view.clock.day_start()).date().num_days_from_ce();
    match today - day {
        0 => t.today,
        1 => t.yesterday,
        _ => "",
    }
}

/// How many are selected, and what can be done with them; nothing while none is.
#[component]
fn Selection(view: View) -> impl IntoView {
    let (t, common) = (view.t, texts::<CommonTexts>());
    let selected = Memo::new(move |_| view.selected());
    let delete = move |_| {
        let ids = selected.get_untracked();
        let query: Vec<String> = ids.iter().map(|id| format!("timer_ids={id}")).collect();
        let write = Write::delete(format!("/v1/timers?{}", query.join("&"))).undoable((t.deleted)(ids.len()));
        view.selected.set(Vec::new());
        view.data.edit(HistoryEdit::Delete(ids), write);
    };
    let all = move |_| {
        let ids = view.data.with_untracked(|data| data.rows().map(|row| row.id).collect());
        view.selected.set(ids);
    };
    view! {
        <When holds=move || !selected.with(Vec::is_empty)>
            <div class="history-selection" role="group" aria-label=t.selection>
                <p role="status">{move || (t.selected)(selected.with(Vec::len))}</p>
                <button class="button" type="button" on:click=delete>
                    {common.delete}
                </button>
                <button class="button quiet" type="button" on:click=all>
                    {t.select_all}
                </button>
                <button class="button quiet" type="button" on:click=move |_| view.selected.set(Vec::new())>
                    {t.select_none}
                </button>
            </div>
        </When>
    }
    .into_any()
}

/// Moves the focus to the same control of another timer. Returns whether the key does so.
#[cfg(feature = "hydrate")]
fn move_focus(event: &KeyboardEvent, list: NodeRef<Div>) -> bool {
    use wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlElement};

    const ROW: &str = "[data-row]";
    const CONTROLS: [&str; 3] = ["input", "a", "button"];
    let moved = || {
        let list = list.get_untracked()?;
        let active = document().active_element()?;
        let row = active.closest(ROW).ok()??;
        let control = CONTROLS
            .into_iter()
            .find(|control| active.matches(control).unwrap_or(false))?;
        let all = list.query_selector_all(ROW).ok()?;
        let rows: Vec<Element> = (0..all.length())
            .filter_map(|index| all.get(index)?.dyn_into().ok())
            .collect();
        let place = rows.iter().position(|known| *known == row)?;
        let next = match event.key().as_str() {
            "ArrowDown" => place + 1,
            "ArrowUp" => place.checked_sub(1)?,
            "Home" => 0,
            "End" => rows.len() - 1,
            _ => return None,
        };
        let target = rows.get(next)?.query_selector(control).ok()??;
        target.dyn_into::<HtmlElement>().ok()?.focus().ok()
    };
    moved().is_some()
}

#[cfg(not(feature = "hydrate"))]
fn move_focus(_: &KeyboardEvent, _: NodeRef<Div>) -> bool {
    false
}
