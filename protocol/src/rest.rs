//! The types of the REST API: the server parses, writes and describes with them, and clients send and read them.

pub mod account;
mod days;
pub mod input;
mod notification;
mod page;
mod person;
#[cfg(debug_assertions)]
pub mod playground;
mod preferences;
mod schedule;
mod tag;
mod timer;
mod todo;

pub use days::DaysQuery;
pub use notification::{NewNotificationSettings, NotificationQuery};
pub use page::{PageQuery, ZoneQuery};
pub use person::{Address, FriendCode, MyChanges, NewFriendRequest, NewVisibility, ResourcePath, VisibilityList};
pub use preferences::PreferenceChanges;
pub use schedule::{
    CreateTodoOptions, DroppedException, InstanceQuery, NewSchedule, NewScheduleBody, ScheduleChanges, ScheduleQuery,
    ScheduleTodoQuery, ScheduleView, schedule_time,
};
pub use tag::{
    NewTag, NewTagGroup, TagChanges, TagGroupChanges, TagGroupTime, TagGroupView, TagGroupWithTags, TagTimes, TagView,
};
pub use timer::{
    DayTotal, DeletedTimers, HistoryPage, HistoryQuery, HistoryTimer, LinkFilter, ScheduleTimersQuery, StatusFilter,
    TagIncludeMode, TimerChanges, TimerFilter, TimerSearch, TimerTotals, TimerViewQuery, TodoTimersQuery,
};
pub use todo::{NewTodo, TodoChanges, TodoQuery, TodoStatsQuery, TodoTime, TodoTimeQuery, TodoView};
