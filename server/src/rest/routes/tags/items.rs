//! Tags.

use crate::{
    paging::{NameKey, PageRequest},
    rest::http::{
        caller::CurrentUser,
        error::{ApiError, DomainError},
        input::{Input, NoPath},
        ok::OkBody,
        paging::{self, ListAnswer},
    },
    service::tags,
    state::AppState,
};
use axum::{
    Json,
    extract::{OriginalUri, State},
    http::StatusCode,
};
use protocol::{
    id::TagId,
    rest::{NewTag, PageQuery, TagChanges, TagView},
};

/// Creates a tag.
#[utoipa::path(post, path = "/v1/tags", tag = "tags", operation_id = "create_tag",
    request_body = NewTag, security(("bearer" = [])),
    responses(
        (status = 201, description = "The tag.", body = TagView),
        (status = 404, description = "The caller has no such group.", body = DomainError),
        (status = 409, description = "The group already has a tag of this name, the id is taken, or a quota would be exceeded.", body = DomainError),
    ))]
pub async fn create(
    State(state): State<AppState>,
    Input { caller, body, .. }: Input<CurrentUser, NoPath, (), NewTag>,
) -> Result<(StatusCode, Json<TagView>), ApiError> {
    let new = tags::NewTag {
        id: body.id,
        group_id: body.group_id,
        name: body.name.into(),
        color: body.color.into(),
        description: body.description.map(Into::into),
    };
    let tag = state.tags.create(caller.0, new).await?;
    Ok((StatusCode::CREATED, Json(TagView::new(&tag, None))))
}

/// The caller's tags, ordered by name.
#[utoipa::path(get, path = "/v1/tags", tag = "tags", operation_id = "list_tags", params(PageQuery),
    security(("bearer" = [])),
    responses((status = 200, description = "The tags.", body = Vec<TagView>)))]
pub async fn list(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    Input { caller, query, .. }: Input<CurrentUser, NoPath, PageRequest<NameKey>>,
) -> Result<ListAnswer, ApiError> {
    let tags = state.tags.list(&caller.0, &query).await?;
    paging::answer(&uri, tags, |tag| TagView::new(tag, None))
}

/// One tag.
#[utoipa::path(get, path = "/v1/tags/{tag_id}", tag = "tags", operation_id = "get_tag",
    params(("tag_id" = TagId, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "The tag.", body = TagView),
        (status = 404, description = "The caller has no such tag.", body = DomainError),
    ))]
pub async fn one(
    State(state): State<AppState>,
    Input { caller, path, .. }: Input<CurrentUser, TagId>,
) -> Result<Json<TagView>, ApiError> {
    Ok(Json(TagView::new(&state.tags.one(&caller.0, path).await?, None)))
}

/// Changes a tag. Its group cannot be changed.
#[utoipa::path(patch, path = "/v1/tags/{tag_id}", tag = "tags", operation_id = "update_tag",
    params(("tag_id" = TagId, Path)), request_body = TagChanges, security(("bearer" = [])),
    responses(
        (status = 200, description = "The tag after the change.", body = TagView),
        (status = 404, description = "The caller has no such tag.", body = DomainError),
        (status = 409, description = "The group has another tag of this name.", body = DomainError),
    ))]
pub async fn patch(
    State(state): State<AppState>,
    Input { caller, path, body, .. }: Input<CurrentUser, TagId, (), TagChanges>,
) -> Result<Json<TagView>, ApiError> {
    let patch = tags::TagPatch {
        name: body.name.map(Into::into),
        color: body.color.map(Into::into),
        description: body.description.into_option(),
    };
    Ok(Json(TagView::new(
        &state.tags.patch(caller.0, path, patch).await?,
        None,
    )))
}

/// Deletes a tag.
///
/// Schedules, timers and todos with the tag stay. Deleting the last tag of a group deletes the group.
#[utoipa::path(delete, path = "/v1/tags/{tag_id}", tag = "tags", operation_id = "delete_tag",
    params(("tag_id" = TagId, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "Deleted.", body = OkBody),
        (status = 404, description = "The caller has no such tag.", body = DomainError),
    ))]
pub async fn delete(
    State(state): State<AppState>,
    Input { caller, path, .. }: Input<CurrentUser, TagId>,
) -> Result<Json<OkBody>, ApiError> {
    state.tags.delete(caller.0, path).await?;
    Ok(Json(OkBody::default()))
}
