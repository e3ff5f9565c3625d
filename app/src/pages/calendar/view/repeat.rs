//! How an entry recurs: by words, or by a rule; with what the rule means.

use super::{
    fields::{choice, field},
    panel::preview_view,
};
use crate::{
    components::When,
    local_time::date,
    pages::calendar::{
        RULE_CHARS,
        actions::Calendar,
        repeat::{Ends, Every, Repeat},
    },
    texts::CommonTexts,
};
use leptos::prelude::*;

/// The fields of a recurrence.
#[component]
pub fn RepeatFields(calendar: Calendar) -> impl IntoView {
    let every = Memo::new(move |_| read(calendar, |repeat| repeat.every));
    let ends = Memo::new(move |_| read(calendar, |repeat| repeat.ends));
    let day = Memo::new(move |_| {
        let day = calendar.draft.with(|draft| draft.as_ref()?.start_day());
        day.unwrap_or(1)
    });
    view! {
        <fieldset class="cal-repeat">
            <legend>{calendar.t.repeat}</legend>
            {move || every_field(calendar, day.get())}
            <When holds=move || {
                every.get().is_by_words()
            }>
                {move || interval(calendar, every.get())} <When holds=move || every.get() == Every::Week>
                    <Weekdays calendar />
                </When> {ends_field(calendar)} <When holds=move || ends.get() == Ends::Until>{until(calendar)}</When>
                <When holds=move || ends.get() == Ends::Count>{count(calendar)}</When>
            </When>
            <When holds=move || every.get() == Every::Rule>
                <RuleText calendar />
            </When>
            {move || {
                calendar
                    .preview
                    .get()
                    .map(|preview| match preview.is_refused {
                        true => {
                            view! {
                                <p class="start-problem" data-testid="no-rule">
                                    {calendar.t.no_rule}
                                </p>
                            }
                                .into_any()
                        }
                        false => preview_view(calendar, &preview),
                    })
            }}
        </fieldset>
    }
    .into_any()
}

fn read<T: Default>(calendar: Calendar, read: fn(&Repeat) -> T) -> T {
    calendar
        .draft
        .with(|draft| draft.as_ref().map(|draft| read(&draft.repeat)).unwrap_or_default())
}

/// The options are named with the date of the start.
fn every_field(calendar: Calendar, day: i32) -> AnyView {
    let options = Every::ALL.map(|every| (every.word().to_owned(), (calendar.t.every)(every, date(day))));
    choice(
        calendar,
        ("cal-every", calendar.t.repeat),
        options.to_vec(),
        |draft| draft.repeat.every.word().to_owned(),
        |draft, word| {
            let mut all = Every::ALL.into_iter();
            let every = all.find(|every| every.word() == word).unwrap_or_default();
            let repeat = &mut draft.repeat;
            if every == Every::Rule && repeat.every != Every::Rule {
                // The text says what the words said.
                let day = crate::pages::calendar::query::day_of_text(&draft.start_date);
                repeat.rule = repeat.rule_of(day.unwrap_or(1));
            }
            repeat.every = every;
        },
    )
}

fn interval(calendar: Calendar, every: Every) -> AnyView {
    field(
        calendar,
        ("cal-interval", (calendar.t.interval)(every), "number"),
        |draft| match draft.repeat.interval.as_str() {
            "" => "1".to_owned(),
            interval => interval.to_owned(),
        },
        |_, draft, text| draft.repeat.interval = text,
    )
}

fn ends_field(calendar: Calendar) -> AnyView {
    let t = calendar.t;
    let options = [
        ("never", t.ends_never),
        ("until", t.ends_until),
        ("count", t.ends_count),
    ];
    let options = options.map(|(word, name)| (word.to_owned(), name.to_owned()));
    choice(
        calendar,
        ("cal-ends", t.repeat_ends),
        options.to_vec(),
        |draft| {
            let word = match draft.repeat.ends {
                Ends::Never => "never",
                Ends::Until => "until",
                Ends::Count => "count",
            };
            word.to_owned()
        },
        |draft, word| {
            draft.repeat.ends = match word.as_str() {
                "until" => Ends::Until,
                "count" => Ends::Count,
                _ => Ends::Never,
            };
        },
    )
}

fn until(calendar: Calendar) -> AnyView {
    field(
        calendar,
        ("cal-until", calendar.t.until, "date"),
        |draft| draft.repeat.until.clone(),
        |_, draft, text| draft.repeat.until = text,
    )
}

fn count(calendar: Calendar) -> AnyView {
    field(
        calendar,
        ("cal-count", calendar.t.count_label, "number"),
        |draft| draft.repeat.count.clone(),
        |_, draft, text| draft.repeat.count = text,
    )
}

#[component]
fn Weekdays(calendar: Calendar) -> impl IntoView {
    let common = calendar.locale.texts::<CommonTexts>();
    let first = usize::from(calendar.locale.week_start);
    let chips = (0..7).map(|place| {
        let day = (first + place) % 7;
        let chosen = Memo::new(move |_| {
            read(calendar, |repeat| repeat.weekdays)
                .get(day)
                .copied()
                .unwrap_or_default()
        });
        view! {
            <button
                class="chip cal-weekday-chip"
                type="button"
                aria-label=common.weekdays.get(day).copied()
                aria-pressed=move || chosen.get().to_string()
                on:click=move |_| {
                    calendar
                        .type_in(|draft| {
                            if let Some(chosen) = draft.repeat.weekdays.get_mut(day) {
                                *chosen = !*chosen;
                            }
                        });
                }
            >
                {common.weekdays_short.get(day).copied()}
            </button>
        }
        .into_any()
    });
    view! {
        <div class="cal-tags" role="group" aria-label=calendar.t.weekdays>
            {chips.collect_view()}
        </div>
    }
    .into_any()
}

#[component]
fn RuleText(calendar: Calendar) -> impl IntoView {
    let t = calendar.t;
    let rule = Memo::new(move |_| read(calendar, |repeat| repeat.rule.clone()));
    view! {
        <div class="cal-field">
            <label for="cal-rule">{t.rule}</label>
            <textarea
                id="cal-rule"
                rows="2"
                maxlength=RULE_CHARS.to_string()
                spellcheck="false"
                aria-describedby="cal-rule-hint"
                prop:value=move || rule.get()
                on:input:target=move |event| {
                    let text = event.target().value();
                    calendar.type_in(|draft| draft.repeat.rule = text);
                }
            ></textarea>
            <p class="hint" id="cal-rule-hint">
                {t.rule_hint}
            </p>
        </div>
    }
    .into_any()
}
