//! The components of the pages.

mod active_timers;
mod alerts;
mod auth_frame;
mod brand;
mod connection_status;
mod dial;
mod field;
mod finished_timers;
mod friends_activity;
mod header;
mod link_chooser;
mod links;
mod page_title;
mod start_form;
mod timer_card;
mod timer_controls;

pub use active_timers::ActiveTimers;
pub use alerts::Alerts;
pub use auth_frame::{AuthFrame, shown_error};
pub use brand::Brand;
pub use field::{Field, SubmitButton};
pub use finished_timers::FinishedTimers;
pub use friends_activity::FriendsActivity;
pub use header::Header;
pub use page_title::PageTitle;
pub use start_form::StartForm;
