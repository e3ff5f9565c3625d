//! The panel of an entry: what it is, and what can be done with it.

use crate::{
    components::{Rows, TagDot, When, rows},
    layout::Icon,
    links::TagLink,
    pages::calendar::{
        actions::Calendar,
        data::{Detail, Entry, Key, Preview},
        input, layout,
    },
    texts::CommonTexts,
};
use leptos::prelude::*;
use protocol::time::Timestamp;

/// The entry with a key, as long as it is there.
#[component]
pub fn EntryPanel(calendar: Calendar, key: Key) -> impl IntoView {
    let t = calendar.t;
    let detail = Memo::new(move |_| {
        let detail = calendar.data.with(|data| data.detail.clone());
        detail.filter(|detail| detail.entry.key() == key)
    });
    let entry = Memo::new(move |_| {
        let listed = calendar.data.with(|data| layout::find(data, key).cloned());
        listed.or_else(|| detail.with(|detail| detail.as_ref().map(|detail| detail.entry.clone())))
    });
    let words = move |read: fn(Calendar, &Entry) -> String| {
        entry.with(|entry| entry.as_ref().map(|entry| read(calendar, entry)).unwrap_or_default())
    };
    let preview = Memo::new(move |_| detail.with(|detail| detail.as_ref().map(|detail| detail.preview.clone())));
    let close_name = calendar.locale.texts::<CommonTexts>().close;
    let close = calendar
        .data
        .with_untracked(|data| data.query.with_open(None).address());
    view! {
        <When holds=move || entry.with(Option::is_some)>
            <aside
                class="cal-panel"
                id=input::PANEL
                tabindex="-1"
                data-testid="entry-panel"
                aria-labelledby="cal-panel-name"
                data-entry=key.id.to_string()
                data-at=key.at.map(|at| at.millis().to_string())
            >
                <header class="cal-panel-head">
                    <h2 id="cal-panel-name">{move || words(|calendar, entry| calendar.title(entry).to_owned())}</h2>
                    <a class="icon-button" href=close.clone() data-act="close" aria-label=close_name>
                        {Icon::Close.view()}
                    </a>
                </header>
                <p class="cal-when">{move || words(Calendar::moment)}</p>
                <When holds=move || entry.with(|entry| entry.as_ref().is_some_and(|entry| entry.waits))>
                    <p class="cal-waits">{t.waits}</p>
                </When>
                {move || {
                    preview
                        .get()
                        .filter(|preview| !preview.words.is_empty())
                        .map(|preview| preview_view(calendar, &preview))
                }}
                <DetailView calendar detail />
                <Actions calendar key />
            </aside>
        </When>
    }
    .into_any()
}

/// A rule in words, and its next occurrences.
pub fn preview_view(calendar: Calendar, preview: &Preview) -> AnyView {
    let next = preview.next.iter().map(|at| {
        let words = untrack(|| next_words(calendar, *at));
        view! { <li>{words}</li> }.into_any()
    });
    view! {
        <div class="cal-preview" data-testid="preview">
            <p class="cal-rule">{preview.words.clone()}</p>
            <h3>{calendar.t.next}</h3>
            <ol class="cal-next">{next.collect_view()}</ol>
        </div>
    }
    .into_any()
}

/// The date of an occurrence, with the time unless it lasts whole days.
fn next_words(calendar: Calendar, at: Timestamp) -> String {
    let all_day = match calendar.draft.with(|draft| draft.as_ref().map(|draft| draft.all_day)) {
        Some(all_day) => all_day,
        None => calendar
            .data
            .with(|data| data.detail.as_ref().is_some_and(|detail| detail.entry.plan.all_day)),
    };
    let locale = calendar.locale;
    if all_day {
        let day = crate::local_time::day_of_millis(at.millis());
        return locale.full_date(crate::local_time::date(day));
    }
    let clock = calendar.data.with(|data| data.utc_offsets.wall_clock(at));
    format!("{}, {}", locale.full_date(clock.date()), locale.time(clock))
}

#[component]
fn DetailView(calendar: Calendar, detail: Memo<Option<Detail>>) -> impl IntoView {
    let t = calendar.t;
    let description = Memo::new(move |_| {
        let description = detail.with(|detail| detail.as_ref().map(|detail| detail.description.clone()));
        description.unwrap_or_default()
    });
    let todo = Memo::new(move |_| detail.with(|detail| detail.as_ref().and_then(|detail| detail.todo.clone())));
    let tags = Memo::new(move |_| {
        let chosen = detail.with(|detail| detail.as_ref().map(|detail| detail.tags.clone()).unwrap_or_default());
        calendar.timers.with_links(|links| {
            let tags = links.tags.iter().filter(|tag| chosen.contains(&tag.id));
            tags.cloned().collect::<Vec<TagLink>>()
        })
    });
    let tag = |tag: TagLink| {
        view! {
            <li class="tag">
                <TagDot color=tag.color />
                <span>{tag.name}</span>
            </li>
        }
        .into_any()
    };
    view! {
        <When holds=move || !description.with(String::is_empty)>
            <p class="cal-description">{move || description.get()}</p>
        </When>
        <When holds=move || !tags.with(Vec::is_empty)>
            <ul class="links" aria-label=t.tags>
                <Rows each=rows(move || tags.get(), TagLink::clone, tag) />
            </ul>
        </When>
        {move || {
            todo.get()
                .map(|(id, title)| {
                    view! { <p class="cal-todo">{t.todo} ": " <a href=format!("/todos?todo={id}")>{title}</a></p> }
                        .into_any()
                })
        }}
    }
    .into_any()
}

#[component]
fn Actions(calendar: Calendar, key: Key) -> impl IntoView {
    let t = calendar.t;
    let disabled = Memo::new(move |_| !calendar.clock.is_hydrated());
    let button = move |act: &'static str, name: &'static str, class: &'static str| {
        view! {
            <button class=class type="button" data-act=act disabled=move || disabled.get()>
                {name}
            </button>
        }
        .into_any()
    };
    let delete = match key.at {
        None => vec![("delete", calendar.locale.texts::<CommonTexts>().delete)],
        Some(_) => vec![
            ("delete", t.delete_one),
            ("delete-following", t.delete_following),
            ("delete-all", t.delete_all),
        ],
    };
    let delete = delete.into_iter().map(|(act, name)| button(act, name, "button quiet"));
    view! {
        <div class="cal-actions">
            {button("timer", t.start_timer, "button primary")} {button("edit", t.edit, "button")}
            {delete.collect_view()}
        </div>
    }
    .into_any()
}
