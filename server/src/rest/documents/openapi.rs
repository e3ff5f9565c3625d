//! The OpenAPI document: the routes' descriptions, and answers that many of them share.

use crate::{
    auth::refresh_cookie,
    config::Environment,
    rest::{
        http::error::{DetailError, DomainError, ValidationError},
        routes,
    },
};
use protocol::rest::input::UserIdParam;
use serde_json::{Map, Value, json};
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Lockstep",
        description = "Timers that stay in step on every device. They are controlled over the WebSocket /v1/ws/timers \
                       (described by /asyncapi.json), and queried and edited here."
    ),
    tags(
        (name = "timers", description = "Timers over REST"),
        (name = "tags", description = "Tags and tag groups; never shared"),
        (name = "users", description = "Oneself"),
        (name = "friends", description = "Friends, requests and blocks"),
        (name = "notifications", description = "What the caller is told about"),
        (name = "visibility", description = "Access of other users to schedules, timers and todos"),
        (name = "schedules", description = "Schedules, and the occurrences of recurring ones"),
        (name = "todos", description = "Todos, their tree, and the schedules that their deadlines create"),
        (name = "accounts", description = "Built-in accounts; the refresh token travels in an HttpOnly cookie only"),
        (name = "server", description = "The server itself"),
        (name = "documents", description = "This description; in development only"),
    ),
    components(schemas(DetailError, DomainError, ValidationError, UserIdParam))
)]
struct Lockstep;

/// The document without routes.
pub fn empty() -> utoipa::openapi::OpenApi {
    Lockstep::openapi()
}

/// The document of all routes.
pub fn document() -> Value {
    let mut document = json!(routes::table(Environment::Development).split().1);
    let paths = document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut);
    for operation in paths.filter_map(Value::as_object_mut).flat_map(Map::values_mut) {
        add_shared_answers(operation);
    }
    let description = document["info"]["description"].as_str().unwrap_or_default();
    document["info"]["description"] = format!("{description}{}", super::playground_note()).into();
    document["components"]["responses"] = shared_answers();
    document["components"]["securitySchemes"] = json!({
        "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" },
        "refresh_cookie": { "type": "apiKey", "in": "cookie", "name": refresh_cookie::PLAIN },
    });
    document
}

/// Adds the answers that follow from an operation's inputs (contract, REST 2.2, 3 and 4.5).
fn add_shared_answers(operation: &mut Value) {
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let takes_token = operation["security"].to_string().contains("bearer");
    let takes_zone = takes_token && parameters.iter().any(|parameter| parameter["name"] == "timezone");
    let is_list = parameters.iter().any(|parameter| parameter["name"] == "cursor");
    if is_list {
        operation["responses"]["200"]["headers"]["Link"] = json!({
            "description": "If there are more: the URL of the next page, with rel=\"next\" (RFC 8288). A page ends by \
                            limit, or earlier by its bytes; the last one has no such header.",
            "schema": { "type": "string" },
        });
    }
    let takes_body = operation.get("requestBody").is_some();
    let takes_values = takes_token && !parameters.is_empty() || takes_body;
    let answers = [
        (takes_zone, "400", "InvalidTimezone"),
        (takes_token, "401", "Unauthorized"),
        (takes_token && takes_body, "409", "QuotaExceeded"),
        (takes_body, "413", "TooLarge"),
        (takes_values, "422", "Unprocessable"),
        (takes_token, "429", "TooManyRequests"),
        (takes_token || takes_values, "500", "Failed"),
        (takes_token, "503", "Unavailable"),
    ];
    for (_, status, name) in answers.into_iter().filter(|(applies, ..)| *applies) {
        if operation["responses"].get(status).is_none() {
            operation["responses"][status] = json!({ "$ref": format!("#/components/responses/{name}") });
        }
    }
}

fn shared_answers() -> Value {
    let answer = |description: &str, schema: &str| {
        let schema = json!({ "$ref": format!("#/components/schemas/{schema}") });
        json!({ "description": description, "content": { "application/json": { "schema": schema } } })
    };
    json!({
        "InvalidTimezone": answer("The timezone is invalid; nothing was changed.", "DomainError"),
        "Unauthorized": answer("The access token is missing or invalid.", "DetailError"),
        "TooLarge": answer("The body is too large; nothing was changed.", "DetailError"),
        "Unprocessable": answer("All invalid values of the request; nothing was changed.", "ValidationError"),
        "TooManyRequests": answer("Too many requests of this user; Retry-After is the number of seconds to wait.", "DetailError"),
        "QuotaExceeded": answer("A quota of the user would be exceeded; nothing was changed.", "DomainError"),
        "Unavailable": answer(
            "The server is busy, and Retry-After is the number of seconds to wait; or tokens cannot be verified now.",
            "DetailError",
        ),
        "Failed": answer("An internal error; nothing was changed.", "DomainError"),
    })
}

#[cfg(test)]
mod tests;
