//! `/v1/timers`: timers are queried and edited here, and controlled over the WebSocket (contract, REST 9).

mod edit;
mod filter;
mod params;
mod read;
mod view;

// Each handler with the description that its route is made from.
pub use edit::{__path_delete, __path_patch, delete, patch};
pub use read::{__path_active, __path_list, __path_one, active, list, one};
pub use view::RestTimer;
