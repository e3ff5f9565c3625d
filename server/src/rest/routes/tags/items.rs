//! The tags themselves.

use crate::{
    rest::http::{
        caller::CurrentUser,
        done::Done,
        error::{ApiError, DomainError, Issue},
        json::{JsonObject, SentBody, given},
        paging::{self, ListAnswer, PageParams},
        path::PathId,
    },
    service::tags::{NewTag, TagPatch},
    state::AppState,
};
use axum::{
    Json,
    extract::{OriginalUri, State},
    http::StatusCode,
};
use protocol::{
    id::{TagGroupId, TagId},
    limits,
    rest::TagView,
};
use utoipa::ToSchema;

/// What a tag is made from.
#[derive(ToSchema)]
#[schema(as = NewTag)]
#[allow(
    dead_code,
    reason = "the members are read one by one, so that one answer lists all that is wrong"
)]
struct NewTagBody {
    /// What it is called; once in its group.
    #[schema(max_length = 500)]
    name: String,
    /// `#` and three or six hexadecimal digits.
    #[schema(pattern = "^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$")]
    color: String,
    /// One of the caller's groups, for good.
    group_id: TagGroupId,
    /// More about it.
    #[schema(max_length = 20_000)]
    description: Option<String>,
}

/// What a PATCH may set. What is absent stays; null clears the description.
#[derive(ToSchema)]
#[allow(
    dead_code,
    reason = "the members are read one by one, so that one answer lists all that is wrong"
)]
struct TagChanges {
    /// What it is called.
    #[schema(max_length = 500)]
    name: Option<String>,
    /// `#` and three or six hexadecimal digits.
    #[schema(pattern = "^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$")]
    color: Option<String>,
    /// More about it.
    #[schema(max_length = 20_000)]
    description: Option<String>,
}

/// Makes a tag.
#[utoipa::path(post, path = "/v1/tags", tag = "tags", operation_id = "create_tag",
    request_body = NewTagBody, security(("bearer" = [])),
    responses(
        (status = 201, description = "The tag.", body = TagView),
        (status = 404, description = "The caller has no such group.", body = DomainError),
        (status = 409, description = "The group has a tag of this name.", body = DomainError),
    ))]
pub async fn create(
    State(state): State<AppState>,
    SentBody { sender, body }: SentBody,
) -> Result<(StatusCode, Json<TagView>), ApiError> {
    let mut issues = Vec::new();
    let body = body.members(&mut issues);
    for name in ["name", "color", "group_id"] {
        body.required(name, &mut issues);
    }
    let group_id = body.id("group_id", &mut issues).flatten();
    let changes = changes(&body, &mut issues);
    let group_id = given(group_id, issues)?;
    let new = NewTag {
        group_id,
        name: changes.name.unwrap_or_default(),
        color: changes.color.unwrap_or_default(),
        description: changes.description.flatten(),
    };
    let tag = state.tags.create(sender.0, new).await?;
    Ok((StatusCode::CREATED, Json(TagView::new(&tag, None))))
}

/// The caller's tags, ordered by name.
#[utoipa::path(get, path = "/v1/tags", tag = "tags", operation_id = "list_tags", params(PageParams),
    security(("bearer" = [])),
    responses((status = 200, description = "The tags.", body = Vec<TagView>)))]
pub async fn list(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    OriginalUri(uri): OriginalUri,
) -> Result<ListAnswer, ApiError> {
    let tags = state.tags.list(&user, &paging::only(&uri)?).await?;
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
    CurrentUser(user): CurrentUser,
    id: PathId<TagId>,
) -> Result<Json<TagView>, ApiError> {
    let id = id.checked("tag_id", vec![])?;
    Ok(Json(TagView::new(&state.tags.one(&user, id).await?, None)))
}

/// Changes a tag. Its group stays.
#[utoipa::path(patch, path = "/v1/tags/{tag_id}", tag = "tags", operation_id = "update_tag",
    params(("tag_id" = TagId, Path)), request_body = TagChanges, security(("bearer" = [])),
    responses(
        (status = 200, description = "The tag as it is now.", body = TagView),
        (status = 404, description = "The caller has no such tag.", body = DomainError),
        (status = 409, description = "The group has another tag of this name.", body = DomainError),
    ))]
pub async fn patch(
    State(state): State<AppState>,
    id: PathId<TagId>,
    SentBody { sender, body }: SentBody,
) -> Result<Json<TagView>, ApiError> {
    let mut issues = Vec::new();
    let body = body.members(&mut issues);
    let patch = changes(&body, &mut issues);
    let id = id.checked("tag_id", issues)?;
    Ok(Json(TagView::new(&state.tags.patch(sender.0, id, patch).await?, None)))
}

/// Deletes a tag.
///
/// Schedules, timers and todos that had it stay, without it. With its last tag a group goes, as if deleted itself.
#[utoipa::path(delete, path = "/v1/tags/{tag_id}", tag = "tags", operation_id = "delete_tag",
    params(("tag_id" = TagId, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "It is gone.", body = Done),
        (status = 404, description = "The caller has no such tag.", body = DomainError),
    ))]
pub async fn delete(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    id: PathId<TagId>,
) -> Result<Json<Done>, ApiError> {
    let id = id.checked("tag_id", vec![])?;
    state.tags.delete(user, id).await?;
    Ok(Json(Done::default()))
}

/// The members that a body may have; null counts as absent where a field cannot be cleared (contract, REST 4.7).
fn changes(body: &JsonObject, issues: &mut Vec<Issue>) -> TagPatch {
    TagPatch {
        name: body.text("name", limits::TITLE_CHARS, issues).flatten(),
        color: body.color("color", issues).flatten(),
        description: body.text("description", limits::DESCRIPTION_CHARS, issues),
    }
}
