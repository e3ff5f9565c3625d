//! Completes the title of a new timer: with what was done before, with todos and schedules, and with tags after `#`.

use crate::links::Links;
use protocol::id::{ScheduleId, TagId, TodoId};

/// The maximum number of suggestions.
const MAX_SUGGESTIONS: usize = 7;

/// What a title can be completed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suggestion {
    /// A title of before, with its length in seconds.
    Recent(String, i64),
    Todo(TodoId, String),
    Schedule(ScheduleId, String),
    /// A tag instead of the word that is typed.
    Tag(TagId, String),
}

impl Suggestion {
    /// The name that is shown.
    pub fn name(&self) -> &str {
        match self {
            Self::Recent(name, _) | Self::Todo(_, name) | Self::Schedule(_, name) | Self::Tag(_, name) => name,
        }
    }

    /// The typed text, completed.
    pub fn complete(&self, typed: &str) -> String {
        let tags = typed.split_whitespace().filter(|word| word.starts_with('#'));
        match self {
            Self::Tag(_, name) => {
                let before = &typed[..typed.len() - last_word(typed).len()];
                // A name with a space is written with hyphens, which `tags_of` understands.
                format!("{before}#{} ", hyphened(name))
            }
            _ => tags.fold(self.name().to_owned(), |title, tag| format!("{title} {tag}")),
        }
    }
}

/// The suggestions for a typed text. `recent` are titles with their lengths, the latest first.
pub fn suggestions(typed: &str, links: &Links, recent: &[(String, i64)]) -> Vec<Suggestion> {
    if let Some(start) = last_word(typed).strip_prefix('#') {
        let start = start.to_lowercase();
        let tags = links.tags.iter().filter(|tag| hyphened(&tag.name).contains(&start));
        let tags = tags.map(|tag| Suggestion::Tag(tag.id, tag.name.clone()));
        return tags.take(MAX_SUGGESTIONS).collect();
    }
    let title = split_tags(typed, links).0.to_lowercase();
    let fits = |name: &str| {
        let name = name.to_lowercase();
        name != title && title.split_whitespace().all(|word| name.contains(word))
    };
    let schedules = links
        .schedules
        .iter()
        .filter(|schedule| schedule.open && fits(&schedule.title));
    let todos = links.todos.iter().filter(|todo| todo.open && fits(&todo.title));
    let recent = recent.iter().filter(|(name, _)| fits(name));
    recent
        .take(3)
        .map(|(name, seconds)| Suggestion::Recent(name.clone(), *seconds))
        .chain(todos.take(3).map(|todo| Suggestion::Todo(todo.id, todo.title.clone())))
        .chain(schedules.map(|schedule| Suggestion::Schedule(schedule.id, schedule.title.clone())))
        .take(MAX_SUGGESTIONS)
        .collect()
}

/// The title without the tags in it, and the tags. A `#` before an unknown name is a part of the title. Without tags the
/// title is as it was typed.
pub fn split_tags(typed: &str, links: &Links) -> (String, Vec<TagId>) {
    let (mut words, mut tags) = (Vec::new(), Vec::new());
    for word in typed.split_whitespace() {
        let name = word.strip_prefix('#').map(str::to_lowercase);
        let tag = name.and_then(|name| links.tags.iter().find(|tag| hyphened(&tag.name) == name));
        match tag {
            Some(tag) if !tags.contains(&tag.id) => tags.push(tag.id),
            Some(_) => {}
            None => words.push(word),
        }
    }
    let title = match tags.is_empty() {
        true => typed.trim().to_owned(),
        false => words.join(" "),
    };
    (title, tags)
}

fn last_word(typed: &str) -> &str {
    typed.rsplit(char::is_whitespace).next().unwrap_or_default()
}

/// A tag's name as it is typed: in lower case, with hyphens for spaces.
fn hyphened(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join("-").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::links::{TagLink, TodoLink};
    use uuid::Uuid;

    fn links() -> Links {
        let tag = |id, name: &str| TagLink {
            id: TagId(Uuid::from_u128(id)),
            name: name.into(),
            color: "#2E7D32".into(),
        };
        let todo = |id, title: &str, open| TodoLink {
            id: TodoId(Uuid::from_u128(id)),
            title: title.into(),
            open,
        };
        Links {
            tags: vec![tag(1, "Deep Work"), tag(2, "집")],
            todos: vec![todo(3, "Write report", true), todo(4, "Write letter", false)],
            ..Links::default()
        }
    }

    fn names(typed: &str) -> Vec<String> {
        let recent = [("Writing hour".to_owned(), 1_500), ("Tea".to_owned(), 300)];
        let found = suggestions(typed, &links(), &recent);
        found.iter().map(|found| found.name().to_owned()).collect()
    }

    #[test]
    fn titles_are_completed_by_what_is_known() {
        assert_eq!(
            names("wri"),
            ["Writing hour", "Write report"],
            "done todos are left out"
        );
        assert_eq!(names("report write"), ["Write report"]);
        assert_eq!(names("tea"), Vec::<String>::new(), "nothing is left to complete");
        assert_eq!(names("").len(), 3);
    }

    #[test]
    fn tags_are_completed_after_a_number_sign() {
        assert_eq!(names("Write #de"), ["Deep Work"]);
        assert_eq!(names("#"), ["Deep Work", "집"]);
        let tag = &suggestions("Write #de", &links(), &[])[0];
        assert_eq!(tag.complete("Write #de"), "Write #deep-work ");
    }

    #[test]
    fn a_completed_title_keeps_its_tags() {
        let todo = Suggestion::Todo(TodoId(Uuid::nil()), "Write report".into());
        assert_eq!(todo.complete("wri #집"), "Write report #집");
    }

    #[test]
    fn known_tags_are_taken_out_of_the_title() {
        let (title, tags) = split_tags(" Write #DEEP-work  it #집 #집 #unknown ", &links());
        assert_eq!(title, "Write it #unknown");
        assert_eq!(tags, [TagId(Uuid::from_u128(1)), TagId(Uuid::from_u128(2))]);
    }

    #[test]
    fn a_title_without_tags_stays_as_it_was_typed() {
        let typed = "two  spaces,\u{2028}a line separator and #unknown";
        assert_eq!(split_tags(typed, &links()), (typed.to_owned(), Vec::new()));
    }
}
