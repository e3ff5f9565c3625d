//! Asks the server what the rule of the form means.

use crate::{
    api::RECURRENCE_PATH,
    hydrate::read_text,
    pages::calendar::{actions::Calendar, data::Preview},
    query::Query,
};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use wasm_bindgen_futures::spawn_local;

/// Keys within so many milliseconds are asked about together.
const WAIT_MILLIS: u32 = 250;

thread_local! {
    static WAITING: RefCell<Option<Timeout>> = const { RefCell::new(None) };
    /// Counts requests, of which only the answer to the latest is shown.
    static ASKED: Cell<u32> = const { Cell::new(0) };
}

/// Asks again whenever the rule changes, or the time at which it starts.
pub fn start(calendar: Calendar) {
    let asked = Memo::new(move |_| {
        let draft = calendar.draft.get()?;
        let (zone, times) = calendar
            .data
            .with_untracked(|data| (data.zone.clone(), draft.times(&data.utc_offsets)));
        let rule = draft.rule(zone.as_deref());
        let is_rule = !rule.is_empty() && draft.repeat.is_complete();
        let (start, _) = times.filter(|_| is_rule)?;
        let query = Query::default()
            .with("rule", &rule)
            .with("start", &start.millis().to_string())
            .with("all_day", if draft.all_day { "true" } else { "false" })
            .with("language", calendar.locale.language.as_str());
        Some(query.address(RECURRENCE_PATH))
    });
    Effect::new(move |_| {
        let asked = asked.get();
        ASKED.set(ASKED.get() + 1);
        // What was said of another rule does not keep this one from being saved.
        if calendar
            .preview
            .with_untracked(|preview| preview.as_ref().is_some_and(|preview| preview.is_refused))
        {
            calendar.preview.set(None);
        }
        match asked {
            Some(url) => WAITING.set(Some(Timeout::new(WAIT_MILLIS, move || ask(calendar, url)))),
            None => {
                WAITING.set(None);
                calendar.preview.set(None);
            }
        }
    });
}

fn ask(calendar: Calendar, url: String) {
    let number = ASKED.get();
    spawn_local(async move {
        // Without a network nothing is known.
        let answer = read_text(&url).await.ok().flatten();
        let preview = answer.and_then(|answer| protocol::json::parse::<Preview>(&answer).ok());
        if ASKED.get() == number {
            let _ = calendar.preview.try_set(preview);
        }
    });
}
