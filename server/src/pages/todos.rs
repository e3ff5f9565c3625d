//! A user's todos for the page of todos.

use crate::{
    service::todos::{OutlineDetail, OutlineQuery, OutlineRow, StatusFilter},
    state::AppState,
    store::text_pattern::TextPattern,
};
use app::{
    backend::BackendError,
    links::TagLink,
    pages::todos::{Detail, FOLDS_COOKIE, Group, Planned, Shown, TodoRow, TodosData, TodosQuery, folds_of},
};
use axum_extra::extract::CookieJar;
use http::request::Parts;
use protocol::rest::account::Account;

pub async fn data(
    state: &AppState,
    account: &Account,
    request: &Parts,
    query: TodosQuery,
) -> Result<TodosData, BackendError> {
    let jar = CookieJar::from_headers(&request.headers);
    let folds = jar.get(FOLDS_COOKIE).map(|cookie| folds_of(cookie.value()));
    let folds = folds.unwrap_or_default();
    let asked = OutlineQuery {
        text: TextPattern::new(&query.text),
        group: query.group,
        tag: query.tag,
        status: match query.shown {
            Shown::Open => StatusFilter::Open,
            Shown::Done => StatusFilter::Done,
            Shown::Cancelled => StatusFilter::Cancelled,
            Shown::All => StatusFilter::All,
        },
        folded: match query.is_search() {
            true => Default::default(),
            false => folds.iter().copied().collect(),
        },
        from: query.from,
        detail: query.todo,
    };
    let outline = state.todos.outline(&account.id, &asked).await?;
    let groups = outline.groups.into_iter().map(|found| Group {
        id: found.group.id,
        name: found.group.name,
        color: found.group.color,
        open: found.open,
        total: found.total,
        shown: found.shown,
    });
    Ok(TodosData {
        query,
        groups: groups.collect(),
        tags: outline.tags.iter().map(TagLink::from).collect(),
        rows: outline.rows.into_iter().map(row).collect(),
        folds,
        detail: outline.detail.map(detail),
    })
}

fn row(found: OutlineRow) -> TodoRow {
    TodoRow {
        id: found.todo.id,
        group: found.todo.tag_group_id,
        parent: found.todo.parent_id,
        title: found.todo.title,
        status: found.todo.status,
        deadline: found.todo.deadline,
        created: found.todo.created_at,
        tags: found.tags,
        is_context: !found.is_match,
        children: found.children,
        done: found.done,
        seconds: found.seconds,
        waits: false,
    }
}

fn detail(found: OutlineDetail) -> Detail {
    let plans = found.schedules.iter().map(|schedule| Planned {
        id: schedule.id,
        start: schedule.start_time,
        end: schedule.end_time,
        recurs: schedule.rule().is_some(),
        waits: false,
    });
    Detail {
        plans: plans.collect(),
        description: found.row.todo.description.clone().unwrap_or_default(),
        row: row(found.row),
    }
}
