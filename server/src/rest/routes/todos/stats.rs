//! Figures of the caller's todos (contract, REST 8.7).

use crate::{
    rest::http::{caller::CurrentUser, error::ApiError, json::unprocessable, query::Query},
    state::AppState,
};
use axum::{
    Json,
    extract::{OriginalUri, State},
};
use protocol::id::{TagGroupId, TagId};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

/// Of which todos.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the parameters are read one by one")]
struct GroupParam {
    /// Only those of this group, with its own tags.
    group_id: Option<TagGroupId>,
}

/// How many todos there are.
#[derive(Serialize, ToSchema)]
pub struct TodoStats {
    /// As it was asked for.
    group_id: Option<TagGroupId>,
    /// All of them, whatever their status.
    total_count: i64,
    /// Those that have a tag; tags without todos are left out.
    by_tag: Vec<TagCount>,
}

/// How many todos have a tag.
#[derive(Serialize, ToSchema)]
struct TagCount {
    tag_id: TagId,
    tag_name: String,
    count: i64,
}

/// How many todos the caller has, and with which tags.
#[utoipa::path(get, path = "/v1/todos/stats", tag = "todos", operation_id = "get_todo_stats",
    params(GroupParam), security(("bearer" = [])),
    responses((status = 200, description = "The figures.", body = TodoStats)))]
pub async fn stats(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<TodoStats>, ApiError> {
    let query = Query::of(&uri);
    let mut issues = Vec::new();
    let group_id = query.id("group_id", &mut issues);
    unprocessable(issues)?;
    let stats = state.todos.stats(&user, group_id).await?;
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
