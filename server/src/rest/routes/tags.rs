//! `/v1/tags`: tags and tag groups (contract, REST 6). They are never shared.

mod groups;
mod items;
mod time;

use crate::rest::http::table::Table;
use utoipa_axum::routes;

/// The routes of this family.
pub fn routes(table: Table) -> Table {
    table
        .with(routes!(groups::create_group, groups::list_groups))
        .with(routes!(groups::one_group, groups::patch_group, groups::delete_group))
        .with(routes!(items::create, items::list))
        .with(routes!(time::time))
        .with(routes!(items::one, items::patch, items::delete))
}
