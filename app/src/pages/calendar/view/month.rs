//! A month: weeks as rows, and the first entries of each day.

use super::entry::entry_link;
use crate::{
    components::{Rows, When, rows},
    local_time::date,
    pages::calendar::{
        actions::Calendar,
        data::{Day, Entry, IN_CELL},
        layout,
        query::{CalendarQuery, Shown},
    },
    texts::CommonTexts,
};
use chrono::Datelike;
use leptos::prelude::*;

/// The days of the month, with those of the weeks at its ends.
#[component]
pub fn Month(calendar: Calendar) -> impl IntoView {
    let days = calendar.data.with_untracked(|data| data.days.clone());
    let short = calendar.locale.texts::<CommonTexts>().weekdays_short;
    let names = days.iter().take(7).map(|day| {
        let weekday = date(day.day).weekday().num_days_from_monday() as usize;
        view! { <span>{short.get(weekday).copied()}</span> }.into_any()
    });
    let names = names.collect_view();
    let cells = (0..days.len()).map(|place| view! { <Cell calendar place /> }.into_any());
    view! {
        <div class="cal-month" data-testid="calendar">
            <div class="cal-weekdays" aria-hidden="true">
                {names}
            </div>
            <ol class="cal-cells" aria-describedby="cal-keys">
                {cells.collect_view()}
            </ol>
        </div>
    }
    .into_any()
}

#[component]
fn Cell(calendar: Calendar, place: usize) -> impl IntoView {
    let t = calendar.t;
    let day = calendar.data.with_untracked(|data| data.days.get(place).copied());
    let day = day.unwrap_or(Day {
        day: 1,
        start: Default::default(),
        count: 0,
    });
    let on_day = Memo::new(move |_| {
        calendar.shown.with(|data| {
            let entries = layout::of_day(data, &day).into_iter().cloned();
            entries.collect::<Vec<Entry>>()
        })
    });
    // The server counts those that it left out.
    let count = Memo::new(move |_| {
        let known = calendar
            .data
            .with(|data| data.days.get(place).map_or(0, |day| day.count));
        known.max(on_day.with(Vec::len))
    });
    let listed = move || on_day.with(|entries| entries.iter().take(IN_CELL).cloned().collect::<Vec<_>>());
    let this = date(day.day);
    let is_other = calendar
        .data
        .with_untracked(|data| date(data.day).month() != this.month());
    let is_today = Memo::new(move |_| calendar.today() == day.day);
    let address = CalendarQuery::of_day(Shown::Day, day.day).address();
    let (to_more, to_all) = (address.clone(), address.clone());
    view! {
        <li class="cal-cell" class:other=is_other class:today=move || is_today.get()>
            <a class="cal-cell-date" href=address aria-current=move || is_today.get().then_some("date")>
                <span class="visually-hidden">{calendar.locale.full_date(this)}</span>
                <span aria-hidden="true">{this.day()}</span>
            </a>
            <ul class="cal-cell-entries">
                <Rows each=rows(
                    listed,
                    Entry::clone,
                    move |entry| {
                        let is_bar = layout::is_bar(&entry);
                        view! { <li class:whole=is_bar>{entry_link(calendar, &entry, false)}</li> }.into_any()
                    },
                ) />
            </ul>
            <When holds=move || { count.get() > IN_CELL }>
                <a class="cal-more" href=to_more.clone()>
                    {move || (t.more)(count.get().saturating_sub(IN_CELL))}
                </a>
            </When>
            <When holds=move || { count.get() > 0 }>
                <a class="cal-count" href=to_all.clone()>
                    <span class="visually-hidden">{move || (t.count)(count.get())}</span>
                    <span aria-hidden="true">{move || count.get()}</span>
                </a>
            </When>
        </li>
    }
    .into_any()
}
