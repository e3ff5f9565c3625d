//! Groups of tags.

use super::Tags;
use crate::{
    clock,
    service::{
        Refusal,
        delivery::{Told, write_and_tell},
        quotas::QuotaCheck,
        removal,
    },
    store::{Conn, tag_groups, tags},
};
use futures_util::FutureExt;
use protocol::{
    id::{TagGroupId, UserId},
    tag::{GoalRatios, Tag, TagGroup},
    time::Timestamp,
};
use std::collections::HashMap;
use uuid::Uuid;

/// What a group is made from.
#[derive(Clone, Debug, Default)]
pub struct NewGroup {
    /// What it is called.
    pub name: String,
    /// As [`protocol::tag::color`] gives it.
    pub color: String,
    /// More about it.
    pub description: Option<String>,
    /// The owner's goals.
    pub goal_ratios: Option<GoalRatios>,
}

/// Changes to a group (contract, REST 4.7): `None` leaves a field, `Some(None)` clears it.
#[derive(Clone, Debug, Default)]
pub struct GroupPatch {
    /// What it is called.
    pub name: Option<String>,
    /// Its colour.
    pub color: Option<String>,
    /// More about it.
    pub description: Option<Option<String>>,
    /// The owner's goals.
    pub goal_ratios: Option<Option<GoalRatios>>,
}

impl Tags {
    /// Makes a group.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub async fn create_group(&self, owner: UserId, new: NewGroup) -> Result<TagGroup, Refusal> {
        let now = clock::now();
        let group = TagGroup {
            id: TagGroupId(Uuid::now_v7()),
            owner_id: owner,
            name: new.name,
            color: new.color,
            description: new.description,
            goal_ratios: new.goal_ratios,
            created_at: now,
            updated_at: now,
        };
        let quotas = self.store.quotas();
        self.store
            .writer()
            .write(move |conn| {
                async move {
                    let check = QuotaCheck::begin(conn, quotas, &group.owner_id).await?;
                    tag_groups::insert(conn, &group).await?;
                    check.end::<Refusal>(conn).await?;
                    Ok(group)
                }
                .boxed()
            })
            .await
    }

    /// A user's groups with their tags, both ordered by name.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub async fn groups(&self, owner: &UserId) -> Result<Vec<(TagGroup, Vec<Tag>)>, Refusal> {
        self.store
            .read_for(owner, async |conn| {
                let mut by_group: HashMap<TagGroupId, Vec<Tag>> = HashMap::new();
                for tag in tags::list(conn, owner).await? {
                    by_group.entry(tag.group_id).or_default().push(tag);
                }
                let groups = tag_groups::list(conn, owner).await?;
                let with_tags = |group: TagGroup| {
                    let tags = by_group.remove(&group.id).unwrap_or_default();
                    (group, tags)
                };
                Ok(groups.into_iter().map(with_tags).collect())
            })
            .await
    }

    /// One group with its tags.
    ///
    /// # Errors
    /// [`Refusal::TagGroupNotFound`].
    pub async fn group(&self, owner: &UserId, id: TagGroupId) -> Result<(TagGroup, Vec<Tag>), Refusal> {
        self.store
            .read_for(owner, async |conn| {
                let group = own_group(conn, owner, id).await?;
                Ok((group, tags::of_group(conn, id).await?))
            })
            .await
    }

    /// Changes a group.
    ///
    /// # Errors
    /// [`Refusal::TagGroupNotFound`].
    pub async fn patch_group(&self, owner: UserId, id: TagGroupId, patch: GroupPatch) -> Result<TagGroup, Refusal> {
        let (now, quotas) = (clock::now(), self.store.quotas());
        self.store
            .writer()
            .write(move |conn| {
                async move {
                    let group = own_group(conn, &owner, id).await?;
                    let patched = patched(&group, patch, now);
                    if patched != group {
                        let check = QuotaCheck::begin(conn, quotas, &owner).await?;
                        tag_groups::update(conn, &patched).await?;
                        check.end::<Refusal>(conn).await?;
                    }
                    Ok(patched)
                }
                .boxed()
            })
            .await
    }

    /// Removes a group with all that is in it.
    ///
    /// # Errors
    /// [`Refusal::TagGroupNotFound`].
    pub async fn delete_group(&self, owner: UserId, id: TagGroupId) -> Result<(), Refusal> {
        let now = clock::now();
        write_and_tell(&self.store, self.hub.clone(), owner.clone(), move |conn| {
            async move {
                own_group(conn, &owner, id).await?;
                let events = removal::remove_group(conn, &owner, id, now).await?;
                Ok::<_, Refusal>(Told { value: (), events })
            }
            .boxed()
        })
        .await
    }
}

/// A user's group.
///
/// # Errors
/// [`Refusal::TagGroupNotFound`], also where it is somebody else's.
pub async fn own_group(conn: &mut Conn, owner: &UserId, id: TagGroupId) -> Result<TagGroup, Refusal> {
    let group = tag_groups::find(conn, owner, id).await?;
    group.ok_or(Refusal::TagGroupNotFound(id))
}

fn patched(group: &TagGroup, patch: GroupPatch, now: Timestamp) -> TagGroup {
    let mut next = TagGroup {
        name: patch.name.unwrap_or_else(|| group.name.clone()),
        color: patch.color.unwrap_or_else(|| group.color.clone()),
        description: patch.description.unwrap_or_else(|| group.description.clone()),
        goal_ratios: patch.goal_ratios.unwrap_or_else(|| group.goal_ratios.clone()),
        ..group.clone()
    };
    if next != *group {
        next.updated_at = now.max(group.updated_at);
    }
    next
}
