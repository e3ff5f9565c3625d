//! `/v1/timers`: reads and edits timers, which are controlled over the WebSocket (contract, REST 9).

mod edit;
mod query;
mod read;
mod totals;
mod view;

use crate::rest::http::table::Table;
use utoipa_axum::routes;
pub use view::RestTimer;

/// The routes of this family.
pub fn routes(table: Table) -> Table {
    table
        .with(routes!(read::list, edit::delete_all))
        .with(routes!(read::active))
        .with(routes!(totals::totals))
        .with(routes!(read::one, edit::patch, edit::delete))
}
