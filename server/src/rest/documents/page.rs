//! The documents as a single HTML page without scripts and external files.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::fmt::Write;

const STYLE: &str = "
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 0 auto; padding: 1rem }
h3 code { font-size: 1.1em } summary { cursor: pointer }
table { border-collapse: collapse } td, th { padding: .2rem .8rem .2rem 0; text-align: left; vertical-align: top }
pre { overflow: auto; padding: .8rem; background: color-mix(in srgb, currentColor 8%, transparent) }
";

/// Allows the page's own style only.
pub fn content_security_policy() -> String {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// Renders both documents.
pub fn render(openapi: &Value, asyncapi: &Value) -> String {
    let mut page = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>\
         <title>Lockstep: the API</title><style>{STYLE}</style><h1>Lockstep: the API</h1><p>{}</p>\
         <p><a href=/openapi.json>openapi.json</a> · <a href=/asyncapi.json>asyncapi.json</a></p>",
        text(&openapi["info"]["description"])
    );
    for tag in openapi["tags"].as_array().into_iter().flatten() {
        let _ = write!(page, "<h2>{}</h2>", text(&tag["description"]));
        rest(&mut page, openapi, &tag["name"]);
    }
    let _ = write!(
        page,
        "<h2>WebSocket</h2><p>{}</p>",
        text(&asyncapi["info"]["description"])
    );
    for (word, message) in members(&asyncapi["components"]["messages"]) {
        section(&mut page, word, message);
        json(&mut page, "Example", &message["examples"][0]["payload"]);
        json(&mut page, "Schema", &message["payload"]);
    }
    for (title, name) in [
        ("Close codes", "x-close-codes"),
        ("Error codes", "x-error-codes"),
        ("Reasons", "x-error-reasons"),
        ("The camel dialect", "x-camel-dialect"),
    ] {
        json(&mut page, title, &asyncapi[name]);
    }
    page.push_str("<h2>Schemas</h2>");
    for (name, schema) in members(&openapi["components"]["schemas"]) {
        json(&mut page, name, schema);
    }
    page
}

// Writing to a string cannot fail, so the results below are ignored.

/// The operations of a tag.
fn rest(page: &mut String, openapi: &Value, tag: &Value) {
    for (path, operations) in members(&openapi["paths"]) {
        for (method, operation) in members(operations).filter(|(_, operation)| operation["tags"][0] == *tag) {
            section(page, &format!("{} {path}", method.to_uppercase()), operation);
            parameters(page, operation);
            json(page, "Body", &operation["requestBody"]["content"]);
            json(page, "Answers", &operation["responses"]);
        }
    }
}

fn section(page: &mut String, title: &str, described: &Value) {
    let _ = write!(
        page,
        "<h3><code>{}</code></h3><p>{}</p>",
        escape(title),
        text(&described["summary"])
    );
    if described["description"].is_string() {
        let _ = write!(page, "<p>{}</p>", text(&described["description"]));
    }
}

fn parameters(page: &mut String, operation: &Value) {
    let Some(parameters) = operation["parameters"].as_array() else {
        return;
    };
    page.push_str("<table>");
    for parameter in parameters {
        let (name, place, about) = (&parameter["name"], &parameter["in"], &parameter["description"]);
        let _ = write!(
            page,
            "<tr><td><code>{}</code><td>{}<td>{}",
            text(name),
            text(place),
            text(about)
        );
    }
    page.push_str("</table>");
}

fn json(page: &mut String, title: &str, value: &Value) {
    if !value.is_null() {
        let (title, value) = (escape(title), escape(&format!("{value:#}")));
        let _ = write!(page, "<details><summary>{title}</summary><pre>{value}</pre></details>");
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

fn text(value: &Value) -> String {
    escape(value.as_str().unwrap_or_default())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
