use super::*;
use std::collections::HashSet;

/// The targets of all references in a document.
fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(target)) = members.get("$ref") {
                found.push(target.clone());
            }
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn every_reference_has_a_target() {
    for document in [document(), crate::rest::documents::async_document()] {
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 20);
        for target in found {
            let path = target.strip_prefix('#').unwrap();
            assert!(document.pointer(path).is_some(), "{target}");
        }
    }
}

#[test]
fn every_operation_has_a_unique_id_and_a_summary() {
    let document = document();
    let tags: Vec<&Value> = document["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| &tag["name"])
        .collect();
    let mut names = HashSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            assert!(operation["summary"].is_string(), "{method} {path}");
            assert!(tags.contains(&&operation["tags"][0]), "{method} {path}");
            assert!(names.insert(operation["operationId"].clone()), "{method} {path}");
            let takes_token = operation["security"].to_string().contains("bearer");
            let is_open =
                !path.starts_with("/v1/") || ["/v1/auth/", "/v1/ws/"].iter().any(|open| path.starts_with(open));
            assert_eq!(takes_token, !is_open, "{method} {path}");
            assert!(
                !takes_token || operation["responses"]["401"].is_object(),
                "{method} {path}"
            );
        }
    }
}
