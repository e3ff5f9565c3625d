//! Todos in a tree by groups. As everywhere, a todo with a deadline has a schedule of an hour.

use super::{DAY_MILLIS, DAYS, random::Random, tags::Group, words};
use crate::{
    service::todos::deadline_schedule,
    store::{Conn, StoreError, bulk::WriteSet, schedules, tagged, todos},
};
use protocol::{
    id::{TagId, TodoId, UserId},
    time::Timestamp,
    todo::{Todo, TodoStatus},
};
use std::collections::HashMap;
use uuid::Uuid;

/// The maximum depth of the tree.
const DEPTH: usize = 5;

/// Writes them; returns their ids.
///
/// # Errors
/// [`StoreError`].
pub async fn write(
    conn: &mut Conn,
    user: &UserId,
    count: usize,
    groups: &[Group],
    random: &mut Random,
    now: Timestamp,
) -> Result<Vec<TodoId>, StoreError> {
    let (mut all, mut tags) = (Vec::new(), Vec::new());
    let mut deadlines = Vec::new();
    // Those that can have children, with their depths, by the place of their group.
    let mut parents: HashMap<usize, Vec<(TodoId, usize)>> = HashMap::new();
    for number in 0..count {
        let place = number % groups.len();
        let group = &groups[place];
        let above = parents.entry(place).or_default();
        let parent = random.of(above).copied().filter(|_| random.percent(70));
        let depth = parent.map_or(0, |(_, depth)| depth + 1);
        let todo = todo(user, group, parent.map(|(id, _)| id), random, now);
        if depth + 1 < DEPTH {
            above.push((todo.id, depth));
        }
        todos::insert(conn, &todo).await?;
        let own: Vec<TagId> = random.some(&group.tags, 3);
        tags.extend(own.iter().map(|tag| (todo.id, *tag)));
        if let Some(deadline) = todo.deadline {
            let schedule = deadline_schedule(&todo, deadline, todo.created_at);
            schedules::insert(conn, &schedule).await?;
            deadlines.extend(own.into_iter().map(|tag| (schedule.id, tag)));
        }
        all.push(todo.id);
    }
    let mut writes = WriteSet::default();
    tagged::insert(&mut writes, &tags);
    tagged::insert(&mut writes, &deadlines);
    writes.run(conn).await?;
    Ok(all)
}

fn todo(user: &UserId, group: &Group, parent_id: Option<TodoId>, random: &mut Random, now: Timestamp) -> Todo {
    let age = random.number(1..DAYS) * DAY_MILLIS;
    let deadline = random.percent(30).then(|| {
        let hours = random.number(-24 * 300..24 * 90);
        Timestamp::from_millis((now.millis() / 3_600_000 + hours) * 3_600_000)
    });
    let status = match random.number(0..100) {
        0..50 => TodoStatus::Done,
        50..57 => TodoStatus::Cancelled,
        _ if deadline.is_some() => TodoStatus::Scheduled,
        _ => TodoStatus::Unscheduled,
    };
    Todo {
        id: TodoId(Uuid::now_v7()),
        owner_id: user.clone(),
        title: words::task(random),
        description: words::description(random),
        deadline,
        tag_group_id: group.id,
        parent_id,
        status,
        created_at: now.plus_millis(-age),
    }
}
