//! The API's documents (OpenAPI, AsyncAPI, `/docs`) against the real routes, answers and messages.

use crate::support::{
    TestServer, User, answer, create,
    oidc_users::{OidcServer, befriend},
};
use protocol::timers::{Action, ClientMessage, CommandType};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

pub const EXAMPLE: &str = "019a0000-0000-7000-8000-000000000000";

/// Every documented operation: path, method and operation object.
pub fn operations(document: &Value) -> Vec<(String, Method, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, operations)| {
        operations
            .as_object()
            .unwrap()
            .iter()
            .map(move |(method, operation)| (path.clone(), method.to_uppercase().parse().unwrap(), operation))
    });
    operations.collect()
}

/// Validates a value against a schema of a document, whose `$ref`s are resolved; returns the error, if any.
pub fn validation_error(document: &Value, schema: &Value, value: &Value) -> Option<String> {
    const NAME: &str = "http://localhost/schema.json";
    let mut whole = schema.clone();
    whole["components"] = document["components"].clone();
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.set_default_draft(boon::Draft::V2020_12);
    compiler.enable_format_assertions();
    compiler.add_resource(NAME, whole).unwrap();
    let schema = compiler.compile(NAME, &mut schemas).unwrap();
    schemas.validate(value, schema).err().map(|error| error.to_string())
}

/// Asserts that an answer matches the schema documented for its operation and status; returns the body.
fn assert_documented(document: &Value, template: &str, method: &str, (status, body): (StatusCode, Value)) -> Value {
    let mut response = &document["paths"][template][method]["responses"][status.as_str()];
    if let Some(name) = response["$ref"].as_str().and_then(|name| name.rsplit('/').next()) {
        response = &document["components"]["responses"][name];
    }
    let schema = &response["content"]["application/json"]["schema"];
    assert!(schema.is_object(), "{method} {template} {status} is not documented");
    assert_eq!(
        validation_error(document, schema, &body),
        None,
        "{method} {template} {status}: {body}"
    );
    body
}

pub async fn document(user: &User, path: &str) -> Value {
    let (status, document) = user.get(path).await;
    assert_eq!(status, StatusCode::OK);
    document
}

#[tokio::test]
async fn every_documented_operation_is_routed_and_no_other_method_is() {
    let server = TestServer::with([("SECURITY_CONTACT", "mailto:security@example.com")]).await;
    let ada = server.user("ada").await;
    let document = document(&ada, "/openapi.json").await;
    let operations = operations(&document);
    assert!(operations.len() > 10);
    for (path, ..) in &operations {
        let url: Vec<&str> = path
            .split('/')
            .map(|part| if part.starts_with('{') { EXAMPLE } else { part })
            .collect();
        let url = url.join("/");
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let documented = operations
                .iter()
                .any(|(known, verb, _)| known == path && *verb == method);
            let response = server.request(method.clone(), &url).send().await.unwrap();
            let routed =
                response.status() != StatusCode::METHOD_NOT_ALLOWED && response.status() != StatusCode::NOT_FOUND;
            assert_eq!(routed, documented, "{method} {path}: {}", response.status());
        }
    }
}

