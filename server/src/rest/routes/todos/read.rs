//! Todos, queried.

use crate::{
    rest::{
        http::{
            caller::CurrentReader,
            error::{ApiError, DomainError},
            json::unprocessable,
            paging::{self, ListAnswer, PageParams},
            path::PathId,
            query::Query,
            scope::{self, ScopeParam},
        },
        routes::schedules::ZoneParam,
    },
    service::todos,
    state::AppState,
};
use axum::{
    Json,
    extract::{OriginalUri, State},
};
use protocol::{
    id::{TagGroupId, TagId, TodoId},
    rest::TodoView,
};
use utoipa::IntoParams;

/// Which todos are listed.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the parameters are read one by one")]
struct ListParams {
    /// Whose todos.
    #[param(inline)]
    scope: Option<ScopeParam>,
    /// Has all of these tags; repeatable. What stands above the caller's matches is added.
    tag_ids: Option<Vec<TagId>>,
    /// Belongs to one of these groups; repeatable.
    group_ids: Option<Vec<TagGroupId>>,
}

/// The caller's todos by status, deadline and age, then those that others share.
///
/// With `tag_ids` what stands above the matches is listed too, each in its own place of that order: it may be on another
/// page than its match. A todo shows its earliest schedules, as far as they have about 65,536 characters together.
#[utoipa::path(get, path = "/v1/todos", tag = "todos", operation_id = "list_todos",
    params(ListParams, ZoneParam, PageParams), security(("bearer" = [])),
    responses((status = 200, description = "The todos.", body = Vec<TodoView>)))]
pub async fn list(
    State(state): State<AppState>,
    CurrentReader(reader): CurrentReader,
    OriginalUri(uri): OriginalUri,
) -> Result<ListAnswer, ApiError> {
    let query = Query::of(&uri);
    let mut issues = Vec::new();
    let wanted = todos::Query {
        scope: scope::read(&query, &mut issues),
        tag_ids: query.ids("tag_ids", &mut issues),
        group_ids: query.ids("group_ids", &mut issues),
    };
    let page = paging::read(&query, &mut issues);
    unprocessable(issues)?;
    let zone = query.timezone()?;
    let todos = state.todos.list(&reader, &wanted, &page).await?;
    paging::answer(&uri, todos, |todo| todo.view(zone.as_ref()))
}

/// One todo.
#[utoipa::path(get, path = "/v1/todos/{todo_id}", tag = "todos", operation_id = "get_todo",
    params(("todo_id" = TodoId, Path), ZoneParam), security(("bearer" = [])),
    responses(
        (status = 200, description = "The todo.", body = TodoView),
        (status = 403, description = "It is somebody else's and not shared with the caller.", body = DomainError),
        (status = 404, description = "There is none.", body = DomainError),
    ))]
pub async fn one(
    State(state): State<AppState>,
    CurrentReader(reader): CurrentReader,
    id: PathId<TodoId>,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<TodoView>, ApiError> {
    let query = Query::of(&uri);
    let id = id.checked("todo_id", vec![])?;
    let zone = query.timezone()?;
    Ok(Json(state.todos.one(&reader, id).await?.view(zone.as_ref())))
}
