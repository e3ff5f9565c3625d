//! The data of the tags page.

use protocol::id::{TagGroupId, TagId};
use serde::{Deserialize, Serialize};

/// The groups that are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagsData {
    /// Ordered by name.
    pub groups: Vec<Group>,
    /// The cursor of the groups after these.
    pub next: Option<String>,
    /// The query that selected them.
    pub query: TagsQuery,
}

/// What the page's query asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagsQuery {
    /// Only tags and groups with this in their name (`q`).
    pub search: String,
    /// Only this group, with all its tags (`group`).
    pub group: Option<TagGroupId>,
    /// Only groups after this cursor (`after`).
    pub after: Option<String>,
}

/// A group of tags.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub id: TagGroupId,
    pub name: String,
    /// `#` and three or six hexadecimal digits.
    pub color: String,
    /// The tags that are shown, ordered by name.
    pub tags: Vec<TagItem>,
    /// The number of tags that are not shown.
    pub hidden_tags: usize,
    /// The number of todos, which go with the group.
    pub todos: i64,
    /// This week's time of all its tags, in seconds.
    pub seconds: i64,
    /// The members of `goal_ratios` that are no goals of the tags above: names, and numbers as JSON.
    pub other_goals: Vec<(String, String)>,
    /// Whether a change of it waits for the server.
    #[serde(default)]
    pub waits: bool,
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagItem {
    pub id: TagId,
    pub name: String,
    /// `#` and three or six hexadecimal digits.
    pub color: String,
    /// This week's time in seconds.
    pub seconds: i64,
    pub goal: Option<Goal>,
    /// Whether a change of it waits for the server.
    #[serde(default)]
    pub waits: bool,
}

/// The share of the group's time that a tag should have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goal {
    /// In percent, rounded.
    pub percent: u8,
    /// From 0 to 1, as JSON. Not a number, since the browser would need the code that writes floating-point numbers.
    pub number: String,
}

impl Goal {
    /// A goal of so many percent, at most 100.
    pub fn of_percent(percent: u8) -> Self {
        let percent = percent.min(100);
        Self {
            percent,
            number: format!("{}.{:02}", percent / 100, percent % 100),
        }
    }
}

impl TagsData {
    /// One of the groups.
    pub fn group(&self, id: TagGroupId) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == id)
    }

    /// One of the tags.
    pub fn tag(&self, group: TagGroupId, id: TagId) -> Option<&TagItem> {
        self.group(group)?.tags.iter().find(|tag| tag.id == id)
    }

    /// Whether only some of the groups were asked for.
    pub fn is_filtered(&self) -> bool {
        self.query != TagsQuery::default()
    }
}

impl Group {
    /// The number of all its tags.
    pub fn count(&self) -> usize {
        self.tags.len() + self.hidden_tags
    }

    /// A tag's share of the group's time in percent, rounded down.
    pub fn share(&self, tag: &TagItem) -> i64 {
        match self.seconds {
            ..=0 => 0,
            all => (tag.seconds * 100 / all).clamp(0, 100),
        }
    }

    /// Whether a tag's share is at least its goal.
    pub fn is_reached(&self, tag: &TagItem) -> bool {
        let goal = tag.goal.as_ref().map(|goal| i64::from(goal.percent));
        goal.is_some_and(|percent| self.seconds > 0 && tag.seconds * 100 >= percent * self.seconds)
    }

    /// The sum of the shown tags' goals in percent.
    pub fn goals_percent(&self) -> u32 {
        let goals = self.tags.iter().filter_map(|tag| tag.goal.as_ref());
        goals.map(|goal| u32::from(goal.percent)).sum()
    }

    /// The body of the request that stores the goals. It replaces them all, so it also has those that are not shown.
    pub fn goals_body(&self) -> String {
        let shown = self.tags.iter().filter_map(|tag| {
            let goal = tag.goal.as_ref()?;
            Some((tag.id.to_string(), goal.number.clone()))
        });
        let members: Vec<String> = shown
            .chain(self.other_goals.iter().cloned())
            .map(|(name, number)| format!("{}:{number}", serde_json::Value::from(name)))
            .collect();
        match members.is_empty() {
            true => r#"{"goal_ratios":null}"#.to_owned(),
            false => format!(r#"{{"goal_ratios":{{{}}}}}"#, members.join(",")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn tag(id: u128, seconds: i64, percent: Option<u8>) -> TagItem {
        TagItem {
            id: TagId(Uuid::from_u128(id)),
            name: format!("tag {id}"),
            color: "#3F9142".into(),
            seconds,
            goal: percent.map(Goal::of_percent),
            waits: false,
        }
    }

    fn group(tags: Vec<TagItem>) -> Group {
        Group {
            id: TagGroupId(Uuid::nil()),
            name: "Work".into(),
            color: "#3F9142".into(),
            seconds: tags.iter().map(|tag| tag.seconds).sum(),
            tags,
            hidden_tags: 0,
            todos: 0,
            other_goals: Vec::new(),
            waits: false,
        }
    }

    #[test]
    fn a_goal_is_reached_by_its_share_of_the_groups_time() {
        let group = group(vec![tag(1, 300, Some(75)), tag(2, 100, Some(26)), tag(3, 0, None)]);
        let shares: Vec<i64> = group.tags.iter().map(|tag| group.share(tag)).collect();
        assert_eq!(shares, [75, 25, 0]);
        let reached: Vec<bool> = group.tags.iter().map(|tag| group.is_reached(tag)).collect();
        assert_eq!(reached, [true, false, false]);
        assert_eq!(group.goals_percent(), 101);
    }

    #[test]
    fn a_week_without_time_reaches_no_goal() {
        let group = group(vec![tag(1, 0, Some(0))]);
        assert_eq!(
            (group.share(&group.tags[0]), group.is_reached(&group.tags[0])),
            (0, false)
        );
    }

    #[test]
    fn stored_goals_keep_those_that_are_not_shown() {
        let mut group = group(vec![tag(1, 0, Some(40)), tag(2, 0, None), tag(3, 0, Some(100))]);
        group.other_goals = vec![("a \"b\"".into(), "0.333".into())];
        let body: serde_json::Value = serde_json::from_str(&group.goals_body()).unwrap();
        let expected = serde_json::json!({"goal_ratios": {
            "00000000-0000-0000-0000-000000000001": 0.4,
            "00000000-0000-0000-0000-000000000003": 1.0,
            "a \"b\"": 0.333,
        }});
        assert_eq!(body, expected);
    }

    #[test]
    fn no_goals_are_stored_as_null() {
        assert_eq!(group(vec![tag(1, 0, None)]).goals_body(), r#"{"goal_ratios":null}"#);
    }
}
