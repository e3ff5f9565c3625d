//! Whose things a list is of (contract, REST 7.3).

use super::{error::Issue, query::Query};
use crate::service::Scope;
use utoipa::ToSchema;

/// Whose things are listed, for the documents.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[allow(dead_code, reason = "the parameter is read by `read`")]
pub enum ScopeParam {
    /// The caller's, as without a scope.
    Mine,
    /// Those of others that the caller may see.
    Shared,
    /// Both.
    All,
}

/// Reads it; what is none is noted in `issues`.
pub fn read(query: &Query, issues: &mut Vec<Issue>) -> Scope {
    let words = [("mine", Scope::Mine), ("shared", Scope::Shared), ("all", Scope::All)];
    query.word("scope", &words, issues).unwrap_or_default()
}
