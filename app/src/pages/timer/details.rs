//! Title, description and links, edited where they stand.

use super::{
    View,
    data::TimerEdit,
    in_place::{InPlace, TextField},
    status,
};
use crate::{
    components::{ScheduleChooser, TagChooser, TimerLinks, TodoChooser, When},
    links::{Links, TagLink},
    state::TimerList,
    writes::Write,
};
use leptos::prelude::*;
use protocol::{
    id::{ScheduleId, TagId, TodoId},
    limits,
};
use serde::Serialize;
use uuid::Uuid;

/// The body of `PATCH /v1/timers/{id}`: absent members stay, null clears.
#[derive(Default, Serialize)]
struct Changes {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schedule_id: Option<Option<ScheduleId>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    todo_id: Option<Option<TodoId>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag_ids: Option<Vec<TagId>>,
}

fn save(view: View, edit: TimerEdit, changes: Changes) {
    view.data.edit(edit, Write::patch(view.api_path(), &changes));
}

/// `None` for a text without content.
fn text(text: String) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The heading of the page, above it the status and whose timer it is.
#[component]
pub fn Title(view: View) -> impl IntoView {
    let (t, locale) = (view.t, view.locale);
    let owner = view.data.with_untracked(|data| data.owner_name.clone());
    let shared = (!view.is_own).then(|| match owner {
        Some(name) => (t.shared_by)(&name),
        None => t.shared.to_owned(),
    });
    let is_waiting = Memo::new(move |_| view.shown.with(|shown| shown.is_waiting));
    let value = Signal::derive(move || view.shown.with(|shown| shown.timer.title.clone().unwrap_or_default()));
    let status = view.part(status);
    let field = TextField {
        field: "one-title-field",
        button: "one-title-edit",
        label: t.title,
        edit: t.rename,
        max: limits::TITLE_CHARS,
        is_long: false,
    };
    let on_save = move |typed: String| {
        let title = text(typed);
        let changes = Changes {
            title: Some(title.clone()),
            ..Changes::default()
        };
        save(view, TimerEdit::Title(title), changes);
    };
    view! {
        <div class="one-name" class:waits=move || is_waiting.get()>
            <p class="one-status">
                <span>{move || locale.status(status.get())}</span>
                {shared.map(|shared| view! { <span data-testid="shared-by">{shared}</span> })}
                <When holds=move || is_waiting.get()>
                    <span class="one-waits">{t.waits}</span>
                </When>
            </p>
            <InPlace field value save=on_save can_edit=view.is_own>
                <h1 id="one-title">{move || view.title()}</h1>
            </InPlace>
        </div>
    }
    .into_any()
}

/// The longer text.
#[component]
pub fn Description(view: View) -> impl IntoView {
    let t = view.t;
    let value = Signal::derive(move || {
        view.shown
            .with(|shown| shown.timer.description.clone().unwrap_or_default())
    });
    let is_empty = Memo::new(move |_| value.with(String::is_empty));
    let field = TextField {
        field: "one-description-field",
        button: "one-description-edit",
        label: t.description,
        edit: t.edit_description,
        max: limits::DESCRIPTION_CHARS,
        is_long: true,
    };
    let on_save = move |typed: String| {
        let description = text(typed);
        let changes = Changes {
            description: Some(description.clone()),
            ..Changes::default()
        };
        save(view, TimerEdit::Description(description), changes);
    };
    view! {
        <section class="panel" aria-labelledby="description-heading">
            <h2 id="description-heading">{t.description}</h2>
            <InPlace field value save=on_save can_edit=view.is_own>
                <p class="one-description" class:hint=move || is_empty.get()>
                    {move || if is_empty.get() { t.no_description.to_owned() } else { value.get() }}
                </p>
            </InPlace>
        </section>
    }
    .into_any()
}

/// Schedule, todo and tags.
#[component]
pub fn LinksOfTimer(view: View) -> impl IntoView {
    let timers = expect_context::<TimerList>();
    let t = view.t;
    let linked = Memo::new(move |_| view.shown.with(|shown| shown.linked.clone()));
    let can_choose = Memo::new(move |_| {
        view.is_own && (timers.with_links(Links::has_choices) || linked.with(|linked| !linked.is_empty()))
    });
    view! {
        <section class="panel one-links" aria-labelledby="links-heading">
            <h2 id="links-heading">{t.links}</h2>
            <TimerLinks linked />
            <When holds=move || linked.with(|linked| linked.is_empty())>
                <p class="hint">{t.no_links}</p>
            </When>
            <When holds=move || can_choose.get()>
                <details class="link-chooser">
                    <summary>{t.change_links}</summary>
                    <div class="link-choices">
                        <Choices view />
                    </div>
                </details>
            </When>
        </section>
    }
    .into_any()
}

#[component]
fn Choices(view: View) -> impl IntoView {
    let timers = expect_context::<TimerList>();
    let schedule = view.part(|timer| timer.schedule_id.map(|id| id.0));
    let todo = view.part(|timer| timer.todo_id.map(|id| id.0));
    let schedule_title = Signal::derive(move || view.shown.with(|shown| shown.linked.schedule.clone()));
    let todo_title = Signal::derive(move || view.shown.with(|shown| shown.linked.todo.clone()));
    let tags = Signal::derive(move || {
        view.shown
            .with(|shown| shown.linked.tags.iter().map(|tag| tag.id).collect::<Vec<TagId>>())
    });
    let choose_schedule = move |id: Option<Uuid>| {
        let chosen = id.map(ScheduleId);
        let link = untrack(|| timers.with_links(|links| find_schedule(links, chosen)));
        let changes = Changes {
            schedule_id: Some(chosen),
            ..Changes::default()
        };
        save(view, TimerEdit::Schedule(link), changes);
    };
    let choose_todo = move |id: Option<Uuid>| {
        let chosen = id.map(TodoId);
        let link = untrack(|| timers.with_links(|links| find_todo(links, chosen)));
        let changes = Changes {
            todo_id: Some(chosen),
            ..Changes::default()
        };
        save(view, TimerEdit::Todo(link), changes);
    };
    let choose_tags = move |ids: Vec<TagId>| {
        let mut tags = view.shown.with_untracked(|shown| shown.linked.tags.clone());
        untrack(|| timers.with_links(|links| tags.extend(links.tags.iter().cloned())));
        let changes = Changes {
            tag_ids: Some(ids.clone()),
            ..Changes::default()
        };
        save(view, TimerEdit::Tags(by_name(tags, &ids)), changes);
    };
    view! {
        <ScheduleChooser id="one-schedule" chosen=schedule choose=choose_schedule title=schedule_title />
        <TodoChooser id="one-todo" chosen=todo choose=choose_todo title=todo_title />
        <TagChooser chosen=tags choose=choose_tags />
    }
    .into_any()
}

fn find_schedule(links: &Links, id: Option<ScheduleId>) -> Option<(ScheduleId, String)> {
    let found = links.schedules.iter().find(|link| Some(link.id) == id)?;
    Some((found.id, found.title.clone()))
}

fn find_todo(links: &Links, id: Option<TodoId>) -> Option<(TodoId, String)> {
    let found = links.todos.iter().find(|link| Some(link.id) == id)?;
    Some((found.id, found.title.clone()))
}

/// The chosen ones of all known tags, by name as the server orders them.
fn by_name(mut known: Vec<TagLink>, chosen: &[TagId]) -> Vec<TagLink> {
    known.retain(|tag| chosen.contains(&tag.id));
    known.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    known.dedup_by_key(|tag| tag.id);
    known
}
