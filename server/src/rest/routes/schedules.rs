//! `/v1/schedules`: schedules and their occurrences (contract, REST 7).

mod create;
mod edit;
mod read;

use crate::rest::http::table::Table;
pub use read::INCOMPLETE;
use utoipa_axum::routes;

/// The routes of this family.
pub fn routes(table: Table) -> Table {
    table
        .with(routes!(create::create, read::list))
        .with(routes!(read::one, edit::patch, edit::delete))
        .with(routes!(create::make_todo))
}
