//! A part of a user's todos as a tree by groups, for the page of todos: so many rows as it shows, however many todos there
//! are.

mod plan;

use super::Todos;
use crate::{
    paging::{NameKey, PageRequest},
    service::Refusal,
    store::{Conn, StoreError, schedules, tag_groups, tagged, tags, text_pattern::TextPattern, todos},
};
use plan::{Counts, Plan};
use protocol::{
    id::{TagGroupId, TagId, TodoId, UserId},
    schedule::Schedule,
    tag::{Tag, TagGroup},
    todo::{Todo, TodoStatus},
};
use std::collections::{HashMap, HashSet};

/// The maximum number of groups and of tags, by name.
const GROUPS: usize = 200;
const TAGS: usize = 500;

/// Statuses of the todos that are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StatusFilter {
    /// Neither done nor cancelled.
    #[default]
    Open,
    Done,
    Cancelled,
    All,
}

impl StatusFilter {
    fn passes(self, status: TodoStatus) -> bool {
        match self {
            Self::Open => !matches!(status, TodoStatus::Done | TodoStatus::Cancelled),
            Self::Done => status == TodoStatus::Done,
            Self::Cancelled => status == TodoStatus::Cancelled,
            Self::All => true,
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct OutlineQuery {
    /// A part of the title or the description.
    pub text: Option<TextPattern>,
    /// Only trees of this group.
    pub group: Option<TagGroupId>,
    /// Only todos with this tag.
    pub tag: Option<TagId>,
    pub status: StatusFilter,
    /// The keys ([`protocol::todo::fold_key`]) of the groups and todos whose content is not shown.
    pub folded: HashSet<u32>,
    /// With a group: the number of its rows that are left out at its start.
    pub from: usize,
    /// A todo with its description and schedules.
    pub detail: Option<TodoId>,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Outline {
    /// All groups, by name.
    pub groups: Vec<OutlineGroup>,
    /// All tags, by name.
    pub tags: Vec<Tag>,
    /// The todos, each after its parent, group by group.
    pub rows: Vec<OutlineRow>,
    pub detail: Option<OutlineDetail>,
}

#[derive(Clone, Debug)]
pub struct OutlineGroup {
    pub group: TagGroup,
    /// Its open todos, whatever the filters.
    pub open: usize,
    /// The rows that it has with these filters.
    pub total: usize,
    /// The number of rows up to the last one that is shown.
    pub shown: usize,
}

#[derive(Clone, Debug)]
pub struct OutlineRow {
    pub todo: Todo,
    pub tags: Vec<TagId>,
    /// Whether it matches the filters; else it is above one that does.
    pub is_match: bool,
    /// The todos right below it, without cancelled ones, and how many of them are done; whatever the filters.
    pub children: u32,
    pub done: u32,
    /// The time spent on it and on all todos below it, in seconds.
    pub seconds: i64,
}

#[derive(Clone, Debug)]
pub struct OutlineDetail {
    pub row: OutlineRow,
    /// Its schedules, ordered by start.
    pub schedules: Vec<Schedule>,
}

impl Todos {
    /// The part of a user's todos that a page shows. A statement for each table, and one for each filter.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub async fn outline(&self, owner: &UserId, query: &OutlineQuery) -> Result<Outline, Refusal> {
        let times = self.all_times(owner, None).await?;
        let seconds = times.iter().map(|time| (time.todo_id, time.seconds_with_children));
        let seconds: HashMap<TodoId, i64> = seconds.collect();
        let found = self
            .store
            .read_for(owner, async |conn| outline(conn, owner, query, &seconds).await)
            .await;
        Ok(found?)
    }
}

async fn outline(
    conn: &mut Conn,
    owner: &UserId,
    query: &OutlineQuery,
    seconds: &HashMap<TodoId, i64>,
) -> Result<Outline, StoreError> {
    let limited = |limit| PageRequest::<NameKey> {
        limit,
        ..PageRequest::default()
    };
    let groups = tag_groups::list(conn, owner, None, &mut limited(GROUPS).room()).await?;
    let tags = tags::list(conn, owner, None, &mut limited(TAGS).room()).await?;
    let places = todos::places(conn, owner).await?;
    let with_status = places.iter().filter(|place| query.status.passes(place.status));
    let mut matches: HashSet<TodoId> = with_status.map(|place| place.id).collect();
    if let Some(tag) = query.tag {
        let tagged: HashSet<TodoId> = tagged::with_tag(conn, tag).await?;
        matches.retain(|id| tagged.contains(id));
    }
    if let Some(text) = &query.text {
        let found = todos::with_text(conn, owner, text).await?;
        matches.retain(|id| found.contains(id));
    }
    let group_ids: Vec<TagGroupId> = groups.iter().map(|group| group.id).collect();
    let plan = Plan {
        places: &places,
        matches: &matches,
        groups: &group_ids,
        folded: &query.folded,
        group: query.group,
        from: query.from,
    };
    let planned = plan.make();
    let detail = query.detail.filter(|id| places.iter().any(|place| place.id == *id));
    let mut ids = planned.rows.clone();
    ids.extend(detail.filter(|id| !planned.rows.contains(id)));
    let todos = todos::find_all(conn, &ids).await?;
    let mut todos: HashMap<TodoId, Todo> = todos.into_iter().map(|todo| (todo.id, todo)).collect();
    let mut tag_ids = tagged::tag_ids_of(conn, &ids).await?;
    let mut row = |id: &TodoId| {
        let counts = planned.counts.get(id).copied().unwrap_or(Counts::default());
        let mut tags: Vec<TagId> = tag_ids.remove(id).into_iter().flatten().map(|(tag, _)| tag).collect();
        tags.sort();
        Some(OutlineRow {
            todo: todos.remove(id)?,
            tags,
            is_match: matches.contains(id),
            children: counts.children,
            done: counts.done,
            seconds: seconds.get(id).copied().unwrap_or_default(),
        })
    };
    let rows: Vec<OutlineRow> = planned.rows.iter().filter_map(&mut row).collect();
    let shown = detail.and_then(|id| rows.iter().find(|row| row.todo.id == id).cloned().or_else(|| row(&id)));
    let detail = match shown {
        Some(row) => Some(OutlineDetail {
            schedules: schedules::shown_of_todos(conn, &[row.todo.id]).await?,
            row,
        }),
        None => None,
    };
    let groups = groups
        .into_iter()
        .zip(planned.groups)
        .map(|(group, planned)| OutlineGroup {
            group,
            open: planned.open,
            total: planned.total,
            shown: planned.shown,
        });
    Ok(Outline {
        groups: groups.collect(),
        tags,
        rows,
        detail,
    })
}
