//! Tags.

use super::{Tags, groups::own_group};
use crate::{
    clock,
    paging::{NameKey, Page, PageRequest, Room},
    service::{Refusal, effects::Effects, quotas::QuotaCheck, removal},
    store::{Conn, tags, timer_links::DeletionSet},
};
use futures_util::FutureExt;
use protocol::{
    id::{TagGroupId, TagId, UserId},
    tag::Tag,
    timers::DataKind,
};
use uuid::Uuid;

/// The properties of a new tag.
#[derive(Clone, Debug)]
pub struct NewTag {
    /// The id, if the client chose it; a request that is sent again creates nothing.
    pub id: Option<TagId>,
    /// The group; it cannot be changed later.
    pub group_id: TagGroupId,
    pub name: String,
    /// As returned by [`protocol::tag::color`].
    pub color: String,
    pub description: Option<String>,
}

/// Changes to a tag (contract, REST 4.7): `None` keeps a field, `Some(None)` clears it.
#[derive(Clone, Debug, Default)]
pub struct TagPatch {
    pub name: Option<String>,
    pub color: Option<String>,
    pub description: Option<Option<String>>,
}

impl Tags {
    /// Creates a tag in one of the user's groups. An id that one of the user's tags has returns that one.
    ///
    /// # Errors
    /// [`Refusal::TagGroupNotFound`], [`Refusal::DuplicateTagName`], [`Refusal::IdTaken`].
    pub async fn create(&self, owner: UserId, new: NewTag) -> Result<Tag, Refusal> {
        let (now, quotas) = (clock::now(), self.store.quotas());
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    if let Some(id) = new.id
                        && let Some(tag) = tags::find(conn, &owner, id).await?
                    {
                        return Ok(Effects::none(tag));
                    }
                    own_group(conn, &owner, new.group_id).await?;
                    free_name(conn, new.group_id, &new.name).await?;
                    let check = QuotaCheck::begin(conn, quotas, &owner).await?;
                    let tag = Tag {
                        id: new.id.unwrap_or_else(|| TagId(Uuid::now_v7())),
                        owner_id: owner,
                        group_id: new.group_id,
                        name: new.name,
                        color: new.color,
                        description: new.description,
                        created_at: now,
                        updated_at: now,
                    };
                    tags::insert(conn, &tag).await.map_err(Refusal::of_insert)?;
                    check.end::<Refusal>(conn).await?;
                    let effects = Effects::none(()).changing(&tag.owner_id, &[DataKind::Tags]);
                    Ok(effects.with(tag))
                }
                .boxed()
            })
            .await
    }

    /// A page of a user's tags, ordered by name.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub async fn list(&self, owner: &UserId, page: &PageRequest<NameKey>) -> Result<Page<Tag>, Refusal> {
        let read = async |conn: &mut Conn, room: &mut Room| tags::list(conn, owner, page.after.as_ref(), room).await;
        Ok(self.store.page(owner, page, read).await?)
    }

    /// One tag.
    ///
    /// # Errors
    /// [`Refusal::TagNotFound`].
    pub async fn one(&self, owner: &UserId, id: TagId) -> Result<Tag, Refusal> {
        self.store
            .query_for(owner, async |conn| own_tag(conn, owner, id).await)
            .await
    }

    /// Changes a tag.
    ///
    /// # Errors
    /// [`Refusal::TagNotFound`], [`Refusal::DuplicateTagName`].
    pub async fn patch(&self, owner: UserId, id: TagId, patch: TagPatch) -> Result<Tag, Refusal> {
        let (now, quotas) = (clock::now(), self.store.quotas());
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    let tag = own_tag(conn, &owner, id).await?;
                    let mut next = tag.clone();
                    next.name = patch.name.unwrap_or(next.name);
                    next.color = patch.color.unwrap_or(next.color);
                    next.description = patch.description.unwrap_or(next.description);
                    if next == tag {
                        return Ok(Effects::none(tag));
                    }
                    if next.name != tag.name {
                        free_name(conn, tag.group_id, &next.name).await?;
                    }
                    next.updated_at = now.max(tag.updated_at);
                    let check = QuotaCheck::begin(conn, quotas, &owner).await?;
                    tags::update(conn, &next).await?;
                    check.end::<Refusal>(conn).await?;
                    let shown = [DataKind::Tags, DataKind::Todos, DataKind::Schedules, DataKind::Timers];
                    Ok(Effects::none(next).changing(&owner, &shown))
                }
                .boxed()
            })
            .await
    }

    /// Deletes a tag, and its group if it was the last tag there.
    ///
    /// # Errors
    /// [`Refusal::TagNotFound`].
    pub async fn delete(&self, owner: UserId, id: TagId) -> Result<(), Refusal> {
        let now = clock::now();
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    let tag = own_tag(conn, &owner, id).await?;
                    if tags::ids_of_group(conn, tag.group_id).await?.len() == 1 {
                        return Ok(removal::remove_group(conn, &owner, tag.group_id, now).await?);
                    }
                    let gone = DeletionSet {
                        tags: vec![id],
                        ..DeletionSet::default()
                    };
                    let events = removal::cut_timers(conn, &owner, &gone, now).await?;
                    tags::delete(conn, id).await?;
                    let shown = [DataKind::Tags, DataKind::Todos, DataKind::Schedules];
                    Ok::<_, Refusal>(Effects::events(events).changing(&owner, &shown))
                }
                .boxed()
            })
            .await
    }
}

async fn own_tag(conn: &mut Conn, owner: &UserId, id: TagId) -> Result<Tag, Refusal> {
    tags::find(conn, owner, id).await?.ok_or(Refusal::TagNotFound(id))
}

async fn free_name(conn: &mut Conn, group: TagGroupId, name: &str) -> Result<(), Refusal> {
    match tags::named(conn, group, name).await? {
        Some(_) => Err(Refusal::DuplicateTagName(name.to_owned())),
        None => Ok(()),
    }
}
