//! The components of the pages.
//!
//! Each type of view is compiled for itself, so few types make a small WebAssembly: a closure is written out where the
//! view uses it (`{move || sum()}`, not `{sum}`), since in release builds the macro gives those one type for each type of
//! result; and views that come and go are erased by `into_any`, or are in [`When`] and [`Rows`].

mod active_timers;
mod alerts;
#[cfg(feature = "ssr")]
mod auth_frame;
mod brand;
mod connection_status;
mod dial;
#[cfg(feature = "ssr")]
mod field;
mod finished_timers;
mod friends_activity;
mod link_chooser;
mod links;
mod list_keys;
mod next_today;
mod page_title;
mod search_field;
mod start_form;
mod timer_card;
mod timer_controls;
mod timer_face;
mod when;

#[cfg(feature = "ssr")]
pub use self::{
    auth_frame::AuthFrame,
    field::{Field, NextField, SubmitButton},
};
pub use active_timers::ActiveTimers;
pub use alerts::Alerts;
pub use brand::Brand;
pub use connection_status::ConnectionStatus;
pub use dial::DialMask;
pub use finished_timers::FinishedTimers;
pub use friends_activity::FriendsActivity;
pub use link_chooser::{ScheduleChooser, TagChooser, TodoChooser};
pub use links::{TagDot, TimerLinks};
pub use list_keys::{focus_soon, move_in_list};
pub use next_today::NextToday;
pub use page_title::set_page_title;
pub use search_field::SearchField;
pub use start_form::StartForm;
pub use timer_controls::TimerControls;
pub use timer_face::TimerFace;
pub use when::{RowSource, Rows, When, rows};
