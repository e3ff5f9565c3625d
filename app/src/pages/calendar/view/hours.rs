//! A day or a week: hours as rows, a column for each day, and whole days above.

use super::entry::{entry_link, place};
use crate::{
    components::{Rows, When, rows},
    local_time::{WallClock, date},
    pages::calendar::{
        actions::Calendar,
        axis::{Axis, Column, Hour},
        data::{Day, Done, Entry},
        layout::{self, Bar, Block},
        query::{CalendarQuery, Shown},
    },
    texts::CommonTexts,
};
use chrono::Datelike;
use leptos::prelude::*;
use protocol::time::Timestamp;

/// The hours of the shown days.
#[component]
pub fn Hours(calendar: Calendar) -> impl IntoView {
    let t = calendar.t;
    let days = calendar.data.with_untracked(|data| data.days.clone());
    let count = days.len();
    let bars = Memo::new(move |_| calendar.shown.with(layout::bars));
    let axis = Memo::new(move |_| calendar.data.with(Axis::of));
    let heads = days.iter().map(|day| head(calendar, *day)).collect_view();
    let columns = (0..count).map(|place| view! { <DayColumn calendar place axis /> }.into_any());
    view! {
        <div
            class="cal-scroll"
            data-days=count.to_string()
            data-testid="calendar"
            role="region"
            aria-label=move || super::bar::period(calendar)
            aria-describedby="cal-keys"
            tabindex="0"
        >
            <div class="cal-top">
                <div class="cal-heads">
                    <span class="cal-corner" aria-hidden="true">
                        {t.planned}
                        <span class="cal-corner-done">{t.done}</span>
                    </span>
                    {heads}
                </div>
                <When holds=move || bars.with(|bars| !bars.is_empty())>
                    <ul class="cal-bars" aria-label=t.all_day>
                        <Rows each=rows(move || bars.get(), Bar::clone, move |bar| bar_view(calendar, &bar)) />
                    </ul>
                </When>
            </div>
            <div class=move || format!("cal-hours m-{}", axis.get().minutes())>
                <div class="cal-axis" aria-hidden="true">
                    <Rows each=rows(move || axis.get().hours(), |hour| *hour, move |hour| hour_view(calendar, hour)) />
                </div>
                {columns.collect_view()}
            </div>
        </div>
    }
    .into_any()
}

/// The weekday and date of a column, which chooses the day.
fn head(calendar: Calendar, day: Day) -> AnyView {
    let locale = calendar.locale;
    let date = date(day.day);
    let weekday = date.weekday().num_days_from_monday() as usize;
    let short = locale.texts::<CommonTexts>().weekdays_short;
    let shown = calendar.data.with_untracked(|data| data.query.shown);
    let is_today = move || calendar.today() == day.day;
    let is_chosen = move || calendar.data.with(|data| data.day == day.day);
    view! {
        <a
            class="cal-day-head"
            class:chosen=is_chosen
            href=CalendarQuery::of_day(shown, day.day).address()
            aria-current=move || is_today().then_some("date")
        >
            <span class="visually-hidden">{locale.full_date(date)}</span>
            <span class="cal-weekday" aria-hidden="true">
                {short.get(weekday).copied()}
            </span>
            <span class="cal-number" aria-hidden="true">
                {date.day()}
            </span>
        </a>
    }
    .into_any()
}

fn bar_view(calendar: Calendar, bar: &Bar) -> AnyView {
    let (before, after) = bar.continues;
    let first = calendar
        .data
        .with_untracked(|data| data.days.first().map_or(0, |day| day.day));
    let chosen = calendar
        .data
        .with_untracked(|data| usize::try_from(data.day - first).unwrap_or(0));
    let is_on = (bar.column..bar.column + bar.columns).contains(&chosen);
    view! {
        <li
            class=format!("cal-bar-entry col-{} span-{}", bar.column, bar.columns)
            class:before=before
            class:after=after
            class:other=!is_on
        >
            {entry_link(calendar, &bar.entry, false)}
        </li>
    }
    .into_any()
}

fn hour_view(calendar: Calendar, hour: Hour) -> AnyView {
    let time = WallClock::new(Timestamp::from_millis(hour.hour * 3_600_000), 0);
    let time = calendar.locale.time(time);
    let time = match hour.is_repeated {
        true => (calendar.t.repeated_hour)(&time),
        false => time,
    };
    view! { <span class=format!("cal-hour {}", place(hour.top, 60, 0, 1))>{time}</span> }.into_any()
}

