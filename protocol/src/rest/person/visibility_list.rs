//! The lists of a visibility setting.

use crate::{
    limits,
    rest::input::{Issues, component},
};
use deserr::{Deserr, IntoValue, Sequence, Value, ValuePointerRef};
use serde::Serialize;
use serde_json::Value as Json;

/// Up to [`limits::VISIBILITY_ENTRIES`] texts of up to [`limits::VISIBILITY_ENTRY_CHARS`] characters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct VisibilityList(pub Vec<String>);

impl Deserr<Issues> for VisibilityList {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, Issues> {
        let items = match value {
            Value::Sequence(items) if items.len() <= limits::VISIBILITY_ENTRIES => items,
            _ => {
                let msg = format!("Must be a list of up to {} texts, or null", limits::VISIBILITY_ENTRIES);
                return Err(Issues::one("list_type", location, msg, Json::Null));
            }
        };
        let (mut texts, mut issues) = (Vec::new(), Issues::default());
        for (index, item) in items.into_iter().enumerate() {
            let fits = |text: &str| text.chars().count() <= limits::VISIBILITY_ENTRY_CHARS && !text.contains('\0');
            match item.into_value() {
                Value::String(text) if fits(&text) => texts.push(text),
                _ => {
                    let msg = format!("Must be a text of up to {} characters", limits::VISIBILITY_ENTRY_CHARS);
                    let issue = Issues::one("string_type", location.push_index(index), msg, Json::Null);
                    issues.0.extend(issue.0);
                }
            }
        }
        if issues.0.is_empty() {
            Ok(Self(texts))
        } else {
            Err(issues)
        }
    }
}

component!(VisibilityList, "VisibilityList");

#[cfg(feature = "schema")]
impl utoipa::PartialSchema for VisibilityList {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
        let text = ObjectBuilder::new()
            .schema_type(Type::String)
            .max_length(Some(limits::VISIBILITY_ENTRY_CHARS));
        ArrayBuilder::new()
            .items(text)
            .max_items(Some(limits::VISIBILITY_ENTRIES))
            .into()
    }
}
