//! Request inputs against the OpenAPI document: the server answers 422 exactly where the document's schemas do not match,
//! except for rules that a schema cannot express.

use crate::{
    documents::{EXAMPLE, document, operations, validation_error},
    support::{TestServer, User, answer},
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// Issue types of rules that no schema can express: an end before its start, an invalid address, and cursors, which are
/// opaque.
const RULES: [&str; 2] = ["value_error", "cursor"];

/// Values of every type, valid or invalid for most members.
fn values() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(1),
        json!(-1.5),
        json!(""),
        json!("x"),
        json!("x\0"),
        json!("x".repeat(501)),
        json!("x".repeat(20_001)),
        json!("#a0f"),
        json!("#ggg"),
        json!("a@b"),
        json!("2024-01-01T10:00:00Z"),
        json!("2024-13-01"),
        json!(EXAMPLE),
        json!([]),
        json!([EXAMPLE]),
        json!([1]),
        json!(vec![EXAMPLE; 1_001]),
        json!({}),
        json!({ "x": 0.5 }),
        json!({ "x": "y" }),
    ]
}

/// Resolves a schema's `$ref`.
fn resolved<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    match schema["$ref"].as_str().and_then(|target| target.strip_prefix('#')) {
        Some(path) => resolved(document, document.pointer(path).unwrap()),
        None => schema,
    }
}

/// The smallest value that a schema allows.
fn example(document: &Value, schema: &Value) -> Value {
    let schema = resolved(document, schema);
    if let Some(example) = schema["examples"].get(0).or_else(|| schema["enum"].get(0)) {
        return example.clone();
    }
    if let Some(branches) = schema["oneOf"].as_array() {
        let value = branches.iter().find(|branch| branch["type"] != "null").unwrap();
        return example(document, value);
    }
    match schema["type"].as_str().unwrap_or_default() {
        "object" => {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let members = required.iter().map(|name| {
                let name = name.as_str().unwrap();
                (name.to_owned(), example(document, &schema["properties"][name]))
            });
            Value::Object(members.collect())
        }
        "array" => json!([]),
        "boolean" => json!(true),
        "integer" | "number" => schema.get("minimum").cloned().unwrap_or(json!(1)),
        "string" if schema["format"] == "uuid" => json!(EXAMPLE),
        "string" => json!("x y z 1234"),
        kind => panic!("no example of {kind}: {schema}"),
    }
}

/// Like `example`, with a valid end for schedules, which must end after they start.
fn valid(document: &Value, schema: &Value) -> Value {
    let mut body = example(document, schema);
    if body.get("end_time").is_some() {
        body["end_time"] = json!("2026-01-28T11:00:00Z");
    }
    body
}

/// The alternatives of a schema: itself, or each branch of its `oneOf`.
fn branches<'d>(document: &'d Value, schema: &'d Value) -> Vec<&'d Value> {
    let schema = resolved(document, schema);
    match schema["oneOf"].as_array() {
        Some(branches) => branches.iter().map(|branch| resolved(document, branch)).collect(),
        None => vec![schema],
    }
}

/// Whether the server refused a request for its input; `None` if only for rules that no schema can express.
fn is_refused((status, body): &(StatusCode, Value)) -> Option<bool> {
    assert!(!status.is_server_error() || *status == 503, "{status}: {body}");
    match *status {
        StatusCode::UNPROCESSABLE_ENTITY => {}
        // The body exceeds the size limit and was not read.
        StatusCode::PAYLOAD_TOO_LARGE => return None,
        _ => return Some(false),
    }
    let kinds = body["detail"]
        .as_array()
        .unwrap()
        .iter()
        .map(|issue| issue["type"].as_str().unwrap());
    (!kinds.clone().all(|kind| RULES.contains(&kind))).then_some(true)
}

