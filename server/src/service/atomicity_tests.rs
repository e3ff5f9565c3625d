//! The use cases of schedules and todos are atomic: each is rolled back completely if the database refuses its last
//! step. Also tests which shared resources a reader finds.

use super::{
    effects,
    schedules::{self, NewSchedule, Schedules, TimesPatch},
    sharing::Reader,
    tags::{NewGroup, NewTag, Tags},
    timers::{Edit, Extras, TagMode, Timers, event_log},
    todos::{NewTodo, TodoPatch, Todos},
};
use crate::{
    paging::PageRequest,
    store::{Store, StoreError, testing, timers},
};
use futures_util::FutureExt;
use protocol::{
    id::{ScheduleId, TagGroupId, TagId, TimerId, TodoId, UserId},
    schedule::ScheduleState,
    time::Timestamp,
    timers::{NewTimer, Timer, TimerPatch},
    todo::TodoStatus,
};
use uuid::Uuid;

/// All of Ada's resources.
struct Fixture {
    store: Store,
    tags: Tags,
    schedules: Schedules,
    todos: Todos,
    timers: Timers,
    group: TagGroupId,
    tag: TagId,
    todo: TodoId,
    schedule: ScheduleId,
    _database: testing::TestDatabase,
}

fn ada() -> UserId {
    "ada".into()
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_704_067_200_000 + millis)
}

impl Fixture {
    /// A group with its only tag, a todo with a deadline, a recurring schedule of one occurrence, and a timer linked to
    /// all.
    async fn new() -> Self {
        let (store, database) = testing::store().await;
        let publisher = effects::testing::publisher(&store, &effects::testing::hub(&store));
        let tags = Tags::new(store.clone(), publisher.clone());
        let todos = Todos::new(store.clone(), publisher.clone());
        let schedules = Schedules::new(store.clone(), publisher.clone());
        let timers = Timers::new(store.clone(), publisher);
        let group = NewGroup {
            name: "Work".into(),
            color: "#FFF".into(),
            ..NewGroup::default()
        };
        let group = tags.create_group(ada(), group).await.unwrap().id;
        let tag = NewTag {
            id: None,
            group_id: group,
            name: "deep".into(),
            color: "#FFF".into(),
            description: None,
        };
        let tag = tags.create(ada(), tag).await.unwrap().id;
        let mut fixture = Self {
            store,
            tags,
            schedules,
            todos,
            timers,
            group,
            tag,
            todo: TodoId(Uuid::nil()),
            schedule: ScheduleId(Uuid::nil()),
            _database: database,
        };
        let todo = fixture.todos.create(ada(), fixture.new_todo()).await.unwrap();
        fixture.todo = todo.todo.id;
        let recurring = NewSchedule {
            recurrence_rule: Some("FREQ=DAILY".into()),
            recurrence_end: Some(at(1)),
            todo_group: None,
            ..fixture.new_schedule()
        };
        fixture.schedule = fixture.schedules.create(ada(), recurring).await.unwrap().schedule.id;
        fixture.add_timer(todo.schedules[0].schedule.id).await;
        fixture
    }

    async fn add_timer(&self, schedule: ScheduleId) {
        let new = NewTimer {
            allocated_seconds: 60,
            ..NewTimer::default()
        };
        let timer = Timer::create(TimerId(Uuid::now_v7()), ada(), new, at(0)).unwrap();
        let (id, stored) = (timer.id, timer.clone());
        self.store
            .writer()
            .write(move |conn| async move { timers::insert_whole(conn, &[&stored]).await }.boxed())
            .await
            .unwrap();
        let edit = Edit {
            patch: TimerPatch {
                schedule_id: Some(Some(schedule)),
                todo_id: Some(Some(self.todo)),
                ..TimerPatch::default()
            },
            tag_ids: Some(vec![self.tag]),
        };
        let reader = Reader {
            user: ada(),
            email: None,
        };
        self.timers.patch(reader, id, edit, Extras::default()).await.unwrap();
    }

    fn new_todo(&self) -> NewTodo {
        NewTodo {
            id: None,
            title: "Write".into(),
            description: None,
            tag_group_id: self.group,
            tag_ids: vec![self.tag],
            deadline: Some(at(0)),
            parent_id: None,
            status: TodoStatus::Unscheduled,
        }
    }

    fn new_schedule(&self) -> NewSchedule {
        NewSchedule {
            id: None,
            title: "Stand-up".into(),
            description: None,
            times: TimesPatch {
                start_time: Some(at(0)),
                end_time: Some(at(60_000)),
                ..TimesPatch::default()
            },
            recurrence_rule: None,
            recurrence_end: None,
            tag_ids: vec![self.tag],
            tag_group_id: None,
            source_todo_id: None,
            state: ScheduleState::Planned,
            todo_group: Some(self.group),
        }
    }

    /// Makes the database refuse an action on a table.
    async fn refuse(&self, action: &str, table: &str) {
        testing::refuse(&self.store, action, table).await;
    }

    /// Runs a statement.
    async fn run(&self, sql: String) {
        self.store
            .writer()
            .write(move |conn| {
                async move {
                    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(conn).await?;
                    Ok::<_, StoreError>(())
                }
                .boxed()
            })
            .await
            .unwrap();
    }

