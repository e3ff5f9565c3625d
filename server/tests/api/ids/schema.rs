//! The places in the API's documents that take ids.

use serde_json::{Map, Value};

/// The operations of an OpenAPI document that require a token: path, method and operation object.
pub fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, operations)| {
            let operations = operations.as_object().into_iter().flatten();
            operations.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
        })
        .filter(|(.., operation)| operation["security"].to_string().contains("bearer"))
}

/// The names of an operation's id parameters in `place` (path or query).
pub fn id_parameters<'d>(document: &'d Value, operation: &'d Value, place: &'d str) -> Vec<&'d str> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    parameters
        .filter(|parameter| parameter["in"] == place)
        .filter(|parameter| parameter["name"] == "user_id" || is_id(document, &parameter["schema"]))
        .filter_map(|parameter| parameter["name"].as_str())
        .collect()
}

/// A member of a JSON body that takes an id, or a list of ids.
#[derive(Debug)]
pub struct IdMember<'d> {
    /// The names of the enclosing members, then its own.
    pub path: Vec<&'d str>,
    pub is_list: bool,
}

impl IdMember<'_> {
    pub fn name(&self) -> &str {
        self.path[self.path.len() - 1]
    }

    /// Sets the member of a body to an id.
    pub fn fill(&self, mut body: Value, id: &str) -> Value {
        let mut place = &mut body;
        for name in &self.path {
            place = &mut place[*name];
        }
        *place = if self.is_list {
            Value::from(vec![id])
        } else {
            Value::from(id)
        };
        body
    }
}

/// The members of a body that take ids.
pub fn id_members<'d>(document: &'d Value, schema: &'d Value) -> Vec<IdMember<'d>> {
    let mut found = Vec::new();
    for part in alternatives(document, schema) {
        for (name, member) in part["properties"].as_object().into_iter().flat_map(Map::iter) {
            let is_list = alternatives(document, member)
                .iter()
                .any(|part| part["items"].is_object());
            if is_id(document, member) {
                found.push(IdMember {
                    path: vec![name.as_str()],
                    is_list,
                });
            }
            for mut inner in id_members(document, member) {
                inner.path.insert(0, name);
                found.push(inner);
            }
        }
    }
    found
}

/// Whether a schema is a UUID or a list of UUIDs, possibly nullable.
fn is_id(document: &Value, schema: &Value) -> bool {
    alternatives(document, schema)
        .iter()
        .any(|part| part["format"] == "uuid" || part["items"].is_object() && is_id(document, &part["items"]))
}

/// The schemas that a schema refers to or combines; itself if neither.
fn alternatives<'d>(document: &'d Value, schema: &'d Value) -> Vec<&'d Value> {
    if let Some(target) = schema["$ref"].as_str() {
        let target = document.pointer(&target[1..]).expect("a schema of the document");
        return alternatives(document, target);
    }
    let choices = ["oneOf", "anyOf", "allOf"]
        .iter()
        .flat_map(|keyword| schema[*keyword].as_array());
    let choices: Vec<&Value> = choices
        .flatten()
        .flat_map(|choice| alternatives(document, choice))
        .collect();
    if choices.is_empty() { vec![schema] } else { choices }
}