/// The names of an operation's query parameters that take an instant.
fn instant_parameters<'a>(document: &Value, operation: &'a Value) -> Vec<&'a str> {
    let takes = |schema: &Value, value: Value| validation_error(document, schema, &value).is_none();
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let instants = parameters.filter(|parameter| {
        let schema = &parameter["schema"];
        parameter["in"] == "query"
            && takes(schema, json!("2026-01-28T10:00:00Z"))
            && takes(schema, json!(1_704_103_200))
            && !takes(schema, json!("soon"))
    });
    instants.map(|parameter| parameter["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_instant_out_of_range_is_refused_in_every_query() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let document = document(&ada, "/openapi.json").await;
    let mut checked = 0;
    for (path, method, operation) in operations(&document) {
        let parts = path
            .split('/')
            .map(|part| if part.starts_with('{') { EXAMPLE } else { part });
        let path = parts.collect::<Vec<_>>().join("/");
        for name in instant_parameters(&document, operation) {
            for value in [
                "0000-12-31T23:59:59Z",
                "%2B10000-01-01T00:00:00Z",
                "1e300",
                "-62135596801",
                "253402300800",
            ] {
                let mut request = ada.request(method.clone(), &format!("{path}?{name}={value}"));
                if operation.get("requestBody").is_some() {
                    request = request.json(&json!({}));
                }
                let (status, body) = answer(request).await;
                assert_eq!(
                    status,
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "{method} {path}?{name}={value}"
                );
                let issues = body["detail"].as_array().unwrap();
                assert!(
                    issues.iter().any(|issue| issue["loc"] == json!(["query", name])),
                    "{method} {path}?{name}={value}: {body}"
                );
            }
            checked += 1;
        }
    }
    assert!(checked >= 6, "{checked}");
}

#[tokio::test]
async fn timer_and_auth_answers_match_the_document() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let document = document(&ada, "/openapi.json").await;
    let timer = ada.connect().live().await.change(create("Write")).await;
    let path = format!("/v1/timers/{}", timer.id);
    let check = |template: &str, method: &str, status: StatusCode, body: &Value| {
        assert_documented(&document, template, method, (status, body.clone()));
    };
    for (template, path) in [
        ("/health", "/health"),
        ("/v1/timers", "/v1/timers"),
        ("/v1/timers", "/v1/timers?scope=x"),
        ("/v1/timers", "/v1/timers?timezone=x"),
        ("/v1/timers", "/v1/timers?tag_ids=x"),
        ("/v1/timers/active", "/v1/timers/active"),
        (
            "/v1/timers/totals",
            "/v1/timers/totals?start_date=2026-01-01&end_date=2026-12-31",
        ),
        (
            "/v1/timers/totals",
            "/v1/timers/totals?start_date=2026-01-02&end_date=2026-01-01",
        ),
        ("/v1/timers/{timer_id}", path.as_str()),
        ("/v1/timers/{timer_id}", "/v1/timers/x"),
        ("/v1/timers/{timer_id}", &format!("/v1/timers/{EXAMPLE}")),
    ] {
        let (status, body) = ada.get(path).await;
        check(template, "get", status, &body);
    }
    let (status, body) = answer(server.request(Method::GET, "/v1/timers")).await;
    check("/v1/timers", "get", status, &body);
    for changes in [
        json!({ "title": null }),
        json!({ "title": 1 }),
        json!({ "todo_id": EXAMPLE }),
    ] {
        let (status, body) = ada.patch(&path, changes).await;
        check("/v1/timers/{timer_id}", "patch", status, &body);
    }
    for _ in 0..2 {
        let (status, body) = ada.delete(&path).await;
        check("/v1/timers/{timer_id}", "delete", status, &body);
    }
    let credentials = json!({ "email": "eve@example.com", "password": "correct horse" });
    for (call, status) in [
        ("sign-up", 201),
        ("sign-up", 409),
        ("sign-in", 200),
        ("refresh", 401),
        ("sign-out", 200),
    ] {
        let template = format!("/v1/auth/{call}");
        let (answered, body) = answer(server.request(Method::POST, &template).json(&credentials)).await;
        assert_eq!(answered, status);
        check(&template, "post", answered, &body);
    }
}

