//! `/v1/notifications` (contract, events WebSocket "Notifications").

use crate::{
    paging::PageRequest,
    rest::http::{
        caller::CurrentUser,
        error::{ApiError, DomainError},
        input::{Input, NoPath},
        ok::OkMessage,
        paging::{self, ListAnswer},
        table::Table,
    },
    service::notifications::NotificationError,
    state::AppState,
};
use axum::{
    Json,
    extract::{OriginalUri, State},
    http::StatusCode,
};
use protocol::{
    id::{NotificationId, UserId},
    notification::{EntityType, Notification, NotificationKind, NotificationLevel, NotificationSettings},
    rest::{NewNotificationSettings, NotificationQuery, PageQuery},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

/// The routes of this family.
pub fn routes(table: Table) -> Table {
    table
        .with(routes!(list))
        .with(routes!(read))
        .with(routes!(read_all))
        .with(routes!(settings, put_settings))
}

/// A notification.
#[derive(Serialize, ToSchema)]
#[schema(as = Notification)]
struct NotificationView {
    id: NotificationId,
    kind: NotificationKind,
    level: NotificationLevel,
    /// What it says, in English.
    message: String,
    /// The path of the page that shows what it is about.
    link: String,
    entity_type: EntityType,
    entity_id: String,
    /// The user who caused it.
    by: UserId,
    /// That user's name, if known.
    by_name: Option<String>,
    created_at: String,
    /// Null: unread.
    read_at: Option<String>,
}

impl From<&Notification> for NotificationView {
    fn from(notification: &Notification) -> Self {
        Self {
            id: notification.id,
            kind: notification.kind,
            level: notification.kind.level(),
            message: notification.message(),
            link: notification.link(),
            entity_type: notification.entity_type,
            entity_id: notification.entity_id.clone(),
            by: notification.actor.clone(),
            by_name: notification.actor_name.clone(),
            created_at: notification.created_at.rest(None),
            read_at: notification.read_at.map(|at| at.rest(None)),
        }
    }
}

/// The caller's notifications, newest first. They are kept until they are read, and 90 days after.
#[utoipa::path(get, path = "/v1/notifications", tag = "notifications", operation_id = "list_notifications",
    params(NotificationQuery, PageQuery), security(("bearer" = [])),
    responses((status = 200, description = "The notifications.", body = Vec<NotificationView>)))]
async fn list(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    Input { caller, query, .. }: Input<CurrentUser, NoPath, (NotificationQuery, PageRequest<NotificationId>)>,
) -> Result<ListAnswer, ApiError> {
    let (which, page) = query;
    let page = PageRequest {
        after: page.after.or(which.before),
        ..page
    };
    let found = state.notifications.list(&caller.0, which.unread.0, &page).await?;
    paging::answer(&uri, found, |notification| NotificationView::from(notification))
}

/// Marks a notification as read, on all of the caller's devices.
#[utoipa::path(post, path = "/v1/notifications/{notification_id}/read", tag = "notifications",
    operation_id = "read_notification", params(("notification_id" = NotificationId, Path)),
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The notification.", body = NotificationView),
        (status = 404, description = "The caller has no such notification.", body = DomainError),
    ))]
async fn read(
    State(state): State<AppState>,
    Input { caller, path, .. }: Input<CurrentUser, NotificationId>,
) -> Result<Json<NotificationView>, ApiError> {
    let read = state.notifications.read(caller.0, path).await?;
    Ok(Json(NotificationView::from(&read)))
}

/// Marks all notifications as read, on all of the caller's devices.
#[utoipa::path(post, path = "/v1/notifications/read-all", tag = "notifications",
    operation_id = "read_all_notifications", security(("bearer" = [])),
    responses((status = 200, description = "All are read.", body = OkMessage)))]
async fn read_all(State(state): State<AppState>, CurrentUser(user): CurrentUser) -> Result<Json<OkMessage>, ApiError> {
    state.notifications.read_all(user).await?;
    Ok(Json(OkMessage::new("All notifications are read")))
}

/// Which kinds of notifications the caller gets.
#[utoipa::path(get, path = "/v1/notifications/settings", tag = "notifications",
    operation_id = "get_notification_settings", security(("bearer" = [])),
    responses((status = 200, description = "The settings.", body = NotificationSettings)))]
async fn settings(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
) -> Result<Json<NotificationSettings>, ApiError> {
    Ok(Json(state.notifications.settings(&user).await?))
}

/// Changes which kinds of notifications the caller gets.
#[utoipa::path(put, path = "/v1/notifications/settings", tag = "notifications",
    operation_id = "set_notification_settings", request_body = NewNotificationSettings, security(("bearer" = [])),
    responses((status = 200, description = "All settings after the change.", body = NotificationSettings)))]
async fn put_settings(
    State(state): State<AppState>,
    Input { caller, body, .. }: Input<CurrentUser, NoPath, (), NewNotificationSettings>,
) -> Result<Json<NotificationSettings>, ApiError> {
    Ok(Json(state.notifications.put_settings(caller.0, body).await?))
}

impl From<NotificationError> for ApiError {
    fn from(error: NotificationError) -> Self {
        match error {
            NotificationError::NotFound => {
                Self::domain(StatusCode::NOT_FOUND, "NotificationNotFoundError", error.to_string())
            }
            NotificationError::Store(error) => error.into(),
        }
    }
}
