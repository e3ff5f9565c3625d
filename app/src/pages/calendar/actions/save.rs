//! Writes: what the form says, moved entries, deletions.

use super::Calendar;
use crate::{
    pages::calendar::{
        RULE_CHARS,
        data::{Detail, Entry, Key},
        draft::{Draft, Scope, Times},
        edit::CalendarEdit,
        input,
    },
    writes::{Write, new_id},
};
use leptos::prelude::*;
use protocol::{id::ScheduleId, limits, time::Timestamp};
use serde_json::{Map, Value};

type Body = Map<String, Value>;

impl Calendar {
    /// Saves the form, or says what is missing.
    pub fn save(self) {
        let Some(draft) = self.draft.get_untracked() else {
            return;
        };
        let times = self.data.with_untracked(|data| draft.times(&data.utc_offsets));
        let is_refused = self.preview.with_untracked(|preview| {
            let is_refused = preview.as_ref().is_some_and(|preview| preview.is_refused);
            is_refused && draft.repeat.every.word() != "never"
        });
        let problem = match times {
            _ if draft.title.trim().is_empty() => Some(self.t.no_title),
            None => Some(self.t.no_times),
            _ if is_refused || !draft.repeat.is_complete() => Some(self.t.no_rule),
            _ => None,
        };
        self.problem.set(problem);
        let Some(times) = times.filter(|_| problem.is_none()) else {
            return;
        };
        let (entry, write, edit) = match (&draft.entry, draft.scope) {
            (None, _) => self.created(&draft, times),
            (Some(entry), Scope::Following | Scope::All) if entry.plan.occurrence.is_some() => {
                let Some(change) = self.series_changed(&draft, entry, times) else {
                    self.problem.set(Some(self.t.no_times));
                    return;
                };
                change
            }
            (Some(entry), _) => self.changed(&draft, entry, times),
        };
        self.moved.set(None);
        self.say((self.t.saved)(self.title(&entry), &untrack(|| self.moment(&entry))));
        self.draft.set(None);
        self.set_panel(None);
        self.data.edit(edit, write);
        self.show_day_of(entry.plan.start, entry.plan.all_day);
        self.chosen.set(Some(entry.key()));
        input::focus_entry(entry.key());
    }

    fn created(self, draft: &Draft, times: Times) -> (Entry, Write, CalendarEdit) {
        let id = ScheduleId(new_id());
        let mut body = self.body(draft, times);
        set(&mut body, "id", text(id));
        if draft.all_day {
            set(&mut body, "all_day", Value::Bool(true));
        }
        let rule = self.rule(draft);
        let mut entry = entry(draft, id, times);
        if !rule.is_empty() {
            entry.plan.occurrence = Some(entry.plan.start);
            set(&mut body, "recurrence_rule", text(rule));
        }
        let edit = put(&entry, draft);
        (entry, Write::post("/v1/schedules", &body), edit)
    }

    /// A schedule that does not recur, or one occurrence.
    fn changed(self, draft: &Draft, known: &Entry, times: Times) -> (Entry, Write, CalendarEdit) {
        let key = known.key();
        let mut entry = entry(draft, key.id, times);
        let mut body = self.body(draft, times);
        if key.at.is_some() {
            // What is not changed stays that of the series.
            let has_title = entry.plan.title != known.plan.title;
            body.retain(|name, _| match name.as_str() {
                "tag_ids" | "source_todo_id" => false,
                "title" => has_title,
                _ => true,
            });
        } else {
            set(&mut body, "all_day", Value::Bool(draft.all_day));
            if self.data.with_untracked(|data| draft.changes_rule(&data.utc_offsets)) {
                let rule = self.rule(draft);
                if !rule.is_empty() {
                    entry.plan.occurrence = Some(entry.plan.start);
                }
                set(&mut body, "recurrence_rule", text(rule));
            }
        }
        let edit = put(&entry, draft);
        (entry, Write::patch(path(key, Scope::This), &body), edit)
    }

    /// A series, all of it or from an occurrence on. `None` if its times are not known.
    fn series_changed(self, draft: &Draft, known: &Entry, times: Times) -> Option<(Entry, Write, CalendarEdit)> {
        let (key, detail) = (known.key(), draft.detail.as_ref()?);
        let at = key.at?;
        let later = |from: Timestamp, to: Timestamp| to.millis_since(from);
        // Occurrences keep their wall clock: the series moves by as much as the clock of this one does.
        let (offsets, all_day) = self
            .data
            .with_untracked(|data| (data.utc_offsets.clone(), draft.all_day));
        let times = match draft.scope {
            Scope::All if all_day => {
                let start = detail.start.plus_millis(later(at, times.0));
                (start, start.plus_millis(later(times.0, times.1)))
            }
            Scope::All => {
                let shift = offsets.local_millis(times.0) - offsets.local_millis(at);
                let start = offsets.instant(offsets.local_millis(detail.start) + shift);
                (start, start.plus_millis(later(times.0, times.1)))
            }
            _ => times,
        };
        let mut draft = draft.clone();
        let was = offsets.wall_clock(at).day();
        let is_changed = draft.changes_rule(&offsets);
        if let Some(day) = draft.start_day().filter(|day| !is_changed && !all_day && *day != was) {
            draft.repeat.follow(was, day);
        }
        let mut body = self.body(&draft, times);
        if is_changed || draft.changes_rule(&offsets) {
            set(&mut body, "recurrence_rule", text(self.rule(&draft)));
            // The end is that of the new rule.
            set(&mut body, "recurrence_end", Value::Null);
        }
        if draft.scope == Scope::All {
            set(&mut body, "all_day", Value::Bool(draft.all_day));
        }
        let shown = draft.times(&offsets)?;
        let edit = CalendarEdit::Series {
            id: key.id,
            from: (draft.scope == Scope::Following).then_some(at),
            title: draft.title.trim().to_owned(),
            later: later(at, shown.0),
            length: later(shown.0, shown.1),
        };
        let entry = entry(&draft, key.id, shown);
        Some((entry, Write::patch(path(key, draft.scope), &body), edit))
    }

