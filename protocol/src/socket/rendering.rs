//! How a connection's messages are written.

use crate::time::Zone;
use serde_json::Value;

/// Which of the two published descriptions of the API the connection follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// The guide: snake_case, the default.
    #[default]
    Snake,
    /// The older table: camelCase, and names of its own.
    Camel,
}

impl Dialect {
    /// Parses the `dialect` parameter; unknown values mean the default, as with an invalid timezone.
    pub fn parse(word: &str) -> Self {
        if word.eq_ignore_ascii_case("camel") {
            Self::Camel
        } else {
            Self::Snake
        }
    }
}

/// Dialect and timezone. Receivers with an equal rendering get the same text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rendering {
    /// The dialect of member names and types.
    pub dialect: Dialect,
    /// The timezone of times; `None`: UTC without an offset.
    pub zone: Option<Zone>,
}

/// Converts the keys at every depth to camelCase.
pub(crate) fn camelize(value: Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(map.into_iter().map(|(key, v)| (camel_key(&key), camelize(v))).collect()),
        Value::Array(items) => Value::Array(items.into_iter().map(camelize).collect()),
        other => other,
    }
}

pub(crate) fn camel_key(key: &str) -> String {
    let mut words = key.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_become_camel_case_at_every_depth_and_values_are_unchanged() {
        let snake = json!({"reply_to": "a_b", "payload": {"pause_history": [{"at": 1}], "tag_ids": []}});
        let camel = json!({"replyTo": "a_b", "payload": {"pauseHistory": [{"at": 1}], "tagIds": []}});
        assert_eq!(camelize(snake), camel);
    }
}
