//! The data of the tags page.

use super::day;
use crate::{
    clock,
    paging::{Listed, NameKey, PageRequest, decode_cursor, encode_cursor},
    service::{Refusal, tags::GroupWithTags},
    state::AppState,
};
use app::{
    backend::BackendError,
    pages::tags::{Goal, Group, TagItem, TagsData, TagsQuery},
};
use chrono::{Datelike, Days, NaiveDate};
use http::request::Parts;
use protocol::{
    id::{TagGroupId, UserId},
    limits,
    rest::TagGroupTime,
    tag::{GoalRatios, Tag},
    time::DayRange,
};
use std::collections::HashMap;

/// The maximum number of groups of a page, and of tags that are shown of each.
const GROUPS: usize = 40;
const TAGS: usize = 60;

/// What is known of all groups.
struct Figures {
    times: HashMap<TagGroupId, TagGroupTime>,
    todos: HashMap<TagGroupId, i64>,
}

pub async fn page(
    state: &AppState,
    owner: &UserId,
    request: &Parts,
    query: TagsQuery,
    week_start: u8,
) -> Result<TagsData, BackendError> {
    let zone = day::zone(&request.headers);
    let today = clock::now().floating(zone.as_ref()).to_utc().date_naive();
    let week = week(today, week_start);
    let times = state.tags.times(owner, &week, zone.as_ref()).await?;
    let figures = Figures {
        times: times.groups.into_iter().map(|group| (group.group_id, group)).collect(),
        todos: state.tags.todos_by_group(owner).await?,
    };
    let (groups, next) = match query.group {
        Some(id) => (single(state, owner, id, &figures).await?, None),
        None => matching(state, owner, &query, &figures).await?,
    };
    Ok(TagsData { groups, next, query })
}

/// The week that a day is in.
fn week(today: NaiveDate, week_start: u8) -> DayRange {
    let passed = (today.weekday().num_days_from_monday() + 7 - u32::from(week_start % 7)) % 7;
    let first = today.checked_sub_days(Days::new(passed.into())).unwrap_or(today);
    let last = first.checked_add_days(Days::new(6)).unwrap_or(today);
    DayRange::newest(Some(first), last)
}

/// One group with all its tags; empty if there is none of this id.
async fn single(
    state: &AppState,
    owner: &UserId,
    id: TagGroupId,
    figures: &Figures,
) -> Result<Vec<Group>, BackendError> {
    match state.tags.group(owner, id).await {
        Ok(found) => Ok(vec![group(found, figures, |_| true, usize::MAX)]),
        Err(Refusal::TagGroupNotFound(_)) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

/// The groups of a page, and the cursor of the next one.
async fn matching(
    state: &AppState,
    owner: &UserId,
    query: &TagsQuery,
    figures: &Figures,
) -> Result<(Vec<Group>, Option<String>), BackendError> {
    let search = query.search.trim().to_lowercase();
    let mut after: Option<NameKey> = query.after.as_deref().and_then(decode_cursor);
    let mut groups = Vec::new();
    loop {
        let request = PageRequest {
            after: after.take(),
            limit: if search.is_empty() { GROUPS } else { limits::PAGE_ITEMS },
            ..PageRequest::default()
        };
        let page = state.tags.groups(owner, &request).await?;
        for found in page.items {
            let key = found.key();
            let is_whole = found.group.name.to_lowercase().contains(&search);
            let passes = |tag: &Tag| is_whole || tag.name.to_lowercase().contains(&search);
            if is_whole || found.tags.iter().any(passes) {
                if groups.len() == GROUPS {
                    return Ok((groups, after.as_ref().map(encode_cursor)));
                }
                groups.push(group(found, figures, passes, TAGS));
            }
            after = Some(key);
        }
        if !page.has_more {
            return Ok((groups, None));
        }
        if groups.len() == GROUPS {
            return Ok((groups, after.as_ref().map(encode_cursor)));
        }
    }
}

/// A group as it is shown, with those of its tags that pass.
fn group(found: GroupWithTags, figures: &Figures, passes: impl Fn(&Tag) -> bool, limit: usize) -> Group {
    let GroupWithTags { group, tags } = found;
    let all = tags.len();
    let time = figures.times.get(&group.id);
    let mut goals = group.goal_ratios.unwrap_or_default();
    let shown = tags.into_iter().filter(passes).take(limit);
    let tags: Vec<TagItem> = shown.map(|tag| item(tag, time, &mut goals)).collect();
    Group {
        id: group.id,
        name: group.name,
        color: group.color,
        hidden_tags: all - tags.len(),
        tags,
        todos: figures.todos.get(&group.id).copied().unwrap_or_default(),
        seconds: time.map_or(0, |time| time.seconds),
        other_goals: goals
            .into_iter()
            .map(|(name, number)| (name, number.to_string()))
            .collect(),
        waits: false,
    }
}

/// A tag as it is shown; its goal is taken out of the group's.
fn item(tag: Tag, time: Option<&TagGroupTime>, goals: &mut GoalRatios) -> TagItem {
    let time = time.and_then(|time| time.tags.iter().find(|time| time.tag_id == tag.id));
    let goal = time.and_then(|time| time.goal).and_then(|share| {
        // The id counts before the name (`protocol::tag::tag_times`).
        let (by_id, by_name) = (goals.remove(&tag.id.to_string()), goals.remove(&tag.name));
        Some(Goal {
            // From 0 to 100.
            percent: (share * 100.0).round() as u8,
            number: by_id.or(by_name)?.to_string(),
        })
    });
    TagItem {
        id: tag.id,
        name: tag.name,
        color: tag.color,
        seconds: time.map_or(0, |time| time.seconds),
        goal,
        waits: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_begins_on_the_readers_first_day() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (today, week_start, first) in [
            ("2026-11-26", 0, "2026-11-23"),
            ("2026-11-23", 0, "2026-11-23"),
            ("2026-11-29", 0, "2026-11-23"),
            ("2026-11-26", 6, "2026-11-22"),
            ("2026-11-22", 6, "2026-11-22"),
            ("2026-11-28", 6, "2026-11-22"),
        ] {
            let week = week(day(today), week_start);
            assert_eq!(week.first(), day(first), "{today} {week_start}");
            assert_eq!(week.last(), day(first) + Days::new(6), "{today} {week_start}");
        }
    }
}