#[tokio::test]
async fn tag_schedule_and_todo_answers_match_the_document() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let document = document(&ada, "/openapi.json").await;
    let check = |template: &str, method: &str, answer| assert_documented(&document, template, method, answer);
    let group = json!({ "name": "Work", "color": "#fff", "goal_ratios": { "a": 0.5 } });
    let group = check("/v1/tags/groups", "post", ada.post("/v1/tags/groups", group).await)["id"].clone();
    let tag = json!({ "name": "deep", "color": "#fff", "group_id": group });
    let tag = check("/v1/tags", "post", ada.post("/v1/tags", tag.clone()).await)["id"].clone();
    let again = json!({ "name": "deep", "color": "#fff", "group_id": group });
    check("/v1/tags", "post", ada.post("/v1/tags", again).await);
    let schedule = json!({ "title": "Focus", "start_time": "2024-01-01T10:00:00Z", "end_time": "2024-01-01T11:00:00Z",
                           "recurrence_rule": "FREQ=DAILY;COUNT=2", "tag_ids": [tag] });
    let schedule = check("/v1/schedules", "post", ada.post("/v1/schedules", schedule).await)["id"].clone();
    let todo = json!({ "title": "Write", "tag_group_id": group, "deadline": "2024-01-02", "tag_ids": [tag] });
    let todo = check("/v1/todos", "post", ada.post("/v1/todos", todo).await)["id"].clone();
    for (template, method) in [
        ("/v1/tags", "post"),
        ("/v1/tags/groups", "post"),
        ("/v1/schedules", "post"),
        ("/v1/todos", "post"),
    ] {
        check(template, method, ada.post(template, json!({})).await);
    }
    let window = "start_date=2024-01-01&end_date=2024-02-01";
    for (template, query) in [
        ("/v1/tags", ""),
        ("/v1/tags/groups", ""),
        ("/v1/schedules", window),
        ("/v1/schedules", ""),
        ("/v1/todos", ""),
        ("/v1/todos/stats", ""),
        ("/v1/todos/time", ""),
        ("/v1/tags/time", "start_date=2026-01-01&end_date=2026-12-31"),
        ("/v1/tags/time", ""),
    ] {
        check(template, "get", ada.get(&format!("{template}?{query}")).await);
    }
    let made = format!("/v1/schedules/{}/todo", schedule.as_str().unwrap());
    for query in [
        "",
        &format!("?tag_group_id={}", group.as_str().unwrap()),
        &format!("?tag_group_id={EXAMPLE}"),
    ] {
        let answer = ada.post(&format!("{made}{query}"), json!({})).await;
        check("/v1/schedules/{schedule_id}/todo", "post", answer);
    }
    let occurrence = format!(
        "/v1/schedules/{}?instance_start=2024-01-01T10:00:00Z",
        schedule.as_str().unwrap()
    );
    check(
        "/v1/schedules/{schedule_id}",
        "patch",
        ada.patch(&occurrence, json!({ "title": "X" })).await,
    );
    check("/v1/schedules/{schedule_id}", "delete", ada.delete(&occurrence).await);
    for (template, id) in [
        ("/v1/schedules/{schedule_id}", &schedule),
        ("/v1/todos/{todo_id}", &todo),
        ("/v1/tags/{tag_id}", &tag),
        ("/v1/tags/groups/{group_id}", &group),
    ] {
        let (family, _) = template.rsplit_once('/').unwrap();
        let path = format!("{family}/{}", id.as_str().unwrap());
        for path in [path.as_str(), &format!("{family}/7"), &format!("{family}/{EXAMPLE}")] {
            check(template, "get", ada.get(path).await);
            check(template, "patch", ada.patch(path, json!({})).await);
            if family == "/v1/schedules" || family == "/v1/todos" {
                check(
                    &format!("{template}/timers"),
                    "get",
                    ada.get(&format!("{path}/timers")).await,
                );
                check(
                    &format!("{template}/timers/active"),
                    "get",
                    ada.get(&format!("{path}/timers/active")).await,
                );
            }
        }
        check(template, "delete", ada.delete(&path).await);
        check(template, "delete", ada.delete(&path).await);
    }
}

