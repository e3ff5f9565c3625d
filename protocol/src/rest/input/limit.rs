//! The length of a page.

use super::{Issues, component};
use crate::limits;
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::Serialize;
use serde_json::Value as Json;

/// The maximum number of entries of a page: 1 to [`limits::PAGE_ITEMS`], which is also the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct PageLimit(pub usize);

impl Default for PageLimit {
    fn default() -> Self {
        Self(limits::PAGE_ITEMS)
    }
}

impl Deserr<Issues> for PageLimit {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, Issues> {
        let text = match value {
            Value::String(text) => text,
            _ => String::new(),
        };
        match text.parse() {
            Ok(limit) if (1..=limits::PAGE_ITEMS).contains(&limit) => Ok(Self(limit)),
            _ => {
                let msg = format!("Must be a whole number from 1 to {}", limits::PAGE_ITEMS);
                Err(Issues::one("int_range", location, msg, Json::String(text)))
            }
        }
    }
}

component!(PageLimit, "PageLimit");

#[cfg(feature = "schema")]
impl utoipa::PartialSchema for PageLimit {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1.0))
            .maximum(Some(limits::PAGE_ITEMS as f64))
            .default(Some(limits::PAGE_ITEMS.into()))
            .into()
    }
}