/// A day: plans, and beside them what was done.
#[component]
fn DayColumn(calendar: Calendar, place: usize, axis: Memo<Axis>) -> impl IntoView {
    let day = calendar
        .data
        .with_untracked(|data| data.days.get(place).map_or(0, |day| day.day));
    let plans = Memo::new(move |_| {
        calendar.shown.with(|data| {
            let column = Column::of(data, axis.get(), place);
            column.map(|column| layout::blocks(data, &column)).unwrap_or_default()
        })
    });
    let done = Memo::new(move |_| {
        calendar.shown.with(|data| {
            let column = Column::of(data, axis.get(), place);
            let now = calendar.clock.now();
            column
                .map(|column| layout::done(data, &column, now))
                .unwrap_or_default()
        })
    });
    let gap = Memo::new(move |_| {
        calendar
            .data
            .with(|data| Column::of(data, axis.get(), place).and_then(|column| column.gap()))
    });
    let is_today = Memo::new(move |_| calendar.today() == day);
    let is_other = move || {
        calendar
            .data
            .with(|data| data.query.shown == Shown::Week && data.day != day)
    };
    let now = move || {
        let now = calendar.clock.now();
        calendar.data.with(|data| {
            let column = Column::of(data, axis.get(), place);
            column.map_or(0, |column| column.place(now, false))
        })
    };
    let name = calendar.locale.full_date(date(day));
    view! {
        <section class="cal-day" class:today=move || is_today.get() class:other=is_other aria-label=name>
            <When holds=move || gap.get().is_some()>
                <div
                    class=move || {
                        let (from, until) = gap.get().unwrap_or_default();
                        format!("cal-gap {}", super::entry::place(from, until - from, 0, 1))
                    }
                    aria-hidden="true"
                ></div>
            </When>
            <ul class="cal-plans" aria-label=calendar.t.planned>
                <Rows each=rows(move || plans.get(), Block::clone, move |block| plan_view(calendar, &block)) />
            </ul>
            <ul class="cal-done" aria-label=calendar.t.done>
                <Rows each=rows(move || done.get(), Block::clone, move |block| done_view(calendar, &block)) />
            </ul>
            <When holds=move || is_today.get() && calendar.clock.is_hydrated()>
                <div class=move || format!("cal-now {}", super::entry::place(now(), 0, 0, 1)) aria-hidden="true"></div>
            </When>
        </section>
    }
    .into_any()
}

fn plan_view(calendar: Calendar, block: &Block<Entry>) -> AnyView {
    let (before, after) = block.continues;
    let key = block.item.key();
    let can_resize = !after && !block.item.plan.is_shared;
    let handle = can_resize.then(|| {
        view! {
            <span
                class="cal-resize"
                data-grip="resize"
                data-entry=key.id.to_string()
                data-at=key.at.map(|at| at.millis().to_string())
                aria-hidden="true"
            ></span>
        }
        .into_any()
    });
    view! {
        <li
            class=format!("cal-block {}", place(block.top, block.height, block.lane, block.lanes))
            class:before=before
            class:after=after
            class:short=block.height < 40
        >
            {entry_link(calendar, &block.item, true)}
            {handle}
        </li>
    }
    .into_any()
}

fn done_view(calendar: Calendar, block: &Block<Done>) -> AnyView {
    let done = &block.item;
    let title = calendar.locale.title(done.title.as_deref()).to_owned();
    let until = match done.until {
        Some(until) => untrack(|| calendar.time(until)),
        None => calendar.t.now.to_owned(),
    };
    let when = (calendar.t.from_to)(&untrack(|| calendar.time(done.from)), &until);
    let name = (calendar.t.ran)(&title, &when);
    view! {
        <li class=format!("cal-ran {}", place(block.top, block.height, block.lane, block.lanes))>
            <a href=format!("/timers/{}", done.timer) class:runs=done.until.is_none() data-testid="done" title=name>
                <span class="visually-hidden">{name.clone()}</span>
                <span aria-hidden="true">{title}</span>
            </a>
        </li>
    }
    .into_any()
}