    /// All visible state as text.
    async fn seen(&self) -> String {
        let reader = Reader {
            user: ada(),
            email: None,
        };
        let all = schedules::Query {
            scope: super::Scope::Mine,
            from: at(-9_999_999),
            until: at(99_999_999),
            tag_ids: vec![],
            group_ids: vec![],
            zone: None,
        };
        let extras = Extras {
            tags: TagMode::TimerOnly,
            ..Extras::default()
        };
        let filter = timers::Filter::default();
        let timers = self
            .timers
            .list(&reader, &(super::Scope::Mine, filter), extras, &PageRequest::default())
            .await
            .unwrap();
        let head = self
            .store
            .read(async |conn| event_log::head(conn, &ada()).await)
            .await
            .unwrap();
        format!(
            "{:?}\n{:?}\n{:?}\n{timers:?}\n{head}",
            self.tags.groups(&ada(), &PageRequest::default()).await.unwrap(),
            self.todos
                .list(&reader, &super::todos::Query::default(), &PageRequest::default())
                .await
                .unwrap(),
            self.schedules
                .agenda(&reader, &all, &PageRequest::default())
                .await
                .unwrap(),
        )
    }
}

#[tokio::test]
async fn creating_several_resources_is_atomic() {
    let fixture = Fixture::new().await;
    let before = fixture.seen().await;
    fixture.refuse("INSERT", "schedule_tags").await;
    assert!(fixture.todos.create(ada(), fixture.new_todo()).await.is_err());
    assert!(fixture.schedules.create(ada(), fixture.new_schedule()).await.is_err());
    fixture.refuse("UPDATE", "schedules").await;
    assert!(
        fixture
            .schedules
            .make_todo(ada(), fixture.schedule, fixture.group)
            .await
            .is_err()
    );
    let later = TodoPatch {
        title: Some("Later".into()),
        tag_ids: Some(vec![]),
        deadline: Some(Some(at(5_000))),
        ..TodoPatch::default()
    };
    assert!(fixture.todos.patch(ada(), fixture.todo, later).await.is_err());
    assert_eq!(fixture.seen().await, before);
}

#[tokio::test]
async fn deleting_several_resources_is_atomic() {
    let fixture = Fixture::new().await;
    let before = fixture.seen().await;
    fixture.refuse("DELETE", "tag_groups").await;
    assert!(fixture.tags.delete(ada(), fixture.tag).await.is_err());
    assert!(fixture.tags.delete_group(ada(), fixture.group).await.is_err());
    fixture.refuse("DELETE", "todos").await;
    assert!(fixture.todos.delete(ada(), fixture.todo).await.is_err());
    fixture.refuse("DELETE", "schedules").await;
    assert!(fixture.schedules.delete(ada(), fixture.schedule).await.is_err());
    assert!(
        fixture
            .schedules
            .delete_instance(ada(), fixture.schedule, at(0), None)
            .await
            .is_err()
    );
    let free = TodoPatch {
        deadline: Some(None),
        ..TodoPatch::default()
    };
    assert!(fixture.todos.patch(ada(), fixture.todo, free).await.is_err());
    assert_eq!(fixture.seen().await, before);
}

#[tokio::test]
async fn a_reader_finds_exactly_the_shared_resources() {
    let fixture = Fixture::new().await;
    let eve = Reader {
        user: "eve".into(),
        email: None,
    };
    let window = |scope| schedules::Query {
        scope,
        from: at(-9_999_999),
        until: at(99_999_999),
        tag_ids: vec![],
        group_ids: vec![],
        zone: None,
    };
    let shared = super::todos::Query {
        scope: super::Scope::Shared,
        ..super::todos::Query::default()
    };
    let listed = async || {
        let page = fixture.todos.list(&eve, &shared, &PageRequest::default()).await;
        page.unwrap().items
    };
    assert!(listed().await.is_empty());
    assert!(fixture.schedules.one(&eve, fixture.schedule).await.is_err());
    fixture
        .run(format!(
            "INSERT INTO visibilities (id, resource_type, resource_id, owner_id, level, created_at, updated_at)
             VALUES ('{}', 'todo', '{}', 'ada', 'public', 0, 0), ('{}', 'schedule', '{}', 'ada', 'public', 0, 0)",
            Uuid::now_v7(),
            fixture.todo,
            Uuid::now_v7(),
            fixture.schedule
        ))
        .await;
    let todos = listed().await;
    assert_eq!(todos.len(), 1);
    assert!(todos[0].schedules.is_empty(), "its schedule is not shared");
    let view = todos[0].view(None);
    assert!(view.is_shared && view.visibility_level.is_none());
    let agenda = async |scope| {
        let agenda = fixture
            .schedules
            .agenda(&eve, &window(scope), &PageRequest::default())
            .await;
        agenda.unwrap().page.items
    };
    let found = agenda(super::Scope::All).await;
    let views: Vec<_> = found.iter().map(|entry| entry.view(None)).collect();
    assert_eq!(views.len(), 1, "12.9: its occurrence");
    assert!(views[0].is_shared && views[0].parent_id == Some(fixture.schedule) && views[0].owner_id.is_none());
    assert!(agenda(super::Scope::Mine).await.is_empty());
    fixture.schedules.delete(ada(), fixture.schedule).await.unwrap();
    assert!(agenda(super::Scope::All).await.is_empty());
}
