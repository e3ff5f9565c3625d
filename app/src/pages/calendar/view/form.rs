//! The form of a new or a changed entry.

use super::{
    fields::{choice, field},
    repeat::RepeatFields,
};
use crate::{
    components::{Rows, TagDot, When, rows},
    layout::Icon,
    links::TagLink,
    pages::calendar::{
        actions::Calendar,
        draft::{Draft, Scope},
        input,
    },
    texts::CommonTexts,
};
use leptos::{ev::SubmitEvent, prelude::*};
use protocol::limits;
use uuid::Uuid;

/// The fields of an entry.
#[component]
pub fn EntryForm(calendar: Calendar) -> impl IntoView {
    let t = calendar.t;
    let common = calendar.locale.texts::<CommonTexts>();
    let reads = move |read: fn(&Draft) -> bool| calendar.draft.with(|draft| draft.as_ref().is_some_and(read));
    let all_day = Memo::new(move |_| reads(|draft| draft.all_day));
    let is_new = untrack(|| reads(|draft| draft.entry.is_none()));
    let recurs = untrack(|| reads(|draft| draft.key().is_some_and(|key| key.at.is_some())));
    // Without the detail nothing but title and times is known; one occurrence has no tags and no rule of its own.
    let is_whole = Memo::new(move |_| {
        reads(|draft| {
            let of_series = draft.key().is_some_and(|key| key.at.is_some());
            (draft.entry.is_none() || draft.detail.is_some()) && (!of_series || draft.scope != Scope::This)
        })
    });
    let knows_more = Memo::new(move |_| reads(|draft| draft.entry.is_none() || draft.detail.is_some()));
    let description = Memo::new(move |_| {
        let text = calendar
            .draft
            .with(|draft| draft.as_ref().map(|draft| draft.description.clone()));
        text.unwrap_or_default()
    });
    view! {
        <aside class="cal-panel" data-testid="entry-form" aria-labelledby="cal-form-name">
            <header class="cal-panel-head">
                <h2 id="cal-form-name">{if is_new { t.new } else { t.edit }}</h2>
                <button class="icon-button" type="button" data-act="close" aria-label=common.close>
                    {Icon::Close.view()}
                </button>
            </header>
            <form
                class="cal-form"
                novalidate
                on:submit=move |event: SubmitEvent| {
                    event.prevent_default();
                    calendar.save();
                }
            >
                {recurs.then(|| view! { <ScopeField calendar /> }.into_any())}
                {field(
                    calendar,
                    (input::TITLE, t.title, "text"),
                    |draft| draft.title.clone(),
                    |_, draft, text| draft.title = text,
                )}
                <label class="cal-check">
                    <input
                        type="checkbox"
                        prop:checked=move || all_day.get()
                        disabled=move || !is_whole.get()
                        on:change:target=move |event| {
                            let checked = event.target().checked();
                            calendar.type_in(|draft| draft.all_day = checked);
                        }
                    />
                    {t.all_day}
                </label>
                <Times calendar all_day />
                <When holds=move || knows_more.get()>
                    <div class="cal-field">
                        <label for="cal-description">{t.description}</label>
                        <textarea
                            id="cal-description"
                            rows="3"
                            maxlength=limits::DESCRIPTION_CHARS.to_string()
                            prop:value=move || description.get()
                            on:input:target=move |event| {
                                let text = event.target().value();
                                calendar.type_in(|draft| draft.description = text);
                            }
                        ></textarea>
                    </div>
                </When>
                <When holds=move || is_whole.get()>
                    <RepeatFields calendar />
                    <Links calendar />
                </When>
                <When holds=move || !knows_more.get()>
                    <p class="hint">{t.no_detail}</p>
                </When>
                {move || {
                    calendar
                        .problem
                        .get()
                        .map(|problem| {
                            view! {
                                <p class="start-problem" role="alert">
                                    {problem}
                                </p>
                            }
                                .into_any()
                        })
                }}
                <div class="cal-actions">
                    <button class="button primary" type="submit">
                        {common.save}
                    </button>
                    <button class="button quiet" type="button" data-act="close">
                        {common.cancel}
                    </button>
                </div>
            </form>
        </aside>
    }
    .into_any()
}

