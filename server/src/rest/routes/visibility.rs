//! `/v1/visibility/{type}/{id}`: who may see what, as its owner sets it (contract, REST 11).

use crate::rest::http::{
    caller::CurrentUser,
    done::Done,
    error::{ApiError, DomainError, Issue},
    json::{JsonObject, SentBody, given},
};
use crate::{
    service::{
        sharing::{Level, ResourceKind},
        visibility::{Resource, VisibilityError},
    },
    state::AppState,
    store::visibilities::{Entry, EntryKind, Visibility},
};
use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
};
use protocol::{id::UserId, limits};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::rest::http::table::Table;
use utoipa_axum::routes;

/// The routes of this family.
pub fn routes(table: Table) -> Table {
    table.with(routes!(get, put, delete))
}

/// Who may see something.
#[derive(Serialize, ToSchema)]
#[schema(as = Visibility)]
pub struct VisibilityView {
    id: Uuid,
    resource_type: ResourceKind,
    resource_id: Uuid,
    owner_id: UserId,
    level: Level,
    /// With the level selected.
    allowed_user_ids: Vec<String>,
    /// With the level allowed_emails; as given.
    allowed_emails: Vec<String>,
    /// With the level allowed_emails; as given.
    allowed_domains: Vec<String>,
    created_at: String,
    updated_at: String,
}

impl From<Visibility> for VisibilityView {
    fn from(visibility: Visibility) -> Self {
        let list = |kind: EntryKind| {
            let entries = visibility.entries.iter().filter(|entry| entry.kind == kind);
            entries.map(|entry| entry.value.clone()).collect()
        };
        Self {
            allowed_user_ids: list(EntryKind::User),
            allowed_emails: list(EntryKind::Email),
            allowed_domains: list(EntryKind::Domain),
            id: visibility.id,
            resource_type: visibility.resource,
            resource_id: visibility.resource_id,
            owner_id: visibility.owner,
            level: visibility.level,
            created_at: visibility.created_at.rest(None),
            updated_at: visibility.updated_at.rest(None),
        }
    }
}

/// Who may see it from now on. Lists that do not belong to the level are dropped.
#[derive(ToSchema)]
#[allow(
    dead_code,
    reason = "the members are read one by one, so that one answer lists all that is wrong"
)]
struct NewVisibility {
    /// private, friends, selected (friends on a list), allowed_emails (verified addresses on a list), public.
    level: Level,
    /// Friends, with the level selected.
    #[schema(max_items = 1_000)]
    allowed_user_ids: Option<Vec<String>>,
    /// Addresses, with the level allowed_emails.
    #[schema(max_items = 1_000)]
    allowed_emails: Option<Vec<String>>,
    /// What follows the last @ of addresses, with the level allowed_emails.
    #[schema(max_items = 1_000)]
    allowed_domains: Option<Vec<String>>,
}

/// Sets who may see something of the caller's, in place of what was set before.
#[utoipa::path(put, path = "/v1/visibility/{type}/{id}", tag = "visibility", operation_id = "put_visibility",
    params(("type" = ResourceKind, Path), ("id" = Uuid, Path)), request_body = NewVisibility,
    security(("bearer" = [])),
    responses(
        (status = 200, description = "As it is now.", body = VisibilityView),
        (status = 400, description = "Somebody on the list is no friend.", body = DomainError),
        (status = 403, description = "It belongs to somebody else.", body = DomainError),
        (status = 404, description = "There is none of this type.", body = DomainError),
    ))]
pub async fn put(
    State(state): State<AppState>,
    path: SentPath,
    SentBody { sender, body }: SentBody,
) -> Result<Json<VisibilityView>, ApiError> {
    let mut issues = Vec::new();
    let resource = resource(path, &mut issues);
    let body = body.members(&mut issues);
    body.required("level", &mut issues);
    let level = body.word("level", &Level::ALL.map(|level| (level.as_str(), level)), &mut issues);
    let mut entries = Vec::new();
    for (name, kind) in [
        ("allowed_user_ids", EntryKind::User),
        ("allowed_emails", EntryKind::Email),
        ("allowed_domains", EntryKind::Domain),
    ] {
        entries.append(&mut list(&body, name, kind, &mut issues));
    }
    let (resource, level) = given(resource.zip(level), issues)?;
    let CurrentUser(user) = sender;
    let set = state.visibilities.put(&user, resource, level, entries).await?;
    Ok(Json(set.into()))
}

