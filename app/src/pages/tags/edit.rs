//! Changes that are made on the tags page.

use super::data::{Goal, Group, TagItem, TagsData};
use crate::page::Edit;
use protocol::id::{TagGroupId, TagId};
use serde::{Deserialize, Serialize};

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TagsEdit {
    /// A new group, or another name or colour of one.
    Group {
        id: TagGroupId,
        name: String,
        color: String,
    },
    /// A new tag, or another name or colour of one.
    Tag {
        group: TagGroupId,
        id: TagId,
        name: String,
        color: String,
    },
    /// A tag's goal in percent.
    Goal {
        group: TagGroupId,
        id: TagId,
        percent: Option<u8>,
    },
    /// A group and all that goes with it.
    RemoveGroup { id: TagGroupId },
    /// A tag; the last one takes its group with it (contract, REST 6.3).
    RemoveTag { group: TagGroupId, id: TagId },
}

impl Edit<TagsData> for TagsEdit {
    fn apply(&self, data: &mut TagsData) {
        match self.clone() {
            Self::Group { id, name, color } => put_group(data, id, name, color),
            Self::RemoveGroup { id } => data.groups.retain(|group| group.id != id),
            Self::Tag { group, id, name, color } => {
                if let Some(group) = group_mut(data, group) {
                    put_tag(group, id, name, color);
                }
            }
            Self::Goal { group, id, percent } => {
                let tag = group_mut(data, group).and_then(|group| group.tags.iter_mut().find(|tag| tag.id == id));
                if let Some(tag) = tag {
                    tag.goal = percent.map(Goal::of_percent);
                    tag.waits = true;
                }
            }
            Self::RemoveTag { group: id, id: tag } => {
                if let Some(group) = group_mut(data, id) {
                    let was_there = group.tags.iter().any(|known| known.id == tag);
                    group.tags.retain(|known| known.id != tag);
                    if was_there && group.count() == 0 {
                        data.groups.retain(|group| group.id != id);
                    }
                }
            }
        }
    }
}

fn group_mut(data: &mut TagsData, id: TagGroupId) -> Option<&mut Group> {
    data.groups.iter_mut().find(|group| group.id == id)
}

fn put_group(data: &mut TagsData, id: TagGroupId, name: String, color: String) {
    match group_mut(data, id) {
        Some(group) => {
            group.name = name;
            group.color = color;
            group.waits = true;
        }
        None => data.groups.push(Group {
            id,
            name,
            color,
            tags: Vec::new(),
            hidden_tags: 0,
            todos: 0,
            seconds: 0,
            other_goals: Vec::new(),
            waits: true,
        }),
    }
    data.groups.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
}

fn put_tag(group: &mut Group, id: TagId, name: String, color: String) {
    match group.tags.iter_mut().find(|tag| tag.id == id) {
        Some(tag) => {
            tag.name = name;
            tag.color = color;
            tag.waits = true;
        }
        None => group.tags.push(TagItem {
            id,
            name,
            color,
            seconds: 0,
            goal: None,
            waits: true,
        }),
    }
    group.tags.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn group(id: u128) -> TagGroupId {
        TagGroupId(Uuid::from_u128(id))
    }

    fn tag(id: u128) -> TagId {
        TagId(Uuid::from_u128(id))
    }

    fn put(group_id: u128, id: u128, name: &str) -> TagsEdit {
        TagsEdit::Tag {
            group: group(group_id),
            id: tag(id),
            name: name.into(),
            color: "#3F9142".into(),
        }
    }

    fn put_group(id: u128, name: &str) -> TagsEdit {
        TagsEdit::Group {
            id: group(id),
            name: name.into(),
            color: "#3F9142".into(),
        }
    }

    fn applied(edits: &[TagsEdit]) -> TagsData {
        let mut data = TagsData::default();
        edits.iter().for_each(|edit| edit.apply(&mut data));
        data
    }

    fn names(data: &TagsData) -> Vec<String> {
        let names = |group: &Group| {
            let tags: Vec<&str> = group.tags.iter().map(|tag| tag.name.as_str()).collect();
            format!("{}: {}", group.name, tags.join(" "))
        };
        data.groups.iter().map(names).collect()
    }

    #[test]
    fn new_and_renamed_things_are_in_the_order_of_their_names() {
        let edits = [
            put_group(1, "Work"),
            put_group(2, "Home"),
            put(1, 3, "mail"),
            put(1, 4, "deep"),
        ];
        let data = applied(&edits);
        assert_eq!(names(&data), ["Home: ", "Work: deep mail"]);
        assert!(data.groups[1].waits && data.groups[1].tags[0].waits);
        let renamed = applied(&[&edits[..], &[put(1, 4, "the deep"), put_group(2, "Zoo")]].concat());
        assert_eq!(names(&renamed), ["Work: mail the deep", "Zoo: "]);
    }

    #[test]
    fn the_last_tag_takes_its_group_with_it() {
        let edits = [put_group(1, "Work"), put(1, 3, "mail"), put(1, 4, "deep")];
        let remove = |id| TagsEdit::RemoveTag {
            group: group(1),
            id: tag(id),
        };
        assert_eq!(names(&applied(&[&edits[..], &[remove(3)]].concat())), ["Work: deep"]);
        assert!(
            applied(&[&edits[..], &[remove(3), remove(4)]].concat())
                .groups
                .is_empty()
        );
        let unknown = applied(&[put_group(1, "Work"), remove(9)]);
        assert_eq!(names(&unknown), ["Work: "], "a group that never had tags stays");
    }

    #[test]
    fn a_group_with_tags_that_are_not_shown_stays() {
        let mut data = applied(&[put_group(1, "Work"), put(1, 3, "mail")]);
        data.groups[0].hidden_tags = 1;
        let remove = TagsEdit::RemoveTag {
            group: group(1),
            id: tag(3),
        };
        remove.apply(&mut data);
        assert_eq!(names(&data), ["Work: "]);
    }

    #[test]
    fn changes_of_what_is_gone_change_nothing() {
        let goal = TagsEdit::Goal {
            group: group(1),
            id: tag(3),
            percent: Some(40),
        };
        assert_eq!(applied(&[put(1, 3, "mail"), goal.clone()]), TagsData::default());
        let there = applied(&[put_group(1, "Work"), put(1, 3, "mail"), goal]);
        assert_eq!(there.groups[0].tags[0].goal, Some(Goal::of_percent(40)));
    }
}