#[tokio::test]
async fn friend_and_visibility_answers_match_the_document() {
    let oidc = OidcServer::start().await;
    let (ada, eve) = (oidc.person("ada").await, oidc.person("eve").await);
    let document = document(&ada, "/openapi.json").await;
    let check = |template: &str, method: &str, answer| assert_documented(&document, template, method, answer);
    let post = async |user: &User, path: &str| answer(user.request(Method::POST, path)).await;
    let me = "/v1/users/me";
    check(me, "get", ada.get(me).await);
    let named = json!({ "display_name": "Ada" });
    for changes in [
        json!({ "friend_activity": "running" }),
        json!({ "friend_activity": 1 }),
        named,
    ] {
        check(me, "patch", ada.patch(me, changes).await);
    }
    let preferences = "/v1/users/me/preferences";
    check(preferences, "get", ada.get(preferences).await);
    let all = json!({ "language": "ko", "theme": "dark", "time_zone": "Asia/Seoul", "week_start": "sunday", "hour_cycle": 12,
                      "default_minutes": 50, "sound": false, "notifications": true });
    for changes in [all, json!({ "theme": null }), json!({ "hour_cycle": 13 })] {
        check(preferences, "patch", ada.patch(preferences, changes).await);
    }
    let settings = "/v1/notifications/settings";
    check(settings, "get", ada.get(settings).await);
    for body in [json!({ "shared": false }), json!({ "shared": 1 })] {
        let put = ada.request(Method::PUT, settings).json(&body);
        check(settings, "put", answer(put).await);
    }
    let renewal = "/v1/users/me/friend-code";
    check(renewal, "post", post(&ada, renewal).await);
    for request in [
        json!({ "friend_code": "x" }),
        json!({ "email": "nobody@mail.test" }),
        json!({}),
    ] {
        check(
            "/v1/friends/requests",
            "post",
            ada.post("/v1/friends/requests", request).await,
        );
    }
    let friendship = befriend(&ada, &eve).await;
    let told = ada.get("/v1/notifications").await;
    let read = format!("/v1/notifications/{}/read", told.1[0]["id"].as_str().unwrap());
    check("/v1/notifications", "get", told);
    check("/v1/notifications", "get", ada.get("/v1/notifications?before=x").await);
    let template = "/v1/notifications/{notification_id}/read";
    check(template, "post", post(&ada, &read).await);
    check(template, "post", post(&eve, &read).await);
    let all = "/v1/notifications/read-all";
    check(all, "post", post(&ada, all).await);
    for (template, path) in [
        ("/v1/friends", "/v1/friends"),
        ("/v1/friends/ids", "/v1/friends/ids"),
        ("/v1/friends/requests/sent", "/v1/friends/requests/sent"),
        ("/v1/friends/requests/received", "/v1/friends/requests/received"),
        ("/v1/friends/check/{user_id}", "/v1/friends/check/eve"),
        ("/v1/friends/check/{user_id}", "/v1/friends/check/%00"),
    ] {
        check(template, "get", ada.get(path).await);
    }
    let timer = ada.connect().live().await.change(create("Write")).await.id;
    for path in [
        format!("/v1/visibility/timer/{timer}"),
        format!("/v1/visibility/todo/{timer}"),
    ] {
        let template = "/v1/visibility/{type}/{id}";
        for setting in [
            json!({ "level": "public" }),
            json!({ "level": "selected", "allowed_user_ids": ["x"] }),
        ] {
            check(
                template,
                "put",
                answer(ada.request(Method::PUT, &path).json(&setting)).await,
            );
        }
        for user in [&eve, &ada] {
            check(template, "get", user.get(&path).await);
            check(template, "delete", user.delete(&path).await);
        }
        check(template, "get", ada.get(&path).await);
    }
    let block = "/v1/friends/block/{user_id}";
    for (user, other) in [(&ada, "eve"), (&eve, "ada"), (&eve, "eve")] {
        let path = format!("/v1/friends/block/{other}");
        check(block, "post", post(user, &path).await);
        check(block, "delete", user.delete(&path).await);
    }
    check(
        "/v1/friends/{friendship_id}",
        "delete",
        ada.delete(&format!("/v1/friends/{friendship}")).await,
    );
}

#[tokio::test]
async fn too_long_bodies_get_the_documented_413() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let document = document(&ada, "/openapi.json").await;
    for (path, method, operation) in operations(&document) {
        if operation.get("requestBody").is_none() || path.contains('{') {
            continue;
        }
        let long = json!({ "title": "x".repeat(300 * 1024) });
        let answer = answer(ada.request(method.clone(), &path).json(&long)).await;
        assert_eq!(answer.0, StatusCode::PAYLOAD_TOO_LARGE, "{method} {path}");
        assert_documented(&document, &path, &method.as_str().to_lowercase(), answer);
    }
}

