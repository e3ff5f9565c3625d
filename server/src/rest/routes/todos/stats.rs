//! Statistics of the caller's todos (contract, REST 8.7).

use crate::{
    rest::http::{
        caller::CurrentUser,
        error::ApiError,
        input::{Input, NoPath},
    },
    state::AppState,
};
use axum::{Json, extract::State};
use protocol::{
    id::{TagGroupId, TagId},
    rest::TodoStatsQuery,
};
use serde::Serialize;
use utoipa::ToSchema;

/// Numbers of todos.
#[derive(Serialize, ToSchema)]
pub struct TodoStats {
    /// The requested group.
    group_id: Option<TagGroupId>,
    /// All todos, whatever their status.
    total_count: i64,
    /// Todos by tag; tags without todos are left out.
    by_tag: Vec<TagCount>,
}

/// The number of todos with a tag.
#[derive(Serialize, ToSchema)]
struct TagCount {
    tag_id: TagId,
    tag_name: String,
    count: i64,
}

/// Counts the caller's todos, in total and by tag.
#[utoipa::path(get, path = "/v1/todos/stats", tag = "todos", operation_id = "get_todo_stats",
    params(TodoStatsQuery), security(("bearer" = [])),
    responses((status = 200, description = "The figures.", body = TodoStats)))]
pub async fn stats(
    State(state): State<AppState>,
    Input { caller, query, .. }: Input<CurrentUser, NoPath, TodoStatsQuery>,
) -> Result<Json<TodoStats>, ApiError> {
    let group_id = query.group_id;
    let stats = state.todos.stats(&caller.0, group_id).await?;
    let count = |(tag_id, tag_name, count)| TagCount {
        tag_id,
        tag_name,
        count,
    };
    Ok(Json(TodoStats {
        group_id,
        total_count: stats.total,
        by_tag: stats.by_tag.into_iter().map(count).collect(),
    }))
}
