//! Tag groups.

use super::Tags;
use crate::{
    clock,
    paging::{self, Listed, NameKey, Page, PageRequest},
    service::{Refusal, effects::Effects, quotas::QuotaCheck, removal},
    store::{Conn, tag_groups, tags},
};
use futures_util::FutureExt;
use protocol::{
    id::{TagGroupId, UserId},
    tag::{GoalRatios, Tag, TagGroup},
    time::Timestamp,
    timers::DataKind,
};
use uuid::Uuid;

/// The properties of a new group.
#[derive(Clone, Debug, Default)]
pub struct NewGroup {
    /// The id, if the client chose it; a request that is sent again creates nothing.
    pub id: Option<TagGroupId>,
    pub name: String,
    /// As returned by [`protocol::tag::color`].
    pub color: String,
    pub description: Option<String>,
    /// The owner's goals.
    pub goal_ratios: Option<GoalRatios>,
}

/// A group with its tags, ordered by name.
#[derive(Clone, Debug)]
pub struct GroupWithTags {
    pub group: TagGroup,
    /// Its tags, bounded by [`tags::shown_of_groups`].
    pub tags: Vec<Tag>,
}

impl Listed for GroupWithTags {
    type Key = NameKey;

    fn key(&self) -> NameKey {
        self.group.key()
    }

    fn weigh(&self) -> usize {
        self.group.weigh() + self.tags.iter().map(Listed::weigh).sum::<usize>()
    }
}

/// Changes to a group (contract, REST 4.7): `None` keeps a field, `Some(None)` clears it.
#[derive(Clone, Debug, Default)]
pub struct GroupPatch {
    pub name: Option<String>,
    pub color: Option<String>,
    pub description: Option<Option<String>>,
    /// The owner's goals.
    pub goal_ratios: Option<Option<GoalRatios>>,
}

impl Tags {
    /// Creates a group. An id that one of the user's groups has returns that one.
    ///
    /// # Errors
    /// [`Refusal::IdTaken`].
    pub async fn create_group(&self, owner: UserId, new: NewGroup) -> Result<TagGroup, Refusal> {
        let now = clock::now();
        let group = TagGroup {
            id: new.id.unwrap_or_else(|| TagGroupId(Uuid::now_v7())),
            owner_id: owner,
            name: new.name,
            color: new.color,
            description: new.description,
            goal_ratios: new.goal_ratios,
            created_at: now,
            updated_at: now,
        };
        let quotas = self.store.quotas();
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    if let Some(id) = new.id
                        && let Some(group) = tag_groups::find(conn, &group.owner_id, id).await?
                    {
                        return Ok(Effects::none(group));
                    }
                    let check = QuotaCheck::begin(conn, quotas, &group.owner_id).await?;
                    tag_groups::insert(conn, &group).await.map_err(Refusal::of_insert)?;
                    check.end::<Refusal>(conn).await?;
                    let effects = Effects::none(()).changing(&group.owner_id, &[DataKind::Tags]);
                    Ok(effects.with(group))
                }
                .boxed()
            })
            .await
    }

    /// A page of a user's groups with their tags, both ordered by name.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub async fn groups(&self, owner: &UserId, page: &PageRequest<NameKey>) -> Result<Page<GroupWithTags>, Refusal> {
        self.store
            .read_for(owner, async |conn| {
                let mut room = page.room();
                let groups = tag_groups::list(conn, owner, page.after.as_ref(), &mut room).await?;
                let (has_more, mut room) = (room.is_full(), page.room());
                let mut items = Vec::new();
                for groups in groups.chunks(paging::CHUNK) {
                    let ids: Vec<TagGroupId> = groups.iter().map(|group| group.id).collect();
                    let mut tags = tags::shown_of_groups(conn, &ids).await?;
                    for group in groups {
                        let with_tags = GroupWithTags {
                            group: group.clone(),
                            tags: tags.remove(&group.id).unwrap_or_default(),
                        };
                        if !room.take(with_tags.weigh()) {
                            return Ok(Page { items, has_more: true });
                        }
                        items.push(with_tags);
                    }
                }
                Ok(Page { items, has_more })
            })
            .await
    }

    /// One group with its tags.
    ///
    /// # Errors
    /// [`Refusal::TagGroupNotFound`].
    pub async fn group(&self, owner: &UserId, id: TagGroupId) -> Result<GroupWithTags, Refusal> {
        self.store
            .read_for(owner, async |conn| {
                let group = own_group(conn, owner, id).await?;
                let mut tags = tags::shown_of_groups(conn, &[id]).await?;
                Ok(GroupWithTags {
                    group,
                    tags: tags.remove(&id).unwrap_or_default(),
                })
            })
            .await
    }

    /// Changes a group.
    ///
    /// # Errors
    /// [`Refusal::TagGroupNotFound`].
    pub async fn patch_group(&self, owner: UserId, id: TagGroupId, patch: GroupPatch) -> Result<TagGroup, Refusal> {
        let (now, quotas) = (clock::now(), self.store.quotas());
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    let group = own_group(conn, &owner, id).await?;
                    let patched = patched(&group, patch, now);
                    if patched == group {
                        return Ok(Effects::none(patched));
                    }
                    let check = QuotaCheck::begin(conn, quotas, &owner).await?;
                    tag_groups::update(conn, &patched).await?;
                    check.end::<Refusal>(conn).await?;
                    Ok(Effects::none(patched).changing(&owner, &[DataKind::Tags]))
                }
                .boxed()
            })
            .await
    }

    /// Deletes a group with its tags and todos.
    ///
    /// # Errors
    /// [`Refusal::TagGroupNotFound`].
    pub async fn delete_group(&self, owner: UserId, id: TagGroupId) -> Result<(), Refusal> {
        let now = clock::now();
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    own_group(conn, &owner, id).await?;
                    Ok::<_, Refusal>(removal::remove_group(conn, &owner, id, now).await?)
                }
                .boxed()
            })
            .await
    }
}

/// A user's group.
///
/// # Errors
/// [`Refusal::TagGroupNotFound`], also if it belongs to another user.
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
