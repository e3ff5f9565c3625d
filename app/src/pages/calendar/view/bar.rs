//! What is shown, and the links to other parts of the calendar.

use crate::{
    layout::Icon,
    local_time::date,
    pages::calendar::{
        actions::Calendar,
        input,
        query::{CalendarQuery, PATH, Shown, day_of_text, iso_date},
    },
    texts::CommonTexts,
};
use chrono::Datelike;
use leptos::{ev::SubmitEvent, html::Input, prelude::*};

/// The shown days in words: `23 Nov – 29 Nov 2026`.
pub fn period(calendar: Calendar) -> String {
    let locale = calendar.locale;
    calendar.data.with(|data| match data.query.shown {
        Shown::Day => locale.full_date(date(data.day)),
        Shown::Week => {
            let days = data.query.shown.days(data.day, locale.week_start);
            let (first, last) = (date(days.start), date(days.end - 1));
            (calendar.t.week)(&locale.date(first), &locale.date(last), last.year())
        }
        Shown::Month => {
            let date = date(data.day);
            (locale.texts::<CommonTexts>().month)(date.year(), date.month())
        }
    })
}

/// Before, today, after; day, week, month; a date; a new entry.
#[component]
pub fn Bar(calendar: Calendar) -> impl IntoView {
    let t = calendar.t;
    let (shown, day) = calendar.data.with_untracked(|data| (data.query.shown, data.day));
    let to = |forward| CalendarQuery::of_day(shown, shown.step(day, forward)).address();
    let today = CalendarQuery {
        shown,
        ..CalendarQuery::default()
    };
    let views = Shown::ALL.map(|view| {
        view! {
            <a
                class="chip cal-view"
                href=CalendarQuery::of_day(view, day).address()
                aria-current=(view == shown).then_some("true")
            >
                {(t.view)(view)}
            </a>
        }
        .into_any()
    });
    let input = NodeRef::<Input>::new();
    let show = move || {
        let text = input.get_untracked().map(|input| input.value());
        if let Some(day) = text.and_then(|text| day_of_text(&text)) {
            calendar.go(&CalendarQuery::of_day(shown, day));
        }
    };
    view! {
        <div class="cal-bar">
            <nav class="cal-steps" aria-label=t.period>
                <a class="icon-button" rel="prev" href=to(false) aria-label=(t.before)(shown)>
                    {Icon::Before.view()}
                </a>
                <a class="button" href=today.address()>
                    {t.today}
                </a>
                <a class="icon-button" rel="next" href=to(true) aria-label=(t.after)(shown)>
                    {Icon::After.view()}
                </a>
            </nav>
            <form
                class="cal-date-form"
                method="get"
                action=PATH
                on:submit=move |event: SubmitEvent| {
                    event.prevent_default();
                    show();
                }
            >
                <input type="hidden" name="view" value=shown.word() />
                <input
                    node_ref=input
                    type="date"
                    name="date"
                    data-search
                    aria-label=t.date
                    value=iso_date(day)
                    on:change=move |_| show()
                />
                <noscript>
                    <button class="button" type="submit">
                        {t.show}
                    </button>
                </noscript>
            </form>
            <nav class="cal-views" aria-label=t.views>
                {views.into_iter().collect_view()}
            </nav>
            <button
                class="button primary cal-new"
                id=input::NEW
                type="button"
                data-act="new"
                data-new
                disabled=move || !calendar.clock.is_hydrated()
            >
                {t.new}
            </button>
        </div>
    }
    .into_any()
}
