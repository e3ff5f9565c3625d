//! `/v1/todos`: todos and their tree (contract, REST 8).

mod body;
mod edit;
mod read;
mod stats;
mod timers;

// Each handler with the description that its route is made from.
pub use edit::{__path_create, __path_delete, __path_patch, create, delete, patch};
pub use read::{__path_list, __path_one, list, one};
pub use stats::{__path_stats, stats};
pub use timers::{__path_active_timer, __path_list_timers, active_timer, list_timers};
