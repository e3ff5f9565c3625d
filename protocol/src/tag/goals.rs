//! Progress towards the goals of a tag group. The contract leaves their meaning to clients; here a goal's name is the id
//! or the name of a tag of the group (the id counts if both are there), and its number the share of the group's time that
//! the tag should have, from 0 to 1. Other names and numbers are no goals of a tag.

use super::GoalRatios;
use crate::id::TagId;
use serde::{Deserialize, Serialize};

/// The time of a tag, and its share of the group's.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TagTime {
    /// The tag.
    pub tag_id: TagId,
    /// The elapsed time of its timers in seconds.
    pub seconds: i64,
    /// Its share of the time of the group's tags, 0 to 1; 0 if the group has no time.
    pub share: f64,
    /// The share that it should have, 0 to 1; null without a goal.
    pub goal: Option<f64>,
    /// `share / goal`: 1 when the goal is met exactly, more beyond it; null without a goal or with one of 0.
    pub progress: Option<f64>,
}

/// The times of a group's tags, given as id, name and seconds. The group's time is their sum: a timer with two of the
/// tags counts for each.
pub fn tag_times(goals: Option<&GoalRatios>, tags: &[(TagId, &str, i64)]) -> Vec<TagTime> {
    let total: i64 = tags.iter().map(|(_, _, seconds)| seconds).sum();
    let time = |(tag_id, name, seconds): &(TagId, &str, i64)| {
        // Exact below 2^53 seconds.
        let share = if total > 0 { *seconds as f64 / total as f64 } else { 0.0 };
        let goal = goals.and_then(|goals| goal(goals, *tag_id, name));
        TagTime {
            tag_id: *tag_id,
            seconds: *seconds,
            share,
            goal,
            progress: goal.filter(|goal| *goal > 0.0).map(|goal| share / goal),
        }
    };
    tags.iter().map(time).collect()
}

fn goal(goals: &GoalRatios, id: TagId, name: &str) -> Option<f64> {
    let number = goals.get(&id.to_string()).or_else(|| goals.get(name))?;
    number.as_f64().filter(|share| (0.0..=1.0).contains(share))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use uuid::Uuid;

    fn id(number: u128) -> TagId {
        TagId(Uuid::from_u128(number))
    }

    fn goals(pairs: &[(&str, Value)]) -> GoalRatios {
        let number = |value: &Value| value.as_number().cloned().unwrap();
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), number(value)))
            .collect()
    }

    #[test]
    fn a_goal_is_a_share_under_the_tags_id_or_name() {
        let by_id = id(1).to_string();
        let goals = goals(&[(&by_id, 0.5.into()), ("deep", 0.9.into()), ("회의", 0.25.into())]);
        let times = tag_times(
            Some(&goals),
            &[(id(1), "deep", 300), (id(2), "회의", 100), (id(3), "mail", 0)],
        );
        let figures = |time: &TagTime| (time.seconds, time.share, time.goal, time.progress);
        assert_eq!(
            figures(&times[0]),
            (300, 0.75, Some(0.5), Some(1.5)),
            "the id counts before the name"
        );
        assert_eq!(figures(&times[1]), (100, 0.25, Some(0.25), Some(1.0)));
        assert_eq!(figures(&times[2]), (0, 0.0, None, None));
    }

    #[test]
    fn a_group_without_time_or_goals_has_no_progress() {
        let tags = [(id(1), "deep", 0)];
        let without = tag_times(None, &tags)[0];
        assert_eq!((without.share, without.goal, without.progress), (0.0, None, None));
        let with = tag_times(Some(&goals(&[("deep", 1.into())])), &tags)[0];
        assert_eq!((with.goal, with.progress), (Some(1.0), Some(0.0)));
    }

    #[test]
    fn a_number_that_is_no_share_is_no_goal() {
        let tags = [(id(1), "a", 1), (id(2), "b", 1), (id(3), "c", 1)];
        let times = tag_times(
            Some(&goals(&[("a", 2.into()), ("b", (-0.5).into()), ("c", 0.into())])),
            &tags,
        );
        let goals: Vec<_> = times.iter().map(|time| (time.goal, time.progress)).collect();
        assert_eq!(goals, [(None, None), (None, None), (Some(0.0), None)]);
    }
}
