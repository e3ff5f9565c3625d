//! The ids in a path (contract, REST 4.1).

use axum::{
    extract::{FromRequestParts, MatchedPath, RawPathParams},
    http::request::Parts,
};
use deserr::{Deserr, ValuePointerRef};
use protocol::rest::input::Issues;
use serde_json::{Map, Value};

/// The parameters of a path.
pub trait PathInput: Sized {
    /// Parses the parameters: a single one as itself, several as the members of a type.
    ///
    /// # Errors
    /// All faults of them.
    fn read(params: Vec<(String, String)>) -> Result<Self, Issues>;
}

/// A path without parameters.
pub struct NoPath;

impl PathInput for NoPath {
    fn read(_: Vec<(String, String)>) -> Result<Self, Issues> {
        Ok(Self)
    }
}

impl<T: Deserr<Issues>> PathInput for T {
    fn read(mut params: Vec<(String, String)>) -> Result<Self, Issues> {
        let path = ValuePointerRef::Origin;
        if params.len() == 1
            && let Some((name, value)) = params.pop()
        {
            return T::deserialize_from_value(deserr::Value::<Value>::String(value), path.push_key(&name));
        }
        let members: Map<String, Value> = params.into_iter().map(|(name, value)| (name, value.into())).collect();
        T::deserialize_from_value(deserr::Value::<Value>::Map(members), path)
    }
}

/// The parameters of the route; percent-encoded bytes that are not UTF-8 count as empty parameters.
pub async fn params<S: Send + Sync>(parts: &mut Parts, state: &S) -> Vec<(String, String)> {
    if let Ok(params) = RawPathParams::from_request_parts(parts, state).await {
        return params
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
    }
    let route = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str);
    let names = route
        .unwrap_or_default()
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    names.map(|name| (name.to_owned(), String::new())).collect()
}