#[tokio::test]
async fn refused_handshakes_are_documented() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let document = document(&ada, "/openapi.json").await;
    let handshake = [
        ("connection", "upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    for (name, value, expected) in [
        ("upgrade", "h2c", 426),
        ("sec-websocket-version", "8", 426),
        ("sec-websocket-key", "short", 400),
        ("origin", "https://evil.example", 403),
    ] {
        let mut request = server.request(Method::GET, "/v1/ws/timers");
        for (known, usual) in handshake {
            request = request.header(known, if known == name { value } else { usual });
        }
        if name == "origin" {
            request = request.header(name, value);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), expected, "{name}: {value}");
        let described = &document["paths"]["/v1/ws/timers"]["get"]["responses"][expected.to_string()];
        assert!(described["content"]["text/plain"].is_object(), "{expected}");
        let kind = response.headers()[header::CONTENT_TYPE].to_str().unwrap();
        assert!(kind.starts_with("text/plain"), "{kind}");
    }
}

#[tokio::test]
async fn websocket_messages_match_the_document() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let document = document(&ada, "/asyncapi.json").await;
    let check = |message: &Value| {
        let described = &document["components"]["messages"][message["type"].as_str().unwrap()];
        assert!(described.is_object(), "not documented: {message}");
        assert_eq!(
            validation_error(&document, &described["payload"], message),
            None,
            "{message}"
        );
    };
    let mut client = ada.connect().query("changes=true").open().await.unwrap();
    check(&client.next_json().await);
    check(&client.next_json().await);
    ada.made("/v1/tags/groups", json!({ "name": "G", "color": "#abcdef" }))
        .await;
    let hint = client.next_json().await;
    assert_eq!(hint["type"], "data.changed");
    check(&hint);
    let mut ask = async |text: String| {
        client.send_raw(Message::text(text)).await;
        let message = client.next_json().await;
        check(&message);
        message
    };
    let created = ask(document["components"]["messages"]["timer.create"]["examples"][0]["payload"].to_string()).await;
    let timer_id = &created["payload"]["timer"]["id"];
    for kind in CommandType::ALL.iter().filter(|kind| **kind != CommandType::Create) {
        let payload = match kind {
            CommandType::Renew => json!({ "token": ada.grant.access_token }),
            CommandType::Sync | CommandType::Ping => json!({}),
            _ => json!({ "timer_id": timer_id }),
        };
        let answer =
            ask(json!({ "type": kind.wire_name(), "payload": payload, "id": kind.wire_name() }).to_string()).await;
        assert_eq!(answer["reply_to"], kind.wire_name());
    }
    ask("{".into()).await;
    let path = format!("/v1/timers/{}", timer_id.as_str().unwrap());
    ada.patch(&path, json!({ "title": "Read" })).await;
    check(&client.next_json().await);
    ada.delete(&path).await;
    check(&client.next_json().await);
    assert_eq!(Action::ALL.len(), 4, "a new action is a new command type");
}

#[tokio::test]
async fn every_documented_client_message_is_parsed() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let document = document(&ada, "/asyncapi.json").await;
    let received: Vec<&Value> = document["operations"]
        .as_object()
        .unwrap()
        .values()
        .filter(|operation| operation["action"] == "receive")
        .collect();
    assert_eq!(received.len(), CommandType::ALL.len());
    for operation in received {
        let name = operation["messages"][0]["$ref"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap();
        let message = &document["components"]["messages"][name];
        let example = &message["examples"][0]["payload"];
        assert_eq!(
            validation_error(&document, &message["payload"], example),
            None,
            "{name}"
        );
        let parsed = ClientMessage::parse(&example.to_string()).unwrap();
        assert_eq!(parsed.command.command_type().wire_name(), name);
    }
}

#[tokio::test]
async fn docs_pages_load_nothing_from_other_origins_and_link_to_the_playground() {
    let server = TestServer::start().await;
    for path in ["/docs", "/docs/websocket"] {
        let response = server.request(Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        let page = response.text().await.unwrap();
        assert!(page.contains("href=/ws-playground"), "{page}");
        for foreign in ["http://", "https://", "href=//", "src=//"] {
            assert!(!page.contains(foreign), "{foreign}");
        }
    }
}

#[tokio::test]
async fn documents_are_served_in_development_only() {
    let server = TestServer::with([
        ("ENVIRONMENT", "production"),
        ("JWT_SECRET", "a secret of more than 32 bytes!!"),
    ])
    .await;
    for path in [
        "/openapi.json",
        "/asyncapi.json",
        "/docs",
        "/docs/websocket",
        "/docs/files/rest.js",
    ] {
        let response = server.request(Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
    }
}
