//! The number of statements of a list.

use super::*;
use crate::{
    clock,
    service::sharing::{Level, ResourceKind},
    store::{
        test_recorder::StatementRecorder,
        testing,
        visibilities::{self, Visibility},
    },
};
use protocol::{
    id::{ScheduleId, TodoId},
    timers::NewTimer,
};
use uuid::Uuid;

/// `count` timers of a user, each with its own schedule and todo, all public.
async fn fill(conn: &mut Conn, user: &str, count: usize) {
    let group = Uuid::now_v7().to_string();
    let sql =
        "INSERT INTO tag_groups (id, owner_id, name, color, created_at, updated_at) VALUES ($1, $2, '', '', 0, 0)";
    sqlx::query(sql)
        .bind(&group)
        .bind(user)
        .execute(&mut *conn)
        .await
        .unwrap();
    for _ in 0..count {
        let (schedule, todo) = (Uuid::now_v7(), Uuid::now_v7());
        let sql = "INSERT INTO todos (id, owner_id, title, tag_group_id, status, created_at)
                   VALUES ($1, $2, '', $3, 'DONE', 0)";
        let todos = sqlx::query(sql).bind(todo.to_string()).bind(user).bind(&group);
        todos.execute(&mut *conn).await.unwrap();
        let sql = "INSERT INTO schedules (id, owner_id, title, start_time, end_time, from_deadline, state, created_at)
                   VALUES ($1, $2, '', 0, 1, 0, 'PLANNED', 0)";
        let schedules = sqlx::query(sql).bind(schedule.to_string()).bind(user);
        schedules.execute(&mut *conn).await.unwrap();
        let new = NewTimer {
            allocated_seconds: 60,
            schedule_id: Some(ScheduleId(schedule)),
            todo_id: Some(TodoId(todo)),
            ..NewTimer::default()
        };
        let timer = Timer::create(TimerId(Uuid::now_v7()), user.into(), new, clock::now()).unwrap();
        timers::insert_whole(conn, &[&timer]).await.unwrap();
        for (resource, resource_id) in [
            (ResourceKind::Timer, timer.id.0),
            (ResourceKind::Schedule, schedule),
            (ResourceKind::Todo, todo),
        ] {
            let shared = Visibility {
                id: Uuid::now_v7(),
                resource,
                resource_id,
                owner: user.into(),
                level: Level::Public,
                entries: vec![],
                created_at: clock::now(),
                updated_at: clock::now(),
            };
            visibilities::put(conn, &shared).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_list_needs_as_many_statements_for_fifty_timers_as_for_ten() {
    let mut counts = Vec::new();
    for count in [10, 50] {
        let (_store, database) = testing::store().await;
        let mut recorded = StatementRecorder::connect(&database).await;
        sqlx::raw_sql("BEGIN").execute(&mut recorded.conn).await.unwrap();
        for user in ["ada", "eve"] {
            fill(&mut recorded.conn, user, count / 2).await;
        }
        assert!(recorded.statements().await.len() > count);
        let reader = Reader {
            user: "ada".into(),
            email: None,
        };
        let extras = Extras {
            schedule: true,
            todo: true,
            tags: TagMode::Inherit,
        };
        let all = list(
            &mut recorded.conn,
            &reader,
            Scope::All,
            &timers::Filter::default(),
            extras,
            &PageRequest::default(),
        )
        .await
        .unwrap()
        .items;
        assert_eq!(all.len(), count);
        assert!(all.iter().all(|shown| shown.schedule.is_some() && shown.todo.is_some()));
        counts.push(recorded.statements().await.len());
    }
    assert_eq!(counts[0], counts[1]);
    assert!(counts[0] <= 24, "{counts:?}");
}
