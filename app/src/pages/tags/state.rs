//! What the page's parts share: the data, what is being edited, and the changes.

use super::{
    data::{Group, TagItem, TagsData},
    edit::TagsEdit,
    palette::next_color,
};
use crate::{
    components::focus_soon,
    locale::Locale,
    page::{Edit, PageData},
    texts::TagsTexts,
    writes::{Write, new_id},
};
use leptos::prelude::*;
use protocol::id::{TagGroupId, TagId};
use serde::Serialize;
use uuid::Uuid;

/// What is edited; one thing at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    NewGroup,
    Group(TagGroupId),
    Tag(TagId),
}

/// The fields of an editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub name: String,
    pub color: String,
    /// The goal of a tag in percent.
    pub goal: Option<u8>,
}

/// The page's state, as a context.
#[derive(Clone, Copy)]
pub struct TagsState {
    pub data: PageData<TagsData, TagsEdit>,
    locale: Locale,
    target: RwSignal<Option<Target>>,
    /// The tag that the tab key reaches in its group.
    pub current: RwSignal<Option<TagId>>,
}

/// The members of the requests that create and change groups and tags.
#[derive(Serialize)]
struct Body<'d> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_id: Option<TagGroupId>,
    name: &'d str,
    color: &'d str,
}

impl TagsState {
    pub fn new(data: PageData<TagsData, TagsEdit>) -> Self {
        Self {
            data,
            locale: Locale::current(),
            target: RwSignal::new(None),
            current: RwSignal::new(None),
        }
    }

    pub fn is_open(self, target: Target) -> bool {
        self.target.get() == Some(target)
    }

    pub fn open(self, target: Target) {
        self.target.set(Some(target));
    }

    /// Closes the editor. The focus goes to what opened it.
    pub fn close(self, opener: &str) {
        self.target.set(None);
        focus_soon(opener.to_owned());
    }

    /// The fields of a new group.
    pub fn new_draft(self) -> Draft {
        let count = self.data.with_untracked(|data| data.groups.len());
        Draft {
            name: String::new(),
            color: next_color(count).to_owned(),
            goal: None,
        }
    }

    /// Creates a group, and begins its first tag.
    pub fn create_group(self, draft: Draft) {
        let id = TagGroupId(new_id());
        let body = Body {
            id: Some(id.0),
            group_id: None,
            name: &draft.name,
            color: &draft.color,
        };
        let write = Write::post("/v1/tags/groups", &body);
        let Draft { name, color, .. } = draft;
        self.data.edit(TagsEdit::Group { id, name, color }, write);
        self.close(&add_id(id));
    }

    /// Changes a group.
    pub fn save_group(self, id: TagGroupId, draft: Draft) {
        self.close(&group_id(id));
        let body = Body {
            id: None,
            group_id: None,
            name: &draft.name,
            color: &draft.color,
        };
        let write = Write::patch(format!("/v1/tags/groups/{id}"), &body);
        let Draft { name, color, .. } = draft;
        self.data.edit(TagsEdit::Group { id, name, color }, write);
    }

    /// Creates a tag with the next colour.
    pub fn create_tag(self, group: TagGroupId, name: String) {
        let id = TagId(new_id());
        let count = self
            .data
            .with_untracked(|data| data.group(group).map_or(0, Group::count));
        let color = next_color(count);
        let body = Body {
            id: Some(id.0),
            group_id: Some(group),
            name: &name,
            color,
        };
        let write = Write::post("/v1/tags", &body);
        let color = color.to_owned();
        self.data.edit(TagsEdit::Tag { group, id, name, color }, write);
    }

    /// Changes a tag and its goal.
    pub fn save_tag(self, group: TagGroupId, before: &TagItem, draft: Draft) {
        let id = before.id;
        self.close(&tag_id(id));
        if (&before.name, &before.color) != (&draft.name, &draft.color) {
            let body = Body {
                id: None,
                group_id: None,
                name: &draft.name,
                color: &draft.color,
            };
            let write = Write::patch(format!("/v1/tags/{id}"), &body);
            let (name, color) = (draft.name, draft.color);
            self.data.edit(TagsEdit::Tag { group, id, name, color }, write);
        }
        let percent = draft.goal;
        if before.goal.as_ref().map(|goal| goal.percent) != percent {
            let edit = TagsEdit::Goal { group, id, percent };
            let mut data = self.data.with_untracked(TagsData::clone);
            edit.apply(&mut data);
            if let Some(changed) = data.group(group) {
                let body = Some(changed.goals_body());
                let path = format!("/v1/tags/groups/{group}");
                self.data.edit(
                    edit,
                    Write {
                        body,
                        ..Write::patch(path, &())
                    },
                );
            }
        }
    }

    /// Deletes a group and what goes with it.
    pub fn remove_group(self, id: TagGroupId) {
        let t = self.locale.texts::<TagsTexts>();
        let sentence = self.data.with_untracked(|data| {
            let group = data.group(id)?;
            Some((t.deleted_group)(&group.name, group.count(), group.todos))
        });
        if let Some(sentence) = sentence {
            self.close("tags-new");
            let write = Write::delete(format!("/v1/tags/groups/{id}")).undoable(sentence);
            self.data.edit(TagsEdit::RemoveGroup { id }, write);
        }
    }

    /// Deletes a tag; the last one takes its group with it.
    pub fn remove_tag(self, group: TagGroupId, id: TagId) {
        let t = self.locale.texts::<TagsTexts>();
        let found = self.data.with_untracked(|data| {
            let (of, tag) = (data.group(group)?, data.tag(group, id)?);
            let is_last = of.count() == 1;
            let sentence = match is_last {
                true => (t.deleted_last)(&tag.name, &of.name, of.todos),
                false => (t.deleted_tag)(&tag.name),
            };
            let index = of.tags.iter().position(|tag| tag.id == id)?;
            let neighbour = of.tags.get(index + 1).or_else(|| of.tags.get(index.checked_sub(1)?));
            let focus = match neighbour {
                Some(tag) => tag_id(tag.id),
                None if is_last => "tags-new".to_owned(),
                None => add_id(group),
            };
            Some((sentence, focus))
        });
        if let Some((sentence, focus)) = found {
            let write = Write::delete(format!("/v1/tags/{id}")).undoable(sentence);
            self.data.edit(TagsEdit::RemoveTag { group, id }, write);
            self.close(&focus);
        }
    }

    /// Whether another tag of the group has this name, which the server would refuse.
    pub fn is_taken(self, group: TagGroupId, except: Option<TagId>, name: &str) -> bool {
        self.data.with_untracked(|data| {
            let group = data.group(group);
            group.is_some_and(|group| group.tags.iter().any(|tag| Some(tag.id) != except && tag.name == name))
        })
    }
}

/// The ids of the elements that open editors, and of a group's field for new tags.
pub fn group_id(id: TagGroupId) -> String {
    format!("group-{id}")
}

pub fn tag_id(id: TagId) -> String {
    format!("tag-{id}")
}

pub fn add_id(group: TagGroupId) -> String {
    format!("add-{group}")
}