/// Who may see something of the caller's.
#[utoipa::path(get, path = "/v1/visibility/{type}/{id}", tag = "visibility", operation_id = "get_visibility",
    params(("type" = ResourceKind, Path), ("id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "As it was set.", body = VisibilityView),
        (status = 403, description = "It belongs to somebody else.", body = DomainError),
        (status = 404, description = "There is none of this type, or it was never set.", body = DomainError),
    ))]
pub async fn get(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    path: SentPath,
) -> Result<Json<VisibilityView>, ApiError> {
    let mut issues = Vec::new();
    let resource = resource(path, &mut issues);
    let resource = given(resource, issues)?;
    Ok(Json(state.visibilities.get(&user, resource).await?.into()))
}

/// Makes something of the caller's private again, also when nothing was set.
#[utoipa::path(delete, path = "/v1/visibility/{type}/{id}", tag = "visibility", operation_id = "delete_visibility",
    params(("type" = ResourceKind, Path), ("id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "Only the owner sees it.", body = Done),
        (status = 403, description = "It belongs to somebody else.", body = DomainError),
        (status = 404, description = "There is none of this type.", body = DomainError),
    ))]
pub async fn delete(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    path: SentPath,
) -> Result<Json<Done>, ApiError> {
    let mut issues = Vec::new();
    let resource = resource(path, &mut issues);
    let resource = given(resource, issues)?;
    state.visibilities.delete(&user, resource).await?;
    Ok(Json(Done::default()))
}

/// The type and the id.
type SentPath = Result<Path<(String, String)>, PathRejection>;

fn resource(path: SentPath, issues: &mut Vec<Issue>) -> Option<Resource> {
    // Percent-encoded bytes that are no UTF-8 are neither.
    let (kind, id) = path.map(|Path(path)| path).unwrap_or_default();
    let kinds = [ResourceKind::Schedule, ResourceKind::Timer, ResourceKind::Todo];
    let known = kinds.into_iter().find(|known| known.as_str() == kind);
    if known.is_none() {
        let msg = "Must be one of schedule, timer, todo";
        issues.push(Issue::new("enum", "path", "type", msg, json!(kind)));
    }
    let parsed = id.parse().ok();
    if parsed.is_none() {
        issues.push(Issue::new("uuid_parsing", "path", "id", "Must be a UUID", json!(id)));
    }
    Some(Resource {
        kind: known?,
        id: parsed?,
    })
}

/// A list of texts; null is an empty one.
fn list(body: &JsonObject, name: &str, kind: EntryKind, issues: &mut Vec<Issue>) -> Vec<Entry> {
    let items = match body.0.get(name) {
        None | Some(Value::Null) => return Vec::new(),
        Some(Value::Array(items)) if items.len() <= limits::VISIBILITY_ENTRIES => items,
        Some(_) => {
            let msg = format!("Must be a list of up to {} texts, or null", limits::VISIBILITY_ENTRIES);
            issues.push(Issue::new("list_type", "body", name, msg, Value::Null));
            return Vec::new();
        }
    };
    let mut entries = Vec::new();
    for (place, item) in items.iter().enumerate() {
        let fits = |text: &&str| text.chars().count() <= limits::VISIBILITY_ENTRY_CHARS && !text.contains('\0');
        match item.as_str().filter(fits) {
            Some(text) => entries.push(Entry {
                kind,
                value: text.to_owned(),
            }),
            None => {
                let msg = format!("Must be a text of up to {} characters", limits::VISIBILITY_ENTRY_CHARS);
                let mut issue = Issue::new("string_type", "body", name, msg, Value::Null);
                issue.loc.push(place.into());
                issues.push(issue);
            }
        }
    }
    entries
}

impl From<VisibilityError> for ApiError {
    fn from(error: VisibilityError) -> Self {
        let (status, error_type) = match &error {
            VisibilityError::ResourceNotFound(ResourceKind::Schedule) => {
                (StatusCode::NOT_FOUND, "ScheduleNotFoundError")
            }
            VisibilityError::ResourceNotFound(ResourceKind::Timer) => (StatusCode::NOT_FOUND, "TimerNotFoundError"),
            VisibilityError::ResourceNotFound(ResourceKind::Todo) => (StatusCode::NOT_FOUND, "TodoNotFoundError"),
            VisibilityError::NotOwner => (StatusCode::FORBIDDEN, "AccessDeniedError"),
            VisibilityError::NotSet => (StatusCode::NOT_FOUND, "VisibilityNotFoundError"),
            VisibilityError::NotFriend(_) => (StatusCode::BAD_REQUEST, "CannotShareWithNonFriendError"),
            VisibilityError::Quota(error) => return (*error).into(),
            VisibilityError::Store(error) => return error.into(),
        };
        Self::domain(status, error_type, error.to_string())
    }
}
