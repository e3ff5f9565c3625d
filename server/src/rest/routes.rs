//! The endpoints, a file or folder per family. A family lists its routes beside its handlers.

mod auth;
mod friends;
mod health;
mod linked_timers;
mod metrics;
mod notifications;
mod preferences;
pub mod schedules;
mod security_txt;
mod tags;
mod timers;
mod todos;
mod users;
mod visibility;

use super::{documents, http::table::Table};
use crate::{config::Environment, ws};
use utoipa_axum::routes;

/// All routes of the API including WebSockets, with their descriptions.
pub fn table(environment: Environment) -> Table {
    let mut table = Table::default()
        .with(routes!(health::health))
        .with(routes!(metrics::metrics))
        .with(routes!(security_txt::security_txt));
    for add in [
        auth::routes,
        tags::routes,
        schedules::routes,
        todos::routes,
        linked_timers::routes,
        timers::routes,
        users::routes,
        preferences::routes,
        friends::routes,
        notifications::routes,
        visibility::routes,
    ] {
        table = add(table);
    }
    table = table.with(routes!(ws::timers::connect));
    if environment != Environment::Development {
        return table;
    }
    table
        .with(routes!(documents::openapi))
        .with(routes!(documents::asyncapi))
}
