//! `/v1/todos`: todos and their tree (contract, REST 8).

mod edit;
mod read;
mod stats;
mod time;

use crate::rest::http::table::Table;
use utoipa_axum::routes;

/// The routes of this family.
pub fn routes(table: Table) -> Table {
    table
        .with(routes!(edit::create, read::list))
        .with(routes!(stats::stats))
        .with(routes!(time::time))
        .with(routes!(read::one, edit::patch, edit::delete))
}
