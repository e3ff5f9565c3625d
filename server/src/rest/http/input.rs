//! The input of a request: caller, path, query and body. Faults are reported together (contract, REST 3): first a body
//! that is not JSON, then authentication, then everything else at once.

mod path;
mod query;

pub use path::{NoPath, PathInput};
pub use query::QueryInput;

use super::{
    caller::Caller,
    error::ApiError,
    json::{self, JsonBody},
};
use crate::state::AppState;
use axum::{
    extract::{FromRequest, Request},
    http::StatusCode,
};
use deserr::{Deserr, IntoValue, ValuePointerRef};
use protocol::rest::input::{Issues, Timezone};
use serde_json::Value;

/// The input of an endpoint. Each part is a type that parses and is described in `/openapi.json`.
pub struct Input<C, P = NoPath, Q = (), B = NoBody> {
    pub caller: C,
    /// The ids in the path.
    pub path: P,
    /// The query parameters; unknown ones are ignored.
    pub query: Q,
    /// The JSON body.
    pub body: B,
}

/// A body, or its absence.
pub trait BodyInput: Sized {
    /// Whether the endpoint reads a body.
    const IS_SENT: bool;

    /// Parses a JSON object.
    ///
    /// # Errors
    /// All faults of it.
    fn read(body: Value) -> Result<Self, Issues>;
}

/// No body: if one is sent, it is ignored.
pub struct NoBody;

impl BodyInput for NoBody {
    const IS_SENT: bool = false;

    fn read(_: Value) -> Result<Self, Issues> {
        Ok(Self)
    }
}

impl<T: Deserr<Issues>> BodyInput for T {
    const IS_SENT: bool = true;

    fn read(body: Value) -> Result<Self, Issues> {
        T::deserialize_from_value(body.into_value(), ValuePointerRef::Origin).map_err(|issues| issues.within("body"))
    }
}

impl<C, P, Q, B> FromRequest<AppState> for Input<C, P, Q, B>
where
    C: Caller,
    P: PathInput,
    Q: QueryInput,
    B: BodyInput,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let caller = C::from_request_parts(&mut parts, state).await;
        let path = path::params(&mut parts, state).await;
        let query = query::pairs(&parts.uri);
        let request = Request::from_parts(parts, body);
        let (caller, body) = match caller {
            Err(refusal) if B::IS_SENT => return Err(json::refuse(refusal, request, state).await),
            Err(refusal) => return Err(refusal),
            Ok(caller) if B::IS_SENT => (caller, JsonBody::receive::<C>(request, state).await?),
            Ok(caller) => (caller, JsonBody::none()),
        };
        let mut issues = Issues::default();
        let path = issues.take(P::read(path).map_err(|issues| issues.within("path")));
        let query = issues.take(Q::read(&query).map_err(|issues| issues.within("query")));
        let body = issues.take(body.0.map_err(Issues::from).and_then(B::read));
        match (path, query, body) {
            (Some(path), Some(query), Some(body)) => Ok(Self {
                caller,
                path,
                query,
                body,
            }),
            _ => Err(refused(issues)),
        }
    }
}

/// An invalid timezone has its own answer if everything else is valid (contract, REST 4.5).
fn refused(issues: Issues) -> ApiError {
    let (zones, others): (Vec<_>, Vec<_>) = issues.0.into_iter().partition(|issue| issue.kind == Timezone::ISSUE);
    match zones.into_iter().next() {
        Some(zone) if others.is_empty() => ApiError::domain(StatusCode::BAD_REQUEST, "InvalidTimezoneError", zone.msg),
        _ => ApiError::Validation(others),
    }
}
