//! The shapes of the REST API that the server and its clients share.

pub mod account;
mod schedule;
mod tag;
mod todo;

pub use schedule::ScheduleView;
pub use tag::{TagGroupView, TagGroupWithTags, TagView};
pub use todo::TodoView;
