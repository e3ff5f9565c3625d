//! Time by tags, and the progress towards the goals of their groups.

use super::Tags;
use crate::{
    clock,
    service::Refusal,
    store::{Conn, StoreError, tag_groups, tags, timer_totals},
};
use protocol::{
    id::{TagGroupId, TagId, UserId},
    rest::{TagGroupTime, TagTimes},
    tag::{TagTime, tag_times},
    time::{DayRange, Timestamp, Zone},
};
use std::collections::HashMap;

impl Tags {
    /// The time of a user's timers that started first on one of the days, by tag. Three statements.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub async fn times(&self, owner: &UserId, days: &DayRange, zone: Option<&Zone>) -> Result<TagTimes, Refusal> {
        let (instants, now) = (days.instants(zone), clock::now());
        let times = self
            .store
            .read_for(owner, async |conn| times(conn, owner, instants, now).await)
            .await;
        Ok(times?)
    }
}

async fn times(
    conn: &mut Conn,
    owner: &UserId,
    instants: (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<TagTimes, StoreError> {
    let seconds = timer_totals::by_tag(conn, owner, instants, now).await?;
    let mut by_group: HashMap<TagGroupId, Vec<(TagId, String)>> = HashMap::new();
    for tag in tags::names(conn, owner).await? {
        by_group.entry(tag.group_id).or_default().push((tag.id, tag.name));
    }
    let groups = tag_groups::goals(conn, owner)
        .await?
        .into_iter()
        .filter_map(|(id, goals)| {
            let tags = by_group.remove(&id)?;
            let spent = |tag: &TagId| seconds.get(tag).copied().unwrap_or_default();
            let measured = tags.iter().map(|(tag, name)| (*tag, name.as_str(), spent(tag)));
            let measured: Vec<(TagId, &str, i64)> = measured.collect();
            let mut times = tag_times(goals.as_ref(), &measured);
            times.retain(|time: &TagTime| time.seconds > 0 || time.goal.is_some());
            (!times.is_empty()).then(|| TagGroupTime {
                group_id: id,
                seconds: times.iter().map(|time| time.seconds).sum(),
                tags: times,
            })
        });
    Ok(TagTimes {
        groups: groups.collect(),
    })
}
