//! Tags in groups, some of which have goals.

use super::{Amounts, DAY_MILLIS, DAYS, random::Random, words};
use crate::store::{Conn, StoreError, tag_groups, tags};
use protocol::{
    id::{TagGroupId, TagId, UserId},
    tag::{GoalRatios, Tag, TagGroup},
    time::Timestamp,
};
use serde_json::Number;
use uuid::Uuid;

/// A group and its tags.
pub struct Group {
    pub id: TagGroupId,
    pub tags: Vec<TagId>,
}

/// Writes them.
///
/// # Errors
/// [`StoreError`].
pub async fn write(
    conn: &mut Conn,
    user: &UserId,
    amounts: Amounts,
    random: &mut Random,
    now: Timestamp,
) -> Result<Vec<Group>, StoreError> {
    let created_at = now.plus_millis(-DAYS * DAY_MILLIS);
    let each = amounts.tags / amounts.tag_groups;
    let mut groups = Vec::new();
    for number in 0..amounts.tag_groups {
        let id = TagGroupId(Uuid::now_v7());
        let color = words::color(number);
        tag_groups::insert(
            conn,
            &TagGroup {
                id,
                owner_id: user.clone(),
                name: words::group(number),
                color,
                description: words::description(random),
                goal_ratios: random.percent(60).then(|| goals(each, random)),
                created_at,
                updated_at: created_at,
            },
        )
        .await?;
        let mut group = Group { id, tags: Vec::new() };
        for place in 0..each {
            let tag = Tag {
                id: TagId(Uuid::now_v7()),
                owner_id: user.clone(),
                group_id: id,
                name: words::tag(place),
                color: words::color(number + place),
                description: words::description(random),
                created_at,
                updated_at: created_at,
            };
            tags::insert(conn, &tag).await?;
            group.tags.push(tag.id);
        }
        groups.push(group);
    }
    Ok(groups)
}

/// The shares that the first three tags of a group should have.
fn goals(tags: usize, random: &mut Random) -> GoalRatios {
    let share = |random: &mut Random| Number::from_f64(random.number(1..7) as f64 / 20.0);
    let goal = |place: usize| Some((words::tag(place), share(random)?));
    (0..tags.min(3)).filter_map(goal).collect()
}
