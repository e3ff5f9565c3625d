//! Lists of ids.

use super::Issues;
use crate::{
    id::{TagGroupId, TagId, TimerId},
    limits,
};
use deserr::{Deserr, IntoValue, Sequence, Value, ValuePointerRef};
use serde::Serialize;
use serde_json::Value as Json;
use std::{collections::HashSet, hash::Hash};

/// Up to [`limits::LIST_ENTRIES`] ids without duplicates (contract, REST 12.4). In a query, a repeated parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct IdList<T>(pub Vec<T>);

/// Ids of tags.
pub type TagIds = IdList<TagId>;
/// Ids of tag groups.
pub type TagGroupIds = IdList<TagGroupId>;
/// Ids of timers.
pub type TimerIds = IdList<TimerId>;

impl<T> Default for IdList<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> From<IdList<T>> for Vec<T> {
    fn from(list: IdList<T>) -> Self {
        list.0
    }
}

impl<T: Deserr<Issues> + Copy + Eq + Hash> Deserr<Issues> for IdList<T> {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, Issues> {
        let items = match value {
            Value::Sequence(items) if items.len() <= limits::LIST_ENTRIES => items,
            Value::Sequence(items) => return Err(Issues::too_long(location, items.len())),
            _ => {
                let msg = "Must be a list of UUIDs";
                return Err(Issues::one("list_type", location, msg, Json::Null));
            }
        };
        let (mut ids, mut known, mut issues) = (Vec::new(), HashSet::new(), Issues::default());
        for (index, item) in items.into_iter().enumerate() {
            let id = T::deserialize_from_value(item.into_value(), location.push_index(index));
            ids.extend(issues.take(id).filter(|id| known.insert(*id)));
        }
        if issues.0.is_empty() {
            Ok(Self(ids))
        } else {
            Err(issues)
        }
    }
}

#[cfg(feature = "schema")]
mod schema {
    use super::IdList;
    use crate::limits;
    use std::borrow::Cow;
    use utoipa::{
        PartialSchema, ToSchema,
        openapi::{Ref, RefOr, Schema, schema::ArrayBuilder},
    };

    impl<T: ToSchema> PartialSchema for IdList<T> {
        fn schema() -> RefOr<Schema> {
            ArrayBuilder::new()
                .items(Ref::from_schema_name(T::name()))
                .max_items(Some(limits::LIST_ENTRIES))
                .into()
        }
    }

    impl<T: ToSchema> ToSchema for IdList<T> {
        fn name() -> Cow<'static, str> {
            format!("{}List", T::name()).into()
        }

        fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
            schemas.push((T::name().into_owned(), T::schema()));
            T::schemas(schemas);
        }
    }
}
