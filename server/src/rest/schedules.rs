//! `/v1/schedules`: schedules and their occurrences (contract, REST 7).

mod body;
mod create;
mod edit;
mod params;
mod read;
mod timers;

// Each handler with the description that its route is made from.
pub use create::{__path_create, __path_make_todo, create, make_todo};
pub use edit::{__path_delete, __path_patch, delete, patch};
pub use params::ZoneParam;
pub use read::{__path_list, __path_one, INCOMPLETE, list, one};
pub use timers::{__path_active_timer, __path_list_timers, active_timer, list_timers};
