//! Groups of tags.

use crate::{
    rest::http::{
        caller::CurrentUser,
        done::Done,
        error::{ApiError, DomainError, Issue},
        json::{JsonObject, SentBody, unprocessable},
        paging::{self, ListAnswer, PageParams},
        path::PathId,
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
    limits,
    rest::{TagGroupView, TagGroupWithTags, TagView},
};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What a group is made from.
#[derive(ToSchema)]
#[allow(
    dead_code,
    reason = "the members are read one by one, so that one answer lists all that is wrong"
)]
struct NewTagGroup {
    /// What it is called; several may be called the same.
    #[schema(max_length = 500)]
    name: String,
    /// `#` and three or six hexadecimal digits.
    #[schema(pattern = "^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$")]
    color: String,
    /// More about it.
    #[schema(max_length = 20_000)]
    description: Option<String>,
    /// Numbers by names.
    goal_ratios: Option<BTreeMap<String, f64>>,
}

/// What a PATCH may set. What is absent stays; null clears the description and the ratios.
#[derive(ToSchema)]
#[allow(
    dead_code,
    reason = "the members are read one by one, so that one answer lists all that is wrong"
)]
struct TagGroupChanges {
    /// What it is called.
    #[schema(max_length = 500)]
    name: Option<String>,
    /// `#` and three or six hexadecimal digits.
    #[schema(pattern = "^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$")]
    color: Option<String>,
    /// More about it.
    #[schema(max_length = 20_000)]
    description: Option<String>,
    /// Numbers by names.
    goal_ratios: Option<BTreeMap<String, f64>>,
}

/// Makes a group.
#[utoipa::path(post, path = "/v1/tags/groups", tag = "tags", operation_id = "create_tag_group",
    request_body = NewTagGroup, security(("bearer" = [])),
    responses((status = 201, description = "The group.", body = TagGroupView)))]
pub async fn create_group(
    State(state): State<AppState>,
    SentBody { sender, body }: SentBody,
) -> Result<(StatusCode, Json<TagGroupView>), ApiError> {
    let mut issues = Vec::new();
    let body = body.members(&mut issues);
    body.required("name", &mut issues);
    body.required("color", &mut issues);
    let changes = changes(&body, &mut issues);
    unprocessable(issues)?;
    let new = NewGroup {
        name: changes.name.unwrap_or_default(),
        color: changes.color.unwrap_or_default(),
        description: changes.description.flatten(),
        goal_ratios: changes.goal_ratios.flatten(),
    };
    let group = state.tags.create_group(sender.0, new).await?;
    Ok((StatusCode::CREATED, Json((&group).into())))
}

/// The caller's groups with their tags, both ordered by name.
///
/// Of a group's tags those are shown that fit a page of their own; `/v1/tags` lists all.
#[utoipa::path(get, path = "/v1/tags/groups", tag = "tags", operation_id = "list_tag_groups", params(PageParams),
    security(("bearer" = [])),
    responses((status = 200, description = "The groups.", body = Vec<TagGroupWithTags>)))]
pub async fn list_groups(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    OriginalUri(uri): OriginalUri,
) -> Result<ListAnswer, ApiError> {
    let groups = state.tags.groups(&user, &paging::only(&uri)?).await?;
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
    CurrentUser(user): CurrentUser,
    id: PathId<TagGroupId>,
) -> Result<Json<TagGroupWithTags>, ApiError> {
    let id = id.checked("group_id", vec![])?;
    Ok(Json(with_tags(&state.tags.group(&user, id).await?)))
}

/// Changes a group.
#[utoipa::path(patch, path = "/v1/tags/groups/{group_id}", tag = "tags", operation_id = "update_tag_group",
    params(("group_id" = TagGroupId, Path)), request_body = TagGroupChanges, security(("bearer" = [])),
    responses(
        (status = 200, description = "The group as it is now.", body = TagGroupView),
        (status = 404, description = "The caller has no such group.", body = DomainError),
    ))]
pub async fn patch_group(
    State(state): State<AppState>,
    id: PathId<TagGroupId>,
    SentBody { sender, body }: SentBody,
) -> Result<Json<TagGroupView>, ApiError> {
    let mut issues = Vec::new();
    let body = body.members(&mut issues);
    let patch = changes(&body, &mut issues);
    let id = id.checked("group_id", issues)?;
    let group = state.tags.patch_group(sender.0, id, patch).await?;
    Ok(Json((&group).into()))
}

/// Deletes a group with its tags and todos.
///
/// Schedules that named it stay, without it.
#[utoipa::path(delete, path = "/v1/tags/groups/{group_id}", tag = "tags", operation_id = "delete_tag_group",
    params(("group_id" = TagGroupId, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "It is gone.", body = Done),
        (status = 404, description = "The caller has no such group.", body = DomainError),
    ))]
pub async fn delete_group(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    id: PathId<TagGroupId>,
) -> Result<Json<Done>, ApiError> {
    let id = id.checked("group_id", vec![])?;
    state.tags.delete_group(user, id).await?;
    Ok(Json(Done::default()))
}

/// The members that a body may have; null counts as absent where a field cannot be cleared (contract, REST 4.7).
fn changes(body: &JsonObject, issues: &mut Vec<Issue>) -> GroupPatch {
    GroupPatch {
        name: body.text("name", limits::TITLE_CHARS, issues).flatten(),
        color: body.color("color", issues).flatten(),
        description: body.text("description", limits::DESCRIPTION_CHARS, issues),
        goal_ratios: body.numbers("goal_ratios", issues),
    }
}

fn with_tags(group: &GroupWithTags) -> TagGroupWithTags {
    TagGroupWithTags {
        group: (&group.group).into(),
        tags: group.tags.iter().map(|tag| TagView::new(tag, None)).collect(),
    }
}
