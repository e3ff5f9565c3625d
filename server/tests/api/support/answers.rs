//! What answers say, in short.

use reqwest::StatusCode;
use serde_json::Value;

/// Why a request was refused: the status and the error type.
pub fn refusal((status, body): (StatusCode, Value)) -> (u16, String) {
    let kind = body["error_type"].as_str().unwrap_or_default().to_owned();
    (status.as_u16(), kind)
}

/// The titles of a list, in its order.
pub fn titles(list: &Value) -> Vec<&str> {
    texts(list, "title")
}

/// The names of a list, in its order.
pub fn names(list: &Value) -> Vec<&str> {
    texts(list, "name")
}

fn texts<'l>(list: &'l Value, member: &str) -> Vec<&'l str> {
    let list = list.as_array().unwrap().iter();
    list.map(|item| item[member].as_str().unwrap()).collect()
}