fn path(template: &str) -> String {
    let parts = template.split('/').map(|part| match part {
        "{type}" => "timer",
        "{user_id}" => "eve",
        part if part.starts_with('{') => EXAMPLE,
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

async fn send(user: &User, method: &Method, url: &str, body: Option<&Value>) -> (StatusCode, Value) {
    let request = user.request(method.clone(), url);
    answer(match body {
        Some(body) => request.json(body),
        None => request,
    })
    .await
}

/// The required query parameters with allowed values, except one.
fn required_query(document: &Value, operation: &Value, except: &str) -> String {
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let required = parameters
        .iter()
        .filter(|parameter| parameter["in"] == "query" && parameter["required"] == true && parameter["name"] != except);
    let pairs = required.map(|parameter| {
        let value = example(document, &parameter["schema"]);
        format!("{}={}&", parameter["name"].as_str().unwrap(), value.as_str().unwrap())
    });
    pairs.collect()
}

#[tokio::test]
async fn bodies_are_refused_exactly_where_the_document_refuses_them() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let document = document(&ada, "/openapi.json").await;
    let (mut bodies, mut differences) = (0, Vec::new());
    for (template, method, operation) in operations(&document) {
        let Some(body) = operation.get("requestBody") else {
            continue;
        };
        let schema = &body["content"]["application/json"]["schema"];
        let url = format!("{}?{}", path(&template), required_query(&document, operation, ""));
        let mut cases = vec![json!({}), json!([]), json!("x")];
        for branch in branches(&document, schema) {
            let valid = valid(&document, branch);
            for name in branch["properties"].as_object().unwrap().keys() {
                for value in values() {
                    let mut body = valid.clone();
                    body[name] = value;
                    cases.push(body);
                }
                let mut without = valid.clone();
                without.as_object_mut().unwrap().remove(name);
                cases.push(without);
            }
            cases.push(valid);
        }
        for case in cases {
            let error = validation_error(&document, schema, &case);
            let answer = send(&ada, &method, &url, Some(&case)).await;
            if let Some(refused) = is_refused(&answer)
                && refused != error.is_some()
            {
                let case: String = case.to_string().chars().take(300).collect();
                differences.push(format!("{method} {template} {case}: {answer:?}, {error:?}"));
            }
        }
        bodies += 1;
    }
    assert!(differences.is_empty(), "{differences:#?}");
    assert!(bodies >= 14, "{bodies}");
}

#[tokio::test]
async fn queries_are_refused_exactly_where_the_document_refuses_them() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let document = document(&ada, "/openapi.json").await;
    let texts = [
        "",
        "x",
        "true",
        "false",
        "1",
        "0",
        "1000",
        "1001",
        "-1",
        "1.5",
        EXAMPLE,
        "2024-01-01T10:00:00Z",
        "2024-13-01",
        "mine",
        "MINE",
        "timer_only",
        "UTC",
    ];
    let mut parameters = 0;
    for (template, method, operation) in operations(&document) {
        if operation["security"].to_string().contains("bearer") && operation["parameters"].is_array() {
            let body = operation.get("requestBody").map(|body| {
                valid(
                    &document,
                    branches(&document, &body["content"]["application/json"]["schema"])[0],
                )
            });
            for parameter in operation["parameters"].as_array().unwrap() {
                if parameter["in"] != "query" {
                    continue;
                }
                parameters += 1;
                let (name, schema) = (parameter["name"].as_str().unwrap(), &parameter["schema"]);
                let others = required_query(&document, operation, name);
                let url = format!("{}?{others}", path(&template));
                let missing = send(&ada, &method, &url, body.as_ref()).await;
                assert_eq!(
                    is_refused(&missing),
                    Some(parameter["required"] == true),
                    "{method} {template} without {name}: {missing:?}"
                );
                for text in texts {
                    // A query consists of texts: a text matches if any of its readings matches the schema.
                    let mut readings = vec![json!(text)];
                    readings.extend(
                        serde_json::from_str::<Value>(text)
                            .ok()
                            .filter(|value| !value.is_null()),
                    );
                    let lists: Vec<Value> = readings.iter().map(|reading| json!([reading])).collect();
                    readings.extend(lists);
                    let allowed = readings
                        .iter()
                        .any(|value| validation_error(&document, schema, value).is_none());
                    // Booleans are documented as true and false; the server also accepts 1 and 0.
                    let is_boolean = resolved(&document, schema)["type"] == "boolean" && ["0", "1"].contains(&text);
                    let answer = send(&ada, &method, &format!("{url}{name}={text}"), body.as_ref()).await;
                    if let Some(refused) = is_refused(&answer)
                        && !is_boolean
                    {
                        assert_eq!(refused, !allowed, "{method} {template} {name}={text}: {answer:?}");
                    }
                }
            }
        }
    }
    assert!(parameters >= 40, "{parameters}");
}
