//! Corrects the end of a completed timer.

use super::{View, status};
use crate::{
    components::When,
    local_time::WallClock,
    state::{Commands, PageCommand},
};
use chrono::{Datelike, NaiveDate};
use leptos::{ev::SubmitEvent, html::Input, prelude::*};
use protocol::{
    time::Timestamp,
    timers::{Timer, TimerCommand, TimerStatus},
};

/// A field of whole seconds means the whole second.
const SECOND_MILLIS: i64 = 1_000;
/// The number of 1970-01-01 where 0001-01-01 is 1.
const EPOCH_DAY: i32 = 719_163;

/// The form; nothing for a timer that has no end, or was cancelled.
#[component]
pub fn CorrectEnd(view: View) -> impl IntoView {
    let status = view.part(status);
    view! {
        <When holds=move || status.get() == TimerStatus::Completed>
            <CorrectForm view />
        </When>
    }
    .into_any()
}

#[component]
fn CorrectForm(view: View) -> impl IntoView {
    let commands = expect_context::<Commands>();
    let t = view.t;
    let input = NodeRef::<Input>::new();
    let problem = RwSignal::new(false);
    let earliest = view.part(earliest);
    let end = view.part(|timer| timer.ended_at.unwrap_or(timer.updated_at));
    let latest = move || view.clock.now().max(earliest.get());
    let field = move |at: Timestamp| field_value(view.times.local(at), at);
    let bounds = move || (t.correct_bounds)(&view.moment(earliest.get()), &view.moment(latest()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = input.get_untracked().map(|input| input.value()).unwrap_or_default();
        let ended_at = untrack(|| {
            let at = view.times.instant(parse(&typed)?);
            within(at, earliest.get(), latest())
        });
        problem.set(ended_at.is_none());
        if let Some(ended_at) = ended_at {
            let timer_id = view.data.with_untracked(|data| data.timer.id);
            commands.give(PageCommand::Timer(TimerCommand::Correct { timer_id, ended_at }));
        }
    };
    view! {
        <section class="panel" aria-labelledby="correct-heading">
            <h2 id="correct-heading">{t.correct}</h2>
            <form class="correct" novalidate on:submit=submit>
                <label for="one-end">{t.ended}</label>
                <input
                    id="one-end"
                    node_ref=input
                    type="datetime-local"
                    step="1"
                    min=move || field(earliest.get())
                    max=move || field(latest())
                    value=move || field(end.get())
                    prop:value=move || field(end.get())
                    autocomplete="off"
                    aria-invalid=move || problem.get().then_some("true")
                    aria-describedby="correct-bounds"
                    on:input=move |_| problem.set(false)
                />
                <button class="button" type="submit" disabled=move || !view.clock.is_hydrated()>
                    {t.correct_save}
                </button>
                <p class="hint" id="correct-bounds" class:danger=move || problem.get()>
                    {move || bounds()}
                </p>
                <p class="visually-hidden" role="status">
                    {move || problem.get().then(&bounds)}
                </p>
            </form>
        </section>
    }
    .into_any()
}

/// The last start, pause or resume: the end cannot be earlier.
fn earliest(timer: &Timer) -> Timestamp {
    match &*timer.history {
        [.., before, _] => before.at,
        _ => timer.created_at,
    }
}

/// The end that is meant by a time of whole seconds, if it is within the bounds.
fn within(at: Timestamp, earliest: Timestamp, latest: Timestamp) -> Option<Timestamp> {
    let is_before = earliest.millis_since(at);
    match is_before {
        1..SECOND_MILLIS => Some(earliest),
        SECOND_MILLIS.. => None,
        _ => (at <= latest.plus_millis(60 * SECOND_MILLIS)).then_some(at),
    }
}

/// The value of a field of the type `datetime-local`.
fn field_value(clock: WallClock, at: Timestamp) -> String {
    let date = clock.date();
    let second = at.millis().div_euclid(SECOND_MILLIS).rem_euclid(60);
    format!(
        "{:04}-{:02}-{:02}T{clock}:{second:02}",
        date.year(),
        date.month(),
        date.day()
    )
}

/// The milliseconds from 1970-01-01 00:00 to a local date and time, as such a field has it: `2026-11-26T08:30:07`,
/// or without seconds if they are zero.
fn parse(typed: &str) -> Option<i64> {
    let (date, time) = typed.split_once('T')?;
    let mut numbers = date.split('-').map(|number| number.parse::<u32>().ok());
    let (year, month, day) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    let mut numbers = time.split([':', '.']).map(|number| number.parse::<i64>().ok());
    let (hour, minute) = (numbers.next()??, numbers.next()??);
    let second = numbers.next().flatten().unwrap_or_default();
    let is_time = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..60).contains(&second);
    let days = i64::from(date.num_days_from_ce() - EPOCH_DAY);
    is_time.then_some((((days * 24 + hour) * 60 + minute) * 60 + second) * SECOND_MILLIS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn an_end_is_taken_within_its_bounds() {
        let take = |end| within(at(end), at(10_500), at(20_000)).map(Timestamp::millis);
        assert_eq!(take(10_000), Some(10_500), "the second of the last start");
        assert_eq!(take(9_499), None);
        assert_eq!(take(11_000), Some(11_000));
        assert_eq!(take(80_000), Some(80_000), "the page's clock may be a minute late");
        assert_eq!(take(80_001), None);
    }

    #[test]
    fn a_field_has_local_date_and_time_to_the_second() {
        let instant = Timestamp::parse_iso("2026-11-26T23:30:07.250Z").unwrap();
        assert_eq!(
            field_value(WallClock::new(instant, 32_400), instant),
            "2026-11-27T08:30:07"
        );
    }
}