/// Which occurrences are changed; only this one as long as the series is not known.
#[component]
fn ScopeField(calendar: Calendar) -> impl IntoView {
    let knows = calendar
        .draft
        .with_untracked(|draft| draft.as_ref().is_some_and(|draft| draft.detail.is_some()));
    let scopes = Scope::ALL.into_iter().filter(|scope| knows || *scope == Scope::This);
    let options = scopes.map(|scope| (scope.word().to_owned(), (calendar.t.scopes)(scope).to_owned()));
    choice(
        calendar,
        ("cal-scope", calendar.t.scope),
        options.collect(),
        |draft| draft.scope.word().to_owned(),
        |draft, word| {
            let mut scopes = Scope::ALL.into_iter();
            draft.scope = scopes.find(|scope| scope.word() == word).unwrap_or_default();
        },
    )
}

#[component]
fn Times(calendar: Calendar, all_day: Memo<bool>) -> impl IntoView {
    let t = calendar.t;
    let start_date = field(
        calendar,
        ("cal-start-date", t.start_date, "date"),
        |draft| draft.start_date.clone(),
        |calendar, draft, text| {
            let time = draft.start_time.clone();
            move_start(calendar, draft, text, time);
        },
    );
    let end_date = field(
        calendar,
        ("cal-end-date", t.end_date, "date"),
        |draft| draft.end_date.clone(),
        |_, draft, text| draft.end_date = text,
    );
    let start_time = move || {
        field(
            calendar,
            ("cal-start-time", t.start_time, "time"),
            |draft| draft.start_time.clone(),
            |calendar, draft, text| {
                let date = draft.start_date.clone();
                move_start(calendar, draft, date, text);
            },
        )
    };
    let end_time = move || {
        field(
            calendar,
            ("cal-end-time", t.end_time, "time"),
            |draft| draft.end_time.clone(),
            |_, draft, text| draft.end_time = text,
        )
    };
    view! {
        <div class="cal-times">
            {start_date} <When holds=move || !all_day.get()>{move || start_time()}</When> {end_date}
            <When holds=move || !all_day.get()>{move || end_time()}</When>
        </div>
    }
    .into_any()
}

fn move_start(calendar: Calendar, draft: &mut Draft, date: String, time: String) {
    calendar
        .data
        .with_untracked(|data| draft.move_start(&data.utc_offsets, date, time));
}

/// The todo and the tags.
#[component]
fn Links(calendar: Calendar) -> impl IntoView {
    let t = calendar.t;
    let (tags, mut todos) = untrack(|| {
        calendar.timers.with_links(|links| {
            let todos = links.todos.iter().filter(|todo| todo.open);
            let todos = todos.map(|todo| (todo.id.to_string(), todo.title.clone()));
            (links.tags.clone(), todos.collect::<Vec<_>>())
        })
    });
    // The linked one may be done.
    let linked = calendar
        .draft
        .with_untracked(|draft| draft.as_ref()?.detail.as_ref()?.todo.clone());
    if let Some((id, title)) = linked.map(|(id, title)| (id.to_string(), title)) {
        todos.retain(|(known, _)| *known != id);
        todos.push((id, title));
    }
    let has_todos = !todos.is_empty();
    todos.insert(0, (String::new(), t.no_todo.to_owned()));
    let chip = move |tag: TagLink| {
        let id = tag.id;
        let chosen = Memo::new(move |_| {
            calendar
                .draft
                .with(|draft| draft.as_ref().is_some_and(|draft| draft.tags.contains(&id)))
        });
        view! {
            <button
                class="chip"
                type="button"
                aria-pressed=move || chosen.get().to_string()
                on:click=move |_| {
                    calendar
                        .type_in(|draft| match draft.tags.iter().position(|known| *known == id) {
                            Some(place) => drop(draft.tags.remove(place)),
                            None => draft.tags.push(id),
                        });
                }
            >
                <TagDot color=tag.color />
                {tag.name}
            </button>
        }
        .into_any()
    };
    let has_tags = !tags.is_empty();
    let todo = has_todos.then(|| {
        choice(
            calendar,
            ("cal-todo", t.todo),
            todos,
            |draft| draft.todo.map(|id| id.to_string()).unwrap_or_default(),
            |draft, word| draft.todo = word.parse::<Uuid>().ok(),
        )
    });
    let tags = has_tags.then(|| {
        view! {
            <div class="cal-tags" role="group" aria-label=t.tags>
                <Rows each=rows(move || tags.clone(), TagLink::clone, chip) />
            </div>
        }
        .into_any()
    });
    view! {
        {todo}
        {tags}
    }
    .into_any()
}
