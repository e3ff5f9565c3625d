//! `/v1/visibility/{type}/{id}`: the visibility of a resource, set by its owner (contract, REST 11).

use crate::{
    rest::http::{
        caller::CurrentUser,
        error::{ApiError, DomainError},
        input::Input,
        ok::OkBody,
        table::Table,
    },
    service::visibility::{Resource, VisibilityError},
    state::AppState,
    store::visibilities::{Entry, EntryKind, Visibility},
};
use axum::{Json, extract::State, http::StatusCode};
use protocol::{
    id::UserId,
    rest::{NewVisibility, ResourcePath},
    sharing::{Level, ResourceKind},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

/// The routes of this family.
pub fn routes(table: Table) -> Table {
    table.with(routes!(get, put, delete))
}

/// The visibility of a resource.
#[derive(Serialize, ToSchema)]
#[schema(as = Visibility)]
pub struct VisibilityView {
    id: Uuid,
    resource_type: ResourceKind,
    resource_id: Uuid,
    owner_id: UserId,
    level: Level,
    /// Used by the level selected.
    allowed_user_ids: Vec<String>,
    /// Used by the level allowed_emails; as given.
    allowed_emails: Vec<String>,
    /// Used by the level allowed_emails; as given.
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

/// Sets the visibility of a resource of the caller's.
#[utoipa::path(put, path = "/v1/visibility/{type}/{id}", tag = "visibility", operation_id = "put_visibility",
    params(ResourcePath), request_body = NewVisibility,
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The visibility after the change.", body = VisibilityView),
        (status = 400, description = "A user on the list is not a friend.", body = DomainError),
        (status = 403, description = "The resource belongs to another user.", body = DomainError),
        (status = 404, description = "There is no such resource.", body = DomainError),
    ))]
pub async fn put(
    State(state): State<AppState>,
    Input { caller, path, body, .. }: Input<CurrentUser, ResourcePath, (), NewVisibility>,
) -> Result<Json<VisibilityView>, ApiError> {
    let lists = [
        (EntryKind::User, body.allowed_user_ids),
        (EntryKind::Email, body.allowed_emails),
        (EntryKind::Domain, body.allowed_domains),
    ];
    let entries = lists.into_iter().flat_map(|(kind, list)| {
        let values = list.unwrap_or_default().0;
        values.into_iter().map(move |value| Entry { kind, value })
    });
    let entries = entries.collect();
    let set = state
        .visibilities
        .put(&caller.0, resource(path), body.level, entries)
        .await?;
    Ok(Json(set.into()))
}

/// The visibility of a resource of the caller's.
#[utoipa::path(get, path = "/v1/visibility/{type}/{id}", tag = "visibility", operation_id = "get_visibility",
    params(ResourcePath), security(("bearer" = [])),
    responses(
        (status = 200, description = "The visibility.", body = VisibilityView),
        (status = 403, description = "The resource belongs to another user.", body = DomainError),
        (status = 404, description = "There is no such resource, or its visibility was never set.", body = DomainError),
    ))]
pub async fn get(
    State(state): State<AppState>,
    Input { caller, path, .. }: Input<CurrentUser, ResourcePath>,
) -> Result<Json<VisibilityView>, ApiError> {
    Ok(Json(state.visibilities.get(&caller.0, resource(path)).await?.into()))
}

/// Makes a resource of the caller's private, also if nothing was set.
#[utoipa::path(delete, path = "/v1/visibility/{type}/{id}", tag = "visibility", operation_id = "delete_visibility",
    params(ResourcePath), security(("bearer" = [])),
    responses(
        (status = 200, description = "The resource is private.", body = OkBody),
        (status = 403, description = "The resource belongs to another user.", body = DomainError),
        (status = 404, description = "There is no such resource.", body = DomainError),
    ))]
pub async fn delete(
    State(state): State<AppState>,
    Input { caller, path, .. }: Input<CurrentUser, ResourcePath>,
) -> Result<Json<OkBody>, ApiError> {
    state.visibilities.delete(&caller.0, resource(path)).await?;
    Ok(Json(OkBody::default()))
}

fn resource(ResourcePath { kind, id }: ResourcePath) -> Resource {
    Resource { kind, id }
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
