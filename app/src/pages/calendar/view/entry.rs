//! The link of an entry, in a column, above the columns, or in a month.

use crate::pages::calendar::{actions::Calendar, data::Entry};
use leptos::prelude::*;

/// The classes that say where something is in a column: the style sheet has one for each digit.
pub fn place(top: i64, height: i64, lane: usize, lanes: usize) -> String {
    const MOST: usize = 6;
    let digits = |value: i64| (value / 100, value / 10 % 10, value % 10);
    let ((t2, t1, t0), (h2, h1, h0)) = (digits(top), digits(height));
    let (lane, lanes) = (lane.min(MOST - 1), lanes.clamp(1, MOST));
    format!("cal-at t2-{t2} t1-{t1} t0-{t0} h2-{h2} h1-{h1} h0-{h0} lane-{lane} lanes-{lanes}")
}

/// The link that opens an entry; a pointer moves it.
pub fn entry_link(calendar: Calendar, entry: &Entry, can_move: bool) -> AnyView {
    let t = calendar.t;
    let key = entry.key();
    let plan = &entry.plan;
    let can_move = can_move && !plan.is_shared;
    let words = untrack(|| calendar.moment(entry));
    let mut name = (t.name)(calendar.title(entry), &words);
    for (holds, word) in [(key.at.is_some(), t.repeats), (entry.waits, t.waits)] {
        if holds {
            name = (t.name)(&name, word);
        }
    }
    let times = untrack(|| calendar.times(entry));
    let tab = move || match !calendar.clock.is_hydrated() || calendar.entered.get() == Some(key) {
        true => "0",
        false => "-1",
    };
    let href = calendar
        .data
        .with_untracked(|data| data.query.with_open(Some(key)).address());
    let all_day = plan.all_day;
    view! {
        <a
            class="cal-entry"
            class:waits=entry.waits
            href=href
            data-testid="entry"
            data-act="open"
            data-entry=key.id.to_string()
            data-at=key.at.map(|at| at.millis().to_string())
            data-grip=can_move.then_some("move")
            draggable="false"
            aria-current=move || (calendar.panel.get() == Some(key)).then_some("true")
            tabindex=tab
        >
            <span class="visually-hidden">{name}</span>
            <span class="cal-entry-title" aria-hidden="true">
                {calendar.title(entry).to_owned()}
            </span>
            {(!all_day)
                .then(|| {
                    view! {
                        <span class="cal-entry-time" aria-hidden="true">
                            {times}
                        </span>
                    }
                        .into_any()
                })}
        </a>
    }
    .into_any()
}