    /// The members of a body that all changes have.
    fn body(self, draft: &Draft, times: Times) -> Body {
        let mut body = Body::new();
        let title: String = draft.title.trim().chars().take(limits::TITLE_CHARS).collect();
        set(&mut body, "title", text(title));
        set_times(&mut body, draft.all_day, times);
        // Without the detail the form does not know these.
        if draft.detail.is_some() || draft.entry.is_none() {
            let description: String = draft.description.chars().take(limits::DESCRIPTION_CHARS).collect();
            let is_kept = draft
                .detail
                .as_ref()
                .is_some_and(|detail| detail.description == description);
            if !is_kept {
                let description = match description.trim() {
                    "" => Value::Null,
                    _ => text(&description),
                };
                set(&mut body, "description", description);
            }
            set(&mut body, "tag_ids", draft.tags.iter().map(text).collect());
            let known = draft.detail.as_ref().and_then(|detail| detail.todo.as_ref());
            if known.map(|(id, _)| id.0) != draft.todo {
                set(&mut body, "source_todo_id", draft.todo.map_or(Value::Null, text));
            }
        }
        body
    }

    fn rule(self, draft: &Draft) -> String {
        let rule = self.data.with_untracked(|data| draft.rule(data.zone.as_deref()));
        rule.chars().take(RULE_CHARS).collect()
    }

    /// Sends the times of an entry that was moved.
    pub(super) fn put_times(self, entry: &Entry) {
        let mut body = Body::new();
        let plan = &entry.plan;
        set_times(&mut body, plan.all_day, (plan.start, plan.end));
        let edit = CalendarEdit::Put {
            entry: entry.clone(),
            description: None,
            tags: None,
        };
        self.data
            .edit(edit, Write::patch(path(entry.key(), Scope::This), &body));
    }

    /// Deletes an entry, or of a series as much as the scope says; for some seconds that can be undone.
    pub fn remove(self, key: Key, scope: Scope) {
        let Some(entry) = self.entry(key).filter(|entry| !entry.plan.is_shared) else {
            return;
        };
        let next = self.beside(key, 1).or_else(|| self.beside(key, -1));
        let edit = match (scope, key.at) {
            (Scope::Following, Some(at)) => CalendarEdit::RemoveSeries(key.id, Some(at)),
            (Scope::All, Some(_)) => CalendarEdit::RemoveSeries(key.id, None),
            _ => CalendarEdit::Remove(key),
        };
        let sentence = match (scope, key.at) {
            (Scope::Following | Scope::All, Some(_)) => (self.t.deleted_series)(self.title(&entry)),
            _ => (self.t.deleted)(self.title(&entry)),
        };
        self.draft.set(None);
        self.moved.set(None);
        self.set_panel(None);
        self.data.edit(edit, Write::delete(path(key, scope)).undoable(sentence));
        if let Some(next) = next {
            self.focus(next);
        }
    }
}

fn entry(draft: &Draft, id: ScheduleId, times: Times) -> Entry {
    Entry {
        plan: draft.planned(id, times),
        waits: true,
    }
}

fn put(entry: &Entry, draft: &Draft) -> CalendarEdit {
    let knows = |_: &Detail| (draft.description.clone(), draft.tags.clone());
    let (description, tags) = draft.detail.as_ref().map(knows).unzip();
    CalendarEdit::Put {
        entry: entry.clone(),
        description,
        tags,
    }
}

/// The path of a change: of one occurrence, of it and those after it, or of the schedule.
fn path(key: Key, scope: Scope) -> String {
    let Key { id, at } = key;
    match at.map(seconds_of) {
        Some(at) if scope == Scope::This => format!("/v1/schedules/{id}?instance_start={at}"),
        Some(at) if scope == Scope::Following => format!("/v1/schedules/{id}?instance_start={at}&following=true"),
        _ => format!("/v1/schedules/{id}"),
    }
}

fn set_times(body: &mut Body, all_day: bool, (start, end): Times) {
    match all_day {
        true => {
            let date = |instant: Timestamp| {
                let day = crate::local_time::day_of_millis(instant.millis());
                text(crate::pages::calendar::query::iso_date(day))
            };
            set(body, "start_date", date(start));
            set(body, "end_date", date(end));
        }
        false => {
            set(body, "start_time", Value::from(seconds_of(start)));
            set(body, "end_time", Value::from(seconds_of(end)));
        }
    }
}

fn set(body: &mut Body, name: &str, value: Value) {
    body.insert(name.to_owned(), value);
}

fn text(value: impl ToString) -> Value {
    Value::String(value.to_string())
}

/// Unix seconds (contract, REST 4.2).
fn seconds_of(instant: Timestamp) -> i64 {
    instant.millis().div_euclid(1_000)
}
