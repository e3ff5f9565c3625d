//! Tag groups.

use crate::{
    paging::{NameKey, PageRequest},
    rest::http::{
        caller::CurrentUser,
        error::{ApiError, DomainError},
        input::{Input, NoPath},
        ok::OkBody,
        paging::{self, ListAnswer},
    },
    service::tags::{GroupPatch, GroupWithTags, NewGroup},
    state::AppState,
};
use axum::{
    Json,
    extract::{OriginalUri, State},
    http::StatusCode,
};
use protocol::{
    id::TagGroupId,
    rest::{NewTagGroup, PageQuery, TagGroupChanges, TagGroupView, TagGroupWithTags, TagView},
};

/// Creates a group.
#[utoipa::path(post, path = "/v1/tags/groups", tag = "tags", operation_id = "create_tag_group",
    request_body = NewTagGroup, security(("bearer" = [])),
    responses(
        (status = 201, description = "The group.", body = TagGroupView),
        (status = 409, description = "The id is taken, or a quota would be exceeded; nothing was changed.", body = DomainError),
    ))]
pub async fn create_group(
    State(state): State<AppState>,
    Input { caller, body, .. }: Input<CurrentUser, NoPath, (), NewTagGroup>,
) -> Result<(StatusCode, Json<TagGroupView>), ApiError> {
    let new = NewGroup {
        id: body.id,
        name: body.name.into(),
        color: body.color.into(),
        description: body.description.map(Into::into),
        goal_ratios: body.goal_ratios.map(Into::into),
    };
    let group = state.tags.create_group(caller.0, new).await?;
    Ok((StatusCode::CREATED, Json((&group).into())))
}

/// The caller's groups with their tags, both ordered by name.
///
/// Each group contains as many tags as fit a page; `/v1/tags` lists all.
#[utoipa::path(get, path = "/v1/tags/groups", tag = "tags", operation_id = "list_tag_groups", params(PageQuery),
    security(("bearer" = [])),
    responses((status = 200, description = "The groups.", body = Vec<TagGroupWithTags>)))]
pub async fn list_groups(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    Input { caller, query, .. }: Input<CurrentUser, NoPath, PageRequest<NameKey>>,
) -> Result<ListAnswer, ApiError> {
    let groups = state.tags.groups(&caller.0, &query).await?;
    paging::answer(&uri, groups, with_tags)
}

/// One group with its tags.
#[utoipa::path(get, path = "/v1/tags/groups/{group_id}", tag = "tags", operation_id = "get_tag_group",
    params(("group_id" = TagGroupId, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "The group.", body = TagGroupWithTags),
        (status = 404, description = "The caller has no such group.", body = DomainError),
    ))]
pub async fn one_group(
    State(state): State<AppState>,
    Input { caller, path, .. }: Input<CurrentUser, TagGroupId>,
) -> Result<Json<TagGroupWithTags>, ApiError> {
    Ok(Json(with_tags(&state.tags.group(&caller.0, path).await?)))
}

/// Changes a group.
#[utoipa::path(patch, path = "/v1/tags/groups/{group_id}", tag = "tags", operation_id = "update_tag_group",
    params(("group_id" = TagGroupId, Path)), request_body = TagGroupChanges, security(("bearer" = [])),
    responses(
        (status = 200, description = "The group after the change.", body = TagGroupView),
        (status = 404, description = "The caller has no such group.", body = DomainError),
    ))]
pub async fn patch_group(
    State(state): State<AppState>,
    Input { caller, path, body, .. }: Input<CurrentUser, TagGroupId, (), TagGroupChanges>,
) -> Result<Json<TagGroupView>, ApiError> {
    let patch = GroupPatch {
        name: body.name.map(Into::into),
        color: body.color.map(Into::into),
        description: body.description.into_option(),
        goal_ratios: body.goal_ratios.into_option(),
    };
    let group = state.tags.patch_group(caller.0, path, patch).await?;
    Ok(Json((&group).into()))
}

/// Deletes a group with its tags and todos.
///
/// Schedules in the group stay, without it.
#[utoipa::path(delete, path = "/v1/tags/groups/{group_id}", tag = "tags", operation_id = "delete_tag_group",
    params(("group_id" = TagGroupId, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "Deleted.", body = OkBody),
        (status = 404, description = "The caller has no such group.", body = DomainError),
    ))]
pub async fn delete_group(
    State(state): State<AppState>,
    Input { caller, path, .. }: Input<CurrentUser, TagGroupId>,
) -> Result<Json<OkBody>, ApiError> {
    state.tags.delete_group(caller.0, path).await?;
    Ok(Json(OkBody::default()))
}

fn with_tags(group: &GroupWithTags) -> TagGroupWithTags {
    TagGroupWithTags {
        group: (&group.group).into(),
        tags: group.tags.iter().map(|tag| TagView::new(tag, None)).collect(),
    }
}
